"""Workbooks of Excel (.xlsx), read and written row by row with openpyxl, after archive.py has looked at them.

openpyxl parses with defusedxml where it is installed; it is locked, and seen to be in use here. Formulas are not
reckoned and their last results not trusted: a cell with one holds its text, which the cells' own rules refuse.
"""

import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from registry.bulk import archive
from registry.bulk.cells import Cell
from registry.bulk.mapping import MOST_COLUMNS
from registry.core.errors import InputRefused

if not openpyxl.DEFUSEDXML or openpyxl.LXML:
    raise ImportError("workbooks are read with defusedxml, and not with lxml: see docs/dependencies.md")

_READABLE = (str, int, float, bool)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook."""

    path: Path
    title: str
    headings: list[str]
    height: int
    kind: str = "xlsx"
    before: int = 1

    def about(self) -> int:
        """Return what the sheet says of its own height."""
        return max(self.height - 1, 1)

    def rows(self) -> Iterator[list[Cell]]:
        """Yield the rows below the headings."""
        with _workbook(self.path) as book:
            rows = _rows(book[self.title])
            next(rows)
            yield from rows


def opened(path: Path, title: str | None) -> Sheet:
    """Inspect the workbook, then look at a sheet's headings; without a title it is the first one's."""
    archive.inspect(path)
    with _workbook(path) as book:
        names = [each.title for each in book.worksheets]
        if title is None and len(names) != 1:
            raise InputRefused(f"holds {len(names)} sheets.", field="file", code="SHEET_UNKNOWN",
                               remedy="Name one: --sheet.")  # fmt: skip
        if title is not None and title not in names:
            raise InputRefused("is no sheet of this workbook.", field="--sheet", code="SHEET_UNKNOWN",
                               remedy="Name one as its tab shows it.")  # fmt: skip
        sheet = book[title or names[0]]
        headings = ["" if each is None else str(each) for each in next(_rows(sheet), [])]
        return Sheet(path, sheet.title, headings, sheet.max_row or 0)


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:  # Any: openpyxl ships no types
    """Open a workbook for reading. What openpyxl stumbles over is a malformed file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that are not read
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False, keep_vba=False)
        try:
            yield book
        finally:
            book.close()
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, ParseError, InvalidFileException,
            zipfile.BadZipFile) as problem:  # fmt: skip
        raise InputRefused("is no workbook that can be read.", field="file", code="FILE_MALFORMED",
                           remedy="Save it anew as .xlsx.") from problem  # fmt: skip


def _rows(sheet: ReadOnlyWorksheet) -> Iterator[list[Cell]]:
    """Yield rows of cells; what lies right of the columns that may be is seen as one more column."""
    for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
        cells = [_plain(each) for each in row]
        while cells and cells[-1] is None:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise InputRefused(f"has more than {MOST_COLUMNS} columns.", field="file", code="FILE_REFUSED",
                               remedy="Remove those that are not needed.")  # fmt: skip
        yield cells


def _plain(value: Any) -> Cell:  # Any: whatever openpyxl makes of a cell
    """Return a value as one of the kinds that cells know; of a formula its text, which begins with =."""
    if value is None or isinstance(value, _READABLE) or hasattr(value, "isoformat"):
        return value  # type: ignore[no-any-return]
    return "=" + (getattr(value, "text", None) or "").removeprefix("=")


def write(path: Path, title: str, rows: Iterable[list[Cell]]) -> None:
    """Write rows into a new workbook. Text is written as text: nothing in it is ever reckoned."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([_written(sheet, each) for each in row])
    book.save(path)


def _written(sheet: Any, value: Cell) -> Any:  # Any: openpyxl's cells
    if not isinstance(value, str):
        return value
    if not value:
        return None
    cell = WriteOnlyCell(sheet)
    cell.value = "".join(each for each in value if each.isprintable() or each in "\t\n\r")
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    return cell
