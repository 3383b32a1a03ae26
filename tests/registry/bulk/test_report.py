"""The report tells each row while they are few, and counts them when they are many."""

from registry.bulk.places import Place, column_letters
from registry.bulk.report import MANY, Report
from registry.bulk.verdicts import Problem, Verdict, packed, unpacked


def problem(column: int | None = 1, field: str = "birth_date", code: str = "DATE_MALFORMED") -> Problem:
    return Problem(field, code, "is no date.", "Correct it.", column)


def told(rows: int, each: Problem | None = None) -> Report:
    report = Report(["Name", "DOB"])
    for row in range(2, rows + 2):
        report.tell(row, [each or problem()])
    return report


def test_few_rows_are_told_each_with_its_cell() -> None:
    report = told(MANY - 1)

    assert report.as_text().startswith("B2 birth_date is no date. Correct it. [DATE_MALFORMED]\nB3 ")
    said = report.to_json()
    assert len(said["problems"]) == MANY - 1
    assert said["problems"][0] == {
        "row": 2, "cell": "B2", "field": "birth_date", "code": "DATE_MALFORMED", "rule": "is no date.",
        "remedy": "Correct it.",
    }  # fmt: skip
    assert said["columns"] == []


def test_many_rows_of_one_kind_are_told_once_with_the_first_of_them() -> None:
    report = told(1_234)

    assert report.as_text().splitlines()[0] == (
        'column B "DOB", 1,234 rows: is no date. Correct it. [DATE_MALFORMED] (B2, B3, B4, B5, B6, …)'
    )
    said = report.to_json()
    assert said["problems"] == []
    (column,) = said["columns"]
    assert (column["column"], column["heading"], column["rows"]) == ("B", "DOB", 1_234)
    assert column["first"][:2] == ["B2", "B3"]
    assert len(column["first"]) < MANY


def test_kinds_are_told_apart_by_column_field_and_code_whatever_the_place_in_a_list() -> None:
    report = Report(["Name", "DOB"])
    for row in range(MANY):
        report.tell(row, [problem(None, f"phones[{row}].number", "PHONE_MALFORMED")])
    report.tell(99, [problem()])

    said = report.to_json()
    assert [(each["field"], each["rows"], each["column"]) for each in said["columns"]] == [
        ("phones[].number", MANY, None)
    ]
    assert [each["cell"] for each in said["problems"]] == ["B99"]
    assert "phones[].number, 16 rows" in report.as_text()


def test_rows_are_counted() -> None:
    report = Report([])
    report.count(bytes([Verdict.EMPTY, Verdict.READY, Verdict.READY, Verdict.NEEDS_FIXING, Verdict.REFUSED]))
    report.left_behind = 2

    assert report.as_text() == (
        "2 ready, 1 to be fixed, 0 possible duplicates, 1 refused, 2 rows without their photographs"
    )
    assert {name: report.to_json()[name] for name in ("rows", "ready", "needs_fixing", "refused")} == {
        "rows": 4, "ready": 2, "needs_fixing": 1, "refused": 1,
    }  # fmt: skip


def test_a_place_is_called_as_a_spreadsheet_calls_it() -> None:
    assert [column_letters(each) for each in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert (Place(17, 2).cell, Place(17).cell) == ("C17", "row 17")


def test_verdicts_are_kept_in_few_bytes() -> None:
    verdicts = bytes([Verdict.READY, Verdict.REFUSED]) * 100_000

    assert unpacked(packed(verdicts)) == verdicts
    assert len(packed(verdicts)) < 2_000
