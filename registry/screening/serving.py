"""Lists that wait are checked in the background, one at a time in each worker, by a process that gives way to others.

    task = asyncio.create_task(serve(node))      in the lifespan of the application

Whoever takes a list holds it for a few minutes, anew with each chunk (the column ``held_until``): several
workers never check the same one, and when a process dies another goes on behind its last chunk.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from threading import Event
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from registry.bulk.workers import working
from registry.core.clock import Clock
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import Conflict, RegistryError, Unavailable
from registry.core.sealing import DataKey, Sealer
from registry.core.telemetry import log, problem_of
from registry.editions.edition import Edition
from registry.screening import chunks as writing, queries, running, uploads
from registry.screening.checking import Chunk, Conditions
from registry.screening.engines import Check, modest
from registry.screening.people import Layout
from registry.screening.queries import Screening
from registry.screening.running import Checking, Job

T = TypeVar("T")
PAUSE = 5.0
"""Seconds between two looks at what waits."""


class Node(Protocol):
    """What serving needs of the running node."""

    @property
    def settings(self) -> Settings:
        """Handed to the process that checks."""

    @property
    def database(self) -> Database:
        """Screenings."""

    @property
    def clock(self) -> Clock:
        """The moment."""

    @property
    def edition(self) -> Edition:
        """Whose roles may learn of which categories."""

    @property
    def sealer(self) -> Sealer:
        """What lists and hits are sealed with."""


Start = Callable[[Conditions], AbstractContextManager[Check]]


def beside(conditions: Conditions) -> AbstractContextManager[Check]:
    """Check in one process that leaves the cores to whoever answers people."""
    return working(modest, conditions, processes=1)


async def serve(node: Node, *, pause: float = PAUSE, start: Start = beside) -> None:
    """Check what waits, for as long as the node runs."""
    with ThreadPoolExecutor(1, thread_name_prefix="screening") as thread:
        while True:
            await asyncio.sleep(pause)
            try:
                while await serve_one(node, thread, start=start):
                    pass
            except Exception as problem:  # noqa: BLE001  the next look tries again, whatever it was
                log.warning("screening_failed", problem=problem_of(problem))


async def serve_one(node: Node, thread: ThreadPoolExecutor, *, start: Start = beside) -> bool:
    """Check the list that has waited longest; False when none waits. Cancelled, it lets the chunk in work end."""
    identifier = await node.database.read(partial(_waiting, now=node.clock()))
    if identifier is None:
        return False
    loop, stop = asyncio.get_running_loop(), Event()

    def write(work: Callable[[Connection], T]) -> T:
        return asyncio.run_coroutine_threadsafe(node.database.keeper.write(work), loop).result()

    job = Job(write, node.clock, node.edition, node.sealer)
    working_on = loop.run_in_executor(thread, _work, node, job, identifier, start, stop)
    try:
        await asyncio.shield(working_on)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([working_on])
        raise
    return True


def _waiting(connection: Connection, now: datetime) -> UUID | None:
    return queries.claimable(connection, now)


def _work(node: Node, job: Job, identifier: UUID, start: Start, stop: Event) -> None:
    """Check one list to its end, and note why where that can't be."""
    try:
        layout = job.write(partial(_layout, job=job, identifier=identifier))
        if layout is not None:
            checking = Checking(node.settings, layout, start)
            running.run(job, identifier, checking, partial(_left, job, stop))
        else:  # the last chunk was written, and not that it was the last
            job.write(lambda connection: writing.finish(connection, job.moment, identifier))
    except (Conflict, Unavailable) as passing:  # cancelled, taken over, or the database rests: nobody failed
        log.info("screening_left", code=passing.code)
        job.write(partial(queries.release, identifier=identifier, holder=job.holder))
    except RegistryError as problem:
        refusal = problem
        job.write(lambda connection: writing.fail(connection, job.moment, identifier, refusal))


def _layout(connection: Connection, job: Job, identifier: UUID) -> Layout | None:
    """Take the list, and return how what is left of it is read; None when nothing is."""
    screening, _ = writing.taken(connection, job.moment, identifier)
    found = _chunk(connection, job, screening, screening.rows_done)
    return found[0] if found else None


def _left(job: Job, stop: Event, screening: Screening) -> Iterator[Chunk]:
    """Yield the chunks that are left, in their order. Raises Unavailable when this node stops."""
    first = screening.rows_done
    while found := job.write(partial(_chunk, job=job, screening=screening, first=first)):
        if stop.is_set():
            raise Unavailable("This node stops.")
        yield Chunk(first, found[1])
        first += len(found[1])


def _chunk(
    connection: Connection, job: Job, screening: Screening, first: int
) -> tuple[Layout, list[str | list[str | None]]] | None:
    content = queries.chunk(connection, screening.id, first)
    key: DataKey | None = queries.data_key(connection, job.sealer, screening.id) if content else None
    return uploads.opened(key, first, content) if content and key else None
