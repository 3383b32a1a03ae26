"""The user's own file again, in its format and order, with two more columns: status and reason.

Whatever is written into a table is disarmed first: no spreadsheet executes a cell of it (cells.py). A file that is
brought again with these columns has them written over.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from registry.bulk import workbook
from registry.bulk.cells import Cell, disarmed
from registry.bulk.csv_rows import CsvTable
from registry.bulk.files import Source
from registry.bulk.mapping import OURS, own as own_columns
from registry.bulk.reading import ADDED
from registry.bulk.verdicts import WORDS, Verdict
from registry.bulk.workbook import Sheet
from registry.bulk.written import whole


@dataclass(frozen=True, slots=True)
class Notes:
    """What is written beside each row."""

    verdicts: bytes
    reasons: Iterator[tuple[int, str]]
    """Rows that have a reason, in their order."""

    def each(self) -> Iterator[tuple[str, str]]:
        """Yield status and reason of row after row."""
        coming = next(self.reasons, None)
        for row, verdict in enumerate(self.verdicts):
            reason = ""
            if coming is not None and coming[0] == row:
                reason, coming = coming[1], next(self.reasons, None)
            yield WORDS[Verdict(verdict)], reason


def write(source: Source, out: Path, notes: Notes) -> None:
    """Write the file again, whole or not at all, for its owner's eyes only."""
    with whole(out) as part:
        if isinstance(source, Sheet):
            workbook.write(part, source.title, _table(source, notes))
        elif isinstance(source, CsvTable):
            _write_csv(source, part, notes)
        else:
            _write_lines(source, part, notes)


def _table(source: Source, notes: Notes) -> Iterator[list[Cell]]:
    """Yield the headings and every row, each with its two more cells."""
    assert source.headings is not None
    own = own_columns(source.headings)
    yield [*source.headings[:own], *OURS]
    for row, (status, reason) in zip(source.rows(), notes.each(), strict=True):
        assert isinstance(row, list)
        cells: list[Cell] = [*row[:own], *[None] * (own - len(row)), *row[len(source.headings) :]]
        yield [*cells, status, reason]


def _write_csv(source: CsvTable, part: Path, notes: Notes) -> None:
    encoding = "utf-8-sig" if source.marked else "utf-8"
    with part.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=source.delimiter, lineterminator=source.line_end)
        for row in _table(source, notes):
            writer.writerow([disarmed(str(each)) if each is not None else "" for each in row])


def _write_lines(source: Source, part: Path, notes: Notes) -> None:
    with part.open("wb") as file, source.path.open("rb") as original:
        for _ in range(source.before):
            file.write(original.readline())
        for line, (status, reason) in zip(source.rows(), notes.each(), strict=True):
            assert isinstance(line, bytes)
            file.write(_noted(line, {"status": status, "reason": reason}) + b"\n")


def _noted(line: bytes, notes: Mapping[str, str]) -> bytes:
    """Return a line with two more members, its own left as they are written; one that is no object within a new one."""
    if not line.strip():
        return line
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        return orjson.dumps({"unread": line.decode("utf-8", "replace"), **notes})
    if not ADDED.isdisjoint(value):
        return orjson.dumps({**{name: each for name, each in value.items() if name not in ADDED}, **notes})
    own = line.rstrip()[:-1].rstrip()
    return own + (b"," if value else b"") + orjson.dumps(notes)[1:]
