"""What may become of a finding, and who takes it further. Pure.

    open ── assign ──▶ assigned ── assess ──▶ assessed ── close ──▶ closed
      └───────────── assess ─────────────────▶

A finding accuses nobody: it asks two people to look. Whoever assesses says a verdict and why; a second person, who sees
both, closes it with a verdict of their own. Neither is the officer concerned, nor of their unit, and a sample is
reviewed by another agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from auth.actor import Actor
from registry.core.errors import Conflict, Forbidden

SAMPLE = "sample"
"""The rule whose findings another agency reviews."""


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ASSESSED = "assessed"
    CLOSED = "closed"


class Step(StrEnum):
    """What may happen to it."""

    ASSIGN = "assign"
    ASSESS = "assess"
    CLOSE = "close"


class Verdict(StrEnum):
    """What somebody who has looked says."""

    MISUSE = "misuse"
    """It was not for work: the agency's own procedure begins."""
    LAWFUL = "lawful"
    MISTAKE = "mistake"
    """An honest one: the wrong person, the wrong case."""
    UNDECIDED = "undecided"
    """It can't be told any more."""


STATES: Mapping[tuple[State, Step], State] = MappingProxyType({
    (State.OPEN, Step.ASSIGN): State.ASSIGNED,
    (State.OPEN, Step.ASSESS): State.ASSESSED,
    (State.ASSIGNED, Step.ASSESS): State.ASSESSED,
    (State.ASSESSED, Step.CLOSE): State.CLOSED,
})  # fmt: skip
"""What a step makes of a finding. A cell that isn't here is refused."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, by whom, and what they said."""

    state: State
    by: UUID
    agency: str
    acts_for: tuple[UUID, ...]
    """Officers whose delegate they were."""
    at: datetime
    verdict: Verdict | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What people are to look at."""

    id: UUID
    rule: str
    officer: UUID | None
    agency: str
    unit: str
    score: int
    """In thousandths."""
    entries: tuple[int, ...]
    entry_count: int
    """How many there are, where ``entries`` are the last of them."""
    numbers: Mapping[str, int | str]
    made_at: datetime
    due_at: datetime | None = None
    steps: tuple[Taken, ...] = ()

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.steps[-1].state if self.steps else State.OPEN

    @property
    def assigned_to(self) -> UUID | None:
        """Who has taken it on."""
        return next((each.by for each in reversed(self.steps) if each.state is State.ASSIGNED), None)


def is_near(finding: Finding, by: Actor) -> bool:
    """Say whether it is about this officer or their unit: they must not see it."""
    assert by.officer is not None  # require() has seen to it
    return finding.officer == by.officer.id or (finding.agency, finding.unit) == (by.agency, by.officer.chain)


def taken(
    finding: Finding, step: Step, *, by: Actor, acts_for: frozenset[UUID], at: datetime,
    verdict: Verdict | None = None, words: str | None = None,
) -> Taken:  # fmt: skip
    """Return a step by an officer.

    Raises Conflict (FINDING_STATE), Forbidden (FINDING_TOO_NEAR, FINDING_OTHER_AGENCY, FINDING_SECOND_PERSON).
    """
    assert by.officer is not None
    if is_near(finding, by) or finding.officer in acts_for:
        raise Forbidden("It is about you, your unit, or whom you act for.", code="FINDING_TOO_NEAR",
                        remedy="Leave it to somebody of another unit.")  # fmt: skip
    if finding.rule == SAMPLE and finding.agency == by.agency:
        raise Forbidden("A sample is reviewed by another agency than that of the officer.",
                        code="FINDING_OTHER_AGENCY", remedy="Leave it to an auditor of another agency.")  # fmt: skip
    made = STATES.get((finding.state, step))
    if made is None:
        raise Conflict(
            "A finding that stands so can't be taken further so.", code="FINDING_STATE", remedy="Look again."
        )
    first = next((each for each in finding.steps if each.state is State.ASSESSED), None)
    if first is not None and _is_one(first, by.officer.id, acts_for):
        raise Forbidden("Whoever assessed a finding does not close it, nor does a delegate.",
                        code="FINDING_SECOND_PERSON", remedy="Ask another auditor.")  # fmt: skip
    return Taken(made, by.officer.id, by.agency, tuple(sorted(acts_for)), at, verdict, words)


def _is_one(first: Taken, second: UUID, acts_for: frozenset[UUID]) -> bool:
    """Say whether two steps are one person's, themselves or through a delegate."""
    return (
        first.by == second
        or first.by in acts_for
        or second in first.acts_for
        or not acts_for.isdisjoint(first.acts_for)
    )
