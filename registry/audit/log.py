"""The one way into the log.

A read hands its entry to the writer, which commits all that wait in one transaction; a
mutation appends its entry in its own transaction. Either way entries are numbered under one
lock, so the log has no gaps, and an answer leaves only after its entry's commit.

    placed = await writer.submit(entry)     # a read; raises Unavailable: then no answer
    append(connection, [entry])             # inside a mutation's transaction, last

With each entry stands its leaf, which commits to what it says; ``Placed`` says which and where (sequencing.py). An
entry may come with a charge, with what may happen once, and with word for others (submission.py). All become durable
together. An answer that would show more than its principal may see is entered as denied, and ``submit`` raises
Overdrawn; so is one to a proof that was used before, and it raises Replayed. How uses and words are kept is not the
log's business: ``Beside`` says it.
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
from registry.audit.sequencing import Halted, Placed, sequence
from registry.audit.spelling import Committed, committed
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


class Settled(RegistryError):
    """A refusal that the writer finds while it enters an answer: the attempt has been entered."""

    placed: Placed | None = None
    """Where."""


class Overdrawn(Settled, BudgetSpent):
    """The answer would go beyond a quota. It is charged, and not shown."""

    def __init__(self, quota: Quota, moment: datetime) -> None:
        counted = quota.measure.partition(":")[0]
        super().__init__(
            _TOLD[counted].format(_HOLDERS[quota.holder]),
            code=CODES[counted],
            remedy="Ask for smaller pages, or wait as Retry-After says; docs/limits.md has the numbers.",
            retry_after=seconds_left(quota.measure, moment),
        )


class Replayed(Settled, Unauthenticated):
    """A proof came a second time. The attempt is entered, and nothing shown."""

    default_code = "PROOF_REPLAYED"

    def __init__(self) -> None:
        super().__init__("has been used before.", field="DPoP", remedy="Sign a new proof for each request.")


class ShutOut(Settled, Unauthenticated):
    """Whoever asked was shut out before the answer could leave. The attempt is entered, and nothing shown."""

    default_code = "TOKEN_REVOKED"

    def __init__(self) -> None:
        super().__init__("The token is not good any more.")


@dataclass(frozen=True, slots=True)
class Beside:
    """How what comes with an entry is kept: put together in ``registry.app``."""

    used: Callable[[Connection, Sequence[Once]], frozenset[int]] = lambda _connection, _uses: frozenset()
    """Uses what may happen once, and returns the places of what has been used before."""
    shut: Callable[[Connection, Sequence[Entry]], frozenset[int]] = lambda _connection, _entries: frozenset()
    """Returns the places of what was shut out since it was let in."""
    tell: Callable[[Connection, Sequence[tuple[datetime, Any]]], None] = lambda _connection, _news: None
    """Leaves word for others."""


def append(connection: Connection, waiting: Sequence[Entry], *, clock: Clock = now) -> tuple[Placed, ...]:
    """Number and insert entries; return where they stand. Take the lock last: it is held until commit.

    The index is the order; an entry's moment is when its request came, by the clock of its process.
    """
    ready = [committed(each) for each in waiting]
    lock(connection, LOCK)
    return _insert(connection, ready, clock)


def _insert(
    connection: Connection, waiting: Sequence[Committed], clock: Clock, crossed: Sequence[int] = ()
) -> tuple[Placed, ...]:
    """``crossed`` are places of entries with which somebody's persons of the day were spent."""
    placed = sequence(connection, waiting, clock)
    if placed:
        alarms.raise_for(connection, placed[0].index, [each.entry for each in waiting], crossed)
    return placed


def enter(connection: Connection, entry: Entry, charge: Charge, *, clock: Clock = now) -> Placed:
    """Charge, then append, inside a mutation's transaction; return where the entry stands.

    Raises Overdrawn: then nothing of it may stay.
    """
    ready = committed(entry)
    lock(connection, LOCK)
    for beyond in meters.overdrawn(connection, [(charge, entry.at)]).values():
        raise Overdrawn(beyond.quota, entry.at)
    (placed,) = _insert(connection, [ready], clock)
    return placed


def _enter_all(
    connection: Connection, waiting: Sequence[Submission], ready: Sequence[Committed], beside: Beside, clock: Clock
) -> tuple[Sequence[Placed], Mapping[int, Settled]]:  # fmt: skip
    """Use up, charge, append and tell what waits; return where all stand, and why some are refused, by place."""
    refused: dict[int, Settled] = {}
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
    placed = _insert(connection, ready, clock, crossed)
    for place, refusal in refused.items():
        refusal.placed = placed[place]
    if news := [(each.entry.at, one) for each in waiting for one in each.news]:
        beside.tell(connection, news)
    return placed, refused


def _give_up(durable: asyncio.Future[Placed]) -> None:
    if not durable.done():
        durable.set_exception(log_unavailable())


_Waiting = tuple[Submission, Committed, asyncio.Future[Placed]]


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
    ) -> Placed:  # fmt: skip
        """Return where the entry stands once it is durable, and what comes with it.

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
        loop = asyncio.get_running_loop()
        durable: asyncio.Future[Placed] = loop.create_future()
        try:
            self._queue.put_nowait((submission, ready, durable))
        except asyncio.QueueFull:
            raise log_unavailable() from None
        ending = loop.call_later(self._patience, _give_up, durable)  # a third of what wait_for and shield cost
        try:
            return await durable  # cancelled with whoever waits; its entry is written all the same
        finally:
            ending.cancel()

    async def _run(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            LOG_WAITING.set(self._queue.qsize() + len(batch))
            await self._commit(batch)
            LOG_WAITING.set(self._queue.qsize())
            for _ in batch:
                self._queue.task_done()

    async def _commit(self, batch: list[_Waiting]) -> None:
        try:
            async with asyncio.timeout(self._patience * 2):  # a dead connection must not hold up the next batch
                waiting, ready = [each[0] for each in batch], [each[1] for each in batch]
                placed, refused = await self._database.write(
                    lambda connection: _enter_all(connection, waiting, ready, self._beside, self._clock)
                )
        except Exception as problem:  # noqa: BLE001  whatever it is, nobody whose entry is lost may be answered
            if len(batch) > 1 and not isinstance(problem, Unavailable | TimeoutError):
                half = len(batch) // 2  # one entry that no column takes must not sink its neighbours
                await self._commit(batch[:half])
                return await self._commit(batch[half:])
            log.error("log_refused", problem=problem_of(problem), count=len(batch))
            for *_, durable in batch:
                if not durable.done():
                    durable.set_exception(problem if isinstance(problem, Halted) else log_unavailable())
            return None
        LOG_BATCH.observe(len(batch))
        for place, (*_, durable) in enumerate(batch):
            if durable.done():  # nobody waits any more
                continue
            if place in refused:
                durable.set_exception(refused[place])
            else:
                durable.set_result(placed[place])
        return None
