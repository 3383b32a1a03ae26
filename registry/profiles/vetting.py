"""Four eyes: who may decide on a proposal, and what a decision makes of it.

    pending ── approve ──▶ approved, becomes the next version
       └────── reject ───▶ rejected, kept, never searchable

Pure: values in, values out.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from auth.actor import Actor
from registry.core.errors import Conflict, Forbidden
from registry.profiles.parts import Record


class State(StrEnum):
    """Where a proposal stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed state of a record, and the decision on it."""

    id: UUID
    profile: UUID
    base: UUID | None
    """The revision it was drawn from; None for a new profile."""
    state: State
    reason: str
    proposed_by: UUID
    proposed_agency: str
    proposed_chain: str
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    note: str | None
    version: int | None
    record: Record


def decide(
    proposal: Proposal, state: State, *, by: Actor, at: datetime, note: str | None, current: UUID | None
) -> Proposal:
    """Return the proposal as decided.

    Raises Conflict (PROPOSAL_NOT_PENDING, PROPOSAL_OUTDATED) or Forbidden (OWN_PROPOSAL, SAME_CHAIN).
    """
    assert by.officer is not None  # require() has seen to it
    if proposal.state is not State.PENDING:
        raise Conflict("This proposal is decided already.", code="PROPOSAL_NOT_PENDING", remedy="Propose anew.")
    if proposal.proposed_by == by.officer.id:
        raise Forbidden("Nobody decides on an own proposal.", code="OWN_PROPOSAL", remedy="Ask another officer.")
    if (proposal.proposed_agency, proposal.proposed_chain) == (by.agency, by.officer.chain):
        raise Forbidden(
            "The proposer's own chain of command can't decide.", code="SAME_CHAIN", remedy="Ask an officer of another."
        )
    if state is State.APPROVED and proposal.base != current:
        raise Conflict(
            "The profile has changed since this was proposed.", code="PROPOSAL_OUTDATED",
            remedy="Propose the change anew from its present state.",
        )  # fmt: skip
    return replace(proposal, state=state, decided_by=by.officer.id, decided_at=at, note=note)
