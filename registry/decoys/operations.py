"""Use cases of decoys: one officer proposes, one of another chain decides, each of them ends; and of alarms.

propose            a profile that one's own agency keeps
approve, reject    the second officer's word
end                one officer closes again
list_decoys        those of one's own agency
list_alarms        what has been raised: of one's own decoys, and what concerns all

Which profiles are decoys is the secret: events name the decoy and never its profile.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from auth import four_eyes
from registry.core.errors import NotFound
from registry.core.ids import new_id
from registry.decoys import decoy, queries, views
from registry.decoys.decoy import Decoy, Step
from registry.decoys.views import AlarmView, DecoyView
from registry.disclosure.vocabulary import Action
from registry.profiles.operations.text import sentence
from registry.work import Work, operation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, and behind what the next begins."""

    nodes: tuple[T, ...]
    last: UUID | None
    has_next: bool


@operation(Action.DECOY_PROPOSE)
def propose(work: Work, profile: UUID, reason: str) -> DecoyView:
    """Propose a profile of one's own agency as a decoy.

    Raises NotFound for another's, Conflict (DECOY_PROPOSED_ALREADY), InputRefused.
    """
    work.require(Action.DECOY_PROPOSE)
    if queries.owner_of(work.connection, profile) != work.actor.agency:
        raise NotFound("No such profile.", field="profileId")
    proposed = Decoy(
        id=new_id(), profile=profile, owner=work.actor.agency, reason=sentence(reason),
        **four_eyes.proposed(by=work.actor, acts_for=work.acts_for(), at=work.now),
    )  # fmt: skip
    queries.add(work.connection, proposed)
    work.record("decoy:proposed", decoy=str(proposed.id))
    return views.decoy(proposed)


@operation(Action.DECOY_DECIDE)
def approve(work: Work, identifier: UUID) -> DecoyView:
    """Let a profile be a decoy that an officer of another chain proposed.

    Raises NotFound, Forbidden (OWN_PROPOSAL, SAME_CHAIN), Conflict (DECOY_STATE).
    """
    work.require(Action.DECOY_DECIDE)
    return _decided(work, identifier, Step.APPROVE)


@operation(Action.DECOY_DECIDE)
def reject(work: Work, identifier: UUID) -> DecoyView:
    """Refuse what an officer of another chain proposed. Raises as ``approve``."""
    work.require(Action.DECOY_DECIDE)
    return _decided(work, identifier, Step.REJECT)


@operation(Action.DECOY_PROPOSE)
def end(work: Work, identifier: UUID) -> DecoyView:
    """Let a profile be a decoy no more. Raises NotFound, Conflict (DECOY_STATE)."""
    work.require(Action.DECOY_PROPOSE)
    before = _found(work, identifier)
    now = decoy.ended(before, by=work.actor, at=work.now)
    queries.put(work.connection, before, now)
    work.record("decoy:ended", decoy=str(now.id))
    return views.decoy(now)


@operation(Action.DECOY_PROPOSE)
def list_decoys(work: Work, *, after: UUID | None, limit: int) -> Page[DecoyView]:
    """Return the decoys of one's own agency, oldest first."""
    work.require(Action.DECOY_PROPOSE)
    found = queries.listed(work.connection, work.actor.agency, after=after, limit=limit + 1)
    shown = found[:limit]
    work.record("decoys:listed", count=len(shown))
    return Page(tuple(map(views.decoy, shown)), shown[-1].id if shown else None, len(found) > limit)


@operation(Action.ALARM_READ)
def list_alarms(work: Work, *, after: UUID | None, limit: int) -> Page[AlarmView]:
    """Return what has been raised for one's own agency and for all, newest first."""
    work.require(Action.ALARM_READ)
    found = queries.raised(work.connection, work.actor.agency, after=after, limit=limit + 1)
    shown = found[:limit]
    work.record("alarms:listed", count=len(shown))
    told = tuple(views.alarm(dict(each)) for each in shown)
    return Page(told, shown[-1]["id"] if shown else None, len(found) > limit)


def _decided(work: Work, identifier: UUID, step: Step) -> DecoyView:
    before = _found(work, identifier)
    now = decoy.decided(before, step, by=work.actor, at=work.now, acts_for=work.acts_for())
    queries.put(work.connection, before, now)
    work.record("decoy:decided", decoy=str(now.id), state=now.state.value)
    return views.decoy(now)


def _found(work: Work, identifier: UUID) -> Decoy:
    """Return a decoy of one's own agency: others' are none of one's business. Raises NotFound."""
    found = queries.by_id(work.connection, identifier)
    if found is None or found.owner != work.actor.agency:
        raise NotFound("No such decoy.", field="decoyId")
    return found
