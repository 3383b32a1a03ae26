"""Who is a second person: neither the proposer, nor in their place, nor of their chain of command."""

from dataclasses import replace
from uuid import UUID

import pytest

from auth.four_eyes import FourEyes, check_second
from registry.core.errors import Forbidden
from tests.factories import AGENCY, ELSEWHERE, MOMENT, actor

PROPOSER, DECIDER, ABSENT = (actor(agency=AGENCY), actor(agency=ELSEWHERE), actor(agency=ELSEWHERE, name="2"))
assert PROPOSER.officer is not None
assert DECIDER.officer is not None
assert ABSENT.officer is not None
PROPOSAL = FourEyes(
    proposed_by=PROPOSER.officer.id, proposed_agency=AGENCY, proposed_chain=PROPOSER.officer.chain, proposed_at=MOMENT
)  # fmt: skip
OWN, SECOND, THIRD = PROPOSER.officer.id, DECIDER.officer.id, ABSENT.officer.id


def test_an_officer_of_elsewhere_is_a_second_person_and_so_is_the_delegate_of_a_third() -> None:
    check_second(PROPOSAL, DECIDER, frozenset())
    check_second(PROPOSAL, DECIDER, frozenset({THIRD}))
    check_second(replace(PROPOSAL, proposed_for=(THIRD,)), DECIDER, frozenset())


@pytest.mark.parametrize(
    ("proposal", "acts_for"),
    [
        (replace(PROPOSAL, proposed_by=SECOND), frozenset()),
        (PROPOSAL, frozenset({OWN})),
        (replace(PROPOSAL, proposed_for=(SECOND,)), frozenset()),
        (replace(PROPOSAL, proposed_for=(THIRD,)), frozenset({THIRD})),
    ],
    ids=["the-proposer", "their-delegate", "whose-delegate-proposed", "both-for-one"],
)
def test_nobody_decides_in_the_place_of_whoever_proposed(proposal: FourEyes, acts_for: frozenset[UUID]) -> None:
    with pytest.raises(Forbidden) as caught:
        check_second(proposal, DECIDER, acts_for)

    assert caught.value.code == "OWN_PROPOSAL"


def test_nobody_decides_within_the_proposer_s_chain() -> None:
    assert DECIDER.officer is not None
    near = replace(PROPOSAL, proposed_agency=ELSEWHERE, proposed_chain=DECIDER.officer.chain)

    with pytest.raises(Forbidden) as caught:
        check_second(near, DECIDER, frozenset())

    assert caught.value.code == "SAME_CHAIN"
