"""The data subject's desk over HTTP: asked, identified, drawn up by one, released by another; and a refusal told."""

from typing import Any

import pytest

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio

REQUEST = """id kind channel capacity reference office state receivedOn dueOn daysLeft overdue closedOn inTime
    onRegister profileId courtSeal identifiedAt openedAt openedBy people { applicant contact subject birthDate }
    documents { kind digest } answer { state outcome ground { code article sentence } appeals { code }
    proposalId proposalState digest drawnBy drawnAt note releasedBy releasedAt }"""
REPORT = """query ($id: ID!) { subjectReport(requestId: $id) { requestId reference office asOf onRegister digest
    record { registerNumber version recordedAt standing contested waitingChanges category categorySentence
      legalBasis { code article sentence } reviewOn expiresOn tombstone { digest }
      held { name meaning parts { values { name meaning text } } } withheld { path meaning ground { code } }
      recipients { category country agencies times lastOn } }
    purposes { purpose law } rights { kind title days } appeals { code article sentence } } }"""
LIST = """query ($s: SubjectRequestState, $d: SubjectAnswerState, $a: String) {
    subjectRequests(state: $s, answer: $d, first: 1, after: $a) {
      edges { cursor node { id dueOn } } pageInfo { hasNextPage endCursor } } }"""
ASKED = {
    "kind": "ACCESS", "channel": "LETTER", "reference": "DEMO/1/2026",
    "applicant": {"name": "DEMO Juma Hamisi", "contact": "desk-demo@example.org"}, "subject": {"birthDate": "1971"},
}  # fmt: skip
DOCUMENTS = [{"kind": "NATIONAL_ID", "digest": "a" * 64}, {"kind": "PASSPORT", "digest": "b" * 64}]
STEPS = ("Open", "Identify", "DrawUp", "Propose", "Refuse", "Release", "Return", "Withdraw")
INPUTS: dict[str, dict[str, Any]] = {
    "Identify": {"documents": DOCUMENTS},
    "Propose": {"change": "CONTEST", "reason": "An invented dispute"},
    "Refuse": {"groundCode": "KE-DPA-27"},
    "Return": {"note": "An invented note"},
}
"""What each step needs besides the request."""


