"""Notices: numbered in the order of their commits, kept for those who come back, forgotten after days."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.ids import new_id
from registry.notices import queries
from registry.notices.notice import News, Topic
from registry.profiles.erasure import erase
from registry.profiles.operations import watching
from registry.profiles.standing import Change
from tests import factories

pytestmark = pytest.mark.anyio
AGENCY = "KE-INVENTED"


def news(audience: str = AGENCY, **details: Any) -> News:
    return News(Topic.DECISION, audience, new_id(), None, details)


def kept(*told: News) -> Callable[[Connection], None]:
    return lambda connection: queries.keep(connection, factories.MOMENT, told)


async def test_numbers_begin_with_one_and_have_no_gaps(database: Database) -> None:
    await database.write(kept(news(), news()))
    await database.write(kept())
    await database.write(kept(news()))

    found = await database.read(lambda connection: queries.since(connection, 0, most=10))

    assert found == [(number, Topic.DECISION, AGENCY) for number in (1, 2, 3)]
    assert await database.read(lambda connection: queries.since(connection, 1, most=1)) == found[1:2]


async def test_what_is_rolled_back_has_no_number(database: Database) -> None:
    def fail(connection: Connection) -> None:
        queries.keep(connection, factories.MOMENT, [news()])
        raise ValueError("an invented refusal")

    with pytest.raises(ValueError, match="invented"):
        await database.write(fail)
    await database.write(kept(news()))

    assert await database.read(queries.newest) == 1


async def test_each_audience_reads_its_own_in_order_with_what_is_told(database: Database) -> None:
    await database.write(kept(news(place=1), news("ELSEWHERE"), news(place=2)))

    def read(connection: Connection) -> list[Any]:
        found, number = [], 0
        while notice := queries.following(connection, Topic.DECISION, AGENCY, number):
            number = notice.number
            found.append((number, notice.news.details, notice.at))
        return found

    assert await database.read(read) == [
        (1, {"place": 1}, factories.MOMENT), (3, {"place": 2}, factories.MOMENT),
    ]  # fmt: skip


async def test_a_reader_that_goes_on_behind_the_last_number_misses_nothing_of_those_who_write_at_once(
    database: Database,
) -> None:
    """Numbers are given under a lock that is held until the commit, so none appears behind a greater one."""
    seen: list[int] = []

    async def write() -> None:
        for _ in range(10):
            await database.write(kept(news(), news()))

    async def read() -> None:
        while len(seen) < 80:
            found = await database.read(partial(queries.since, after=seen[-1] if seen else 0, most=100))
            seen.extend(number for number, *_ in found)

    async with asyncio.timeout(60):
        await asyncio.gather(read(), *(write() for _ in range(4)))

    assert seen == list(range(1, 81))


async def test_old_notices_go_and_the_newest_stays_so_that_its_number_is_not_given_again(database: Database) -> None:
    await database.write(kept(news(), news(), news()))

    await database.write(lambda connection: queries.purge(connection, factories.MOMENT + timedelta(days=1)))
    await database.write(kept(news()))

    found = await database.read(lambda connection: queries.since(connection, 0, most=10))
    assert [number for number, *_ in found] == [3, 4]
    whole = [number for number in range(6) if await database.read(_is_whole(number))]
    assert whole == [2, 3, 4]


def _is_whole(number: int) -> Callable[[Connection], bool]:
    return lambda connection: queries.is_whole_behind(connection, number)


async def test_before_the_first_notice_only_the_beginning_is_whole(database: Database) -> None:
    assert await database.read(_is_whole(0))
    assert not await database.read(_is_whole(1))


async def test_who_watched_an_erased_record_and_why_goes_with_it(database: Database) -> None:
    def run(connection: Connection) -> tuple[int, int]:
        factories.enrol_cast(connection)
        profile = factories.vetted(connection, factories.record())
        watching.begin_watch(factories.work(connection, factories.actor(connection)), profile, "An invented case")
        before = len(queries.on(connection, [profile], factories.MOMENT))
        factories.changed(connection, profile, Change.REMOVE)
        erase(connection, [profile], factories.MOMENT)
        return before, len(queries.over(connection, factories.MOMENT + timedelta(days=365), 10))

    assert await database.write(run) == (1, 0)
