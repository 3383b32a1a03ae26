"""Recalls: whoever received a record is owed a word when it does not hold any more (DPA 2019 s. 40)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Event, Outcome
from registry.audit.log import append
from registry.core.db import Database
from registry.core.ids import public_id, read_public_id
from registry.profiles import recalls as outbox
from registry.profiles.models import recalls
from registry.profiles.operations import duties, reading
from registry.profiles.standing import WITHDRAWS, Change
from tests.factories import (
    AGENCY,
    EDITION,
    ELSEWHERE,
    MOMENT,
    actor,
    amended,
    changed,
    conviction,
    entry,
    named,
    record,
    vetted,
    work,
)  # fmt: skip
from tests.registry.profiles.scenes import done, supervisor

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
ABROAD, PARTNER = "xx-invented-abroad", "ke-invented-partner"
Owed = list[tuple[str, str, UUID, datetime]]


def received(
    connection: Connection, profile: UUID, agency: str, at: datetime = MOMENT, **changes: Any
) -> None:  # fmt: skip
    """Let an agency read a record, as a request does: the use case leaves an event, and it stands in the log."""
    by = work(connection, actor(agency=agency), at)
    reading.read_profile(by, profile)
    append(connection, [entry(agency=agency, at=at, events=tuple(by.events), **changes)])


def owed(connection: Connection) -> Owed:
    """Return the recalls owed: (agency, kind, profile, last received)."""
    found = connection.execute(sa.select(recalls).order_by(recalls.c.agency, recalls.c.id)).mappings()
    return [(row["agency"], row["kind"], row["profile"], row["last_disclosed_at"]) for row in found]


def known_abroad(value: object) -> Callable[[Connection], UUID]:
    """A record that three agencies received, one of them its owner."""

    def fill(connection: Connection) -> UUID:
        profile = vetted(connection, value)
        received(connection, profile, ABROAD, MOMENT)
        received(connection, profile, ABROAD, MOMENT + timedelta(hours=1))
        received(connection, profile, PARTNER, MOMENT + timedelta(hours=2))
        received(connection, profile, AGENCY, MOMENT + timedelta(hours=3))
        return profile

    return fill


def both(kind: str, profile: UUID) -> Owed:
    return [
        (PARTNER, kind, profile, MOMENT + timedelta(hours=2)), (ABROAD, kind, profile, MOMENT + timedelta(hours=1)),
    ]  # fmt: skip


TWICE = record(convictions=[conviction(), conviction(case_number="SO 13/2016", convicted_on="2016-01-01")])
QUASHED = record(
    convictions=[conviction(), conviction(case_number="SO 13/2016", convicted_on="2016-01-01", appeal="quashed")]
)


# -- withdrawal


@pytest.mark.parametrize("change", sorted(WITHDRAWS))
async def test_everyone_who_received_a_record_is_told_that_it_is_withdrawn_but_its_owner(
    database: Database, change: Change
) -> None:
    profile = await done(database, known_abroad(record()))

    await done(database, lambda c: changed(c, profile, change, now=MOMENT + DAY))

    assert await database.read(owed) == both("withdrawn", profile)


@pytest.mark.parametrize("appeal", ["quashed", "expunged"])
async def test_a_conviction_that_does_not_stand_is_a_withdrawal(database: Database, appeal: str) -> None:
    profile = await done(database, known_abroad(TWICE))
    gone = record(convictions=[conviction(), TWICE["convictions"][1] | {"appeal": appeal}])

    await done(database, lambda c: amended(c, profile, gone, now=MOMENT + DAY))

    assert await database.read(owed) == both("withdrawn", profile)


async def test_a_second_conviction_of_the_same_case_that_is_quashed_is_a_withdrawal_too(database: Database) -> None:
    def counts(*appeals: str) -> dict[str, Any]:
        return record(convictions=[
            conviction(appeal=appeal, convicted_on=f"2015-03-0{day}") for day, appeal in enumerate(appeals, 1)
        ])  # fmt: skip

    profile = await done(database, known_abroad(counts("none", "quashed", "none")))

    await done(database, lambda c: amended(c, profile, counts("none", "quashed", "quashed"), now=MOMENT + DAY))

    assert await database.read(owed) == both("withdrawn", profile)


async def test_a_conviction_quashed_before_is_told_once(database: Database) -> None:
    profile = await done(database, known_abroad(QUASHED))

    await done(database, lambda c: amended(c, profile, QUASHED | {"sex": "other"}, now=MOMENT + DAY))

    assert await database.read(owed) == both("corrected", profile)


async def test_an_expiry_is_a_withdrawal(database: Database) -> None:
    profile = await done(database, known_abroad(record(expires_on="2026-11-22")))

    await done(database, lambda connection: duties.expire_due(connection, MOMENT + DAY))
    await done(database, lambda connection: duties.expire_due(connection, MOMENT + 2 * DAY))

    assert await database.read(owed) == both("withdrawn", profile)


async def test_a_withdrawal_is_told_however_long_ago_the_record_was_received(database: Database) -> None:
    def fill(connection: Connection) -> UUID:
        profile = vetted(connection, record(expires_on="2060-01-01"))
        received(connection, profile, ABROAD)
        return profile

    profile = await done(database, fill)
    years_later = MOMENT + 9 * 365 * DAY
    await done(database, lambda c: changed(c, profile, Change.SEAL, now=years_later))

    assert await database.read(owed) == [(ABROAD, "withdrawn", profile, MOMENT)]


# -- correction


async def test_a_correction_is_told_to_those_who_received_the_record_in_the_last_months(database: Database) -> None:
    """Twelve in the Kenyan edition."""

    def fill(connection: Connection) -> UUID:
        profile = vetted(connection, record())
        received(connection, profile, ABROAD, MOMENT)
        received(connection, profile, PARTNER, MOMENT + 40 * DAY)
        return profile

    profile = await done(database, fill)
    year_later = MOMENT + (365 + 10) * DAY
    await done(database, lambda c: amended(c, profile, record(sex="other"), now=year_later))

    assert await database.read(owed) == [(PARTNER, "corrected", profile, MOMENT + 40 * DAY)]


@pytest.mark.parametrize(
    ("change", "told"),
    [(Change.CONTEST, "corrected"), (Change.AMEND, "corrected"), (Change.RELEASE, None), (Change.MERGE, "corrected")],
)
async def test_a_dispute_is_told_and_a_release_is_not(database: Database, change: Change, told: str | None) -> None:
    profile = await done(database, known_abroad(record()))
    other = await done(database, lambda connection: vetted(connection, named("Cheptoo Dorcas")))
    more: dict[str, Any] = {"record": record(sex="other")} if change in (Change.AMEND, Change.MERGE) else {}
    second: dict[str, Any] = {"other": other} if change is Change.MERGE else {}

    await done(database, lambda c: changed(c, profile, change, now=MOMENT + DAY, **more, **second))

    assert await database.read(owed) == (both(told, profile) if told else [])


async def test_a_merge_that_is_undone_is_told_to_recipients_of_either(database: Database) -> None:
    def fill(connection: Connection) -> tuple[UUID, UUID]:
        profile, other = vetted(connection, record()), vetted(connection, named("Cheptoo Dorcas"))
        received(connection, profile, ABROAD)
        received(connection, other, PARTNER)
        changed(connection, profile, Change.MERGE, other=other, record=record(), now=MOMENT + DAY)
        connection.execute(recalls.delete())
        changed(connection, profile, Change.SPLIT, other=other, now=MOMENT + 2 * DAY)
        return profile, other

    profile, other = await done(database, fill)

    assert await database.read(owed) == [
        (PARTNER, "corrected", other, MOMENT), (ABROAD, "corrected", profile, MOMENT),
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["sealed", "expired", "corrected"])
async def test_whoever_received_a_record_that_was_merged_since_is_told_of_the_one_that_answers_for_it(
    database: Database, how: str
) -> None:
    """Through every merge: they know the person by the old id."""

    def fill(connection: Connection) -> tuple[UUID, UUID, UUID]:
        first, second = vetted(connection, named("Ali Bakari")), vetted(connection, named("Cheptoo Dorcas"))
        third = vetted(connection, named("Eunice Furaha", expires_on="2026-12-01"))
        received(connection, first, ABROAD)
        received(connection, third, PARTNER)
        changed(connection, second, Change.MERGE, other=first, record=named("Cheptoo Dorcas"), now=MOMENT + DAY)
        changed(connection, third, Change.MERGE, other=second, now=MOMENT + 2 * DAY,
                record=named("Eunice Furaha", expires_on="2026-12-01"))  # fmt: skip
        connection.execute(recalls.delete())
        received(connection, first, AGENCY, MOMENT + 3 * DAY)
        return first, second, third

    first, _, third = await done(database, fill)

    def end(connection: Connection) -> object:
        if how == "sealed":
            return changed(connection, third, Change.SEAL, now=MOMENT + 4 * DAY)
        if how == "expired":
            return duties.expire_due(connection, MOMENT + 30 * DAY)
        return amended(connection, third, named("Eunice Furaha", sex="female", expires_on="2026-12-01"),
                       now=MOMENT + 4 * DAY)  # fmt: skip

    await done(database, end)

    kind = "corrected" if how == "corrected" else "withdrawn"
    assert await database.read(owed) == [(PARTNER, kind, third, MOMENT), (ABROAD, kind, first, MOMENT)]


# -- who received it


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True), ({"kind": "photograph"}, True), ({"kind": "export"}, True),
        ({"outcome": Outcome.PARTIAL}, True),
        ({"kind": "mutation"}, False), ({"kind": "command"}, False),
        ({"outcome": Outcome.DENIED}, False), ({"outcome": Outcome.FAILED}, False),
        ({"purpose": "subject_request"}, False),
    ],
    ids=str,
)  # fmt: skip
async def test_whoever_got_an_answer_received_the_record(
    database: Database, changes: dict[str, Any], told: bool
) -> None:
    def fill(connection: Connection) -> UUID:
        profile = vetted(connection, record())
        received(connection, profile, ABROAD, **changes)
        return profile

    profile = await done(database, fill)
    await done(database, lambda c: changed(c, profile, Change.RETIRE, now=MOMENT + DAY))

    assert await database.read(owed) == ([(ABROAD, "withdrawn", profile, MOMENT)] if told else [])


async def test_a_hit_in_a_search_is_a_record_received(database: Database) -> None:
    def fill(connection: Connection) -> tuple[UUID, UUID]:
        profile, other = vetted(connection, record()), vetted(connection, named("Cheptoo Dorcas"))
        searched = Event("profile:searched", (profile, other), {"criteria": {"name": "Juma"}})
        append(connection, [entry(agency=ABROAD, events=(searched,))])
        return profile, other

    profile, _ = await done(database, fill)
    await done(database, lambda c: changed(c, profile, Change.SEAL, now=MOMENT + DAY))

    assert await database.read(owed) == [(ABROAD, "withdrawn", profile, MOMENT)]


async def test_a_record_nobody_received_owes_nobody_a_word(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    await done(database, lambda c: changed(c, profile, Change.REMOVE, now=MOMENT + DAY))

    assert await database.read(owed) == []


async def test_a_new_record_owes_nobody_a_word_though_a_conviction_of_it_was_quashed(database: Database) -> None:
    await done(database, lambda connection: vetted(connection, QUASHED))

    assert await database.read(owed) == []


async def test_a_change_that_is_undone_owes_nobody_a_word(database: Database) -> None:
    profile = await done(database, known_abroad(record()))

    def fail(connection: Connection) -> None:
        changed(connection, profile, Change.SEAL, now=MOMENT + DAY)
        raise KeyError(profile)

    with pytest.raises(KeyError):
        await database.write(fail)

    assert await database.read(owed) == []


# -- the outbox


async def test_the_outbox_is_read_oldest_first_page_by_page(database: Database) -> None:
    def fill(connection: Connection) -> list[UUID]:
        profiles = [vetted(connection, named(name)) for name in ("Ali Bakari", "Cheptoo Dorcas", "Eunice Furaha")]
        for profile in profiles:
            received(connection, profile, ABROAD)
            received(connection, profile, ELSEWHERE)
        for profile in profiles:
            changed(connection, profile, Change.SEAL, order_number="MISC 8/2026", now=MOMENT + DAY)
        return profiles

    profiles = await done(database, fill)

    def listed(connection: Connection, limit: int) -> list[Any]:
        told: list[Any] = []
        after: UUID | None = None
        while True:
            by = supervisor(connection)
            shown, has_next = duties.list_recalls(by, after=after, limit=limit)
            told += shown
            assert [each.name for each in by.events] == ["duty:recalls:listed"]
            if not has_next:
                return told
            after = read_public_id("recall", shown[-1].id)

    whole = await database.read(lambda connection: listed(connection, 50))
    assert {each.profile_id for each in whole} == {public_id("profile", each) for each in profiles}
    assert [(each.kind, each.order_number, each.created_at) for each in whole] == [
        ("withdrawn", "MISC 8/2026", MOMENT + DAY)
    ] * 6
    for limit in (1, 2, 4):
        assert await database.read(lambda connection, limit=limit: listed(connection, limit)) == whole  # type: ignore[misc]


async def test_what_was_acknowledged_is_owed_no_more(database: Database) -> None:
    profile = await done(database, known_abroad(record()))
    await done(database, lambda c: changed(c, profile, Change.SEAL, now=MOMENT + DAY))

    def acknowledge(connection: Connection) -> list[str]:
        connection.execute(recalls.update().where(recalls.c.agency == ABROAD).values(acknowledged_at=MOMENT + 2 * DAY))
        shown, _ = duties.list_recalls(supervisor(connection), after=None, limit=9)
        owed_ = outbox.owed(connection, AGENCY, EDITION.handling.clearances, at_rest=True, after=None, limit=9)
        assert [each["agency"] for each in owed_] == [each.agency for each in shown]
        return [each.agency for each in shown]

    assert await database.write(acknowledge) == [PARTNER]
