"""The one way into the log.

A read hands its entry to the writer, which commits all that wait in one transaction; a
mutation appends its entry in its own transaction. Either way entries are numbered under one
lock, so the log has no gaps, and an answer leaves only after its entry's commit.

    index = await writer.submit(entry)      # a read; raises Unavailable: then no answer
    append(connection, [entry])             # inside a mutation's transaction, last

An entry may come with a charge. Both become durable together; an answer that would show more than its principal may see
is entered as denied, and ``submit`` raises Overdrawn.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import meters
from registry.audit.events import Entry, Outcome
from registry.audit.meters import Charge, Measure, seconds_left
from registry.audit.models import entries, subjects
from registry.core.db import Database
from registry.core.engines import insert_together, lock
from registry.core.errors import BudgetSpent, Unavailable
from registry.core.metrics import LOG_BATCH, LOG_WAITING
from registry.core.telemetry import log, problem_of

LOCK = 0x7265676C6F67
"""The advisory lock's key ("reglog"): one numberer at a time."""
LOG_UNAVAILABLE = "LOG_UNAVAILABLE"
BATCH = 256
"""Most entries in one commit."""


def log_unavailable() -> Unavailable:
    """Return the refusal of whoever can't be entered."""
    return Unavailable("The log can't take an entry now.", code=LOG_UNAVAILABLE, remedy="Try again later.")


RECORDS_SPENT = "RECORDS_SPENT"


class Overdrawn(BudgetSpent):
    """The answer would show more records than its principal may see. It is charged, and not shown."""

    default_code = RECORDS_SPENT

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "The records that you may be shown in this hour or day are spent.",
            remedy="Ask for smaller pages, or wait as Retry-After says; docs/limits.md has the numbers.",
            retry_after=retry_after,
        )


_NEWEST = sa.select(entries.c.index).order_by(entries.c.index.desc()).limit(1)


def append(connection: Connection, waiting: Sequence[Entry]) -> int:
    """Number and insert entries; return the first's index. Take the lock last: it is held until commit.

    The index is the order; an entry's moment is when its request came, by the clock of its process.
    """
    lock(connection, LOCK)
    return _insert(connection, waiting)


def _insert(connection: Connection, waiting: Sequence[Entry]) -> int:
    last = connection.execute(_NEWEST).scalar()
    index = 0 if last is None else last + 1
    insert_together(
        connection,
        (entries, [_row(index + place, entry) for place, entry in enumerate(waiting)]),
        (subjects, [(profile, index + place) for place, entry in enumerate(waiting) for profile in entry.records]),
    )
    return index


def enter(connection: Connection, entry: Entry, charge: Charge) -> None:
    """Charge, then append, inside a mutation's transaction. Raises Overdrawn: then nothing of it may stay."""
    lock(connection, LOCK)
    if meters.overdrawn(connection, [(charge, entry.at)]):
        raise Overdrawn(seconds_left(Measure.RECORDS_HOUR, entry.at))
    _insert(connection, [entry])


def _enter_all(connection: Connection, waiting: Sequence[tuple[Entry, Charge | None]]) -> tuple[int, frozenset[int]]:
    """Charge and append what waits; return the first index, and the places of what is overdrawn."""
    lock(connection, LOCK)  # before the meters: whoever waits for a row of theirs must not hold what this one needs
    charged = [(place, (charge, entry.at)) for place, (entry, charge) in enumerate(waiting) if charge]
    beyond = meters.overdrawn(connection, [each for _, each in charged]) if charged else frozenset[int]()
    places = frozenset(charged[each][0] for each in beyond)
    first = _insert(connection, [
        replace(entry, outcome=Outcome.DENIED, code=RECORDS_SPENT) if place in places else entry
        for place, (entry, _) in enumerate(waiting)
    ])  # fmt: skip
    return first, places


def _row(index: int, entry: Entry) -> tuple[object, ...]:
    body = {
        "fields": list(entry.fields),
        "microseconds": entry.microseconds,
        **({"cost": entry.cost} if entry.cost is not None else {}),
        "events": [
            {"name": event.name, "records": [str(each) for each in event.records], "details": event.details}
            for event in entry.events
        ],
    }
    return (
        index, entry.at, entry.kind, entry.operation, entry.outcome.value, entry.code,
        entry.request_id, entry.client, entry.agency, entry.officer, entry.officer_reference, entry.purpose,
        entry.case_reference, entry.legal_basis, entry.token_id, entry.source, entry.document, body,
    )  # fmt: skip


_Waiting = tuple[Entry, Charge | None, asyncio.Future[int]]


class Writer:
    """The task that makes waiting entries durable, many to a commit."""

    def __init__(self, database: Database, *, most_waiting: int = 4096, patience: float = 2.0):
        self._database = database
        self._patience = patience
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(most_waiting)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to write, on the running loop."""
        self._task = asyncio.create_task(self._run(), name="log-writer")

    async def stop(self) -> None:
        """Write what waits, then end."""
        with suppress(TimeoutError):  # a database that is gone must not keep the process
            await asyncio.wait_for(self._queue.join(), self._patience * 5)
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def is_full(self) -> bool:
        """Whether another entry would not fit: then refuse before any work."""
        return self._queue.full()

    async def submit(self, entry: Entry, charge: Charge | None = None) -> int:
        """Return the entry's index once it is durable, and its charge with it.

        Raises Overdrawn when the charge goes too far, which is durable as well, and Unavailable when the queue is
        full, the database refuses or patience ends; the caller then answers nothing but that. The entry may still be
        written.
        """
        durable: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        durable.add_done_callback(asyncio.Future.exception)  # or the loop complains of those who wait no more
        try:
            self._queue.put_nowait((entry, charge, durable))
            LOG_WAITING.set(self._queue.qsize())
            return await asyncio.wait_for(asyncio.shield(durable), self._patience)
        except (asyncio.QueueFull, TimeoutError):
            raise log_unavailable() from None

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._commit(batch)
            LOG_WAITING.set(self._queue.qsize())
            for _ in batch:
                self._queue.task_done()

    async def _commit(self, batch: list[_Waiting]) -> None:
        try:
            async with asyncio.timeout(self._patience * 2):  # a dead connection must not hold up the next batch
                waiting = [(entry, charge) for entry, charge, _ in batch]
                first, overdrawn = await self._database.write(lambda connection: _enter_all(connection, waiting))
        except Exception as problem:  # noqa: BLE001  whatever it is, nobody whose entry is lost may be answered
            if len(batch) > 1 and not isinstance(problem, Unavailable | TimeoutError):
                half = len(batch) // 2  # one entry that no column takes must not sink its neighbours
                await self._commit(batch[:half])
                return await self._commit(batch[half:])
            log.error("log_refused", problem=problem_of(problem), count=len(batch))
            for *_, durable in batch:
                durable.set_exception(log_unavailable())
            return None
        LOG_BATCH.observe(len(batch))
        for place, (entry, _, durable) in enumerate(batch):
            if place in overdrawn:
                durable.set_exception(Overdrawn(seconds_left(Measure.RECORDS_HOUR, entry.at)))
            else:
                durable.set_result(first + place)
        return None
