"""What is looked at and changed is what was named, and nothing that stands beside it."""

from dataclasses import asdict
from uuid import UUID

import pytest
from sqlalchemy import Connection

from auth import changes, directory
from auth.scope import Scope
from registry.core.db import Database
from registry.disclosure.vocabulary import Role
from tests.auth.household import AGENCY, CLIENT, OFFICER
from tests.auth.tokens import pair
from tests.factories import MOMENT, shut
from tests.registry.enrolment.abroad import agreed, partner

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("officer")]
OTHER = agreed(code="NL-2026-02", tier="hit")
BOTH = (AGENCY, "ke-beside")


def beside(connection: Connection) -> None:
    """Enrol a second agency, whose officer has the reference of the first one's."""
    directory.enrol_agency(connection, "ke-beside", name="Beside", country="KE")
    directory.enrol_officer(connection, "ke-beside", OFFICER, chain="south", roles=[])


async def test_two_officers_of_one_reference_are_two(database: Database) -> None:
    def run(connection: Connection) -> list[list[str]]:
        beside(connection)
        before = [changes.officer_terms(connection, agency, OFFICER) for agency in BOTH]
        changes.change_officer(
            connection, "ke-beside", OFFICER, chain="east", roles=[Role.SUPERVISOR], clearance="open"
        )
        after = [changes.officer_terms(connection, agency, OFFICER) for agency in BOTH]
        return [[each["chain"] for each in told if each] for told in (before, after)]

    assert await database.write(run) == [["north", "south"], ["north", "east"]]


async def test_an_agreement_is_found_and_changed_by_its_code(database: Database) -> None:
    def run(connection: Connection) -> None:
        partner(connection)
        for each in (agreed(), OTHER):
            changes.agree(connection, each)
        assert [changes.agreement(connection, each.code) for each in (agreed(), OTHER)] == [agreed(), OTHER]

        changed = agreed(**asdict(OTHER) | {"tier": "full"})
        changes.change_agreement(connection, changed)

        assert [changes.agreement(connection, each.code) for each in (agreed(), OTHER)] == [agreed(), changed]

    await database.write(run)


async def test_a_closure_is_found_and_ended_by_scope_and_key(database: Database, officer: UUID) -> None:
    """A client may have the name of an agency, and others are shut out at the same time."""
    named = [(Scope.CLIENT, AGENCY), (Scope.CLIENT, CLIENT), (Scope.AGENCY, AGENCY), (Scope.OFFICER, "nobody at all")]

    def told(connection: Connection) -> list[tuple[Scope, str] | None]:
        found = [changes.closure(connection, *each) for each in named]
        return [(each.scope, each.key) if each else None for each in found]

    def run(connection: Connection) -> None:
        directory.enrol_client(connection, AGENCY, AGENCY, jwks={"keys": [dict(pair().jwk)]})
        shut(connection, Scope.OFFICER, officer)
        assert told(connection) == [None] * 4
        for each in named[:3]:
            shut(connection, *each)
        assert told(connection) == [*named[:3], None]

        changes.open_(connection, Scope.CLIENT, AGENCY, by="two others", at=MOMENT)

        assert told(connection) == [None, *named[1:3], None]

    await database.write(run)
