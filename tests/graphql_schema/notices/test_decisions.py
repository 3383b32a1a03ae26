"""Decisions, followed by the agency that proposed: each told once, entered first, and nothing of a person in it."""

from itertools import pairwise

import pytest

from registry.disclosure.vocabulary import Role
from registry.notices import queries
from tests import factories
from tests.graphql_schema.notices.following import DECISIONS, decide, deliveries
from tests.graphql_schema.profiles.steps import decided, made, proposed
from tests.nodes import Node
from tests.streams import COMPLETE, Event, reading

pytestmark = pytest.mark.anyio


async def test_the_first_event_says_that_there_is_nothing_yet_and_where_to_go_on(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()

    assert stream.status == 200
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert stream.headers["cache-control"] == "no-store"
    assert "content-length" not in stream.headers
    assert first is not None
    assert first.name == "next"
    assert first.data == {"decisions": None}
    assert first.id == first.content["extensions"]["eventId"]


async def test_a_decision_is_told_in_ids_and_codes(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        (proposal,) = await decide(node, 1)
        told = await stream.event()

    assert told is not None
    assert told.content.keys() == {"data", "extensions"}
    assert told.data["decisions"].pop("at").endswith("Z")
    assert told.data == {"decisions": {"proposalId": proposal, "change": "RELEASE", "state": "APPROVED", "own": True}}
    assert told.content["extensions"].keys() == {"eventId", "logReceipt"}
    assert told.content["extensions"]["eventId"] == told.id


@pytest.mark.parametrize(("decision", "by", "state"), [
    ("Reject", Role.SUPERVISOR, "REJECTED"), ("Return", Role.SUPERVISOR, "RETURNED"),
    ("Withdraw", Role.REGISTRAR, "WITHDRAWN"),
])  # fmt: skip
async def test_whatever_ends_a_proposal_is_told(node: Node, decision: str, by: Role, state: str) -> None:
    proposal = made(await proposed(node, node.profile_id(), "CONTEST"))

    async with reading(node, DECISIONS, by=Role.SUPERVISOR) as stream:
        await stream.event()
        made(await decided(node, decision, proposal, by=by, note="An invented note"))
        told = await stream.event()

    assert told is not None
    assert told.data["decisions"]["state"] == state
    assert told.data["decisions"]["own"] is False


async def test_broken_off_after_each_event_it_goes_on_without_loss_or_repetition(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
    assert first is not None
    last, told = first.id, []

    proposals = await decide(node, 3)
    for place in range(6):
        if place == 3:
            proposals += await decide(node, 3, person=1)
        async with reading(node, DECISIONS, by=Role.REGISTRAR, last=last) as stream:
            event = await stream.event()
        assert event is not None
        last = event.id
        told.append(event.data["decisions"]["proposalId"])
    async with reading(node, DECISIONS, by=Role.REGISTRAR, last=last) as stream:
        nothing = await stream.event()

    assert told == proposals
    assert nothing is not None
    assert nothing.data == {"decisions": None}
    assert nothing.id == last


async def test_what_was_told_while_nobody_read_comes_in_one_stream_in_order(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
    assert first is not None
    proposals = await decide(node, 4)

    async with reading(node, DECISIONS, by=Role.REGISTRAR, last=first.id) as stream:
        told: list[Event | None] = [await stream.event() for _ in proposals]

    assert [each.data["decisions"]["proposalId"] for each in told if each] == proposals
    assert all(one and two and one.id != two.id for one, two in pairwise(told))


async def test_each_event_is_entered_before_its_bytes_leave(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        (opening,) = await deliveries(node, stream.request_id)
        (proposal,) = await decide(node, 1)
        told = await stream.event()
        entered = await deliveries(node, stream.request_id)

    assert told is not None
    assert told.data["decisions"]["proposalId"] == proposal
    assert [each["kind"] for each in entered] == ["subscription", "subscription"]
    assert [each["operation"] for each in entered] == ["decisions", "decisions"]
    assert {each["outcome"] for each in entered} == {"allowed"}
    assert [each["body"]["events"][0]["name"] for each in entered] == ["decisions:followed", "decision:told"]
    assert entered[1]["body"]["events"][0]["records"] == [str(node.people[0])]
    assert entered[0] == opening
    assert "DecisionNotice.state" in entered[1]["body"]["fields"]


async def test_another_agency_is_told_nothing(node: Node) -> None:
    stranger = node.token(Role.REGISTRAR, agency=factories.ELSEWHERE)

    async with reading(node, DECISIONS, token=stranger) as stream:
        await stream.event()
        await decide(node, 1)
        await stream.heartbeat()
        await stream.heartbeat()

        assert len(await deliveries(node, stream.request_id)) == 1


async def test_a_decision_that_is_rolled_back_is_not_told(node: Node) -> None:
    proposal = made(await proposed(node, node.profile_id(), "RELEASE"))

    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        refused = await decided(node, "Approve", proposal, by=Role.REGISTRAR)
        await stream.heartbeat()

    assert "FORBIDDEN" in refused.text or "SAME_CHAIN" in refused.text or "OWN_PROPOSAL" in refused.text
    assert await node.database.read(queries.newest) == 0


async def test_a_forged_or_foreign_event_id_is_refused(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
    assert first is not None

    for who, last in ((Role.SUPERVISOR, first.id), (Role.REGISTRAR, "AAAA" * 6), (Role.REGISTRAR, "12")):
        async with reading(node, DECISIONS, by=who, last=last) as stream:
            refused, *end = await stream.rest()

        assert refused.code == "CURSOR_INVALID"
        assert refused.content["errors"][0]["extensions"]["field"] == "Last-Event-ID"
        assert refused.content["data"] == {"decisions": None}
        assert end == [COMPLETE]
