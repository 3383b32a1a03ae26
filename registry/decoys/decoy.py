"""What may become of a decoy, and who decides. Pure.

    proposed ── approve ──▶ in force     by an officer of another chain: from the next entry on it raises alarms
        │       reject ───▶ rejected
        └── end ──▶ ended ◀── end ── in force        one officer is enough

A decoy is a profile like any other, made for it: nobody convicted stands behind it, so nobody has a reason to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from auth.actor import Actor
from auth.four_eyes import FourEyes, check_second
from registry.core.errors import Conflict


class State(StrEnum):
    """Where a decoy stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    ENDED = "ended"


class Step(StrEnum):
    """What may happen to it."""

    APPROVE = "approve"
    REJECT = "reject"
    END = "end"


STATES: Mapping[tuple[State, Step], State] = MappingProxyType({
    (State.PROPOSED, Step.APPROVE): State.IN_FORCE,
    (State.PROPOSED, Step.REJECT): State.REJECTED,
    (State.PROPOSED, Step.END): State.ENDED,
    (State.IN_FORCE, Step.END): State.ENDED,
})  # fmt: skip
"""What a step makes of a decoy. A cell that isn't here is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy(FourEyes):
    """A profile that is a decoy, or is to be one. ``note`` is not used: a decoy is rejected without words."""

    id: UUID
    profile: UUID
    owner: str
    """The agency that keeps the profile, and is told."""
    state: State = State.PROPOSED
    reason: str
    ended_by: UUID | None = None
    ended_at: datetime | None = None


def after(decoy: Decoy, step: Step) -> State:
    """Return what a step makes of a decoy. Raises Conflict (DECOY_STATE)."""
    made = STATES.get((decoy.state, step))
    if made is None:
        raise Conflict("A decoy that stands so can't be taken further so.", code="DECOY_STATE", remedy="Look again.")
    return made


def decided(decoy: Decoy, step: Step, *, by: Actor, at: datetime, acts_for: frozenset[UUID]) -> Decoy:
    """Return a decoy as a second officer decides.

    Raises Conflict (DECOY_STATE), Forbidden (OWN_PROPOSAL, SAME_CHAIN).
    """
    state = after(decoy, step)
    check_second(decoy, by, acts_for)
    assert by.officer is not None  # require() has seen to it
    return replace(decoy, state=state, decided_by=by.officer.id, decided_at=at)


def ended(decoy: Decoy, *, by: Actor, at: datetime) -> Decoy:
    """Return a decoy as one officer ends it. Raises Conflict (DECOY_STATE)."""
    assert by.officer is not None
    return replace(decoy, state=after(decoy, Step.END), ended_by=by.officer.id, ended_at=at)
