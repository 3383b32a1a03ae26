"""Four eyes: what one officer proposes, another decides on. What every such row keeps, and who may be the second. Pure.

    proposal = Proposal(…, **proposed(by=actor, acts_for=acts_for, at=now))
    check_second(proposal, decider, acts_for)          raises OWN_PROPOSAL, SAME_CHAIN

The second officer is another person, acts for neither and through neither, and stands under another chain of command:
whom one commander can order is not two people. The columns of such a row are ``auth.models.four_eyes()``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from auth.actor import Actor
from registry.core.errors import Forbidden


class State(StrEnum):
    """Where something proposed stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What may happen to it."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


DECIDED: Mapping[tuple[State, Step], State] = MappingProxyType({
    (State.PROPOSED, Step.APPROVE): State.APPROVED,
    (State.PROPOSED, Step.REJECT): State.REJECTED,
    (State.PROPOSED, Step.WITHDRAW): State.WITHDRAWN,
})  # fmt: skip
"""What a step makes of it. A cell that isn't here is refused: whatever is decided stays decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FourEyes:
    """Who proposed, and who decided: the part that everything proposed has in common."""

    proposed_by: UUID
    proposed_agency: str
    proposed_chain: str
    proposed_for: tuple[UUID, ...] = ()
    """Officers whose delegate the proposer was."""
    proposed_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    note: str | None = None
    """Why it was rejected, returned or withdrawn."""


class Proposed(Protocol):
    """Whatever one officer proposes and another decides."""

    @property
    def proposed_by(self) -> UUID:
        """The proposer."""

    @property
    def proposed_agency(self) -> str:
        """Their agency."""

    @property
    def proposed_chain(self) -> str:
        """Their chain of command."""

    @property
    def proposed_for(self) -> tuple[UUID, ...]:
        """Officers whose delegate the proposer was."""


def proposed(*, by: Actor, acts_for: frozenset[UUID], at: datetime) -> dict[str, Any]:  # Any: each field's own type
    """Return what a proposal keeps of its proposer, as keywords."""
    assert by.officer is not None  # require() has seen to it
    return {
        "proposed_by": by.officer.id, "proposed_agency": by.agency, "proposed_chain": by.officer.chain,
        "proposed_for": tuple(sorted(acts_for)), "proposed_at": at,
    }  # fmt: skip


def check_second(proposal: Proposed, by: Actor, acts_for: frozenset[UUID]) -> None:
    """See that the decider is a second person: not the proposer, not a delegate of either, not of the same chain.

    ``acts_for`` are the officers whose delegate the decider is. Raises Forbidden (OWN_PROPOSAL, SAME_CHAIN).
    """
    assert by.officer is not None
    same = proposal.proposed_by == by.officer.id
    delegated = proposal.proposed_by in acts_for or by.officer.id in proposal.proposed_for
    shared = not acts_for.isdisjoint(proposal.proposed_for)
    if same or delegated or shared:
        raise Forbidden("Nobody decides on an own proposal, nor through a delegate.", code="OWN_PROPOSAL",
                        remedy="Ask another officer.")  # fmt: skip
    if (proposal.proposed_agency, proposal.proposed_chain) == (by.agency, by.officer.chain):
        raise Forbidden(
            "The proposer's own chain of command can't decide.", code="SAME_CHAIN", remedy="Ask an officer of another."
        )
