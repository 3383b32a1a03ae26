"""Duplicates over GraphQL: search first, side by side, decided once."""

from typing import Any

import pytest

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from registry.profiles.models import decided_pairs
from tests import factories
from tests.graphql_schema.asking import only_entry
from tests.graphql_schema.profiles.complete import complete, given
from tests.graphql_schema.profiles.steps import (
    CHANGE,
    PAIR,
    PROPOSE,
    REASON,
    amended,
    broken,
    changed,
    decided,
    entered,
    made,
    opened,
    sent,
    uuid_of,
)
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio
DUPLICATES = """query ($id: ID!) { profile(id: $id) { id duplicates {
    score band reasons profile { id names { full } county convictions { court } } } } }"""
TWIN = {"names": [{"full": "Zawadi P. Chebet"}], "phones": [], "emails": [], "handles": [], "places": [], "notes": []}


def twin(**changes: Any) -> dict[str, Any]:
    """Return the complete person as another office would write them."""
    return complete() | TWIN | changes


async def likely(node: Node, profile: str, *, by: Role = Role.REGISTRAR) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await node.data(DUPLICATES, {"id": profile}, by=by))["profile"]["duplicates"]
    return found


async def both(node: Node) -> tuple[str, str]:
    """Enter the person twice, the second time past the question."""
    first = await entered(node, complete())
    entry = {"record": given(twin()), "reason": REASON, "differentFrom": [{"profileId": first, "reason": "A namesake"}]}
    proposal = made(await sent(node, PROPOSE, entry))
    second = made(await decided(node, "Approve", proposal))["profileId"]
    await node.database.write(lambda connection: connection.execute(decided_pairs.delete()))
    return first, second


# -- search first


async def test_whoever_may_be_there_already_is_named_before_anything_is_written(node: Node) -> None:
    there = await entered(node, complete())
    before = await node.kept()

    answer = await sent(node, PROPOSE, {"record": given(twin()), "reason": REASON})

    assert broken(answer) == [("DUPLICATE_POSSIBLE", "record")]
    assert there in answer.text
    assert await node.kept() == before
    entry = await only_entry(node, answer, "failed", "DUPLICATE_POSSIBLE")
    assert entry["body"]["events"][0]["records"] == [uuid_of(there)]


async def test_somebody_else_is_entered_once_it_is_said_why(node: Node) -> None:
    there = await entered(node, complete())
    entry = {"record": given(twin()), "reason": REASON}

    wordless = await sent(node, PROPOSE, entry | {"differentFrom": [{"profileId": there, "reason": " "}]})
    answer = await sent(node, PROPOSE, entry | {"differentFrom": [{"profileId": there, "reason": "Another father"}]})
    approval = await decided(node, "Approve", made(answer))

    assert broken(wordless) == [("REASON_MALFORMED", "differentFrom.reason")]
    profile = made(approval)["profileId"]
    assert await likely(node, profile) == []
    assert await likely(node, there) == []


async def test_who_became_alike_since_the_proposal_is_told_apart_by_whoever_vets(node: Node) -> None:
    waiting = made(await sent(node, PROPOSE, {"record": given(twin()), "reason": REASON}))
    there = await entered(node, complete())

    refused = await decided(node, "Approve", waiting)
    different = [{"profileId": there, "reason": "Another father"}]
    answer = await decided(node, "Approve", waiting, differentFrom=different)

    assert broken(refused) == [("DUPLICATE_POSSIBLE", "record")]
    await only_entry(node, refused, "failed", "DUPLICATE_POSSIBLE")
    assert made(answer)["state"] == "APPROVED"


# -- side by side, decided once


async def test_likely_duplicates_stand_side_by_side_with_reasons(node: Node) -> None:
    first, second = await both(node)

    answer = await node.ask(DUPLICATES, {"id": first}, by=Role.REGISTRAR)

    (found,) = answer.json()["data"]["profile"]["duplicates"]
    assert found["profile"]["id"] == second
    assert found["profile"]["names"] == [{"full": "Zawadi P. Chebet"}]
    assert found["profile"]["convictions"] == [{"court": "Demo conviction court"}]
    assert (found["band"], 0 < found["score"] <= 1) == ("strong", True)
    assert found["reasons"]
    assert [each["profile"]["id"] for each in await likely(node, second)] == [first]
    entry = await only_entry(node, answer, "allowed", None)
    events = {each["name"]: each["records"] for each in entry["body"]["events"]}
    assert events == {"profile:read": [uuid_of(first)], "profile:duplicates:listed": [uuid_of(first), uuid_of(second)]}


