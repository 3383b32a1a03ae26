"""The life of a record over GraphQL: each change is proposed, decided by a second officer, shown, and entered."""

from datetime import timedelta
from typing import Any

import pytest

from auth import directory
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Role
from registry.profiles import coherence, rows
from registry.profiles.erasure import erase
from registry.profiles.standing import SUPERVISED, Change
from tests import factories
from tests.graphql_schema.asking import SEARCH, only_entry
from tests.graphql_schema.profiles.complete import complete, given, read
from tests.graphql_schema.profiles.steps import (
    AMEND,
    CHANGE,
    PROPOSE,
    REASON,
    amended,
    broken,
    changed,
    decided,
    decision,
    entered,
    made,
    opened,
    person,
    proposed,
    sent,
    uuid_of,
)
from tests.nodes import Node, code_of, shown

pytestmark = pytest.mark.anyio
WITH_FLAG = """query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 5) {
    edges { node { profile { id standing contested } } } } }"""
ORDER = "MISC 7/2026"
FOUND = {"c": {"name": "Zawadi Pendo Chebet"}}


async def hits(node: Node, by: Role = Role.INVESTIGATOR) -> list[dict[str, Any]]:
    """Return who is found under the complete person's name."""
    edges = (await node.data(WITH_FLAG, FOUND, by=by))["search"]["edges"]
    return [each["node"]["profile"] for each in edges]


async def left(node: Node, answer: Any, *events: str, code: str | None = None) -> dict[str, Any]:
    """Return the one entry of an answer, which left these events."""
    outcome = "allowed" if code is None else ("denied" if events[0].endswith("refused") else "failed")
    entry = await node.entry(answer)
    assert [each["name"] for each in entry["body"]["events"]] == list(events)
    assert entry["code"] == code
    assert entry["outcome"] in ((outcome,) if code is None else ("denied", "failed"))
    return entry


# -- each change, from proposal to what everybody sees


CHANGES = [
    # change, what comes before it, standing after it, found by an investigator's search
    ("AMEND", [], "VETTED", True),
    ("RELEASE", [], "SHAREABLE", True),
    ("WITHHOLD", ["RELEASE"], "VETTED", True),
    ("CONTEST", [], "VETTED", True),
    ("CONTEST", ["RELEASE"], "SHAREABLE", True),
    ("SETTLE", ["CONTEST"], "VETTED", True),
    ("SEAL", [], "SEALED", False),
    ("RETIRE", ["RELEASE"], "RETIRED", False),
    ("REMOVE", [], "REMOVED", False),
    ("REMOVE", ["SEAL"], "REMOVED", False),
    ("RESTORE", ["SEAL"], "VETTED", True),
    ("RESTORE", ["RETIRE"], "VETTED", True),
    ("RESTORE", ["REMOVE"], "VETTED", True),
]


@pytest.mark.parametrize(
    ("change", "before", "standing", "is_found"), CHANGES, ids=["-after-".join([c, *b]) for c, b, _, _ in CHANGES]
)
async def test_a_change_is_proposed_vetted_shown_and_entered(
    node: Node, change: str, before: list[str], standing: str, is_found: bool
) -> None:
    profile = await entered(node, complete())
    for each in before:
        await changed(node, profile, each)
    more: dict[str, Any] = {"orderNumber": ORDER} if change in ("SEAL", "REMOVE") else {}
    if change == "AMEND":
        more["value"] = complete() | {"county": "Nyeri"}

    proposal = await proposed(node, profile, change, **more)
    waiting = await opened(node, profile)
    approval = await decided(node, "Approve", made(proposal))

    assert (made(proposal)["state"], made(proposal)["change"]) == ("PENDING", change)
    assert waiting is not None
    assert waiting["version"] == len(before) + 1
    assert (made(approval)["state"], made(approval)["version"]) == ("APPROVED", len(before) + 2)
    seen = await opened(node, profile)
    assert seen is not None
    assert seen["standing"] == standing
    assert seen["version"] == len(before) + 2
    assert seen["contested"] == (change == "CONTEST")
    assert ([each["id"] for each in await hits(node)] == [profile]) is is_found
    assert (await opened(node, profile, by=Role.INVESTIGATOR) is not None) is is_found
    asked = await left(node, proposal, "profile:change:proposed")
    let_in = await left(node, approval, "profile:change:approved")
    assert asked["body"]["events"][0]["details"]["change"] == change.lower()
    assert let_in["body"]["events"][0]["records"] == [uuid_of(profile)]


