"""Two units who look at one person learn of each other, once a day, and nobody is given away who must not be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.actor import Actor
from registry.audit.log import append
from registry.audit.models import decoys, entries
from registry.core.db import Database
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Purpose, Role
from registry.meetings.looking import Deconfliction
from registry.meetings.operations import MeetingPage, list_meetings
from registry.profiles.operations.reading import read_profile
from registry.profiles.standing import Change
from tests.factories import AGENCY, EDITION, ELSEWHERE, MOMENT, actor, changed, entry, record, vetted, work

pytestmark = pytest.mark.anyio
CHORE = Deconfliction(EDITION, 30)


def looked(connection: Connection, by: Actor, profile: UUID, at: datetime = MOMENT) -> None:
    """Open a profile, and enter it as the endpoint does."""
    asking = work(connection, by, at)
    read_profile(asking, profile)
    assert by.officer is not None
    assert by.purpose is not None
    append(connection, [entry(
        at=at, officer=by.officer.id, agency=by.agency, officer_reference=by.officer.reference,
        purpose=by.purpose.value, case_reference=by.case_reference, events=tuple(asking.events),
    )])  # fmt: skip


def case(by: Actor, reference: str) -> Actor:
    return replace(by, case_reference=reference)


def told(connection: Connection, by: Actor) -> MeetingPage:
    return list_meetings(work(connection, by, MOMENT + timedelta(hours=1)), after=None, limit=10)


async def test_both_sides_are_told_with_agency_contact_and_case_and_it_is_entered(database: Database) -> None:
    def run(connection: Connection) -> None:
        profile = vetted(connection, record())
        one, two = actor(connection), case(actor(connection, agency=ELSEWHERE), "CR 7/2026")
        CHORE(connection, MOMENT)  # begins with what is new
        looked(connection, one, profile, MOMENT - timedelta(days=3))
        looked(connection, two, profile)
        assert CHORE(connection, MOMENT) == 1
        assert CHORE(connection, MOMENT + timedelta(minutes=1)) == 0
        (first,), (second,) = told(connection, one).meetings, told(connection, two).meetings

        assert two.officer is not None
        assert (first.agency, first.officer_reference, first.case_reference, first.profile_id) == (
            ELSEWHERE, two.officer.reference, "CR 7/2026", public_id("profile", profile),
        )  # fmt: skip
        assert (second.agency, second.looked_at) == (AGENCY, MOMENT - timedelta(days=3))
        last = connection.execute(sa.select(entries).order_by(entries.c["index"].desc()).limit(1)).mappings().one()
        (event,) = last["body"]["events"]
        assert (last["operation"], event["name"], event["records"]) == ("deconfliction", "officers:met", [str(profile)])

        looked(connection, two, profile, MOMENT + timedelta(hours=1))
        assert CHORE(connection, MOMENT + timedelta(hours=1)) == 0  # once a day
        looked(connection, two, profile, MOMENT + timedelta(hours=26))
        assert CHORE(connection, MOMENT + timedelta(hours=26)) == 1

    await database.write(run)


def _decoy(connection: Connection, profile: UUID) -> None:
    connection.execute(sa.insert(decoys).values(profile=profile, owner=AGENCY))


def _sealed(connection: Connection, profile: UUID) -> None:
    changed(connection, profile, Change.SEAL)


Given = dict[str, Any]
KEEPING: Given = {"role": Role.REGISTRAR, "agency": ELSEWHERE, "purpose": Purpose.REGISTER_MAINTENANCE}


@pytest.mark.parametrize(("by", "days", "then"), [
    ({"name": "2"}, 1, None),
    (KEEPING, 1, None),
    ({"agency": ELSEWHERE}, 31, None),
    ({"agency": ELSEWHERE}, 1, _decoy),
    ({"agency": ELSEWHERE}, 1, _sealed),
], ids=["of one unit", "keeping the register", "too long ago", "a decoy", "a sealed record"])  # fmt: skip
async def test_nobody_is_told(
    database: Database, by: Given, days: int, then: Callable[[Connection, UUID], None] | None
) -> None:
    def run(connection: Connection) -> int:
        profile = vetted(connection, record())
        CHORE(connection, MOMENT)
        looked(connection, actor(connection), profile, MOMENT - timedelta(days=days))
        looked(connection, actor(connection, **by), profile)
        if then is not None:
            then(connection, profile)
        return CHORE(connection, MOMENT)

    assert await database.write(run) == 0


async def test_it_can_be_switched_off(database: Database) -> None:
    def run(connection: Connection) -> int:
        profile = vetted(connection, record())
        off = Deconfliction(EDITION, 0)
        off(connection, MOMENT)
        looked(connection, actor(connection), profile)
        looked(connection, actor(connection, agency=ELSEWHERE), profile)
        return off(connection, MOMENT) + CHORE(connection, MOMENT)  # nor is it made up for later

    assert await database.write(run) == 0
