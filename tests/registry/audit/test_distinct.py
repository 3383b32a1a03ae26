"""A person counts once a day; once the day's persons are spent, only who was shown before is shown again."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import meters
from registry.audit.alarms import Kind
from registry.audit.events import Event
from registry.audit.log import Overdrawn, Writer
from registry.audit.models import alarms, shown_subjects
from registry.audit.quotas import Beyond, Charge
from registry.audit.sequencing import Placed
from registry.core.db import Database
from tests.factories import MOMENT, entry

pytestmark = pytest.mark.anyio
MOST = {"subjects_per_day": 3}
DAY = timedelta(days=1)
OFFICER = "nl-invented 1"


def people(*numbers: int) -> tuple[UUID, ...]:
    return tuple(UUID(int=number) for number in numbers)


def showing(*numbers: int, principal: str = OFFICER, **most: int) -> Charge:
    shown = people(*numbers)
    return Charge(principal, 7, len(shown), MOST | most, subjects=shown, seeks=True)


async def charged(database: Database, *charges: Charge, at: datetime = MOMENT) -> dict[int, Beyond]:
    return await database.write(lambda connection: meters.overdrawn(connection, [(each, at) for each in charges]))


async def kept(database: Database) -> set[tuple[str, UUID]]:
    def read(connection: Connection) -> set[tuple[str, UUID]]:
        return {(row.principal, row.profile) for row in connection.execute(sa.select(shown_subjects))}

    return await database.read(read)


async def test_who_was_shown_today_costs_nothing(database: Database) -> None:
    for _ in range(3):
        assert await charged(database, showing(1, 2, 3)) == {}

    assert await kept(database) == {(OFFICER, each) for each in people(1, 2, 3)}


async def test_one_person_more_is_not_shown_and_not_remembered_as_shown(database: Database) -> None:
    await charged(database, showing(1, 2, 3))

    first, second = await charged(database, showing(4)), await charged(database, showing(4))

    assert first[0].quota.name == second[0].quota.name == "subjects_per_day"
    assert (OFFICER, UUID(int=4)) not in await kept(database)


async def test_a_page_that_goes_beyond_spends_what_was_left(database: Database) -> None:
    """Or whoever has one left would be told by refusals of pages how many fit a question."""
    await charged(database, showing(1))

    assert set(await charged(database, showing(2, 3, 4))) == {0}
    assert set(await charged(database, showing(2))) == {0}
    assert await charged(database, showing(1)) == {}


async def test_once_spent_nobody_found_is_refused_as_somebody_new_is(database: Database) -> None:
    await charged(database, showing(1, 2, 3))

    nobody, somebody = await charged(database, showing()), await charged(database, showing(9))

    assert nobody[0].quota == somebody[0].quota
    assert await charged(database, showing(2)) == {}


async def test_who_asks_for_nobody_is_not_held_up(database: Database) -> None:
    await charged(database, showing(1, 2, 3))

    assert await charged(database, Charge(OFFICER, 7, 0, MOST)) == {}


async def test_another_day_and_another_officer_begin_anew(database: Database) -> None:
    await charged(database, showing(1, 2, 3))

    assert await charged(database, showing(4, 5), at=MOMENT + DAY) == {}
    assert await charged(database, showing(4, 5, principal="nl-invented 2")) == {}


async def test_of_answers_that_become_durable_together_the_first_shows_a_person_new(database: Database) -> None:
    found = await charged(database, showing(1, 2), showing(2, 3), showing(4), showing(1, 3))

    assert set(found) == {2}
    assert await kept(database) == {(OFFICER, each) for each in people(1, 2, 3)}


async def test_who_was_new_to_a_refused_answer_is_new_to_those_beside_it(database: Database) -> None:
    found = await charged(database, showing(1, 2, 3, 4), showing(4), showing(1))

    assert set(found) == {0, 1, 2}
    assert await kept(database) == set()


async def test_an_answer_refused_for_another_quota_has_shown_nobody(database: Database) -> None:
    assert set(await charged(database, showing(1, 2, records_per_day=1))) == {0}

    assert await kept(database) == set()


async def test_days_that_are_over_are_forgotten(database: Database) -> None:
    await charged(database, showing(1))

    await database.write(lambda connection: meters.purge(connection, MOMENT + DAY))
    assert await kept(database) != set()
    await database.write(lambda connection: meters.purge(connection, MOMENT + 4 * DAY))
    assert await kept(database) == set()


# -- with the log


async def raised(database: Database) -> list[tuple[str, int, str | None]]:
    def read(connection: Connection) -> list[tuple[str, int, str | None]]:
        found = connection.execute(sa.select(alarms).order_by(alarms.c.entry, alarms.c.kind)).all()
        return [(row.kind, row.entry, row.audience) for row in found]

    return await database.read(read)


@pytest.mark.parametrize("beyond", [(4,), ()], ids=["somebody new", "nobody"])
async def test_the_day_s_persons_are_spent_with_one_alarm(database: Database, beyond: tuple[int, ...]) -> None:
    writer = Writer(database)
    writer.start()

    await writer.submit(entry(), showing(1, 2, 3))
    for number in (*beyond, 5, 6):
        with pytest.raises(Overdrawn) as caught:
            await writer.submit(entry(), showing(number))
    for _ in range(3):
        with pytest.raises(Overdrawn) as caught:
            await writer.submit(entry(), showing())

    await writer.stop()
    assert caught.value.code == "SUBJECTS_SPENT"
    assert 3600 < caught.value.retry_after <= 24 * 3600
    assert await raised(database) == [(Kind.SUBJECTS.value, 1, None)]


async def test_an_alarm_is_raised_also_when_it_is_found_out_by_a_question_that_finds_nobody(
    database: Database,
) -> None:
    writer = Writer(database)
    writer.start()

    await writer.submit(entry(), showing(1, 2, 3))
    for _ in range(3):
        with pytest.raises(Overdrawn):
            await writer.submit(entry(), showing())

    await writer.stop()
    assert await raised(database) == [(Kind.SUBJECTS.value, 1, None)]


async def test_many_at_once_are_shown_no_more_persons_than_there_are(database: Database) -> None:
    writers = [Writer(database, patience=20) for _ in range(2)]
    for writer in writers:
        writer.start()

    told = await asyncio.gather(
        *(
            writers[n % 2].submit(entry(events=(Event("profile:searched", people(n)),)), showing(n))
            for n in range(1, 21)
        ),
        return_exceptions=True,
    )

    for writer in writers:
        await writer.stop()
    assert sum(isinstance(each, Placed) for each in told) == 3
    assert len(await kept(database)) == 3
    assert len(await raised(database)) == 1