async def test_that_it_is_contested_is_shown_in_every_answer(node: Node) -> None:
    profile = await entered(node, complete())
    await changed(node, profile, "CONTEST")

    seen = await opened(node, profile, by=Role.INVESTIGATOR)
    found = await hits(node)

    assert seen is not None
    assert seen["contested"] is True
    assert found == [{"id": profile, "standing": "VETTED", "contested": True}]


async def test_of_a_removed_record_a_digest_a_date_and_the_orders_number_are_left_for_its_keepers(node: Node) -> None:
    profile = await entered(node, complete())
    node.clock.wait(60)

    await changed(node, profile, "REMOVE", orderNumber="HC MISC 9/2026")

    document = """query ($id: ID!, $at: DateTime) { profile(id: $id, knownAt: $at) { standing names { full }
        phones { number } tombstone { digest removedAt orderNumber } redactions { path } } }"""
    kept = {
        "digest": rows.digest(coherence.dated(read(complete()), factories.EDITION, factories.MOMENT.date())),
        "removedAt": "2026-11-21T09:01:00Z", "orderNumber": "HC MISC 9/2026",
    }  # fmt: skip
    for moment in (None, "2026-11-21T09:00:30Z"):
        seen = (await node.data(document, {"id": profile, "at": moment}, by=Role.SUPERVISOR))["profile"]
        assert seen == {
            "standing": "REMOVED", "names": None, "phones": None, "tombstone": kept, "redactions": [{"path": "*"}],
        }  # fmt: skip
    for role in (Role.INVESTIGATOR, Role.REGISTRAR):
        assert await opened(node, profile, by=role) is None
        assert await opened(node, profile, by=role, knownAt="2026-11-21T09:00:30Z") is None


async def test_of_an_erased_record_nothing_but_its_tombstone_can_be_asked_for(node: Node) -> None:
    """Its proposals are listed still, and hold nothing; neither does a record that was merged into it."""
    first, second = await pair(node)
    await changed(node, first, "MERGE", value=complete(), otherProfileId=second)
    waiting = made(await proposed(node, first, "CONTEST"))
    await changed(node, first, "REMOVE")
    await node.database.write(lambda connection: erase(connection, [read_public_id("profile", first)], node.clock()))

    for identifier in (first, second):
        seen = await opened(node, identifier)
        assert seen is not None
        assert (seen["id"], seen["standing"], seen["tombstone"]["orderNumber"]) == (first, "REMOVED", ORDER)
    assert broken(await proposed(node, first, "RESTORE")) == [("ERASED", None)]
    assert broken(await decided(node, "Approve", waiting)) == [("PROPOSAL_NOT_PENDING", None)]
    document = """query ($state: ProposalState!) { proposals(state: $state, first: 50) { edges { node {
        profileId reason differences { group } record { names { full } phones { number } } } } } }"""
    for state in ("APPROVED", "WITHDRAWN"):
        edges = (await node.data(document, {"state": state}, by=Role.SUPERVISOR))["proposals"]["edges"]
        held = [each["node"] for each in edges if each["node"]["profileId"] in (first, second)]
        assert held
        assert {each["reason"] for each in held} == {"Erased with the record."}
        assert [each for each in held if each["record"]["names"] or each["differences"]] == []
    history = "query ($id: ID!) { profile(id: $id) { versions { reason decidedBy } } }"
    versions = (await node.data(history, {"id": first}, by=Role.SUPERVISOR))["profile"]["versions"]
    assert {each["reason"] for each in versions} == {"Erased with the record."}
    assert all(each["decidedBy"] for each in versions)


