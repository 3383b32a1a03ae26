"""`registry import`: what is checked is entered, once, in batches that each have their transaction and entry."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bulk import operations
from registry.bulk.models import import_mappings
from registry.bulk.reading import RowReader
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from registry.profiles.models import profiles, revisions
from tests import factories
from tests.registry.bulk import books, test_bad_rows
from tests.registry.cli.conftest import Shell, on_behalf

REGISTRAR = on_behalf(Role.REGISTRAR)
BASIS = ["--set", "legal_basis.code=KE-SOA-39-13", "--set", "legal_basis.article=SOA 39(13)"]
DAY_FIRST = ["--dates", "DD/MM/YYYY"]
HEADINGS = ["Jina kamili", "DOB", "ID No", "Phone 1", "Offence", "Court", "Case No", "Convicted on", "Sentence"]


def written(path: Path, *records: object) -> Path:
    """Write records, or lines that are none, into a file."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def people(count: int) -> list[dict[str, Any]]:
    return [factories.named(f"Invented Person {'abcdefghijklmnop'[place]}") for place in range(count)]


def row(place: int, **changes: str) -> list[str]:
    """Return a row of an old register, as a spreadsheet has it."""
    one = factories.conviction()
    usual = [f"Invented Person {'abcdefghijklmnop'[place]}", f"{place + 1}/05/1971", f"INV000{place}",
             f"+2547123456{place:02d}", one["offence"], "Invented Court", f"SO {place}/2015", "9/3/2015",
             "Ten years"]  # fmt: skip
    return list((dict(zip(HEADINGS, usual, strict=True)) | changes).values())


def table(path: Path, rows: Iterable[list[str]], headings: list[str] = HEADINGS) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def counted(shell: Shell) -> tuple[int, int]:
    """Return how many revisions and profiles there are."""

    def count(connection: Connection) -> tuple[int, int]:
        one, two = (
            connection.execute(sa.select(sa.func.count()).select_from(each)).scalar_one()
            for each in (revisions, profiles)
        )
        return one, two

    return shell.database(count)


def events(shell: Shell) -> list[str]:
    return [event["name"] for entry in shell.log() for event in entry["body"]["events"]]


def found(said: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(each["cell"], each["field"], each["code"]) for each in said["problems"]}


# -- the dry run


def test_a_dry_run_reports_and_enters_nothing(shell: Shell, tmp_path: Path) -> None:
    said = shell.json("import", written(tmp_path / "good.jsonl", *people(3)), "--dry-run", *REGISTRAR)

    assert said == {
        "rows": 3, "ready": 3, "needs_fixing": 0, "possible_duplicates": 0, "refused": 0, "photographs_left_behind": 0,
        "problems": [], "columns": [], "entered": 0,
    }  # fmt: skip
    assert counted(shell) == (0, 0)
    assert events(shell) == ["import:begun", "import:recalled", "import:rows:recalled", "import:checked"]


def test_a_report_names_row_field_rule_remedy_and_code(shell: Shell, tmp_path: Path) -> None:
    bad = factories.record(county="Atlantis", phones=["12"])
    file = written(tmp_path / "bad.jsonl", *people(2), bad, "{nonsense", "", factories.record(victim="x"))

    said = shell.json("import", file, "--dry-run", *REGISTRAR, expected=2)
    words = shell.run("import", file, "--dry-run", *REGISTRAR, expected=2).stdout

    assert (said["rows"], said["ready"], said["needs_fixing"], said["refused"]) == (5, 2, 2, 1)
    assert found(said) == {
        ("row 3", "county", "CODE_UNKNOWN"), ("row 3", "phones[0].number", "PHONE_MALFORMED"),
        ("row 4", "record", "RECORD_MALFORMED"), ("row 6", "victim", "VICTIM_DATA"),
    }  # fmt: skip
    assert words.startswith("row 3 county is not one of the known codes. ")
    assert words.endswith("2 ready, 2 to be fixed, 0 possible duplicates, 1 refused\n")


def test_many_rows_of_one_kind_are_told_by_their_column(shell: Shell, tmp_path: Path) -> None:
    rows = [row(place % 16, DOB="May 1971") for place in range(40)]

    said = shell.json(
        "import", table(tmp_path / "old.csv", rows), "--dry-run", *DAY_FIRST, *BASIS, *REGISTRAR, expected=2
    )

    (column,) = said["columns"]
    assert (column["column"], column["heading"], column["field"], column["rows"]) == ("B", "DOB", "birth_date", 40)
    assert column["first"][:3] == ["B2", "B3", "B4"]


