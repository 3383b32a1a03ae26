"""The dry run: every row is read as it would be entered.

    trial = check(source, conditions, …)
    trial.report.as_text()                            what is ready, and what is wrong where
    annotated.write(source, out, trial.notes())       the user's own file with status and reason

Nothing is written but what was found of the file.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO
from uuid import UUID

import orjson

from registry.bulk import digests
from registry.bulk.annotated import Notes
from registry.bulk.checking import Checked, Checker, Conditions
from registry.bulk.files import MOST_ROWS, Source, Unchanged
from registry.bulk.report import Report
from registry.bulk.sameness import BEFORE, Sameness
from registry.bulk.verdicts import Problem, Verdict
from registry.bulk.workers import chunks, working
from registry.core.errors import InputRefused

Advance = Callable[[int], None]


@dataclass(slots=True)
class Trial:
    """Everything that a dry run found."""

    report: Report
    before: int
    """Rows of the file before the first that holds a record."""
    kept: IO[bytes]
    """Row and reason of what is wrong, line by line: there may be more of them than memory."""
    verdicts: bytearray = field(default_factory=bytearray)
    profiles: dict[UUID, None] = field(default_factory=dict)
    _doubles: dict[int, tuple[Problem, ...]] = field(default_factory=dict)

    def take(self, checked: Checked) -> None:
        """Take in what was found of a chunk; chunks come in their order."""
        self.verdicts += checked.verdicts
        self.report.left_behind += checked.left_behind
        self.profiles |= dict.fromkeys(checked.found)
        for row in sorted(checked.problems):
            problems = checked.problems[row]
            self.report.tell(self.number(row), problems)
            self.kept.write(orjson.dumps([row, self._reason(row, problems)]) + b"\n")

    def finish(self, seen: Sameness) -> None:
        """Find the rows that are alike, and count."""
        for row, (of, earlier) in sorted(seen.doubles().items()):
            if self.verdicts[row] == Verdict.READY:
                self.verdicts[row] = Verdict.DUPLICATE
                self._doubles[row] = (_double(of, earlier, self.number(earlier)),)
                self.report.tell(self.number(row), self._doubles[row])
        self.report.count(bytes(self.verdicts))

    def notes(self) -> Notes:
        """Return what is to be written beside each row."""
        return Notes(bytes(self.verdicts), self._reasons())

    def number(self, row: int) -> int:
        """Return the number by which whoever opens the file sees a row."""
        return self.before + row + 1

    def _reasons(self) -> Iterator[tuple[int, str]]:
        """Yield rows and their reasons in order: those that were found at once, and the doubles between them."""
        self.kept.seek(0)
        doubles = iter(self._doubles.items())
        coming = next(doubles, None)
        for line in self.kept:
            row, reason = orjson.loads(line)
            while coming is not None and coming[0] < row:
                yield coming[0], self._reason(*coming)
                coming = next(doubles, None)
            yield row, reason
        while coming is not None:
            yield coming[0], self._reason(*coming)
            coming = next(doubles, None)

    def _reason(self, row: int, problems: tuple[Problem, ...]) -> str:
        return " ".join(each.sentence(self.number(row)) for each in problems)


def _double(of: digests.Of, earlier: int, number: int) -> Problem:
    if earlier == BEFORE:
        return Problem("record", "ENTERED_BEFORE", "was entered by an import before this one.",
                       "Leave the row out, or enter it again with --with-duplicates.")  # fmt: skip
    return Problem("record", "DUPLICATE_IN_FILE", f"has {digests.WORDS[of]} as row {number}.",
                   "The same person: keep one row. Somebody else: enter it with --with-duplicates.")  # fmt: skip


def check(
    source: Source, conditions: Conditions, seen: Sameness, *, kept: IO[bytes], processes: int, advance: Advance,
) -> Trial:  # fmt: skip
    """Check every row of a file. ``seen`` holds the rows of imports before, and ``kept`` is an empty file for reasons.

    Raises InputRefused (FILE_MALFORMED, FILE_REFUSED) and Conflict (FILE_CHANGED).
    """
    trial = Trial(Report(conditions.plan.headings), source.before, kept)
    unchanged = Unchanged(source.path)
    with working(Checker, conditions, secrets.token_bytes(32), processes=processes) as work:
        for checked in work(chunks(source.rows())):
            unchanged.check()
            trial.take(checked)
            for digest, row in zip(checked.digests, checked.rows, strict=True):
                seen.add(digest, row)
            if len(trial.verdicts) > MOST_ROWS:
                raise InputRefused(f"has more than {MOST_ROWS:,} rows.", field="file", code="FILE_REFUSED",
                                   remedy="Split it into several files.")  # fmt: skip
            advance(len(checked.verdicts))
    trial.finish(seen)
    return trial
