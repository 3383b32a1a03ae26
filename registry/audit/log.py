"""The one way into the log.

A read hands its entry to the writer, which commits all that wait in one transaction; a
mutation appends its entry in its own transaction. Either way entries are numbered under one
lock, so the log has no gaps, and an answer leaves only after its entry's commit.

    index = await writer.submit(entry)      # a read; raises Unavailable: then no answer
    append(connection, [entry])             # inside a mutation's transaction, last

With each entry stands its leaf, which commits to what it says (sequencing.py). An entry may come with a charge, with
what may happen once, and with word for others (submission.py). All become durable together. An answer that would show
more than its principal may see is entered as denied, and ``submit`` raises Overdrawn; so is one to a proof that was
used before, and it raises Replayed. How uses and words are kept is not the log's business: ``Beside`` says it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from registry.audit import alarms, meters
from registry.audit.events import Entry
from registry.audit.quotas import Charge, Holder, Quota, seconds_left
from registry.audit.sequencing import Committed, Halted, committed, sequence
from registry.audit.submission import Once, Submission
from registry.core.clock import Clock, now
from registry.core.db import Database
from registry.core.engines import lock
from registry.core.errors import BudgetSpent, RegistryError, Unauthenticated, Unavailable
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


CODES = {"records": "RECORDS_SPENT", "operations": "OPERATIONS_SPENT", "subjects": "SUBJECTS_SPENT"}
"""By what is counted."""
_TOLD = {
    "records": "The records that {} may be shown in this hour or day are spent.",
    "operations": "The questions that {} may ask in this hour or day are spent.",
    "subjects": "The different persons that {} may be shown in a day are spent; who was shown today is shown again.",
}
_HOLDERS = {Holder.OFFICER: "you", Holder.CASE: "this case", Holder.AGENCY: "your agency"}


class Overdrawn(BudgetSpent):
    """The answer would go beyond a quota. It is charged, and not shown."""

    def __init__(self, quota: Quota, moment: datetime) -> None:
        counted = quota.measure.partition(":")[0]
        super().__init__(
            _TOLD[counted].format(_HOLDERS[quota.holder]),
            code=CODES[counted],
            remedy="Ask for smaller pages, or wait as Retry-After says; docs/limits.md has the numbers.",
            retry_after=seconds_left(quota.measure, moment),
        )


class Replayed(Unauthenticated):
    """A proof came a second time. The attempt is entered, and nothing shown."""

    default_code = "PROOF_REPLAYED"

    def __init__(self) -> None:
        super().__init__("has been used before.", field="DPoP", remedy="Sign a new proof for each request.")


class ShutOut(Unauthenticated):
    """Whoever asked was shut out before the answer could leave. The attempt is entered, and nothing shown."""

    default_code = "TOKEN_REVOKED"

    def __init__(self) -> None:
        super().__init__("The token is not good any more.")


SETTLED = (Overdrawn, Replayed, ShutOut)
"""Refusals that the writer finds while it enters an answer: they have been entered."""


@dataclass(frozen=True, slots=True)
class Beside:
    """How what comes with an entry is kept: put together in ``registry.app``."""

    used: Callable[[Connection, Sequence[Once]], frozenset[int]] = lambda _connection, _uses: frozenset()
    """Uses what may happen once, and returns the places of what has been used before."""
    shut: Callable[[Connection, Sequence[Entry]], frozenset[int]] = lambda _connection, _entries: frozenset()
    """Returns the places of what was shut out since it was let in."""
    tell: Callable[[Connection, Sequence[tuple[datetime, Any]]], None] = lambda _connection, _news: None
    """Leaves word for others."""


def append(connection: Connection, waiting: Sequence[Entry], *, clock: Clock = now) -> int:
    """Number and insert entries; return the first's index. Take the lock last: it is held until commit.

    The index is the order; an entry's moment is when its request came, by the clock of its process.
    """
    ready = [committed(each) for each in waiting]
    lock(connection, LOCK)
    return _insert(connection, ready, clock)


def _insert(connection: Connection, waiting: Sequence[Committed], clock: Clock, crossed: Sequence[int] = ()) -> int:
    """``crossed`` are places of entries with which somebody's persons of the day were spent."""
    first = sequence(connection, waiting, clock)
    alarms.raise_for(connection, first, [each.entry for each in waiting], crossed)
    return first


