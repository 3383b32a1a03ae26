"""CSV is read in the forms in which spreadsheets write it, and refused where it can't be read for certain."""

from pathlib import Path

import pytest

from registry.bulk import csv_rows, files
from registry.bulk.csv_rows import CsvTable
from registry.core.errors import InputRefused


def opened(path: Path, content: bytes) -> CsvTable:
    path = path / "old.csv"
    path.write_bytes(content)
    found = files.opened(path)
    assert isinstance(found, CsvTable)
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiter_mark_and_line_ends_are_seen(tmp_path: Path, delimiter: str, bom: bytes, end: str) -> None:
    lines = [["Name", f'"a {delimiter} b"', "DOB"], ['"Juma ""Jay"" M\n2nd"', "Wanjikũ", ""]]
    content = bom + end.join(delimiter.join(line) for line in [*lines, []]).encode()

    table = opened(tmp_path, content)

    assert (table.delimiter, table.marked, table.line_end) == (delimiter, bool(bom), end)
    assert table.headings == ["Name", f"a {delimiter} b", "DOB"]
    assert list(table.rows()) == [['Juma "Jay" M\n2nd', "Wanjikũ", ""]]
    assert table.about() >= 1


def test_an_empty_line_is_a_row_of_its_own(tmp_path: Path) -> None:
    """Or the rows below would have other addresses than a spreadsheet shows."""
    assert list(opened(tmp_path, b"Name,DOB\n\nJuma,1971\n").rows()) == [[], ["Juma", "1971"]]


@pytest.mark.parametrize(
    "content",
    [
        "Name,DOB\nJuma,1971\n".encode("utf-16"), b"Name,DOB\nWanjik\xfc,1971\n", b"Name\0,DOB\n",
        b'Name,DOB\n"Juma,1971\n', b'Name,DOB\n"Juma"x,1971\n', b"Name\n" + b"x" * 200_000,
    ],
)  # fmt: skip
def test_what_can_not_be_read_for_certain_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        list(opened(tmp_path, content).rows())

    assert refused.value.code == "FILE_MALFORMED"


@pytest.mark.parametrize("content", [b"", b" \n\n"])
def test_an_empty_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "old.csv").write_bytes(content)

    with pytest.raises(InputRefused) as refused:
        files.opened(tmp_path / "old.csv")

    assert refused.value.code == "FILE_MALFORMED"


def test_sheets_are_for_workbooks(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_bytes(b"Name\nJuma\n")

    with pytest.raises(InputRefused) as refused:
        files.opened(tmp_path / "old.csv", "Sheet1")

    assert refused.value.field == "--sheet"


def test_all_delimiters_are_tried() -> None:
    assert set(csv_rows.DELIMITERS) == set(",;\t|")
