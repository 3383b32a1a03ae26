"""What has to be done: overdue verifications and reviews, rates by office, recalls owed, entries that are over."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.core.ids import new_id, public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Action
from registry.profiles import duties, queries, recalls
from registry.profiles.disclosed import Known
from registry.profiles.operations.watching import end_watches
from registry.work import Work, operation

Place = tuple[str, int]
EXPIRED_AT_ONCE = 200
"""Entries that one sweep ends in one transaction."""


@dataclass(frozen=True, slots=True)
class DueView:
    """A record with something overdue."""

    profile_id: str
    register_number: int
    post: str | None
    due_on: PartialDate
    days_overdue: int


@dataclass(frozen=True, slots=True)
class DuePage:
    """One page, the longest overdue first."""

    due: tuple[DueView, ...]
    places: tuple[Place, ...]
    has_next: bool


@dataclass(frozen=True, slots=True)
class OfficeView:
    """How an office keeps its records true; rates are of its live records."""

    owner: str
    post: str | None
    records: int
    verifications_overdue: int
    reviews_overdue: int
    overdue_rate: float


@dataclass(frozen=True, slots=True)
class RecallView:
    """Who has to be told that a record does not hold any more."""

    id: str
    profile_id: str
    agency: str
    kind: str
    order_number: str | None
    last_disclosed_at: datetime
    created_at: datetime


@operation(Action.DUTY_READ)
def list_verifications(work: Work, *, after: Place | None, limit: int) -> DuePage:
    """Return the own agency's records whose verification is overdue (34 USC 20918)."""
    work.require(Action.DUTY_READ)
    today = work.now.date()
    agency = work.actor.agency
    known = Known(work).clearances(agency)
    found = duties.verifications(work.connection, agency, today, known, after=after, limit=limit + 1)
    return _page(work, found, limit, today, "duty:verifications:listed")


@operation(Action.DUTY_READ)
def list_reviews(work: Work, *, after: Place | None, limit: int) -> DuePage:
    """Return the own agency's records whose review is due, entries for life among them."""
    work.require(Action.DUTY_READ)
    today = work.now.date()
    agency = work.actor.agency
    known = Known(work).clearances(agency)
    found = duties.reviews(work.connection, agency, today, known, after=after, limit=limit + 1)
    return _page(work, found, limit, today, "duty:reviews:listed")


def _page(work: Work, found: list[tuple[UUID, int, str, str | None]], limit: int, today: date, event: str) -> DuePage:
    shown = found[:limit]
    work.record(event, tuple(profile for profile, *_ in shown))
    due = tuple(
        DueView(public_id("profile", profile), number, post, PartialDate.parse(day),
                (today - date.fromisoformat(day)).days)
        for profile, number, day, post in shown
    )  # fmt: skip
    return DuePage(due, tuple((day, number) for _, number, day, _ in shown), len(found) > limit)


@operation(Action.DUTY_READ)
def count_offices(work: Work) -> tuple[OfficeView, ...]:
    """Return the rates of every office; what must not be known of is not counted."""
    work.require(Action.DUTY_READ)
    known, agency = Known(work), work.actor.agency
    counted = known.clearances(agency), known.clearances("")
    work.record("duty:offices:counted")
    return tuple(
        OfficeView(each.owner, each.post, each.records, each.verifications_overdue, each.reviews_overdue,
                   round(each.verifications_overdue / each.records, 4))
        for each in duties.offices(work.connection, work.now.date(), agency, *counted)
    )  # fmt: skip


@operation(Action.DUTY_READ)
def list_recalls(work: Work, *, after: UUID | None, limit: int) -> tuple[tuple[RecallView, ...], bool]:
    """Return the recalls of own records that nobody has acknowledged, oldest first, and whether there are more.

    Those of records at rest are their keepers' to see.
    """
    work.require(Action.DUTY_READ)
    agency = work.actor.agency
    known = Known(work).clearances(agency)
    found = recalls.owed(
        work.connection, agency, known, at_rest=work.is_keeper(), after=after, limit=limit + 1
    )  # fmt: skip
    work.record("duty:recalls:listed", tuple(dict.fromkeys(each["profile"] for each in found[:limit])))
    shown = tuple(
        RecallView(public_id("recall", each["id"]), public_id("profile", each["profile"]), each["agency"], each["kind"],
                   each["order_number"], each["last_disclosed_at"], each["created_at"])
        for each in found[:limit]
    )  # fmt: skip
    return shown, len(found) > limit


def expire_due(connection: Connection, now: datetime) -> int:
    """End entries whose day has come, with recalls and an entry in the log; return how many. For the sweep."""
    ended = duties.over(connection, now.date(), EXPIRED_AT_ONCE)
    for row in ended:
        duties.expire(connection, row.id, row.number)
        recalls.owe_expired(connection, row.id, row.owner, row.current, now)
    if ended:
        event = Event("profile:expired", tuple(row.id for row in ended))
        append(connection, [
            Entry(at=now, kind="command", operation="expire", outcome=Outcome.ALLOWED, request_id=str(new_id()),
                  source="local", events=(event,))
        ])  # fmt: skip
        end_watches(connection, queries.with_merged(connection, [row.id for row in ended]), now)
    return len(ended)
