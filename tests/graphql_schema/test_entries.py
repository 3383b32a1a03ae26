"""One entry for each attempt, of whatever kind it is and however it ends: counted (A2 of the log's requirements).

Commands and exports leave theirs through one function, which tests/registry/cli looks at.
"""

from collections.abc import Awaitable, Callable

import pytest

from registry.audit.events import PROGRAM
from registry.disclosure import policy
from registry.disclosure.vocabulary import Role
from tests.graphql_schema.asking import PROFILE, PROPOSE, SEARCH, asked, query
from tests.graphql_schema.notices.following import DECISIONS
from tests.nodes import RESPONSE, Node
from tests.streams import reading

pytestmark = pytest.mark.anyio

Attempt = Callable[[Node], Awaitable[object]]
ADDRESS = "A" * 43


async def _first_event(node: Node) -> None:
    async with reading(node, DECISIONS, by=Role.REGISTRAR, accept=f"{RESPONSE}, text/event-stream") as stream:
        await stream.event()


KINDS: dict[str, tuple[Attempt, tuple[str, str, str | None]]] = {
    "answered": (lambda node: node.ask(PROFILE, {"id": node.profile_id()}), ("query", "allowed", None)),
    "page": (lambda node: node.ask(SEARCH, {"c": {"name": "Juma Mwakio"}}), ("query", "allowed", None)),
    "malformed": (lambda node: node.ask("{ search("), ("request", "failed", "GRAPHQL_PARSE_FAILED")),
    "no-json": (
        lambda node: node.http.post("/graphql", content=b"{", headers=asked(node)),
        ("request", "failed", "BODY_NOT_JSON"),
    ),
    "stranger": (
        lambda node: node.http.post("/graphql", content=query(), headers=asked(node, authorization="")),
        ("request", "denied", "TOKEN_MISSING"),
    ),
    "denied": (
        lambda node: node.ask(PROFILE, {"id": node.profile_id()}, by=Role.AUDITOR), ("query", "denied", "FORBIDDEN"),
    ),
    "failed": (
        lambda node: node.ask(PROFILE, {"id": "nonsense"}), ("query", "failed", "ID_MALFORMED"),
    ),
    "mutation-refused": (
        lambda node: node.ask(PROPOSE, {"input": {"reason": "An invented reason", "record": {}}}, by=Role.REGISTRAR),
        ("mutation", "failed", None),
    ),
    "reading-the-log": (
        lambda node: node.ask("{ logEntries(first: 1) { edges { node { index } } } }", by=Role.AUDITOR),
        ("query", "allowed", None),
    ),
    "stream": (_first_event, ("subscription", "allowed", None)),
    "photograph": (lambda node: node.http.get(f"/photographs/{ADDRESS}"), ("photograph", "denied", "TICKET_UNKNOWN")),
    "list": (lambda node: node.http.put(f"/screenings/{ADDRESS}", content=b""), ("screening", "denied", None)),
    "token": (lambda node: node.http.post("/oauth/token", data={"grant_type": "x"}), ("token", "failed", None)),
    "session": (lambda node: node.http.get("/session"), ("session", "denied", None)),
}  # fmt: skip
THEIR_OWN = {"mutation-refused", "list", "token", "session"}
"""Whose code says more than how many entries there are, and has tests of its own."""


@pytest.mark.parametrize("kind", KINDS)
async def test_one_attempt_leaves_one_entry(shared: Node, kind: str) -> None:
    attempt, (expected, outcome, code) = KINDS[kind]
    before = await shared.length()

    for _ in range(3):
        await attempt(shared)

    left = (await shared.entries())[before:]
    assert len(left) == 3
    for each in left:
        assert each["kind"] == expected
        assert each["program"] == PROGRAM
        if kind not in THEIR_OWN:
            assert (each["outcome"], each["code"]) == (outcome, code)


@pytest.mark.parametrize(("by", "outcome"), [(Role.INVESTIGATOR, "allowed"), (Role.AUDITOR, "denied")])
async def test_an_entry_says_who_asked_under_what_also_where_it_was_denied(
    shared: Node, by: Role, outcome: str
) -> None:
    answer = await shared.ask(PROFILE, {"id": shared.profile_id()}, by=by)

    entry = await shared.entry(answer)
    assert entry["outcome"] == outcome
    assert {name: entry[name] for name in ("country", "attribution", "on_behalf_of", "justification", "policy")} == {
        "country": "KE", "attribution": "stated", "on_behalf_of": None, "justification": None,
        "policy": policy.approved("ke").version,
    }  # fmt: skip
