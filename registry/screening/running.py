"""A screening from its first chunk that is left to its end, wherever its rows come from and its chunks are checked.

    run(Job(write, clock, edition, sealer), screening.id, prepared, advance=bar.advance)

``write`` runs a function in a transaction and waits for it; nothing here knows an event loop. Called again after a
crash it goes on behind the last chunk that was written.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from registry.bulk.files import Row
from registry.core.clock import Clock
from registry.core.config import Settings
from registry.core.ids import new_id
from registry.core.sealing import Sealer
from registry.editions.edition import Edition
from registry.screening import chunks as writing, limits
from registry.screening.checking import Chunk, Conditions, Screened
from registry.screening.chunks import Moment
from registry.screening.engines import Check
from registry.screening.people import Layout
from registry.screening.queries import Screening
from registry.work import Work

T = TypeVar("T")


class Write(Protocol):
    """Runs a function in one transaction, durable when this returns."""

    def __call__(self, work: Callable[[Connection], T]) -> T:
        """Run it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a process needs to work on a screening."""

    write: Write
    clock: Clock
    edition: Edition
    sealer: Sealer
    holder: UUID = field(default_factory=new_id)

    @property
    def moment(self) -> Moment:
        """What the next transaction has besides its connection."""
        return Moment(self.clock(), self.edition, self.sealer, self.holder)


@dataclass(frozen=True, slots=True)
class Checking:
    """Where chunks are checked, by what."""

    settings: Settings
    layout: Layout
    start: Callable[[Conditions], AbstractContextManager[Check]]


def cut(rows: Iterable[Row], *, first: int, size: int = limits.CHUNK) -> Iterator[Chunk]:
    """Cut rows into chunks, from row ``first`` on."""
    left = islice(iter(rows), first, None)
    while taken := list(islice(left, size)):
        yield Chunk(first, taken)
        first += len(taken)


def run(
    job: Job, identifier: UUID, checking: Checking, left: Callable[[Screening], Iterable[Chunk]],
    *, advance: Callable[[int], None] = lambda _rows: None,
) -> Screening:  # fmt: skip
    """Check what is left of a list, and note that it is whole. Raises Conflict (SCREENING_RUNNING), Forbidden."""
    screening, conditions = job.write(lambda connection: _taken(connection, job, identifier, checking))
    with checking.start(conditions) as check:
        for screened in check(left(screening)):
            job.write(partial(_entered, job=job, identifier=identifier, screened=screened))
            advance(screened.rows)
    return job.write(lambda connection: writing.finish(connection, job.moment, identifier))


def _entered(connection: Connection, job: Job, identifier: UUID, screened: Screened) -> None:
    writing.enter(connection, job.moment, identifier, screened)


def _taken(connection: Connection, job: Job, identifier: UUID, checking: Checking) -> tuple[Screening, Conditions]:
    screening, work = writing.taken(connection, job.moment, identifier)
    return screening, conditions(work, screening, checking)


def conditions(work: Work, screening: Screening, checking: Checking) -> Conditions:
    """Return by what a screening's list is checked."""
    left = (screening.people or 0) - screening.rows_done
    return Conditions(checking.layout, checking.settings, work.actor, screening.least, left)
