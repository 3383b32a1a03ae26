"""What a person is told of what is held: all that may be told, line by line; nobody else's name; who received it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Connection

from auth import directory
from registry.audit.events import Event, Outcome
from registry.audit.log import append
from registry.core.db import Database
from registry.core.ids import read_public_id
from registry.desk import operations, report as reports, views
from registry.desk.report import HeldGroup, RecordView, ReportView
from registry.disclosure.vocabulary import Purpose, Role
from registry.profiles import queries
from registry.profiles.forms import members
from registry.profiles.operations import deciding, proposing
from registry.profiles.record import GROUPS
from registry.profiles.standing import Change
from tests.factories import (
    AGENCY,
    EDITION,
    ELSEWHERE,
    MOMENT,
    SEALER,
    actor,
    changed,
    concerning,
    enrol_cast,
    proposed,
    record,
    statements,
    vetted,
    work,
)  # fmt: skip
from tests.registry.desk.scenes import WITHHELD, desk, drawn_up, known, released

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
CANARIES = {
    "notes": [{"text": "canary-note", "written_on": "2026-01-02"}],
    "risks": [{"instrument": "static_99r", "level": "IVa", "assessed_on": "2026-01-02", "assessor": "canary-assessor"}],
    "modus_operandi": ["online_grooming"],
    "phones": [{"number": "+254712345678", "source": "canary-informant"}],
    "emails": [{"address": "juma@mail.example", "source": "canary-informant"}],
    "handles": [{"handle": "mwakio_71", "source": "canary-informant"}],
    "sources": [
        {"kind": "judgment", "reference": "DEMO judgment SO 12/2015", "dated_on": "2015-03-09"},
        {"kind": "statement", "reference": "canary-statement", "digest": "d" * 64},
    ],
    "freshness": [{"group": "names", "verified_on": "2026-10-01", "verified_by": "canary-officer"}],
}  # fmt: skip
"""What may name somebody else, or how the person is assessed."""


def told(connection: Connection, request: UUID, at: datetime = MOMENT) -> RecordView:
    found = operations.read_report(desk(connection, at=at), request).record
    assert found is not None
    return found


def amend(connection: Connection, profile: UUID, at: datetime) -> None:
    """Let an amendment in at a moment."""
    registrar = work(connection, actor(connection, role=Role.REGISTRAR), at)
    view = proposing.propose_change(
        registrar, profile, Change.AMEND, "An invented change", record=record(county="Nairobi")
    )
    supervisor = work(connection, actor(connection, role=Role.SUPERVISOR), at)
    deciding.approve_change(supervisor, read_public_id("proposal", view.id))


def lines(found: RecordView, group: str) -> list[dict[str, str]]:
    """Return the values of a group, by name."""
    parts = [part for each in found.held if each.name == group for part in each.parts]
    return [{value.name: value.text for value in part.values} for part in parts]


# -- what is held


async def test_what_is_held_is_told_line_by_line_with_sealed_parts_opened(database: Database) -> None:
    found = await database.write(lambda connection: told(connection, known(connection, vetted(connection, record()))))

    assert [each["full"] for each in lines(found, "names")] == ["Juma Hamisi Mwakio", "Mwalimu Jay"]
    assert lines(found, "names")[0]["parts"] == "given: Juma; family: Mwakio"
    assert lines(found, "birthDate") == [{"birthDate": "1971-05-17"}]
    assert lines(found, "phones") == [{"number": "+254712345678", "verified": "no"}]
    assert lines(found, "identifiers") == [{"type": "national_id", "value": "INV1234567", "country": "KE"}]
    assert lines(found, "recordOwner") == []
    assert lines(found, "owner") == [{"owner": AGENCY}]
    (conviction,) = lines(found, "convictions")
    assert conviction["offence"].partition(": ")[2]
    assert (found.standing, found.contested, found.register_number, found.version) == ("vetted", False, 1, 1)


async def test_each_line_carries_its_meaning(database: Database) -> None:
    found = await database.write(lambda connection: told(connection, known(connection, vetted(connection, record()))))

    assert all(each.meaning for each in found.held)
    assert all(value.meaning for each in found.held for part in each.parts for value in part.values)
    assert [each.name for each in found.held if not each.parts] == []


async def test_why_and_how_long_it_is_held(database: Database) -> None:
    def ask(connection: Connection) -> ReportView:
        return operations.read_report(desk(connection), known(connection, vetted(connection, record())))

    report = await database.write(ask)

    assert report.record is not None
    assert report.record.legal_basis is not None
    assert report.record.legal_basis.sentence == "The register of convicted sexual offenders is kept by law."
    assert (report.record.category, report.record.category_sentence) == (
        "convicted", "A court convicted the person of an offence of the catalogue.",
    )  # fmt: skip
    assert report.record.review_on is not None
    assert {each.purpose for each in report.purposes} >= {"criminal_investigation", "register_maintenance"}
    assert all(each.law for each in report.purposes)
    assert [(each.kind, each.days) for each in report.rights] == [("access", 7), ("correction", 14), ("objection", 7)]
    assert [each.code for each in report.appeals] == ["KE-DPA-56", "KE-DPA-64"]


async def test_a_dispute_and_what_is_not_decided_yet_are_told(database: Database) -> None:
    def ask(connection: Connection) -> RecordView:
        profile = vetted(connection, record())
        changed(connection, profile, Change.CONTEST)
        proposed(connection, record(county="Nairobi"), profile=profile)
        return told(connection, known(connection, profile))

    found = await database.write(ask)

    assert (found.contested, found.waiting_changes) == (True, 1)


# -- what is withheld


async def test_nobody_elses_name_and_no_assessment_is_told_and_each_gap_has_its_ground(database: Database) -> None:
    def ask(connection: Connection) -> RecordView:
        profile = vetted(connection, record(**CANARIES))
        return told(connection, drawn_up(connection, known(connection, profile)))

    found = await database.write(ask)

    assert "canary" not in repr(found)
    assert "online_grooming" not in repr(found)
    assert {each.path for each in found.withheld} == {
        "notes", "risks", "modusOperandi", "phones.source", "emails.source", "handles.source", "freshness.verifiedBy",
        "sources.reference",
    }  # fmt: skip
    assert {each.ground.code if each.ground else None for each in found.withheld} == {WITHHELD}
    assert all(each.meaning.endswith(".") for each in found.withheld)
    assert lines(found, "sources") == [
        {"kind": "judgment", "reference": "DEMO judgment SO 12/2015", "datedOn": "2015-03-09"},
        {"kind": "statement", "digest": "d" * 64},
    ]
    assert lines(found, "freshness")[0]["verifiedOn"] == "2026-10-01"


async def test_the_same_is_withheld_whether_or_not_there_is_any(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RecordView, RecordView]:
        bare, full = (vetted(connection, each) for each in (record(), record(**CANARIES)))
        return told(connection, known(connection, bare)), told(connection, known(connection, full))

    bare, full = await database.write(ask)

    assert bare.withheld == full.withheld


def test_what_may_name_a_third_person_is_a_member_of_its_group() -> None:
    for group, member in reports.THIRD_PERSONS:
        part = GROUPS[group].part
        assert part is not None
        assert member in {each.name for each in members(part)}


async def test_of_a_record_that_a_court_closed_the_person_is_told_that_it_is_there(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RecordView, str]:
        profile = vetted(connection, record())
        changed(connection, profile, Change.SEAL)
        request = drawn_up(connection, known(connection, profile))
        return told(connection, request), released(connection, request).state

    found, state = await database.write(ask)

    assert (found.standing, found.held, state) == ("sealed", (), "answered")
    assert [(each.path, each.ground.code if each.ground else None) for each in found.withheld] == [("*", WITHHELD)]


@pytest.mark.parametrize("change", [Change.RETIRE])
async def test_a_record_at_rest_is_held_and_so_it_is_told(database: Database, change: Change) -> None:
    def ask(connection: Connection) -> RecordView:
        profile = vetted(connection, record())
        changed(connection, profile, change)
        return told(connection, known(connection, profile))

    found = await database.write(ask)

    assert found.standing == "retired"
    assert lines(found, "phones")


async def test_a_record_that_is_entered_and_never_let_in_is_held_and_so_it_is_told(database: Database) -> None:
    def ask(connection: Connection) -> tuple[RecordView, str, RecordView]:
        proposal = proposed(connection, record())
        entered = queries.proposal(connection, SEALER, proposal)
        assert entered is not None
        request = drawn_up(connection, known(connection, entered.profile))
        found = told(connection, request)
        state = released(connection, request).state
        rejecting = work(connection, actor(connection, role=Role.SUPERVISOR), MOMENT + DAY)
        deciding.reject_change(rejecting, proposal, "Another person")
        return found, state, told(connection, request)

    found, state, later = await database.write(ask)

    assert (found.standing, found.register_number, found.version, found.waiting_changes) == ("entered", None, 0, 1)
    assert lines(found, "phones")
    assert (state, later.held) == ("answered", found.held)


# -- who received it


LOOKUPS: list[tuple[str, Purpose | None, str, Outcome, int]] = [
    (AGENCY, Purpose.CRIMINAL_INVESTIGATION, "query", Outcome.ALLOWED, 0),
    (ELSEWHERE, Purpose.OFFENDER_SUPERVISION, "photograph", Outcome.PARTIAL, 1),
    ("ug-invented", Purpose.CRIMINAL_INVESTIGATION, "query", Outcome.ALLOWED, 2),
    ("zz-gone", None, "export", Outcome.ALLOWED, 0),
    (AGENCY, Purpose.CRIMINAL_INVESTIGATION, "query", Outcome.DENIED, 3),
    (AGENCY, Purpose.REGISTER_MAINTENANCE, "mutation", Outcome.ALLOWED, 3),
    (AGENCY, Purpose.SUBJECT_REQUEST, "query", Outcome.ALLOWED, 3),
    (AGENCY, Purpose.CRIMINAL_INVESTIGATION, "query", Outcome.ALLOWED, 9),
]
"""Who looked, why, how, with what outcome and on which day; the first four received something."""


async def test_recipients_are_told_by_country_and_never_by_name(database: Database) -> None:
    def ask(connection: Connection) -> RecordView:
        enrol_cast(connection)
        directory.enrol_agency(connection, "ug-invented", name="An invented agency abroad", country="UG")
        profile = vetted(connection, record())
        append(connection, [
            concerning(profile, agency=agency, purpose=purpose.value if purpose else None, kind=kind, outcome=outcome,
                       at=MOMENT - 5 * DAY + day * DAY)
            for agency, purpose, kind, outcome, day in LOOKUPS
        ])  # fmt: skip
        append(connection, [
            concerning(profile, profile, agency=AGENCY, at=MOMENT - 9 * DAY, officer_reference="canary-officer")
        ])  # fmt: skip
        return told(connection, known(connection, profile))

    found = await database.write(ask)

    assert [
        (each.category, each.country, each.agencies, each.times, str(each.last_on)) for each in found.recipients
    ] == [
        ("unknown", None, 1, 1, "2026-11-16"),
        ("home", "KE", 2, 3, "2026-11-17"),
        ("abroad", "UG", 1, 1, "2026-11-18"),
    ]
    assert "canary" not in repr(found)
    assert "invented agency" not in repr(found.recipients)
    assert AGENCY not in repr(found.recipients)


async def test_who_received_a_record_that_was_merged_into_this_one_received_it(database: Database) -> None:
    def ask(connection: Connection) -> RecordView:
        enrol_cast(connection)
        one, two = vetted(connection, record()), vetted(connection, record(phones=["+254712999999"]))
        append(connection, [concerning(two, at=MOMENT - DAY), concerning(one, two, at=MOMENT - 2 * DAY)])
        changed(connection, one, Change.MERGE, other=two, record=record())
        return told(connection, known(connection, two))

    found = await database.write(ask)

    assert [(each.category, each.times) for each in found.recipients] == [("home", 2)]


# -- then and now


async def test_a_released_report_stays_as_it_was_told(database: Database) -> None:
    def ask(connection: Connection) -> tuple[ReportView, ReportView, RecordView]:
        enrol_cast(connection)
        profile = vetted(connection, record())
        request = drawn_up(connection, known(connection, profile))
        released(connection, request)
        before = operations.read_report(desk(connection), request)
        amend(connection, profile, MOMENT + DAY)
        append(connection, [concerning(profile, at=MOMENT + DAY)])
        later = operations.read_report(desk(connection, at=MOMENT + 2 * DAY), request)
        return before, later, told(connection, known(connection, profile, at=MOMENT + 2 * DAY), MOMENT + 2 * DAY)

    before, later, now = await database.write(ask)

    assert later.record is not None
    assert (later.as_of, later.record.version, later.digest) == (MOMENT, 1, before.digest)
    assert lines(later.record, "county") == [{"county": "Kwale"}]
    assert later.record.recipients == ()
    assert (now.version, lines(now, "county"), len(now.recipients)) == (2, [{"county": "Nairobi"}], 1)


async def test_what_a_court_removed_is_removed_from_what_was_told(database: Database) -> None:
    def ask(connection: Connection) -> RecordView:
        profile = vetted(connection, record())
        request = drawn_up(connection, known(connection, profile))
        released(connection, request, MOMENT + DAY)
        changed(connection, profile, Change.REMOVE)
        return told(connection, request)

    found = await database.write(ask)

    assert (found.standing, found.held) == ("removed", ())
    assert found.tombstone is not None
    assert found.tombstone.order_number == "MISC 7/2026"


async def test_the_log_is_told_that_the_desk_read_the_record(database: Database) -> None:
    def ask(connection: Connection) -> tuple[UUID, list[Event]]:
        profile = vetted(connection, record())
        asked = desk(connection)
        operations.read_report(asked, known(connection, profile))
        return profile, asked.events

    profile, events = await database.write(ask)

    assert [(each.name, each.records) for each in events] == [
        ("profile:read:for_subject", (profile,)), ("desk:report:read", (profile,)),
    ]  # fmt: skip


async def test_a_report_takes_as_many_statements_whatever_it_holds(database: Database) -> None:
    def ask(connection: Connection) -> tuple[int, int]:
        counts = []
        for value in (record(), record(**CANARIES)):
            request = known(connection, vetted(connection, value))
            asked = desk(connection)
            with statements(connection) as seen:
                operations.read_report(asked, request)
            counts.append(len(seen))
        return counts[0], counts[1]

    assert await database.write(ask) == (5, 5)


def test_the_digest_is_of_what_is_told_and_not_of_who_received_it() -> None:
    none: tuple[HeldGroup, ...] = ()
    one = RecordView(1, 1, MOMENT, "vetted", False, 0, None, None, None, None, None, None, none, (), ())
    two = RecordView(
        1, 1, MOMENT, "vetted", False, 3, None, None, None, None, None, None, none, (),
        (reports.recipient("KE", "KE", 1, 1, MOMENT),),
    )  # fmt: skip
    three = RecordView(1, 2, MOMENT, "vetted", False, 0, None, None, None, None, None, None, none, (), ())

    assert reports.digest(one) == reports.digest(two) != reports.digest(three)
    assert reports.digest(None) != reports.digest(one)


def test_a_ground_that_a_later_edition_dropped_is_still_named() -> None:
    gone, known_one = views.ground(EDITION, "KE-GONE"), views.ground(EDITION, WITHHELD)

    assert gone == views.GroundView("KE-GONE", "", "")
    assert known_one is not None
    assert known_one.sentence
    assert views.ground(EDITION, None) is None
