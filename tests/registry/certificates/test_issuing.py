"""What may become of a certificate: every state with every step, and four eyes."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from registry.certificates import issuing
from registry.certificates.issuing import OPEN, STATES, Certificate, State, Step, Why
from registry.core.errors import Conflict, Forbidden
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from tests.factories import AGENCY, ELSEWHERE, MOMENT, actor

PAGE = Path(__file__).parents[3] / "docs" / "certificates.md"
REGISTRAR, SUPERVISOR = actor(role=Role.REGISTRAR), actor(role=Role.SUPERVISOR)
UNTIL = date(2028, 11, 21)


def certificate(state: State = State.PROPOSED) -> Certificate:
    assert REGISTRAR.officer is not None
    made = Certificate(
        id=new_id(), proposed_by=REGISTRAR.officer.id, proposed_agency=AGENCY, proposed_chain="records",
        proposed_at=MOMENT, months=24,
    )  # fmt: skip
    return replace(made, state=state)


def taken(found: Certificate, step: Step, acts_for: frozenset[UUID] = frozenset()) -> Certificate:
    """Take a certificate a step further."""
    if step is Step.ISSUE:
        return issuing.issued(
            found, number="CERT", valid_until=UNTIL, by=SUPERVISOR, at=MOMENT, acts_for=acts_for
        )  # fmt: skip
    if step is Step.REJECT:
        return issuing.rejected(found, Why.NOT_PROVEN, by=SUPERVISOR, at=MOMENT, acts_for=acts_for)
    if step is Step.REVOKE:
        return issuing.revoked(found, Why.ASKED, by=new_id(), at=MOMENT)
    return issuing.expired(found, at=MOMENT)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(State))
def test_every_step_from_every_state_is_taken_or_refused(state: State, step: Step) -> None:
    made = STATES.get((state, step))

    if made is None:
        with pytest.raises(Conflict) as caught:
            taken(certificate(state), step)
        assert caught.value.code == "CERTIFICATE_STATE"
    else:
        now = taken(certificate(state), step)
        assert (now.state, now.ended_at is None) == (made, made in OPEN)


def test_what_ended_stays_ended() -> None:
    assert {state for state, _ in STATES} == OPEN
    assert set(STATES.values()) | {State.PROPOSED} == set(State)


@pytest.mark.parametrize("step", [Step.ISSUE, Step.REJECT])
def test_nobody_decides_on_an_own_proposal_nor_through_a_delegate(step: Step) -> None:
    assert SUPERVISOR.officer is not None
    proposer, decider, third = certificate().proposed_by, SUPERVISOR.officer.id, new_id()
    cases = [
        (replace(certificate(), proposed_by=decider), frozenset()),
        (certificate(), frozenset({proposer})),
        (replace(certificate(), proposed_for=(decider,)), frozenset()),
        (replace(certificate(), proposed_for=(third,)), frozenset({third})),
    ]

    for found, acts_for in cases:
        with pytest.raises(Forbidden) as caught:
            taken(found, step, acts_for)
        assert caught.value.code == "OWN_PROPOSAL"


def test_the_proposers_own_chain_decides_nothing() -> None:
    same = actor(role=Role.SUPERVISOR, chain="records")
    elsewhere = actor(role=Role.SUPERVISOR, chain="records", agency=ELSEWHERE)

    with pytest.raises(Forbidden) as caught:
        issuing.issued(certificate(), number="CERT", valid_until=UNTIL, by=same, at=MOMENT, acts_for=frozenset())
    made = issuing.issued(
        certificate(), number="CERT", valid_until=UNTIL, by=elsewhere, at=MOMENT + timedelta(days=1),
        acts_for=frozenset(),
    )  # fmt: skip

    assert caught.value.code == "SAME_CHAIN"
    assert (made.state, made.valid_until) == (State.ISSUED, UNTIL)


@pytest.mark.parametrize("code", [*State, *Why])
def test_the_page_explains_each_state_and_each_end(code: str) -> None:
    assert f"**{code}**" in PAGE.read_text(encoding="utf-8")
