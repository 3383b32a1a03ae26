"""Who is enrolled, and that suspension takes effect with the next request."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, event

from auth import directory, invitations
from auth.actor import Actor, Documents
from auth.details import Details
from auth.directory import Scope
from auth.models import closures
from auth.tokens import Claims
from registry.core.db import Database
from registry.core.errors import Conflict, InputRefused, NotFound, RegistryError, Unauthenticated
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from tests import factories
from tests.auth.household import AGENCY, CLIENT, MOMENT, OFFICER
from tests.auth.tokens import pair

pytestmark = pytest.mark.anyio

DETAILS = Details(Purpose.MISSING_CHILD, "OB 12/3/2026", "KE-DPA-30-1-B", OFFICER)
CLAIMS = Claims(
    CLIENT, "0123456789", MOMENT, MOMENT + timedelta(seconds=300), DETAILS, "jkt", attribution=Attribution.STATED
)
WITHOUT_DETAILS = replace(CLAIMS, details=None)
JWKS = {"keys": [dict(pair().jwk)]}


async def actor(database: Database, claims: Claims = CLAIMS) -> Actor:
    return await database.read(lambda connection: directory.actor(connection, claims, MOMENT))


async def suspend(database: Database, subject: Scope, key: str | UUID) -> None:
    await database.write(lambda connection: factories.shut(connection, subject, key, at=MOMENT))


async def test_an_actor_is_who_the_token_says_with_the_roles_of_this_moment(database: Database, officer: UUID) -> None:
    found = await actor(database)

    assert found.officer is not None
    assert (found.client, found.agency, found.token_id) == (CLIENT, AGENCY, CLAIMS.token_id)
    assert (found.officer.id, found.officer.reference, found.officer.chain) == (officer, OFFICER, "north")
    assert found.roles == {Role.INVESTIGATOR}
    assert (found.purpose, found.case_reference) == (DETAILS.purpose, DETAILS.case_reference)
    assert found.legal_basis == DETAILS.legal_basis


@pytest.mark.usefixtures("officer")
async def test_without_details_an_actor_is_a_client_and_nobody_in_particular(database: Database) -> None:
    found = await actor(database, WITHOUT_DETAILS)

    assert found == Actor(CLIENT, AGENCY, CLAIMS.token_id, principal=CLIENT, country="KE")
    assert found.roles == frozenset()


@pytest.mark.usefixtures("officer")
async def test_only_a_client_with_the_scope_may_ask_for_the_schema(database: Database) -> None:
    await database.write(
        lambda connection: directory.enrol_client(connection, "tool", AGENCY, jwks=JWKS, scopes=["introspection"])
    )

    assert not (await actor(database)).may_introspect
    assert (await actor(database, replace(WITHOUT_DETAILS, client="tool"))).may_introspect


@pytest.mark.parametrize("claims", [CLAIMS, WITHOUT_DETAILS], ids=["with officer", "without"])
@pytest.mark.usefixtures("officer")
async def test_an_actor_costs_one_statement(database: Database, claims: Claims) -> None:
    seen: list[str] = []

    def count(connection: Connection) -> Actor:
        event.listen(connection, "before_cursor_execute", lambda *call: seen.append(call[2]))
        return directory.actor(connection, claims, MOMENT)

    await database.read(count)

    assert len(seen) == 1


@pytest.mark.usefixtures("officer")
async def test_a_client_s_mode_of_documents_is_live_state(database: Database) -> None:
    before = (await actor(database)).documents
    was = await database.write(lambda connection: directory.set_documents(connection, CLIENT, Documents.REQUIRE))

    assert (before, was) == (Documents.OFF, Documents.OFF)
    assert (await actor(database)).documents is Documents.REQUIRE
    assert not (await actor(database)).is_approved
    with pytest.raises(NotFound):
        await database.write(lambda connection: directory.set_documents(connection, "nobody", Documents.LOG))


@pytest.mark.usefixtures("officer")
async def test_a_mode_of_documents_is_one_client_s(database: Database) -> None:
    def run(connection: Connection) -> list[Documents]:
        directory.enrol_client(connection, "tool", AGENCY, jwks=JWKS)
        directory.set_documents(connection, "tool", Documents.REQUIRE)
        return [directory.set_documents(connection, each, Documents.OFF) for each in (CLIENT, "tool")]

    assert await database.write(run) == [Documents.OFF, Documents.REQUIRE]


@pytest.mark.usefixtures("officer")
async def test_at_home_too_a_token_under_an_agreement_is_good_for_as_long_as_that_is_in_force(
    database: Database,
) -> None:
    with pytest.raises(Unauthenticated) as caught:
        await actor(database, replace(CLAIMS, details=replace(DETAILS, agreement="KE-2026-01")))

    assert caught.value.code == "TOKEN_REVOKED"


@pytest.mark.parametrize("subject", [Scope.AGENCY, Scope.CLIENT, Scope.OFFICER])
async def test_suspension_takes_effect_with_the_next_request(database: Database, officer: UUID, subject: Scope) -> None:
    await actor(database)

    key: dict[Scope, str | UUID] = {Scope.AGENCY: AGENCY, Scope.CLIENT: CLIENT, Scope.OFFICER: officer}
    await suspend(database, subject, key[subject])

    with pytest.raises(Unauthenticated) as caught:
        await actor(database)
    assert caught.value.code == "TOKEN_REVOKED"


async def test_a_suspended_officer_leaves_the_client_its_tokens_without_officer(
    database: Database, officer: UUID
) -> None:
    await suspend(database, Scope.OFFICER, officer)

    assert (await actor(database, WITHOUT_DETAILS)).client == CLIENT


async def test_gone_and_suspended_are_told_alike(database: Database, officer: UUID) -> None:
    await suspend(database, Scope.OFFICER, officer)
    unknown = [
        replace(CLAIMS, client="nobody"),
        replace(CLAIMS, details=replace(DETAILS, officer="INV/0")),
        CLAIMS,
    ]

    told = set()
    for claims in unknown:
        with pytest.raises(Unauthenticated) as caught:
            await actor(database, claims)
        told.add(str(caught.value))

    assert len(told) == 1


@pytest.mark.usefixtures("officer")
async def test_an_officer_of_another_agency_is_unknown(database: Database) -> None:
    def enrol(connection: Connection) -> None:
        directory.enrol_agency(connection, "elsewhere", name="Elsewhere", country="KE")
        directory.enrol_officer(connection, "elsewhere", "INV/7", chain="south", roles=[Role.REGISTRAR])

    await database.write(enrol)

    with pytest.raises(Unauthenticated):
        await actor(database, replace(CLAIMS, details=replace(DETAILS, officer="INV/7")))
    assert await database.read(lambda connection: directory.officer(connection, AGENCY, "INV/7")) is None
    assert await database.read(lambda connection: directory.officer(connection, "elsewhere", "INV/7")) is not None


@pytest.mark.usefixtures("officer")
async def test_a_client_is_suspended_with_its_agency(database: Database) -> None:
    before = await database.read(lambda connection: directory.client(connection, CLIENT))

    await suspend(database, Scope.AGENCY, AGENCY)
    after = await database.read(lambda connection: directory.client(connection, CLIENT))

    assert before is not None
    assert after is not None
    assert (before.is_closed, after.is_closed) == (False, True)


@pytest.mark.parametrize("subject", list(Scope))
async def test_what_is_not_enrolled_cannot_be_suspended(database: Database, subject: Scope) -> None:
    with pytest.raises(NotFound):
        await suspend(database, subject, "nobody")


@pytest.mark.usefixtures("officer")
async def test_nothing_is_enrolled_twice(database: Database) -> None:
    def agency(connection: Connection) -> None:
        directory.enrol_agency(connection, AGENCY, name="Again", country="KE")

    def client(connection: Connection) -> None:
        directory.enrol_client(connection, CLIENT, AGENCY, jwks=JWKS)

    def officer(connection: Connection) -> UUID:
        return directory.enrol_officer(connection, AGENCY, OFFICER, chain="north", roles=[])

    for enrol in (agency, client, officer):
        with pytest.raises(Conflict):
            await database.write(enrol)


async def test_every_agency_is_named_suspended_ones_too(database: Database) -> None:
    def enrol(connection: Connection) -> dict[str, str]:
        for code in ("one", "two"):
            directory.enrol_agency(connection, code, name=f"Agency {code}", country="KE")
        factories.shut(connection, Scope.AGENCY, "two", at=MOMENT)
        return directory.agency_names(connection)

    assert await database.write(enrol) == {"one": "Agency one", "two": "Agency two"}


@pytest.mark.usefixtures("officer")
async def test_an_agency_is_enrolled_before_its_people_and_machines(database: Database) -> None:
    with pytest.raises(NotFound):
        await database.write(lambda connection: directory.enrol_client(connection, "desk", "none", jwks=JWKS))
    with pytest.raises(NotFound):
        await database.write(
            lambda connection: directory.enrol_officer(connection, "none", "INV/1", chain="north", roles=[])
        )


@pytest.mark.parametrize("name", ["", "a\x00", "x" * 101, "näme", " desk", "desk\n", "../desk"])
async def test_names_are_plain(database: Database, name: str) -> None:
    refused: list[RegistryError] = []

    def enrol(connection: Connection) -> None:
        for attempt in (
            lambda: directory.enrol_agency(connection, name, name="…", country="KE"),
            lambda: directory.enrol_officer(connection, AGENCY, name, chain="north", roles=[]),
            lambda: directory.enrol_client(connection, name, AGENCY, jwks=JWKS),
        ):
            with pytest.raises(InputRefused) as caught:
                attempt()
            refused.append(caught.value)

    await database.write(enrol)

    assert {error.code for error in refused} == {"NAME_MALFORMED"}


@pytest.mark.usefixtures("officer")
async def test_keys_are_kept_without_private_or_unknown_members(database: Database) -> None:
    keys = {"keys": [dict(pair().jwk) | {"use": "sig", "note": "…"}]}

    await database.write(lambda connection: directory.enrol_client(connection, "tool", AGENCY, jwks=keys))
    found = await database.read(lambda connection: directory.client(connection, "tool"))

    assert found is not None
    assert found.keys == JWKS


async def test_a_closure_keeps_when_by_whom_and_why(database: Database, officer: UUID) -> None:
    await suspend(database, Scope.OFFICER, officer)

    row = await database.read(lambda connection: connection.execute(sa.select(closures)).one())

    assert (row.scope, row.key, row.closed_at) == ("officer", f"{AGENCY} {OFFICER}", MOMENT)
    assert (row.closed_by, row.reason) == ("An invented operator", "An invented reason")
    assert row.opened_at is None


@pytest.mark.usefixtures("officer")
async def test_what_is_shut_out_is_shut_once(database: Database) -> None:
    def twice(connection: Connection) -> list[bool]:
        return [
            directory.close(connection, Scope.CLIENT, CLIENT, by="An operator", reason="A reason", at=MOMENT)
            for _ in range(2)
        ]

    assert await database.write(twice) == [True, False]


# -- who acts for whom

HOUR = timedelta(hours=1)


def colleagues(connection: Connection) -> tuple[UUID, UUID]:
    """Enrol two more officers of the agency."""
    one, two = (
        directory.enrol_officer(connection, AGENCY, reference, chain="south", roles=[Role.SUPERVISOR])
        for reference in ("SUP/1", "SUP/2")
    )
    return one, two


async def test_only_who_is_shut_out_loses_an_invitation(database: Database, officer: UUID) -> None:
    def run(connection: Connection) -> None:
        one, _ = colleagues(connection)
        codes = [invitations.invite(connection, each, MOMENT).code for each in (officer, one)]
        factories.shut(connection, Scope.OFFICER, officer)
        assert [invitations.invited(connection, each, MOMENT) for each in codes] == [None, one]

    await database.write(run)


async def test_an_officer_acts_for_whoever_let_them_from_a_moment_to_a_moment(
    database: Database, officer: UUID
) -> None:
    def delegate(connection: Connection) -> list[frozenset[UUID]]:
        one, two = colleagues(connection)
        directory.delegate(connection, one, officer, since=MOMENT, until=MOMENT + HOUR)
        directory.delegate(connection, two, officer, since=MOMENT + HOUR / 2, until=MOMENT + 2 * HOUR)
        moments = [-1, 0, 30, 59, 60, 119, 120]
        told = [directory.acts_for(connection, officer, MOMENT + timedelta(minutes=each)) for each in moments]
        assert told == [
            frozenset(), {one}, {one, two}, {one, two}, {two}, {two}, frozenset(),
        ]  # fmt: skip
        return [directory.acts_for(connection, each, MOMENT + HOUR / 2) for each in (one, two)]

    assert await database.write(delegate) == [frozenset(), frozenset()]  # to let act is not to act


async def test_a_delegate_s_delegate_acts_for_the_delegate_alone(database: Database, officer: UUID) -> None:
    """Nobody hands on what was only lent: who acts for whom is asked of the one who lent."""

    def delegate(connection: Connection) -> frozenset[UUID]:
        one, two = colleagues(connection)
        directory.delegate(connection, officer, one, since=MOMENT, until=MOMENT + HOUR)
        directory.delegate(connection, one, two, since=MOMENT, until=MOMENT + HOUR)
        assert directory.acts_for(connection, one, MOMENT) == {officer}
        return directory.acts_for(connection, two, MOMENT) - {one}

    assert await database.write(delegate) == frozenset()


@pytest.mark.parametrize(("since", "until"), [(MOMENT, MOMENT), (MOMENT, MOMENT - HOUR), (MOMENT + HOUR, MOMENT)])
async def test_a_delegation_goes_forward(database: Database, officer: UUID, since: datetime, until: datetime) -> None:
    def delegate(connection: Connection) -> None:
        one, _ = colleagues(connection)
        directory.delegate(connection, one, officer, since=since, until=until)

    with pytest.raises(InputRefused) as caught:
        await database.write(delegate)

    assert (caught.value.code, caught.value.field) == ("DELEGATION_MALFORMED", "until")
    assert caught.value.remedy


async def test_nobody_is_their_own_delegate(database: Database, officer: UUID) -> None:
    with pytest.raises(InputRefused) as caught:
        await database.write(
            lambda connection: directory.delegate(connection, officer, officer, since=MOMENT, until=MOMENT + HOUR)
        )

    assert caught.value.code == "DELEGATION_MALFORMED"


async def test_a_delegation_stands_once(database: Database, officer: UUID) -> None:
    def delegate(connection: Connection) -> None:
        one, _ = colleagues(connection)
        for hours in (1, 2):
            directory.delegate(connection, one, officer, since=MOMENT, until=MOMENT + hours * HOUR)

    with pytest.raises(Conflict) as caught:
        await database.write(delegate)

    assert caught.value.code == "ALREADY_ENROLLED"


async def test_only_enrolled_officers_let_others_act(database: Database, officer: UUID) -> None:
    for pair_ in ((new_id(), officer), (officer, new_id())):
        with pytest.raises(sa.exc.IntegrityError):
            await database.write(
                lambda connection, pair_=pair_: directory.delegate(  # type: ignore[misc]
                    connection, *pair_, since=MOMENT, until=MOMENT + HOUR
                )
            )
