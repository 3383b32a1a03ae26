"""A screening's progress: first as it stands, then each step, and complete with its end."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from registry.core.ids import new_id, public_id
from registry.screening import chunks, queries
from registry.screening.checking import Screened
from registry.screening.chunks import Moment
from registry.screening.operations import purge
from tests import factories
from tests.graphql_schema.notices.following import PROGRESS, deliveries, screener, screening
from tests.nodes import Node
from tests.streams import COMPLETE, Event, reading

pytestmark = pytest.mark.anyio


def counts(event: Event | None) -> tuple[Any, ...]:
    assert event is not None
    told = event.data["screeningProgress"]
    return told["state"], told["people"], told["done"], told["hits"]


async def taken(node: Node, identifier: UUID, people: int) -> Moment:
    """Let a list of so many arrive, and somebody take it to work on."""
    moment = Moment(node.clock(), factories.EDITION, factories.SEALER, new_id())

    def arrive(connection: Connection) -> None:
        queries.reserve(connection, identifier, people=people, digest="a" * 64)
        assert queries.queue(connection, identifier)
        chunks.taken(connection, moment, identifier)

    await node.database.write(arrive)
    return moment


async def step(node: Node, moment: Moment, identifier: UUID, first: int, rows: int) -> None:
    await node.database.write(
        lambda connection: chunks.enter(connection, moment, identifier, Screened(first, rows, (), ()))
    )


async def test_it_is_told_from_its_beginning_to_its_end(node: Node) -> None:
    named, identifier = await screening(node)

    async with reading(node, PROGRESS, {"id": named}, token=screener(node)) as stream:
        told = [counts(await stream.event())]
        moment = await taken(node, identifier, 25)
        told.append(counts(await stream.event()))
        for first, rows in ((0, 10), (10, 10), (20, 5)):
            await step(node, moment, identifier, first, rows)
            told.append(counts(await stream.event()))
        await node.database.write(lambda connection: chunks.finish(connection, moment, identifier))
        told.append(counts(await stream.event()))
        rest = await stream.rest()
        entered = await deliveries(node, stream.request_id)

    assert told == [
        ("AWAITING", None, 0, 0), ("RUNNING", 25, 0, 0), ("RUNNING", 25, 10, 0), ("RUNNING", 25, 20, 0),
        ("RUNNING", 25, 25, 0), ("FINISHED", 25, 25, 0),
    ]  # fmt: skip
    assert rest == [COMPLETE]
    assert [each["body"]["events"][0]["name"] for each in entered] == ["screening:told"] * 6


async def test_broken_off_it_goes_on_and_ends(node: Node) -> None:
    named, identifier = await screening(node)
    moment = await taken(node, identifier, 20)
    async with reading(node, PROGRESS, {"id": named}, token=screener(node)) as stream:
        first = await stream.event()
    assert first is not None
    for start in (0, 10):
        await step(node, moment, identifier, start, 10)
    await node.database.write(lambda connection: chunks.finish(connection, moment, identifier))

    async with reading(node, PROGRESS, {"id": named}, token=screener(node), last=first.id) as stream:
        *told, end = await stream.rest()
    async with reading(node, PROGRESS, {"id": named}, token=screener(node), last=told[-1].id) as stream:
        nothing, over = await stream.rest()

    assert [counts(each)[2] for each in told] == [10, 20, 20]
    assert (end, over) == (COMPLETE, COMPLETE)
    assert nothing.data == {"screeningProgress": None}


async def test_cancelled_it_ends(node: Node) -> None:
    named, _ = await screening(node)

    async with reading(node, PROGRESS, {"id": named}, token=screener(node)) as stream:
        await stream.event()
        document = "mutation ($id: ID!) { made: screeningCancel(input: {screeningId: $id}) { userErrors { code } } }"
        await node.data(document, {"id": named}, token=screener(node))
        *told, end = await stream.rest()

    assert [counts(each)[0] for each in told] == ["CANCELLED"]
    assert end == COMPLETE


async def test_a_list_that_never_comes_is_told_to_have_failed(node: Node) -> None:
    named, _ = await screening(node)
    async with reading(node, PROGRESS, {"id": named}, token=screener(node)) as stream:
        first = await stream.event()
    assert first is not None
    node.clock.wait(86_400)

    await node.database.write(lambda connection: purge(connection, node.clock()))

    async with reading(node, PROGRESS, {"id": named}, token=screener(node), last=first.id) as stream:
        told, end = await stream.rest()
    assert counts(told)[0] == "FAILED"
    assert end == COMPLETE


async def test_a_screening_that_is_over_is_told_once(node: Node) -> None:
    named, identifier = await screening(node)
    moment = await taken(node, identifier, 0)
    await node.database.write(lambda connection: chunks.finish(connection, moment, identifier))

    async with reading(node, PROGRESS, {"id": named}, token=screener(node)) as stream:
        told, end = await stream.rest()

    assert counts(told) == ("FINISHED", 0, 0, 0)
    assert end == COMPLETE


@pytest.mark.parametrize("case", ["CR 12/2026", "CR 13/2026"])
async def test_that_of_another_case_is_missing_and_a_missing_one_as_well(node: Node, case: str) -> None:
    named, _ = await screening(node)
    wanted = public_id("screening", new_id()) if case == "CR 12/2026" else named

    async with reading(node, PROGRESS, {"id": wanted}, token=screener(node, case=case)) as stream:
        refused, end = await stream.rest()

    assert refused.code == "NOT_FOUND"
    assert refused.data == {"screeningProgress": None}
    assert end == COMPLETE
    (entered,) = await deliveries(node, stream.request_id)
    assert (entered["outcome"], entered["code"]) == ("denied", "NOT_FOUND")
