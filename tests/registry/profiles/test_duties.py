"""What has to be done: overdue verifications and reviews, the rates of offices, and entries whose day has come."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, subjects
from registry.core.db import Database
from registry.core.errors import NotFound
from registry.core.ids import public_id
from registry.profiles.operations import duties, reading
from registry.profiles.operations.duties import DuePage, OfficeView
from registry.profiles.standing import Change
from registry.work import Work
from tests.factories import AGENCY, ELSEWHERE, MOMENT, changed, named, record, statements, vetted
from tests.registry.profiles.scenes import done, found, registrar, standing_of, supervisor, undone

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
NAMES = [f"Invented {first} {last}" for first in ("Ali", "Bakari", "Cheptoo", "Dorcas") for last in ("Omar", "Furaha")]


def checked(name: str, on: str, **changes: Any) -> dict[str, Any]:
    """Return a record that was verified on a day."""
    told = {"group": "names", "verified_on": on, "verified_by": "Invented office"}
    return named(name, freshness=[told], **changes)


def fill(connection: Connection, *values: dict[str, Any], agency: str = AGENCY) -> list[UUID]:
    return [vetted(connection, value, agency=agency) for value in values]


Listing = Callable[..., DuePage]


def pages(connection: Connection, use: Listing, limit: int, now: datetime = MOMENT) -> list[list[str]]:
    """Return the profiles of each page."""
    told: list[list[str]] = []
    after: Any = None
    while True:
        page = use(registrar(connection, now=now), after=after, limit=limit)
        told.append([each.profile_id for each in page.due])
        if not page.has_next:
            return told
        after = page.places[-1]


def ids(profiles: list[UUID]) -> list[str]:
    return [public_id("profile", each) for each in profiles]


# -- verification


@pytest.mark.parametrize(
    ("tier", "months_ago", "overdue"),
    [("one", "2025-11-20", 1), ("one", "2025-11-21", 0), ("two", "2026-05-20", 1), ("two", "2026-05-21", 0),
     ("three", "2026-08-20", 1), ("three", "2026-08-21", 0), ("three", "2026-11-21", 0), ("one", "2020-01-01", 2150)],
)  # fmt: skip
async def test_a_verification_is_overdue_from_the_day_after_it_was_due(
    database: Database, tier: str, months_ago: str, overdue: int
) -> None:
    (profile,) = await done(database, lambda connection: fill(connection, checked(NAMES[0], months_ago, tier=tier)))

    page = await database.read(lambda c: duties.list_verifications(registrar(c), after=None, limit=9))

    assert [(each.profile_id, each.days_overdue) for each in page.due] == (
        [(public_id("profile", profile), overdue)] if overdue else []
    )


async def test_the_longest_overdue_come_first_page_by_page(database: Database) -> None:
    days = ["2024-05-01", "2023-01-01", "2025-10-01", "2024-05-01", "2022-12-31", "2024-05-01", "2023-06-01"]
    values = [checked(name, day) for name, day in zip(NAMES, days, strict=False)]
    profiles = await done(database, lambda connection: fill(connection, *values))
    order = sorted(range(len(days)), key=lambda place: (days[place], place))

    for limit in (1, 2, 3, 7, 50):
        told = await database.read(lambda c, limit=limit: pages(c, duties.list_verifications, limit))  # type: ignore[misc]
        assert [each for page in told for each in page] == ids([profiles[place] for place in order])
        assert all(len(page) == limit for page in told[:-1])


async def test_an_agency_is_told_of_its_own_records_and_live_ones_only(database: Database) -> None:
    def live(connection: Connection) -> list[UUID]:
        profiles = fill(connection, *[checked(name, "2020-01-01") for name in NAMES[:4]])
        fill(connection, checked(NAMES[4], "2020-01-01"), agency=ELSEWHERE)
        changed(connection, profiles[1], Change.SEAL)
        changed(connection, profiles[2], Change.RELEASE)
        vetted(connection, checked(NAMES[5], "2020-01-01", expires_on="2026-11-21"), now=MOMENT - DAY)
        return profiles

    one, _, released, last = await done(database, live)

    told = await database.read(lambda c: pages(c, duties.list_verifications, 9))
    assert told == [ids([one, released, last])]


async def test_what_is_overdue_says_how_long_and_which_post_answers(database: Database) -> None:
    value = checked(NAMES[0], "2025-01-31", owner_post="Invented desk")
    await done(database, lambda connection: fill(connection, value))

    def ask(connection: Connection) -> tuple[Any, Work, int]:
        asking = registrar(connection)
        with statements(connection) as seen:
            page = duties.list_verifications(asking, after=None, limit=9)
        return page.due[0], asking, len(seen)

    due, asking, count = await database.read(ask)

    assert (due.register_number, due.post, str(due.due_on), due.days_overdue) == (1, "Invented desk", "2026-01-31", 294)
    assert [each.name for each in asking.events] == ["duty:verifications:listed"]
    assert count == 1


# -- reviews


async def test_a_review_is_due_from_its_day_on_for_life_entries_too(database: Database) -> None:
    values = [
        named(NAMES[0], review_on="2026-11-20"), named(NAMES[1], review_on="2026-11-21"),
        named(NAMES[2], review_on="2026-11-22"), named(NAMES[3], tier="three", review_on="2026-01-01"),
        named(NAMES[4]),
    ]  # fmt: skip
    profiles = await done(database, lambda connection: fill(connection, *values))

    page = await database.read(lambda c: duties.list_reviews(registrar(c), after=None, limit=9))

    assert [each.profile_id for each in page.due] == ids([profiles[3], profiles[0], profiles[1]])
    assert [each.days_overdue for each in page.due] == [324, 1, 0]
    view = await database.read(lambda c: reading.read_profile(registrar(c), profiles[3]))
    assert view.expires_on is None
    for limit in (1, 2):
        told = await database.read(lambda c, limit=limit: pages(c, duties.list_reviews, limit))  # type: ignore[misc]
        assert [each for one in told for each in one] == ids([profiles[3], profiles[0], profiles[1]])


# -- offices


async def test_offices_are_counted_with_their_rates(database: Database) -> None:
    def live(connection: Connection) -> None:
        fill(connection, checked(NAMES[0], "2020-01-01"), checked(NAMES[1], "2026-11-01"), named(NAMES[2]))
        fill(
            connection, checked(NAMES[3], "2020-01-01", owner_post="B desk"),
            named(NAMES[4], owner_post="A desk", review_on="2026-01-01"),
        )  # fmt: skip
        fill(connection, checked(NAMES[5], "2020-01-01"), agency=ELSEWHERE)
        (sealed,) = fill(connection, checked(NAMES[6], "2020-01-01"))
        changed(connection, sealed, Change.SEAL)

    await done(database, live)

    def ask(connection: Connection) -> tuple[Any, Work, int]:
        asking = supervisor(connection)
        with statements(connection) as seen:
            offices = duties.count_offices(asking)
        return offices, asking, len(seen)

    offices, asking, count = await database.read(ask)

    assert offices == (
        OfficeView(ELSEWHERE, None, 1, 1, 0, 1.0),
        OfficeView(AGENCY, None, 3, 1, 0, 0.3333),
        OfficeView(AGENCY, "A desk", 1, 0, 1, 0.0),
        OfficeView(AGENCY, "B desk", 1, 1, 0, 1.0),
    )
    assert [each.name for each in asking.events] == ["duty:offices:counted"]
    assert count == 1


async def test_of_an_empty_register_nothing_is_due(database: Database) -> None:
    def ask(connection: Connection) -> list[Any]:
        by = supervisor(connection)
        return [
            duties.list_verifications(by, after=None, limit=9), duties.list_reviews(by, after=None, limit=9),
            duties.count_offices(by), duties.list_recalls(by, after=None, limit=9),
        ]  # fmt: skip

    nothing = DuePage((), (), has_next=False)
    assert await database.read(ask) == [nothing, nothing, (), ((), False)]


# -- expiry

ENDS = record(expires_on="2026-11-22")


@pytest.mark.parametrize("swept", [False, True])
async def test_an_entry_is_found_the_day_before_and_not_on_the_day_swept_or_not(
    database: Database, swept: bool
) -> None:
    profile = await done(database, lambda connection: vetted(connection, ENDS))
    day = MOMENT + DAY
    midnight = day.replace(hour=0)

    assert await database.read(lambda c: found(c, phone="0712345678", now=midnight - timedelta(microseconds=1))) == [
        profile
    ]
    if swept:
        assert await done(database, lambda connection: duties.expire_due(connection, day)) == 1

    def look(connection: Connection, now: datetime) -> tuple[list[UUID], str]:
        with pytest.raises(NotFound):
            reading.read_profile(registrar(connection, now=now), profile)
        view = reading.read_profile(supervisor(connection, now=now), profile)
        return found(connection, phone="0712345678", now=now), view.standing

    for now in (midnight, day, day + 100 * DAY):
        assert await database.read(lambda connection, now=now: look(connection, now)) == ([], "expired")  # type: ignore[misc]


async def test_a_sweep_ends_what_is_over_and_nothing_else(database: Database) -> None:
    def live(connection: Connection) -> list[UUID]:
        days = ["2026-11-22", "2026-11-23", "2026-11-24", "2040-01-01"]
        profiles = fill(
            connection, *[named(name, expires_on=day) for name, day in zip(NAMES, days, strict=False)],
            named(NAMES[4], tier="three"), named(NAMES[5], expires_on="2026-11-22"),
        )  # fmt: skip
        changed(connection, profiles[5], Change.RETIRE)
        return profiles

    profiles = await done(database, live)

    counts = [
        await done(database, lambda connection, days=days: duties.expire_due(connection, MOMENT + days * DAY))  # type: ignore[misc]
        for days in (0, 1, 1, 2, 30, 3000)
    ]

    assert counts == [0, 1, 0, 1, 1, 0]
    standings = await database.read(lambda c: [standing_of(c, each) for each in profiles])
    assert standings == ["expired", "expired", "expired", "vetted", "vetted", "retired"]


async def test_a_sweep_leaves_an_entry_in_the_log_that_names_whom_it_ended(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, ENDS))

    def sweep(connection: Connection) -> list[Any]:
        duties.expire_due(connection, MOMENT + DAY)
        found_ = connection.execute(sa.select(entries.c.at, entries.c.kind, entries.c.operation, entries.c.outcome))
        named_ = connection.execute(sa.select(subjects.c.profile)).scalars()
        return [*found_.all(), *named_]

    assert await undone(database, sweep) == [(MOMENT + DAY, "command", "expire", "allowed"), profile]


async def test_a_sweep_without_work_leaves_no_entry(database: Database) -> None:
    def sweep(connection: Connection) -> int | None:
        assert duties.expire_due(connection, MOMENT) == 0
        return connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar()

    assert await database.write(sweep) == 0


async def test_a_sweep_takes_so_many_at_once_and_the_longest_over_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duties, "EXPIRED_AT_ONCE", 2)
    days = ["2026-11-23", "2026-11-22", "2026-11-24"]
    values = [named(name, expires_on=day) for name, day in zip(NAMES, days, strict=False)]
    profiles = await done(database, lambda connection: fill(connection, *values))
    later = MOMENT + 9 * DAY

    assert await done(database, lambda connection: duties.expire_due(connection, later)) == 2
    assert await database.read(lambda c: [standing_of(c, each) for each in profiles]) == ["expired"] * 2 + ["vetted"]
    assert await done(database, lambda connection: duties.expire_due(connection, later)) == 1
    assert await done(database, lambda connection: duties.expire_due(connection, later)) == 0


async def test_an_entry_that_was_ended_is_restored_and_found_again(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, ENDS))
    later = MOMENT + 9 * DAY
    await done(database, lambda connection: duties.expire_due(connection, later))
    longer = record(expires_on="2030-01-01")

    await done(database, lambda c: changed(c, profile, Change.RESTORE, record=longer, now=later))

    assert await database.read(lambda c: found(c, phone="0712345678", now=later)) == [profile]
    assert await done(database, lambda connection: duties.expire_due(connection, later)) == 0
