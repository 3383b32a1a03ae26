"""Watching a profile: told that it has changed, by ids; and of what one may not know any more, only that it is over."""

from typing import Any

import pytest

from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from registry.notices.watch import LIFE
from registry.profiles.operations.duties import expire_due
from registry.profiles.operations.watching import end_due
from tests import factories
from tests.graphql_schema.notices.following import BEGIN, END, WATCHED, WATCHES, deliveries, watch
from tests.graphql_schema.profiles.steps import amended, broken, changed, sent
from tests.nodes import CASE, Node, code_of
from tests.streams import reading

pytestmark = pytest.mark.anyio
OTHER_CASE = "CR 13/2026"
DAY = 86_400
ORDER = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}
CLOSER = factories.record(category="ordered", orders=[ORDER], convictions=None)
"""A record of a category that investigators may not know of."""


async def listed(node: Node, **options: Any) -> list[dict[str, Any]]:
    edges = (await node.data(WATCHES, **options))["watches"]["edges"]
    return [each["node"] for each in edges]


async def test_a_new_version_is_told_in_ids(node: Node) -> None:
    async with reading(node, WATCHED) as stream:
        first = await stream.event()
        watched = await watch(node)
        await changed(node, node.profile_id(), "CONTEST")
        told = await stream.event()
        entered = await deliveries(node, stream.request_id)

    assert first is not None
    assert first.data == {"watched": None}
    assert told is not None
    assert told.data["watched"].pop("at")
    assert told.data == {
        "watched": {"watchId": watched, "profileId": node.profile_id(), "version": 2, "ended": False}
    }  # fmt: skip
    assert [each["body"]["events"][0]["name"] for each in entered] == ["watches:followed", "watch:told"]
    assert entered[1]["body"]["events"][0]["records"] == [str(node.people[0])]


async def test_nobody_is_told_of_a_profile_that_they_do_not_watch(node: Node) -> None:
    async with reading(node, WATCHED) as stream:
        await stream.event()
        await watch(node, 1)
        await changed(node, node.profile_id(0), "CONTEST")
        await stream.heartbeat()
        await changed(node, node.profile_id(1), "CONTEST")
        told = await stream.event()

    assert told is not None
    assert told.data["watched"]["profileId"] == node.profile_id(1)


async def test_a_watch_belongs_to_its_case_and_its_officer(node: Node) -> None:
    watched = await watch(node)
    elsewhere = node.token(case=OTHER_CASE)
    colleague = node.token(Role.SUPERVISOR, purpose=factories.USUAL_PURPOSES[Role.INVESTIGATOR])

    for token in (elsewhere, colleague):
        async with reading(node, WATCHED, token=token) as stream:
            await stream.event()
            await changed(node, node.profile_id(), "CONTEST" if token is elsewhere else "SETTLE")
            await stream.heartbeat()
            await stream.heartbeat()
        refused = await sent(node, END, {"watchId": watched}, token=token)
        assert broken(refused) == [("NOT_FOUND", "watchId")]
        assert await listed(node, token=token) == []

    assert [each["id"] for each in await listed(node)] == [watched]


@pytest.mark.parametrize("change", ["SEAL", "RETIRE", "REMOVE"])
async def test_of_a_record_that_leaves_the_search_only_the_end_of_the_watch_is_told(node: Node, change: str) -> None:
    watched = await watch(node)

    async with reading(node, WATCHED) as stream:
        await stream.event()
        await changed(node, node.profile_id(), change)
        told = await stream.event()

    assert told is not None
    assert told.data["watched"].pop("at")
    assert told.data["watched"] == {"watchId": watched, "profileId": None, "version": None, "ended": True}
    assert await listed(node) == []


async def test_a_version_that_was_told_to_nobody_before_the_record_was_sealed_is_never_told(node: Node) -> None:
    """Whoever was away learns what they may know today."""
    async with reading(node, WATCHED) as stream:
        first = await stream.event()
    assert first is not None
    watched = await watch(node)
    await changed(node, node.profile_id(), "CONTEST")
    await changed(node, node.profile_id(), "SEAL")

    async with reading(node, WATCHED, last=first.id) as stream:
        told = await stream.event()
        await stream.heartbeat()

    assert told is not None
    assert told.data["watched"]["watchId"] == watched
    assert told.data["watched"]["ended"] is True
    assert told.data["watched"]["version"] is None


async def test_when_fewer_may_know_of_the_record_the_watch_of_the_others_ends(node: Node) -> None:
    await watch(node)
    keeper = node.token(Role.SUPERVISOR)
    kept = await watch(node, token=keeper)

    async with reading(node, WATCHED) as stream, reading(node, WATCHED, token=keeper) as keepers:
        await stream.event()
        await keepers.event()
        await amended(node, node.profile_id(), CLOSER)
        told, seen = await stream.event(), await keepers.event()

    assert told is not None
    assert told.data["watched"]["ended"] is True
    assert seen is not None
    assert (seen.data["watched"]["watchId"], seen.data["watched"]["version"]) == (kept, 2)


