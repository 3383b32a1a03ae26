"""Four eyes: who may decide on a proposal, and what a decision makes of it.

    pending ── approve ───────▶ approved, becomes the next version
       │       … in part ─────▶ in part: the fields accepted become the next version, the others are returned
       ├────── return ────────▶ returned with reasons, to be proposed anew
       ├────── reject ────────▶ rejected, kept, never searchable
       └────── withdraw ──────▶ withdrawn by the proposer

Pure: values in, values out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from auth.actor import Actor
from auth.four_eyes import FourEyes, check_second
from registry.core.errors import Conflict, Forbidden, InputRefused
from registry.profiles.parts import Source
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import CARRIES_A_RECORD, Change, Standing


class State(StrEnum):
    """Where a proposal stands."""

    PENDING = "pending"
    APPROVED = "approved"
    IN_PART = "in_part"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Decision(StrEnum):
    """What may be done with a proposal."""

    APPROVE = "approve"
    APPROVE_IN_PART = "approve_in_part"
    RETURN = "return"
    REJECT = "reject"
    WITHDRAW = "withdraw"


DECISIONS: Mapping[tuple[State, Decision], State] = MappingProxyType({
    (State.PENDING, Decision.APPROVE): State.APPROVED,
    (State.PENDING, Decision.APPROVE_IN_PART): State.IN_PART,
    (State.PENDING, Decision.RETURN): State.RETURNED,
    (State.PENDING, Decision.REJECT): State.REJECTED,
    (State.PENDING, Decision.WITHDRAW): State.WITHDRAWN,
})  # fmt: skip
"""What a decision makes of a proposal. Whatever is decided stays decided."""
LETS_IN = frozenset({Decision.APPROVE, Decision.APPROVE_IN_PART})
LEFT_OUT_NEVER = frozenset({"owner", "legal_basis", "category"})
"""Groups that stand or fall with a new record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(FourEyes):
    """A proposed state of a record, and the decision on it. An approved one is a version."""

    id: UUID
    profile: UUID
    change: Change
    base: UUID | None
    """The revision it was drawn from; None for a new profile."""
    other: UUID | None = None
    """The second record of a merge or a split."""
    other_base: UUID | None = None
    """Its revision that the proposal was drawn from."""
    state: State = State.PENDING
    reason: str
    order_number: str | None = None
    """The court's order, where the change needs one."""
    documents: tuple[Source, ...] = ()
    """What the change rests on."""
    version: int | None = None
    standing: Standing
    """What the record stands as once this is let in."""
    contested: bool = False
    part_of: UUID | None = None
    """The proposal of which this version is the accepted part."""
    record: Record


def decide(
    proposal: Proposal, decision: Decision, *, by: Actor, at: datetime, note: str | None, current: UUID | None,
    acts_for: frozenset[UUID] = frozenset(),
) -> Proposal:  # fmt: skip
    """Return the proposal as decided; ``acts_for`` are the officers whose delegate the decider is.

    Raises Conflict (PROPOSAL_NOT_PENDING, PROPOSAL_OUTDATED) or Forbidden (OWN_PROPOSAL, SAME_CHAIN, NOT_PROPOSER).
    """
    assert by.officer is not None  # require() has seen to it
    state = DECISIONS.get((proposal.state, decision))
    if state is None:
        raise Conflict("This proposal is decided already.", code="PROPOSAL_NOT_PENDING", remedy="Propose anew.")
    if decision is Decision.WITHDRAW:
        if proposal.proposed_by != by.officer.id:
            raise Forbidden("Only the proposer withdraws a proposal.", code="NOT_PROPOSER", remedy="Reject it.")
    else:
        check_second(proposal, by, acts_for)
    if decision in LETS_IN and proposal.base != current:
        raise Conflict(
            "The profile has changed since this was proposed.", code="PROPOSAL_OUTDATED",
            remedy="Propose the change anew from its present state.",
        )  # fmt: skip
    return replace(proposal, state=state, decided_by=by.officer.id, decided_at=at, note=note)


def accepted(proposal: Proposal, base: Record | None, groups: Collection[str]) -> Record:
    """Return the record of which only these groups are let in; the others stay as they are.

    Raises InputRefused (GROUP_UNKNOWN, NOT_IN_PARTS).
    """
    if proposal.change not in CARRIES_A_RECORD or proposal.change in (Change.MERGE, Change.SPLIT):
        raise InputRefused("can't be let in in part.", field="fields", code="NOT_IN_PARTS", remedy="Leave it out.")
    unknown = [name for name in groups if name not in GROUPS]
    if unknown or not groups:
        raise InputRefused("names no group of a record.", field="fields", code="GROUP_UNKNOWN",
                           remedy="Take the names from the proposal's differences.")  # fmt: skip
    if base is None:
        left = {
            name: group.default
            for name, group in GROUPS.items()
            if name not in groups and name not in LEFT_OUT_NEVER and not group.required
        }
        return replace(proposal.record, **left)
    return replace(base, **{name: getattr(proposal.record, name) for name in groups})
