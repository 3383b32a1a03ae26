"""The dry run's worker: reads a chunk of rows, says what becomes of each, and whom it may be in the register."""

import asyncio
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from auth.actor import Actor
from registry.bulk import digests
from registry.bulk.reading import Plan, RowReader
from registry.bulk.verdicts import Problem, Verdict, verdict
from registry.bulk.workers import Chunk
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.ids import public_id
from registry.core.key_providers import open_sealer
from registry.editions.edition import load
from registry.profiles import rows
from registry.profiles.operations import duplicates
from registry.profiles.operations.duplicates import Likely
from registry.profiles.record import Record
from registry.work import Work

T = TypeVar("T")
TOGETHER = 25
"""Records that are looked for on one connection before it is given back; on SQLite a reading has its deadline."""


@dataclass(slots=True)
class Checked:
    """What was found of a chunk."""

    first: int
    verdicts: bytearray = field(default_factory=bytearray)
    problems: dict[int, tuple[Problem, ...]] = field(default_factory=dict)
    """By row, for those that have some."""
    digests: "array[int]" = field(default_factory=lambda: array(digests.TYPECODE))
    rows: "array[int]" = field(default_factory=lambda: array("I"))
    """The row of each digest."""
    found: tuple[UUID, ...] = ()
    """Profiles that somebody may be."""
    left_behind: int = 0
    """Rows whose photographs an export does not carry."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a file is checked by."""

    plan: Plan
    settings: Settings
    actor: Actor
    """Who looks for duplicates."""
    register_is_empty: bool
    """Whether there is nobody to look for."""


class Checker:
    """Checks chunk after chunk."""

    def __init__(self, conditions: Conditions, key: bytes):
        self._conditions = conditions
        self._reader = RowReader(conditions.plan)
        self._edition = load(conditions.plan.edition)
        self._sealer = open_sealer(conditions.settings)
        self._key = key

    def __call__(self, chunk: Chunk) -> Checked:
        """Check the rows of a chunk."""
        checked = Checked(chunk.first)
        records: dict[int, Record] = {}
        today = now().date()
        for at, row in enumerate(chunk.rows, chunk.first):
            read = self._reader.read(row, today)
            if read is None:
                checked.verdicts.append(Verdict.EMPTY)
                continue
            checked.verdicts.append(verdict(read.problems))
            checked.left_behind += read.left_behind
            if read.problems:
                checked.problems[at] = read.problems
            elif read.record is not None:
                records[at] = read.record
                self._keep_digests(checked, at, read.record)
        if records and not self._conditions.register_is_empty:
            asyncio.run(self._look(checked, records))
        return checked

    def _keep_digests(self, checked: Checked, at: int, record: Record) -> None:
        before = len(checked.digests)
        checked.digests.append(digests.of_row(rows.shown(record), self._sealer.blind))
        checked.digests.extend(digests.of_person(record, self._key))
        checked.rows.extend([at] * (len(checked.digests) - before))

    async def _look(self, checked: Checked, records: dict[int, Record]) -> None:
        """Look for each record in the register, and say whom it may be."""
        database = open_database(self._conditions.settings).keeper
        found: dict[UUID, None] = {}
        try:
            for some in batched(records.items(), TOGETHER):
                for at, likely in await database.read(partial(self._likely, some)):
                    checked.verdicts[at - checked.first] = Verdict.DUPLICATE
                    checked.problems[at] = tuple(map(_possible, likely))
                    found |= dict.fromkeys(each.profile for each in likely)
        finally:
            await database.close()
        checked.found = tuple(found)

    def _likely(self, some: list[tuple[int, Record]], connection: Connection) -> list[tuple[int, list[Likely]]]:
        """Return the rows for whom the register holds somebody likely."""
        work = Work(connection, self._conditions.actor, now(), self._edition, self._sealer)
        looked = [(at, duplicates.likely(work, record)) for at, record in some]
        return [(at, likely) for at, likely in looked if likely]


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut values into lists of a size (itertools.batched, which Python has from 3.12 on)."""
    left = iter(values)
    while taken := list(islice(left, size)):
        yield taken


def _possible(likely: Likely) -> Problem:
    return Problem(
        "record", "DUPLICATE_POSSIBLE",
        f"may be the person of profile {public_id('profile', likely.profile)} ({likely.band}, {likely.score:.2f}).",
        "Open it. The same person: amend that profile. Somebody else: enter the row with --with-duplicates.",
    )  # fmt: skip
