"""Certificates on both databases: two officers, one person known to nobody else, and forgotten in the end."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries
from registry.audit.sealed import opened
from registry.certificates import issuing, numbers, operations, queries
from registry.certificates.intake import MOST_PROFILES, Person, Presented
from registry.certificates.issuing import BY_OFFICERS, State, Why
from registry.certificates.models import certificate_holders, certificate_profiles, certificate_tokens, certificates
from registry.certificates.views import CertificateView
from registry.core.db import Database
from registry.core.errors import Forbidden, InputRefused, NotFound, RegistryError
from registry.core.ids import public_id, read_public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Role
from registry.matching.types import Identifier
from registry.profiles.standing import Change
from tests.factories import ELSEWHERE, MOMENT, SEALER, actor, changed, record, statements, vetted, work
from tests.registry.certificates.scenes import INNOCENT, NATIONAL_ID, identifier, issued, on_register, proposed

pytestmark = pytest.mark.anyio
OF_A_PERSON = (certificate_holders, certificate_tokens, certificate_profiles)
JUVENILE: dict[str, Any] = {
    "category": "juvenile",
    "orders": [
        {"kind": "registration", "court": "Invented Law Courts", "number": "JV 1/2020", "made_on": "2020-01-01"}
    ],
}


def left(connection: Connection) -> list[int]:
    """Return how many rows say anything of a holder."""
    return [connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in OF_A_PERSON]


def read(
    connection: Connection, number: str | None, shown: Person | None = None, *, now: Any = MOMENT, **by: Any
) -> CertificateView:
    assert number is not None
    return operations.read(work(connection, actor(connection, **by), now), Presented(number, shown))


def refusal(run: Any) -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        run()
    return caught.value


# -- issuing


async def test_one_officer_proposes_and_another_issues(database: Database) -> None:
    def run(connection: Connection) -> None:
        profile = on_register(connection)
        waiting = proposed(connection, profile)
        made = operations.decide(work(connection, actor(connection, role=Role.SUPERVISOR)), identifier(waiting))

        assert (waiting.state, waiting.number, waiting.valid_until, waiting.months) == ("proposed", None, None, 24)
        assert (made.state, str(made.valid_until), made.against) == (
            "issued", "2028-11-21", (public_id("profile", profile),),
        )  # fmt: skip
        assert made.holder is not None
        assert (made.holder.names, str(made.holder.birth_date)) == (("Juma Hamisi Mwakio",), "1971-05-17")
        assert (made.reason, made.same_as_shown) == ("An invented confusion", None)
        assert made.number == numbers.read(made.number or "")

    await database.write(run)


async def test_an_own_proposal_is_not_issued(database: Database) -> None:
    def run(connection: Connection) -> str:
        waiting = proposed(connection, on_register(connection))
        same = replace(actor(connection, role=Role.SUPERVISOR), officer=actor(connection, role=Role.REGISTRAR).officer)
        return refusal(lambda: operations.decide(work(connection, same), identifier(waiting))).code

    assert await database.write(run) == "OWN_PROPOSAL"


async def test_a_rejected_certificate_knows_nobody(database: Database) -> None:
    def run(connection: Connection) -> tuple[CertificateView, list[int]]:
        waiting = proposed(connection, on_register(connection))
        supervisor = work(connection, actor(connection, role=Role.SUPERVISOR))
        view = operations.decide(supervisor, identifier(waiting), why_not=Why.NOT_PROVEN)
        return view, left(connection)

    view, rows = await database.write(run)

    assert (view.state, view.ended_why, view.holder, view.reason, view.against) == (
        "rejected", "not_proven", None, None, (),
    )  # fmt: skip
    assert rows == [0, 0, 0]


async def test_whose_document_stands_in_the_record_is_not_certified(database: Database) -> None:
    """Either they are the person, or the record is wrong and is amended."""

    def run(connection: Connection) -> str:
        own = (Identifier("national_id", "INV1234567", "KE"),)
        waiting = proposed(connection, on_register(connection), identifiers=own)
        supervisor = work(connection, actor(connection, role=Role.SUPERVISOR))
        return refusal(lambda: operations.decide(supervisor, identifier(waiting))).code

    assert await database.write(run) == "CERTIFICATE_ON_REGISTER"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"names": ()}, "LIST_MALFORMED", "holder.names"),
        ({"names": ("?!",)}, "NAME_MALFORMED", "holder.names"),
        ({"names": ("x" * 201,)}, "TEXT_MALFORMED", "holder.names[0]"),
        ({"identifiers": ()}, "LIST_MALFORMED", "holder.identifiers"),
        ({"identifiers": (Identifier("stamp", "DEMO1"),)}, "CODE_UNKNOWN", "holder.identifiers[0].type"),
        ({"identifiers": (Identifier("passport", "?"),)}, "FORM_MALFORMED", "holder.identifiers[0].value"),
        ({"identifiers": (Identifier("passport", "DEMO1", "QQ"),)}, "COUNTRY_UNKNOWN", "holder.identifiers[0].country"),
        ({"birth_date": PartialDate(1971, 5)}, "DATE_MALFORMED", "holder.birthDate"),
        ({"birth_date": PartialDate(2030, 5, 1)}, "DATE_IN_FUTURE", "holder.birthDate"),
        ({"months": 0}, "NUMBER_MALFORMED", "months"),
        ({"months": 61}, "NUMBER_MALFORMED", "months"),
        ({"reason": "x"}, "REASON_MALFORMED", "reason"),
        ({"against": ()}, "LIST_MALFORMED", "profileIds"),
        ({"against": tuple(uuid4() for _ in range(MOST_PROFILES + 1))}, "LIST_MALFORMED", "profileIds"),
        ({"against": (UUID(int=1),)}, "NOT_FOUND", "profileIds"),
    ],
)
async def test_what_breaks_a_rule_is_named_and_nothing_is_kept(
    database: Database, changes: dict[str, Any], code: str, field: str
) -> None:
    def run(connection: Connection) -> tuple[RegistryError, list[int]]:
        profile = on_register(connection)
        return refusal(lambda: proposed(connection, profile, **changes)), left(connection)

    refused, rows = await database.write(run)

    assert (refused.code, refused.field, rows) == (code, field, [0, 0, 0])


async def test_whom_an_officer_may_not_know_of_nobody_is_certified_against(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        sealed = changed(connection, on_register(connection), Change.SEAL)
        return [refusal(partial(proposed, connection, each)).code for each in (sealed, uuid4())]

    assert await database.write(run) == ["NOT_FOUND", "NOT_FOUND"]


# -- looking


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        (INNOCENT, True),
        (replace(INNOCENT, names=("Mwakio Juma",)), True),
        (replace(INNOCENT, identifiers=()), True),
        (replace(INNOCENT, identifiers=(Identifier("national_id", "INV1234567", "KE"),)), False),
        (replace(INNOCENT, names=("Peter Otieno",)), False),
        (None, None),
    ],
)
async def test_an_officer_compares_and_learns_no_more_than_was_shown(
    database: Database, shown: Person | None, same: bool | None
) -> None:
    def run(connection: Connection) -> CertificateView:
        return read(connection, issued(connection, on_register(connection)).number, shown)

    view = await database.write(run)

    assert (view.state, view.same_as_shown, view.holder, view.reason) == ("issued", same, None, None)


@pytest.mark.parametrize("by_whom", [{"agency": ELSEWHERE}, {}], ids=["another office", "the office that proposed"])
async def test_unknown_expired_revoked_and_hidden_are_told_alike_by_one_statement(
    database: Database, by_whom: dict[str, Any]
) -> None:
    def run(connection: Connection) -> list[tuple[Any, ...]]:
        profile = on_register(connection)
        keeper = work(connection, actor(connection, role=Role.SUPERVISOR))
        revoked, hidden = issued(connection, profile), issued(connection, vetted(connection, record()))
        operations.revoke(keeper, identifier(revoked), Why.LOST)
        changed(connection, read_public_id("profile", hidden.against[0]), Change.SEAL)
        waiting = issued(connection, profile)
        late = MOMENT + timedelta(days=365 * 3)
        found = []
        for number, now in (
            (numbers.EXAMPLE, MOMENT), (revoked.number, MOMENT), (hidden.number, MOMENT), (waiting.number, late),
        ):  # fmt: skip
            by = actor(connection, **by_whom)
            asking = work(connection, by, now)
            with statements(connection) as seen:
                refused = refusal(partial(operations.read, asking, Presented(str(number))))
            found.append((type(refused), refused.code, refused.field, str(refused), len(seen)))
        return found

    found = await database.write(run)

    assert set(found) == {(NotFound, "NOT_FOUND", "number", "number: No such certificate.", 1)}


async def test_the_last_day_is_a_day_of_it(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        number = issued(connection, on_register(connection), months=1).number
        last = MOMENT.replace(month=12)
        day_after = last + timedelta(days=1)
        return [read(connection, number, now=last).state, refusal(lambda: read(connection, number, now=day_after)).code]

    assert await database.write(run) == ["issued", "NOT_FOUND"]


@pytest.mark.parametrize("number", ["", "CERT", numbers.EXAMPLE.lower(), f"{numbers.EXAMPLE} "])
async def test_what_is_no_number_is_told_so_and_nothing_is_read(database: Database, number: str) -> None:
    def run(connection: Connection) -> tuple[str, int]:
        asking = work(connection, actor(connection))
        with statements(connection) as seen:
            refused = refusal(lambda: operations.read(asking, Presented(number)))
        return refused.code, len(seen)

    assert await database.write(run) == ("FORM_MALFORMED", 0)


async def test_a_look_stands_in_the_log_and_what_was_shown_stands_there_sealed(database: Database) -> None:
    def run(connection: Connection) -> tuple[Any, UUID]:
        profile = on_register(connection)
        view = issued(connection, profile)
        asking = work(connection, actor(connection))
        operations.read(asking, Presented(str(view.number), INNOCENT))
        return asking.events, profile

    (event,), profile = await database.write(run)

    assert (event.name, event.records) == ("certificate:read", (profile,))
    presented = event.details["presented"]
    assert sorted(presented["sealed"]["fields"]) == ["birthDate", "identifiers", "names", "number"]
    assert "Mwakio" not in str(event.details)
    assert opened(event.details, SEALER)["presented"]["names"] == ["Juma Hamisi Mwakio"]


async def test_a_refused_look_stands_in_the_log_with_the_number_sealed(database: Database) -> None:
    def run(connection: Connection) -> Any:
        asking = work(connection, actor(connection))
        refusal(lambda: operations.read(asking, Presented(numbers.EXAMPLE)))
        return asking.events

    (event,) = await database.write(run)

    assert event.name == "certificate:read:refused"
    assert numbers.EXAMPLE not in str(event.details)
    assert opened(event.details, SEALER)["presented"]["number"] == numbers.EXAMPLE


async def test_those_who_keep_certificates_see_the_holders_and_page_through_them(database: Database) -> None:
    def run(connection: Connection) -> None:
        profile = on_register(connection)
        first, second = issued(connection, profile), proposed(connection, profile)
        keeper = actor(connection, role=Role.SUPERVISOR)
        one = operations.list_certificates(work(connection, keeper), None, after=None, limit=1)
        other = operations.list_certificates(work(connection, keeper), None, after=one.last, limit=1)
        chosen = operations.list_certificates(work(connection, keeper), State.PROPOSED, after=None, limit=9)
        none = operations.list_certificates(work(connection, keeper), State.REVOKED, after=None, limit=9)

        assert ([each.id for each in one.certificates], one.has_next) == ([first.id], True)
        assert ([each.id for each in other.certificates], other.has_next) == ([second.id], False)
        assert [each.id for each in chosen.certificates] == [second.id]
        assert (none.certificates, none.last, none.has_next) == ((), None, False)
        assert all(each.holder is not None for each in (*one.certificates, *other.certificates))

    await database.write(run)


async def test_a_page_costs_two_statements_however_many_it_holds(database: Database) -> None:
    def run(connection: Connection) -> list[int]:
        profile, counted = on_register(connection), []
        for _ in range(3):
            proposed(connection, profile)
            keeper = work(connection, actor(connection, role=Role.SUPERVISOR))
            with statements(connection) as seen:
                operations.list_certificates(keeper, None, after=None, limit=10)
            counted.append(len(seen))
        return counted

    assert await database.write(run) == [2, 2, 2]


async def test_the_desk_keeps_those_of_its_own_office_and_is_told_of_no_profile(database: Database) -> None:
    def run(connection: Connection) -> list[list[tuple[str, ...]]]:
        proposed(connection, on_register(connection))
        return [
            [
                each.against
                for each in operations.list_certificates(
                    work(connection, actor(connection, role=Role.DESK_OFFICER, agency=agency)),
                    None,
                    after=None,
                    limit=9,
                ).certificates
            ]
            for agency in (actor().agency, ELSEWHERE)
        ]

    assert await database.write(run) == [[()], []]


async def test_the_paper_is_for_those_who_keep_certificates(database: Database) -> None:
    def run(connection: Connection) -> None:
        view = issued(connection, on_register(connection))
        desk = work(connection, actor(connection, role=Role.DESK_OFFICER))
        made = operations.read_paper(desk, str(view.number))
        elsewhere = work(connection, actor(connection, role=Role.DESK_OFFICER, agency=ELSEWHERE))
        investigator = work(connection, actor(connection))

        assert (made.number, made.names, str(made.valid_until)) == (view.number, INNOCENT.names, "2028-11-21")
        assert [each.name for each in desk.events] == ["certificate:printed"]
        assert refusal(lambda: operations.read_paper(elsewhere, str(view.number))).code == "NOT_FOUND"
        with pytest.raises(Forbidden):
            operations.read_paper(investigator, str(view.number))

    await database.write(run)


# -- ending


@pytest.mark.parametrize("why", list(Why))
async def test_a_revoked_certificate_knows_nobody(database: Database, why: Why) -> None:
    def run(connection: Connection) -> tuple[str, list[int]]:
        view = issued(connection, on_register(connection))
        desk = work(connection, actor(connection, role=Role.DESK_OFFICER))
        try:
            return operations.revoke(desk, identifier(view), why).state, left(connection)
        except InputRefused as refused:
            return refused.code, left(connection)

    ended = why in BY_OFFICERS
    assert await database.write(run) == (("revoked", [0, 0, 0]) if ended else ("CODE_UNKNOWN", [1, 2, 1]))


async def test_what_is_held_of_a_holder_stands_nowhere_in_clear(database: Database) -> None:
    def run(connection: Connection) -> str:
        issued(connection, on_register(connection))
        return str([connection.execute(sa.select(table)).all() for table in (certificates, *OF_A_PERSON)])

    told = await database.write(run)

    for value in ("Mwakio", "Juma", "1971", NATIONAL_ID.value, "invented confusion"):
        assert value not in told


async def test_who_was_faster_is_not_overwritten(database: Database) -> None:
    def run(connection: Connection) -> str:
        view = issued(connection, on_register(connection))
        desk = work(connection, actor(connection, role=Role.DESK_OFFICER))
        operations.revoke(desk, identifier(view), Why.ASKED)
        return refusal(lambda: operations.revoke(desk, identifier(view), Why.ASKED)).code

    assert await database.write(run) == "CERTIFICATE_STATE"


async def test_of_two_at_once_the_second_is_told_to_look_again(database: Database) -> None:
    def run(connection: Connection) -> str:
        found = queries.by_id(connection, identifier(issued(connection, on_register(connection))))
        assert found is not None
        ended = issuing.revoked(found.certificate, Why.ASKED, by=None, at=MOMENT)
        queries.put(connection, found.certificate, ended)
        return refusal(partial(queries.put, connection, found.certificate, ended)).code

    assert await database.write(run) == "CERTIFICATE_STATE"


async def test_time_ends_a_certificate_and_forgets_its_holder(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[int], list[int], str, Any]:
        view = issued(connection, on_register(connection), months=1)
        days = [MOMENT.replace(month=12), MOMENT.replace(month=12) + timedelta(days=1)]
        ended = [operations.end_due(connection, day) for day in days]
        keeper = work(connection, actor(connection, role=Role.SUPERVISOR))
        (now,) = operations.list_certificates(keeper, State.EXPIRED, after=None, limit=9).certificates
        logged = connection.execute(sa.select(entries.c.body)).scalars().all()
        return ended, left(connection), f"{now.ended_why} {now.id == view.id}", logged

    ended, rows, why, logged = await database.write(run)

    assert (ended, rows, why) == ([0, 1], [0, 0, 0], "time_over True")
    assert [each["events"][0]["name"] for each in logged] == ["certificate:ended"]


async def test_a_removed_profile_ends_its_link_and_with_the_last_one_the_certificate(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[int], list[list[int]]]:
        one = on_register(connection)
        other = vetted(connection, record(names=[{"full": "Juma Hamisi Mwakyo"}], identifiers=None))
        issued(connection, one, other)
        ended, rows = [], []
        for profile in (one, other):
            changed(connection, profile, Change.RETIRE)
            ended.append(operations.end_due(connection, MOMENT))
            changed(connection, profile, Change.REMOVE)
            ended.append(operations.end_due(connection, MOMENT))
            rows.append(left(connection))
        return ended, rows

    ended, rows = await database.write(run)

    assert ended == [0, 0, 0, 1]
    assert rows == [[1, 2, 1], [0, 0, 0]]