def test_the_users_own_file_comes_back_with_status_and_reason(shell: Shell, tmp_path: Path) -> None:
    rows = [row(0), row(1, DOB="17.5.1971"), row(2, Sentence="=1+1"), row(3, **{"Phone 1": "+254712345600"})]
    file = table(tmp_path / "old.csv", rows)

    shell.json("import", file, "--dry-run", "--out", tmp_path / "new.csv", *DAY_FIRST, *BASIS, *REGISTRAR, expected=2)

    back = list(csv.DictReader((tmp_path / "new.csv").read_text(encoding="utf-8").splitlines()))
    assert list(back[0]) == [*HEADINGS, "status", "reason"]
    assert [each["status"] for each in back] == ["ready", "needs fixing", "needs fixing", "possible duplicate"]
    assert back[1]["reason"].startswith("B3 birth_date is not written as DD/MM/YYYY.")
    assert back[2]["reason"].startswith("I4 convictions[0].sentence begins like a formula.")
    assert (back[2]["Sentence"], back[0]["Phone 1"]) == ("'=1+1", "'+254712345600")
    assert "same phone as row 2" in back[3]["reason"]


def test_a_file_that_is_mended_and_brought_again_is_read_as_before(shell: Shell, tmp_path: Path) -> None:
    """With the added columns, disarmed cells and all; the mapping is remembered."""
    file, out = table(tmp_path / "old.csv", [row(0), row(1, DOB="May")]), tmp_path / "new.csv"
    shell.json("import", file, "--dry-run", "--out", out, *DAY_FIRST, *BASIS, *REGISTRAR, expected=2)

    out.write_text(out.read_text(encoding="utf-8").replace(",May,", ",17/5/1971,"), encoding="utf-8")
    said = shell.json("import", out, "--dry-run", *REGISTRAR)

    assert said["ready"] == 2
    assert shell.json("import", out, *REGISTRAR)["entered"] == 2


def test_a_workbook_is_read_and_comes_back_as_one(shell: Shell, tmp_path: Path) -> None:
    file = books.book(tmp_path / "old.xlsx", [HEADINGS, row(0), row(1, Court="=1+1")])

    said = shell.json("import", file, "--dry-run", "--out", tmp_path / "new.xlsx", *DAY_FIRST, *BASIS, *REGISTRAR,
                      expected=2)  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "new.xlsx").active

    assert found(said) == {("F3", "convictions[0].court", "FORMULA_REFUSED")}
    assert [each.value for each in sheet["J"]] == ["status", "ready", "needs fixing"]
    assert shell.json("import", file, "--ready-only", *REGISTRAR)["entered"] == 1


def test_a_likely_duplicate_in_the_register_is_told_and_entered_in_the_log(shell: Shell, tmp_path: Path) -> None:
    known = shell.database(lambda connection: factories.vetted(connection, factories.record()))
    file = written(tmp_path / "old.jsonl", factories.record(county=None), *people(1))

    said = shell.json("import", file, "--dry-run", *REGISTRAR, expected=2)

    assert (said["ready"], said["possible_duplicates"]) == (1, 1)
    assert {code for _, _, code in found(said)} == {"DUPLICATE_POSSIBLE"}
    assert f"may be the person of profile {public_id('profile', known)} (" in said["problems"][0]["rule"]
    (event,) = [each for entry in shell.log() for each in entry["body"]["events"] if each["name"] == "import:checked"]
    assert event["records"] == [str(known)]


def test_a_victims_column_ends_it_before_a_row_is_read(shell: Shell, tmp_path: Path) -> None:
    file = table(tmp_path / "old.csv", [[*row(0), "x"]], [*HEADINGS, "Jina la mtoto"])

    said = shell.json("import", file, "--dry-run", *DAY_FIRST, *BASIS, *REGISTRAR, expected=2)

    assert (said["error"]["code"], said["error"]["field"]) == ("VICTIM_DATA", "J1")
    assert events(shell) == ["import:begun"]
    assert shell.database(lambda each: each.execute(sa.select(import_mappings)).all()) == []


def test_what_a_check_found_is_written_where_one_was_made_and_never_over_the_file(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))

    assert "add --dry-run" in shell.run("import", file, "--out", tmp_path / "x", *REGISTRAR, expected=2).stderr
    assert "is read" in shell.run("import", file, "--dry-run", "--out", file, *REGISTRAR, expected=2).stderr


# -- mappings


def test_what_headings_mean_is_printed_to_be_mended(shell: Shell, tmp_path: Path) -> None:
    file = table(tmp_path / "old.csv", [row(0)], [*HEADINGS[:-1], "Adhabu iliyotolewa"])
    printed = shell.run("import", file, "--print-mapping", *BASIS, *DAY_FIRST, *REGISTRAR).stdout
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        printed.replace('"Adhabu iliyotolewa" = ""', '"Adhabu iliyotolewa" = "convictions[0].sentence"'),
        encoding="utf-8",
    )

    assert '"Jina kamili" = "names[0].full"' in printed
    assert shell.json("import", file, "--dry-run", "--mapping", mapping, *REGISTRAR)["ready"] == 1
    assert shell.json("import", file, *REGISTRAR)["entered"] == 1, "the mapping is remembered"


