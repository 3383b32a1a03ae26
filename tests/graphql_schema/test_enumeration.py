"""Whoever walks through the register by guessing is cut off at the agreement's number, and an administrator is told.

The simulator is a partner's officer who sends guess after guess through the door: known names, one in ten of them of
somebody who is in the register, others of nobody.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import alarms
from tests import abroad, factories
from tests.nodes import Node, code_of, running

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
GUESSES, AT_ONCE, AGREED, PEOPLE = 10_000, 50, 50, 60
FIND = (
    "query ($name: String!) { search(criteria: {name: $name}, first: 3) { edges { node { score profile { id } } } } }"
)
READ = "query ($id: ID!) { profile(id: $id) { id names { full } } }"
QUICK = {"even_milliseconds": 1, "even_bytes": 1, "even_bytes_per_point": 1}
"""Steps have tests of their own; here thousands of answers would wait."""
SYLLABLES = ("Ba", "Che", "Di", "Fo", "Gu", "Ka", "Lo", "Mu")


def invented(number: int) -> str:
    """Return a name that is like no other: its number in base 8, in syllables."""
    digits = [number // 8**place % 8 for place in range(4)]
    return f"{''.join(SYLLABLES[each] for each in digits).capitalize()} Invented"


def people() -> list[dict[str, Any]]:
    return [factories.named(f"{invented(n)} {invented(4095 - n).split()[0]}", birth_date="1980") for n in range(PEOPLE)]


@pytest.fixture
async def node(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    """A node whose register holds some whom the partner may learn of."""
    numbers = {"cost_per_minute": 10**9, "operations_per_hour": 1_000}  # or points would stop it before persons do
    async with running(database_url, tmp_path / "keys", limits=QUICK | numbers) as started:

        def settle(connection: Connection) -> None:
            abroad.enrolled(connection, subjects=AGREED)
            started.people = abroad.released(connection, people())

        await started.database.write(settle)
        yield started


async def raised(node: Node) -> list[str]:
    def read(connection: Connection) -> list[str]:
        return list(connection.execute(sa.select(alarms.c.kind)).scalars())

    return await node.database.read(read)


def shown(answer: Any) -> set[str]:
    """Return the profiles in an answer."""
    data = answer.json().get("data") or {}
    return {edge["node"]["profile"]["id"] for edge in (data.get("search") or {"edges": []})["edges"]}


async def test_ten_thousand_guesses_show_as_many_persons_as_were_agreed(node: Node) -> None:
    token, found, told = abroad.token(node), set[str](), Counter[str]()
    names = people()

    def guessed(guess: int) -> str:
        is_hit = guess % 10 == 0 and guess // 10 < PEOPLE
        return names[guess // 10]["names"][0]["full"] if is_hit else f"{invented(guess % 4096)} Zzyzx"

    for first in range(0, GUESSES, AT_ONCE):
        asked = (node.ask(FIND, {"name": guessed(guess)}, token=token) for guess in range(first, first + AT_ONCE))
        for answer in await asyncio.gather(*asked):
            found |= shown(answer)
            told["shown" if answer.status_code == 200 else code_of(answer)] += 1

    assert len(found) == AGREED
    assert await raised(node) == ["subjects"]
    assert told.keys() == {"shown", "SUBJECTS_SPENT", "OPERATIONS_SPENT"}
    assert told["shown"] <= 10 * AGREED + AT_ONCE


async def test_once_persons_are_spent_hit_and_no_hit_are_refused_alike(node: Node) -> None:
    token, names = abroad.token(node), [each["names"][0]["full"] for each in people()]
    for name in names[:AGREED]:
        assert shown(await node.ask(FIND, {"name": name}, token=token))

    somebody = await node.ask(FIND, {"name": names[AGREED]}, token=token)
    nobody = await node.ask(FIND, {"name": "Zzyzx Nobody"}, token=token)
    by_id = await node.ask(READ, {"id": node.profile_id(AGREED)}, token=token)
    again = await node.ask(FIND, {"name": names[0]}, token=token)

    refused = [somebody, nobody, by_id]
    assert [(each.status_code, code_of(each)) for each in refused] == [(429, "SUBJECTS_SPENT")] * 3
    assert len({each.text.replace(each.headers["x-request-id"], "") for each in refused}) == 1
    assert shown(again) == {node.profile_id(0)}


async def test_another_day_and_another_officer_have_persons_of_their_own(node: Node) -> None:
    names = [each["names"][0]["full"] for each in people()]
    for name in names[: AGREED + 1]:
        last = await node.ask(FIND, {"name": name}, token=abroad.token(node))
    elsewhere = await node.ask(FIND, {"name": names[0]}, token=node.token())
    node.clock.wait(24 * 3600)
    then = await node.ask(FIND, {"name": names[AGREED]}, token=abroad.token(node))

    assert code_of(last) == "SUBJECTS_SPENT"
    assert elsewhere.status_code == 200
    assert len(shown(then)) == 1
