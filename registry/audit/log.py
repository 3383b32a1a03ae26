"""The one way into the log.

A read hands its entry to the writer, which commits all that wait in one transaction; a
mutation appends its entry in its own transaction. Either way entries are numbered under one
lock, so the log has no gaps, and an answer leaves only after its entry's commit.

    index = await writer.submit(entry)      # a read; raises Unavailable: then no answer
    append(connection, [entry])             # inside a mutation's transaction, last
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Entry
from registry.audit.models import entries, subjects
from registry.core.db import Database
from registry.core.engines import insert_together, lock
from registry.core.errors import Unavailable
from registry.core.telemetry import LOG_BATCH, LOG_WAITING, log, problem_of

LOCK = 0x7265676C6F67
"""The advisory lock's key ("reglog"): one numberer at a time."""
LOG_UNAVAILABLE = "LOG_UNAVAILABLE"
BATCH = 256
"""Most entries in one commit."""


def log_unavailable() -> Unavailable:
    """Return the refusal of whoever can't be entered."""
    return Unavailable("The log can't take an entry now.", code=LOG_UNAVAILABLE, remedy="Try again later.")


_NEWEST = sa.select(entries.c.index).order_by(entries.c.index.desc()).limit(1)


def append(connection: Connection, waiting: Sequence[Entry]) -> int:
    """Number and insert entries; return the first's index. Take the lock last: it is held until commit.

    The index is the order; an entry's moment is when its request came, by the clock of its process.
    """
    lock(connection, LOCK)
    last = connection.execute(_NEWEST).scalar()
    index = 0 if last is None else last + 1
    insert_together(
        connection,
        (entries, [_row(index + place, entry) for place, entry in enumerate(waiting)]),
        (subjects, [(profile, index + place) for place, entry in enumerate(waiting) for profile in entry.records]),
    )
    return index


def _row(index: int, entry: Entry) -> tuple[object, ...]:
    body = {
        "fields": list(entry.fields),
        "microseconds": entry.microseconds,
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


class Writer:
    """The task that makes waiting entries durable, many to a commit."""

    def __init__(self, database: Database, *, most_waiting: int = 4096, patience: float = 2.0):
        self._database = database
        self._patience = patience
        self._queue: asyncio.Queue[tuple[Entry, asyncio.Future[int]]] = asyncio.Queue(most_waiting)
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

    async def submit(self, entry: Entry) -> int:
        """Return the entry's index once it is durable.

        Raises Unavailable when the queue is full, the database refuses or patience ends;
        the caller then answers nothing but that. The entry may still be written.
        """
        durable: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        durable.add_done_callback(asyncio.Future.exception)  # or the loop complains of those who wait no more
        try:
            self._queue.put_nowait((entry, durable))
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

    async def _commit(self, batch: list[tuple[Entry, asyncio.Future[int]]]) -> None:
        try:
            async with asyncio.timeout(self._patience * 2):  # a dead connection must not hold up the next batch
                first = await self._database.write(lambda connection: append(connection, [entry for entry, _ in batch]))
        except Exception as problem:  # noqa: BLE001  whatever it is, nobody whose entry is lost may be answered
            if len(batch) > 1 and not isinstance(problem, Unavailable | TimeoutError):
                half = len(batch) // 2  # one entry that no column takes must not sink its neighbours
                await self._commit(batch[:half])
                return await self._commit(batch[half:])
            log.error("log_refused", problem=problem_of(problem), count=len(batch))
            for _, durable in batch:
                durable.set_exception(log_unavailable())
            return None
        LOG_BATCH.observe(len(batch))
        for place, (_, durable) in enumerate(batch):
            durable.set_result(first + place)
        return None
