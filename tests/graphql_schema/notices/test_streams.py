"""The life of a stream: who may open one, how many, and how it ends."""

import asyncio

import pytest
import sqlalchemy as sa

from auth.directory import Scope
from registry.disclosure.vocabulary import Role
from registry.notices import queries
from registry.notices.models import notices
from tests import factories
from tests.graphql_schema.notices.following import DECISIONS, WATCHED, decide, deliveries
from tests.graphql_schema.profiles.steps import decided, made, proposed
from tests.nodes import RESPONSE, Node, code_of
from tests.streams import COMPLETE, PATIENCE, events, reading

pytestmark = pytest.mark.anyio


def places(node: Node) -> int:
    return len(node.endpoint.subscriptions.places)


# -- how it is asked for


async def test_without_a_reader_of_streams_a_subscription_is_not_acceptable(node: Node) -> None:
    for accept in (RESPONSE, "application/json", "*/*"):
        answer = await node.ask(DECISIONS, by=Role.REGISTRAR, accept=accept)

        assert (answer.status_code, code_of(answer)) == (406, "EVENT_STREAM_REQUIRED")
        assert (await node.entry(answer))["kind"] == "subscription"


async def test_a_client_that_reads_both_gets_a_stream_for_a_subscription_and_json_for_a_query(node: Node) -> None:
    both = f"{RESPONSE}, application/json, text/event-stream, multipart/mixed"

    answer = await node.ask("{ __typename }", accept=both)
    async with reading(node, DECISIONS, by=Role.REGISTRAR, accept=both) as stream:
        first = await stream.event()

    assert answer.json()["data"] == {"__typename": "Query"}
    assert first is not None
    assert first.data == {"decisions": None}


async def test_a_query_by_a_stream_is_one_event_and_complete(node: Node) -> None:
    answer = await node.ask("{ __typename }", accept="text/event-stream")

    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    told, end = events(answer.text)
    assert (told.name, told.data) == ("next", {"__typename": "Query"})
    assert end == COMPLETE