async def test_whoever_watches_a_merged_record_is_told_of_the_one_that_answers_for_it(node: Node) -> None:
    watched = await watch(node, 1)

    async with reading(node, WATCHED) as stream:
        await stream.event()
        await changed(node, node.profile_id(0), "MERGE", otherProfileId=node.profile_id(1), value=factories.record())
        merged = await stream.event()
        await changed(node, node.profile_id(0), "CONTEST")
        later = await stream.event()

    for told, version in ((merged, 2), (later, 3)):
        assert told is not None
        assert (told.data["watched"]["watchId"], told.data["watched"]["version"]) == (watched, version)


async def test_a_hidden_profile_can_be_watched_as_little_as_a_missing_one(node: Node) -> None:
    await changed(node, node.profile_id(), "SEAL")

    hidden, missing = [
        await sent(node, BEGIN, {"profileId": profile, "reason": "An invented case"}, by=Role.INVESTIGATOR)
        for profile in (node.profile_id(), public_id("profile", new_id()))
    ]

    assert code_of(hidden) == code_of(missing) == "NOT_FOUND"
    assert hidden.json()["errors"][0]["message"] == missing.json()["errors"][0]["message"]
    keeper = await sent(node, BEGIN, {"profileId": node.profile_id(), "reason": "An invented case"}, by=Role.SUPERVISOR)
    assert broken(keeper) == [("NOT_WATCHABLE", "profileId")]


async def test_asked_again_a_watch_is_renewed(node: Node) -> None:
    watched = await watch(node)
    (before,) = await listed(node)
    node.clock.wait(80 * DAY)

    again = await watch(node)

    (after,) = await listed(node)
    assert again == watched
    assert after["begunAt"] == before["begunAt"]
    assert after["until"] > before["until"]


async def test_a_watch_whose_time_is_over_ends_and_that_is_told(node: Node) -> None:
    watched = await watch(node)
    async with reading(node, WATCHED) as stream:
        first = await stream.event()
    assert first is not None
    node.clock.wait(LIFE.total_seconds())

    assert await listed(node) == []
    assert await node.database.write(lambda connection: end_due(connection, node.clock())) == 1
    assert await node.database.write(lambda connection: end_due(connection, node.clock())) == 0

    async with reading(node, WATCHED, last=first.id) as stream:
        told = await stream.event()
    assert told is not None
    assert (told.data["watched"]["watchId"], told.data["watched"]["ended"]) == (watched, True)
    expired = [each for each in await node.entries() if each["operation"] == "expireWatches"]
    assert [each["body"]["events"][0]["records"] for each in expired] == [[str(node.people[0])]]


async def test_an_ended_watch_tells_that_it_has_ended_and_nothing_more(node: Node) -> None:
    async with reading(node, WATCHED) as stream:
        await stream.event()
        watched = await watch(node)
        ended = await sent(node, END, {"watchId": watched}, by=Role.INVESTIGATOR)
        told = await stream.event()
        await changed(node, node.profile_id(), "CONTEST")
        await stream.heartbeat()

    assert ended.json()["data"]["made"]["watch"]["id"] == watched
    assert told is not None
    assert told.data["watched"]["ended"] is True
    again = await sent(node, END, {"watchId": watched}, by=Role.INVESTIGATOR)
    assert broken(again) == [("NOT_FOUND", "watchId")]


async def test_more_than_a_hundred_profiles_cannot_be_watched_in_one_case(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("registry.notices.watch.MOST", 2)
    for person in (0, 1):
        await watch(node, person)

    entry = {"profileId": node.profile_id(2), "reason": "An invented case"}
    refused = await sent(node, BEGIN, entry, by=Role.INVESTIGATOR)
    elsewhere = await sent(node, BEGIN, entry, token=node.token(case=OTHER_CASE))

    assert broken(refused) == [("TOO_MANY_WATCHES", "profileId")]
    assert elsewhere.json()["data"]["made"]["watch"]
    assert CASE != OTHER_CASE


async def test_watches_are_paged(node: Node) -> None:
    watched = [await watch(node, person) for person in range(3)]
    document = """query ($after: String) { watches(first: 2, after: $after) {
        edges { node { id } } pageInfo { hasNextPage hasPreviousPage endCursor } } }"""

    first = (await node.data(document))["watches"]
    second = (await node.data(document, {"after": first["pageInfo"]["endCursor"]}))["watches"]

    assert [each["node"]["id"] for each in first["edges"] + second["edges"]] == watched
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert second["pageInfo"]["hasPreviousPage"] is True


async def test_an_entry_that_expires_ends_its_watches(node: Node) -> None:
    await amended(node, node.profile_id(), factories.record(expires_on="2026-11-23"))
    watched = await watch(node)
    async with reading(node, WATCHED) as stream:
        first = await stream.event()
    assert first is not None
    node.clock.wait(3 * DAY)

    assert await node.database.write(lambda connection: expire_due(connection, node.clock())) == 1

    async with reading(node, WATCHED, last=first.id) as stream:
        told = await stream.event()
    assert told is not None
    assert (told.data["watched"]["watchId"], told.data["watched"]["ended"]) == (watched, True)
