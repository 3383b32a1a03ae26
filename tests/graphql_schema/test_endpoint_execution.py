"""The endpoint executes: answers, refusals and mutations, each with its entry."""

import pytest

from registry.disclosure.vocabulary import Purpose, Role
from tests import factories
from tests.graphql_schema.asking import PROFILE, PROPOSE, SEARCH, only_entry, proposal
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio


# -- 5 execution


async def test_an_answer_is_entered_with_who_what_why_and_whom(shared: Node) -> None:
    answer = await shared.ask(SEARCH, {"c": {"name": "Juma Mwakio"}})

    (hit,) = answer.json()["data"]["search"]["edges"]
    entry = await only_entry(shared, answer, "allowed", None)
    assert hit["node"]["profile"]["id"] == shared.profile_id()
    assert (entry["kind"], entry["operation"], entry["client"]) == ("query", "search", factories.CLIENT)
    assert (entry["purpose"], entry["case_reference"]) == ("criminal_investigation", "CR 12/2026")
    assert (entry["legal_basis"], entry["source"]) == ("KE-SOA-39-13", "127.0.0.1")
    assert entry["body"]["fields"] == [
        "Hit.profile",
        "HitConnection.edges",
        "HitEdge.node",
        "Profile.id",
        "Query.search",
    ]
    (event,) = entry["body"]["events"]
    assert event["name"] == "profile:searched"
    assert event["records"] == [str(shared.people[0])]
    assert event["details"]["criteria"]["sealed"]["fields"] == ["name"]
    assert "Mwakio" not in str(event["details"])


async def test_a_field_that_fails_is_null_and_named_by_its_path(shared: Node) -> None:
    missing = factories.CLIENT and "cAGh_5r4dneKmLS3ToglzoY"  # well formed, nobody's
    answer = await shared.ask(
        "query ($a: ID!, $b: ID!) { here: profile(id: $a) { sex } gone: profile(id: $b) { sex } }",
        {"a": shared.profile_id(), "b": missing},
    )

    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    assert error["path"] == ["gone"]
    assert error["extensions"] == {
        "code": "NOT_FOUND", "requestId": answer.headers["x-request-id"], "field": "id",
    }  # fmt: skip
    assert answer.json()["data"] == {"here": {"sex": "MALE"}, "gone": None}
    await only_entry(shared, answer, "partial", "NOT_FOUND")


@pytest.mark.parametrize(
    ("document", "by", "code"),
    [
        ('{ search(criteria: {name: "x y"}, first: 1) { edges { cursor } } }', Role.AUDITOR, "FORBIDDEN"),
        ("{ logEntries(first: 1) { edges { cursor } } }", Role.INVESTIGATOR, "FORBIDDEN"),
        ("{ proposals(state: PENDING, first: 1) { edges { cursor } } }", Role.INVESTIGATOR, "FORBIDDEN"),
        ('{ search(criteria: {name: "x y"}, first: 1) { edges { cursor } } }', None, "CASE_CONTEXT_REQUIRED"),
        ("{ logEntries(first: 1) { edges { cursor } } }", None, "CASE_CONTEXT_REQUIRED"),
    ],
)
async def test_what_no_rule_permits_is_a_refused_field_and_a_denied_entry(
    shared: Node, document: str, by: Role | None, code: str
) -> None:
    answer = await shared.ask(document, by=by)

    assert (answer.status_code, code_of(answer)) == (200, code)
    assert list(answer.json()["data"].values()) == [None]
    await only_entry(shared, answer, "denied", code)


async def test_a_criterion_on_a_hidden_field_is_refused(shared: Node) -> None:
    token = shared.token(purpose=Purpose.OFFENDER_SUPERVISION)

    answer = await shared.ask(SEARCH, {"c": {"handle": {"handle": "mwakio_71"}}}, token=token)

    assert code_of(answer) == "CRITERION_NOT_PERMITTED"
    assert answer.json()["errors"][0]["extensions"]["field"] == "handle"
    await only_entry(shared, answer, "denied", "CRITERION_NOT_PERMITTED")


async def test_a_search_takes_four_statements_and_a_profile_two_whatever_they_hold(shared: Node) -> None:
    wide = """query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 50) { pageInfo { endCursor } edges { node {
        score reasons { sentence } profile { names { full } identifiers { value } handles { handle }
        convictions { offence } county redactions { path } } } } } }"""

    with shared.statements() as search:
        assert (await shared.ask(wide, {"c": {"name": "Achieng Invented"}})).json()["data"]["search"]["edges"]
    with shared.statements() as opened:
        await shared.data(PROFILE, {"id": shared.profile_id()})

    assert [_table(each) for each in search] == ["clients", "search_keys", "match_records", "profiles"]
    assert [_table(each) for each in opened] == ["clients", "profiles"]


def _table(statement: str) -> str:
    return next(name for name in ("search_keys", "match_records", "profiles", "clients") if f"FROM {name}" in statement)


# -- mutations


