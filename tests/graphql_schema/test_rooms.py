"""What each room answers over HTTP: ids that tell nothing, withheld fields, versions, and the log as it is read."""

import json
from typing import Any

import pytest

from graphql_schema.paging import Cursors
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Purpose, Role
from tests import factories
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio

PROFILE = "query ($id: ID!) { thing: profile(id: $id) { id } }"
PROPOSAL = "query ($id: ID!) { thing: proposal(id: $id) { id } }"
APPROVE = "mutation ($id: ID!) { thing: proposalApprove(input: {proposalId: $id}) { userErrors { code } } }"
REJECT = (
    'mutation ($id: ID!) { thing: proposalReject(input: {proposalId: $id, note: "no, no"}) { userErrors { code } } }'
)
EVERYTHING = """query ($id: ID!) { profile(id: $id) {
    id registerNumber version recordedAt recordOwner legalBasis { code } names { full kind } birthDate sex nationalities
    identifiers { value } phones { number } emails { address } handles { handle } county convictions { offence }
    redactions { path reason } versions { version proposedAgency decidedBy reason note } } }"""


@pytest.mark.parametrize(
    ("document", "kind", "by"),
    [
        (PROFILE, "profile", Role.INVESTIGATOR),
        (PROPOSAL, "proposal", Role.REGISTRAR),
        (APPROVE, "proposal", Role.SUPERVISOR),
        (REJECT, "proposal", Role.SUPERVISOR),
    ],
)
async def test_missing_and_of_another_kind_look_the_same(shared: Node, document: str, kind: str, by: Role) -> None:
    other = {"profile": "proposal", "proposal": "officer"}[kind]
    answers = [
        await shared.ask(document, {"id": identifier}, by=by)
        for identifier in (public_id(kind, new_id()), public_id(other, new_id()), public_id(kind, new_id()))
    ]

    told = []
    for answer in answers:
        assert code_of(answer) == "NOT_FOUND"
        body = answer.json()
        del body["errors"][0]["extensions"]["requestId"], body["extensions"]  # what is left to ask differs
        told.append(body)
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("document", [PROFILE, PROPOSAL, APPROVE, REJECT])
async def test_what_has_not_the_form_of_an_id_is_told_so_and_tells_nothing(shared: Node, document: str) -> None:
    answer = await shared.ask(document, {"id": "x"}, by=Role.REGISTRAR)

    assert code_of(answer) == "ID_MALFORMED"


async def test_who_may_not_read_learns_not_even_whether_it_exists(shared: Node) -> None:
    there, gone = shared.profile_id(), public_id("profile", new_id())

    answers = [await shared.ask(PROFILE, {"id": each}, by=Role.AUDITOR) for each in (there, gone)]

    assert [code_of(each) for each in answers] == ["FORBIDDEN", "FORBIDDEN"]
    assert answers[0].json()["errors"][0]["message"] == answers[1].json()["errors"][0]["message"]


async def test_an_investigator_sees_the_person_and_not_where_the_record_comes_from(shared: Node) -> None:
    seen = (await shared.data(EVERYTHING, {"id": shared.profile_id()}))["profile"]

    assert seen["names"] == [{"full": "Juma Hamisi Mwakio", "kind": "LEGAL"}, {"full": "Mwalimu Jay", "kind": "ALIAS"}]
    assert (seen["birthDate"], seen["sex"], seen["nationalities"]) == ("1971-05-17", "MALE", ["KE"])
    assert seen["identifiers"] == [{"value": "INV1234567"}]
    assert (seen["phones"], seen["emails"]) == ([{"number": "+254712345678"}], [{"address": "juma@mail.example"}])
    assert seen["county"] == "Kwale"
    assert seen["handles"] == [{"handle": "mwakio_71"}]
    assert len(seen["convictions"]) == 1
    assert seen["recordedAt"] == "2026-11-21T09:00:00Z"
    assert (seen["recordOwner"], seen["legalBasis"], seen["versions"]) == (None, None, None)
    withheld = ("legalBasis", "notes", "ownerPost", "recordOwner", "sources", "versions")
    assert seen["redactions"] == [{"path": path, "reason": "ROLE"} for path in withheld]