async def told(node: Node, step: str, given: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    """Take a request further; return the payload."""
    document = f"""mutation ($i: SubjectRequest{step}Input!) {{ done: subjectRequest{step}(input: $i) {{
        request {{ {REQUEST} }} userErrors {{ code field message remedy }} }} }}"""
    data = await node.data(document, {"i": given}, by=Role.DESK_OFFICER, token=token)
    payload: dict[str, Any] = data["done"]
    return payload


async def done(node: Node, step: str, given: dict[str, Any], token: str | None = None) -> dict[str, Any]:
    """Take a request further; return it."""
    payload = await told(node, step, given, token)
    assert payload["userErrors"] == []
    request: dict[str, Any] = payload["request"]
    return request


async def second(node: Node) -> str:
    """Return the token of another officer of the desk."""
    enrolled = await node.database.write(
        lambda connection: factories.actor(connection, role=Role.DESK_OFFICER, name="2")
    )
    assert enrolled.officer is not None
    return node.token(Role.DESK_OFFICER, officer=enrolled.officer.reference)


async def test_a_person_is_told_what_is_held_of_them(node: Node) -> None:
    await node.ask("query ($id: ID!) { profile(id: $id) { id } }", {"id": node.profile_id()})
    opened = await done(node, "Open", ASKED)
    known = await done(
        node, "Identify", {"requestId": opened["id"], "profileId": node.profile_id(), "documents": DOCUMENTS}
    )
    drawn = await done(node, "DrawUp", {"requestId": opened["id"], "groundCode": "KE-DPA-51-2-B"})
    closed = await done(node, "Release", {"requestId": opened["id"]}, await second(node))
    report = (await node.data(REPORT, {"id": opened["id"]}, by=Role.DESK_OFFICER))["subjectReport"]
    one = f"query ($id: ID!) {{ subjectRequest(id: $id) {{ {REQUEST} }} }}"
    read = (await node.data(one, {"id": opened["id"]}, by=Role.DESK_OFFICER))["subjectRequest"]

    assert (opened["state"], opened["onRegister"], opened["profileId"], opened["answer"]) == (
        "RECEIVED", None, None, None,
    )  # fmt: skip
    assert (opened["capacity"], opened["daysLeft"], opened["overdue"]) == ("SELF", 7, False)
    assert opened["people"] == {
        "applicant": "DEMO Juma Hamisi", "contact": "desk-demo@example.org", "subject": "DEMO Juma Hamisi",
        "birthDate": "1971",
    }  # fmt: skip
    assert (known["state"], known["onRegister"], known["profileId"]) == ("IDENTIFIED", True, node.profile_id())
    assert known["documents"] == DOCUMENTS
    assert (drawn["state"], drawn["answer"]["state"], drawn["answer"]["outcome"]) == (
        "IDENTIFIED",
        "DRAWN_UP",
        "REPORT",
    )
    assert (closed["state"], closed["answer"]["state"], closed["inTime"]) == ("ANSWERED", "RELEASED", True)
    assert closed["answer"]["digest"] == report["digest"]
    assert read == closed
    assert (report["onRegister"], report["asOf"]) == (True, closed["answer"]["releasedAt"])
    held = {each["name"]: each for each in report["record"]["held"]}
    assert held["phones"]["parts"][0]["values"][0]["text"] == "+254712345678"
    assert {"notes", "risks"} <= {each["path"] for each in report["record"]["withheld"]}
    (recipient,) = report["record"]["recipients"]
    assert (recipient["category"], recipient["country"], recipient["times"]) == ("HOME", "KE", 1)
    assert [each["code"] for each in report["appeals"]] == ["KE-DPA-56", "KE-DPA-64"]


async def test_the_officer_who_drew_it_up_is_told_to_ask_another(node: Node) -> None:
    opened = await done(node, "Open", ASKED)
    await done(node, "Refuse", {"requestId": opened["id"], "groundCode": "KE-DPA-27"})

    payload = await told(node, "Release", {"requestId": opened["id"]})

    (error,) = payload["userErrors"]
    assert (payload["request"], error["code"], error["remedy"]) == (
        None,
        "OWN_ANSWER",
        "Ask another officer of the desk.",
    )
    entry = (await node.entries())[-1]
    assert (entry["outcome"], entry["code"], entry["purpose"]) == ("denied", "OWN_ANSWER", "subject_request")


async def test_a_dispute_is_seen_by_everybody_once_it_is_let_in(node: Node) -> None:
    opened = await done(node, "Open", ASKED | {"kind": "CORRECTION"})
    await done(node, "Identify", {"requestId": opened["id"], "profileId": node.profile_id(), "documents": DOCUMENTS})
    drawn = await done(node, "Propose", {"requestId": opened["id"], **INPUTS["Propose"]})
    approve = "mutation ($id: ID!) { proposalApprove(input: {proposalId: $id}) { userErrors { code } } }"
    early = await told(node, "Release", {"requestId": opened["id"]}, await second(node))
    await node.data(approve, {"id": drawn["answer"]["proposalId"]}, by=Role.SUPERVISOR)

    closed = await done(node, "Release", {"requestId": opened["id"]}, await second(node))

    assert [each["code"] for each in early["userErrors"]] == ["PROPOSAL_UNDECIDED"]
    assert (drawn["answer"]["proposalState"], closed["answer"]["proposalState"]) == ("PENDING", "APPROVED")
    seen = await node.data("query ($id: ID!) { profile(id: $id) { contested } }", {"id": node.profile_id()})
    assert seen["profile"]["contested"] is True


async def test_an_office_pages_through_what_waits_and_counts_it(node: Node) -> None:
    for day in ("2026-11-09", "2026-11-02"):
        await done(node, "Open", ASKED | {"receivedOn": day})
    drawn = await done(node, "Open", ASKED)
    await done(node, "Refuse", {"requestId": drawn["id"], "groundCode": "KE-DPA-27"})

    seen, after = [], None
    for _ in range(3):
        page = (await node.data(LIST, {"a": after}, by=Role.DESK_OFFICER))["subjectRequests"]
        seen += [each["node"]["dueOn"] for each in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    waiting = (await node.data(LIST, {"d": "DRAWN_UP"}, by=Role.DESK_OFFICER))["subjectRequests"]
    offices = await node.data("{ subjectOffices { office open overdue answered inTimeRate } }", by=Role.DESK_OFFICER)

    assert seen == ["2026-11-09", "2026-11-16", "2026-11-28"]
    assert page["pageInfo"]["hasNextPage"] is False
    assert [each["node"]["id"] for each in waiting["edges"]] == [drawn["id"]]
    assert offices["subjectOffices"] == [
        {"office": factories.AGENCY, "open": 3, "overdue": 2, "answered": 0, "inTimeRate": None}
    ]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"reference": "I never did it, and you know that."}, "FORM_MALFORMED", "reference"),
        ({"capacity": "GUARDIAN"}, "SUBJECT_MISSING", "subject.name"),
        ({"receivedOn": "2027-01-01"}, "DATE_IN_FUTURE", "receivedOn"),
        ({"applicant": {"name": " ", "contact": "x"}}, "TEXT_MALFORMED", "applicant.name"),
    ],
)
async def test_what_breaks_a_rule_is_told_and_nothing_is_written(
    shared: Node, changes: dict[str, Any], code: str, field: str
) -> None:
    payload = await told(shared, "Open", ASKED | changes)

    assert payload["request"] is None
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [(code, field)]
    assert (await shared.data(LIST, by=Role.DESK_OFFICER))["subjectRequests"]["edges"] == []


@pytest.mark.parametrize("step", STEPS[1:])
async def test_a_request_that_is_not_there_and_one_of_another_kind_look_the_same(shared: Node, step: str) -> None:
    document = (
        f"mutation ($i: SubjectRequest{step}Input!) {{ subjectRequest{step}(input: $i) {{ userErrors {{ code }} }} }}"
    )
    answers = [
        await shared.ask(document, {"i": {"requestId": identifier, **INPUTS.get(step, {})}}, by=Role.DESK_OFFICER)
        for identifier in (public_id("request", new_id()), shared.profile_id())
    ]

    assert [code_of(each) for each in answers] == ["NOT_FOUND", "NOT_FOUND"]
    assert len({each.json()["errors"][0]["message"] for each in answers}) == 1


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.DESK_OFFICER])
async def test_nobody_else_asks_at_the_desk(shared: Node, role: Role) -> None:
    for document in ("{ subjectOffices { office } }", "{ subjectRequests(first: 1) { edges { cursor } } }"):
        assert code_of(await shared.ask(document, by=role)) == "FORBIDDEN"
