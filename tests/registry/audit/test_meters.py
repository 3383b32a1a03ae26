"""Meters: what is charged is charged once, durable with its entry, and nobody is shown more than is left."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import meters
from registry.audit.log import Overdrawn, Writer, enter
from registry.audit.meters import Charge, Measure, Most
from registry.audit.models import meters as table
from registry.core.db import Database
from tests.factories import MOMENT, concerning, entry
from tests.registry.audit.conftest import kept

pytestmark = pytest.mark.anyio
MOST = Most(records_per_hour=10, records_per_day=25)
HOUR = timedelta(hours=1)
Rows = dict[tuple[str, str], int]


def charge(records: int, *, principal: str = "ke-invented 1", cost: int = 7) -> Charge:
    return Charge(principal, cost, records, MOST)


async def spent(database: Database, at: datetime = MOMENT) -> Rows:
    def read(connection: Connection) -> Rows:
        rows = connection.execute(sa.select(table)).all()
        return {
            (row.principal, row.measure): row.spent
            for row in rows
            if row.since == meters.since(Measure(row.measure), at)
        }  # fmt: skip

    return await database.read(read)


async def overdrawn(database: Database, *charges: Charge, at: datetime = MOMENT) -> frozenset[int]:
    return await database.write(lambda connection: meters.overdrawn(connection, [(each, at) for each in charges]))


def test_a_window_begins_at_the_whole_minute_hour_or_day() -> None:
    moment = datetime(2026, 11, 22, 14, 5, 59, 999_999, tzinfo=UTC)

    assert meters.since(Measure.COST_MINUTE, moment) == datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    assert meters.since(Measure.RECORDS_HOUR, moment) == datetime(2026, 11, 22, 14, tzinfo=UTC)
    assert meters.since(Measure.RECORDS_DAY, moment) == datetime(2026, 11, 22, tzinfo=UTC)
    assert meters.seconds_left(Measure.COST_MINUTE, moment) == 1
    assert meters.seconds_left(Measure.COST_MINUTE, moment.replace(second=0, microsecond=0)) == 60
    assert meters.seconds_left(Measure.RECORDS_HOUR, moment) == 54 * 60 + 1


async def test_charges_add_up_by_principal_and_window(database: Database) -> None:
    assert await overdrawn(database, charge(3), charge(4), charge(2, principal="ke-invented 2")) == frozenset()
    assert await overdrawn(database, charge(1)) == frozenset()

    assert await spent(database) == {
        ("ke-invented 1", "cost:minute"): 21, ("ke-invented 1", "records:hour"): 8, ("ke-invented 1", "records:day"): 8,
        ("ke-invented 2", "cost:minute"): 7, ("ke-invented 2", "records:hour"): 2, ("ke-invented 2", "records:day"): 2,
    }  # fmt: skip


async def test_no_hit_costs_points_and_no_record(database: Database) -> None:
    await overdrawn(database, charge(0))

    assert await spent(database) == {("ke-invented 1", "cost:minute"): 7}


async def test_the_last_record_is_shown_and_not_one_more(database: Database) -> None:
    assert await overdrawn(database, charge(9), charge(1)) == frozenset()
    assert await overdrawn(database, charge(1), charge(0)) == {0}


async def test_of_several_that_come_together_those_beyond_are_named(database: Database) -> None:
    assert await overdrawn(database, charge(6), charge(9, principal="x"), charge(6), charge(1), charge(0)) == {2, 3}


async def test_an_hour_later_there_is_more_until_the_day_is_spent(database: Database) -> None:
    seen = [await overdrawn(database, charge(10), at=MOMENT + n * HOUR) for n in range(3)]

    assert [bool(each) for each in seen] == [False, False, True]


async def test_windows_that_are_over_are_forgotten(database: Database) -> None:
    await overdrawn(database, charge(3))

    assert await database.write(lambda connection: meters.purge(connection, MOMENT + timedelta(days=1))) == 0
    assert await database.write(lambda connection: meters.purge(connection, MOMENT + timedelta(days=4))) == 3
    assert await spent(database) == {}


# -- with the log


async def test_an_answer_beyond_is_entered_as_denied_and_not_given(database: Database) -> None:
    writer = Writer(database)
    writer.start()

    index = await writer.submit(concerning(), charge(10))
    with pytest.raises(Overdrawn) as caught:
        await writer.submit(entry(), charge(1))
    await writer.submit(entry())  # who is not charged is not held up

    await writer.stop()
    rows = await database.read(kept)
    assert [(row["index"], row["outcome"], row["code"]) for row in rows] == [
        (index, "allowed", None), (index + 1, "denied", "RECORDS_SPENT"), (index + 2, "allowed", None),
    ]  # fmt: skip
    assert 0 < caught.value.retry_after <= 3600


async def test_many_at_once_are_shown_no_more_than_there_is(database: Database) -> None:
    writer = Writer(database, patience=20)
    writer.start()

    told = await asyncio.gather(*(writer.submit(entry(), charge(3)) for _ in range(20)), return_exceptions=True)

    await writer.stop()
    assert sum(isinstance(each, int) for each in told) == 3
    assert sum(isinstance(each, Overdrawn) for each in told) == 17


async def test_two_processes_of_writers_share_what_there_is(database: Database) -> None:
    writers = [Writer(database, patience=20) for _ in range(2)]
    for writer in writers:
        writer.start()

    told = await asyncio.gather(
        *(writers[n % 2].submit(entry(), charge(3)) for n in range(12)), return_exceptions=True
    )  # fmt: skip

    for writer in writers:
        await writer.stop()
    assert sum(isinstance(each, int) for each in told) == 3


async def test_a_change_beyond_is_undone_with_its_charge(database: Database) -> None:
    await overdrawn(database, charge(10))

    with pytest.raises(Overdrawn):
        await database.write(lambda connection: enter(connection, entry(), charge(1)))

    assert (await spent(database))["ke-invented 1", "records:hour"] == 10
    assert await database.read(kept) == []
