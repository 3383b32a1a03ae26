"""No criterion of a question stands in the log as it was asked, however the question came and ended.

Values that stand nowhere else are asked for in every kind of question; then every byte of the log's entries is looked
through, in every spelling that tests/dumps.py knows.
"""

from typing import Any

import pytest
from sqlalchemy import Connection

from registry.disclosure.vocabulary import Role
from tests.dumps import found
from tests.graphql_schema.test_certificates import LOOK, issued
from tests.nodes import Node

pytestmark = pytest.mark.anyio

CANARIES = ("Zqxkanari", "1949-02-27", "90417263", "zqxleak", "KZQ 417", "Zqxmahali", "Zqxjoka", "Zqxsababu")
CRITERIA: dict[str, dict[str, Any]] = {
    "name": {"name": "Zqxkanari Mwandani"},
    "birthDate": {"birthDate": "1949-02-27", "name": "Zqxkanari", "sex": "FEMALE", "nationality": "TZ"},
    "county": {"name": "Zqxkanari", "county": "Zqxmahali"},
    "phone": {"phone": "+254790417263"},
    "email": {"email": "zqxleak@leak.example"},
    "identifier": {"identifiers": [{"type": "NATIONAL_ID", "value": "INV90417263", "country": "KE"}]},
    "handle": {"handle": {"platform": "invented", "handle": "zqxleak_41"}},
    "plate": {"plate": "KZQ 417Z"},
    "marks": {"marks": [{"kind": "TATTOO", "place": "mkono wa kushoto", "description": "Zqxjoka"}]},
}
FIND = """query Find($c: SearchCriteriaInput!) { search(criteria: $c, first: 2) { edges { node { band } } } }"""
BROKEN = (
    '{ search(criteria: {name: "Zqxkanari", phone: "+254790417263"',
    '{ search(criteria: {name: "Zqxkanari", birthDate: "27.2. 1949-02-27"}, first: 1) { edges { cursor } } }',
    '{ search(criteria: {name: "Zqxkanari", shoe: "Zqxjoka"}, first: 1) { edges { cursor } } }',
    'query Zqxkanari { zqxleak: search(criteria: {name: "Zqxkanari"}, first: 1) { edges { cursor } } }',
    'query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1, after: "Zqxkanari") { edges { cursor } } }',
)
"""Malformed, refused, by literals, by another name."""


def raw(connection: Connection) -> bytes:
    """Return the log's entries as they lie in the table."""
    whole = {"sqlite": "SELECT * FROM log_entries", "postgresql": "SELECT e::text FROM log_entries e"}
    rows = connection.exec_driver_sql(whole[connection.dialect.name]).all()
    return "\n".join(str(value) for row in rows for value in row).encode()


def questions(value: Any) -> list[dict[str, Any]]:
    """Return every sealed question within an event's details."""
    if not isinstance(value, dict):
        return []
    inner = [each for member in value.values() for each in questions(member)]
    return [value, *inner] if isinstance(value.get("sealed"), dict) else inner


async def asked_in_every_way(node: Node) -> int:
    """Ask for each criterion: allowed, refused, malformed; and by certificates. Return how many entries that makes."""
    before = await node.length()
    for criteria in CRITERIA.values():
        answers = [await node.ask(FIND, {"c": criteria}, by=role) for role in (Role.INVESTIGATOR, Role.AUDITOR)]
        assert "data" in answers[0].json(), answers[0].text
        assert "errors" in answers[1].json()
    for text in BROKEN:
        await node.ask(text, {"c": CRITERIA["name"]})
    await node.ask(FIND, {"c": {"name": ["Zqxkanari"], "county": {"Zqxmahali": 1}}})
    await node.ask(FIND, {"c": CRITERIA["name"], "Zqxjoka": "Zqxkanari"}, operationName="Zqxkanari")
    person = {"names": ["Zqxkanari Mwandani"], "birthDate": "1949-02-27",
              "identifiers": [{"type": "NATIONAL_ID", "value": "DEMO90417263", "country": "KE"}]}  # fmt: skip
    number = (await issued(node))["number"]
    for given in (number, "Zqxkanari"):
        await node.ask(LOOK, {"n": given, "s": person})
    upload = """mutation { done: photographUpload(input: {reason: "Zqxsababu of an invented person"}) {
        userErrors { code } } }"""
    await node.ask(upload, by=Role.REGISTRAR)
    return await node.length() - before


async def test_no_criterion_stands_in_the_log_as_it_was_asked(node: Node) -> None:
    assert await asked_in_every_way(node) >= 2 * len(CRITERIA) + len(BROKEN) + 6

    log = {"log_entries": await node.database.read(raw)}

    assert {canary: places for canary in CANARIES if (places := found(log, canary))} == {}
    assert found(log, "certificate:read"), "what was read is not the log"


async def test_of_a_question_only_which_criteria_were_given_stands_in_the_open(node: Node) -> None:
    await asked_in_every_way(node)

    details = [event["details"] for entry in await node.entries() for event in entry["body"]["events"]]
    sealed = [each for told in details for each in questions(told)]

    assert len(sealed) >= 2 * len(CRITERIA) + 3
    for each in sealed:
        assert {name for name, value in each.items() if value} <= {"sealed", "sought"}
    fields = {name for each in sealed for name in each["sealed"]["fields"]}
    assert {
        "name",
        "birthDate",
        "sex",
        "nationality",
        "county",
        "phone",
        "marks",
        "number",
        "names",
        "reason",
    } <= fields


async def test_an_auditor_finds_the_same_question_and_the_same_name_without_reading_either(node: Node) -> None:
    for name in ("Zqxkanari Mwandani", "MWANDANI, zqxkanari", "Zqxkanari Otieno"):
        await node.ask(FIND, {"c": {"name": name}})

    one, two, other = (
        event["details"]["criteria"]["sought"]
        for entry in (await node.entries())[-3:] for event in entry["body"]["events"]
    )  # fmt: skip

    assert one == two
    assert one["question"] != other["question"]
    assert len(set(one["words"]) & set(other["words"])) == 1
