"""The node's own look at the log, each minute: whose new looks meet whose earlier ones. Off the path of any answer.

    chore = Deconfliction(edition, days=30)
    chore(connection, now)               tells both sides, and enters that it did

It goes on behind the last entry that it looked at, ``MOST`` entries at a time, so none is passed over or looked at
twice. The first time it begins with what is new. What it tells is an entry of the log, about the person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.core.ids import new_id
from registry.disclosure import policy
from registry.disclosure.policy import Policy
from registry.editions.edition import Edition
from registry.meetings import meeting, queries
from registry.meetings.meeting import Look
from registry.profiles import facts, queries as profile_queries

MOST = 2_000
KEPT = timedelta(days=90)
OPERATION = "deconfliction"


@dataclass(frozen=True, slots=True)
class Deconfliction:
    """How far back two looks at one person still meet; 0 days for never."""

    edition: Edition
    days: int

    def __call__(self, connection: Connection, now: datetime) -> int:
        """Look at what is new; return how many meetings there were."""
        newest, mark = queries.newest(connection), queries.mark(connection)
        if mark is None or self.days == 0:
            queries.keep_mark(connection, newest)
            return 0
        until = min(newest, mark + MOST)
        if until <= mark:
            return 0
        queries.keep_mark(connection, until)
        queries.purge(connection, now - KEPT)
        rules = policy.load(self.edition.code, now.date())
        new = [each for row in queries.looks(connection, mark, until) if (each := meeting.look(row)) is not None]
        last = {(each.profile, each.officer): each for each in new}
        events = [event for each in last.values() for event in self._told(connection, each, rules, now)]
        if events:
            entry = Entry(at=now, kind="command", operation=OPERATION, outcome=Outcome.ALLOWED,
                          request_id=str(new_id()), source="local", events=tuple(events))  # fmt: skip
            append(connection, [entry])
        return len(events)

    def _told(self, connection: Connection, new: Look, rules: Policy, now: datetime) -> list[Event]:
        rows = queries.earlier(connection, new.profile, new.entry, now - timedelta(days=self.days))
        others = meeting.met(new, (each for row in rows if (each := meeting.look(row)) is not None))
        if not others:
            return []
        row = profile_queries.by_ids(connection, [new.profile], ()).get(new.profile)
        told = queries.told_since(connection, new.profile, now - meeting.ONCE_IN)
        events = []
        for other in others:
            about = facts.of_row(row, now.date()) if row is not None else None
            is_open = about is not None and all(meeting.may_learn(each, about, rules) for each in (new, other))
            if is_open and (new.officer, other.officer) not in told:
                queries.tell(connection, [_row(new, other, now), _row(other, new, now)])
                events.append(Event("officers:met", (new.profile,), {"entries": [other.entry, new.entry]}))
        return events


def _row(told: Look, of: Look, now: datetime) -> tuple[object, ...]:
    return (new_id(), now, told.officer, told.profile, of.entry, of.officer, of.agency, of.reference, of.case, of.at)
