"""The desk at work, on both databases: asked, identified, drawn up, released; and what nobody is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import directory
from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, InputRefused, NotFound, RegistryError
from registry.core.ids import new_id, public_id, read_public_id
from registry.core.partial_dates import PartialDate
from registry.core.sealing import Tampered
from registry.desk import operations, queries
from registry.desk.models import subject_requests
from registry.desk.report import ReportView
from registry.desk.requests import Draft, Kind, State
from registry.desk.views import OfficeView, RequestView
from registry.disclosure.vocabulary import Action, Purpose, Role
from registry.profiles import queries as profile_queries
from registry.profiles.models import revisions
from registry.profiles.operations import deciding, proposing, reading
from registry.profiles.standing import Change
from registry.work import OPERATIONS, Work
from tests.factories import (
    AGENCY,
    ELSEWHERE,
    MOMENT,
    SEALER,
    actor,
    approved,
    changed,
    record,
    statements,
    vetted,
    work,
)
from tests.registry.desk.scenes import (
    ACCURATE,
    AUTHORITY,
    DOCUMENTS,
    NOT_THE_PERSON,
    WITHHELD,
    asking,
    desk,
    drawn_up,
    for_minor,
    id_of,
    identified,
    known,
    officer,
    opened,
    released,
)

pytestmark = pytest.mark.anyio
T = TypeVar("T")
DAY = timedelta(days=1)


def refused(use: Callable[[], object]) -> str:
    with pytest.raises(RegistryError) as caught:
        use()
    return caught.value.code


def seen(connection: Connection, request: UUID) -> RequestView:
    return operations.read_request(desk(connection), request)


def supervisor(connection: Connection) -> Work:
    return work(connection, actor(connection, role=Role.SUPERVISOR))


# -- taking in


async def test_a_request_is_due_by_the_clock_of_its_kind(database: Database) -> None:
    def ask(connection: Connection) -> list[RequestView]:
        return [operations.open_request(desk(connection), asking(kind=kind)) for kind in Kind]

    views = await database.write(ask)

    assert [str(each.due_on) for each in views] == ["2026-11-28", "2026-12-05", "2026-11-28"]
    assert [each.days_left for each in views] == [7, 14, 7]
    assert {each.state for each in views} == {"received"}
    assert {(each.office, each.reference, each.answer) for each in views} == {(AGENCY, "DEMO/112/2026", None)}


async def test_the_clock_of_a_letter_starts_on_the_day_it_came(database: Database) -> None:
    view = await database.write(
        lambda connection: operations.open_request(desk(connection), asking(received_on=PartialDate(2026, 11, 2)))
    )

    assert (str(view.received_on), str(view.due_on)) == ("2026-11-02", "2026-11-09")
    assert (view.days_left, view.overdue) == (-12, True)


async def test_who_asked_is_sealed_and_stands_nowhere_else(database: Database) -> None:
    def ask(connection: Connection) -> None:
        asked = desk(connection)
        view = operations.open_request(asked, asking(applicant="DEMO Canary", contact="canary@example.org"))

        stored = repr(dict(connection.execute(sa.select(subject_requests)).mappings().one()))
        assert "anary" not in stored
        assert "anary" not in repr(asked.events)
        assert view.people is not None
        assert (view.people.applicant, view.people.contact) == ("DEMO Canary", "canary@example.org")

    await database.write(ask)


async def test_an_envelope_opens_for_its_own_request_only(database: Database) -> None:
    def swap(connection: Connection) -> None:
        one, two = opened(connection), opened(connection)
        people = connection.execute(sa.select(subject_requests.c.people).where(subject_requests.c.id == one)).scalar()
        connection.execute(subject_requests.update().where(subject_requests.c.id == two).values(people=people))
        with pytest.raises(Tampered):
            queries.people(connection, SEALER, [two])

    await database.write(swap)


async def test_taking_in_and_refusing_look_at_no_record(database: Database) -> None:
    def ask(connection: Connection) -> None:
        vetted(connection, record())
        desk(connection)
        with statements(connection) as said:
            asked = opened(connection, applicant="DEMO Juma Hamisi Mwakio")
            operations.refuse_request(desk(connection), asked, NOT_THE_PERSON)
            released(connection, asked)
        assert not [each for each in said if "profiles" in each or "search_keys" in each or "match_records" in each]

    await database.write(ask)


async def test_until_identity_is_proven_it_looks_the_same_on_the_register_and_off_it(database: Database) -> None:
    def ask(connection: Connection) -> list[dict[str, object]]:
        vetted(connection, record())
        return [
            {name: getattr(view, name) for name in RequestView.__slots__ if name not in ("id", "people")}
            for name in ("DEMO Juma Hamisi Mwakio", "DEMO Nobody Known")
            for view in [operations.open_request(desk(connection), asking(applicant=name))]
        ]

    on, off = await database.write(ask)

    assert on == off
    assert (on["on_register"], on["profile_id"]) == (None, None)


@pytest.mark.parametrize("use", [
    operations.read_report,
    lambda asked, request: operations.draw_up_answer(asked, request, WITHHELD),
    lambda asked, request: operations.propose_change(asked, request, Change.REMOVE, "An invented reason"),
    operations.release_answer,
], ids=["report", "answer", "proposal", "release"])  # fmt: skip
async def test_nothing_is_told_before_identity_is_proven(
    database: Database, use: Callable[[object, UUID], object]
) -> None:
    def ask(connection: Connection) -> str:
        return refused(lambda: use(desk(connection), opened(connection, kind=Kind.CORRECTION)))

    assert await database.write(ask) == "REQUEST_STATE"


# -- identifying


async def test_identity_is_proven_by_documents_and_a_record_linked(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RequestView, str, list[tuple[str, tuple[UUID, ...]]]]:
        profile = vetted(connection, record())
        asked = desk(connection)
        view = operations.identify_subject(asked, opened(connection), profile, DOCUMENTS)
        return view, public_id("profile", profile), [(each.name, each.records) for each in asked.events]

    view, profile, events = await database.write(ask)

    assert (view.state, view.on_register, view.profile_id) == ("identified", True, profile)
    assert [(each.kind, each.digest) for each in view.documents] == [tuple(each.values()) for each in DOCUMENTS]
    assert [name for name, _ in events] == ["profile:read:for_subject", "desk:request:identified"]
    assert {records for _, records in events} == {(read_public_id("profile", profile),)}


async def test_a_search_that_finds_the_name_proves_nothing(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, str]:
        profile, request = vetted(connection, record()), opened(connection)
        code = refused(lambda: operations.identify_subject(desk(connection), request, profile, DOCUMENTS[:1]))
        return code, seen(connection, request).state

    assert await database.write(ask) == ("IDENTITY_NOT_PROVEN", "received")


async def test_a_parent_shows_that_they_may_ask(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, str]:
        request = opened(connection, **for_minor())
        code = refused(lambda: operations.identify_subject(desk(connection), request, None, DOCUMENTS))
        view = operations.identify_subject(desk(connection), request, None, [*DOCUMENTS, AUTHORITY])
        return code, view.state

    assert await database.write(ask) == ("AUTHORITY_NOT_PROVEN", "identified")


async def test_a_record_that_is_not_there_can_not_be_linked(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, str]:
        request = opened(connection)
        code = refused(lambda: operations.identify_subject(desk(connection), request, new_id(), DOCUMENTS))
        return code, seen(connection, request).state

    assert await database.write(ask) == ("NOT_FOUND", "received")


async def test_a_record_that_was_merged_answers_through_the_one_it_became(database: Database) -> None:
    def ask(connection: Connection) -> tuple[int | None, UUID, UUID]:
        one, two = vetted(connection, record()), vetted(connection, record(phones=["+254712999999"]))
        changed(connection, one, Change.MERGE, other=two, record=record())
        told = operations.read_report(desk(connection), known(connection, two)).record
        assert told is not None
        disputed = known(connection, two, Kind.CORRECTION)
        operations.propose_change(desk(connection), disputed, Change.CONTEST, "An invented dispute")
        proposed = sa.select(revisions.c.profile).where(revisions.c.change == Change.CONTEST.value)
        return told.register_number, one, connection.execute(proposed).scalar_one()

    number, one, contested = await database.write(ask)

    assert (number, contested) == (1, one)


# -- who may


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.DESK_OFFICER])
async def test_nobody_else_sees_a_request(database: Database, role: Role) -> None:
    def ask(connection: Connection) -> None:
        request = opened(connection)
        for purpose in Purpose:
            other = work(connection, actor(connection, role=role, purpose=purpose))
            for use in (
                lambda other=other: operations.read_request(other, request),
                lambda other=other: operations.list_requests(other, after=None, limit=5),
                lambda other=other: operations.open_request(other, asking()),
                lambda other=other: operations.count_offices(other),
                lambda other=other: reading.read_for_subject(other, new_id()),
                lambda other=other: proposing.propose_for_subject(other, new_id(), Change.CONTEST, "A reason"),
            ):
                with pytest.raises(Forbidden):
                    use()

    await database.write(ask)


async def test_an_officer_of_the_desk_asks_for_no_other_purpose_and_never_searches(database: Database) -> None:
    def ask(connection: Connection) -> None:
        profile = vetted(connection, record())
        investigating = work(
            connection, actor(connection, role=Role.DESK_OFFICER, purpose=Purpose.CRIMINAL_INVESTIGATION)
        )
        with pytest.raises(Forbidden):
            operations.list_requests(investigating, after=None, limit=5)
        with pytest.raises(Forbidden):
            reading.read_profile(desk(connection), profile)

    await database.write(ask)


async def test_another_office_does_not_know_of_a_request(database: Database) -> None:
    def ask(connection: Connection) -> None:
        request = opened(connection)
        elsewhere = desk(connection, agency=ELSEWHERE)
        for use in (operations.read_request, operations.release_answer, operations.withdraw_request):
            with pytest.raises(NotFound):
                use(elsewhere, request)
        assert operations.list_requests(elsewhere, after=None, limit=5).requests == ()

    await database.write(ask)


def test_every_use_case_of_the_desk_asks_the_same_permission() -> None:
    desks = {name: action for name, action in OPERATIONS.items() if name.startswith("registry.desk.")}

    assert len(desks) == 13
    assert set(desks.values()) == {Action.DESK_ANSWER}


# -- a report


async def test_a_report_is_drawn_up_by_one_and_released_by_another(database: Database) -> None:
    def ask(connection: Connection) -> RequestView:
        request = drawn_up(connection, known(connection, vetted(connection, record())))
        assert refused(lambda: operations.release_answer(desk(connection), request)) == "OWN_ANSWER"
        return released(connection, request, MOMENT + DAY)

    view = await database.write(ask)

    assert (view.state, view.in_time, str(view.closed_on), view.days_left) == ("answered", True, "2026-11-22", None)
    assert view.answer is not None
    assert (view.answer.state, view.answer.outcome) == ("released", "report")
    assert view.answer.drawn_by != view.answer.released_by
    assert view.answer.ground is not None
    assert view.answer.ground.article == "Data Protection Act 2019, section 51(2)(b)"
    assert [each.code for each in view.answer.appeals] == ["KE-DPA-56", "KE-DPA-64"]
    assert view.answer.digest is not None


async def test_nobody_releases_through_a_delegate(database: Database) -> None:
    def ask(connection: Connection) -> str:
        one, two = officer(connection, "1").officer, officer(connection, "2").officer
        assert one is not None
        assert two is not None
        directory.delegate(connection, one.id, two.id, since=MOMENT - DAY, until=MOMENT + DAY)
        request = drawn_up(connection, known(connection, vetted(connection, record())))
        return refused(lambda: released(connection, request))

    assert await database.write(ask) == "OWN_ANSWER"


async def test_an_answer_that_was_returned_is_drawn_up_anew(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RequestView, RequestView]:
        request = drawn_up(connection, known(connection, vetted(connection, record())))
        back = operations.return_answer(desk(connection, "2"), request, "Name the other ground")
        drawn_up(connection, request, NOT_THE_PERSON)
        return back, released(connection, request)

    back, view = await database.write(ask)

    assert back.answer is not None
    assert (back.state, back.answer.state, back.answer.note) == ("identified", "returned", "Name the other ground")
    assert view.answer is not None
    assert view.answer.ground is not None
    assert (view.state, view.answer.ground.code, view.answer.note) == ("answered", NOT_THE_PERSON, None)


@pytest.mark.parametrize(
    ("on_register", "ground", "code"),
    [(True, None, "GROUND_MISSING"), (True, "KE-DPA-36", "GROUND_UNKNOWN"), (True, "x", "GROUND_UNKNOWN"),
     (False, WITHHELD, "GROUND_UNKNOWN")],
)  # fmt: skip
async def test_what_is_withheld_has_a_legal_ground_of_the_edition(
    database: Database, on_register: bool, ground: str | None, code: str
) -> None:  # fmt: skip
    def ask(connection: Connection) -> str:
        request = known(connection, vetted(connection, record()) if on_register else None)
        return refused(lambda: operations.draw_up_answer(desk(connection), request, ground))

    assert await database.write(ask) == code


async def test_a_report_is_not_released_once_the_record_has_changed(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, str]:
        profile = vetted(connection, record())
        request = drawn_up(connection, known(connection, profile))
        changed(connection, profile, Change.CONTEST)
        outdated = refused(lambda: released(connection, request))
        operations.return_answer(desk(connection, "2"), request, "Draw it up anew")
        drawn_up(connection, request)
        return outdated, released(connection, request).state

    assert await database.write(ask) == ("ANSWER_OUTDATED", "answered")


async def test_somebody_who_is_not_on_the_register_is_told_so(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RequestView, ReportView]:
        request = drawn_up(connection, known(connection, None), None)
        return released(connection, request), operations.read_report(desk(connection), request)

    view, report = await database.write(ask)

    assert (view.state, view.on_register, view.profile_id) == ("answered", False, None)
    assert view.answer is not None
    assert view.answer.outcome == "nothing_held"
    assert (report.on_register, report.record) == (False, None)
    assert len(report.rights) == 3


# -- refusals


@pytest.mark.parametrize("identified_first", [True, False])
async def test_a_refusal_names_its_ground_and_where_to_appeal(database: Database, identified_first: bool) -> None:
    def ask(connection: Connection) -> RequestView:
        request = known(connection, vetted(connection, record())) if identified_first else opened(connection)
        operations.refuse_request(desk(connection), request, NOT_THE_PERSON)
        return released(connection, request)

    view = await database.write(ask)

    assert view.state == "refused"
    assert view.answer is not None
    assert view.answer.ground is not None
    assert view.answer.ground.sentence.startswith("The right belongs to the data subject")
    assert [each.article for each in view.answer.appeals] == [
        "Data Protection Act 2019, section 56", "Data Protection Act 2019, section 64",
    ]  # fmt: skip


async def test_a_ground_is_one_for_this_kind_of_request(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, str]:
        access, correction = opened(connection), opened(connection, kind=Kind.CORRECTION)
        told = refused(lambda: operations.refuse_request(desk(connection), access, ACCURATE))
        return told, operations.refuse_request(desk(connection), correction, ACCURATE).state

    assert await database.write(ask) == ("GROUND_UNKNOWN", "received")


# -- correction and objection


async def test_a_dispute_becomes_a_proposal_that_another_chain_decides(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RequestView, str, RequestView, bool]:
        profile = vetted(connection, record())
        request = known(connection, profile, Kind.CORRECTION)
        view = operations.propose_change(desk(connection), request, Change.CONTEST, "The person disputes the date")
        undecided = refused(lambda: released(connection, request))
        assert view.answer is not None
        proposal = read_public_id("proposal", view.answer.proposal_id or "")
        shown = deciding.read_proposal(supervisor(connection), proposal)
        assert (shown.change, shown.proposed_chain) == ("contest", "data-protection")
        assert [each.reference for each in shown.documents or ()] == ["Desk file DEMO/112/2026"]
        approved(connection, proposal)
        row = profile_queries.by_id(connection, profile)
        assert row is not None
        return view, undecided, released(connection, request), bool(row["contested"])

    view, undecided, closed, contested = await database.write(ask)

    assert view.answer is not None
    assert (view.state, view.answer.outcome, view.answer.proposal_state) == ("identified", "proposal", "pending")
    assert undecided == "PROPOSAL_UNDECIDED"
    assert closed.answer is not None
    assert (closed.state, closed.answer.proposal_state, contested) == ("answered", "approved", True)


async def test_a_dispute_that_is_not_let_in_becomes_a_refusal(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, RequestView]:
        request = known(connection, vetted(connection, record()), Kind.CORRECTION)
        view = operations.propose_change(desk(connection), request, Change.CONTEST, "The person disputes the date")
        assert view.answer is not None
        proposal = read_public_id("proposal", view.answer.proposal_id or "")
        deciding.reject_change(supervisor(connection), proposal, "The judgment says so")
        code = refused(lambda: released(connection, request))
        operations.return_answer(desk(connection, "2"), request, "It was rejected")
        operations.refuse_request(desk(connection), request, ACCURATE)
        return code, released(connection, request)

    code, view = await database.write(ask)

    assert code == "PROPOSAL_NOT_LET_IN"
    assert (view.state, view.in_time) == ("refused", True)


async def test_the_desk_proposes_of_any_owners_record_and_decides_nothing(database: Database) -> None:
    def ask(connection: Connection) -> str:
        profile = vetted(connection, record(), agency=ELSEWHERE)
        request = known(connection, profile, Kind.OBJECTION)
        view = operations.propose_change(desk(connection), request, Change.RETIRE, "The person has died")
        assert view.answer is not None
        proposal = read_public_id("proposal", view.answer.proposal_id or "")
        with pytest.raises(Forbidden):
            deciding.approve_change(desk(connection, "2"), proposal)
        approved(connection, proposal)
        row = profile_queries.by_id(connection, profile)
        assert row is not None
        return str(row["standing_now"])

    assert await database.write(ask) == "retired"


@pytest.mark.parametrize(
    ("kind", "change", "more", "code"),
    [
        (Kind.ACCESS, Change.CONTEST, {}, "CHANGE_NOT_FITTING"),
        (Kind.CORRECTION, Change.RETIRE, {}, "CHANGE_NOT_FITTING"),
        (Kind.CORRECTION, Change.AMEND, {}, "CHANGE_NOT_FITTING"),
        (Kind.OBJECTION, Change.CONTEST, {}, "CHANGE_NOT_FITTING"),
        (Kind.OBJECTION, Change.REMOVE, {}, "ORDER_MISSING"),
        (Kind.CORRECTION, Change.CONTEST, {"reason": "x"}, "REASON_MALFORMED"),
    ],
    ids=str,
)
async def test_a_proposal_that_breaks_a_rule_is_refused_and_nothing_is_written(
    database: Database, kind: Kind, change: Change, more: dict[str, str], code: str
) -> None:
    profile = await database.write(lambda connection: vetted(connection, record()))
    request = await database.write(lambda connection: known(connection, profile, kind))

    def propose(connection: Connection) -> None:
        operations.propose_change(desk(connection), request, change, more.get("reason", "An invented reason"))

    with pytest.raises(InputRefused) as caught:
        await database.write(propose)

    def waiting(connection: Connection) -> tuple[int, object]:
        return queries.waiting_changes(connection, profile), seen(connection, request).answer

    assert caught.value.code == code
    assert await database.write(waiting) == (0, None)


async def test_what_is_contested_already_is_not_contested_twice(database: Database) -> None:
    def ask(connection: Connection) -> str:
        profile = vetted(connection, record())
        changed(connection, profile, Change.CONTEST)
        request = known(connection, profile, Kind.CORRECTION)
        return refused(lambda: operations.propose_change(desk(connection), request, Change.CONTEST, "Once more"))

    assert await database.write(ask) == "CONTESTED"


async def test_a_removal_by_order_is_proposed_with_the_orders_number(database: Database) -> None:
    def ask(connection: Connection) -> tuple[str, object]:
        profile = vetted(connection, record())
        request = known(connection, profile, Kind.CORRECTION)
        view = operations.propose_change(
            desk(connection), request, Change.REMOVE, "The court quashed it", order_number="MISC 7/2026"
        )
        assert view.answer is not None
        approved(connection, read_public_id("proposal", view.answer.proposal_id or ""))
        access = known(connection, profile)
        told = operations.read_report(desk(connection), access).record
        assert told is not None
        assert told.tombstone is not None
        assert (told.held, told.withheld) == ((), ())
        return told.standing, told.tombstone.order_number

    assert await database.write(ask) == ("removed", "MISC 7/2026")


# -- lists and counts


async def test_the_longest_overdue_come_first_page_by_page(database: Database) -> None:
    def ask(connection: Connection) -> list[list[tuple[str, int | None, bool]]]:
        for day in (9, 2, 15, 2):
            opened(connection, received_on=PartialDate(2026, 11, day))
        known(connection, None)
        pages: list[list[tuple[str, int | None, bool]]] = []
        after = None
        while True:
            page = operations.list_requests(desk(connection), after=after, limit=2)
            pages.append([(str(each.due_on), each.days_left, each.overdue) for each in page.requests])
            if not page.has_next:
                return pages
            after = page.places[-1]

    assert await database.write(ask) == [
        [("2026-11-09", -12, True), ("2026-11-09", -12, True)],
        [("2026-11-16", -5, True), ("2026-11-22", 1, False)],
        [("2026-11-28", 7, False)],
    ]


async def test_a_list_is_of_a_state_and_tells_the_log_whose_records_it_names(database: Database) -> None:
    def ask(connection: Connection) -> None:
        profile = vetted(connection, record())
        first, second = known(connection, profile), drawn_up(connection, known(connection, profile))
        opened(connection)
        asked = desk(connection)

        def listed(state: State | None, draft: Draft | None = None) -> list[UUID]:
            page = operations.list_requests(asked, state, draft, after=None, limit=9)
            return [id_of(each) for each in page.requests]

        assert listed(State.IDENTIFIED) == [first, second]
        assert asked.events[-1].records == (profile,)
        assert listed(State.ANSWERED) == []
        assert listed(None, Draft.DRAWN_UP) == [second]
        assert len(listed(None)) == 3

    await database.write(ask)


async def test_a_list_takes_as_many_statements_however_long_it_is(database: Database) -> None:
    def ask(connection: Connection) -> tuple[int, int]:
        for _ in range(20):
            known(connection, None)
        asked = desk(connection)
        with statements(connection) as many:
            page = operations.list_requests(asked, after=None, limit=20)
        with statements(connection) as few:
            operations.list_requests(asked, after=None, limit=1, with_people=False)
        assert all(each.people is not None for each in page.requests)
        return len(many), len(few)

    assert await database.write(ask) == (2, 1)


async def test_offices_are_counted_by_how_they_keep_their_time(database: Database) -> None:
    def ask(connection: Connection) -> tuple[OfficeView, ...]:
        for late in (False, False, True):
            request = opened(connection)
            operations.refuse_request(desk(connection), request, NOT_THE_PERSON)
            released(connection, request, MOMENT + (8 if late else 7) * DAY)
        operations.withdraw_request(desk(connection), opened(connection))
        opened(connection, received_on=PartialDate(2026, 11, 1))
        opened(connection, agency=ELSEWHERE)
        return operations.count_offices(desk(connection))

    counted = await database.write(ask)

    assert [(each.office, each.open, each.overdue, each.answered, each.in_time_rate) for each in counted] == [
        (ELSEWHERE, 1, 0, 0, None),
        (AGENCY, 1, 1, 3, 0.6667),
    ]


# -- the log, and two at once


async def test_each_step_leaves_its_event_with_the_record_and_no_name(database: Database) -> None:
    def ask(connection: Connection) -> None:
        profile = vetted(connection, record())
        asked, second = desk(connection), desk(connection, "2")
        request = id_of(operations.open_request(asked, asking()))
        operations.identify_subject(asked, request, profile, DOCUMENTS)
        operations.draw_up_answer(asked, request, WITHHELD)
        operations.return_answer(second, request, "An invented note")
        operations.draw_up_answer(asked, request, WITHHELD)
        operations.release_answer(second, request)

        told = [each for each in (*asked.events, *second.events) if each.name.startswith("desk:")]
        assert {each.name for each in told} == {
            "desk:request:opened", "desk:request:identified", "desk:answer:drawn_up", "desk:answer:returned",
            "desk:answer:released",
        }  # fmt: skip
        assert all(each.records == (profile,) for each in told[1:])
        assert all(each.details["request"] == str(request) for each in told)
        assert "DEMO" not in repr((asked.events, second.events))

    await database.write(ask)


async def test_a_refused_attempt_names_the_record_it_was_about(database: Database) -> None:
    def ask(connection: Connection) -> None:
        profile = vetted(connection, record())
        request = drawn_up(connection, known(connection, profile))
        asked = desk(connection)
        with pytest.raises(Forbidden):
            operations.release_answer(asked, request)
        (event,) = asked.events
        assert (event.name, event.records, event.details) == (
            "desk:answer:refused", (profile,), {"request": str(request)},
        )  # fmt: skip

    await database.write(ask)


async def test_of_two_who_take_a_request_further_the_second_is_told(database: Database) -> None:
    def ask(connection: Connection) -> None:
        request = known(connection, None)
        before = queries.stated(connection, request, AGENCY)
        assert before is not None
        drawn_up(connection, request, None)
        with pytest.raises(Conflict) as caught:
            queries.put(connection, before.request, before.request)
        assert caught.value.code == "REQUEST_STATE"

    await database.write(ask)


async def test_the_database_itself_refuses_one_pair_of_eyes(database: Database) -> None:
    def ask(connection: Connection) -> None:
        request = drawn_up(connection, identified(connection, opened(connection), None), None)
        drawer = sa.select(subject_requests.c.drawn_by).where(subject_requests.c.id == request).scalar_subquery()
        connection.execute(
            subject_requests.update().where(subject_requests.c.id == request).values(state="answered", closed_by=drawer)
        )

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(ask)
