"""The database beside the leaves: every entry hashed, what is missing accounted for, the index of persons compared.

found = await compare(database, log, advance)        raises Refusal, which names the entry
found.gone, found.in_part, found.accounts            what an outsider counts (audit.md, check 10)
await accounted(database, rows, reader)              what is missing from some rows by law
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from registry.audit import erasing
from registry.core.db import Database
from registry.core.errors import ProofFailed
from registry.notary import checking, judging, queries
from registry.notary.checking import Advance, Log
from registry.notary.erasures import NOTHING, Accounted
from registry.notary.leaves import Row
from registry.tlog.reader import Reader
from registry.tlog.tiles import WIDTH


@dataclass(slots=True)
class Bodies:
    """What was found beside the leaves: how many entries are whole, and what accounts for the others."""

    whole: int = 0
    gone: int = 0
    """Entries of which only the leaf is left."""
    in_part: int = 0
    """Entries of which fields are erased."""
    accounts: set[int] = field(default_factory=set)
    """Entries that account for these."""

    def count(self, row: Row, accounted: Accounted) -> None:
        """Count a row that was found as it should be."""
        if not row.is_erased:
            self.whole += 1
            return
        self.gone += row.entry is None
        self.in_part += row.entry is not None
        self.accounts |= accounted.by(row)

    def __str__(self) -> str:
        """Say it to people."""
        if not self.gone + self.in_part:
            return f"Every entry of the database hashes to its leaf: {self.whole}. None is erased."
        return (
            f"What the database holds hashes to its leaves: {self.whole} entries whole, {self.in_part} erased in part. "
            f"{self.gone} bodies are missing, and {len(self.accounts)} entries account for all that is."
        )


async def accounted(database: Database, rows: Sequence[Row], reader: Reader | None = None) -> Accounted:
    """Return what accounts for what is missing from rows; ``reader`` proves the leaves of those entries.

    Without one they are only seen to hash to their leaves: for who puts those together to a signed root anyway.
    """
    gone = [row.index for row in rows if row.is_erased]
    if not gone:
        return NOTHING
    found = await database.read(partial(queries.accounts, first=gone[0], last=gone[-1]))
    return judging.accounting(found, lambda index: reader.entry(index) if reader and index < reader.size else None)


async def compare(database: Database, log: Log, advance: Advance) -> Bodies:
    """Compare every entry of the database with its proved leaf. Raises Refusal and ProofFailed, which name one."""
    bodies = Bodies()
    for bundle in range(log.bundles):
        texts, first = checking.leaves(log, bundle), bundle * WIDTH
        rows = await database.read(partial(queries.rows, first=first, most=len(texts)))
        known = await accounted(database, rows, log.reader)
        checking.compared(first, rows, texts, known)
        await _compare_subjects(database, rows)
        for row in rows:
            bodies.count(row, known)
        advance(1)
    return bodies


async def _compare_subjects(database: Database, rows: Sequence[Row]) -> None:
    """See that the index by which an auditor finds the entries about a person is what the entries say."""
    first, last = rows[0].index, rows[-1].index
    told = await database.read(partial(queries.subjects_of, first=first, last=last))
    for row in rows:
        if told.get(row.index, set()) == _records(row):
            continue
        (again,) = await database.read(partial(queries.rows, first=row.index, most=1))  # it may be erased by now
        now = await database.read(partial(queries.subjects_of, first=row.index, last=row.index))
        if now.get(row.index, set()) != _records(again):
            raise ProofFailed(
                f"Entry {row.index} is about other persons than log_subjects says.", code="SUBJECTS_DIFFER",
                remedy="The entry is right: find out who wrote to the index (docs/log.md).",
            )  # fmt: skip


def _records(row: Row) -> set[UUID]:
    if row.entry is None or "records" in erasing.missing(row.entry):
        return set()
    return {UUID(each) for event in row.entry["body"]["events"] for each in event["records"]}
