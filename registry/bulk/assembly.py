"""From the cells of a row to a record in the import format, by a mapping. What each value came from is kept.

    Assembly(mapping, ["Full name", "DOB"]).record(["Juma Mwakio", "17/05/1971"])
    ({"names": [{"full": "Juma Mwakio"}], "birth_date": "1971-05-17"}, {"names[0].full": 0, "birth_date": 1}, [])

What could not be read stands in the list at the end, with its column.
"""

from collections.abc import Sequence
from typing import Any

from registry.bulk.cells import Cell, Reading
from registry.bulk.mapping import Mapping, own
from registry.bulk.paths import Target, refused
from registry.bulk.places import Place
from registry.bulk.verdicts import Problem
from registry.profiles.kinds import Refused
from registry.profiles.record import GROUPS

_ORDER = ("given", "middle", "patronymic", "particle", "family", "clan")
"""In which the parts of a name make a whole one, where no column gives it."""
Json = dict[str, Any]
Assembled = tuple[Json, dict[str, int], list[Problem]]
"""A record, the column of each of its paths, and what could not be read."""


class Assembly:
    """A mapping made ready for the rows of one table."""

    def __init__(self, mapping: Mapping, headings: Sequence[str]):
        self._readings = [
            (at, reading) for at, heading in enumerate(headings) if (reading := mapping.reading(heading)) is not None
        ]
        self._fixed = mapping.fixed()

    def record(self, cells: Sequence[Cell]) -> Assembled:
        """Return the record of a row."""
        made = _Row()
        for at, reading in self._readings:
            if at < len(cells) and cells[at] not in (None, ""):
                made.take(at, reading, cells[at])
        for target, value in self._fixed:
            made.fix(target, value)
        return made.finished()


def check_fits(mapping: Mapping, headings: Sequence[str], row: int = 1) -> None:
    """See that the mapping speaks of each column, and of no other. Raises InputRefused (MAPPING_MALFORMED)."""
    for at, heading in enumerate(headings[: own(headings)]):
        if heading and heading not in mapping.columns:
            raise refused(Place(row, at).cell, "is a column that the mapping does not name.",
                          f'Add "{heading}" = "" to pass it over.')  # fmt: skip
    for heading in mapping.columns:
        if heading not in headings:
            raise refused(f'columns."{heading}"', "is no column of this file.", "Correct the heading.")


class _Row:
    """One row in the making: entries by group and place, and the columns they came from."""

    __slots__ = ("columns", "entries", "problems")

    def __init__(self) -> None:
        self.entries: dict[tuple[str, int], Any] = {}
        self.columns: dict[tuple[str, int], dict[str, int]] = {}
        self.problems: list[Problem] = []

    def take(self, column: int, reading: Reading, cell: Cell) -> None:
        """Read a cell into its place."""
        try:
            values = reading.read(cell)
        except Refused as problem:
            self.problems.append(Problem(reading.target.path, problem.code, problem.rule, problem.remedy, column))
            return
        for value in values:
            place = self.put(reading.target, value)
            self.columns.setdefault(place, {})[self._member(reading.target, place)] = column

    def _member(self, target: Target, place: tuple[str, int]) -> str:
        """Return what the value that was just put into its place is called there."""
        if target.several:
            assert target.member is not None
            return f"{target.member}[{len(self.entries[place][target.member]) - 1}]"
        return f"parts.{target.name_part}" if target.name_part else target.member or ""

    def fix(self, target: Target, value: object) -> None:
        """Put a constant where it belongs: into an entry that is there, or into a group of its own."""
        is_there = (target.group, target.at) in self.entries
        is_listed = target.at is not None
        if target.one_more and any(group == target.group for group, _ in self.entries):
            return
        if is_there or not is_listed:
            self.put(target, value)

    def put(self, target: Target, value: object) -> tuple[str, int]:
        """Put a value into its place, and return which that is."""
        at = _BEHIND + len(self.entries) if target.one_more else target.at or 0
        place = (target.group, at)
        if target.member is None:
            self.entries[place] = value
            return place
        entry = self.entries.setdefault(place, {})
        if target.name_part is not None:
            entry.setdefault("parts", {})[target.name_part] = value
        elif target.several:
            entry.setdefault(target.member, []).append(value)
        else:
            entry[target.member] = value
        return place

    def finished(self) -> Assembled:
        """Return the record, with gaps in its lists closed."""
        record: Json = {}
        paths: dict[str, int] = {}
        for place in sorted(self.entries):
            group, value = place[0], self.entries[place]
            if group == "names" and "full" not in value and "parts" in value:
                value["full"] = " ".join(value["parts"][part] for part in _ORDER if part in value["parts"])
            if GROUPS[group].many:
                entries = record.setdefault(group, [])
                path = f"{group}[{len(entries)}]"
                entries.append(value)
            else:
                path, record[group] = group, value
            for member, column in self.columns.get(place, {}).items():
                paths[f"{path}.{member}" if member else path] = column
        return record, paths, self.problems


_BEHIND = 1000
"""Entries without a place of their own stand behind the others, in the order of the columns."""
