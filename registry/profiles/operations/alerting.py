"""Who has met the own agency's records and must not know of them: told to supervisors who are cleared for the record.

    page = list_alerts(work, after=None, limit=20)      those that are kept, oldest first
    told = next_alert(work, after=page.last)            the next one, or none yet

The two sides then speak with each other: police call it deconfliction. An alert holds with whom: agency, officer and
case. It is kept for a week (registry/notices/notice.py); the log keeps what it is made of.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from registry.core.ids import public_id
from registry.disclosure.vocabulary import Action
from registry.notices import queries as notices
from registry.notices.notice import Notice, Told
from registry.notices.views import AlertView
from registry.profiles import alert_queries
from registry.profiles.disclosed import Known
from registry.work import Work, operation


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Alerts, each with its place."""

    alerts: tuple[tuple[AlertView, int], ...]
    has_next: bool


@operation(Action.ALERT_READ)
def list_alerts(work: Work, *, after: int | None, limit: int) -> AlertPage:
    """Return who has met the own agency's records, oldest first; of records that the officer is cleared for."""
    work.require(Action.ALERT_READ)
    found = _behind(work, after or 0, limit + 1)
    shown = found[:limit]
    work.record("alerts:listed", tuple(dict.fromkeys(profile for _, profile in shown)),
                numbers=[notice.number for notice, _ in shown])  # fmt: skip
    return AlertPage(tuple((_view(*each), each[0].number) for each in shown), len(found) > limit)


@operation(Action.ALERT_READ)
def next_alert(work: Work, *, after: int | None) -> Told[AlertView]:
    """Tell who has met a record of the own agency next."""
    work.require(Action.ALERT_READ)
    number = notices.newest(work.connection) if after is None else after
    for notice, profile in _behind(work, number, 1):
        work.record("alert:told", (profile,), number=notice.number)
        return Told(notice.number, _view(notice, profile))
    work.record("alerts:followed", number=number)
    return Told(number)


def _behind(work: Work, number: int, limit: int) -> list[tuple[Notice, UUID]]:
    agency = work.actor.agency
    return alert_queries.alerts(work.connection, agency, Known(work).cleared(agency), after=number, limit=limit)


def _view(notice: Notice, profile: UUID) -> AlertView:
    told: Any = notice.news.details  # Any: JSON
    return AlertView(
        public_id("alert", notice.news.subject), public_id("profile", profile), told["number"], notice.at,
        told["how"], told["agency"], told["officer"] and public_id("officer", UUID(told["officer"])),
        told["reference"], told["case"],
    )  # fmt: skip
