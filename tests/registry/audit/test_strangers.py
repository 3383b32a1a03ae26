"""Whoever proves nothing leaves an entry, or is counted in one: a flood fills no log, and nothing of it is lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bench.flood import flooded
from registry.audit.log import Writer
from registry.audit.models import entries
from registry.audit.strangers import OTHERS, SOURCES, Strangers
from registry.core.db import Database

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNTED = "request:flooded"


class Hour:
    """A clock that is put forward."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


async def numbers(database: Database) -> list[dict[str, Any]]:
    """Return what the log's entries of floods say."""
    found = await database.read(lambda connection: connection.execute(sa.select(entries.c.body)).scalars().all())
    return [event["details"] for body in found for event in body["events"] if event["name"] == COUNTED]


def test_of_a_minute_so_many_of_one_source_and_of_all_have_entries_of_their_own() -> None:
    hour = Hour()
    strangers = Strangers(hour, each=3, in_all=5)

    first = [strangers.admits(source, "TOKEN_INVALID") for source in "aaaabbbbc"]
    hour.now += timedelta(minutes=1)

    assert first == [True, True, True, False, True, True, False, False, False]
    assert strangers.admits("a", "TOKEN_INVALID")


async def test_the_others_are_told_as_a_number_for_each_source_and_one_for_all_beyond(database: Database) -> None:
    hour = Hour()
    strangers, writer = Strangers(hour, each=1, in_all=1), Writer(database)
    for place in range(SOURCES + 7):
        strangers.count(f"203.0.113.{place}", "HOST_UNKNOWN")
        hour.now += timedelta(milliseconds=1)
        strangers.count(f"203.0.113.{place}", "TOO_MANY_REFUSALS")
    writer.start()
    await strangers.tell(writer)
    await strangers.tell(writer)
    await writer.stop()

    told = {each["source"]: each for each in await numbers(database)}

    assert len(told) == SOURCES + 1
    assert told[OTHERS]["count"] == 14
    assert told["203.0.113.0"] == {
        "count": 2, "codes": {"HOST_UNKNOWN": 1, "TOO_MANY_REFUSALS": 1}, "source": "203.0.113.0",
        "from": "2026-11-22T12:00:00+00:00", "to": "2026-11-22T12:00:00.001000+00:00",
    }  # fmt: skip


async def test_a_number_that_the_log_could_not_take_is_told_the_next_time(database: Database) -> None:
    strangers, writer = Strangers(Hour(), each=1, in_all=1), Writer(database, patience=0.01)
    strangers.count("203.0.113.9", "TOO_MANY_REFUSALS")
    await strangers.tell(writer)  # nobody writes
    strangers.count("203.0.113.9", "TOO_MANY_REFUSALS")
    awake = Writer(database)
    awake.start()
    await strangers.tell(awake)
    await awake.stop()

    assert [each["count"] for each in await numbers(database)] == [2]


async def test_a_flood_adds_less_than_a_thousand_entries_and_loses_no_call(database_url: str, tmp_path: Path) -> None:
    told = await flooded(database_url, tmp_path, 20_000)  # audit.md, A13; python -m bench.flood has a million

    assert told.entries < 1_000
    assert told.entered + told.counted == 20_000
    assert set(told.statuses) == {401, 429, 400}
    assert told.known == 5, "who proves who they are is entered as ever"
