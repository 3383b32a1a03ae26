"""A hit against somebody for whom an innocent person is taken carries a warning, and is otherwise the same."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.certificates import operations as certificates
from registry.certificates.issuing import Why
from registry.certificates.views import NOT_THIS_PERSON
from registry.core.db import Database
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Purpose, Role
from registry.matching.types import Identifier
from registry.profiles.standing import Change
from registry.search.operations import SearchPage, search
from registry.search.query import SearchQuery
from registry.work import Work
from tests.factories import MOMENT, actor, changed, record, statements, vetted, work
from tests.registry.certificates.scenes import INNOCENT, NATIONAL_ID, identifier, issued, on_register, proposed

pytestmark = pytest.mark.anyio
BORN = PartialDate(1971, 5, 17)
INNOCENTS = SearchQuery(name="Juma Hamisi Mwakio", birth_date=BORN)
"""What is known of the innocent person, and of the offender as well."""


def asked(
    connection: Connection, sought: SearchQuery, *, now: Any = MOMENT, by: dict[str, Any] | None = None, **options: Any
) -> tuple[SearchPage, Work, list[str]]:
    asking = work(connection, actor(connection, **by or {}), now)
    with statements(connection) as seen:
        page = search(asking, sought, limit=10, **options)
    return page, asking, seen


def warned(connection: Connection, sought: SearchQuery = INNOCENTS, **options: Any) -> list[str | None]:
    """Return the number that each hit is warned of."""
    page, _, _ = asked(connection, sought, **options)
    return [each.warning.certificate if each.warning else None for each in page.hits]


async def test_a_warning_stands_beside_the_hit_and_the_hit_is_as_it_was(database: Database) -> None:
    def run(connection: Connection) -> None:
        profile = on_register(connection)
        before, _, _ = asked(connection, INNOCENTS)
        view = issued(connection, profile)
        page, asking, _ = asked(connection, INNOCENTS)

        (hit,) = page.hits
        assert hit.warning is not None
        assert (hit.warning.code, hit.warning.certificate) == (NOT_THIS_PERSON, view.number)
        assert hit.warning.valid_until == view.valid_until
        assert replace(hit, warning=None, profile=before.hits[0].profile) == before.hits[0]
        assert asking.events[0].details["warned"] == [view.number]

    await database.write(run)


async def test_a_warning_tells_nothing_of_the_holder(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        view = issued(connection, on_register(connection), names=("Juma Hamisi Mwakio", "DEMO Jumbe"))
        told = []
        for language in ("en", "sw"):
            page, _, _ = asked(connection, INNOCENTS, language=language)
            assert page.hits[0].warning is not None
            told.append(page.hits[0].warning.sentence)
            assert str(view.number) in told[-1]
        return told

    english, swahili = await database.write(run)

    assert english != swahili
    for value in ("Jumbe", "Juma", "1971", NATIONAL_ID.value):
        assert value not in english + swahili


@pytest.mark.parametrize(
    "sought",
    [
        SearchQuery(name="Juma Hamisi Mwakio", birth_date=BORN, phone="0712 345 678"),
        SearchQuery(name="Juma Hamisi Mwakio", birth_date=BORN, email="juma@mail.example"),
        SearchQuery(
            name="Juma Hamisi Mwakio", birth_date=BORN, identifiers=(Identifier("national_id", "INV1234567", "KE"),)
        ),
        SearchQuery(identifiers=(NATIONAL_ID, Identifier("national_id", "INV1234567", "KE"))),
        SearchQuery(name="Juma Hamisi Mwakio"),
        SearchQuery(name="Mwalimu Jay", birth_date=BORN),
    ],
    ids=lambda sought: "+".join(sought.classes()) + str(len(sought.identifiers)) + (sought.name or "")[:4],
)
async def test_the_real_offender_is_not_hidden_by_a_stolen_certificate(database: Database, sought: SearchQuery) -> None:
    def run(connection: Connection) -> list[str | None]:
        profile = vetted(connection, record())
        issued(connection, profile)
        return warned(connection, sought)

    found = await database.write(run)

    assert found
    assert set(found) == {None}


async def test_by_the_holders_document_the_warning_comes_with_any_hit_on_the_profile(database: Database) -> None:
    def run(connection: Connection) -> list[str | None]:
        issued(connection, on_register(connection))
        return warned(connection, SearchQuery(name="Juma Mwakio", identifiers=(NATIONAL_ID,)))

    (number,) = await database.write(run)

    assert number is not None


async def test_only_the_profiles_that_a_certificate_is_against_are_warned_of(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[str], str]:
        one = on_register(connection)
        on_register(connection, identifiers=None, county="Nairobi", phones=None, emails=None, handles=None)
        view = issued(connection, one)
        page, _, _ = asked(connection, INNOCENTS)
        assert len(page.hits) == 2
        return [each.profile.id for each in page.hits if each.warning], view.against[0]

    found, against = await database.write(run)

    assert found == [against]


async def test_a_certificate_that_does_not_stand_warns_of_nothing(database: Database) -> None:
    def run(connection: Connection) -> list[list[str | None]]:
        profile = on_register(connection)
        waiting = proposed(connection, profile)
        told = [warned(connection)]
        supervisor = work(connection, actor(connection, role=Role.SUPERVISOR))
        certificates.decide(supervisor, identifier(waiting))
        told.append(warned(connection, now=MOMENT + timedelta(days=365 * 3)))
        certificates.revoke(supervisor, identifier(waiting), Why.ASKED)
        told.append(warned(connection))
        return told

    assert await database.write(run) == [[None], [None], [None]]


async def test_a_certificate_follows_a_record_that_was_merged_and_merged_again(database: Database) -> None:
    def run(connection: Connection) -> list[str | None]:
        first = on_register(connection)
        others = [
            vetted(connection, record(names=[{"full": f"Juma Hamisi {word}"}], identifiers=None, phones=None))
            for word in ("Mwakyo", "Mwakio")
        ]
        view = issued(connection, first)
        whole = record(names=[{"full": "Juma Hamisi Mwakio"}])
        changed(connection, others[0], Change.MERGE, other=first, record=whole)
        changed(connection, others[1], Change.MERGE, other=others[0], record=whole)
        found = warned(connection)
        assert found == [view.number]
        return found

    assert len(await database.write(run)) == 1


# -- what it costs


async def test_a_warning_costs_one_statement_and_only_where_there_may_be_one(database: Database) -> None:
    """One more than without certificates; none without a hit, and none where the question can be no holder's."""

    def run(connection: Connection) -> dict[str, int]:
        profile = on_register(connection)
        for _ in range(3):
            issued(connection, profile)
        return {
            what: len([each for each in asked(connection, sought)[2] if "certificate" in each])
            for what, sought in {
                "warned": INNOCENTS,
                "not the holder": SearchQuery(name="Juma Hamisi Mwakio", birth_date=PartialDate(1971, 5, 18)),
                "no date, no document": SearchQuery(name="Juma Hamisi Mwakio"),
                "no hit": SearchQuery(name="Zebedee Qwerty", birth_date=PartialDate(1950, 1, 2)),
            }.items()
        }

    assert await database.write(run) == {
        "warned": 1, "not the holder": 1, "no date, no document": 0, "no hit": 0,
    }  # fmt: skip


async def test_whom_the_record_is_closed_to_no_warning_tells_of(database: Database) -> None:
    def run(connection: Connection) -> list[str | None]:
        profile = on_register(connection)
        issued(connection, profile)
        changed(connection, profile, Change.SEAL)
        return warned(connection, by={"purpose": Purpose.OFFENDER_SUPERVISION, "role": Role.SUPERVISOR})

    assert await database.write(run) == []


async def test_the_innocent_person_is_not_on_the_register(database: Database) -> None:
    """A certificate is no profile: nobody finds its holder by searching."""

    def run(connection: Connection) -> list[str]:
        issued(connection, on_register(connection), names=("DEMO Zebedee Kwetu",))
        page, _, _ = asked(connection, SearchQuery(name="DEMO Zebedee Kwetu", identifiers=INNOCENT.identifiers))
        return [each.profile.id for each in page.hits]

    assert await database.write(run) == []
