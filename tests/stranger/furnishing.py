"""A node on which every question finds something: people, proposals, certificates, requests, a screening; all invented.

found = await furnish(node, people=40)
found.ids["certificate"], found.numbers, found.requests      what a question may name
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import directory
from registry.core.ids import public_id
from registry.desk.requests import Kind
from registry.disclosure.vocabulary import Purpose, Role
from registry.profiles.models import profiles, revisions
from registry.profiles.standing import Change
from tests import factories
from tests.graphql_schema.profiles.complete import complete
from tests.nodes import Node
from tests.registry.certificates import scenes as certificates
from tests.registry.desk import scenes as desk
from tests.registry.screening import lists, test_serving as screening

EVERYTHING = "everything/1"
"""An officer who was appointed to all there is: no rule of roles stands in the way of a question."""
SEARCH = '{ search(criteria: {name: "Juma Mwakio"}, first: 5) { edges { node { profile { id } } } } }'


@dataclass
class Found:
    """What questions may name so that something is found; it grows with what answers tell."""

    ids: dict[str, list[str]] = field(default_factory=dict)
    """Public ids by their kind."""
    numbers: list[str] = field(default_factory=list)
    """Of certificates."""
    requests: list[str] = field(default_factory=list)
    """``X-Request-Id`` of searches."""
    entries: list[int] = field(default_factory=list)
    """Their places in the log."""
    cursors: dict[str, list[str]] = field(default_factory=dict)
    """By the question that told them."""


def token(node: Node, purpose: Purpose) -> str:
    """Return a token of the officer who may everything that somebody may for this purpose."""
    return node.token(purpose=purpose, officer=EVERYTHING)


async def furnish(node: Node, people: int, folder: Path) -> Found:
    """Fill a node that holds the small register; ``people`` more come from the synthetic one."""
    found: Found = await node.database.write(lambda connection: _filled(connection, node, people))
    for _ in range(3):
        answer = await node.ask(SEARCH, token=token(node, Purpose.CRIMINAL_INVESTIGATION))
        found.requests.append(answer.headers["x-request-id"])
        found.entries.append((await node.entry(answer))["index"])
    await _screened(node, found, folder)
    return found


def _filled(connection: Connection, node: Node, people: int) -> Found:
    directory.enrol_officer(
        connection, factories.AGENCY, EVERYTHING, chain="everything", roles=frozenset(Role)
    )  # fmt: skip
    lists.fill(connection, people)
    whole = factories.vetted(connection, complete())
    factories.proposed(connection, factories.named("DEMO Waiting Person"))
    factories.proposed(connection, complete(), profile=whole)
    factories.proposed(connection, factories.named("DEMO Elsewhere"), agency=factories.ELSEWHERE)
    factories.changed(connection, node.people[1], Change.CONTEST)
    factories.changed(connection, node.people[2], Change.SEAL)
    factories.amended(connection, node.people[3], factories.named("Achieng DEMO Amended", birth_date="1990"))
    certified = [
        certificates.issued(connection, node.people[0]),
        certificates.proposed(connection, node.people[0], names=("Juma DEMO Mwakio",)),
    ]
    requested = [
        desk.opened(connection), desk.known(connection, node.people[0]), desk.known(connection, whole, Kind.ACCESS),
    ]  # fmt: skip
    desk.drawn_up(connection, requested[1])
    desk.drawn_up(connection, requested[2])
    desk.released(connection, requested[2])
    found = Found(numbers=[each.number for each in certified if each.number])
    found.ids = {
        "profile": _ids(connection, "profile", profiles), "proposal": _ids(connection, "proposal", revisions),
        "certificate": [each.id for each in certified], "request": [public_id("request", each) for each in requested],
    }  # fmt: skip
    return found


def _ids(connection: Connection, kind: str, table: sa.Table) -> list[str]:
    return [public_id(kind, each) for each in connection.execute(sa.select(table.c.id).order_by(table.c.id)).scalars()]


async def _screened(node: Node, found: Found, folder: Path) -> None:
    """Check a list of two people and of one row that can't be read."""
    by = token(node, Purpose.CRIMINAL_INVESTIGATION)
    told: dict[str, Any] = (await node.data(screening.BEGIN, {"input": {}}, token=by))["screeningBegin"]
    rows = [lists.HIT, lists.STRANGER, {"DOB": "1971-05-17", "Sex": "?"}]
    await screening.hand_in(node, told["upload"]["path"], screening.content(folder, rows))
    assert await screening.served(node)
    found.ids["screening"] = [told["screening"]["id"]]