def test_how_the_columns_are_read_is_shown(shell: Shell, tmp_path: Path) -> None:
    file = table(tmp_path / "old.csv", [[*row(0), "x"]], [*HEADINGS, "Shoe size"])

    said = shell.run("import", file, "--dry-run", *DAY_FIRST, *BASIS, *REGISTRAR).stderr

    assert "Jina kamili: names[0].full" in said
    assert "Shoe size: not taken over" in said
    assert "in every row: legal_basis.code = KE-SOA-39-13" in said
    assert "dates: DD/MM/YYYY" in said


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (["--dates", "DD/MM"], "MAPPING_MALFORMED", "dates"),
        (["--set", "legal_basis.code"], "MAPPING_MALFORMED", "--set"),
        (["--set", "nobody.knows=1"], "MAPPING_MALFORMED", 'constants."nobody.knows"'),
        (["--sheet", "Men"], "FILE_REFUSED", "--sheet"),
    ],
)
def test_a_mistake_in_the_command_is_told_by_its_option(
    shell: Shell, tmp_path: Path, given: list[str], code: str, field: str
) -> None:
    said = shell.json("import", table(tmp_path / "old.csv", [row(0)]), "--dry-run", *given, *REGISTRAR, expected=2)

    assert (said["error"]["code"], said["error"]["field"]) == (code, field)


def test_what_is_for_tables_is_not_passed_over_for_lines_of_json(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))

    said = shell.json("import", file, "--dry-run", *DAY_FIRST, *REGISTRAR, expected=2)

    assert said["error"]["field"] == "--dates"


# -- entering


def test_what_was_checked_is_entered_batch_by_batch(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(5))
    shell.json("import", file, "--dry-run", *REGISTRAR)

    said = shell.json("import", file, "--reason", "An invented move", "--chunk", 2, *REGISTRAR)

    assert said == {"entered": 5, "finished": True}
    assert counted(shell) == (5, 0)
    log = [entry for entry in shell.log() if "import:batch" in [each["name"] for each in entry["body"]["events"]]]
    assert [len(each["body"]["events"][0]["records"]) for each in log] == [2, 2, 1]
    assert {(each["kind"], each["operation"], each["outcome"]) for each in log} == {("command", "import", "allowed")}
    reasons = shell.database(lambda connection: connection.execute(sa.select(revisions.c.reason)).scalars().all())
    assert set(reasons) == {"An invented move"}


def test_nothing_is_entered_that_was_not_checked(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(2))

    assert shell.json("import", file, *REGISTRAR, expected=1)["error"]["code"] == "DRY_RUN_NEEDED"

    shell.json("import", file, "--dry-run", *REGISTRAR)
    written(file, *people(3))
    assert shell.json("import", file, *REGISTRAR, expected=1)["error"]["code"] == "DRY_RUN_NEEDED"
    assert counted(shell) == (0, 0)


def test_yes_checks_and_enters_at_once(shell: Shell, tmp_path: Path) -> None:
    said = shell.json("import", written(tmp_path / "good.jsonl", *people(3)), "--yes", *REGISTRAR)

    assert (said["ready"], said["entered"], said["finished"]) == (3, 3, True)


def test_one_bad_row_keeps_the_whole_file_out(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "bad.jsonl", *people(2), "{nonsense")

    assert shell.json("import", file, "--yes", *REGISTRAR, expected=2)["entered"] == 0
    assert shell.json("import", file, *REGISTRAR, expected=2)["error"]["code"] == "ROWS_NOT_READY"
    assert counted(shell) == (0, 0)


def test_ready_rows_alone_are_entered_on_demand_and_doubles_too(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "bad.jsonl", *people(2), "{nonsense", *people(1))

    said = shell.json("import", file, "--yes", "--ready-only", *REGISTRAR)

    assert (said["possible_duplicates"], said["needs_fixing"], said["entered"]) == (1, 1, 2)
    other = written(tmp_path / "more.jsonl", *people(1), *people(1))
    assert shell.json("import", other, "--yes", "--with-duplicates", *REGISTRAR)["entered"] == 2
    assert counted(shell) == (4, 0)


def test_a_row_that_another_file_has_entered_is_known_again(shell: Shell, tmp_path: Path) -> None:
    shell.json("import", written(tmp_path / "one.jsonl", *people(3)), "--yes", *REGISTRAR)

    said = shell.json("import", written(tmp_path / "two.jsonl", *people(4)), "--dry-run", *REGISTRAR, expected=2)

    assert (said["ready"], said["possible_duplicates"]) == (1, 3)
    assert {code for _, _, code in found(said)} == {"ENTERED_BEFORE"}


