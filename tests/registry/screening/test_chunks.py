"""What a chunk leaves: hits, a step forward and an entry for each person; nothing that is hidden."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries
from registry.certificates import operations as certifying
from registry.certificates.issuing import Why
from registry.certificates.views import WarningView
from registry.core.db import Database
from registry.core.errors import Conflict, InputRefused, NotFound
from registry.core.ids import new_id, read_public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Purpose, Role
from registry.matching.types import Match, Reason
from registry.notices.models import notices
from registry.screening import chunks, limits, operations, queries
from registry.screening.checking import Found, Screened
from registry.screening.chunks import Moment
from registry.screening.operations import Asked, Listed
from registry.screening.queries import Screening
from registry.screening.states import State
from tests import factories
from tests.registry.certificates import scenes
from tests.registry.profiles.scenes import hide
from tests.registry.screening import lists

pytestmark = pytest.mark.anyio
MATCH = Match(0.9312, "strong", (Reason("born.same", 13.0, "1971-05-17", "1971-05-17"),
                                 Reason("phone.same", 25.0, "+254712345678", "+254712345678")))  # fmt: skip


def begun(connection: Connection, **who: Any) -> tuple[Screening, Moment]:
    """Begin a screening and take it to work on."""
    factories.enrol_cast(connection)
    work = factories.work(connection, lists.supervisor(connection, **who))
    screening = operations.begin_command(work, Listed("a" * 64, 10), Asked())
    moment = Moment(factories.MOMENT, factories.EDITION, factories.SEALER, new_id())
    chunks.taken(connection, moment, screening.id)
    return screening, moment


def found(*rows: int, number: int = 1) -> Screened:
    return Screened(0, 10, tuple(Found(row, f"PNR {row}", number, MATCH) for row in rows), ())


def disclosures(connection: Connection) -> int:
    statement = sa.select(sa.func.count()).where(entries.c.operation == "screeningDisclose")
    return int(connection.execute(statement).scalar_one())


def read(connection: Connection, screening: UUID, **who: Any) -> operations.HitPage:
    return operations.read_hits(factories.work(connection, lists.supervisor(connection, **who)), screening, limit=10)


async def test_hits_come_best_first_with_reasons_profile_and_discriminator(database: Database) -> None:
    def run(connection: Connection) -> tuple[operations.HitPage, operations.HitPage]:
        factories.vetted(connection, factories.record())
        screening, moment = begun(connection)
        weaker = Found(2, "PNR 2", 1, replace(MATCH, score=0.61, band="possible", reasons=()))
        chunks.enter(connection, moment, screening.id, Screened(0, 10, (weaker, *found(7).found), ()))
        work = factories.work(connection, lists.supervisor(connection))
        first = operations.read_hits(work, screening.id, limit=1)
        return first, operations.read_hits(work, screening.id, limit=1, after=first.places[-1])

    first, second = await database.write(run)

    (best,), (other,) = first.hits, second.hits
    assert (best.row, best.reference, best.score, best.discriminator) == (7, "PNR 7", 0.9312, True)
    assert best.reasons[0].sentence == "For: The date of birth 1971-05-17 is the same."
    assert best.profile.register_number == 1
    assert (other.row, other.band, other.discriminator) == (2, "possible", False)
    assert (first.has_next, second.has_next) == (True, False)


async def test_reasons_are_masked_like_those_of_a_search(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        factories.vetted(connection, factories.record())
        screening, moment = begun(connection, purpose=Purpose.OFFENDER_SUPERVISION)
        match = replace(MATCH, reasons=(*MATCH.reasons, Reason("document.same", 33.0, "INV1", "INV1")))
        chunks.enter(connection, moment, screening.id, Screened(0, 10, (Found(1, "", 1, match),), ()))
        (hit,) = read(connection, screening.id, purpose=Purpose.OFFENDER_SUPERVISION).hits
        return [each.feature for each in hit.reasons]

    assert await database.write(run) == ["born.same", "phone.same"]


async def test_a_profile_is_entered_once_however_many_chunks_meet_it(database: Database) -> None:
    def run(connection: Connection) -> list[int]:
        factories.vetted(connection, factories.record())
        screening, moment = begun(connection)
        chunks.enter(connection, moment, screening.id, replace(found(1, 2), rows=5))
        first = disclosures(connection)
        chunks.enter(connection, moment, screening.id, replace(found(6), first=5, rows=5))
        return [first, disclosures(connection)]

    assert await database.write(run) == [1, 1]


async def test_who_may_not_be_known_of_is_neither_told_nor_entered(database: Database) -> None:
    """Their owner is told instead, in the same transaction."""

    def run(connection: Connection) -> tuple[int, int, Any]:
        hide(connection, "covert")
        screening, moment = begun(connection)
        step = chunks.enter(connection, moment, screening.id, found(1))
        told = connection.execute(sa.select(notices.c.audience, notices.c.details).where(notices.c.topic == "alert"))
        return step.hits, disclosures(connection), [(row.audience, row.details["how"]) for row in told]

    assert await database.write(run) == (0, 0, [(factories.AGENCY, "screening")])


async def test_a_chunk_is_entered_once_and_by_whoever_holds_the_list(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        screening, moment = begun(connection)
        chunks.enter(connection, moment, screening.id, found())
        codes = []
        for other in (moment, replace(moment, holder=new_id())):
            with pytest.raises(Conflict) as refused:
                chunks.enter(connection, other, screening.id, found())
            codes.append(refused.value.code)
        return codes

    assert await database.write(run) == ["SCREENING_RUNNING", "SCREENING_RUNNING"]


async def test_a_list_that_somebody_holds_is_not_taken_until_they_are_silent(database: Database) -> None:
    def run(connection: Connection) -> list[bool]:
        work = factories.work(connection, lists.supervisor(connection))
        begun = operations.begin(work, Asked())
        identifier = read_public_id("screening", begun.screening.id)
        now, holders = factories.MOMENT, [new_id(), new_id()]
        queries.reserve(connection, identifier, people=1, digest="a" * 64)
        queries.queue(connection, identifier)
        until = now + limits.LEASE
        tried = ((holders[0], now), (holders[1], now), (holders[0], now), (holders[1], until))
        return [queries.hold(connection, identifier, holder, now=at, until=until) for holder, at in tried]

    assert await database.write(run) == [True, False, True, True]


@pytest.mark.parametrize("who", [{"agency": factories.ELSEWHERE}, {"purpose": Purpose.MISSING_CHILD}],
                         ids=["another agency", "another purpose"])  # fmt: skip
async def test_a_screening_of_others_looks_like_one_that_is_not_there(database: Database, who: dict[str, Any]) -> None:
    def run(connection: Connection) -> set[str]:
        screening, _ = begun(connection)
        work = factories.work(connection, lists.supervisor(connection, **who))
        told = set()
        for identifier in (screening.id, new_id()):
            for use_case in (operations.read_screening, operations.cancel, operations.read_problems):
                with pytest.raises(NotFound) as refused:
                    use_case(work, identifier)
                told.add(str(refused.value))
        return told

    assert await database.write(run) == {"id: No such screening."}


async def test_a_screening_that_is_over_cannot_be_cancelled(database: Database) -> None:
    def run(connection: Connection) -> str:
        screening, moment = begun(connection)
        chunks.enter(connection, moment, screening.id, found())
        chunks.finish(connection, moment, screening.id)
        with pytest.raises(Conflict) as refused:
            operations.cancel(factories.work(connection, lists.supervisor(connection)), screening.id)
        return refused.value.code

    assert await database.write(run) == "SCREENING_OVER"


async def test_what_was_found_is_forgotten_after_thirty_days(database: Database) -> None:
    def run(connection: Connection) -> tuple[int, State | None, object]:
        factories.vetted(connection, factories.record())
        screening, moment = begun(connection)
        chunks.enter(connection, moment, screening.id, found(1))
        chunks.finish(connection, moment, screening.id)
        late = factories.MOMENT + limits.KEPT * 2
        operations.purge(connection, late)
        stands = queries.by_id(connection, screening.id)
        left = len(read(connection, screening.id).hits)
        return left, stands.state if stands else None, queries.data_key(connection, factories.SEALER, screening.id)

    assert await database.write(run) == (0, State.FINISHED, None)


async def test_of_a_case_the_newest_screening_comes_first(database: Database) -> None:
    def run(connection: Connection) -> list[list[str]]:
        work = factories.work(connection, lists.supervisor(connection))
        made = [operations.begin(work, Asked()).screening.id for _ in range(3)]
        first = operations.list_screenings(work, limit=2)
        rest = operations.list_screenings(work, limit=2, after=first[-1][1])
        return [[view.id for view, _ in (*first, *rest)], made[::-1]]

    listed, made = await database.write(run)
    assert listed == made


async def test_a_hit_is_warned_of_as_it_was_found_for_as_long_as_the_certificate_stands(database: Database) -> None:
    def run(connection: Connection) -> list[list[object]]:
        certificate = scenes.issued(connection, factories.vetted(connection, factories.record()))
        number = certificate.number or ""
        warning = WarningView("NOT_THIS_PERSON", number, PartialDate(2027, 1, 2), "Somebody is certified.")
        screening, moment = begun(connection)
        warned = Found(1, "PNR 1", 1, MATCH, warning)
        chunks.enter(connection, moment, screening.id, Screened(0, 10, (warned, Found(2, "PNR 2", 1, MATCH)), ()))
        work = factories.work(connection, lists.supervisor(connection))
        told: list[list[object]] = [
            [each.warning == warning for each in operations.read_hits(work, screening.id, limit=10).hits]
        ]
        registrar = factories.work(connection, factories.actor(connection, role=Role.REGISTRAR))
        certifying.revoke(registrar, scenes.identifier(certificate), Why.MISTAKEN)
        told.append([each.warning for each in operations.read_hits(work, screening.id, limit=10).hits])
        return [*told, [event.details.get("warned") == [number] for event in work.events]]

    assert await database.write(run) == [[False, True], [None, None], [True, False]]


async def test_only_whoever_holds_a_list_says_that_it_is_whole(database: Database) -> None:
    """A process that slept finds no chunk left: they are with the one that has taken over."""

    def run(connection: Connection) -> tuple[str, State | None]:
        screening, moment = begun(connection)
        chunks.taken(connection, replace(moment, holder=new_id()), screening.id)
        with pytest.raises(Conflict) as refused:
            chunks.finish(connection, moment, screening.id)
        stands = queries.by_id(connection, screening.id)
        return refused.value.code, stands.state if stands else None

    assert await database.write(run) == ("SCREENING_RUNNING", State.RUNNING)


async def test_a_list_that_has_lost_rows_is_not_whole(database: Database) -> None:
    def run(connection: Connection) -> str:
        screening, moment = begun(connection)
        chunks.enter(connection, moment, screening.id, replace(found(), rows=9))
        with pytest.raises(InputRefused) as refused:
            chunks.finish(connection, moment, screening.id)
        return refused.value.code

    assert await database.write(run) == "FILE_CHANGED"


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
async def test_what_a_stopped_command_found_is_forgotten_as_well(database: Database, days: int, left: int) -> None:
    def run(connection: Connection) -> tuple[int, str | None]:
        factories.vetted(connection, factories.record())
        screening, moment = begun(connection)
        chunks.enter(connection, moment, screening.id, replace(found(1), rows=5))
        operations.purge(connection, factories.MOMENT + timedelta(days=days))
        stands = queries.by_id(connection, screening.id)
        assert stands is not None
        return len(read(connection, screening.id).hits), stands.failure

    assert await database.write(run) == (left, None if left else "SCREENING_ABANDONED")
