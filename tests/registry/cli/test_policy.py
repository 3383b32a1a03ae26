"""`registry policy`: explained, printed, compared, checked and replayed."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from registry.audit.events import Event
from registry.audit.log import append
from registry.cli.main import main
from registry.disclosure import cells, decided, matrix
from registry.disclosure.vocabulary import FieldClass, Purpose, Role
from tests import factories
from tests.registry.cli.conftest import Shell, on_behalf
from tests.registry.disclosure.cases import KE, case

AUDITOR = on_behalf(Role.AUDITOR, "AUDIT 1/2026")
PARTNER = ("--role", "partner_officer", "--purpose", "missing_child", "--tier", "full", "--attribution", "A2")


def run(*arguments: object, expected: int = 0) -> str:
    done = CliRunner().invoke(main, ["policy", *map(str, arguments)], env={"COLUMNS": "200"})
    assert done.exit_code == expected, (done.output, done.exception)
    return done.stdout


def test_a_case_is_explained_with_rules_and_laws() -> None:
    said = run("explain", *PARTNER, "--standing", "shareable")

    assert "identity      read match sort                 P20 P21" in said
    assert "withheld by default: ROLE." in said
    for id_ in ("P20", "P21", "P23"):
        rule = next(each for each in KE.rules if each.id == id_)
        assert rule.title in said
        assert rule.law in said
    assert "obliges: not_in_court." in said
    assert "the register: notify_owner" in said


def test_a_case_is_explained_for_programs() -> None:
    told = orjson.loads(run("explain", *PARTNER, "--standing", "shareable", "--closed", "contact", "--json"))

    lines = {each["field_class"]: each for each in told["lines"]}
    assert told["policy"] == KE.version
    assert set(lines) == {kind.value for kind in FieldClass}
    assert lines["contact"]["uses"] == []
    assert (lines["contact"]["reason"], lines["contact"]["rule_id"]) == ("CLOSED", "closed")


@pytest.mark.parametrize(("options", "said"), [
    (["--standing", "shareable", "--withheld-from-country"], "Silent: the answer is as if"),
    (["--standing", "shareable", "--clearance", "witness_protection"], "the register: alert_owner"),
    (["--standing", "shareable", "--onward", "H3"], "withheld by F4: HANDLING. The record's handling does not"),
    (["--standing", "shareable", "--officer-clearance", "open"], "Ask the agency that keeps the record. (other)"),
    ([], "P23   A partner looks for a missing child"),
])  # fmt: skip
def test_what_is_withheld_says_why(options: list[str], said: str) -> None:
    assert said in run("explain", *PARTNER, *options)


def test_a_new_proof_opens_what_is_sealed() -> None:
    keeper = ("--role", "supervisor", "--purpose", "register_maintenance", "--standing", "sealed")

    assert "STEP_UP" in run("explain", *keeper)
    assert "withheld" not in run("explain", *keeper, "--step-up")


def test_words_that_nobody_knows_are_refused() -> None:
    run("explain", "--role", "king", "--purpose", "missing_child", expected=2)
    run("matrix", "--edition", "xx", expected=4)


def test_the_matrix_is_printed_in_each_form() -> None:
    assert run("matrix").splitlines()[2:] == matrix.text(KE).splitlines()[2:]  # above stands the day
    assert run("matrix", "--markdown") == matrix.page(KE)
    assert run("matrix", "--html").startswith("<!doctype html>")
    assert run("matrix", "--cells") == cells.text(KE) + "\n"
    assert run("matrix", "--cedar").startswith('@id("P1")\npermit (')


def test_the_difference_of_two_tables_is_told_in_cells(tmp_path: Path) -> None:
    old = tmp_path / "old.toml"
    old.write_text(KE.table.text.replace('categories = ["convicted"]\n', "", 1), encoding="utf-8")

    said = run("diff", old)
    told = orjson.loads(run("diff", old, "--json"))
    back = orjson.loads(run("diff", Path(__file__).parents[3] / "registry/editions/ke/disclosure.toml", old, "--json"))

    assert "category ordered|juvenile" in said
    assert "closed read match sort count: all but notes, provenance" in said
    assert f"0 cells open, {told['closed']:,} close" in said
    assert (told["opened"], told["closed"]) == (back["closed"], back["opened"])
    assert told["closed"] > 0


def test_a_table_is_checked_before_it_is_approved(tmp_path: Path) -> None:
    table = tmp_path / "disclosure.toml"
    table.write_text(KE.table.text, encoding="utf-8")
    assert run("check", table).startswith(KE.version)

    table.write_text(KE.table.text.replace('"investigator"', '"king"'), encoding="utf-8")
    run("check", table, expected=2)


def test_a_decision_of_the_log_is_made_again(shell: Shell) -> None:
    access, facts = case(Role.INVESTIGATOR, Purpose.MISSING_CHILD)
    details = {"decision": decided.kept(access, [facts], lambda each: KE.decide(access, each))}
    altered = {"decision": details["decision"] | {"rules": [["P2"]]}}
    kept = [replace(factories.entry(), events=(Event("profile:read", (), each),)) for each in (details, altered, {})]
    shell.database(lambda connection: append(connection, kept))

    told = shell.json("policy", "replay", 0, *AUDITOR)
    assert told["is_same"] is True
    assert told["events"][0]["then"] == told["events"][0]["now"] == [["P1"]]
    assert "the same again" in shell.run("policy", "replay", 0, *AUDITOR).stdout
    assert "now: P1" in shell.run("policy", "replay", 1, *AUDITOR, expected=1).stdout
    assert "holds no decision" in shell.run("policy", "replay", 2, *AUDITOR).stdout
    shell.run("policy", "replay", 99, *AUDITOR, expected=4)
    assert [each["operation"] for each in shell.log()[3:]] == ["policy replay"] * 5


def test_a_policy_that_was_not_kept_is_said(shell: Shell) -> None:
    access, facts = case(Role.INVESTIGATOR, Purpose.MISSING_CHILD)
    details = {"decision": decided.kept(access, [facts], lambda each: KE.decide(access, each)) | {"policy": "0" * 64}}
    shell.database(lambda connection: append(connection, [
        replace(factories.entry(), events=(Event("profile:read", (), details),)),
    ]))  # fmt: skip

    assert "was not kept here" in shell.run("policy", "replay", 0, *AUDITOR, expected=1).stdout
