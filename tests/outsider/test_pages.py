"""Outsider's checks 9, 10 and 16: pages by cursor, whatever is asked of them and whatever changes meanwhile."""

import base64
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
from graphql import get_named_type, is_leaf_type
from sqlalchemy import Connection

from registry.core import config
from registry.core.db import Database
from registry.core.engines import insert_many, open_database
from registry.core.ids import new_id, public_id
from registry.disclosure import rules
from registry.disclosure.vocabulary import Role
from registry.profiles.models import profiles, recalls
from tests import factories
from tests.factories import USUAL_PURPOSES
from tests.graphql_schema.test_permissions import QUERIES, action, value
from tests.journeys.served import Served
from tests.nodes import Node, standing

pytestmark = pytest.mark.anyio
CONNECTIONS = sorted(name for name, field in QUERIES.items() if "first" in field.args)
SEARCH = "query ($c: SearchCriteriaInput!, $n: Int!) { search(criteria: $c, first: $n) { edges { cursor } } }"


# -- 9


def page_of(name: str, first: str | None, after: str | None) -> tuple[str, dict[str, Any]]:
    """Return a document that asks for a page of a connection, and its variables."""
    needed = {
        key: each
        for key, each in QUERIES[name].args.items()
        if str(each.type).endswith("!") and key not in ("first", "after")
    }
    declared = ", ".join(f"${key}: {each.type}" for key, each in needed.items())
    passed = [f"{key}: ${key}" for key in needed]
    passed += [f"first: {first}"] if first is not None else []
    passed += [f'after: "{after}"'] if after is not None else []
    head = f"query ({declared})" if declared else "query"
    given = f"({', '.join(passed)})" if passed else ""
    document = f"{head} {{ {name}{given} {{ edges {{ cursor }} }} }}"
    return document, {key: value(each.type, name if key == "id" else key) for key, each in needed.items()}


async def page(node: Node, name: str, first: str | None, after: str | None = None, **options: Any) -> httpx.Response:
    """Ask for a page as somebody who may."""
    document, variables = page_of(name, first, after)
    roles = (role for role in Role if rules.may(action(name), {role}, USUAL_PURPOSES[role]))
    role = next(roles, Role.SUPERVISOR)
    purpose = next(each for each in rules.PURPOSES[action(name)] if rules.may(action(name), {role}, each))
    return await node.ask(document, variables, token=node.token(role, purpose=purpose, **options))


def codes(answer: httpx.Response) -> set[str]:
    """Return the codes of an answer's errors."""
    return {error["extensions"]["code"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("name", CONNECTIONS)
@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("101", "PAGE_SIZE"), ("-1", "PAGE_SIZE"), ("0", "PAGE_SIZE"), ("2147483647", "PAGE_SIZE"),
        (None, "GRAPHQL_VALIDATION_FAILED"), ("null", "GRAPHQL_VALIDATION_FAILED"),
        ("99999999999", "GRAPHQL_VALIDATION_FAILED"), ("1.0", "GRAPHQL_VALIDATION_FAILED"),
        ('"5"', "GRAPHQL_VALIDATION_FAILED"), ("true", "GRAPHQL_VALIDATION_FAILED"),
    ],
)  # fmt: skip
async def test_check_09_a_page_of_a_size_that_is_none_is_refused(
    shared: Node, name: str, first: str | None, code: str
) -> None:
    answer = await page(shared, name, first)

    assert answer.status_code in (200, 400)
    assert codes(answer) == {code}
    assert not (answer.json().get("data") or {}).get(name)


async def cursor_of(node: Node, **options: Any) -> str:
    """Return the cursor of a hit."""
    answer = await node.ask(SEARCH, {"c": {"name": "Juma Mwakio"}, "n": 1}, token=node.token(**options))
    cursor: str = answer.json()["data"]["search"]["edges"][0]["cursor"]
    return cursor