async def test_a_quashed_conviction_can_only_leave_the_register(node: Node) -> None:
    profile = await entered(node, complete())
    value = complete()
    value["convictions"][0]["appeal"] = "quashed"
    entry = {"profileId": profile, "reason": REASON, "record": given(complete()) | {
        "convictions": [given(complete())["convictions"][0] | {"appeal": "QUASHED"}]
    }}  # fmt: skip

    refused = await sent(node, AMEND, entry)
    await changed(node, profile, "RETIRE")

    assert broken(refused) == [("CONVICTION_WITHDRAWN", "record.convictions")]
    assert await hits(node) == []


# -- merge and split


async def pair(node: Node) -> tuple[str, str]:
    """Enter the complete person, and once more under another name."""
    first = await entered(node, complete())
    second = await entered(node, person("Khadija Demo Salim", county="Lamu"))
    return first, second


async def test_a_merge_keeps_both_histories_and_the_old_id_leads_on(node: Node) -> None:
    first, second = await pair(node)
    both = complete()
    both["names"] += [{"full": "Khadija Demo Salim", "kind": "alias"}]

    proposal = await proposed(node, first, "MERGE", value=both, otherProfileId=second)
    approval = await decided(node, "Approve", made(proposal))

    assert made(proposal)["otherProfileId"] == second
    event = (await left(node, approval, "profile:change:approved"))["body"]["events"][0]
    assert event["records"] == [uuid_of(first), uuid_of(second)]
    seen = await opened(node, second, by=Role.INVESTIGATOR)
    assert seen is not None
    assert (seen["id"], seen["mergedFrom"]) == (first, second)
    found = await node.data(SEARCH, {"c": {"name": "Khadija Demo Salim"}})
    assert first in str(found)
    assert second not in str(found)
    history = "query ($id: ID!) { profile(id: $id) { versions { version change standing } } }"
    versions = (await node.data(history, {"id": first}, by=Role.SUPERVISOR))["profile"]["versions"]
    assert versions == [
        {"version": 2, "change": "MERGE", "standing": "VETTED"},
        {"version": 1, "change": "CREATE", "standing": "VETTED"},
    ]
    again = await proposed(node, second, "RETIRE")
    assert broken(again) == [("STANDING", None)]


async def test_a_split_undoes_a_merge(node: Node) -> None:
    first, second = await pair(node)
    await changed(node, first, "MERGE", value=complete(), otherProfileId=second)

    await changed(node, first, "SPLIT", otherProfileId=second)

    one, other = await opened(node, first), await opened(node, second)
    assert one is not None
    assert other is not None
    assert (one["id"], one["county"], one["standing"]) == (first, "Kwale", "VETTED")
    assert (other["id"], other["county"], other["mergedFrom"]) == (second, "Lamu", None)
    assert second in str(await node.data(SEARCH, {"c": {"name": "Khadija Demo Salim"}}))


async def test_a_merge_is_refused_without_its_second_record_or_with_a_wrong_one(node: Node) -> None:
    first, second = await pair(node)
    stranger = public_id("profile", new_id())

    answers = {
        "none": await proposed(node, first, "MERGE", value=complete()),
        "itself": await proposed(node, first, "MERGE", value=complete(), otherProfileId=first),
        "not for an amendment": await proposed(node, first, "AMEND", value=complete(), otherProfileId=second),
        "never merged": await proposed(node, first, "SPLIT", otherProfileId=second),
        "no record": await proposed(node, first, "MERGE", otherProfileId=second),
    }
    unknown = await proposed(node, first, "MERGE", value=complete(), otherProfileId=stranger)

    assert {name: broken(answer) for name, answer in answers.items()} == {
        "none": [("OTHER_PROFILE", "otherProfileId")],
        "itself": [("OTHER_PROFILE", "otherProfileId")],
        "not for an amendment": [("OTHER_PROFILE", "otherProfileId")],
        "never merged": [("NOT_MERGED", None)],
        "no record": [("FIELD_MISSING", "record")],
    }
    assert code_of(unknown) == "NOT_FOUND"


