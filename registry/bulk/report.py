"""The report of a dry run: how many rows are what, and what is wrong where. It grows with kinds of problems, not rows.

Of a kind of problem that few rows have, each row is told; of one that many have, how many they are and the first of
them (DfE and MHCLG do so in their bulk uploads).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.bulk.places import Place, column_letters
from registry.bulk.verdicts import Problem, Verdict

MANY = 16
"""From so many rows on a kind of problem is told once."""
_COUNTED = {Verdict.READY: "ready", Verdict.NEEDS_FIXING: "to be fixed", Verdict.DUPLICATE: "possible duplicates",
            Verdict.REFUSED: "refused"}  # fmt: skip
_INDEX = re.compile(r"\[\d+\]")
Kind = tuple[int | None, str, str]
"""Column, field without places in lists, code."""


@dataclass(slots=True)
class Told:
    """A kind of problem, and the rows that have it."""

    rows: int = 0
    first: list[tuple[int, Problem]] = field(default_factory=list)
    """The first of them, with their row."""


@dataclass(slots=True)
class Report:
    """What was found of a file."""

    headings: Sequence[str]
    counts: dict[Verdict, int] = field(default_factory=lambda: dict.fromkeys(Verdict, 0))
    left_behind: int = 0
    kinds: dict[Kind, Told] = field(default_factory=dict)

    def count(self, verdicts: bytes) -> None:
        """Count the rows."""
        self.counts = {each: verdicts.count(each) for each in Verdict}

    def tell(self, row: int, problems: Iterable[Problem]) -> None:
        """Take in what is wrong with a row; rows are numbered as whoever opens the file sees them."""
        for each in problems:
            told = self.kinds.setdefault((each.column, _INDEX.sub("[]", each.field), each.code), Told())
            told.rows += 1
            if len(told.first) < MANY - 1:
                told.first.append((row, each))

    def to_json(self) -> dict[str, Any]:  # Any: JSON
        """Return the report for programs."""
        return {
            "rows": sum(self.counts.values()) - self.counts[Verdict.EMPTY],
            "ready": self.counts[Verdict.READY],
            "needs_fixing": self.counts[Verdict.NEEDS_FIXING],
            "possible_duplicates": self.counts[Verdict.DUPLICATE],
            "refused": self.counts[Verdict.REFUSED],
            "photographs_left_behind": self.left_behind,
            "problems": [
                {"row": row, "cell": Place(row, each.column).cell, "field": each.field, "code": each.code,
                 "rule": each.rule, "remedy": each.remedy}
                for row, each in self._single()
            ],
            "columns": [
                {"column": None if kind[0] is None else column_letters(kind[0]), "heading": self._heading(kind[0]),
                 "field": kind[1], "code": kind[2], "rows": told.rows, "rule": told.first[0][1].rule,
                 "remedy": told.first[0][1].remedy, "first": [Place(row, kind[0]).cell for row, _ in told.first]}
                for kind, told in self._many()
            ],
        }  # fmt: skip

    def as_text(self) -> str:
        """Return the report for people."""
        lines = [f"{each.sentence(row) if each.column is not None else f'row {row} {each.sentence(row)}'} [{each.code}]"
                 for row, each in self._single()]  # fmt: skip
        for kind, told in self._many():
            shown = told.first[0][1]
            places = ", ".join(Place(row, kind[0]).cell for row, _ in told.first[:5])
            where = f'column {column_letters(kind[0])} "{self._heading(kind[0])}"' if kind[0] is not None else kind[1]
            lines.append(f"{where}, {told.rows:,} rows: {shown.rule} {shown.remedy} [{kind[2]}] ({places}, …)")
        counted = [f"{self.counts[each]:,} {words}" for each, words in _COUNTED.items()]
        behind = [f"{self.left_behind:,} rows without their photographs"] if self.left_behind else []
        return "\n".join([*lines, ", ".join([*counted, *behind])])

    def _single(self) -> Iterator[tuple[int, Problem]]:
        few = [each for told in self.kinds.values() if told.rows < MANY for each in told.first]
        yield from sorted(few, key=lambda each: (each[0], each[1].column or 0, each[1].field))

    def _many(self) -> Iterator[tuple[Kind, Told]]:
        many = [each for each in self.kinds.items() if each[1].rows >= MANY]
        yield from sorted(many, key=lambda each: -each[1].rows)

    def _heading(self, column: int | None) -> str | None:
        return self.headings[column] if column is not None and column < len(self.headings) else None
