"""What an officer is told of others who looked at the same person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from registry.core.ids import public_id
from registry.disclosure.vocabulary import Action
from registry.meetings import queries
from registry.profiles import queries as profile_queries
from registry.profiles.disclosed import Known, of_row
from registry.work import Work, operation


@dataclass(frozen=True, slots=True)
class MeetingView:
    """An officer of another unit looked at a person at whom you looked."""

    id: str
    at: datetime
    profile_id: str
    agency: str
    officer_reference: str
    case_reference: str
    looked_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Meetings, oldest first."""

    meetings: tuple[MeetingView, ...]
    last: UUID | None
    has_next: bool


@operation(Action.PROFILE_READ)
def list_meetings(work: Work, *, after: UUID | None, limit: int) -> MeetingPage:
    """Return whom this officer has met; over records that they may know of today."""
    officer = work.require(Action.PROFILE_READ)
    rows = queries.of_officer(work.connection, officer.id, after=after, limit=limit + 1)
    page = rows[:limit]
    chosen = list(dict.fromkeys(row["profile"] for row in page))
    standing = profile_queries.by_ids(work.connection, chosen, ()) if chosen else {}
    known = Known(work)
    shown = {profile for profile, row in standing.items() if known.is_told(of_row(work, row))}
    told = [row for row in page if row["profile"] in shown]
    work.record("meetings:listed", tuple(each for each in chosen if each in shown), **known.told([]))
    views = tuple(
        MeetingView(
            public_id("meeting", row["id"]), row["at"], public_id("profile", row["profile"]), row["met_agency"],
            row["met_reference"], row["met_case"], row["met_at"],
        )
        for row in told
    )  # fmt: skip
    return MeetingPage(views, page[-1]["id"] if page else None, len(rows) > limit)
