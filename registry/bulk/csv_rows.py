"""Tables as text: UTF-8, with or without a mark at its beginning; comma, semicolon or tab; quotes as in RFC 4180."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registry.bulk.cells import Cell
from registry.core.errors import InputRefused

DELIMITERS = ",;\t|"
_BOM = b"\xef\xbb\xbf"
_FIRST = 65_536
"""Bytes in which the headings end."""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A file of such rows, and how it is written: what is given back is written alike."""

    path: Path
    headings: list[str]
    delimiter: str
    marked: bool
    """Whether it begins with a byte order mark, as Excel writes it."""
    line_end: str
    kind: str = "csv"
    before: int = 1

    def about(self) -> int:
        """Count the lines; rows with line breaks in a cell make it too many."""
        with self.path.open("rb") as file:
            return max(sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1, 1)

    def rows(self) -> Iterator[list[Cell]]:
        """Yield the rows below the headings."""
        found = _read(self.path, self.delimiter)
        next(found)
        yield from found


def opened(path: Path) -> CsvTable:
    """Look at the first rows. Raises InputRefused (FILE_MALFORMED)."""
    with path.open("rb") as file:
        head = file.read(_FIRST)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        raise malformed("is not UTF-8.", "Save it as CSV UTF-8.")
    first = {delimiter: len(next(_read(path, delimiter), [])) for delimiter in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda each: first[each])
    headings = [str(each) for each in next(_read(path, delimiter), [])]
    return CsvTable(path, headings, delimiter, head.startswith(_BOM), "\r\n" if b"\r\n" in head else "\n")


def _read(path: Path, delimiter: str) -> Iterator[list[Cell]]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file, delimiter=delimiter, strict=True):
                number += 1
                yield list(row)
    except UnicodeDecodeError:
        raise malformed(f"is not UTF-8 after row {number}.", "Save it as CSV UTF-8.") from None
    except csv.Error as problem:
        raise malformed(f"breaks the rules of CSV after row {number} ({problem}).", "Correct the quotes.") from None


def malformed(rule: str, remedy: str) -> InputRefused:
    """Return the refusal of a file that can't be read."""
    return InputRefused(rule, field="file", code="FILE_MALFORMED", remedy=remedy)
