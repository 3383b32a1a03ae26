"""Trusted documents over HTTP: sent by id or as text, required, marked, withdrawn; and the statements it takes."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection

from auth import directory
from auth.actor import Documents
from graphql_schema.observed import Observer
from registry.core.ids import new_id
from registry.core.metrics import METRICS
from registry.core.observing import Answer
from registry.disclosure.vocabulary import Role
from registry.documents import operations
from registry.documents.approval import digest
from tests import factories
from tests.graphql_schema.asking import PROFILE, PROPOSE, only_entry, proposal
from tests.graphql_schema.conftest import Said
from tests.graphql_schema.notices.following import DECISIONS
from tests.graphql_schema.profiles.steps import decided, decision, made, proposed
from tests.nodes import RESPONSE, Node, code_of, lines
from tests.registry.documents import scenes
from tests.streams import COMPLETE, reading

pytestmark = pytest.mark.anyio
FOREIGN = "query Foreign($id: ID!) { profile(id: $id) { sex } }"
"""Of another client's, or of nobody's."""


async def send(node: Node, token: str | None = None, **body: Any) -> httpx.Response:  # Any: JSON
    headers = node.headers(token) | {"accept": RESPONSE}
    return await node.http.post("/graphql", json=body, headers=headers)


async def named(node: Node, text: str, token: str | None = None, **body: Any) -> httpx.Response:
    """Send the id of a text."""
    return await send(node, token, documentId=f"sha256:{digest(text)}", **body)


async def done(node: Node, step: Callable[[Connection], Any]) -> Any:
    return await node.database.write(step)


async def approved(node: Node, text: str) -> Any:
    return await done(node, lambda connection: scenes.approved(connection, text=text))


async def withdrawn(node: Node, view: Any) -> None:
    def withdraw(connection: Connection) -> None:
        registrar = factories.work(connection, factories.actor(connection, role=Role.REGISTRAR))
        operations.withdraw(registrar, scenes.identifier(view), "An invented reason")

    await done(node, withdraw)


async def require(node: Node, mode: Documents = Documents.REQUIRE) -> None:
    await done(node, lambda connection: directory.set_documents(connection, factories.CLIENT, mode))


def elsewhere(node: Node) -> str:
    return node.token(agency=factories.ELSEWHERE)


# -- by id


async def test_an_approved_document_is_sent_by_its_id_and_entered_with_it(node: Node) -> None:
    await approved(node, PROFILE)

    answer = await named(node, PROFILE, variables={"id": node.profile_id()})

    assert answer.json()["data"]["profile"]["sex"] == "MALE"
    entry = await only_entry(node, answer, "allowed", None)
    assert (entry["document"], entry["operation"], entry["kind"]) == (digest(PROFILE), "profile", "query")
    assert [each["name"] for each in entry["body"]["events"]] == ["profile:read"]


async def test_an_id_and_its_text_are_answered_alike(node: Node) -> None:
    await approved(node, PROFILE)
    variables = {"id": node.profile_id()}

    by_id, as_text = await named(node, PROFILE, variables=variables), await node.ask(PROFILE, variables)

    assert by_id.json()["data"] == as_text.json()["data"]


async def test_of_several_operations_one_is_named(node: Node) -> None:
    text = "query A($id: ID!) { profile(id: $id) { sex } } query B { __typename }"
    await approved(node, text)

    answers = [
        await named(node, text, operationName="B"), await named(node, text),
        await named(node, text, operationName="C"), await named(node, text, operationName="A"),
    ]  # fmt: skip

    assert answers[0].json()["data"] == {"__typename": "Query"}
    assert [code_of(each) for each in answers[1:]] == ["OPERATION_AMBIGUOUS", "OPERATION_UNKNOWN", "BAD_USER_INPUT"]


@pytest.mark.parametrize("is_known", [False, True], ids=["nobody has sent it", "this worker has seen it"])
async def test_unknown_foreign_waiting_rejected_and_withdrawn_are_told_alike(node: Node, *, is_known: bool) -> None:
    texts = {word: f"{PROFILE} # {word}" for word in ("unknown", "foreign", "waiting", "rejected", "withdrawn")}

    def bring(connection: Connection) -> Any:
        supervisor = factories.work(connection, factories.actor(connection, role=Role.SUPERVISOR))
        registrar = factories.actor(connection, role=Role.REGISTRAR, agency=factories.ELSEWHERE)
        asked = scenes.asked(client="ke-elsewhere-desk", text=texts["foreign"])
        foreign = operations.propose(factories.work(connection, registrar), asked, scenes.read)
        operations.approve(supervisor, scenes.identifier(foreign))
        scenes.proposed(connection, text=texts["waiting"])
        rejected = scenes.proposed(connection, text=texts["rejected"])
        operations.reject(supervisor, scenes.identifier(rejected), "An invented reason")
        return scenes.approved(connection, text=texts["withdrawn"])

    await withdrawn(node, await done(node, bring))
    if is_known:
        for text in texts.values():
            await node.data(text, {"id": node.profile_id()}, token=elsewhere(node))

    told = set()
    for text in texts.values():
        bodies: tuple[dict[str, Any], ...] = ({"variables": {"id": node.profile_id()}}, {}, {"operationName": "None"})
        for body in bodies:
            answer = await named(node, text, **body)
            entry = await only_entry(node, answer, "denied", "DOCUMENT_UNKNOWN")
            assert entry["document"] == digest(text)
            assert entry["body"]["events"] == []
            told.add((answer.status_code, re.sub(r'"requestId":"[^"]*"', "", answer.text)))

    assert len(told) == 1
    assert (
        await named(node, texts["foreign"], elsewhere(node), variables={"id": node.profile_id()})
    ).status_code == 200


async def test_withdrawal_counts_from_the_next_request_on(node: Node) -> None:
    view = await approved(node, PROFILE)
    variables = {"id": node.profile_id()}
    before = await named(node, PROFILE, variables=variables)

    await withdrawn(node, view)
    after = await named(node, PROFILE, variables=variables)
    await approved(node, PROFILE)
    again = await named(node, PROFILE, variables=variables)

    assert [each.status_code for each in (before, after, again)] == [200, 400, 200]
    assert code_of(after) == "DOCUMENT_UNKNOWN"


async def test_a_client_that_is_suspended_is_told_that_and_nothing_of_documents(node: Node) -> None:
    await approved(node, PROFILE)
    shut = factories.shut
    await done(node, lambda connection: shut(connection, directory.Scope.CLIENT, factories.CLIENT, at=node.clock()))

    codes = [code_of(await named(node, text)) for text in (PROFILE, FOREIGN)]

    assert codes == ["TOKEN_REVOKED", "TOKEN_REVOKED"]


@pytest.mark.parametrize(
    "body",
    [
        {"query": PROFILE, "documentId": f"sha256:{digest(PROFILE)}"},
        {"query": FOREIGN, "documentId": f"sha256:{digest(PROFILE)}"},
        {"query": "", "documentId": f"sha256:{digest(PROFILE)}"},
        {"documentId": digest(PROFILE)},
        {"documentId": f"sha256:{digest(PROFILE).upper()}"},
        {"documentId": ""},
        {"documentId": 5},
        {"documentId": [f"sha256:{digest(PROFILE)}"]},
        {"documentId": None},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(PROFILE)}}},
    ],
)
async def test_two_documents_and_what_is_no_id_are_malformed(shared: Node, body: dict[str, Any]) -> None:
    answer = await send(shared, **body)

    assert (answer.status_code, code_of(answer)) == (400, "PARAMETERS_MALFORMED")
    assert digest(PROFILE) not in answer.text


# -- require


async def test_who_requires_trusted_documents_answers_no_other(node: Node) -> None:
    await approved(node, PROFILE)
    variables = {"id": node.profile_id()}
    await require(node)

    by_id, as_text = await named(node, PROFILE, variables=variables), await node.ask(PROFILE, variables)
    other, altered = await node.ask(FOREIGN, variables), await node.ask(f"{PROFILE} ", variables)

    assert [each.status_code for each in (by_id, as_text, other, altered)] == [200, 200, 403, 403]
    for refused, text in ((other, FOREIGN), (altered, f"{PROFILE} ")):
        assert code_of(refused) == "DOCUMENT_NOT_TRUSTED"
        assert "data" not in refused.json()
        entry = await only_entry(node, refused, "denied", "DOCUMENT_NOT_TRUSTED")
        assert (entry["document"], entry["agency"]) == (digest(text), factories.AGENCY)


async def test_introspection_and_the_cheapest_question_are_documents_too(node: Node) -> None:
    introspection = "{ __schema { types { name } } }"
    await require(node)
    before = [await node.ask(text) for text in (introspection, "{ __typename }")]

    await approved(node, introspection)
    after = await node.ask(introspection)

    assert [code_of(each) for each in before] == ["DOCUMENT_NOT_TRUSTED", "DOCUMENT_NOT_TRUSTED"]
    assert after.json()["data"]["__schema"]["types"]


async def test_approval_gives_nobody_the_schema_nor_a_permission(node: Node) -> None:
    introspection = "{ __schema { types { name } } }"

    def bring(connection: Connection) -> None:
        registrar = factories.actor(connection, role=Role.REGISTRAR, agency=factories.ELSEWHERE)
        asked = scenes.asked(client="ke-elsewhere-desk", text=introspection)
        made = operations.propose(factories.work(connection, registrar), asked, scenes.read)
        supervisor = factories.work(connection, factories.actor(connection, role=Role.SUPERVISOR))
        operations.approve(supervisor, scenes.identifier(made))

    await done(node, bring)
    await approved(node, PROFILE)

    schema = await named(node, introspection, elsewhere(node))
    person = await named(node, PROFILE, node.token(Role.AUDITOR), variables={"id": node.profile_id()})

    assert code_of(schema) == "GRAPHQL_VALIDATION_FAILED"
    assert code_of(person) == "FORBIDDEN"


async def test_a_change_that_nobody_approved_is_not_made(node: Node) -> None:
    await require(node)
    before = await node.kept()

    refused = await node.ask(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR)
    kept = await node.kept()
    await approved(node, PROPOSE)
    made = await named(node, PROPOSE, node.token(Role.REGISTRAR), variables={"input": proposal()})

    assert (refused.status_code, code_of(refused), kept) == (403, "DOCUMENT_NOT_TRUSTED", before)
    entry = await only_entry(node, refused, "denied", "DOCUMENT_NOT_TRUSTED")
    assert entry["kind"] == "mutation"
    assert made.json()["data"]["profilePropose"]["userErrors"] == []


async def test_a_stream_is_a_document_too_in_each_of_its_turns(node: Node) -> None:
    proposal = made(await proposed(node, node.profile_id(), "RELEASE"))
    await require(node)
    refused = await node.ask(DECISIONS, by=Role.REGISTRAR, accept="text/event-stream")

    view = await approved(node, DECISIONS)
    await approved(node, decision("Approve"))
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
        await withdrawn(node, view)
        made(await decided(node, "Approve", proposal))
        told, end = await stream.rest()

    assert (refused.status_code, code_of(refused)) == (403, "DOCUMENT_NOT_TRUSTED")
    assert first is not None
    assert first.data == {"decisions": None}
    assert (told.code, end) == ("DOCUMENT_NOT_TRUSTED", COMPLETE)


async def test_a_mode_is_one_client_s_own_and_counts_from_the_next_request_on(node: Node) -> None:
    variables = {"id": node.profile_id()}
    first = await node.ask(FOREIGN, variables)
    await require(node)
    second = await node.ask(FOREIGN, variables)
    other = await node.ask(FOREIGN, variables, token=elsewhere(node))
    await require(node, Documents.OFF)
    third = await node.ask(FOREIGN, variables)

    assert [each.status_code for each in (first, second, other, third)] == [200, 403, 200, 200]


# -- log


def counted() -> float:
    value = METRICS.get_sample_value("registry_untrusted_documents_total")
    assert value is not None
    return value


async def test_what_require_would_refuse_is_answered_marked_and_counted(node: Node, said: Said) -> None:
    await approved(node, PROFILE)
    await require(node, Documents.LOG)
    variables, before = {"id": node.profile_id()}, counted()

    other, trusted = await node.ask(FOREIGN, variables), await node.ask(PROFILE, variables)
    malformed = await node.ask(FOREIGN, {"id": None})

    assert other.json()["data"] == {"profile": {"sex": "MALE"}}
    events = (await only_entry(node, other, "allowed", None))["body"]["events"]
    assert [each["name"] for each in events] == ["document:untrusted", "profile:read"]
    assert events[0]["details"] == {"document": digest(FOREIGN)}
    assert [each["name"] for each in (await node.entry(trusted))["body"]["events"]] == ["profile:read"]
    assert [each["name"] for each in (await node.entry(malformed))["body"]["events"]] == ["document:untrusted"]
    assert counted() == before + 2
    told = [line for line in lines(said()) if line["event"] == "untrusted"]
    assert [(each["client"], each["document"]) for each in told] == [(factories.CLIENT, digest(FOREIGN))] * 2


async def test_a_stream_is_counted_once_and_marked_in_each_entry(node: Node, said: Said) -> None:
    proposal = made(await proposed(node, node.profile_id(), "RELEASE"))
    await require(node, Documents.LOG)

    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        made(await decided(node, "Approve", proposal))
        await stream.event()

    told = [line for line in lines(said()) if line["event"] == "untrusted" and line["document"] == digest(DECISIONS)]
    entries = [each for each in await node.entries() if each["document"] == digest(DECISIONS)]
    assert len(told) == 1
    assert len(entries) >= 2
    assert {each["body"]["events"][0]["name"] for each in entries} == {"document:untrusted"}


async def test_where_any_document_is_let_in_nothing_is_marked(shared: Node) -> None:
    before = counted()

    answer = await shared.ask(FOREIGN, {"id": shared.profile_id()})

    assert [each["name"] for each in (await shared.entry(answer))["body"]["events"]] == ["profile:read"]
    assert counted() == before


class Collector:
    """A tracer that keeps what it is told."""

    def __init__(self) -> None:
        self.names: list[str | None] = []

    def tell(self, answer: Answer) -> None:
        self.names.append(answer.name)

    def close(self) -> None:
        self.names.clear()


async def test_an_operation_is_called_by_its_own_name_only_where_two_have_read_it(node: Node) -> None:
    collector = Collector()
    node.endpoint.observer = Observer(node.endpoint.service.schema, collector)
    variables = {"id": node.profile_id()}
    view = await approved(node, PROFILE)

    await node.ask(PROFILE, variables)
    await named(node, PROFILE, variables=variables)
    await node.ask(FOREIGN, variables)
    await withdrawn(node, view)
    await node.ask(PROFILE, variables)

    assert collector.names == ["Open", "Open", None, None]


# -- statements


async def test_neither_an_id_nor_a_mode_costs_a_statement_once_the_worker_knows_the_text(node: Node) -> None:
    await approved(node, PROFILE)
    variables = {"id": node.profile_id()}

    with node.statements() as first:
        await named(node, PROFILE, variables=variables)
    with node.statements() as second:
        await named(node, PROFILE, variables=variables)
    await require(node)
    with node.statements() as required:
        await node.ask(PROFILE, variables)
    with node.statements() as refused:
        await named(node, FOREIGN, variables=variables)

    assert [_table(each) for each in first] == ["clients", "trusted_documents", "clients", "profiles"]
    assert [_table(each) for each in second] == ["clients", "profiles"]
    assert [_table(each) for each in required] == ["clients", "profiles"]
    assert [_table(each) for each in refused] == ["clients"]


def _table(statement: str) -> str:
    return next(name for name in ("profiles", "clients", "trusted_documents") if f"FROM {name}" in statement)


# -- proposing and deciding through the API

DOCUMENT = """id client documentId name text state reason proposedBy proposedAgency proposedAt decidedBy decidedAt note
    withdrawnBy withdrawnAt withdrawnWhy operations { name kind fields permissions cost }"""
LIST = f"""query ($c: String, $s: TrustedDocumentState, $a: String) {{
    trustedDocuments(client: $c, state: $s, first: 1, after: $a) {{
        edges {{ node {{ {DOCUMENT} }} }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"""


async def told(node: Node, mutation: str, given: dict[str, Any], **by: Any) -> dict[str, Any]:
    document = f"""mutation ($i: {mutation[0].upper()}{mutation[1:]}Input!) {{ done: {mutation}(input: $i) {{
        document {{ {DOCUMENT} }} userErrors {{ code field message remedy }} }} }}"""
    payload: dict[str, Any] = (await node.data(document, {"i": given}, **by))["done"]
    return payload


def asked(**changes: str) -> dict[str, str]:
    usual = {"client": factories.CLIENT, "name": "DEMO open", "text": PROFILE, "reason": "An invented reason"}
    return usual | changes


async def test_a_document_from_its_proposal_to_its_end(node: Node) -> None:
    waiting = (await told(node, "trustedDocumentPropose", asked(), by=Role.REGISTRAR))["document"]
    early = await named(node, PROFILE, variables={"id": node.profile_id()})
    decision = {"trustedDocumentId": waiting["id"], "decision": "APPROVE"}
    made = (await told(node, "trustedDocumentDecide", decision, by=Role.SUPERVISOR))["document"]
    answered = await named(node, PROFILE, variables={"id": node.profile_id()})
    reason = {"trustedDocumentId": waiting["id"], "reason": "An invented end"}
    ended = (await told(node, "trustedDocumentWithdraw", reason, by=Role.REGISTRAR))["document"]
    late = await named(node, PROFILE, variables={"id": node.profile_id()})

    assert [each.status_code for each in (early, answered, late)] == [400, 200, 400]
    assert [each["state"] for each in (waiting, made, ended)] == ["PROPOSED", "APPROVED", "WITHDRAWN"]
    assert waiting["documentId"] == f"sha256:{digest(PROFILE)}"
    (operation,) = waiting["operations"]
    assert operation["cost"] > 0
    assert operation | {"cost": 0} == {
        "name": "Open", "kind": "QUERY", "permissions": ["profile:read"], "cost": 0,
        "fields": ["Name.full", "Profile.id", "Profile.names", "Profile.sex", "Query.profile"],
    }  # fmt: skip
    assert made["decidedBy"] != made["proposedBy"] == waiting["proposedBy"]
    assert (ended["withdrawnWhy"], ended["withdrawnBy"]) == ("An invented end", waiting["proposedBy"])


async def test_nobody_lets_in_their_own_and_a_rejection_says_why(node: Node) -> None:
    own = (await told(node, "trustedDocumentPropose", asked(), by=Role.SUPERVISOR))["document"]
    approve = {"trustedDocumentId": own["id"], "decision": "APPROVE"}
    reject = approve | {"decision": "REJECT"}
    second = {"token": node.token(Role.SUPERVISOR, agency=factories.ELSEWHERE)}

    refused = await told(node, "trustedDocumentDecide", approve, by=Role.SUPERVISOR)
    wordless = await told(node, "trustedDocumentDecide", reject, **second)
    rejected = await told(node, "trustedDocumentDecide", reject | {"note": "It asks too much"}, **second)
    again = await told(node, "trustedDocumentDecide", approve, **second)

    codes = [[each["code"] for each in payload["userErrors"]] for payload in (refused, wordless, rejected, again)]
    assert codes == [["OWN_PROPOSAL"], ["REASON_MALFORMED"], [], ["DOCUMENT_STATE"]]
    assert (rejected["document"]["state"], rejected["document"]["note"]) == ("REJECTED", "It asks too much")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"text": "{ a"}, ["GRAPHQL_PARSE_FAILED"]),
        ({"text": "{ first second }"}, ["GRAPHQL_VALIDATION_FAILED"] * 2),
        ({"text": '{ profile(id: "DEMO-SECRET") { sex } }'}, ["DOCUMENT_HOLDS_TEXT"]),
        ({"text": "{ " + "__typename " * 6 + "}"}, ["DOCUMENT_TOO_COMPLEX"]),
        ({"text": "{ " + " " * 16_000 + "__typename }"}, ["DOCUMENT_TOO_COMPLEX"]),
        ({"name": " "}, ["TEXT_MALFORMED"]),
        ({"reason": "x"}, ["REASON_MALFORMED"]),
    ],
)
async def test_what_the_schema_or_a_rule_refuses_is_a_user_error(
    shared: Node, changes: dict[str, str], codes: list[str]
) -> None:
    before = await shared.kept()

    payload = await told(shared, "trustedDocumentPropose", asked(**changes), by=Role.REGISTRAR)

    assert [each["code"] for each in payload["userErrors"]] == codes
    assert all(each["remedy"] for each in payload["userErrors"])
    assert payload["document"] is None
    assert "SECRET" not in str(payload)
    assert await shared.kept() == before


async def test_a_client_of_another_agency_is_not_there(shared: Node) -> None:
    document = "mutation ($i: TrustedDocumentProposeInput!) { trustedDocumentPropose(input: $i) { __typename } }"
    answers = [
        await shared.ask(document, {"i": asked(client=client)}, by=Role.REGISTRAR)
        for client in ("ke-elsewhere-desk", f"nobody-{new_id()}")
    ]

    assert [code_of(each) for each in answers] == ["NOT_FOUND", "NOT_FOUND"]
    assert answers[0].json()["errors"][0]["message"] == answers[1].json()["errors"][0]["message"]


async def test_documents_are_paged_by_client_and_state_for_keepers_and_auditors(node: Node) -> None:
    await approved(node, PROFILE)
    await done(node, lambda connection: scenes.proposed(connection, text=FOREIGN))

    one = (await node.data(LIST, by=Role.AUDITOR))["trustedDocuments"]
    two = (await node.data(LIST, {"a": one["pageInfo"]["endCursor"]}, by=Role.AUDITOR))["trustedDocuments"]
    chosen = (await node.data(LIST, {"s": "PROPOSED", "c": factories.CLIENT}, by=Role.REGISTRAR))["trustedDocuments"]
    none = (await node.data(LIST, {"c": "nobody"}, by=Role.SUPERVISOR))["trustedDocuments"]
    foreign = await node.ask(LIST, {"a": one["pageInfo"]["endCursor"], "s": "PROPOSED"}, by=Role.AUDITOR)

    assert [each["edges"][0]["node"]["text"] for each in (one, two, chosen)] == [PROFILE, FOREIGN, FOREIGN]
    assert [each["pageInfo"]["hasNextPage"] for each in (one, two, chosen)] == [True, False, False]
    assert (none["edges"], code_of(foreign)) == ([], "CURSOR_INVALID")
