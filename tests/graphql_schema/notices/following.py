"""What happens in these tests: officers decide, watch and screen."""

from typing import Any
from uuid import UUID

from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Purpose, Role
from tests.graphql_schema.profiles.steps import changed
from tests.nodes import Node

DECISIONS = "subscription { decisions { proposalId change state own at } }"
WATCHED = "subscription { watched { watchId profileId version ended at } }"
PROGRESS = "subscription ($id: ID!) { screeningProgress(id: $id) { id state people done refused hits at } }"
BEGIN = """mutation ($input: WatchBeginInput!) { made: watchBegin(input: $input) {
    watch { id profileId begunAt until } userErrors { code field message } } }"""
END = """mutation ($input: WatchEndInput!) { made: watchEnd(input: $input) {
    watch { id profileId } userErrors { code field message } } }"""
WATCHES = "{ watches(first: 10) { edges { node { id profileId begunAt until } } } }"
TURNS = ("RELEASE", "WITHHOLD")


async def decide(node: Node, count: int, *, person: int = 0) -> list[str]:
    """Release and withhold a record in turn; return the proposals."""
    profile = node.profile_id(person)
    return [(await changed(node, profile, TURNS[place % 2]))["id"] for place in range(count)]


async def watch(node: Node, person: int = 0, **options: Any) -> str:
    """Watch somebody; return the watch."""
    entry = {"profileId": node.profile_id(person), "reason": "An invented case goes on"}
    made = (await node.data(BEGIN, {"input": entry}, **options))["made"]
    assert made["userErrors"] == []
    identifier: str = made["watch"]["id"]
    return identifier


def screener(node: Node, **more: Any) -> str:
    """Return the token of somebody who may screen."""
    return node.token(Role.SUPERVISOR, purpose=Purpose.CRIMINAL_INVESTIGATION, **more)


async def screening(node: Node) -> tuple[str, UUID]:
    """Begin a screening; return what the world calls it, and what we do."""
    document = "mutation { made: screeningBegin(input: {}) { screening { id } } }"
    identifier: str = (await node.data(document, token=screener(node)))["made"]["screening"]["id"]
    return identifier, read_public_id("screening", identifier)


async def deliveries(node: Node, request_id: str) -> list[dict[str, Any]]:
    """Return the entries of a stream, oldest first."""
    return [each for each in await node.entries() if each["request_id"] == request_id]
