"""Who asked what: filters, pages, and that reading the log stands in the log."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Connection

from registry.audit.events import Event, Outcome
from registry.audit.log import append
from registry.audit.sealed import sealed
from registry.core.db import Database
from registry.core.ids import public_id
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer
from registry.disclosure.vocabulary import Purpose, Role
from registry.oversight.operations import LogPage, read_log
from registry.oversight.queries import LogFilter
from registry.oversight.views import EventView
from registry.work import Work
from tests.factories import MOMENT, SEALER, actor, concerning, entry, statements, work

pytestmark = pytest.mark.anyio

ONE, TWO, NOBODY, JUMA, PETER = (UUID(int=number) for number in range(1, 6))
ENTRIES = [
    concerning(JUMA, officer=ONE, at=MOMENT),
    concerning(JUMA, PETER, officer=TWO, at=MOMENT + timedelta(minutes=1), purpose=Purpose.MISSING_CHILD.value),
    entry(officer=ONE, at=MOMENT + timedelta(minutes=2), outcome=Outcome.DENIED, code="FORBIDDEN"),
    entry(at=MOMENT + timedelta(minutes=3), outcome=Outcome.FAILED, code="UNAVAILABLE", client=None, agency=None,
          purpose=None),
    concerning(PETER, officer=ONE, at=MOMENT + timedelta(minutes=4)),
]  # fmt: skip


async def asked(
    database: Database, chosen: LogFilter, *, before: int | None = None, limit: int = 10
) -> tuple[LogPage, list[str], Work]:
    def run(connection: Connection) -> tuple[LogPage, list[str], Work]:
        reading = work(connection, actor(role=Role.AUDITOR))
        with statements(connection) as seen:
            page = read_log(reading, chosen, before=before, limit=limit)
        return page, seen, reading

    return await database.read(run)


@pytest.fixture
async def log(database: Database) -> Database:
    await database.write(lambda connection: append(connection, ENTRIES))
    return database


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (LogFilter(), [4, 3, 2, 1, 0]),
        (LogFilter(officer=ONE), [4, 2, 0]),
        (LogFilter(officer=NOBODY), []),
        (LogFilter(profile=JUMA), [1, 0]),
        (LogFilter(profile=PETER), [4, 1]),
        (LogFilter(profile=NOBODY), []),
        (LogFilter(purpose="missing_child"), [1]),
        (LogFilter(outcome="denied"), [2]),
        (LogFilter(outcome="failed"), [3]),
        (LogFilter(since=MOMENT + timedelta(minutes=2)), [4, 3, 2]),
        (LogFilter(until=MOMENT + timedelta(minutes=2)), [1, 0]),
        (LogFilter(since=MOMENT + timedelta(minutes=1), until=MOMENT + timedelta(minutes=3)), [2, 1]),
        (LogFilter(officer=ONE, profile=PETER), [4]),
        (LogFilter(officer=ONE, profile=PETER, purpose="missing_child"), []),
        (LogFilter(profile=JUMA, since=MOMENT + timedelta(seconds=1), outcome="allowed"), [1]),
    ],
    ids=lambda each: str([each.to_json()] if isinstance(each, LogFilter) else each),
)  # fmt: skip
async def test_the_log_is_read_newest_first_by_what_is_asked(
    log: Database, chosen: LogFilter, expected: list[int]
) -> None:
    page, seen, _ = await asked(log, chosen)

    assert [each.index for each in page.entries] == expected
    assert not page.has_next
    assert len(seen) == 1


@pytest.mark.parametrize("chosen", [LogFilter(), LogFilter(profile=JUMA), LogFilter(officer=ONE)])
async def test_pages_cover_every_entry_once(log: Database, chosen: LogFilter) -> None:
    whole, _, _ = await asked(log, chosen)

    read: list[int] = []
    before = None
    while True:
        page, _, _ = await asked(log, chosen, before=before, limit=1)
        read += [each.index for each in page.entries]
        if not page.has_next:
            break
        before = page.entries[-1].index

    assert read == [each.index for each in whole.entries]


async def test_an_entry_is_shown_as_it_stands(database: Database) -> None:
    given = replace(
        entry(officer=ONE, officer_reference="INV/1", token_id="t-1", source="127.0.0.1",
              document="0" * 64, fields=("Profile.names",),
              microseconds=7100, code="SAME_CHAIN", outcome=Outcome.DENIED),
        events=(Event("profile:searched", (JUMA, PETER), {"criteria": {"name": "Wanjikũ"}}),),
    )  # fmt: skip
    await database.write(lambda connection: append(connection, [given]))

    page, _, _ = await asked(database, LogFilter())

    (shown,) = page.entries
    for name in ("at", "kind", "operation", "code", "request_id", "client", "agency", "officer_reference", "purpose",
                 "case_reference",
                 "legal_basis", "token_id", "source", "document", "fields"):  # fmt: skip
        assert getattr(shown, name) == getattr(given, name)
    assert (shown.index, shown.outcome, shown.milliseconds) == (0, "denied", 7.1)
    assert shown.officer_id == public_id("officer", ONE)
    assert shown.events == (
        EventView("profile:searched", (public_id("profile", JUMA), public_id("profile", PETER)),
                  '{"criteria":{"name":"Wanjikũ"}}'),
    )  # fmt: skip


async def test_an_entry_of_nobody_is_shown_too(log: Database) -> None:
    page, _, _ = await asked(log, LogFilter(outcome="failed"))

    assert [(each.client, each.agency, each.officer_id, each.events) for each in page.entries] == [
        (None, None, None, ())
    ]


async def test_reading_the_log_leaves_what_was_asked_in_the_log(log: Database) -> None:
    chosen = LogFilter(officer=ONE, profile=JUMA, since=MOMENT, until=MOMENT + timedelta(hours=1))

    page, _, reading = await asked(log, chosen, before=4, limit=1)

    (event,) = reading.events
    assert (event.name, event.records) == ("log:read", ())
    assert event.details == {"filter": chosen.to_json(), "before": 4, "count": len(page.entries)}
    assert chosen.to_json() == {
        "officer": str(ONE), "profile": str(JUMA), "purpose": None, "outcome": None,
        "since": "2026-11-21 09:00:00+00:00", "until": "2026-11-21 10:00:00+00:00",
    }  # fmt: skip


async def test_who_looked_at_a_person_is_answered_for_every_kind_of_look(database: Database) -> None:
    """Whatever use case shows a person, its entry is found by that person's profile."""
    looks = [
        Event("profile:read", (JUMA,)),
        Event("profile:change:approved", (JUMA,)),
        Event("profile:change:listed", (NOBODY, JUMA)),
    ]
    await database.write(lambda connection: append(connection, [entry(events=(look,)) for look in looks]))

    page, _, _ = await asked(database, LogFilter(profile=JUMA))

    assert [each.index for each in page.entries] == [2, 1, 0]