# -- what a change must not be


async def test_a_change_that_does_not_fit_the_standing_is_refused(node: Node) -> None:
    profile = await entered(node, complete())

    assert broken(await proposed(node, profile, "WITHHOLD")) == [("STANDING", None)]
    assert broken(await proposed(node, profile, "RESTORE")) == [("STANDING", None)]
    assert broken(await proposed(node, profile, "SETTLE")) == [("NOT_CONTESTED", None)]
    assert broken(await proposed(node, profile, "CREATE", value=complete())) == [("CODE_UNKNOWN", "change")]
    assert broken(await proposed(node, profile, "RETIRE", value=complete())) == [("RECORD_NOT_CHANGED", "record")]
    await changed(node, profile, "CONTEST")
    assert broken(await proposed(node, profile, "CONTEST")) == [("CONTESTED", None)]
    await changed(node, profile, "SEAL")
    assert broken(await proposed(node, profile, "AMEND", value=complete())) == [("STANDING", None)]


@pytest.mark.parametrize("change", ["SEAL", "REMOVE"])
async def test_sealing_and_removal_name_the_courts_order(node: Node, change: str) -> None:
    profile = await entered(node, complete())

    without = await proposed(node, profile, change)
    hidden = await proposed(node, profile, change, orderNumber="MISC \u202e7/2026")

    assert broken(without) == [("ORDER_MISSING", "orderNumber")]
    assert broken(hidden) == [("TEXT_MALFORMED", "orderNumber")]


async def test_an_entry_whose_time_is_over_is_not_brought_back_as_it_was(node: Node) -> None:
    profile = await entered(node, complete() | {"expires_on": "2026-11-22"})
    assert await opened(node, profile, by=Role.INVESTIGATOR) is not None
    node.clock.wait(86_400)

    expired = await opened(node, profile)
    gone = await opened(node, profile, by=Role.INVESTIGATOR)
    as_it_was = await proposed(node, profile, "RESTORE")
    renewed = complete() | {"expires_on": "2030-01-01"}
    await changed(node, profile, "RESTORE", value=renewed)

    assert expired is not None
    assert (expired["standing"], gone) == ("EXPIRED", None)
    assert broken(as_it_was) == [("EXPIRY_PAST", "record.expiresOn")]
    assert await opened(node, profile, by=Role.INVESTIGATOR) is not None


async def test_only_the_owner_changes_a_record_and_whoever_may_not_know_of_it_learns_nothing(node: Node) -> None:
    """A registrar of another agency can't tell a sealed record from none."""
    profile = await entered(node, complete())
    elsewhere = node.token(Role.REGISTRAR, agency=factories.ELSEWHERE)
    entry = {"profileId": profile, "change": "RETIRE", "reason": REASON}

    known = await sent(node, CHANGE, entry, token=elsewhere)
    await changed(node, profile, "SEAL")
    answers = [await sent(node, CHANGE, entry | {"profileId": each}, token=elsewhere)
               for each in (profile, public_id("profile", new_id()))]  # fmt: skip

    assert broken(known) == [("NOT_OWNER", None)]
    await only_entry(node, known, "denied", "NOT_OWNER")
    told = [shown(each) for each in answers]
    assert told[0] == told[1]
    assert code_of(answers[0]) == "NOT_FOUND"


# -- decisions


DECISIONS = [("Return", "RETURNED", "profile:change:returned"), ("Reject", "REJECTED", "profile:change:rejected")]


