"""From a row of a file to a record, or to everything that is wrong with it. What it needs is a value, and travels.

    RowReader(plan).read(row)      None for an empty row, else Read(record, problems, …)

A plan is made once, for a file, by whoever brings it; each process that reads rows makes a RowReader of it.
"""

import re
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from auth import strict
from registry.bulk.assembly import Assembly
from registry.bulk.exported import CARRIED
from registry.bulk.files import Row
from registry.bulk.json_rows import LONGEST
from registry.bulk.mapping import Mapping
from registry.bulk.verdicts import Problem
from registry.editions.edition import load
from registry.profiles import coherence, intake, victims
from registry.profiles.record import Record

Json = dict[str, Any]
ADDED = frozenset({"status", "reason"})
"""Members that a dry run adds to each line; they may come back."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rows of one file are read, for which agency, by which edition."""

    kind: str
    headings: tuple[str, ...]
    mapping: Mapping | None
    agency: str
    edition: str


@dataclass(slots=True)
class Given:
    """A row as its file gives it: a record in the import format, and where its values come from."""

    value: object
    columns: AbstractMapping[str, int]
    problems: list[Problem]
    contested: bool = False
    left_behind: bool = False
    """Whether it named photographs, which an export does not carry."""


@dataclass(frozen=True, slots=True)
class Read:
    """A row that was read: its record, unless there are problems."""

    record: Record | None
    problems: tuple[Problem, ...] = ()
    contested: bool = False
    left_behind: bool = False


_NOTHING: AbstractMapping[str, int] = {}
_SECONDARY = frozenset({"FIELD_MISSING", "LEGAL_BASIS_MISSING", "LIST_MALFORMED"})
"""What a record lacks because one of its cells could not be read."""


