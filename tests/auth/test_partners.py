"""Officers from abroad: what was agreed is live state, and they are nothing but partners."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from auth import changes, directory
from auth.actor import Actor
from auth.details import Details
from auth.scope import Scope
from auth.tokens import Claims
from registry.core.db import Database
from registry.core.errors import Unauthenticated
from registry.disclosure.vocabulary import Attribution, Purpose, Role, Tier
from tests.factories import MOMENT, shut
from tests.registry.enrolment.abroad import ABROAD, OFFICER, agreed, partner

pytestmark = pytest.mark.anyio
DETAILS = Details(Purpose.CRIMINAL_INVESTIGATION, "CR 12/2026", "KE-SOA-39-13", OFFICER, agreed().code)
CLAIMS = Claims(
    f"{ABROAD}-desk", "0123456789", MOMENT, MOMENT + timedelta(seconds=300), DETAILS, "jkt",
    attribution=Attribution.GRANTED,
)  # fmt: skip


async def actor(database: Database, details: Details = DETAILS, *, now: Any = MOMENT) -> Actor:
    claims = replace(CLAIMS, details=details)
    return await database.read(lambda connection: directory.actor(connection, claims, now))


async def is_revoked(database: Database, details: Details = DETAILS, *, now: Any = MOMENT) -> bool:
    try:
        await actor(database, details, now=now)
    except Unauthenticated as refused:
        return refused.code == "TOKEN_REVOKED"
    return False


async def bring(database: Database, *roles: Role, **terms: Any) -> None:
    def run(connection: Connection) -> None:
        partner(connection, *roles)
        changes.agree(connection, agreed(**terms))

    await database.write(run)


async def change(database: Database, **terms: Any) -> None:
    await database.write(lambda connection: changes.change_agreement(connection, agreed(**terms)))


async def test_a_partner_asks_under_the_agreement_in_force(database: Database) -> None:
    await bring(database, tier="full", distinct_subjects=7)

    found = await actor(database)

    assert found.is_partner
    assert found.agreement is not None
    assert (found.agreement.code, found.agreement.tier, found.agreement.distinct_subjects) == (
        agreed().code, Tier.FULL, 7,
    )  # fmt: skip
    assert found.roles == {Role.PARTNER_OFFICER}


async def test_a_token_that_names_no_agreement_is_no_good_to_a_partner(database: Database) -> None:
    await bring(database)

    assert not await is_revoked(database)
    assert await is_revoked(database, replace(DETAILS, agreement=None))


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"until": MOMENT}, id="over"),
        pytest.param({"since": MOMENT + timedelta(seconds=1)}, id="not-yet"),
        pytest.param({"purposes": ("missing_child",)}, id="another-purpose"),
        pytest.param({"legal_bases": ("KE-DPA-30-1-B",)}, id="another-basis"),
    ],
)
async def test_what_is_not_agreed_any_more_shuts_out_with_the_next_request(
    database: Database, terms: dict[str, Any]
) -> None:
    await bring(database)
    before = await is_revoked(database)

    await change(database, **terms)

    assert not before
    assert await is_revoked(database)


async def test_an_agreement_that_is_closed_shuts_out_with_the_next_request(database: Database) -> None:
    await bring(database)
    before = await is_revoked(database)

    await database.write(lambda connection: shut(connection, Scope.AGREEMENT, agreed().code))

    assert not before
    assert await is_revoked(database)


async def test_an_agreement_with_another_agency_is_none(database: Database) -> None:
    def run(connection: Connection) -> None:
        partner(connection)
        directory.enrol_agency(connection, "se-invented", name="Another", country="SE")
        changes.agree(connection, agreed(agency="se-invented"))

    await database.write(run)

    assert await is_revoked(database)


async def test_whatever_else_an_officer_from_abroad_is_enrolled_as_they_are_a_partner(database: Database) -> None:
    await bring(database, Role.PARTNER_OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR)

    assert (await actor(database)).roles == {Role.PARTNER_OFFICER}


async def test_a_closed_field_class_stands_in_everybodys_access(database: Database) -> None:
    await bring(database)
    await database.write(lambda connection: shut(connection, Scope.FIELD_CLASS, "contact"))

    access = (await actor(database)).access(MOMENT)

    assert access is not None
    assert {each.value for each in access.closed} == {"contact"}
