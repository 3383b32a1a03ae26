"""Meters: what is charged is charged once, durable with its entry, and nobody is shown more than is left."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import names
from registry.audit import meters, quotas
from registry.audit.log import Overdrawn, Writer, enter
from registry.audit.models import meters as table
from registry.audit.quotas import BY_NAME, Beyond, Charge, Holder, Measure
from registry.audit.sequencing import Placed
from registry.core.db import Database
from tests.factories import MOMENT, concerning, entry
from tests.registry.audit.conftest import kept

pytestmark = pytest.mark.anyio
MOST = {"records_per_hour": 10, "records_per_day": 25}
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
            if row.since == quotas.since(Measure(row.measure), at) and not row.measure.startswith("operations")
        }  # fmt: skip

    return await database.read(read)


async def overdrawn(database: Database, *charges: Charge, at: datetime = MOMENT) -> set[int]:
    return set(await charged(database, *charges, at=at))


async def charged(database: Database, *charges: Charge, at: datetime = MOMENT) -> dict[int, Beyond]:
    return await database.write(lambda connection: meters.overdrawn(connection, [(each, at) for each in charges]))


def test_a_window_begins_at_the_whole_minute_hour_or_day() -> None:
    moment = datetime(2026, 11, 22, 14, 5, 59, 999_999, tzinfo=UTC)

    assert quotas.since(Measure.COST_MINUTE, moment) == datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    assert quotas.since(Measure.RECORDS_HOUR, moment) == datetime(2026, 11, 22, 14, tzinfo=UTC)
    assert quotas.since(Measure.RECORDS_DAY, moment) == datetime(2026, 11, 22, tzinfo=UTC)
    assert quotas.seconds_left(Measure.COST_MINUTE, moment) == 1
    assert quotas.seconds_left(Measure.COST_MINUTE, moment.replace(second=0, microsecond=0)) == 60
    assert quotas.seconds_left(Measure.RECORDS_HOUR, moment) == 54 * 60 + 1


async def test_charges_add_up_by_principal_and_window(database: Database) -> None:
    assert await overdrawn(database, charge(3), charge(4), charge(2, principal="ke-invented 2")) == set()
    assert await overdrawn(database, charge(1)) == set()

    assert await spent(database) == {
        ("ke-invented 1", "cost:minute"): 21, ("ke-invented 1", "records:hour"): 8, ("ke-invented 1", "records:day"): 8,
        ("ke-invented 2", "cost:minute"): 7, ("ke-invented 2", "records:hour"): 2, ("ke-invented 2", "records:day"): 2,
    }  # fmt: skip


async def test_no_hit_costs_points_and_no_record(database: Database) -> None:
    await overdrawn(database, charge(0))

    assert await spent(database) == {("ke-invented 1", "cost:minute"): 7}


async def test_the_last_record_is_shown_and_not_one_more(database: Database) -> None:
    assert await overdrawn(database, charge(9), charge(1)) == set()
    assert await overdrawn(database, charge(1), charge(0)) == {0}


async def test_of_several_that_come_together_those_beyond_are_named(database: Database) -> None:
    assert await overdrawn(database, charge(6), charge(9, principal="x"), charge(6), charge(1), charge(0)) == {2, 3}


async def test_an_hour_later_there_is_more_until_the_day_is_spent(database: Database) -> None:
    seen = [await overdrawn(database, charge(10), at=MOMENT + n * HOUR) for n in range(3)]

    assert [bool(each) for each in seen] == [False, False, True]


async def test_windows_that_are_over_are_forgotten(database: Database) -> None:
    await overdrawn(database, charge(3))

    assert await database.write(lambda connection: meters.purge(connection, MOMENT + timedelta(days=1))) == 0
    assert await database.write(lambda connection: meters.purge(connection, MOMENT + timedelta(days=4))) == 5
    assert await spent(database) == {}


# -- of whom


@pytest.mark.parametrize("holder", [Holder.CASE, Holder.AGENCY], ids=str)
async def test_a_case_and_an_agency_are_shown_no_more_whoever_asks(database: Database, holder: Holder) -> None:
    """Two officers, each within their own quota."""

    def asked(principal: str, records: int) -> Charge:
        case = ":case ke-invented CR 1/2026" if holder is Holder.CASE else None
        agency = ":agency ke-invented" if holder is Holder.AGENCY else None
        return Charge(principal, 7, records, {f"{holder}_records_per_day": 10}, case, agency)

    found = await charged(database, asked("ke-invented 1", 6), asked("ke-invented 2", 4), asked("ke-invented 3", 1))

    assert {place: each.quota.name for place, each in found.items()} == {2: f"{holder}_records_per_day"}


@pytest.mark.parametrize("name", [name for name, quota in BY_NAME.items() if "operations" in quota.measure])
async def test_each_answer_is_an_operation_whatever_it_shows(database: Database, name: str) -> None:
    asked = Charge("ke-invented 1", 0, 0, {name: 2}, ":case ke-invented CR 1/2026", ":agency ke-invented")

    assert await overdrawn(database, asked) == await overdrawn(database, asked) == set()
    assert {each.quota.name for each in (await charged(database, asked)).values()} == {name}


async def test_the_principals_of_a_case_and_an_agency_are_no_officers() -> None:
    """Or an officer's name could be chosen so that their records are counted as another's."""
    assert quotas.case_of("ke-dci", "CR 1") == ":case ke-dci CR 1"
    assert quotas.agency_of("ke-dci") == ":agency ke-dci"
    assert not names.AGENCY.fullmatch(":agency")
    assert not names.CLIENT.fullmatch(":agency ke-dci")


async def test_what_is_spent_is_read_as_it_was_charged(database: Database) -> None:
    asked = Charge("ke-invented 1", 9, 4, {}, ":case ke-invented CR 1", ":agency ke-invented", (UUID(int=1),))
    await overdrawn(database, asked, asked)

    def read(connection: Connection) -> dict[str, int]:
        columns = meters.spent(meters.principals(sa.literal("ke-invented 1"), sa.literal("ke-invented"), "CR 1"))
        row = connection.execute(sa.select(*columns), meters.windows(MOMENT)).one()
        return {name: meters.read_spent(row).of(name) for name in BY_NAME}

    assert await database.read(read) == {
        "cost_per_minute": 18, "operations_per_hour": 2, "operations_per_day": 2, "records_per_hour": 8,
        "records_per_day": 8, "subjects_per_day": 1, "case_operations_per_hour": 2, "case_operations_per_day": 2,
        "case_records_per_hour": 8, "case_records_per_day": 8, "agency_operations_per_hour": 2,
        "agency_operations_per_day": 2, "agency_records_per_hour": 8, "agency_records_per_day": 8,
    }  # fmt: skip


# -- with the log


async def test_an_answer_beyond_is_entered_as_denied_and_not_given(database: Database) -> None:
    writer = Writer(database)
    writer.start()

    index = (await writer.submit(concerning(), charge(10))).index
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
    assert sum(isinstance(each, Placed) for each in told) == 3
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
    assert sum(isinstance(each, Placed) for each in told) == 3


async def test_a_change_beyond_is_undone_with_its_charge(database: Database) -> None:
    await overdrawn(database, charge(10))

    with pytest.raises(Overdrawn):
        await database.write(lambda connection: enter(connection, entry(), charge(1)))

    assert (await spent(database))["ke-invented 1", "records:hour"] == 10
    assert await database.read(kept) == []