@pytest.mark.parametrize("same", [True, False])
async def test_a_decided_pair_is_not_asked_about_again(node: Node, *, same: bool) -> None:
    first, second = await both(node)
    entry = {"profileId": first, "otherProfileId": second, "same": same, "reason": "Fingerprints compared"}

    answer = await sent(node, PAIR, entry)

    assert made(answer, "pair") == entry
    assert await likely(node, first) == await likely(node, second) == []
    logged = await only_entry(node, answer, "allowed", None)
    (event,) = logged["body"]["events"]
    assert (event["name"], event["records"]) == ("profile:pair:decided", [uuid_of(first), uuid_of(second)])


async def test_a_pair_is_of_two_profiles_that_there_are(shared: Node) -> None:
    entry = {"profileId": shared.profile_id(0), "same": False, "reason": "Compared"}

    for other in (shared.profile_id(0), public_id("profile", new_id())):
        answer = await sent(shared, PAIR, entry | {"otherProfileId": other})
        assert code_of(answer) == "NOT_FOUND"
    wordless = await sent(shared, PAIR, entry | {"otherProfileId": shared.profile_id(1), "reason": "x"})

    assert broken(wordless) == [("REASON_MALFORMED", "reason")]


async def test_only_who_keeps_the_register_looks_for_duplicates_or_decides(shared: Node) -> None:
    listed = await shared.ask(DUPLICATES, {"id": shared.profile_id()}, by=Role.INVESTIGATOR)
    entry = {"profileId": shared.profile_id(0), "otherProfileId": shared.profile_id(1), "same": True, "reason": "Same"}
    decision = await sent(shared, PAIR, entry, by=Role.INVESTIGATOR)

    assert code_of(listed) == code_of(decision) == "FORBIDDEN"
    assert listed.json()["data"]["profile"] == {"id": shared.profile_id(), "duplicates": None}
    await only_entry(shared, listed, "partial", "FORBIDDEN")
    await only_entry(shared, decision, "denied", "FORBIDDEN")


async def test_a_merged_pair_is_one_person_and_no_duplicate(node: Node) -> None:
    first, second = await both(node)

    await changed(node, first, "MERGE", value=complete(), otherProfileId=second)

    assert await likely(node, first) == []
    seen = await opened(node, second)
    assert seen is not None
    assert seen["mergedFrom"] == second


async def test_five_likely_duplicates_are_shown_and_no_more(node: Node) -> None:
    people = []
    for place in range(7):
        value = factories.named(f"{'ABCDEFG'[place] * 5} Demo", birth_date=f"19{60 + place}")
        people.append(await entered(node, value))
    alike = factories.named("Zawadi Pendo Chebet", birth_date="1971-05-17", county="Kwale")
    for each in people:
        await amended(node, each, alike)

    assert len(await likely(node, people[0])) == 5


async def test_an_officer_of_another_agency_may_not_merge_what_is_not_theirs(node: Node) -> None:
    """Neither as the first record nor as the second."""
    first, second = await both(node)
    entry = {"profileId": first, "change": "MERGE", "otherProfileId": second, "reason": REASON}
    elsewhere = node.token(Role.REGISTRAR, agency=factories.ELSEWHERE)

    answer = await sent(node, CHANGE, entry | {"record": given(complete())}, token=elsewhere)
    own = {"record": given(factories.named("Khadija Demo Salim")), "reason": REASON}
    theirs = made(await decided(node, "Approve", made(await sent(node, PROPOSE, own, token=elsewhere))))["profileId"]
    theirs_first = {"profileId": theirs, "otherProfileId": first, "record": given(complete())}
    other = await sent(node, CHANGE, entry | theirs_first, token=elsewhere)

    assert broken(answer) == [("NOT_OWNER", None)]
    assert broken(other) == [("NOT_OWNER", "otherProfileId")]
