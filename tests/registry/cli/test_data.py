"""`registry import`: the whole file is checked before anything is written; each batch has its transaction and entry."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.cli import data
from registry.disclosure.vocabulary import Role
from registry.profiles.models import profiles, revisions
from tests import factories
from tests.registry.cli.conftest import Shell, on_behalf

REGISTRAR = on_behalf(Role.REGISTRAR)


def written(path: Path, *records: object) -> Path:
    """Write records, or lines that are none, into a file."""
    lines = [each if isinstance(each, str) else json.dumps(each) for each in records]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def people(count: int) -> list[dict[str, Any]]:
    return [factories.named(f"Invented Person {'abcdefghijklmnop'[place]}") for place in range(count)]


def rows(shell: Shell) -> tuple[int, int]:
    """Return how many revisions and profiles there are."""

    def count(connection: Connection) -> tuple[int, int]:
        one, two = (
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (revisions, profiles)
        )
        return one, two

    return shell.database(count)


def test_a_dry_run_reports_and_writes_nothing(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(3))

    said = shell.json("import", file, "--dry-run", *REGISTRAR)

    assert said == {"ready": 3, "refused": 0, "proposed": 0, "problems": []}
    assert rows(shell) == (0, 0)
    assert [event["name"] for entry in shell.log() for event in entry["body"]["events"]] == ["import:begun"]


def test_one_bad_line_keeps_the_whole_file_out(shell: Shell, tmp_path: Path) -> None:
    bad = factories.record(county="Atlantis", phones=["12"])
    file = written(tmp_path / "bad.jsonl", *people(2), bad, "{nonsense", *people(1))

    said = shell.json("import", file, *REGISTRAR, expected=2)

    assert (said["ready"], said["refused"], said["proposed"]) == (3, 2, 0)
    assert {(each["line"], each["field"], each["code"]) for each in said["problems"]} == {
        (3, "county", "CODE_UNKNOWN"), (3, "phones[0]", "PHONE_MALFORMED"), (4, "record", "RECORD_MALFORMED"),
    }  # fmt: skip
    assert rows(shell) == (0, 0)
    assert [event["name"] for entry in shell.log() for event in entry["body"]["events"]] == ["import:begun"]


def test_a_report_for_people_names_line_field_rule_remedy_and_code(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "bad.jsonl", factories.record(county="Atlantis"))

    said = shell.run("import", file, *REGISTRAR, expected=2).stdout

    assert said.startswith("line 1: county is not one of the known codes. ")
    assert "[CODE_UNKNOWN]" in said
    assert said.endswith("0 ready, 1 refused, 0 proposed\n")


def test_many_refusals_are_counted_and_the_first_ones_told(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "bad.jsonl", *["{nonsense"] * 70)

    said = shell.json("import", file, *REGISTRAR, expected=2)

    assert said["refused"] == 70
    assert len(said["problems"]) == data.MOST_TOLD


def test_a_good_file_becomes_proposals_and_one_entry_a_batch(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "BATCH", 2)
    file = written(tmp_path / "good.jsonl", *people(5))

    said = shell.json("import", file, "--reason", "An invented move", *REGISTRAR)

    assert said == {"ready": 5, "refused": 0, "proposed": 5, "problems": []}
    assert rows(shell) == (5, 0)
    log = shell.log()
    assert [(each["kind"], each["operation"], each["outcome"]) for each in log] == [
        ("command", "import", "allowed")
    ] * 4
    assert [len(each["body"]["events"][0]["records"]) for each in log] == [0, 2, 2, 1]
    assert {each["case_reference"] for each in log} == {"REG 1/2026"}
    reasons = shell.database(lambda connection: connection.execute(sa.select(revisions.c.reason)).scalars().all())
    assert set(reasons) == {"An invented move"}


def test_an_import_goes_on_where_an_earlier_one_stopped(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", "{an old line that was taken already", *people(3))

    said = shell.json("import", file, "--from-line", 2, *REGISTRAR)

    assert (said["ready"], said["proposed"]) == (3, 3)
    assert rows(shell) == (3, 0)


def test_nothing_after_the_last_line_is_nothing_to_do(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))

    assert shell.json("import", file, "--from-line", 9, *REGISTRAR)["ready"] == 0


def test_an_import_that_stops_says_where_to_go_on(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "BATCH", 2)
    foreign = people(1)[0] | {"record_owner": factories.ELSEWHERE}
    file = written(tmp_path / "good.jsonl", *people(4), foreign)

    said = shell.run("import", file, *REGISTRAR, expected=3)

    assert "--from-line 5" in said.stderr
    assert "[NOT_OWNER]" in said.stderr
    assert rows(shell) == (4, 0)
    assert [each["outcome"] for each in shell.log()] == ["allowed", "allowed", "allowed", "denied"]


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

    assert shell.json("import", file, *given, expected=3)["error"]["code"] == code

    (entry,) = shell.log()
    assert (entry["outcome"], entry["code"]) == (outcome, code)
    assert rows(shell) == (0, 0)


def test_a_case_reference_of_another_form_is_bad_input(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))

    assert (
        shell.json("import", file, *on_behalf(Role.REGISTRAR, "no case"), expected=2)["error"]["code"]
        == "DETAILS_REFUSED"
    )
    assert [each["outcome"] for each in shell.log()] == ["failed"]


def test_a_register_that_does_not_answer_is_exit_code_75(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path / "good.jsonl", *people(1))
    nobody = "postgresql://registry@127.0.0.1:1/register"

    said = shell.json("import", file, *REGISTRAR, expected=75, REGISTRY_DATABASE_URL=nobody)

    assert said["error"]["code"] == "UNAVAILABLE"


def test_a_file_that_is_not_there_is_a_mistake_in_the_command(shell: Shell, tmp_path: Path) -> None:
    assert "does not exist" in shell.run("import", tmp_path / "nothing", *REGISTRAR, expected=2).stderr