@pytest.mark.parametrize(("document", "code"), [
    ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"), ("subscription {", "GRAPHQL_PARSE_FAILED"),
    ("subscription { a: decisions { state } b: decisions { state } }", "GRAPHQL_VALIDATION_FAILED"),
    ("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED"),
    ("subscription ($no: Boolean!) { decisions @include(if: $no) { state } }", "GRAPHQL_VALIDATION_FAILED"),
    ('subscription { decisions @skip(if: "no") { state } }', "GRAPHQL_VALIDATION_FAILED"),
    ("subscription ($id: ID!) { screeningProgress(id: $id) { done } }", "BAD_USER_INPUT"),
])  # fmt: skip
async def test_what_is_wrong_with_the_document_is_told_by_an_event(node: Node, document: str, code: str) -> None:
    """The protocol wants it so: a reader of streams learns nothing from a status."""
    answer = await node.ask(document, accept="text/event-stream")

    assert answer.status_code == 200
    told, end = events(answer.text)
    assert told.code == code
    assert end == COMPLETE
    assert (await node.entry(answer))["code"] == code


async def test_a_subscription_of_which_every_field_is_skipped_ends(node: Node) -> None:
    async with reading(node, "subscription { decisions @include(if: false) { state } }", by=Role.REGISTRAR) as stream:
        told, end = await stream.rest()

    assert told.content["data"] == {}
    assert end == COMPLETE


async def test_without_a_token_there_is_a_status_and_no_stream(node: Node) -> None:
    body = {"query": DECISIONS}
    answer = await node.http.post("/graphql", json=body, headers={"accept": "text/event-stream"})

    assert (answer.status_code, code_of(answer)) == (401, "TOKEN_MISSING")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("by", [Role.INVESTIGATOR, Role.DESK_OFFICER, Role.AUDITOR])
async def test_whom_no_rule_permits_gets_no_stream_and_the_refusal_is_entered(node: Node, by: Role) -> None:
    async with reading(node, DECISIONS, by=by) as stream:
        refused, end = await stream.rest()

    assert refused.code == "FORBIDDEN"
    assert end == COMPLETE
    (entered,) = await deliveries(node, stream.request_id)
    assert (entered["outcome"], entered["code"], entered["kind"]) == ("denied", "FORBIDDEN", "subscription")
    assert places(node) == 0


# -- how many


async def test_an_officer_has_three_streams_and_the_fourth_is_refused_until_one_is_closed(node: Node) -> None:
    token = node.token(Role.REGISTRAR)

    async with reading(node, DECISIONS, token=token), reading(node, WATCHED, token=token):
        async with reading(node, DECISIONS, token=token):
            refused = await node.ask(DECISIONS, token=token, accept="text/event-stream")
        async with reading(node, DECISIONS, token=token) as again:
            first = await again.event()
            another = node.token(Role.SUPERVISOR)
            async with reading(node, DECISIONS, token=another) as others:
                assert others.status == 200

    assert (refused.status_code, code_of(refused)) == (429, "TOO_MANY_STREAMS")
    assert int(refused.headers["retry-after"]) >= 1
    assert first is not None
    assert (await node.entry(refused))["code"] == "TOO_MANY_STREAMS"
    assert places(node) == 0


async def test_a_client_has_ten(node: Node) -> None:
    limits = node.endpoint.service.limits
    held, enough = asyncio.Barrier(11), asyncio.Event()

    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for place in range(10):
            group.create_task(hold(node, list(Role)[place % 2 + 1], place // 2, held, enough))
        await held.wait()
        refused = await node.ask(WATCHED, token=node.token(Role.INVESTIGATOR), accept="text/event-stream")
        enough.set()

    assert (limits.streams_per_officer, limits.streams_per_client, limits.streams) == (3, 10, 200)
    assert (refused.status_code, code_of(refused)) == (429, "TOO_MANY_STREAMS")
    assert places(node) == 0


async def hold(node: Node, role: Role, number: int, held: asyncio.Barrier, enough: asyncio.Event) -> None:
    """Let another officer keep a stream open."""

    def enrol(connection: sa.Connection) -> str:
        officer = factories.actor(connection, role=role, name=f"held-{number}").officer
        assert officer is not None
        return officer.reference

    reference = await node.database.write(enrol)
    async with reading(node, DECISIONS, token=node.token(role, officer=reference)):
        await held.wait()
        await enough.wait()


# -- how it ends


async def suspend(node: Node, subject: Scope, role: Role) -> None:
    """Shut somebody out: an officer, the client they ask through, or their agency."""

    def shut_out(connection: sa.Connection) -> None:
        whom = factories.actor(connection, role=role)
        assert whom.officer is not None
        keys = {Scope.CLIENT: whom.client, Scope.AGENCY: whom.agency}
        factories.shut(connection, subject, keys.get(subject, whom.officer.id), at=node.clock())

    await node.database.write(shut_out)


@pytest.mark.parametrize("subject", [Scope.OFFICER, Scope.CLIENT, Scope.AGENCY])
async def test_a_suspension_ends_a_silent_stream_with_an_error(node: Node, subject: Scope) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        await suspend(node, subject, Role.REGISTRAR)
        told, end = await stream.rest()

    assert told.code == "TOKEN_REVOKED"
    assert "data" not in told.content
    assert end == COMPLETE
    entered = await deliveries(node, stream.request_id)
    assert [(each["outcome"], each["code"]) for each in entered] == [("allowed", None), ("denied", "TOKEN_REVOKED")]
    assert places(node) == 0


async def test_of_a_decision_made_after_the_suspension_nothing_is_told(node: Node) -> None:
    proposals = [made(await proposed(node, node.profile_id(place), "RELEASE")) for place in range(2)]

    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        await suspend(node, Scope.OFFICER, Role.REGISTRAR)
        for each in proposals:
            made(await decided(node, "Approve", each))
        told, end = await stream.rest()

    assert told.code == "TOKEN_REVOKED"
    assert end == COMPLETE


async def test_with_its_token_a_stream_ends_and_goes_on_with_the_next_one(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
        assert first is not None
        node.clock.wait(301)
        rest = await stream.rest()
    (proposal,) = await decide(node, 1)

    async with reading(node, DECISIONS, by=Role.REGISTRAR, last=first.id) as stream:
        told = await stream.event()

    assert rest == []  # not complete: it is to be asked for again
    assert told is not None
    assert told.data["decisions"]["proposalId"] == proposal


async def test_when_the_node_stops_streams_end_and_none_is_opened(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        node.app.state.bell.close()
        rest = await stream.rest()

    refused = await node.ask(DECISIONS, by=Role.REGISTRAR, accept="text/event-stream")
    assert rest == []
    assert (refused.status_code, code_of(refused)) == (503, "UNAVAILABLE")
    assert places(node) == 0


async def test_who_stops_reading_holds_nobody_up_and_goes_on_behind_what_they_got(node: Node) -> None:
    async with (
        reading(node, DECISIONS, by=Role.REGISTRAR) as slow,
        reading(node, DECISIONS, by=Role.SUPERVISOR) as other,
    ):
        first = await slow.event()
        await other.event()
        slow.stop_reading()
        proposals = await decide(node, 3)
        told = [await other.event() for _ in proposals]
        await slow.is_let_go()
        assert places(node) == 1
    assert first is not None

    async with reading(node, DECISIONS, by=Role.REGISTRAR, last=first.id) as again:
        later = [await again.event() for _ in proposals]

    assert [each.data["decisions"]["proposalId"] for each in told if each] == proposals
    assert [each.data["decisions"]["proposalId"] for each in later if each] == proposals


async def test_who_leaves_gives_the_place_back_and_the_bell_falls_silent(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        assert places(node) == 1

    assert places(node) == 0
    assert node.app.state.bell._ears == {}


async def test_what_cannot_be_entered_is_not_sent_and_comes_later(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
        assert first is not None
        proposals = await decide(node, 1)
        node.app.state.node.writer._patience = 0.5
        await node.app.state.node.writer.stop()  # as when the log takes nothing any more
        rest = await stream.rest()
    node.app.state.node.writer.start()

    async with reading(node, DECISIONS, by=Role.REGISTRAR, last=first.id) as stream:
        told = await stream.event()

    assert COMPLETE not in rest
    assert told is not None
    assert told.data["decisions"]["proposalId"] == proposals[0]


async def test_who_was_away_for_too_long_is_told_so(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()
    assert first is not None
    await decide(node, 3)
    node.clock.wait(8 * 86_400)

    await node.database.write(lambda connection: queries.purge(connection, node.clock()))

    async with reading(node, DECISIONS, by=Role.REGISTRAR, last=first.id) as stream:
        refused, end = await stream.rest()
    assert refused.code == "LAST_EVENT_GONE"
    assert end == COMPLETE
    assert await node.database.read(queries.newest) == 3
    assert await node.database.read(lambda connection: _count(connection, notices)) == 1


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


# -- what it costs, and what it holds


async def test_a_silent_turn_is_two_statements(node: Node) -> None:
    """Who asks, and what there is; the bell's looks are those of a whole worker."""
    async with reading(node, WATCHED) as stream:
        await stream.event()
        await stream.heartbeat()
        await stream.heartbeat()
        with node.statements() as seen:
            await stream.heartbeat()
    of_bell = ("SELECT notices.number, notices.topic, notices.audience", "SELECT count(*) AS count_1 \nFROM closures")
    looks = [each for each in seen if each.startswith(of_bell)]
    turn = [each for each in seen if each not in looks or "watches" in each]

    assert ["clients" in each for each in turn] == [True, False]
    assert "JOIN watches" in turn[1]


@pytest.mark.parametrize("where", ["registry.profiles.operations.following.next_decision", "auth.directory.actor"])
async def test_a_mistake_of_ours_ends_a_stream_masked_and_entered(
    node: Node, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("password=hunter2 of Juma Mwakio")

    async with reading(node, DECISIONS, by=Role.REGISTRAR) as stream:
        await stream.event()
        monkeypatch.setattr(where, fail)
        told, end = await stream.rest()

    assert told.code == "INTERNAL"
    assert told.content["errors"][0]["message"] == "Internal error."
    assert "hunter2" not in str(told.content)
    assert end == COMPLETE
    entered = await deliveries(node, stream.request_id)
    assert [(each["outcome"], each["code"]) for each in entered] == [("allowed", None), ("failed", "INTERNAL")]
