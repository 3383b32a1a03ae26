"""Answers that wait for the log while somebody is shut out."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from auth import changes, closures
from auth.scope import Scope, officer_key
from registry.audit.events import Entry, Outcome
from registry.core.db import Database
from tests.factories import AGENCY, CLIENT, ELSEWHERE, MOMENT, actor, enrol_cast, entry, shut, statements
from tests.registry.enrolment.abroad import agreed, partner

pytestmark = pytest.mark.anyio
OFFICER = actor().officer
assert OFFICER is not None
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
async def cast(database: Database) -> None:
    await database.write(enrol_cast)


def waiting(**changed: object) -> list[Entry]:
    """Return an entry of the investigator's, and one of somebody elsewhere."""
    assert OFFICER is not None
    own = entry(officer_reference=OFFICER.reference, **changed)
    return [own, entry(client="ke-elsewhere-desk", agency=ELSEWHERE, officer_reference="OTHER", **changed)]


@pytest.mark.parametrize(
    ("scope", "key"),
    [(Scope.CLIENT, CLIENT), (Scope.AGENCY, AGENCY), (Scope.OFFICER, officer_key(AGENCY, OFFICER.reference))],
    ids=["client", "agency", "officer"],
)
async def test_whoever_is_shut_out_gets_no_answer_and_others_do(database: Database, scope: Scope, key: str) -> None:
    def run(connection: Connection) -> frozenset[int]:
        shut(connection, scope, key, at=MOMENT)
        return closures.turned_away(connection, waiting())

    assert await database.write(run) == {0}


async def test_an_officer_of_another_agency_with_the_same_reference_is_somebody_else(database: Database) -> None:
    def run(connection: Connection) -> frozenset[int]:
        assert OFFICER is not None
        shut(connection, Scope.OFFICER, officer_key(AGENCY, OFFICER.reference))
        return closures.turned_away(connection, [entry(agency=ELSEWHERE, officer_reference=OFFICER.reference)])

    assert await database.write(run) == frozenset()


@pytest.mark.parametrize("outcome", [Outcome.DENIED, Outcome.FAILED])
async def test_what_releases_nothing_is_entered_as_it_is(database: Database, outcome: Outcome) -> None:
    def run(connection: Connection) -> frozenset[int]:
        shut(connection, Scope.CLIENT, CLIENT)
        return closures.turned_away(connection, waiting(outcome=outcome))

    assert await database.write(run) == frozenset()


async def test_what_was_closed_long_before_has_been_seen_by_the_request_itself(database: Database) -> None:
    """It reads all closures with its live state; here only what it can have missed is looked for."""

    def run(connection: Connection) -> list[frozenset[int]]:
        shut(connection, Scope.CLIENT, CLIENT, at=MOMENT - closures.LATEST)
        return [closures.turned_away(connection, waiting(at=moment)) for moment in (MOMENT - SECOND, MOMENT)]

    assert await database.write(run) == [{0}, frozenset()]


async def test_what_was_opened_again_shuts_nobody_out(database: Database) -> None:
    def run(connection: Connection) -> frozenset[int]:
        shut(connection, Scope.CLIENT, CLIENT)
        changes.open_(connection, Scope.CLIENT, CLIENT, by="two others", at=MOMENT)
        return closures.turned_away(connection, waiting())

    assert await database.write(run) == frozenset()


async def test_a_field_class_turns_away_every_answer_that_was_under_way(database: Database) -> None:
    def run(connection: Connection) -> list[frozenset[int]]:
        shut(connection, Scope.FIELD_CLASS, "contact", at=MOMENT)
        return [closures.turned_away(connection, waiting(at=moment)) for moment in (MOMENT - SECOND, MOMENT + SECOND)]

    assert await database.write(run) == [{0, 1}, frozenset()]


async def test_an_agreement_turns_away_what_its_agency_had_under_way(database: Database) -> None:
    def run(connection: Connection) -> list[frozenset[int]]:
        partner(connection)
        changes.agree(connection, agreed())
        shut(connection, Scope.AGREEMENT, agreed().code, at=MOMENT)
        asked = [[entry(agency=agreed().agency, at=moment), entry(at=moment)]
                 for moment in (MOMENT - SECOND, MOMENT + SECOND)]  # fmt: skip
        return [closures.turned_away(connection, each) for each in asked]

    assert await database.write(run) == [{0}, frozenset()]


async def test_whoever_asks_for_no_agency_has_nothing_under_way_that_a_closing_of_others_ends(
    database: Database,
) -> None:
    def run(connection: Connection) -> frozenset[int]:
        shut(connection, Scope.CLIENT, CLIENT, at=MOMENT)
        return closures.turned_away(connection, [entry(client=None, agency=None, at=MOMENT - SECOND)])

    assert await database.write(run) == frozenset()


async def test_it_takes_one_statement_and_none_where_nothing_is_released(database: Database) -> None:
    def run(connection: Connection) -> list[int]:
        counted = []
        for outcome in (Outcome.ALLOWED, Outcome.DENIED):
            with statements(connection) as seen:
                closures.turned_away(connection, waiting(outcome=outcome) * 50)
            counted.append(len(seen))
        return counted

    assert await database.read(run) == [1, 0]


async def test_the_count_grows_with_each_closing(database: Database) -> None:
    def run(connection: Connection) -> list[int]:
        counted = [closures.count(connection)]
        shut(connection, Scope.CLIENT, CLIENT)
        counted.append(closures.count(connection))
        changes.open_(connection, Scope.CLIENT, CLIENT, by="two others", at=MOMENT)
        shut(connection, Scope.CLIENT, CLIENT)
        return [*counted, closures.count(connection)]

    assert await database.write(run) == [0, 1, 2]
