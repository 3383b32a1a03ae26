"""The user's own file comes back as it was, with two more columns, and nothing in it is executed."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from registry.bulk import annotated, files
from registry.bulk.annotated import Notes
from registry.bulk.cells import EXECUTED
from registry.bulk.verdicts import Verdict
from tests.registry.bulk import books

VERDICTS = bytes([Verdict.READY, Verdict.NEEDS_FIXING, Verdict.EMPTY, Verdict.DUPLICATE, Verdict.REFUSED])
STATUSES = ["ready", "needs fixing", "", "possible duplicate", "refused"]


def notes() -> Notes:
    def reasons() -> Iterator[tuple[int, str]]:
        yield 1, "B3 birth_date is no date."
        yield 4, "=HYPERLINK(1)"

    return Notes(VERDICTS, reasons())


ROWS = [["Juma", "+254712345678"], ["=1+1", "@x"], [], ["\tAsha", "-2"], ['Wanjikũ; "Jay"\n2nd', ""]]


@pytest.mark.parametrize(("delimiter", "bom", "end"), [(",", "", "\n"), (";", "\ufeff", "\r\n"), ("\t", "", "\r\n")])
def test_a_csv_comes_back_in_its_own_form(tmp_path: Path, delimiter: str, bom: str, end: str) -> None:
    source = tmp_path / "old.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        file.write(bom)
        csv.writer(file, delimiter=delimiter, lineterminator=end).writerows([["Name", "Phone"], *ROWS])

    annotated.write(files.opened(source), tmp_path / "new.csv", notes())

    raw = (tmp_path / "new.csv").read_bytes().decode()
    assert raw.startswith(f"{bom}Name{delimiter}Phone{delimiter}status{delimiter}reason{end}")
    rows = list(csv.reader(raw.removeprefix(bom).splitlines(keepends=True), delimiter=delimiter))
    assert [row[2] for row in rows[1:]] == STATUSES
    assert rows[1][:2] == ["Juma", "'+254712345678"]
    assert rows[5][0] == ROWS[4][0]
    assert not [cell for row in rows for cell in row if cell.startswith(EXECUTED)]


def test_a_workbook_comes_back_as_one_whose_texts_are_texts(tmp_path: Path) -> None:
    source = books.book(tmp_path / "old.xlsx", [["Name", "Phone"], *ROWS], titles=("Men",))

    annotated.write(files.opened(source), tmp_path / "new.xlsx", notes())

    sheet = openpyxl.load_workbook(tmp_path / "new.xlsx")["Men"]
    rows = list(sheet.iter_rows())
    assert [each.value for each in rows[0]] == ["Name", "Phone", "status", "reason"]
    assert [row[2].value or "" for row in rows[1:]] == STATUSES
    assert rows[2][0].value == "=1+1"
    assert {each.data_type for row in rows for each in row} <= {"s", "n"}
    assert b"<f" not in books.parts(tmp_path / "new.xlsx")["xl/worksheets/sheet1.xml"].replace(b"<font", b"")


def test_lines_of_json_get_two_members_and_keep_their_own_words(tmp_path: Path) -> None:
    source = tmp_path / "old.jsonl"
    lines = ['{"a": 1.50, "b": "\\u00e9"}', "{bad", "", "{}", '{"status": "old", "a": 2, "reason": "old"} ']
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")

    annotated.write(files.opened(source), tmp_path / "new.jsonl", notes())

    written = (tmp_path / "new.jsonl").read_text(encoding="utf-8").splitlines()
    assert written[0] == '{"a": 1.50, "b": "\\u00e9","status":"ready","reason":""}'
    assert json.loads(written[1]) == {"unread": "{bad", "status": "needs fixing", "reason": "B3 birth_date is no date."}
    assert written[2] == ""
    assert json.loads(written[3]) == {"status": "possible duplicate", "reason": ""}
    assert json.loads(written[4]) == {"a": 2, "status": "refused", "reason": "=HYPERLINK(1)"}


def test_the_line_about_an_export_stays_first(tmp_path: Path) -> None:
    source = tmp_path / "old.jsonl"
    source.write_text('{"register_export": {}}\n' + "{}\n" * 5, encoding="utf-8")

    annotated.write(files.opened(source), tmp_path / "new.jsonl", notes())

    written = (tmp_path / "new.jsonl").read_text(encoding="utf-8").splitlines()
    assert written[0] == '{"register_export": {}}'
    assert len(written) == 6


def test_columns_of_an_earlier_dry_run_are_written_over(tmp_path: Path) -> None:
    source = tmp_path / "old.csv"
    source.write_text("Name,status,reason\n" + "Juma,old,old\n" * 5, encoding="utf-8")

    annotated.write(files.opened(source), tmp_path / "new.csv", notes())

    rows = list(csv.reader((tmp_path / "new.csv").read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["Name", "status", "reason"]
    assert [row[1] for row in rows[1:]] == STATUSES


def test_a_row_that_is_too_wide_keeps_all_its_cells(tmp_path: Path) -> None:
    source = tmp_path / "old.csv"
    source.write_text("Name\n" + "Juma,more\n" * 5, encoding="utf-8")

    annotated.write(files.opened(source), tmp_path / "new.csv", notes())

    assert (tmp_path / "new.csv").read_text(encoding="utf-8").splitlines()[1] == "Juma,more,ready,"


def test_the_file_is_its_owners_only_and_appears_whole(tmp_path: Path) -> None:
    source = tmp_path / "old.csv"
    source.write_text("Name\n" + "Juma\n" * 4, encoding="utf-8")
    (tmp_path / "new.csv").write_text("as it was", encoding="utf-8")

    with pytest.raises(ValueError, match=r"shorter|longer"):  # five verdicts for four rows
        annotated.write(files.opened(source), tmp_path / "new.csv", notes())
    assert (tmp_path / "new.csv").read_text(encoding="utf-8") == "as it was"
    assert [each.name for each in tmp_path.iterdir() if each.suffix == ".part"] == []

    source.write_text("Name\n" + "Juma\n" * 5, encoding="utf-8")
    annotated.write(files.opened(source), tmp_path / "new.csv", notes())
    assert (tmp_path / "new.csv").stat().st_mode & 0o777 == 0o600
