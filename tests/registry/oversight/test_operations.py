"""Who asked what: filters, pages, and that reading the log stands in the log."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import Connection

from auth.actor import Actor
from registry.audit import sealed
from registry.audit.events import Event, Outcome
from registry.audit.log import append
from registry.core.db import Database
from registry.core.errors import InputRefused, NotFound
from registry.core.ids import public_id
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer
from registry.disclosure.vocabulary import Purpose, Role
from registry.oversight import queries
from registry.oversight.filters import LogFilter, Term, Word
from registry.oversight.operations import LogPage, read_entry, read_log
from registry.oversight.views import EntryView, EventView
from registry.work import Work
from tests.factories import AGENCY, MOMENT, SEALER, actor, concerning, entry, statements, work

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


MINUTE = timedelta(minutes=1)
REASON = "Complaint of a subject, file 12"


async def asked(
    database: Database, chosen: LogFilter, *, reason: str | None = REASON, limit: int = 10, **places: Any
) -> tuple[LogPage, list[str], Work]:
    def run(connection: Connection) -> tuple[LogPage, list[str], Work]:
        reading = work(connection, actor(role=Role.AUDITOR))
        with statements(connection) as seen:
            page = read_log(reading, chosen, reason=reason, limit=limit, **places)
        return page, seen, reading

    return await database.read(run)


def _same(moment: datetime) -> datetime:
    return moment


@pytest.fixture
async def log(database: Database) -> Database:
    """Entries whose leaves say the moments of the requests."""

    def fill(connection: Connection) -> None:
        for each in ENTRIES:
            append(connection, [each], clock=partial(_same, each.at))

    await database.write(fill)
    return database


where = LogFilter.where


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (LogFilter(), [4, 3, 2, 1, 0]),
        (where(officer=ONE), [4, 2, 0]),
        (where(officer=NOBODY), []),
        (where(profile=JUMA), [1, 0]),
        (where(profile=PETER), [4, 1]),
        (where(profile=(JUMA, PETER)), [4, 1, 0]),
        (where(profile=NOBODY), []),
        (where(purpose="missing_child"), [1]),
        (where(outcome=("denied", "failed")), [3, 2]),
        (where(outcome=("denied", "allowed")), [4, 2, 1, 0]),
        (where(code="FORBIDDEN", agency=AGENCY), [2]),
        (where(action="search"), [4, 3, 2, 1, 0]),
        (where(action="SEARCH"), []),
        (where(since=MOMENT + 2 * MINUTE), [4, 3, 2]),
        (where(until=MOMENT + 2 * MINUTE), [1, 0]),
        (where(since=MOMENT + MINUTE, until=MOMENT + 3 * MINUTE), [2, 1]),
        (where(officer=ONE, until=MOMENT + 3 * MINUTE), [2, 0]),
        (where(since=MOMENT + 9 * MINUTE), []),
        (where(officer=ONE, profile=PETER), [4]),
        (where(officer=ONE, profile=PETER, purpose="missing_child"), []),
        (LogFilter((Term("officer", (ONE,), True),)), [3, 1]),  # also of nobody
        (LogFilter((Term("profile", (JUMA,), True),)), [4, 3, 2]),
        (LogFilter((Term("agency", (AGENCY,)), Term("purpose", ("missing_child",), True))), [4, 2, 0]),
        (LogFilter(words=(Word("forbidden"),)), [2]),
        (LogFilter(words=(Word("juma"), Word("unavailable", True))), [4, 1, 0]),
        (LogFilter((Term("officer", (ONE,)),), words=(Word("PROFILE:SEARCHED"),)), [4, 0]),
    ],
    ids=lambda each: str([each.to_json(), each.spoken] if isinstance(each, LogFilter) else each),
)  # fmt: skip
async def test_the_log_is_read_newest_first_or_oldest_first_by_what_is_asked(
    log: Database, chosen: LogFilter, expected: list[int]
) -> None:
    page, seen, _ = await asked(log, chosen)
    turned, _, _ = await asked(log, chosen, oldest_first=True)

    assert [each.index for each in page.entries] == expected
    assert [each.index for each in turned.entries] == expected[::-1]
    assert (page.has_next, page.looked_until) == (False, None)
    assert 1 <= len(seen) <= 3  # where the time lies, what is looked up, and the entries


@pytest.mark.parametrize(
    "chosen",
    [LogFilter(), where(profile=JUMA), where(officer=ONE), where(agency=AGENCY), LogFilter(words=(Word("juma"),))],
)
@pytest.mark.parametrize("oldest_first", [False, True])
async def test_pages_cover_every_entry_once(log: Database, chosen: LogFilter, oldest_first: bool) -> None:
    whole, _, _ = await asked(log, chosen, oldest_first=oldest_first)

    read: list[int] = []
    place: dict[str, Any] = {}
    while True:
        page, _, _ = await asked(log, chosen, limit=1, oldest_first=oldest_first, **place)
        read += [each.index for each in page.entries]
        if not page.has_next:
            break
        assert page.looked_until is not None
        place = {"after" if oldest_first else "before": page.looked_until}

    assert read == [each.index for each in whole.entries]


@pytest.mark.parametrize("chosen", [
    LogFilter((Term("code", ("FORBIDDEN",)),)), LogFilter((Term("officer", (ONE,)), Term("code", ("FORBIDDEN",)))),
    LogFilter(words=(Word("forbidden"),)),
], ids=["side by side", "looked up", "looked into"])  # fmt: skip
@pytest.mark.parametrize("oldest_first", [False, True])
async def test_a_page_looks_at_so_many_entries_and_says_how_far_it_came(
    log: Database, chosen: LogFilter, oldest_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_LOOKED_AT", 1)
    monkeypatch.setattr(queries, "MOST_LOOKED_UP", 1)
    monkeypatch.setattr(queries, "_CHUNKS", (1,))
    way, until = ("after", 0) if oldest_first else ("before", 4)

    page, _, _ = await asked(log, chosen, oldest_first=oldest_first)
    assert (page.entries, page.has_next, page.looked_until) == ((), True, until)

    found, pages = [], 1
    while page.has_next:
        at: dict[str, Any] = {way: page.looked_until}
        page, _, _ = await asked(log, chosen, oldest_first=oldest_first, **at)
        found += [each.index for each in page.entries]
        pages += 1
    assert found == [2]
    assert pages <= 6


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
    page, _, _ = await asked(log, where(outcome="failed"))

    assert [(each.client, each.agency, each.officer_id, each.events) for each in page.entries] == [
        (None, None, None, ())
    ]


async def test_reading_the_log_leaves_what_was_asked_in_the_log(log: Database) -> None:
    chosen = replace(where(officer=ONE, profile=JUMA, since=MOMENT), words=(Word("juma"),))

    page, _, reading = await asked(log, chosen, before=4, limit=1)

    (event,) = reading.events
    assert (event.name, event.records) == ("log:read", ())
    assert "juma" not in str(event.details)
    assert sealed.opened(event.details, SEALER) == {
        "filter": {"filter": f"profile:{public_id('profile', JUMA)} officer:{public_id('officer', ONE)} "
                             "since:2026-11-21T09:00:00Z", "words": 1},
        "sought": {"words": "juma"}, "why": {"reason": REASON}, "before": 4, "after": None, "oldest_first": False,
        "looked_until": None, "count": len(page.entries), "first": 0, "last": 0, "unmasked": True,
    }  # fmt: skip


async def test_without_a_reason_nobody_is_found_by_name_nor_shown(log: Database) -> None:
    page, _, reading = await asked(log, LogFilter(), reason=None)

    first, second, last = (page.entries[place].events[0] for place in (4, 3, 0))
    assert first.profile_ids[0] == second.profile_ids[0]  # that it is the same person can be seen
    assert last.profile_ids[0] == second.profile_ids[1]
    assert orjson.loads(first.details)["criteria"]["name"].startswith("~")
    shown = str(page)
    assert not any(each in shown for each in ("Juma", public_id("profile", JUMA), public_id("profile", PETER)))
    assert all(each.is_masked for each in page.entries)
    assert not reading.events[0].details["unmasked"]
    hidden, _, _ = await asked(log, LogFilter(words=(Word("juma"),)), reason=None)
    assert hidden.entries == ()
    plain, _, _ = await asked(log, LogFilter(words=(Word("profile:searched"),)), reason=None)
    assert [each.index for each in plain.entries] == [4, 1, 0]
    with pytest.raises(InputRefused) as caught:
        await asked(log, where(profile=JUMA), reason=None)
    assert caught.value.code == "REASON_REQUIRED"


def _first_page(connection: Connection, by: Actor, now: datetime) -> LogPage:
    return read_log(work(connection, by, now), LogFilter(), limit=9)


async def test_masks_of_another_day_case_or_auditor_are_other_ones(log: Database) -> None:
    auditor = actor(role=Role.AUDITOR)
    masks = []
    for by, now in (
        (auditor, MOMENT), (auditor, MOMENT + MINUTE), (auditor, MOMENT + timedelta(hours=12)),
        (replace(auditor, case_reference="CR 13/2026"), MOMENT), (actor(role=Role.AUDITOR, name="2"), MOMENT),
    ):  # fmt: skip
        page = await log.read(partial(_first_page, by=by, now=now))
        masks.append(page.entries[-1].events[0].profile_ids[0])

    assert masks[0] == masks[1]
    assert len(set(masks)) == 4


@pytest.mark.parametrize("reason", ["", "Mickey Mouse", "x y z", "because because because", "11 22 33", "long " * 200])
async def test_a_reason_says_something(log: Database, reason: str) -> None:
    with pytest.raises(InputRefused) as caught:
        await asked(log, LogFilter(), reason=reason)
    assert caught.value.code == "REASON_INSUFFICIENT"


async def test_a_single_entry_is_read_and_the_reading_entered(log: Database) -> None:
    def run(connection: Connection) -> tuple[EntryView, EntryView, Work]:
        reading = work(connection, actor(role=Role.AUDITOR))
        masked, whole = read_entry(reading, 0), read_entry(reading, 0, reason=REASON)
        with pytest.raises(NotFound):
            read_entry(reading, 77)
        return masked, whole, reading

    masked, whole, reading = await log.read(run)

    assert (masked.index, masked.is_masked, whole.is_masked) == (0, True, False)
    assert whole.events[0].profile_ids == (public_id("profile", JUMA),)
    assert masked.events[0].profile_ids != whole.events[0].profile_ids
    assert [(each.name, each.details.get("count")) for each in reading.events] == [
        ("log:entry:read", 1), ("log:entry:read", 1), ("log:entry:read", 0), ("log:read:refused", None),
    ]  # fmt: skip


async def test_who_looked_at_a_person_is_answered_for_every_kind_of_look(database: Database) -> None:
    """Whatever use case shows a person, its entry is found by that person's profile."""
    looks = [
        Event("profile:read", (JUMA,)),
        Event("profile:change:approved", (JUMA,)),
        Event("profile:change:listed", (NOBODY, JUMA)),
    ]
    await database.write(lambda connection: append(connection, [entry(events=(look,)) for look in looks]))

    page, _, _ = await asked(database, where(profile=JUMA))

    assert [each.index for each in page.entries] == [2, 1, 0]