def enter(connection: Connection, entry: Entry, charge: Charge, *, clock: Clock = now) -> None:
    """Charge, then append, inside a mutation's transaction. Raises Overdrawn: then nothing of it may stay."""
    ready = committed(entry)
    lock(connection, LOCK)
    for beyond in meters.overdrawn(connection, [(charge, entry.at)]).values():
        raise Overdrawn(beyond.quota, entry.at)
    _insert(connection, [ready], clock)


def _enter_all(
    connection: Connection, waiting: Sequence[Submission], ready: Sequence[Committed], beside: Beside, clock: Clock
) -> tuple[int, Mapping[int, RegistryError]]:  # fmt: skip
    """Use up, charge, append and tell what waits; return the first index, and why some are refused, by place."""
    refused: dict[int, RegistryError] = {}
    uses = [(place, each.once) for place, each in enumerate(waiting) if each.once]
    for each in beside.used(connection, [once for _, once in uses]) if uses else ():
        refused[uses[each][0]] = Replayed()  # before the log's lock, as whoever issues tokens does it
    lock(connection, LOCK)  # before the meters: whoever waits for a row of theirs must not hold what this one needs
    for place in beside.shut(connection, [each.entry for each in waiting]):
        refused.setdefault(place, ShutOut())
    charged = [
        (place, (each.charge, each.entry.at))
        for place, each in enumerate(waiting) if each.charge and place not in refused
    ]  # fmt: skip
    crossed = []
    for place, beyond in meters.overdrawn(connection, [each for _, each in charged]).items():
        found, (_, moment) = charged[place]
        refused[found] = Overdrawn(beyond.quota, moment)
        if beyond.is_first:
            crossed.append(found)
    ready = [each.refused(refused[place].code) if place in refused else each for place, each in enumerate(ready)]
    first = _insert(connection, ready, clock, crossed)
    if news := [(each.entry.at, one) for each in waiting for one in each.news]:
        beside.tell(connection, news)
    return first, refused


_Waiting = tuple[Submission, Committed, asyncio.Future[int]]


class Writer:
    """The task that makes waiting entries durable, many to a commit."""

    def __init__(
        self, database: Database, *, most_waiting: int = 4096, patience: float = 2.0, beside: Beside | None = None,
        clock: Clock = now,
    ):  # fmt: skip
        self._database = database
        self._clock = clock
        self._beside = beside or Beside()
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

    async def submit(
        self, entry: Entry, charge: Charge | None = None, *, once: Once | None = None, news: Sequence[Any] = ()
    ) -> int:  # fmt: skip
        """Return the entry's index once it is durable, and what comes with it.

        Raises Overdrawn when the charge goes too far and Replayed when a proof comes again, both durable as well, and
        Unavailable when the queue is full, the database refuses or patience ends; the caller then answers nothing but
        that. The entry may still be written.
        """
        submission = Submission(entry, charge, once, tuple(news))
        try:
            ready = committed(entry)  # here, so that it is done while the batch before this one becomes durable
        except Exception as problem:
            log.error("log_refused", problem=problem_of(problem), count=1)
            raise log_unavailable() from problem
        durable: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        durable.add_done_callback(asyncio.Future.exception)  # or the loop complains of those who wait no more
        try:
            self._queue.put_nowait((submission, ready, durable))
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
                waiting, ready = [each[0] for each in batch], [each[1] for each in batch]
                first, refused = await self._database.write(
                    lambda connection: _enter_all(connection, waiting, ready, self._beside, self._clock)
                )
        except Exception as problem:  # noqa: BLE001  whatever it is, nobody whose entry is lost may be answered
            if len(batch) > 1 and not isinstance(problem, Unavailable | TimeoutError):
                half = len(batch) // 2  # one entry that no column takes must not sink its neighbours
                await self._commit(batch[:half])
                return await self._commit(batch[half:])
            log.error("log_refused", problem=problem_of(problem), count=len(batch))
            for *_, durable in batch:
                durable.set_exception(problem if isinstance(problem, Halted) else log_unavailable())
            return None
        LOG_BATCH.observe(len(batch))
        for place, (*_, durable) in enumerate(batch):
            if place in refused:
                durable.set_exception(refused[place])
            else:
                durable.set_result(first + place)
        return None
