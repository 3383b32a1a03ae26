"""What the statements on sessions touch and what they leave alone, and when a case still counts. Without HTTP."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import contexts, directory, people, sessions
from auth.contexts import CaseContext
from auth.models import agreements, case_contexts, sessions as table
from auth.sessions import ABSOLUTE, KEPT, SEEN_EVERY, Method, SignedIn
from registry.core.db import Database
from registry.disclosure.vocabulary import Role
from tests.auth.household import AGENCY, MOMENT, OFFICER

pytestmark = pytest.mark.anyio
SECOND = timedelta(seconds=1)
CASE = CaseContext("missing_child", "CR 12/2026", "KE-SOA-39-13")
ABROAD, AGREEMENT = "ug-invented", "UG-2026-01"


def opened(connection: Connection, officer: UUID, name: int, at: datetime = MOMENT) -> UUID:
    """Open a session whose secret has this number for a digest."""
    return sessions.open_session(connection, _digest(name), SignedIn(officer, Method.IDENTITY, at), at, None)


def _digest(name: int) -> bytes:
    return bytes([name]) * 32


def colleague(connection: Connection, reference: str = "INV/2", agency: str = AGENCY) -> UUID:
    return directory.enrol_officer(connection, agency, reference, chain="north", roles=[Role.INVESTIGATOR])


def seen_at(connection: Connection, number: UUID) -> datetime:
    found: datetime = connection.execute(sa.select(table.c.seen_at).where(table.c.id == number)).scalar_one()
    return found


# -- one session, and the one beside it


async def test_to_prove_anew_renews_one_session_of_an_officer(database: Database, officer: UUID) -> None:
    def run(connection: Connection) -> tuple[bool, list[datetime]]:
        first, second = opened(connection, officer, 1), opened(connection, officer, 2)
        at = MOMENT + SECOND
        done = sessions.renew(connection, first, _digest(3), SignedIn(officer, Method.IDENTITY, at), at)
        return done, [seen_at(connection, each) for each in (first, second)]

    assert await database.write(run) == (True, [MOMENT + SECOND, MOMENT])


def test_a_session_is_due_after_a_minute() -> None:
    assert not sessions.is_due(MOMENT, MOMENT + SEEN_EVERY - SECOND)
    assert sessions.is_due(MOMENT, MOMENT + SEEN_EVERY)


async def test_that_one_session_is_in_use_is_written_once_a_minute(database: Database, officer: UUID) -> None:
    def run(connection: Connection) -> list[datetime]:
        first, second = opened(connection, officer, 1), opened(connection, officer, 2)
        sessions.seen(connection, first, MOMENT + SEEN_EVERY)
        sessions.seen(connection, first, MOMENT + SEEN_EVERY * 2 - SECOND)
        return [seen_at(connection, each) for each in (first, second)]

    assert await database.write(run) == [MOMENT + SEEN_EVERY, MOMENT]


async def test_a_session_is_its_own_officers(database: Database, officer: UUID) -> None:
    def run(connection: Connection) -> bool:
        other = colleague(connection)
        mine, theirs = opened(connection, officer, 1), opened(connection, other, 2)
        found = [sessions.officer_of_session(connection, each, MOMENT) for each in (mine, theirs)]
        return found == [officer, other]

    assert await database.write(run)


async def test_a_provider_ends_the_sessions_of_its_own_subject_only(database: Database) -> None:
    issuer, elsewhere = "https://login.example", "https://login.elsewhere.example"
    known = [(issuer, "a"), (issuer, "b"), (elsewhere, "a")]

    def run(connection: Connection) -> tuple[int, bool]:
        directory.enrol_agency(connection, AGENCY, name="An invented agency", country="KE")
        meant, *_ = [signed_in(connection, number, *each) for number, each in enumerate(known)]
        count = sessions.end_of_provider(
            connection, issuer, "ended_by_provider", MOMENT, subject="a", provider_session=None
        )  # fmt: skip
        ended = sa.select(table.c.id).where(table.c.ended_at.is_not(None))
        return count, list(connection.execute(ended).scalars()) == [meant]

    def signed_in(connection: Connection, number: int, issuer: str, subject: str) -> UUID:
        who = colleague(connection, f"INV/{number}")
        people.identify(connection, AGENCY, f"INV/{number}", issuer=issuer, subject=subject)
        return opened(connection, who, number)

    assert await database.write(run) == (1, True)


async def test_the_cases_of_sessions_that_are_not_over_are_kept(database: Database, officer: UUID) -> None:
    now = MOMENT + ABSOLUTE + KEPT + SECOND

    def run(connection: Connection) -> tuple[int, bool]:
        over, kept = opened(connection, officer, 1), opened(connection, officer, 2, now)
        for each in (over, kept):
            contexts.open_case(connection, each, CASE, MOMENT)
        count = sessions.purge(connection, now)
        return count, list(connection.execute(sa.select(case_contexts.c.session)).scalars()) == [kept]

    assert await database.write(run) == (1, True)


# -- the case, and the agreement that it is opened under


def agreed(connection: Connection, **changes: object) -> None:
    terms = {
        "code": AGREEMENT, "tier": "full", "purposes": [CASE.purpose],
        "legal_bases": [CASE.legal_basis], "since": MOMENT, "until": MOMENT + ABSOLUTE, "contact": "desk@ug.example",
    }  # fmt: skip
    connection.execute(sa.insert(agreements).values(**terms | changes))


async def holds(database: Database) -> bool:
    """Say whether the case of the first session still counts."""
    actor, _ = await database.read(lambda connection: sessions.actor(connection, _digest(1), MOMENT, home="KE"))
    return actor.purpose is not None


async def test_a_partners_case_without_an_agreement_is_no_case(database: Database, officer: UUID) -> None:
    def open_both(connection: Connection) -> None:
        directory.enrol_agency(connection, ABROAD, name="An invented agency abroad", country="UG")
        contexts.open_case(connection, opened(connection, colleague(connection, OFFICER, ABROAD), 1), CASE, MOMENT)
        contexts.open_case(connection, opened(connection, officer, 2), CASE, MOMENT)

    await database.write(open_both)

    ours, _ = await database.read(lambda connection: sessions.actor(connection, _digest(2), MOMENT, home="KE"))
    assert ours.purpose == CASE.purpose
    assert not await holds(database)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"since": MOMENT + SECOND}, False),
        ({"since": MOMENT - SECOND, "until": MOMENT}, False),
        ({"agency": ABROAD}, False),
        ({"purposes": ["criminal_investigation"]}, False),
        ({"legal_bases": ["KE-DPA-30-1-B"]}, False),
    ],
    ids=["in-force", "not-yet", "no-more", "another-agency-s", "another-purpose", "another-ground"],
)
async def test_a_case_under_an_agreement_counts_while_that_is_in_force_and_for_this(
    database: Database, officer: UUID, changes: dict[str, object], expected: bool
) -> None:
    def open_case(connection: Connection) -> None:
        directory.enrol_agency(connection, ABROAD, name="An invented agency abroad", country="UG")
        agreed(connection, **{"agency": AGENCY} | changes)
        under = replace(CASE, agreement=AGREEMENT)
        contexts.open_case(connection, opened(connection, officer, 1), under, MOMENT)

    await database.write(open_case)

    assert await holds(database) is expected


async def test_the_case_of_one_session_is_not_another_s(database: Database, officer: UUID) -> None:
    def open_case(connection: Connection) -> None:
        opened(connection, officer, 1)
        contexts.open_case(connection, opened(connection, officer, 2), CASE, MOMENT)

    await database.write(open_case)

    assert not await holds(database)


async def test_a_case_is_not_carried_by_another_agreement(database: Database, officer: UUID) -> None:
    def open_case(connection: Connection) -> None:
        agreed(connection, agency=AGENCY, since=MOMENT - SECOND, until=MOMENT)
        agreed(connection, agency=AGENCY, code="UG-2026-02")
        contexts.open_case(connection, opened(connection, officer, 1), replace(CASE, agreement=AGREEMENT), MOMENT)

    await database.write(open_case)

    assert not await holds(database)
