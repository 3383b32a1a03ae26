"""Administration over HTTP: proposed, decided, listed; and what the kill switch does to requests and streams."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from auth import changes, closures, directory
from auth.scope import Scope
from graphql_schema.enrolment.mutations import PROPOSE_CODES
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Purpose, Role
from tests import factories
from tests.auth.tokens import pair
from tests.factories import AGENCY, CLIENT, ELSEWHERE, MOMENT
from tests.graphql_schema.asking import PROFILE, only_entry
from tests.graphql_schema.notices.following import DECISIONS
from tests.nodes import Node, code_of
from tests.streams import COMPLETE, reading

pytestmark = pytest.mark.anyio
PROPOSE = """mutation ($input: EnrolmentProposeInput!) { enrolmentPropose(input: $input) {
    enrolment { id kind subject terms before state reason proposedBy decidedBy }
    userErrors { code field message remedy } } }"""
APPROVE = """mutation ($input: EnrolmentApproveInput!) { enrolmentApprove(input: $input) {
    enrolment { id state decidedBy } userErrors { code field } } }"""
REJECT = """mutation ($input: EnrolmentRejectInput!) { enrolmentReject(input: $input) {
    enrolment { state note } userErrors { code field } } }"""
WITHDRAW = """mutation ($input: EnrolmentWithdrawInput!) { enrolmentWithdraw(input: $input) {
    enrolment { state note } userErrors { code field } } }"""
CLOSE = """mutation ($input: AccessCloseInput!) { accessClose(input: $input) {
    closure { scope key reason closedBy closedAt } userErrors { code field } } }"""
WHY = "An invented reason"
INVESTIGATOR = f"{AGENCY} child-protection/investigator/1"


def written(moment: Any) -> str:
    return str(moment.isoformat())


def key(number: int = 7) -> dict[str, Any]:
    return {
        "jwk": json.dumps(dict(pair("ES256", number).jwk)), "notBefore": written(MOMENT),
        "notAfter": written(MOMENT + timedelta(days=300)),
    }  # fmt: skip


AGREEMENT = {
    "code": "NL-2026-01", "agency": "nl-invented", "tier": "STANDARD", "purposes": ["missing_child"],
    "legalBases": ["KE-SOA-39-13"], "since": written(MOMENT), "until": written(MOMENT + timedelta(days=300)),
    "hosts": ["hits.police.example"], "contact": "Invented contact point",
}  # fmt: skip
ACTS: dict[str, dict[str, Any]] = {
    "agency": {"code": "nl-invented", "name": "An invented police", "country": "NL"},
    "officer": {"agency": AGENCY, "reference": "NEW/1", "chain": "north", "roles": ["INVESTIGATOR"]},
    "officerChange": {
        "agency": AGENCY, "reference": "child-protection/investigator/1", "chain": "south", "roles": [],
    },
    "officerIdentity": {
        "agency": AGENCY, "reference": "child-protection/investigator/1", "issuer": "https://idp.example",
        "identity": "invented-1",
    },
    "passkeyInvitation": {"agency": AGENCY, "reference": "child-protection/investigator/1"},
    "client": {"id": "ke-invented-desk-2", "agency": AGENCY, "keys": [key()], "nonces": True},
    "clientKey": {"client": CLIENT, "key": key(8)},
    "clientKeyEnd": {"client": CLIENT, "kid": pair().jwk["kid"]},
    "grantKey": {"agency": AGENCY, "key": key(9)},
    "agreement": AGREEMENT,
    "agreementChange": AGREEMENT | {"tier": "FULL"},
    "agreementEnd": {"code": "NL-2026-01", "until": written(MOMENT + timedelta(days=1))},
    "grantKeyEnd": {"agency": AGENCY, "kid": pair("ES256", 9).jwk["kid"]},
}  # fmt: skip
"""An act of each kind, in an order in which all can be done."""


async def proposed(node: Node, **act: Any) -> Any:
    data = await node.data(PROPOSE, {"input": {"reason": WHY} | act}, by=Role.ADMINISTRATOR)
    return data["enrolmentPropose"]


def second(node: Node) -> str:
    """Return the token of an administrator of elsewhere."""
    return node.token(Role.ADMINISTRATOR, agency=ELSEWHERE)


async def approved(node: Node, **act: Any) -> Any:
    made = await proposed(node, **act)
    assert made["userErrors"] == []
    given = {"input": {"enrolmentId": made["enrolment"]["id"]}}
    return (await node.data(APPROVE, given, token=second(node)))["enrolmentApprove"]


async def close(node: Node, scope: str, closed: str, by: Role = Role.SUPERVISOR) -> Any:
    given = {"input": {"scope": scope, "key": closed, "reason": WHY}}
    return (await node.data(CLOSE, given, by=by))["accessClose"]


async def opened_profile(node: Node, **options: Any) -> httpx.Response:
    return await node.ask(PROFILE, {"id": node.profile_id()}, **options)


# -- acts


async def test_every_kind_of_act_is_proposed_by_one_and_done_by_another(node: Node) -> None:
    for name, terms in ACTS.items():
        made = await approved(node, **{name: terms})

        assert made["userErrors"] == [], name
        assert made["enrolment"]["state"] == "APPROVED"
        assert made["enrolment"]["decidedBy"] is not None

    def look(connection: Connection) -> tuple[Any, Any, Any]:
        new = directory.client(connection, "ke-invented-desk-2")
        return new, changes.agreement(connection, "NL-2026-01"), changes.client_keys(connection, CLIENT)

    client, agreed, keys = await node.database.read(look)
    assert client.nonces
    assert (agreed.tier, agreed.hosts, agreed.until) == (
        "full", ("hits.police.example",), MOMENT + timedelta(days=1),
    )  # fmt: skip
    assert [each["kid"] for each in keys["keys"]] == [pair("ES256", 8).jwk["kid"]]


async def test_what_is_proposed_says_what_it_changes(node: Node) -> None:
    made = (await proposed(node, officerChange=ACTS["officerChange"]))["enrolment"]

    assert (made["kind"], made["subject"], made["state"]) == ("OFFICER_CHANGE", INVESTIGATOR, "PROPOSED")
    assert json.loads(made["before"]) == {
        "chain": "child-protection", "clearance": "restricted", "roles": ["investigator"],
    }  # fmt: skip
    assert json.loads(made["terms"])["roles"] == []


@pytest.mark.parametrize("act", [{}, {"agency": ACTS["agency"], "grantKey": ACTS["grantKey"]}, {"agency": None}])
async def test_an_input_names_exactly_one_act(shared: Node, act: dict[str, Any]) -> None:
    (error,) = (await proposed(shared, **act))["userErrors"]

    assert (error["code"], error["field"]) == ("ENROLMENT_NOT_ONE", "input")


MISTAKES: dict[str, tuple[str, dict[str, Any], str]] = {
    "code": ("agency", {"code": "No Name!"}, "NAME_MALFORMED"),
    "name": ("agency", {"name": " "}, "TEXT_MALFORMED"),
    "taken": ("agency", {"code": AGENCY}, "ALREADY_ENROLLED"),
    "clearance": ("officer", {"clearance": "ultra"}, "CODE_UNKNOWN"),
    "abroad": ("officer", {"roles": ["PARTNER_OFFICER"]}, "ROLE_ABROAD"),
    "issuer": ("officerIdentity", {"issuer": "http://idp.example"}, "TEXT_MALFORMED"),
    "no keys": ("client", {"keys": []}, "KEY_REFUSED"),
    "five keys": ("client", {"keys": [key(each) for each in range(5)]}, "KEY_REFUSED"),
    "keys alike": ("client", {"keys": [key(), key()]}, "KEY_REFUSED"),
    "no json": ("clientKey", {"key": key() | {"jwk": "{"}}, "KEY_REFUSED"),
    "no object": ("clientKey", {"key": key() | {"jwk": "[]"}}, "KEY_REFUSED"),
    "private": ("clientKey", {"key": key() | {"jwk": json.dumps(dict(pair().jwk) | {"d": "AA"})}}, "KEY_REFUSED"),
    "backwards": ("clientKey", {"key": key() | {"notAfter": written(MOMENT)}}, "KEY_TIME"),
    "for ever": ("clientKey", {"key": key() | {"notAfter": "9999-12-31T00:00:00Z"}}, "KEY_TIME"),
    "unknown key": ("clientKeyEnd", {"kid": "nothing"}, "NOT_FOUND"),
    "purpose": ("agreement", {"purposes": ["administration"]}, "CODE_UNKNOWN"),
    "no purpose": ("agreement", {"purposes": []}, "LIST_MALFORMED"),
    "basis": ("agreement", {"legalBases": ["XX"]}, "CODE_UNKNOWN"),
    "host": ("agreement", {"hosts": ["10.0.0.1"]}, "NAME_MALFORMED"),
    "hosts": ("agreement", {"hosts": ["a.example"] * 21}, "LIST_MALFORMED"),
    "subjects": ("agreement", {"distinctSubjects": 0}, "NUMBER_MALFORMED"),
    "time": ("agreement", {"until": written(MOMENT)}, "AGREEMENT_TIME"),
    "long": ("agreement", {"since": "0001-01-02T00:00:00Z", "until": "9999-12-31T00:00:00Z"}, "AGREEMENT_TIME"),
    "reason": ("agency", {"reason": "x"}, "REASON_MALFORMED"),
}


@pytest.mark.parametrize("case", MISTAKES)
async def test_terms_that_break_a_rule_are_told_as_user_errors_and_nothing_is_proposed(shared: Node, case: str) -> None:
    name, changed, code = MISTAKES[case]
    reason = {"reason": changed["reason"]} if "reason" in changed else {}
    before = await shared.kept()

    (error,) = (await proposed(shared, **{name: ACTS[name] | {k: v for k, v in changed.items() if k != "reason"}},
                               **reason))["userErrors"]  # fmt: skip

    assert error["code"] == code
    assert code in PROPOSE_CODES
    assert error["message"]
    assert error["remedy"] or code == "NOT_FOUND"
    kept = await shared.kept()
    assert {name: kept[name] - rows for name, rows in before.items() if kept[name] != rows}.keys() <= {"replays"}


async def test_one_rejects_and_the_proposer_withdraws(node: Node) -> None:
    first = (await proposed(node, agency=ACTS["agency"]))["enrolment"]["id"]
    rejected = await node.data(REJECT, {"input": {"enrolmentId": first, "note": "Not signed"}}, token=second(node))
    again = (await proposed(node, agency=ACTS["agency"]))["enrolment"]["id"]
    taken_back = {"input": {"enrolmentId": again, "reason": "Another code"}}
    withdrawn = await node.data(WITHDRAW, taken_back, by=Role.ADMINISTRATOR)

    assert rejected["enrolmentReject"]["enrolment"] == {"state": "REJECTED", "note": "Not signed"}
    assert withdrawn["enrolmentWithdraw"]["enrolment"] == {"state": "WITHDRAWN", "note": "Another code"}


async def test_the_same_person_does_not_give_both_words(node: Node) -> None:
    made = (await proposed(node, agency=ACTS["agency"]))["enrolment"]["id"]

    answer = await node.data(APPROVE, {"input": {"enrolmentId": made}}, by=Role.ADMINISTRATOR)

    assert [each["code"] for each in answer["enrolmentApprove"]["userErrors"]] == ["OWN_PROPOSAL"]
    assert await node.database.read(lambda connection: "nl-invented" not in directory.agency_names(connection))


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
async def test_nobody_else_sees_or_changes_who_may_ask(shared: Node, role: Role) -> None:
    token = shared.token(role, purpose=Purpose.ADMINISTRATION)
    given = {"input": {"reason": WHY, "agency": ACTS["agency"]}}

    refused = await shared.ask(PROPOSE, given, token=token)
    listed = await shared.ask("{ clients(first: 5) { edges { cursor } } }", token=token)

    assert code_of(refused) == "FORBIDDEN"
    assert ("errors" in listed.json()) is (role is not Role.AUDITOR)


LISTS = """{ enrolments(first: 1) { edges { cursor node { kind } } pageInfo { hasNextPage } }
  agencies(first: 1) { edges { cursor node { code isClosed keys { kid notAfter } } } pageInfo { hasNextPage } }
  officers(first: 1, agency: "ke-invented") { edges { cursor node { reference roles chain } } }
  clients(first: 1) { edges { cursor node { id agency keys { kid kind } documents nonces } } }
  agreements(first: 1) { edges { node { code tier inForce } } }
  closures(first: 1) { edges { node { scope key } } }
  keysExpiring { holder name kid notAfter } }"""


async def test_administrators_see_everything_a_page_at_a_time(node: Node) -> None:
    for name in ("agency", "agreement"):
        await approved(node, **{name: ACTS[name]})
    await close(node, "FIELD_CLASS", "contact")

    answer = await node.ask(LISTS, by=Role.ADMINISTRATOR)

    seen = answer.json()["data"]
    assert seen["enrolments"]["pageInfo"]["hasNextPage"]
    assert seen["agencies"]["edges"][0]["node"] == {"code": ELSEWHERE, "isClosed": False, "keys": []}
    assert seen["agreements"]["edges"][0]["node"] == {"code": "NL-2026-01", "tier": "STANDARD", "inForce": True}
    assert seen["closures"]["edges"][0]["node"] == {"scope": "FIELD_CLASS", "key": "contact"}
    assert seen["keysExpiring"] == []
    for name, more in (("agencies", ""), ("officers", ', agency: "ke-invented"'), ("clients", ""), ("enrolments", "")):
        cursor = seen[name]["edges"][0]["cursor"]
        page = (
            f'{{ {name}(first: 50, after: "{cursor}"{more}) {{ edges {{ cursor }} pageInfo {{ hasPreviousPage }} }} }}'
        )
        rest = await node.data(page, by=Role.ADMINISTRATOR)
        assert cursor not in [each["cursor"] for each in rest[name]["edges"]]
        assert rest[name]["edges"]
        assert rest[name]["pageInfo"]["hasPreviousPage"]


# -- the kill switch


@pytest.mark.parametrize(
    ("scope", "closed"),
    [("AGENCY", AGENCY), ("CLIENT", CLIENT), ("OFFICER", INVESTIGATOR)],
    ids=["agency", "client", "officer"],
)
async def test_who_is_shut_out_is_refused_with_the_next_request_and_two_let_them_in_again(
    node: Node, scope: str, closed: str
) -> None:
    token = node.token()
    before = await opened_profile(node, token=token)
    made = await close(node, scope, closed)
    refused = await opened_profile(node, token=token)

    assert before.status_code == 200
    assert (made["closure"]["scope"], made["closure"]["key"], made["userErrors"]) == (scope, closed, [])
    assert (refused.status_code, code_of(refused)) == (401, "TOKEN_REVOKED")
    await only_entry(node, refused, "denied", "TOKEN_REVOKED")

    if scope == "OFFICER":  # otherwise their administrators are shut out as well
        assert (await approved(node, opening={"scope": scope, "key": closed}))["userErrors"] == []
        assert (await opened_profile(node, token=token)).status_code == 200


async def test_an_agency_that_is_shut_out_is_opened_by_administrators_of_two_others(node: Node) -> None:
    """Nobody opens their own agency: they can't ask."""
    await close(node, "AGENCY", AGENCY)

    refused = await node.ask(
        PROPOSE, {"input": {"reason": WHY, "opening": {"scope": "AGENCY", "key": AGENCY}}}, by=Role.ADMINISTRATOR
    )

    assert code_of(refused) == "TOKEN_REVOKED"


