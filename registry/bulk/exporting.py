"""Use cases of the export: the own agency's records, all of them. Each batch is in the log before it leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.bulk import exported
from registry.core.errors import Forbidden
from registry.disclosure.vocabulary import Action, FieldClass, Use
from registry.profiles import queries, rows
from registry.profiles.disclosed import Known, of_row
from registry.profiles.headline import day
from registry.profiles.record import Record
from registry.profiles.standing import Standing, on
from registry.work import Work, operation

KIND = "export"
"""The kind of its entries in the log: data leaves by them (registry/audit/disclosures.py)."""
BATCH = 1_000
Line = Callable[[Any, Record | None, Standing], bytes | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some lines, and the register number of the last record in them; None when there are no more."""

    lines: tuple[bytes, ...]
    last: int | None
    records: int


@operation(Action.REGISTER_EXPORT)
def begin_export(work: Work, *, canonical: bool) -> int:
    """See that the officer may export everything that the agency owns; return how many records that is.

    Raises Forbidden (STEP_UP_REQUIRED): a rule that withholds any field would make the export another register.
    """
    work.require(Action.REGISTER_EXPORT)
    known = Known(work)
    if known.may(Use.EXPORT) != frozenset(FieldClass):
        raise known.step_up_required(Use.EXPORT) or Forbidden(
            "No rule opens every field of a record to this officer for this purpose."
        )
    work.record("register:export:begun", canonical=canonical, **known.told([]))
    return queries.owned_count(work.connection, work.actor.agency)


@operation(Action.REGISTER_EXPORT)
def export_batch(work: Work, after: int, *, canonical: bool) -> Batch:
    """Return the lines of the records after a register number; what this officer may not export whole is left out."""
    work.require(Action.REGISTER_EXPORT)
    known = Known(work)
    made: Line = exported.canonical_line if canonical else exported.line
    found = queries.owned(work.connection, work.actor.agency, after=after, limit=BATCH)
    facts = {row["id"]: of_row(work, row) for row in found}
    whole = [row for row in found if known.may(Use.EXPORT, facts[row["id"]]) == frozenset(FieldClass)]
    lines = [made(row, *_record(work, row)) for row in whole]
    known.meet([(row["number"], told) for row in found if not known.exists(told := facts[row["id"]])], "export")
    work.record("register:exported", tuple(row["id"] for row in whole), after=after, count=len(whole),
                left_out=len(found) - len(whole), canonical=canonical,
                **known.told([facts[row["id"]] for row in whole]))  # fmt: skip
    return Batch(tuple(each for each in lines if each), found[-1]["number"] if found else None, len(found))


def _record(work: Work, row: Any) -> tuple[Record | None, Standing]:  # Any: a row of queries.owned
    """Return the record and what it stands as today; of one that was removed only a tombstone is left."""
    standing = on(Standing(row["standing_now"]), day(row["expires_on"]), work.now.date())
    if standing is Standing.REMOVED or row["erased_at"] is not None:
        return None, Standing.REMOVED
    return rows.record(row, rows.key_of(work.sealer, row["id"], row)), standing