async def test_a_mutation_that_succeeds_is_entered_in_its_own_transaction(node: Node) -> None:
    before = await node.kept()

    answer = await node.ask(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR)

    payload = answer.json()["data"]["profilePropose"]
    assert payload["userErrors"] == []
    assert payload["proposal"]["id"].startswith("Y")
    assert (await node.kept())["revisions"] == before["revisions"] + 1
    entry = await only_entry(node, answer, "allowed", None)
    assert (entry["kind"], entry["operation"]) == ("mutation", "profilePropose")
    assert [each["name"] for each in entry["body"]["events"]] == ["profile:change:proposed"]


async def test_user_errors_tell_every_rule_broken_and_roll_everything_back(node: Node) -> None:
    before = await node.kept()
    bad = proposal(county="Atlantis", phones=[{"number": "12"}], names=[{"full": "Bad \u202e name"}])

    answer = await node.ask(PROPOSE, {"input": bad}, by=Role.REGISTRAR)

    payload = answer.json()["data"]["profilePropose"]
    assert payload["proposal"] is None
    assert {(each["code"], each["field"]) for each in payload["userErrors"]} == {
        ("CODE_UNKNOWN", "record.county"), ("PHONE_MALFORMED", "record.phones[0].number"),
        ("TEXT_MALFORMED", "record.names[0].full"),
    }  # fmt: skip
    assert "errors" not in answer.json()
    assert await node.kept() == before
    await only_entry(node, answer, "failed", payload["userErrors"][0]["code"])


async def test_a_reason_that_says_nothing_is_a_user_error(shared: Node) -> None:
    answer = await shared.ask(PROPOSE, {"input": proposal(reason="x")}, by=Role.REGISTRAR)

    (error,) = answer.json()["data"]["profilePropose"]["userErrors"]
    assert (error["code"], error["field"]) == ("REASON_MALFORMED", "reason")


async def test_a_mutation_that_no_rule_permits_writes_nothing_but_its_entry(shared: Node) -> None:
    before = await shared.kept()

    answer = await shared.ask(PROPOSE, {"input": proposal()}, by=Role.INVESTIGATOR)

    assert code_of(answer) == "FORBIDDEN"
    assert await shared.kept() == before
    await only_entry(shared, answer, "denied", "FORBIDDEN")


APPROVE = """mutation ($id: ID!) {
    proposalApprove(input: {proposalId: $id}) { proposal { state version } userErrors { code } } }"""
REJECT = """mutation ($id: ID!, $note: String!) {
    proposalReject(input: {proposalId: $id, note: $note}) { proposal { state note } userErrors { code field } } }"""
AMEND = """mutation ($input: ProfileAmendInput!) {
    profileAmend(input: $input) { proposal { id } userErrors { code field } } }"""


async def test_a_proposal_goes_its_way_through_four_eyes(node: Node) -> None:
    proposed = await node.data(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR)
    id_ = proposed["profilePropose"]["proposal"]["id"]
    found = {"c": {"name": "Invented Person", "birthDate": "1980-02"}}

    own = await node.ask(APPROVE, {"id": id_}, by=Role.REGISTRAR)
    hidden = await node.data(SEARCH, found)
    approved = await node.data(APPROVE, {"id": id_}, by=Role.SUPERVISOR)
    shown = await node.data(SEARCH, found)
    again = await node.ask(APPROVE, {"id": id_}, by=Role.SUPERVISOR)

    assert own.json()["data"]["proposalApprove"] == {"proposal": None, "userErrors": [{"code": "OWN_PROPOSAL"}]}
    await only_entry(node, own, "denied", "OWN_PROPOSAL")
    profile_id = proposed["profilePropose"]["proposal"]["profileId"]
    assert profile_id not in str(hidden)
    assert approved["proposalApprove"]["proposal"] == {"state": "APPROVED", "version": 1}
    assert profile_id in str(shown)
    assert again.json()["data"]["proposalApprove"]["userErrors"] == [{"code": "PROPOSAL_NOT_PENDING"}]
    await only_entry(node, again, "failed", "PROPOSAL_NOT_PENDING")


async def test_a_rejection_needs_its_reason_and_keeps_it(node: Node) -> None:
    proposed = await node.data(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR)
    id_ = proposed["profilePropose"]["proposal"]["id"]

    wordless = await node.data(REJECT, {"id": id_, "note": " "}, by=Role.SUPERVISOR)
    rejected = await node.data(REJECT, {"id": id_, "note": "Not the same person"}, by=Role.SUPERVISOR)

    assert wordless["proposalReject"]["userErrors"] == [{"code": "REASON_MALFORMED", "field": "note"}]
    assert rejected["proposalReject"]["proposal"] == {"state": "REJECTED", "note": "Not the same person"}


async def test_only_the_owner_amends_a_profile(node: Node) -> None:
    given = proposal() | {"profileId": node.profile_id()}

    foreign = await node.ask(AMEND, {"input": given}, token=node.token(Role.REGISTRAR, agency=factories.ELSEWHERE))
    own = await node.data(AMEND, {"input": given}, by=Role.REGISTRAR)

    assert foreign.json()["data"]["profileAmend"]["userErrors"] == [{"code": "NOT_OWNER", "field": None}]
    await only_entry(node, foreign, "denied", "NOT_OWNER")
    assert own["profileAmend"]["userErrors"] == []
