"""Accesses are counted in the country's days and hours, within bounds, and drawn without anything from elsewhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Connection

from registry.audit.events import Outcome
from registry.audit.log import append
from registry.core.clock import now
from registry.core.db import Database
from registry.core.errors import Forbidden, InputRefused
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from registry.oversight import counting, drawing, filters, reports
from registry.oversight.operations import ReportLimits, read_report
from registry.oversight.reports import By, Counted, Report, Span
from registry.work import Work
from tests.factories import AGENCY, EDITION, actor, concerning, entry, statements, work

pytestmark = pytest.mark.anyio

ONE = UUID(int=1)
EVENING = datetime(2026, 11, 20, 20, 50, tzinfo=UTC)
"""Friday, ten to midnight in Nairobi."""
LIMITS = ReportLimits(least=1, entries=100, cells=200)
NOW = EVENING + timedelta(days=1)


@pytest.fixture
async def log(database: Database) -> Database:
    """Twelve entries, five minutes apart, of which two are on Friday: the third begins Saturday."""

    def fill(connection: Connection) -> None:
        for place in range(12):
            at = EVENING + timedelta(minutes=5 * place)
            outcome = Outcome.DENIED if place % 4 == 0 else Outcome.ALLOWED
            told = replace(entry(at=at, outcome=outcome), officer=ONE if place < 9 else None)
            append(connection, [told], clock=lambda at=at: at)  # type: ignore[misc]  # a default binds it

    await database.write(fill)
    return database


async def counted(
    database: Database, text: str, *by: By, limits: ReportLimits = LIMITS, role: Role = Role.AUDITOR
) -> tuple[Report, list[str], Work]:
    def run(connection: Connection) -> tuple[Report, list[str], Work]:
        reading = work(connection, actor(role=role), NOW)
        with statements(connection) as seen:
            report = read_report(reading, filters.read(text, EDITION), by, limits)
        return report, seen, reading

    return await database.read(run)


async def test_days_and_hours_are_those_of_the_country(log: Database) -> None:
    days, seen, reading = await counted(log, "since:2026-11-20 until:2026-11-21", By.DAY)
    hours, _, _ = await counted(log, "", By.WEEKDAY, By.HOUR)

    assert (days.rows, days.table.rows) == (("2026-11-20", "2026-11-21"), (2, 10))
    assert hours.table.rows == (0, 0, 0, 0, 2, 10, 0)
    assert (hours.table.columns[23], hours.table.columns[0], hours.table.total) == (2, 10, 12)
    assert len(seen) == 2  # where the time lies, and the counts
    assert reading.events[0].name == "log:reported"
    assert reading.events[0].details["count"] == 12


async def test_accesses_are_counted_by_whoever_asked_and_how_it_ended(log: Database) -> None:
    officers, _, _ = await counted(log, f"agency:{AGENCY}", By.OFFICER, By.OUTCOME)
    denied, _, _ = await counted(log, "outcome:denied", By.AGENCY)

    assert officers.rows == ("-", public_id("officer", ONE))
    assert officers.columns == ("allowed", "partial", "denied", "failed")
    assert officers.table.cells == ((3, 0, 0, 0), (6, 0, 3, 0))
    assert (denied.rows, denied.table.rows, denied.columns) == ((AGENCY,), (3,), ("",))


async def test_what_is_small_is_not_told(log: Database) -> None:
    report, _, _ = await counted(log, "", By.OFFICER, By.OUTCOME, limits=replace(LIMITS, least=5))

    (nobody, one), table = report.table.cells, report.table
    assert (nobody[0], one[2], table.rows[0], table.columns[2], table.total) == (None, None, None, None, 12)
    assert one[0] is None  # six, but who knows them knows the three that the others are


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("since:2025-01-01", LIMITS, "REPORT_TOO_WIDE"),
        ("", replace(LIMITS, entries=11), "REPORT_TOO_WIDE"),
        ("", replace(LIMITS, cells=29), "REPORT_TOO_WIDE"),
        ("juma", LIMITS, "REPORT_MALFORMED"),
        (f"profile:{public_id('profile', ONE)}", LIMITS, "REASON_REQUIRED"),
    ],
)
async def test_a_report_counts_so_much_and_no_more(log: Database, text: str, limits: ReportLimits, code: str) -> None:
    with pytest.raises(InputRefused) as caught:
        await counted(log, text, By.DAY, limits=limits)
    assert caught.value.code == code


async def test_groups_are_bounded_too(log: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "MOST_GROUPS", 1)
    with pytest.raises(InputRefused, match="too many rows"):
        await counted(log, "", By.OUTCOME)


async def test_nobody_but_an_auditor_counts(log: Database) -> None:
    with pytest.raises(Forbidden):
        await counted(log, "", By.DAY, role=Role.SUPERVISOR)


async def test_accesses_to_a_person_are_counted_with_a_reason(database: Database) -> None:
    await database.write(lambda connection: append(connection, [concerning(ONE), concerning(ONE), entry()]))
    chosen = filters.read(f"profile:{public_id('profile', ONE)}", EDITION)

    def run(connection: Connection) -> Report:
        reading = work(connection, actor(role=Role.AUDITOR), now() + timedelta(minutes=1))
        return read_report(reading, chosen, [By.AGENCY], LIMITS, reason="Complaint of a subject")

    assert (await database.read(run)).table.total == 2


@pytest.mark.parametrize("names", [[], ["day", "day"], ["day", "hour", "agency"], ["colour"]])
def test_one_thing_or_two_are_counted_by(names: list[str]) -> None:
    with pytest.raises(InputRefused, match="one or two different"):
        reports.read_by(names, "by")


def test_a_report_is_drawn_as_one_file_that_says_what_it_does_not_tell() -> None:
    of = Span(EVENING, EVENING + timedelta(days=1))
    quarter = int(EVENING.timestamp()) // 900
    many = [Counted(quarter, (), 90), Counted(quarter + 1, (), 3), Counted(quarter + 20, ("<&>",), 0)]
    report = reports.made(many, (By.WEEKDAY, By.HOUR), of, EDITION.time_zone, least=5, most_cells=200)

    drawn = ET.fromstring(drawing.svg(report))  # noqa: S314  our own text
    texts = [each.text for each in drawn.iter() if each.text]

    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}title"))) == 1 + 7 * 24
    assert "Saturday, 00: ?" in texts
    assert not any(name in drawing.svg(report) for name in ("script", "href", "url(", "@import"))
    lines = drawing.blocks(report)
    assert lines[1] == "  Tuesday  " + "·" * 24 + "  0"
    assert "?" in lines[5]
