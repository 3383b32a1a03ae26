"""Four eyes, exhausted: every state and decision by every officer from every base."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from auth.actor import Actor
from registry.core.errors import Conflict, Forbidden, RegistryError
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from registry.profiles import vetting
from registry.profiles.vetting import Proposal, State
from tests.factories import AGENCY, ELSEWHERE, MOMENT, actor, read, record

PROPOSER = actor(role=Role.REGISTRAR, chain="records")
DECIDERS: dict[str, Actor] = {
    "the proposer": PROPOSER,
    "the proposer, moved to another chain": replace(
        PROPOSER, officer=replace(PROPOSER.officer, chain="vetting") if PROPOSER.officer else None
    ),
    "a colleague of the same chain": actor(role=Role.SUPERVISOR, chain="records", name="2"),
    "another chain": actor(role=Role.SUPERVISOR, chain="vetting"),
    "a chain of that name in another agency": actor(role=Role.SUPERVISOR, chain="records", agency=ELSEWHERE),
}
MAY = {"another chain", "a chain of that name in another agency"}
OLD, NEW = new_id(), new_id()
BASES = {"new": (None, None), "amended": (OLD, OLD), "outdated": (OLD, NEW), "no more new": (None, NEW)}
"""What a proposal was drawn from, and what is current."""
DECISIONS = (State.APPROVED, State.REJECTED)


def proposal(state: State = State.PENDING, **changes: object) -> Proposal:
    assert PROPOSER.officer is not None
    decided = state is not State.PENDING
    made = Proposal(
        id=new_id(), profile=new_id(), base=None, state=state, reason="A reason", proposed_by=PROPOSER.officer.id,
        proposed_agency=AGENCY, proposed_chain="records", proposed_at=MOMENT, decided_by=new_id() if decided else None,
        decided_at=MOMENT if decided else None, note=None, version=1 if state is State.APPROVED else None,
        record=read(record()),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # any field


def expected(state: State, decision: State, decider: str, base: str) -> str | None:
    """Return the code that refuses, or None where the decision stands."""
    if state is not State.PENDING:
        return "PROPOSAL_NOT_PENDING"
    if decider.startswith("the proposer"):
        return "OWN_PROPOSAL"
    if decider not in MAY:
        return "SAME_CHAIN"
    if decision is State.APPROVED and base in ("outdated", "no more new"):
        return "PROPOSAL_OUTDATED"
    return None


@pytest.mark.parametrize(("state", "decision", "decider", "base"), list(product(State, DECISIONS, DECIDERS, BASES)))
def test_each_decision_stands_or_is_refused_by_its_code(state: State, decision: State, decider: str, base: str) -> None:
    drawn_from, current = BASES[base]
    proposed = proposal(state, base=drawn_from)
    code: str | None = None

    try:
        decided = vetting.decide(
            proposed, decision, by=DECIDERS[decider], at=MOMENT + timedelta(hours=1), note="A note", current=current
        )
    except RegistryError as refused:
        code = refused.code
    else:
        officer = DECIDERS[decider].officer
        assert officer is not None
        assert decided == replace(
            proposed, state=decision, decided_by=officer.id, decided_at=MOMENT + timedelta(hours=1), note="A note"
        )

    assert code == expected(state, decision, decider, base)


def test_states_are_refused_as_conflicts_and_people_as_forbidden() -> None:
    with pytest.raises(Conflict) as conflict:
        vetting.decide(proposal(State.REJECTED), State.APPROVED, by=PROPOSER, at=MOMENT, note=None, current=None)
    with pytest.raises(Forbidden) as forbidden:
        vetting.decide(proposal(), State.APPROVED, by=PROPOSER, at=MOMENT, note=None, current=None)

    assert conflict.value.remedy
    assert forbidden.value.remedy