SOUGHT = {"name": "Juma", "phone": "0712 345 678"}


def searched(sealer: Sealer) -> Event:
    """Return a search as the log keeps it."""
    return Event("profile:searched", (JUMA,), {"criteria": sealed(SOUGHT, {"phone"}, sealer), "scores": [0.9]})


async def test_criteria_that_the_log_keeps_sealed_are_shown_whole(database: Database) -> None:
    await database.write(lambda connection: append(connection, [entry(events=(searched(SEALER),))]))

    page, seen, _ = await asked(database, LogFilter())

    (event,) = page.entries[0].events
    assert orjson.loads(event.details) == {"criteria": SOUGHT, "scores": [0.9]}
    assert len(seen) == 1


async def test_criteria_whose_key_is_gone_are_said_to_be_sealed_and_hide_no_other_entry(database: Database) -> None:
    lost = Sealer(FileKeys({"lost": bytes(range(64, 96))}), bytes(32))
    looks = [entry(events=(searched(each),)) for each in (lost, SEALER)]
    await database.write(lambda connection: append(connection, looks))

    page, _, _ = await asked(database, LogFilter())

    later, earlier = (orjson.loads(each.events[0].details)["criteria"] for each in page.entries)
    assert later == SOUGHT
    assert earlier == SOUGHT | {"phone": "sealed"}
