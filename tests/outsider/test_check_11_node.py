"""Check 11: `node(id:)` of a hidden, a sealed and a missing thing: answers that differ in nothing but ids.

They do the same work as well; how long it takes is for the benchmark: a suite does not hold a watch.
"""

from typing import Any

import pytest

from registry.core.ids import KINDS, new_id, public_id
from registry.disclosure.vocabulary import Purpose, Role
from tests import factories
from tests.graphql_schema.profiles.steps import changed, entered
from tests.nodes import Node, code_of, shown

pytestmark = pytest.mark.anyio
NODE = """query ($id: ID!) { node(id: $id) { __typename id
    ... on Profile { names { full } phones { number } } ... on Screening { state } ... on Proposal { reason } } }"""
BEGIN = "mutation { screeningBegin(input: {}) { screening { id } } }"


PROFILE = "query ($id: ID!) { profile(id: $id) { id names { full } phones { number } } }"
Seen = tuple[int, dict[str, str], str]


async def asked(node: Node, document: str, id_: str, **options: Any) -> tuple[Seen, list[str]]:  # Any: those of ask
    """Return all that a stranger sees, but for the request's own id and what is left to ask, and the statements."""
    with node.statements() as statements:
        answer = await node.ask(document, {"id": id_}, **options)
    request = answer.headers["x-request-id"]
    headers = {name: value for name, value in answer.headers.items() if value != request}
    receipt = headers.pop("log-receipt")  # of its own entry; its length tells how many digits the index has
    headers["log-receipt"] = str(len(receipt) - len(receipt.split(" ")[1]))
    return (answer.status_code, headers, shown(answer)), statements


@pytest.mark.parametrize("document", [NODE, PROFILE], ids=["node", "profile"])
async def test_check_11_a_sealed_and_a_missing_profile_answer_alike(node: Node, document: str) -> None:
    sealed = await entered(node, factories.named("Sealed Invented Person", birth_date="1971"))
    await changed(node, sealed, "SEAL")

    hidden, missing = [await asked(node, document, each) for each in (sealed, public_id("profile", new_id()))]

    assert hidden == missing
    assert '"code":"NOT_FOUND"' in hidden[0][2]
    assert len(hidden[1]) == (3 if node.database.dialect == "postgresql" else 2)  # there the owner is looked for


async def test_check_11_another_agencys_screening_and_a_missing_one_answer_alike(node: Node) -> None:
    purpose = Purpose.CRIMINAL_INVESTIGATION
    begun = await node.data(BEGIN, token=node.token(Role.SUPERVISOR, purpose=purpose))
    theirs = begun["screeningBegin"]["screening"]["id"]
    elsewhere = node.token(Role.SUPERVISOR, agency=factories.ELSEWHERE, purpose=purpose)

    hidden, missing = [
        await asked(node, NODE, each, token=elsewhere) for each in (theirs, public_id("screening", new_id()))
    ]

    assert hidden == missing
    assert '"code":"NOT_FOUND"' in hidden[0][2]


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_an_id_of_any_kind_that_is_not_there_is_not_found(shared: Node, kind: str) -> None:
    answer = await shared.ask(NODE, {"id": public_id(kind, new_id())}, by=Role.SUPERVISOR)

    assert answer.json()["data"] == {"node": None}
    assert code_of(answer) in ("NOT_FOUND", "FORBIDDEN")
    assert (await shared.entry(answer))["outcome"] == "denied"


async def test_what_is_there_is_opened_by_its_own_use_case(shared: Node) -> None:
    answer = await shared.ask(NODE, {"id": shared.profile_id()})

    assert "errors" not in answer.json(), answer.text
    opened = answer.json()["data"]["node"]
    assert (opened["__typename"], opened["id"]) == ("Profile", shared.profile_id())
    assert opened["names"]
    entry = await shared.entry(answer)
    assert [each["name"] for each in entry["body"]["events"]] == ["profile:read"]
    assert entry["body"]["events"][0]["records"] == [str(shared.people[0])]


async def test_what_is_no_id_is_told_so(shared: Node) -> None:
    assert code_of(await shared.ask(NODE, {"id": "7"})) == "ID_MALFORMED"


async def test_whom_no_rule_permits_opens_nothing(shared: Node) -> None:
    answer = await shared.ask(NODE, {"id": shared.profile_id()}, by=Role.AUDITOR)

    assert (answer.json()["data"], code_of(answer)) == ({"node": None}, "FORBIDDEN")
