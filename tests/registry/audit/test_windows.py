"""How long a log goes on without notary and witnesses: to the millisecond, as its own entries say, and no longer."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.audit import heartbeat, sequencing
from registry.audit.log import Writer, append
from registry.audit.models import quorums
from registry.audit.windows import Windows, in_force, keep
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Unavailable
from tests.factories import MOMENT, entry
from tests.registers import owned
from tests.registry.audit.conftest import kept, leaves_of, sign

pytestmark = pytest.mark.anyio
MINUTE, HOURS = Windows(unsigned=60), Windows(unwitnessed=14_400)
TEN = timedelta(minutes=10)


def after(seconds: float) -> datetime:
    return MOMENT + timedelta(seconds=seconds)


async def put(database: Database, windows: Windows, at: float = 0) -> bool:
    return await database.write(lambda connection: keep(connection, windows, lambda: after(at)))


async def enter(database: Database, at: float) -> int:
    return (await database.write(lambda connection: append(connection, [entry()], clock=lambda: after(at))))[0].index


async def closed(database: Database, at: float) -> str | None:
    found = await database.read(lambda connection: sequencing.closed(connection, after(at)))
    return found.code if found else None


async def by_notary(url: str, work: Any) -> None:  # Any: a function of a connection
    owner = open_database(Settings(database_url=owned(url)))
    await owner.write(work)
    await owner.close()


async def test_a_log_closes_when_an_entry_has_waited_for_a_minute_and_opens_when_it_is_signed(
    database: Database, database_url: str
) -> None:
    await put(database, MINUTE)
    await by_notary(database_url, lambda connection: sign(connection, 1))
    assert await closed(database, 10**6) is None, "an idle register does not close"
    await enter(database, 100)
    await enter(database, 160)

    assert await closed(database, 160.001) == "LOG_UNSIGNED"
    with pytest.raises(sequencing.LogUnsigned):
        await enter(database, 160.001)
    writer = Writer(database, clock=lambda: after(200))
    writer.start()
    with pytest.raises(Unavailable) as refused:
        await writer.submit(entry())
    assert refused.value.code == "LOG_UNSIGNED"
    await by_notary(database_url, lambda connection: sign(connection, 3))

    await writer.submit(entry())
    await writer.stop()
    assert len(await database.read(leaves_of)) == 4


async def test_a_log_closes_four_hours_after_the_last_quorum_and_opens_with_the_next(
    database: Database, database_url: str
) -> None:
    """One that never had a quorum counts from its first leaf."""
    await put(database, HOURS)
    assert await enter(database, 14_400) == 1
    with pytest.raises(sequencing.LogUnwitnessed):
        await enter(database, 14_400.001)

    def witnessed(connection: Connection) -> None:
        connection.execute(quorums.insert(), {"at": after(15_000), "size": 2})

    await by_notary(database_url, witnessed)

    assert await enter(database, 29_400) == 2
    assert await closed(database, 29_400.001) == "LOG_UNWITNESSED"


async def test_each_change_of_a_window_is_an_entry_also_where_the_log_is_closed(database: Database) -> None:
    assert not await put(database, Windows()), "none were in force"
    assert await put(database, MINUTE)
    assert not await put(database, MINUTE)
    assert await closed(database, 100) == "LOG_UNSIGNED"
    assert await put(database, Windows(0, 14_400), 100)

    assert await database.read(in_force) == Windows(0, 14_400)
    assert await closed(database, 100) is None
    told = [row["body"]["events"] for row in await database.read(kept)]
    none, minute, hours = ({"unsigned_seconds": one, "unwitnessed_seconds": other}
                           for one, other in ((0, 0), (60, 0), (0, 14_400)))  # fmt: skip
    assert [(event["name"], event["details"]) for (event,) in told] == [
        ("settings:changed", {"old": none, "new": minute}), ("settings:changed", {"old": minute, "new": hours})
    ]  # fmt: skip


async def test_several_nodes_that_start_at_once_enter_a_change_once(database: Database) -> None:
    assert sorted(await asyncio.gather(*(put(database, MINUTE) for _ in range(5)))) == [False] * 4 + [True]
    assert len(await database.read(leaves_of)) == 1


async def test_a_clock_that_runs_ahead_closes_its_log_within_the_window(database: Database, database_url: str) -> None:
    """The notary signs no leaf that lies in its future; and clocks that are right may write no more either."""
    await put(database, MINUTE)
    await by_notary(database_url, lambda connection: sign(connection, 1))
    await enter(database, 3_600)

    assert await closed(database, 30) == "CLOCK_BEHIND"
    assert await closed(database, 3_661) == "LOG_UNSIGNED"


async def test_a_log_in_which_nothing_happens_gets_a_heartbeat_and_only_one(database: Database) -> None:
    async def beat(at: float) -> bool:
        return await database.write(lambda connection: heartbeat.beat(connection, lambda: after(at), TEN))

    assert not await beat(0), "nothing stands there yet"
    await enter(database, 0)
    assert not await beat(539)
    assert sorted(await asyncio.gather(*(beat(540) for _ in range(4)))) == [False] * 3 + [True]
    assert not await beat(600)

    *_, row = await database.read(kept)
    assert (row["kind"], row["operation"], row["outcome"]) == ("command", "heartbeat", "allowed")


async def test_a_process_makes_heartbeats_for_as_long_as_it_serves(database: Database) -> None:
    await enter(database, 0)
    looks, seconds = asyncio.Event(), iter(range(100))

    def clock() -> datetime:
        if (second := next(seconds)) > 9:
            looks.set()
        return after(min(second, 9))

    beating = asyncio.create_task(heartbeat.keep(database, clock, timedelta(milliseconds=20)))
    await asyncio.wait_for(looks.wait(), 30)
    beating.cancel()
    await asyncio.gather(beating, return_exceptions=True)

    assert [row["operation"] for row in await database.read(kept)].count("heartbeat") >= 1
