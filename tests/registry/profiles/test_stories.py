"""The life of the register as a property: whatever happens in whatever order, all that the model foretells holds.

Version numbers have no gaps and each version was decided by a second officer (invariant.py, after every step); search
finds exactly the live records; old ids of merged ones resolve; and the register tells of each past moment exactly the
record as it then was.
"""

from collections.abc import Sequence
from operator import length_hint
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Connection

from registry.core.db import Database
from tests.registry.profiles.scenes import undone
from tests.registry.profiles.story import Story

pytestmark = pytest.mark.anyio
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
FRESH = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
"""Each example is a transaction that is undone, so the register is as empty as it was."""


NUMBERS = st.lists(st.integers(0, 59), min_size=4, max_size=150)
"""What the story chooses, one by one; when they are used up, it ends."""


async def told(database: Database, numbers: list[int]) -> None:
    left = iter(numbers)

    def choose(things: Sequence[Any]) -> Any:
        return things[next(left, 0) % len(things)]

    def tell(connection: Connection) -> None:
        story = Story(connection, choose)
        while length_hint(left):
            story.step()
        story.check()

    await undone(database, tell)


@ON_SQLITE
@given(numbers=NUMBERS)
@settings(FRESH, max_examples=80)
async def test_whatever_happens_the_register_knows_what_it_knew(database: Database, numbers: list[int]) -> None:
    await told(database, numbers)


@ON_POSTGRESQL
@given(numbers=NUMBERS)
@settings(FRESH, max_examples=8)
async def test_on_postgresql_too(database: Database, numbers: list[int]) -> None:
    await told(database, numbers)


@pytest.mark.parametrize("seed", range(4))
async def test_a_long_story_ends_well(database: Database, seed: int) -> None:
    """Long enough that records are merged, ended, restored, and merged again."""

    def tell(connection: Connection) -> list[str]:
        story = Story(connection, Random(seed).choice)
        for _ in range(60):
            story.step()
        story.check()
        return story.told

    assert len(await undone(database, tell)) == 60