async def test_an_answer_that_waits_for_the_log_does_not_leave_once_its_asker_is_shut_out(node: Node) -> None:
    """The question was let in before the closing; its entry comes behind it, and says denied."""
    submit = node.endpoint.service.writer.submit

    async def closing_first(*arguments: Any, **options: Any) -> Any:
        await node.database.write(lambda db: factories.shut(db, Scope.CLIENT, CLIENT, at=node.clock()))
        return await submit(*arguments, **options)

    node.endpoint.service.writer.submit = closing_first
    try:
        answer = await opened_profile(node)
    finally:
        node.endpoint.service.writer.submit = submit

    assert (answer.status_code, code_of(answer)) == (401, "TOKEN_REVOKED")
    assert "data" not in answer.json()
    await only_entry(node, answer, "denied", "TOKEN_REVOKED")


async def test_a_stream_ends_within_a_second_of_its_readers_closing(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        reader = factories.actor(role=Role.REGISTRAR).officer
        assert reader is not None
        await close(node, "OFFICER", f"{AGENCY} {reader.reference}")
        begun = asyncio.get_running_loop().time()
        refused, end = await stream.rest()
        took = asyncio.get_running_loop().time() - begun

    assert refused.code == "TOKEN_REVOKED"
    assert end == COMPLETE
    assert took < 1


async def test_a_stream_of_somebody_else_goes_on(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        await close(node, "OFFICER", INVESTIGATOR)
        before = await node.database.read(closures.count)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(stream.event(), 1.2)

    assert before == 1


async def test_a_refused_closing_says_what_it_was_about(node: Node) -> None:
    given = {"input": {"scope": "CLIENT", "key": str(new_id()), "reason": WHY}}
    answer = await node.ask(CLOSE, given, by=Role.SUPERVISOR)

    assert answer.json()["data"]["accessClose"]["userErrors"] == [{"code": "NOT_FOUND", "field": "key"}]
    (event,) = (await node.entry(answer))["body"]["events"]
    assert event["name"] == "access:close:refused"
    assert event["details"]["closing"] == {"scope": "client", "key": given["input"]["key"]}
