"""The bell: rings for whom there is something, and goes on when the database has been away."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from graphql_schema.bell import MOST, Bell, Ear
from registry.core.db import Database
from registry.core.errors import Unavailable
from registry.core.ids import new_id
from registry.notices import queries
from registry.notices.notice import News, Topic
from tests import factories
from tests.streams import PATIENCE

pytestmark = pytest.mark.anyio
T = TypeVar("T")
MINE, THEIRS = (Topic.DECISION, "KE-INVENTED"), (Topic.DECISION, "KE-OTHER")
LATER = factories.MOMENT + timedelta(minutes=5)


class Faltering(Database):
    """A database that does not answer for a while."""

    def __init__(self, database: Database, failures: int) -> None:
        self.database, self.failures = database, failures

    async def read(self, work: Callable[[Connection], T]) -> T:
        if self.failures:
            self.failures -= 1
            raise Unavailable("The register does not answer now.")
        return await self.database.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        return await self.database.write(work)

    async def close(self) -> None:
        await self.database.close()


def bell_of(database: Database) -> Bell:
    return Bell(database, lambda: factories.MOMENT, pause=0.01)


async def heard(ear: Ear) -> bool:
    """Wait until the bell rings."""
    return await asyncio.wait_for(ear._rung.wait(), PATIENCE)


async def settled(*ears: Ear) -> None:
    """Wait until the bell has begun to look: it rings when one begins to listen, and at its first look for all."""
    for each in ears:
        each._rung.clear()  # the bell has had no turn yet
    await heard(ears[0])
    for each in ears:
        each._rung.clear()


def told(*keys: tuple[Topic, str]) -> Callable[[Connection], None]:
    news = [News(topic, audience, new_id()) for topic, audience in keys]
    return lambda connection: queries.keep(connection, factories.MOMENT, news)


async def test_it_rings_for_whom_there_is_something(database: Database) -> None:
    bell, mine, theirs = bell_of(database), Ear(MINE, LATER), Ear(THEIRS, LATER)
    with bell.listening(mine), bell.listening(theirs):
        await settled(mine, theirs)
        await database.write(told(MINE))

        await heard(mine)
        assert not theirs._rung.is_set()
        await database.write(told(THEIRS))
        await heard(theirs)
    await bell.stop()


async def test_it_looks_through_more_than_one_look_holds(database: Database) -> None:
    bell, mine = bell_of(database), Ear(MINE, LATER)
    with bell.listening(mine):
        await settled(mine)
        await database.write(told(*[THEIRS] * MOST, MINE))

        await heard(mine)
    await bell.stop()


async def test_when_the_database_has_been_away_it_goes_on(database: Database) -> None:
    bell, mine = bell_of(Faltering(database, 3)), Ear(MINE, LATER)
    with bell.listening(mine):
        await settled(mine)
        await database.write(told(MINE))

        await heard(mine)
    await bell.stop()


async def test_whose_token_has_expired_is_woken(database: Database) -> None:
    bell, mine = bell_of(database), Ear(MINE, factories.MOMENT)
    with bell.listening(mine):
        await settled(mine)

        await heard(mine)
    await bell.stop()


async def test_a_closed_bell_lets_everybody_end_those_who_come_later_too(database: Database) -> None:
    bell, before, after = bell_of(database), Ear(MINE, LATER), Ear(MINE, LATER)
    with bell.listening(before):
        bell.close()
        with bell.listening(after):
            assert (before.is_over, after.is_over) == (True, True)
    await bell.stop()