SOUGHT = {"name": "Juma", "phone": "0712 345 678"}


def searched(sealer: Sealer) -> Event:
    """Return a search as the log keeps it."""
    return Event("profile:searched", (JUMA,), {"criteria": sealed.sealed(SOUGHT, sealer), "scores": [0.9]})


async def test_criteria_that_the_log_keeps_sealed_are_shown_whole(database: Database) -> None:
    await database.write(lambda connection: append(connection, [entry(events=(searched(SEALER),))]))

    page, seen, _ = await asked(database, LogFilter())

    (event,) = page.entries[0].events
    assert orjson.loads(event.details) == {"criteria": SOUGHT, "scores": [0.9]}
    assert len(seen) == 2  # the log's end, and the entries


async def test_criteria_whose_key_is_gone_are_said_to_be_sealed_and_hide_no_other_entry(database: Database) -> None:
    lost = Sealer(FileKeys({"lost": bytes(range(64, 96))}), bytes(32))
    looks = [entry(events=(searched(each),)) for each in (lost, SEALER)]
    await database.write(lambda connection: append(connection, looks))

    page, _, _ = await asked(database, LogFilter())

    later, earlier = (orjson.loads(each.events[0].details)["criteria"] for each in page.entries)
    assert later == SOUGHT
    assert earlier == dict.fromkeys(SOUGHT, "sealed")
