"""Workbooks are read row by row, and written so that nothing in them is ever reckoned."""

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from registry.bulk import files, workbook
from registry.bulk.cells import EXECUTED
from registry.bulk.mapping import MOST_COLUMNS
from registry.bulk.workbook import Sheet
from registry.core.errors import InputRefused
from tests.registry.bulk import books

DAY = datetime(1971, 5, 17)  # noqa: DTZ001  spreadsheets know no zones


def opened(path: Path, sheet: str | None = None) -> Sheet:
    found = files.opened(path, sheet)
    assert isinstance(found, Sheet)
    return found


def test_cells_keep_their_kind(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Juma", DAY, 254712345678, True], [], [None, None, 1.5]]
    path = books.book(tmp_path / "old.xlsx", [["Name", "DOB", "Phone", "Verified"], *rows])

    sheet = opened(path)

    assert sheet.headings == ["Name", "DOB", "Phone", "Verified"]
    assert list(sheet.rows()) == rows
    assert sheet.about() == 3


def test_a_formula_is_its_text_and_its_last_result_is_not_trusted(tmp_path: Path) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"], ["=HYPERLINK(1)"], ["=1+1"]])

    assert list(opened(path).rows()) == [["=HYPERLINK(1)"], ["=1+1"]]


def test_of_several_sheets_one_is_named(tmp_path: Path) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"], ["Juma"]], [["Name"], ["Asha"]], titles=("Men", "Women"))

    assert list(opened(path, "Women").rows()) == [["Asha"]]
    for title in (None, "Nobody"):
        with pytest.raises(InputRefused) as refused:
            files.opened(path, title)
        assert refused.value.code == "SHEET_UNKNOWN"


def test_two_sheets_of_one_workbook_are_two_files(tmp_path: Path) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"]], [["Name"]], titles=("Men", "Women"))
    content = files.digest(path)

    assert files.identity(opened(path, "Men"), content) != files.identity(opened(path, "Women"), content)


def test_what_lies_far_to_the_right_is_not_cut_off_in_silence(tmp_path: Path) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"], [*[None] * MOST_COLUMNS, "lost"]])

    with pytest.raises(InputRefused) as refused:
        list(opened(path).rows())

    assert refused.value.code == "FILE_REFUSED"


@pytest.mark.parametrize("begin", EXECUTED)
def test_what_is_written_is_text_whatever_it_begins_with(tmp_path: Path, begin: str) -> None:
    workbook.write(tmp_path / "new.xlsx", "Sheet", [[f"{begin}HYPERLINK(1)", "\x07bell", 5, None, DAY]])

    cells = openpyxl.load_workbook(tmp_path / "new.xlsx").active[1]
    assert [each.data_type for each in cells] == ["s", "s", "n", "n", "d"]
    assert cells[1].value == "bell"
    assert b"<f>" not in books.parts(tmp_path / "new.xlsx")["xl/worksheets/sheet1.xml"]


def test_only_what_is_safe_reads_workbooks() -> None:
    assert openpyxl.DEFUSEDXML
    assert not openpyxl.LXML