@pytest.mark.parametrize(("name", "state", "event"), DECISIONS)
async def test_a_proposal_is_returned_or_rejected_with_the_reason(
    node: Node, name: str, state: str, event: str
) -> None:
    proposal = made(await sent(node, PROPOSE, {"record": given(complete()), "reason": REASON}))

    wordless = await decided(node, name, proposal, note=" ")
    answer = await decided(node, name, proposal, note="The judgment is of somebody else")
    again = await decided(node, "Approve", proposal)

    assert broken(wordless) == [("REASON_MALFORMED", "note")]
    assert (made(answer)["state"], made(answer)["note"]) == (state, "The judgment is of somebody else")
    entry = await left(node, answer, event)
    assert entry["body"]["events"][0]["records"] == [uuid_of(proposal["profileId"])]
    assert broken(again) == [("PROPOSAL_NOT_PENDING", None)]
    assert await opened(node, proposal["profileId"]) is None
    assert await hits(node, Role.SUPERVISOR) == []


async def test_whoever_proposed_withdraws_and_nobody_else(node: Node) -> None:
    proposal = made(await sent(node, PROPOSE, {"record": given(complete()), "reason": REASON}))
    entry = {"proposalId": proposal["id"], "note": "Entered twice"}

    other = await sent(node, decision("Withdraw"), entry, token=node.token(Role.REGISTRAR, agency=factories.ELSEWHERE))
    supervisor = await sent(node, decision("Withdraw"), entry, by=Role.SUPERVISOR)
    own = await sent(node, decision("Withdraw"), entry)

    assert broken(other) == [("NOT_PROPOSER", None)]
    assert code_of(supervisor) == "FORBIDDEN"
    assert (made(own)["state"], made(own)["note"]) == ("WITHDRAWN", "Entered twice")
    await left(node, own, "profile:change:withdrawn")
    await left(node, other, "profile:change:propose:refused", code="NOT_PROPOSER")


async def test_nobody_approves_an_own_proposal_nor_through_a_delegate(node: Node) -> None:
    proposal = made(await sent(node, PROPOSE, {"record": given(complete()), "reason": REASON}))

    def delegated(connection: Any) -> None:
        officers = [factories.actor(connection, role=role).officer for role in (Role.REGISTRAR, Role.SUPERVISOR)]
        assert officers[0]
        assert officers[1]
        end = factories.MOMENT + timedelta(hours=1)
        directory.delegate(connection, officers[0].id, officers[1].id, since=factories.MOMENT, until=end)

    own = await decided(node, "Approve", proposal, by=Role.REGISTRAR)
    await node.database.write(delegated)
    through = await decided(node, "Approve", proposal)
    node.clock.wait(3600)
    after = await decided(node, "Approve", proposal)

    for answer in (own, through):
        assert broken(answer) == [("OWN_PROPOSAL", None)]
        entry = await left(node, answer, "profile:change:decide:refused", code="OWN_PROPOSAL")
        assert entry["body"]["events"][0]["records"] == [uuid_of(proposal["profileId"])]
    assert made(after)["state"] == "APPROVED"


@pytest.mark.parametrize("change", sorted(SUPERVISED))
async def test_only_a_supervisor_decides_on_what_opens_or_closes_a_record(node: Node, change: Change) -> None:
    before = {Change.WITHHOLD: ["RELEASE"], Change.RESTORE: ["RETIRE"]}.get(change, [])
    profile = await entered(node, complete())
    for each in before:
        await changed(node, profile, each)
    more = {"orderNumber": ORDER} if change in (Change.SEAL, Change.REMOVE) else {}
    proposal = made(await proposed(node, profile, change.name, **more))
    elsewhere = node.token(Role.REGISTRAR, agency=factories.ELSEWHERE)

    for name, note in (("Approve", {}), ("Reject", {"note": "Not so"})):
        refused = await sent(node, decision(name), {"proposalId": proposal["id"]} | note, token=elsewhere)
        assert code_of(refused) == "FORBIDDEN"
        await only_entry(node, refused, "denied", "FORBIDDEN")

    assert made(await decided(node, "Approve", proposal))["state"] == "APPROVED"


