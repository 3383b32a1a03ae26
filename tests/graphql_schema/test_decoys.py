"""Decoys: two officers make one, whoever comes upon it raises an alarm, and only few may see the list."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from auth import directory
from registry.disclosure.vocabulary import Purpose, Role
from tests import factories
from tests.nodes import Node, code_of, running

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
SECOND = "administration-two/administrator/1"
PROPOSE = """mutation ($input: DecoyProposeInput!) { decoyPropose(input: $input) {
    decoy { id profileId state } userErrors { code } } }"""
DECIDE = """mutation ($input: DecoyDecideInput!) { decoyDecide(input: $input) {
    decoy { state } userErrors { code } } }"""
END = "mutation ($input: DecoyEndInput!) { decoyEnd(input: $input) { decoy { state } userErrors { code } } }"
LIST = "{ decoys(first: 10) { edges { node { id profileId state reason } } } }"
ALARMS = (
    "{ alarms(first: 10) { edges { node { kind entry agency officerReference caseReference operation outcome } } } }"
)
READ = "query ($id: ID!) { profile(id: $id) { names { full } } }"


@pytest.fixture
async def node(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    """A node with an administrator under another chain of command."""
    async with running(database_url, tmp_path / "keys") as started:

        def settle(connection: Connection) -> None:
            roles = {Role.ADMINISTRATOR}
            directory.enrol_officer(connection, factories.AGENCY, SECOND, chain="administration-two", roles=roles)

        await started.database.write(settle)
        yield started


def administrator(node: Node, *, second: bool = False) -> str:
    return node.token(Role.ADMINISTRATOR, purpose=Purpose.ADMINISTRATION, officer=SECOND if second else None)


async def changed(node: Node, document: str, token: str, **given: str) -> dict[str, Any]:
    (payload,) = (await node.data(document, {"input": given}, token=token)).values()
    return dict(payload)


async def proposed(node: Node, place: int = 0) -> dict[str, Any]:
    reason = "An invented person, made for it"
    told = await changed(node, PROPOSE, administrator(node), profileId=node.profile_id(place), reason=reason)
    return dict(told["decoy"])


async def in_force(node: Node, place: int = 0) -> str:
    decoy = await proposed(node, place)
    told = await changed(node, DECIDE, administrator(node, second=True), decoyId=decoy["id"], decision="APPROVE")
    assert told == {"decoy": {"state": "IN_FORCE"}, "userErrors": []}
    return str(decoy["id"])


async def alarms(node: Node, token: str | None = None) -> list[dict[str, Any]]:
    found = await node.data(ALARMS, token=token or administrator(node))
    return [edge["node"] for edge in found["alarms"]["edges"]]


async def test_who_is_shown_a_decoy_raises_an_alarm_that_administrators_read(node: Node) -> None:
    await in_force(node)
    assert await alarms(node) == []

    answer = await node.ask(READ, {"id": node.profile_id()})

    entry = await node.entry(answer)
    assert answer.json()["data"]["profile"]["names"]
    assert await alarms(node) == [
        {"kind": "DECOY", "entry": entry["index"], "agency": factories.AGENCY,
         "officerReference": entry["officer_reference"], "caseReference": "CR 12/2026", "operation": "profile",
         "outcome": "allowed"}
    ]  # fmt: skip


async def test_nothing_in_an_answer_tells_that_it_is_a_decoy(node: Node) -> None:
    document = "query ($id: ID!) { profile(id: $id) { id names { full } sex county } }"
    before = await node.ask(document, {"id": node.profile_id()})
    await in_force(node)
    after = await node.ask(document, {"id": node.profile_id()})

    assert before.json()["data"] == after.json()["data"]
    assert before.headers.keys() == after.headers.keys()


async def test_it_takes_two_of_different_chains(node: Node) -> None:
    decoy = await proposed(node)

    told = await changed(node, DECIDE, administrator(node), decoyId=decoy["id"], decision="APPROVE")
    await node.ask(READ, {"id": node.profile_id()})

    assert told == {"decoy": None, "userErrors": [{"code": "OWN_PROPOSAL"}]}
    assert await alarms(node) == []


async def test_one_ends_it(node: Node) -> None:
    decoy = await in_force(node)

    told = await changed(node, END, administrator(node), decoyId=decoy)
    await node.ask(READ, {"id": node.profile_id()})

    assert told == {"decoy": {"state": "ENDED"}, "userErrors": []}
    assert await alarms(node) == []
    assert (await changed(node, END, administrator(node), decoyId=decoy))["userErrors"] == [{"code": "DECOY_STATE"}]


async def test_one_that_is_rejected_is_none(node: Node) -> None:
    decoy = await proposed(node)

    await changed(node, DECIDE, administrator(node, second=True), decoyId=decoy["id"], decision="REJECT")
    await node.ask(READ, {"id": node.profile_id()})

    assert await alarms(node) == []
    assert (await proposed(node))["state"] == "PROPOSED"  # and may be proposed anew


async def test_a_profile_is_proposed_once(node: Node) -> None:
    await proposed(node)

    told = await changed(
        node, PROPOSE, administrator(node), profileId=node.profile_id(), reason="Proposed again, invented"
    )

    assert told == {"decoy": None, "userErrors": [{"code": "DECOY_PROPOSED_ALREADY"}]}


async def test_another_agency_s_profiles_and_decoys_are_none_of_one_s_business(node: Node) -> None:
    decoy = await proposed(node)
    elsewhere = node.token(Role.ADMINISTRATOR, purpose=Purpose.ADMINISTRATION, agency=factories.ELSEWHERE)
    asked = {"profileId": node.profile_id(1), "reason": "An invented reason"}

    there = await node.ask(PROPOSE, {"input": asked}, token=elsewhere)
    decided = await node.ask(DECIDE, {"input": {"decoyId": decoy["id"], "decision": "APPROVE"}}, token=elsewhere)

    assert [code_of(each) for each in (there, decided)] == ["NOT_FOUND", "NOT_FOUND"]
    assert (await node.data(LIST, token=elsewhere))["decoys"]["edges"] == []


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.REGISTRAR, Role.AUDITOR, Role.DESK_OFFICER], ids=str)
async def test_few_see_the_list(node: Node, role: Role) -> None:
    await in_force(node)

    answer = await node.ask(LIST, by=role)

    assert code_of(answer) == "FORBIDDEN"
    assert node.profile_id() not in answer.text


async def test_the_log_of_what_was_decided_does_not_name_the_profile(node: Node) -> None:
    await in_force(node)

    about = [entry for entry in await node.entries() if "decoy" in entry["operation"].lower()]

    assert len(about) == 2
    assert not any(str(node.people[0]) in str(entry["body"]) for entry in about)


async def test_alarms_go_to_the_agency_that_keeps_the_decoy(node: Node) -> None:
    await in_force(node)
    await node.ask(READ, {"id": node.profile_id()})
    elsewhere = node.token(Role.ADMINISTRATOR, purpose=Purpose.ADMINISTRATION, agency=factories.ELSEWHERE)

    assert len(await alarms(node)) == 1
    assert await alarms(node, elsewhere) == []