class RowReader:
    """Reads rows by a plan."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._edition = load(plan.edition)
        self._headings = plan.headings
        self._assembly = Assembly(plan.mapping, plan.headings) if plan.mapping else None

    def read(self, row: Row, today: date | None = None) -> Read | None:
        """Return what a row holds; None for an empty one. Without ``today`` its dates were seen to have happened."""
        given = self._given(row)
        if given is None:
            return None
        if given.problems and given.value is None:
            return Read(None, tuple(given.problems))
        try:
            record = intake.record(given.value, self._edition, owner=self._plan.agency)
        except intake.Problems as broken:
            missing = _SECONDARY if given.problems else frozenset()
            found = [Problem.of(each, _column(given.columns, each.field)) for each in broken.found
                     if each.code not in missing]  # fmt: skip
            return Read(None, (*given.problems, *found))
        found = [*given.problems, *self._of_the_whole(record, given, today)]
        return Read(None if found else record, tuple(found), given.contested, given.left_behind)

    def _of_the_whole(self, record: Record, given: Given, today: date | None) -> list[Problem]:
        ahead = [*coherence.not_yet(record, today), *coherence.too_long(record, self._edition, today)] if today else []
        found = [Problem.of(each, _column(given.columns, each.field)) for each in ahead]
        if record.owner != self._plan.agency:
            found.append(Problem("owner", "NOT_OWNER", "is another agency.", "Leave it out."))
        if record.photographs:
            found.append(Problem("photographs", "PHOTOGRAPH_UNKNOWN", "do not come with a file.",
                                 "Leave them out, and upload them to the profile afterwards."))  # fmt: skip
        return found

    def _given(self, row: Row) -> Given | None:
        if isinstance(row, list):
            return self._of_cells(row)
        if not row.strip():
            return None
        value = _parsed(row)
        if isinstance(value, Problem):
            return Given(None, _NOTHING, [value])
        if not isinstance(value, dict):
            return Given(value, _NOTHING, [])
        for each in ADDED & value.keys():
            del value[each]
        if self._plan.kind == "export":
            return _of_export(value)
        return self._of_members(value) if self._assembly else Given(value, _NOTHING, [])

    def _of_cells(self, row: list[Any]) -> Given | None:  # Any: cells
        if all(each is None or each == "" for each in row):
            return None
        assert self._assembly is not None
        if any(each not in (None, "") for each in row[len(self._headings) :]):
            rule = f"has {len(row)} cells below {len(self._headings)} headings."
            return Given(None, _NOTHING, [_ragged(rule)])
        if self._plan.kind == "csv" and len(row) < len(self._headings):
            return Given(None, _NOTHING, [_ragged(f"has {len(row)} cells below {len(self._headings)} headings.")])
        value, columns, problems = self._assembly.record(row)
        return Given(value, columns, problems)

    def _of_members(self, value: Json) -> Given:
        """Read an object as a row whose headings are its members."""
        assert self._assembly is not None
        problems = [_unknown(name) for name in value if name not in self._headings]
        cells = [value.get(name) for name in self._headings]
        odd = [name for name, each in zip(self._headings, cells, strict=True) if isinstance(each, dict | list)]
        problems += [Problem(name, "FIELD_UNKNOWN", "is no single value.", "Map files of plain members only.")
                     for name in odd]  # fmt: skip
        if problems:
            return Given(None, _NOTHING, problems)
        made, _, more = self._assembly.record(cells)
        return Given(made, _NOTHING, more)


def _parsed(line: bytes) -> object:
    """Return a line's value, or what is wrong with it."""
    if len(line) > LONGEST:
        return Problem("record", "RECORD_TOO_LONG", f"is longer than {LONGEST} bytes.", "Split it.")
    try:
        return _each_member_once(line.removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        return Problem("record", "RECORD_MALFORMED", "is not JSON in which each member stands once.",
                       "Write one JSON object a line, in UTF-8.")  # fmt: skip


def _each_member_once(line: bytes) -> object:
    """Read JSON in which no member stands twice; of one that does, orjson keeps the last in silence.

    Printed again, a value has as many ends of names (``":``) as it has members, and as many in its texts as before. So
    where the line has as many, nothing was lost; unless it writes them otherwise, and then the slower reader looks. So
    it does where a number may be too long for orjson, which rounds it. Raises ValueError.
    """
    value: object = orjson.loads(line)
    if _OTHERWISE.search(line) or line.count(b'":') != orjson.dumps(value).count(b'":'):
        return strict.parse(line.decode())
    return value


_OTHERWISE = re.compile(rb'"\s+:|\\u00(?:22|3[aA])|[0-9]{19}')


def _of_export(value: Json) -> Given:
    """Read a line of an export: a record comes back, but not one that was closed where it comes from."""
    record, standing = value.get("record"), value.get("standing")
    if not isinstance(record, dict) or (standing is not None and standing not in CARRIED):
        return Given(None, _NOTHING, [Problem(
            "standing", "STANDING_NOT_CARRIED", "says that the record was closed where it comes from.",
            "Leave the line out: what is sealed, retired, merged or removed is not entered anew.",
        )])  # fmt: skip
    pictures = record.pop("photographs", None)
    return Given(record, _NOTHING, [], contested=value.get("contested") is True, left_behind=bool(pictures))


def _ragged(rule: str) -> Problem:
    return Problem("row", "ROW_RAGGED", rule, "See whether a quote or a delimiter is missing or one too many.")


def _unknown(name: str) -> Problem:
    shown = name[:40] if name.isprintable() else "?"
    if victims.is_about_victim(name):
        return Problem(shown, "VICTIM_DATA", "looks like a victim's data, which the register never holds.",
                       "Remove it; of a victim only victim_age_band and victim_sex are kept.")  # fmt: skip
    return Problem(shown, "FIELD_UNKNOWN", "is no member that the mapping names.", "Name it there, or remove it.")


def _column(columns: AbstractMapping[str, int], field: str | None) -> int | None:
    """Return the column that a path of a record came from: its own, or the one its value begins with."""
    if field is None or not columns:
        return None
    if field in columns:
        return columns[field]
    return next((at for path, at in columns.items() if path.startswith((f"{field}.", f"{field}["))), None)