async def test_a_registrar_of_another_agency_is_a_second_officer_for_the_rest(node: Node) -> None:
    proposal = made(await sent(node, PROPOSE, {"record": given(complete()), "reason": REASON}))

    token = node.token(Role.REGISTRAR, agency=factories.ELSEWHERE)
    answer = await sent(node, decision("Approve"), {"proposalId": proposal["id"]}, token=token)

    assert made(answer)["state"] == "APPROVED"
    assert made(answer)["decidedBy"] != made(answer)["proposedBy"]


async def test_a_proposal_drawn_from_an_older_state_is_outdated(node: Node) -> None:
    profile = await entered(node, complete())
    older = made(await proposed(node, profile, "CONTEST"))
    await amended(node, profile, complete() | {"county": "Nyeri"})

    answer = await decided(node, "Approve", older)

    assert broken(answer) == [("PROPOSAL_OUTDATED", None)]
    assert made(await decided(node, "Return", older, note="Look again"))["state"] == "RETURNED"


# -- field by field


async def test_some_fields_are_let_in_and_the_others_returned(node: Node) -> None:
    profile = await entered(node, complete())
    value = complete() | {"county": "Nyeri", "sex": "female", "birth_place": "DEMO town"}
    entry = {"profileId": profile, "record": given(value), "reason": REASON}
    proposal = made(await sent(node, AMEND, entry))
    assert {each["group"] for each in proposal["differences"]} == {"county", "sex", "birth_place"}

    unsaid = await decided(node, "Approve", proposal, fields=["county"])
    unknown = await decided(node, "Approve", proposal, fields=["nothing"], note="Only one is proven")
    answer = await decided(node, "Approve", proposal, fields=["county"], note="Only one is proven")

    assert broken(unsaid) == [("REASON_MALFORMED", "note")]
    assert broken(unknown) == [("GROUP_UNKNOWN", "fields")]
    assert (made(answer)["state"], made(answer)["version"]) == ("IN_PART", 2)
    document = "query ($id: ID!) { profile(id: $id) { county sex birthPlace version } }"
    assert (await node.data(document, {"id": profile}))["profile"] == {
        "county": "Nyeri", "sex": "MALE", "birthPlace": "Demo record birth place", "version": 2,
    }  # fmt: skip
    event = (await left(node, answer, "profile:change:approved"))["body"]["events"][0]
    assert event["details"]["fields"] == ["county"]


async def test_a_new_record_is_let_in_in_part(node: Node) -> None:
    proposal = made(await sent(node, PROPOSE, {"record": given(complete()), "reason": REASON}))

    hollow = await decided(node, "Approve", proposal, fields=["names"], note="Only these are proven")
    answer = await decided(
        node, "Approve", proposal, fields=["names", "birth_date", "convictions"], note="Only these are proven"
    )

    assert broken(hollow) == [("LIST_MALFORMED", "record.convictions")]
    assert made(answer)["state"] == "IN_PART"
    document = "query ($id: ID!) { profile(id: $id) { birthDate county phones { number } legalBasis { code } } }"
    seen = (await node.data(document, {"id": proposal["profileId"]}, by=Role.SUPERVISOR))["profile"]
    assert seen == {"birthDate": "1971-05", "county": None, "phones": [], "legalBasis": {"code": "KE-SOA-39-13"}}


async def test_a_change_of_standing_is_let_in_whole_or_not_at_all(node: Node) -> None:
    profile = await entered(node, complete())
    proposal = made(await proposed(node, profile, "RETIRE"))

    answer = await decided(node, "Approve", proposal, fields=["county"], note="Only this")

    assert broken(answer) == [("NOT_IN_PARTS", "fields")]


async def test_letting_nothing_in_is_no_approval(node: Node) -> None:
    profile = await entered(node, complete())
    proposal = made(await proposed(node, profile, "AMEND", value=complete() | {"county": "Nyeri"}))

    answer = await decided(node, "Approve", proposal, fields=[], note="None of it is proven")

    assert broken(answer) == [("GROUP_UNKNOWN", "fields")]
