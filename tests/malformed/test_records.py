"""A record that breaks a rule is refused whole: field, rule and remedy are named, and nothing is half-written."""

import re
from typing import Any

import pytest

from graphql_schema.profiles.inputs import path
from registry.core.errors import InputRefused
from registry.disclosure.vocabulary import Role
from registry.profiles.forms import members
from registry.profiles.intake import Problems
from registry.profiles.kinds import Line, Prose
from registry.profiles.record import GROUPS
from tests.graphql_schema.profiles.steps import PROPOSE, REASON
from tests.malformed.asking import check_nothing_shows, errors_of, sent
from tests.malformed.cases import SECRET, Case, asked
from tests.malformed.records import RECORDS, VICTIM_TEXT, RecordCase, by_field, first_of_each_kind, is_name, read
from tests.nodes import Node
from tests.registry.test_errors_page import codes_told

BY_FIELD = by_field()
SENT = first_of_each_kind()
BEFORE_THE_RECORD = frozenset({"BAD_USER_INPUT", "NUL_CHARACTER_REFUSED", "BODY_NOT_JSON"})
"""What the schema refuses before the record is read."""


def test_there_are_thousands_of_them_and_every_member_is_among_them() -> None:
    fields = {re.sub(r"\[\d+\]", "", case.field) for case in RECORDS}

    assert len(RECORDS) >= 3_000
    assert len({case.name for case in RECORDS}) == len(RECORDS)
    assert 150 <= len(SENT) <= 400
    for name, group in GROUPS.items():
        assert name in fields or group.part is not None
        described = () if group.part is None else members(group.part)
        assert {f"{name}.{each.name}" for each in described if not each.many and each.kind} <= fields


def test_a_victim_is_looked_for_in_every_text_and_among_the_members_of_every_part() -> None:
    refused = {re.sub(r"\[\d+\]", "", case.field) for case in RECORDS if case.code == "VICTIM_DATA"}

    for name, group in GROUPS.items():
        if group.part is None:
            continue
        assert f"{name}.victim_name" in refused
        described = members(group.part)
        texts = {each.name for each in described if isinstance(each.kind, Line | Prose) and not is_name(each.kind)}
        assert {f"{name}.{each}" for each in texts} <= refused


@pytest.mark.parametrize(("field", "cases"), BY_FIELD.items(), ids=list(BY_FIELD))
def test_a_record_that_breaks_a_rule_is_refused_by_field_rule_and_remedy(field: str, cases: list[RecordCase]) -> None:
    for case in cases:
        problem = problem_of(case)
        assert (problem.code, problem.field) == (case.code, field), case
        assert problem.code in codes_told()
        assert problem.message.endswith("."), case
        assert problem.remedy, case
        told = f"{problem.message} {problem.remedy}"
        assert SECRET not in told
        assert VICTIM_TEXT not in told


def problem_of(case: RecordCase) -> InputRefused:
    """Return the one thing that is wrong."""
    try:
        taken = read(case.value, lawful=case.code != "PARENTS_NAMES")
    except Problems as problems:
        (problem,) = problems.found
        return problem
    raise AssertionError(f"{case} was taken: {taken}")


# -- the same through GraphQL


@pytest.mark.anyio
@pytest.mark.parametrize("case", SENT, ids=str)
async def test_a_client_is_told_the_same_and_no_table_has_another_row(node: Node, case: RecordCase) -> None:
    kept, length = await node.kept(), await node.length()

    body = asked(PROPOSE, {"input": {"record": case.question, "reason": REASON}})
    answer = await sent(node, Case(case.name, 200, case.code, body=body, by=Role.REGISTRAR))

    errors = errors_of(answer)
    assert {each["code"] for each in errors} <= {case.code} | BEFORE_THE_RECORD, answer.text
    assert all(each["message"] and each["code"] in codes_told() for each in errors)
    for each in errors:
        check_place(each, case)
    check_nothing_shows(answer.text)
    assert await node.kept() == kept
    assert await node.length() == length + 1
    entry = await node.entry(answer)
    assert (entry["outcome"], entry["code"]) == ("failed", errors[0]["code"])
    assert SECRET not in str(entry)
    assert VICTIM_TEXT not in f"{answer.text} {entry}"


def check_place(error: dict[str, Any], case: RecordCase) -> None:
    """Require that the answer names the field, in the client's own words, and what to do."""
    if error["code"] == "BODY_NOT_JSON":
        return
    if error["code"] in BEFORE_THE_RECORD or error["field"].startswith("input"):
        assert error["field"].startswith("input"), error
        return
    assert error["field"] == path(case.field)
    assert error["remedy"]
