"""Whom an identity provider's subject stands for: one officer, for this provider alone."""

from uuid import UUID

import pytest
from sqlalchemy import Connection

from auth import directory, people
from auth.directory import Scope
from registry.core.db import Database
from registry.core.errors import Conflict, NotFound
from tests.auth.household import AGENCY, MOMENT, OFFICER

pytestmark = pytest.mark.anyio
ISSUER, ELSEWHERE, SUBJECT = "https://login.example", "https://login.elsewhere.example", "an invented subject"


def identify(connection: Connection, reference: str = OFFICER, issuer: str = ISSUER, subject: str = SUBJECT) -> UUID:
    return people.identify(connection, AGENCY, reference, issuer=issuer, subject=subject)


async def test_a_subject_is_known_of_its_own_provider_and_of_no_other(database: Database, officer: UUID) -> None:
    await database.write(identify)

    found = await database.read(lambda connection: people.known_by(connection, ISSUER, SUBJECT))
    other = await database.read(lambda connection: people.known_by(connection, ELSEWHERE, SUBJECT))

    assert found is not None
    assert (found.id, found.agency, found.reference) == (officer, AGENCY, OFFICER)
    assert other is None


async def test_a_subject_stands_for_one_officer(database: Database, officer: UUID) -> None:
    def enrol(connection: Connection) -> UUID:
        identify(connection)
        identify(connection)
        return directory.enrol_officer(connection, AGENCY, "INV/2", chain="south", roles=[])

    other = await database.write(enrol)

    with pytest.raises(Conflict):
        await database.write(lambda connection: identify(connection, "INV/2"))
    assert await database.write(lambda connection: identify(connection, "INV/2", ELSEWHERE)) == other
    assert other != officer


@pytest.mark.usefixtures("officer")
async def test_nobody_who_is_not_enrolled_is_identified(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda connection: identify(connection, "nobody"))
    assert await database.read(lambda connection: people.enrolled(connection, AGENCY, "nobody")) is None


async def test_two_agencies_officers_of_one_reference_are_two(database: Database, officer: UUID) -> None:
    def run(connection: Connection) -> None:
        directory.enrol_agency(connection, "beside", name="Beside", country="KE")
        other = directory.enrol_officer(connection, "beside", OFFICER, chain="south", roles=[])
        assert [people.enrolled(connection, each, OFFICER) for each in (AGENCY, "beside")] == [officer, other]

    await database.write(run)


@pytest.mark.parametrize(
    ("scope", "key"), [(Scope.OFFICER, f"{AGENCY} {OFFICER}"), (Scope.AGENCY, AGENCY)], ids=["officer", "agency"]
)
async def test_who_is_shut_out_may_not_sign_in_and_is_enrolled_all_the_same(
    database: Database, officer: UUID, scope: Scope, key: str
) -> None:
    def shut(connection: Connection) -> None:
        identify(connection)
        directory.close(connection, scope, key, by="somebody", reason="lost", at=MOMENT)

    await database.write(shut)

    assert await database.read(lambda connection: people.known_by(connection, ISSUER, SUBJECT)) is None
    assert await database.read(lambda connection: people.person(connection, officer)) is None
    assert await database.read(lambda connection: people.named(connection, AGENCY, OFFICER)) is None
    assert await database.read(lambda connection: people.enrolled(connection, AGENCY, OFFICER)) == officer
