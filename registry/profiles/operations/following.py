"""Following what happens to proposals and to watched profiles: each call tells the next thing, ids and codes only.

    begun = next_decision(work, after=None)             from now on: nothing yet, and the number to go on behind
    told = next_decision(work, after=begun.number)      the next decision, or none yet

Whether somebody may know of what they are told is asked anew each time: what has become hidden is passed over.
"""

from typing import Any
from uuid import UUID

from registry.core.ids import public_id
from registry.disclosure.vocabulary import Action
from registry.notices import queries as notices
from registry.notices.notice import Notice, Told, Topic
from registry.notices.views import DecisionNoticeView, WatchNoticeView
from registry.profiles import queries
from registry.profiles.operations.proposing import may_propose_on
from registry.profiles.operations.reading import followed, may_know
from registry.work import Work, operation


@operation(Action.PROFILE_CHANGE_READ)
def next_decision(work: Work, *, after: int | None) -> Told[DecisionNoticeView]:
    """Tell the next decision on a proposal of the own agency."""
    officer = work.require(Action.PROFILE_CHANGE_READ)
    number = notices.newest(work.connection) if after is None else after
    while found := notices.following(work.connection, Topic.DECISION, work.actor.agency, number):
        number = found.number
        if _may_see(work, found):
            news = found.news
            work.record("decision:told", (news.profile,) if news.profile else (), proposal=str(news.subject),
                        number=number)  # fmt: skip
            return Told(number, DecisionNoticeView(
                public_id("proposal", news.subject), str(news.details["change"]), str(news.details["state"]),
                news.details["proposed_by"] == str(officer.id), found.at,
            ))  # fmt: skip
    work.record("decisions:followed", number=number)
    return Told(number)


def _may_see(work: Work, found: Notice) -> bool:
    """Whether this actor may know of the proposal: each record is one it may know of, or its own agency's."""
    other = found.news.details.get("other")
    concerned = [each for each in (found.news.profile, UUID(str(other)) if other else None) if each]
    rows = queries.by_ids(work.connection, concerned, ()).values()
    return all(may_propose_on(work, row) for row in rows)


@operation(Action.PROFILE_READ)
def next_watched(work: Work, *, after: int | None) -> Told[WatchNoticeView]:
    """Tell the next thing about the profiles that the officer watches in this case."""
    officer = work.require(Action.PROFILE_READ)
    case = work.actor.case_reference
    assert case
    number = notices.newest(work.connection) if after is None else after
    while found := notices.following_watch(work.connection, officer.id, case, number):
        notice, watched = found
        number = notice.number
        version: Any = notice.news.details.get("version")  # Any: JSON
        if version is None or _may_read(work, watched):
            work.record("watch:told", (watched,), watch=str(notice.news.subject), number=number)
            return Told(number, WatchNoticeView(
                public_id("watch", notice.news.subject), None if version is None else public_id("profile", watched),
                version, version is None, notice.at,
            ))  # fmt: skip
    work.record("watches:followed", number=number)
    return Told(number)


def _may_read(work: Work, profile: UUID) -> bool:
    row, _ = followed(work, profile)
    return row is not None and may_know(work, row)