def forged(cursor: str) -> Iterator[str]:
    """Yield what somebody might make of a cursor."""
    content = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for place in (0, len(content) // 2, len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1
        yield base64.urlsafe_b64encode(changed).decode().rstrip("=")
    yield cursor[:-2]
    yield cursor + "AA"
    yield cursor + "="
    yield base64.urlsafe_b64encode(bytes(16) + b"[0]").decode().rstrip("=")
    yield base64.b64encode(b"arrayconnection:0").decode()
    yield ""
    yield "0"


@pytest.mark.parametrize("name", CONNECTIONS)
async def test_check_09_a_forged_cursor_or_one_of_another_question_is_refused(shared: Node, name: str) -> None:
    own = await cursor_of(shared)

    for cursor in (own, *forged(own)):
        answer = await page(shared, name, "1", cursor)

        assert answer.status_code == 200, answer.text
        assert codes(answer) <= {"CURSOR_INVALID", "NOT_FOUND"}, (cursor, answer.text)


async def test_check_09_a_cursor_is_good_for_its_question_and_its_officer_and_case_only(shared: Node) -> None:
    asked = 'query ($a: String) { search(criteria: {name: "%s"}, first: 1, after: $a) { edges { cursor } } }'
    cursor = await cursor_of(shared)
    variables = {"a": cursor}

    same = await shared.ask(asked % "Juma Mwakio", variables)
    others = [
        await shared.ask(asked % "Juma Mwakia", variables),
        await shared.ask(asked % "Juma Mwakio", variables, token=shared.token(case="CR 13/2026")),
        await shared.ask(asked % "Juma Mwakio", variables, token=shared.token(Role.REGISTRAR)),
        await shared.ask(asked % "Juma Mwakio", variables, token=shared.token(agency=factories.ELSEWHERE)),
    ]

    assert "errors" not in same.json()
    assert [codes(each) for each in others] == [{"CURSOR_INVALID"}] * len(others)


# -- 10

ROWS = 10_000
CHANGES = 7
"""Rows that come, and as many that go, between any two pages."""
PAGE = """query ($after: String) { recalls(first: 100, after: $after) {
    edges { node { id } } pageInfo { hasNextPage endCursor } } }"""


async def owned(database: Database, agency: str) -> tuple[UUID, UUID]:
    """Return a profile of an agency, and its version."""
    statement = sa.select(profiles.c.id, profiles.c.current).where(profiles.c.owner == agency).limit(1)
    row = await database.read(lambda connection: connection.execute(statement).one())
    return row[0], row[1]


def rows(profile: UUID, version: UUID, ids: list[UUID]) -> list[tuple[Any, ...]]:
    """Return recalls to as many invented agencies."""
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    return [(each, profile, f"invented-{each.hex}", "corrected", version, None, at, at, None) for each in ids]


def change(connection: Connection, profile: UUID, version: UUID, come: list[UUID], go: list[UUID]) -> None:
    """Let rows come and go in one transaction."""
    insert_many(connection, recalls, rows(profile, version, come))
    connection.execute(sa.delete(recalls).where(recalls.c.id.in_(go)))


def between(draw: Random, first: UUID, last: UUID) -> UUID:
    """Draw an id that sorts between two others."""
    return UUID(int=draw.randrange(first.int, last.int))


async def test_check_10_ten_thousand_rows_are_paged_while_rows_come_and_go(served: Served) -> None:
    draw, database = Random(2026), open_database(config.load({}, Path(served.folder) / "settings.toml")).keeper
    try:
        profile, version = await owned(database, "demo-dci")
        ids = sorted(new_id() for _ in range(ROWS))
        lasting, passing = ids[::2], ids[1::2]
        draw.shuffle(passing)
        await database.write(lambda connection: change(connection, profile, version, ids, []))
        holder = served.holder("registrar")
        seen: list[str] = []
        added: list[UUID] = []
        after, pages = None, 0
        async with httpx.AsyncClient(base_url=served.url, timeout=60, auth=holder) as http:
            while True:
                answer = (await http.post("/graphql", json={"query": PAGE, "variables": {"after": after}})).json()
                assert "errors" not in answer, answer
                found = answer["data"]["recalls"]
                seen += [edge["node"]["id"] for edge in found["edges"]]
                pages += 1
                if not found["pageInfo"]["hasNextPage"]:
                    break
                after = found["pageInfo"]["endCursor"]
                come = [between(draw, ids[0], ids[-1]) for _ in range(CHANGES)]
                go, passing = [*passing[:CHANGES], *added[: CHANGES // 2]], passing[CHANGES:]
                added = [*added[CHANGES // 2 :], *come]
                await database.write(lambda connection: change(connection, profile, version, come, go))  # noqa: B023  run at once
    finally:
        await database.write(lambda connection: connection.execute(sa.delete(recalls)))
        await database.close()

    assert pages > ROWS // 200
    assert len(seen) == len(set(seen)), "a row was shown twice"
    assert {public_id("recall", each) for each in lasting} <= set(seen), "a row that was there throughout was skipped"


# -- 16

LISTS = " ".join(
    f"{name} {{ __typename }}"
    for name, field in get_named_type(QUERIES["profile"].type).fields.items()
    if not is_leaf_type(get_named_type(field.type)) and name not in ("versions", "duplicates")
)
"""Everything of a record that is a list or a part."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def crowded(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Node]:
    """A node that knows 110 people of much the same name."""

    def fill(connection: Connection) -> None:
        born = datetime(1960, 1, 1, tzinfo=UTC)
        for place in range(110):
            day = (born + timedelta(days=97 * place)).date().isoformat()
            factories.vetted(connection, factories.named(f"Juma Invented Mwakio {place}", birth_date=day))

    ample = {"cost": 1_000_000, "cost_per_minute": 1_000_000_000}  # what it costs has tests of its own
    async with standing(request.param, request, tmp_path_factory.mktemp("crowded"), limits=ample) as node:
        await node.database.write(fill)
        yield node


async def test_check_16_a_search_takes_as_many_statements_for_a_hundred_as_for_one(crowded: Node) -> None:
    counted: dict[tuple[int, bool], int] = {}
    for whole in (False, True):
        node = f"{{ profile {{ {LISTS if whole else 'id'} }} }}"
        document = f"""query ($c: SearchCriteriaInput!, $n: Int!) {{
            search(criteria: $c, first: $n) {{ edges {{ node {node} }} }} }}"""
        for first in (1, 20, 100):
            with crowded.statements() as seen:
                answer = await crowded.data(document, {"c": {"name": "Juma Invented Mwakio"}, "n": first})
            counted[first, whole] = len(seen)
            assert len(answer["search"]["edges"]) == first

    assert len(set(counted.values())) == 1, counted
    assert max(counted.values()) <= 6
