"""Watching a profile: an officer is told, in a case, when another version of it becomes current.

    watch = begin_watch(work, profile, "The case is before the court")
    tell_watchers(work, profile)         in the transaction that publishes a version

A watch is on a record that can be found. When the record leaves the search, or what the officer may know of, the watch
ends, and that is all that is told.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from auth import directory
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.core.errors import Conflict, NotFound
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Action, Role
from registry.notices import queries as notices, watch as watches
from registry.notices.notice import KEPT
from registry.notices.views import WatchView
from registry.notices.watch import Watch
from registry.profiles import queries
from registry.profiles.headline import day
from registry.profiles.operations.reading import visible
from registry.profiles.operations.text import sentence
from registry.profiles.standing import SEARCHABLE, Standing, on
from registry.work import Work, operation

ENDED_AT_ONCE = 200
"""Watches that one sweep ends in one transaction."""


@operation(Action.PROFILE_READ)
def begin_watch(work: Work, profile: UUID, reason: str) -> WatchView:
    """Watch a profile in this case, or go on watching it; of a merged one, the record that answers for it.

    Raises NotFound, Conflict (NOT_WATCHABLE), LimitExceeded (TOO_MANY_WATCHES), InputRefused (REASON_MALFORMED,
    VICTIM_DATA).
    """
    officer = work.require(Action.PROFILE_READ)
    said = sentence(reason)
    row, _ = visible(work, profile)
    if not _can_be_found(row, work.now):
        raise Conflict("Only a record that can be found is watched.", field="profileId", code="NOT_WATCHABLE",
                       remedy="Its keepers read what becomes of it.")  # fmt: skip
    case, until = _case(work), work.now + watches.LIFE
    kept = notices.live(work.connection, officer.id, case, work.now, limit=watches.MOST)
    known = next((each for each in kept if each.profile == row["id"]), None)
    if known is not None:
        notices.renew(work.connection, known.id, until, said)
    elif len(kept) >= watches.MOST:
        raise watches.too_many()
    begun = known or Watch(
        id=new_id(), agency=work.actor.agency, officer=officer.id, case_reference=case, profile=row["id"],
        reason=said, begun_at=work.now, until=until,
    )  # fmt: skip
    if known is None:
        notices.add_watch(work.connection, begun)
    work.record("watch:begun" if known is None else "watch:renewed", (row["id"],), watch=str(begun.id))
    return _view(begun, until)


@operation(Action.PROFILE_READ)
def end_watch(work: Work, watch: UUID) -> WatchView:
    """End an own watch of this case. Raises NotFound."""
    officer = work.require(Action.PROFILE_READ)
    kept = notices.live(work.connection, officer.id, _case(work), work.now, limit=watches.MOST)
    found = next((each for each in kept if each.id == watch), None)
    if found is None:
        raise NotFound("No such watch.", field="watchId")
    notices.end(work.connection, [found.id], work.now)
    work.tell(watches.ended(found))
    work.record("watch:ended", (found.profile,), watch=str(found.id))
    return _view(found, work.now)


@operation(Action.PROFILE_READ)
def list_watches(work: Work, *, after: UUID | None, limit: int) -> tuple[tuple[WatchView, UUID], ...]:
    """Return the officer's watches of this case, oldest first, each with its place."""
    officer = work.require(Action.PROFILE_READ)
    found = notices.live(work.connection, officer.id, _case(work), work.now, after=after, limit=limit)
    work.record("watches:listed", tuple(dict.fromkeys(each.profile for each in found)))
    return tuple((_view(each, each.until), each.id) for each in found)


def tell_watchers(work: Work, profile: UUID) -> None:
    """Tell whoever watches a profile, or one merged into it, that another version is current.

    Of whom may not know of the record any more the watch ends.
    """
    watched = notices.on(work.connection, queries.with_merged(work.connection, [profile]), work.now)
    if not watched:
        return
    row = queries.by_id(work.connection, profile)
    assert row is not None
    roles = directory.roles(work.connection, {each.officer for each in watched})
    stay = [each for each in watched if _may_watch(work, row, roles[each.officer])]
    gone = [each for each in watched if each not in stay]
    notices.end(work.connection, [each.id for each in gone], work.now)
    work.tell(*(watches.changed(each, row["version"]) for each in stay), *map(watches.ended, gone))


def end_watches(connection: Connection, profiles: Sequence[UUID], now: datetime) -> None:
    """End the watches on profiles that leave the search by themselves, and tell that. For sweeps, behind the entry."""
    ended = notices.on(connection, profiles, now)
    notices.end(connection, [each.id for each in ended], now)
    notices.keep(connection, now, [watches.ended(each) for each in ended])


def end_due(connection: Connection, now: datetime) -> int:
    """End watches whose time is over, with an entry in the log; forget old notices. For the sweep."""
    notices.purge(connection, now - KEPT)
    ended = notices.over(connection, now, ENDED_AT_ONCE)
    if ended:
        notices.end(connection, [each.id for each in ended], now)
        event = Event("watch:expired", tuple(dict.fromkeys(each.profile for each in ended)),
                      {"watches": [str(each.id) for each in ended]})  # fmt: skip
        append(connection, [
            Entry(at=now, kind="command", operation="expireWatches", outcome=Outcome.ALLOWED,
                  request_id=str(new_id()), source="local", events=(event,))
        ])  # fmt: skip
        notices.keep(connection, now, [watches.ended(each) for each in ended])
    return len(ended)


def _case(work: Work) -> str:
    assert work.actor.case_reference  # require() has seen to it
    return work.actor.case_reference


def _can_be_found(row: Any, now: datetime) -> bool:
    return on(Standing(row["standing_now"]), day(row["expires_on"]), now.date()) in SEARCHABLE


def _may_watch(work: Work, row: Any, roles: frozenset[Role]) -> bool:
    known_to = work.edition.categories[row["category"]].roles
    return _can_be_found(row, work.now) and not {role.value for role in roles}.isdisjoint(known_to)


def _view(watch: Watch, until: datetime) -> WatchView:
    return WatchView(public_id("watch", watch.id), public_id("profile", watch.profile), watch.begun_at, until)