async def test_a_supervising_officer_sees_less_and_is_told_what_is_withheld(shared: Node) -> None:
    token = shared.token(purpose=Purpose.OFFENDER_SUPERVISION)
    seen = (await shared.data(EVERYTHING, {"id": shared.profile_id()}, token=token))["profile"]

    withheld = {each["path"] for each in seen["redactions"]}
    assert withheld == {
        "biometrics", "descriptions", "handles", "identifiers", "legalBasis", "marks", "modusOperandi", "notes",
        "ownerPost", "photographs", "recordOwner", "risks", "sources", "travels", "versions",
    }  # fmt: skip
    assert all(seen[path] is None for path in withheld & seen.keys())
    assert seen["county"] == "Kwale"


async def test_a_registrar_sees_who_proposed_and_who_vetted_each_version(node: Node) -> None:
    changed = factories.record(county="Nairobi")
    await node.database.write(lambda connection: factories.amended(connection, node.people[0], changed))

    seen = (await node.data(EVERYTHING, {"id": node.profile_id()}, by=Role.REGISTRAR))["profile"]

    assert (seen["version"], seen["county"]) == (2, "Nairobi")
    assert [each["version"] for each in seen["versions"]] == [2, 1]
    assert {each["proposedAgency"] for each in seen["versions"]} == {factories.AGENCY}
    assert seen["recordOwner"] == factories.AGENCY
    assert seen["redactions"] == []


async def test_the_reasons_of_a_hit_speak_of_readable_fields_only(shared: Node) -> None:
    document = """query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) {
        edges { node { band reasons { feature sentence weight queryValue recordValue } } } } }"""
    criteria: dict[str, Any] = {"name": "Juma Mwakio", "birthDate": "1971", "phone": "0712 345 678", "sex": "MALE"}

    (hit,) = (await shared.data(document, {"c": criteria}))["search"]["edges"]

    features = {each["feature"].partition(".")[0] for each in hit["node"]["reasons"]}
    assert {"name", "born", "phone"} <= features
    assert hit["node"]["band"] == "STRONG"
    assert all(each["sentence"] for each in hit["node"]["reasons"])


@pytest.mark.parametrize(
    "criteria",
    [
        {"identifiers": [{"type": "NATIONAL_ID", "value": "inv 1234567", "country": "KE"}]},
        {"phone": "0712345678"},
        {"email": "JUMA@mail.example"},
        {"handle": {"handle": "mwakio_71"}},
        {"handle": {"platform": "invented", "handle": "Mwakio_71"}},
        {"name": "Mwakio Juma", "birthDate": "1971-05"},
        {"name": "Mwalimu Jay"},
    ],
)
async def test_a_person_is_found_by_whatever_is_known(shared: Node, criteria: dict[str, Any]) -> None:
    document = (
        "query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) { edges { node { profile { id } } } } }"
    )

    (hit,) = (await shared.data(document, {"c": criteria}))["search"]["edges"]

    assert hit["node"]["profile"]["id"] == shared.profile_id()


async def test_an_officer_who_vets_reads_the_whole_proposal(node: Node) -> None:
    value = factories.record(county="Nairobi")
    made = await node.database.write(lambda connection: factories.proposed(connection, value))
    document = """query ($id: ID!) { proposal(id: $id) { id profileId state reason proposedBy proposedAgency
        proposedChain proposedAt decidedBy decidedAt note version
        record { county names { full } redactions { path } } } }"""

    seen = (await node.data(document, {"id": public_id("proposal", made)}, by=Role.SUPERVISOR))["proposal"]

    assert (seen["state"], seen["reason"], seen["version"]) == ("PENDING", "An invented reason", None)
    assert (seen["proposedAgency"], seen["proposedChain"]) == (factories.AGENCY, "records")
    assert (seen["decidedBy"], seen["decidedAt"], seen["note"]) == (None, None, None)
    assert seen["record"]["county"] == "Nairobi"


