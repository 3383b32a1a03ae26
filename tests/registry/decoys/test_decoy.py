"""What may become of a decoy: each state with each step, and who the second officer is."""

from dataclasses import replace
from itertools import product

import pytest

from auth import four_eyes
from registry.core.errors import Conflict, Forbidden
from registry.core.ids import new_id
from registry.decoys import decoy
from registry.decoys.decoy import Decoy, State, Step
from registry.disclosure.vocabulary import Role
from tests.factories import MOMENT, actor

FIRST, SECOND = (actor(role=Role.ADMINISTRATOR, chain=chain) for chain in ("one", "two"))
ALLOWED = {
    (State.PROPOSED, Step.APPROVE): State.IN_FORCE,
    (State.PROPOSED, Step.REJECT): State.REJECTED,
    (State.PROPOSED, Step.END): State.ENDED,
    (State.IN_FORCE, Step.END): State.ENDED,
}


def proposed(state: State = State.PROPOSED) -> Decoy:
    said = four_eyes.proposed(by=FIRST, acts_for=frozenset(), at=MOMENT)
    found = Decoy(id=new_id(), profile=new_id(), owner=FIRST.agency, reason="An invented person", **said)
    return replace(found, state=state)


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_each_step_leads_where_it_may_and_nowhere_else(state: State, step: Step) -> None:
    if (state, step) in ALLOWED:
        assert decoy.after(proposed(state), step) is ALLOWED[state, step]
    else:
        with pytest.raises(Conflict) as caught:
            decoy.after(proposed(state), step)
        assert caught.value.code == "DECOY_STATE"


def test_the_second_officer_is_of_another_chain() -> None:
    found = decoy.decided(proposed(), Step.APPROVE, by=SECOND, at=MOMENT, acts_for=frozenset())

    assert SECOND.officer is not None
    assert (found.state, found.decided_by, found.decided_at) == (State.IN_FORCE, SECOND.officer.id, MOMENT)


def test_the_proposer_decides_nothing() -> None:
    with pytest.raises(Forbidden) as caught:
        decoy.decided(proposed(), Step.APPROVE, by=FIRST, at=MOMENT, acts_for=frozenset())

    assert caught.value.code == "OWN_PROPOSAL"


@pytest.mark.parametrize("state", [State.PROPOSED, State.IN_FORCE])
def test_one_officer_ends_it(state: State) -> None:
    found = decoy.ended(proposed(state), by=FIRST, at=MOMENT)

    assert FIRST.officer is not None
    assert (found.state, found.ended_by, found.ended_at) == (State.ENDED, FIRST.officer.id, MOMENT)