def test_a_file_that_is_entered_says_so_and_does_nothing(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(3))
    shell.json("import", file, "--yes", *REGISTRAR)

    for more in ((), ("--dry-run",), ("--yes",)):
        assert shell.json("import", file, *more, *REGISTRAR) == {"entered": 3, "finished": True}
    assert "Nothing is to be done" in shell.run("import", file, *REGISTRAR).stdout
    assert counted(shell) == (3, 0)


def test_an_import_that_stops_goes_on_with_the_same_command(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "good.jsonl", *people(5))
    shell.json("import", file, "--dry-run", *REGISTRAR)
    whole = operations.enter_batch

    def failing(work: Any, *given: Any, **more: Any) -> Any:
        if more["entering"].first == 4:
            raise RuntimeError("an invented failure")
        return whole(work, *given, **more)

    monkeypatch.setattr(operations, "enter_batch", failing)
    done = shell.run("import", file, "--chunk", 2, *REGISTRAR, expected=1)
    assert "the same command goes on" in done.stderr
    assert counted(shell) == (4, 0)

    monkeypatch.setattr(operations, "enter_batch", whole)
    assert shell.json("import", file, "--chunk", 3, *REGISTRAR) == {"entered": 5, "finished": True}
    assert counted(shell) == (5, 0)


def test_rules_that_changed_since_the_dry_run_stop_it(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path / "good.jsonl", *people(3))
    shell.json("import", file, "--dry-run", *REGISTRAR)
    monkeypatch.setattr("registry.profiles.intake.LEAST_LETTERS", 99)

    said = shell.json("import", file, *REGISTRAR, expected=1)

    assert said["error"]["code"] == "CHECK_OUTDATED"
    assert "Row 1" in said["error"]["message"]
    assert counted(shell) == (0, 0)


def test_rows_may_be_read_in_processes_of_their_own(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(5), "{nonsense")

    said = shell.json("import", file, "--yes", "--ready-only", "--processes", 1, "--chunk", 2, *REGISTRAR)

    assert (said["ready"], said["needs_fixing"], said["entered"]) == (5, 1, 5)


def test_no_bad_row_is_half_written(shell: Shell, tmp_path: Path) -> None:
    reader, file = RowReader(test_bad_rows.PLAN), tmp_path / "bad.jsonl"
    lines = [json.dumps(each) for at, each in enumerate(test_bad_rows.mutations()) if at % 5 == 0]
    bad = [each for each in lines if (read := reader.read(each.encode(), test_bad_rows.TODAY)) and read.problems]
    file.write_text("\n".join([json.dumps(factories.record()), *bad]) + "\n", encoding="utf-8")
    options = ["--yes", "--ready-only", "--out", tmp_path / "told.jsonl", *REGISTRAR]

    said = shell.json("import", file, *options)

    assert len(bad) > 200
    assert (said["ready"], said["needs_fixing"] + said["refused"], said["entered"]) == (1, len(bad), 1)
    told = [json.loads(each) for each in (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    assert all(each["reason"] for each in told[1:])
    assert counted(shell) == (1, 0)


# -- who, and on what


@pytest.mark.parametrize(
    ("given", "code", "outcome"),
    [
        (on_behalf(Role.INVESTIGATOR), "FORBIDDEN", "denied"),
        ([*REGISTRAR[:3], "NOBODY", *REGISTRAR[4:]], "OFFICER_UNKNOWN", "denied"),
    ],
)
def test_who_may_not_propose_is_refused_and_entered(
    shell: Shell, tmp_path: Path, given: list[str], code: str, outcome: str
) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))

    assert shell.json("import", file, "--dry-run", *given, expected=3)["error"]["code"] == code

    (entry,) = shell.log()
    assert (entry["outcome"], entry["code"]) == (outcome, code)


def test_a_case_reference_of_another_form_is_bad_input(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))

    said = shell.json("import", file, "--dry-run", *on_behalf(Role.REGISTRAR, "no case"), expected=2)

    assert said["error"]["code"] == "DETAILS_REFUSED"
    assert [each["outcome"] for each in shell.log()] == ["failed"]


def test_a_register_that_does_not_answer_is_exit_code_75(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))
    nobody = "postgresql://registry@127.0.0.1:1/register"

    said = shell.json("import", file, "--dry-run", *REGISTRAR, expected=75, REGISTRY_DATABASE_URL=nobody)

    assert said["error"]["code"] == "UNAVAILABLE"


def test_a_file_that_is_not_there_is_a_mistake_in_the_command(shell: Shell, tmp_path: Path) -> None:
    assert "does not exist" in shell.run("import", tmp_path / "nothing", *REGISTRAR, expected=2).stderr