async def test_an_auditor_reads_every_field_of_an_entry(node: Node) -> None:
    asked = await node.ask(PROFILE, {"id": node.profile_id()})
    document = """{ logEntries(first: 1, reason: "Complaint of a subject") { lookedUntil edges { node { index at
        kind operation outcome code requestId client agency
        country attribution justification policy program erased isMasked
        officerId purpose caseReference legalBasis tokenId source document fields milliseconds
        events { name profileIds details } } } } }"""

    entry = (await node.data(document, by=Role.AUDITOR))["logEntries"]["edges"][0]["node"]

    assert (entry["index"], entry["kind"], entry["operation"]) == (0, "query", "profile")
    assert (entry["outcome"], entry["code"], entry["requestId"]) == ("ALLOWED", None, asked.headers["x-request-id"])
    assert (entry["client"], entry["agency"]) == (factories.CLIENT, factories.AGENCY)
    assert entry["officerId"].startswith("b")
    assert (entry["purpose"], entry["caseReference"]) == ("criminal_investigation", "CR 12/2026")
    assert (entry["erased"], entry["isMasked"], entry["justification"]) == ([], False, None)
    assert entry["fields"] == ["Profile.id", "Query.profile"]
    assert len(entry["document"]) == 64
    assert entry["milliseconds"] > 0
    (event,) = entry["events"]
    assert (event["name"], event["profileIds"]) == ("profile:read", [node.profile_id()])
    told = json.loads(event["details"])
    assert (told["version"], told["decision"]["rules"]) == (1, [["P1"]])
    masked = (await node.data("{ logEntry(index: 0) { isMasked events { profileIds } } }", by=Role.AUDITOR))["logEntry"]
    assert masked["isMasked"]
    assert masked["events"][0]["profileIds"] != [node.profile_id()]


async def test_an_auditor_counts_accesses(node: Node) -> None:
    await node.ask(PROFILE, {"id": node.profile_id()})
    document = """{ logReport(by: [PURPOSE, OUTCOME], filter: {query: "kind:query"}) {
        since until by columns rows { name counts { count } total } columnTotals { count } total least } }"""

    report = (await node.data(document.replace("kind:query", "kind:token"), by=Role.AUDITOR))["logReport"]
    small = (await node.data(document, by=Role.AUDITOR))["logReport"]
    refused = await node.ask(document.replace("kind:query", "kind:"), by=Role.AUDITOR)

    assert (report["by"], report["rows"], report["total"]) == (["PURPOSE", "OUTCOME"], [], 0)
    assert report["columns"] == ["allowed", "partial", "denied", "failed"]
    assert small["least"] == 5
    assert all(each["count"] in (0, None) for row in small["rows"] for each in row["counts"])
    assert code_of(refused) == "FILTER_MALFORMED"


async def test_an_auditor_never_opens_a_record(shared: Node) -> None:
    for document in (PROFILE, PROPOSAL):
        answer = await shared.ask(document, {"id": shared.profile_id()}, by=Role.AUDITOR)
        assert code_of(answer) in ("FORBIDDEN", "NOT_FOUND")
        assert answer.json()["data"] == {"thing": None}


async def test_a_cursor_is_made_with_the_nodes_own_key(node: Node) -> None:
    document = "query ($a: String) { logEntries(first: 1, after: $a) { edges { cursor } pageInfo { endCursor } } }"
    await node.ask("{ __typename }")
    await node.data(document, by=Role.AUDITOR)
    forged = Cursors(b"another key, just as long as ours").make(["log", {}], "anybody", 1)

    assert code_of(await node.ask(document, {"a": forged}, by=Role.AUDITOR)) == "CURSOR_INVALID"


async def test_one_request_holds_two_searches_and_no_more(shared: Node) -> None:
    asked = " ".join(
        f's{n}: search(criteria: {{name: "Juma Mwakio"}}, first: 1) {{ edges {{ cursor }} }}' for n in range(3)
    )

    answer = await shared.ask(f"{{ {asked} }}")

    assert code_of(answer) == "TOO_MUCH_AT_ONCE"
    data = answer.json()["data"]
    assert data["s0"]["edges"]
    assert data["s1"]["edges"]
    assert data["s2"] is None
    assert (await shared.entry(answer))["outcome"] == "partial"


async def test_histories_are_asked_one_by_one_and_not_along_a_page(shared: Node) -> None:
    document = """{ search(criteria: {name: "Achieng Invented"}, first: 3) {
        edges { node { profile { versions { version } } } } } }"""

    answer = await shared.ask(document, by=Role.REGISTRAR)

    assert code_of(answer) == "TOO_MUCH_AT_ONCE"
    versions = [edge["node"]["profile"]["versions"] for edge in answer.json()["data"]["search"]["edges"]]
    assert versions == [[{"version": 1}], None, None]
