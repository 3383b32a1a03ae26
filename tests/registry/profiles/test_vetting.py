"""Four eyes, exhausted: every state and decision by every officer from every base; and letting in in part."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from auth.actor import Actor
from registry.core.errors import Conflict, Forbidden, InputRefused, RegistryError
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from registry.profiles import vetting
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import CARRIES_A_RECORD, Change, Standing
from registry.profiles.vetting import DECISIONS, LEFT_OUT_NEVER, LETS_IN, Decision, Proposal, State
from tests.factories import AGENCY, ELSEWHERE, MOMENT, actor, read, record
from tests.registry.profiles.strategies import CHANGES, RECORDS

PROPOSER = actor(role=Role.REGISTRAR, chain="records")
PRINCIPAL, OTHER = new_id(), new_id()
"""Officers that others act for."""
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


def officer_of(by: Actor) -> UUID:
    assert by.officer is not None
    return by.officer.id


def proposal(state: State = State.PENDING, **changes: object) -> Proposal:
    decided = state is not State.PENDING
    made = Proposal(
        id=new_id(), profile=new_id(), change=Change.CREATE, base=None, state=state, reason="A reason",
        proposed_by=officer_of(PROPOSER), proposed_agency=AGENCY, proposed_chain="records", proposed_at=MOMENT,
        decided_by=new_id() if decided else None, decided_at=MOMENT if decided else None,
        version=1 if state is State.APPROVED else None, standing=Standing.VETTED, record=read(record()),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # any field


# -- every state and decision


def expected(state: State, decision: Decision, decider: str, base: str) -> str | None:
    """Return the code that refuses, or None where the decision stands."""
    if state is not State.PENDING:
        return "PROPOSAL_NOT_PENDING"
    if decision is Decision.WITHDRAW:
        return None if decider.startswith("the proposer") else "NOT_PROPOSER"
    if decider.startswith("the proposer"):
        return "OWN_PROPOSAL"
    if decider not in MAY:
        return "SAME_CHAIN"
    if decision in LETS_IN and base in ("outdated", "no more new"):
        return "PROPOSAL_OUTDATED"
    return None


@pytest.mark.parametrize(("state", "decision", "decider", "base"), list(product(State, Decision, DECIDERS, BASES)))
def test_each_decision_stands_or_is_refused_by_its_code(
    state: State, decision: Decision, decider: str, base: str
) -> None:
    drawn_from, current = BASES[base]
    proposed = proposal(state, base=drawn_from)
    later = MOMENT + timedelta(hours=1)
    code: str | None = None

    try:
        decided = vetting.decide(proposed, decision, by=DECIDERS[decider], at=later, note="A note", current=current)
    except RegistryError as refused:
        code = refused.code
    else:
        assert decided == replace(
            proposed, state=DECISIONS[state, decision], decided_by=officer_of(DECIDERS[decider]), decided_at=later,
            note="A note",
        )  # fmt: skip

    assert code == expected(state, decision, decider, base)


def test_whatever_is_decided_stays_decided() -> None:
    assert {state for state, _ in DECISIONS} == {State.PENDING}
    assert {decision for _, decision in DECISIONS} == set(Decision)
    assert sorted(DECISIONS.values()) == sorted(set(State) - {State.PENDING})


def test_states_are_refused_as_conflicts_and_people_as_forbidden() -> None:
    with pytest.raises(Conflict) as conflict:
        vetting.decide(proposal(State.REJECTED), Decision.APPROVE, by=PROPOSER, at=MOMENT, note=None, current=None)
    with pytest.raises(Forbidden) as forbidden:
        vetting.decide(proposal(), Decision.APPROVE, by=PROPOSER, at=MOMENT, note=None, current=None)

    assert conflict.value.remedy
    assert forbidden.value.remedy


# -- nor through a delegate

SUPERVISOR = actor(role=Role.SUPERVISOR, chain="vetting")
DELEGATIONS: dict[str, tuple[set[UUID], set[UUID], bool]] = {
    "nobody acts for anybody": (set(), set(), True),
    "the decider acts for the proposer": ({officer_of(PROPOSER)}, set(), False),
    "the proposer acted for the decider": (set(), {officer_of(SUPERVISOR)}, False),
    "each acts for the other": ({officer_of(PROPOSER)}, {officer_of(SUPERVISOR)}, False),
    "both act for a third": ({PRINCIPAL}, {PRINCIPAL}, False),
    "both act for a third, and others": ({PRINCIPAL, OTHER}, {new_id(), PRINCIPAL}, False),
    "each acts for somebody else": ({PRINCIPAL}, {OTHER}, True),
    "the decider acts for somebody else": ({PRINCIPAL}, set(), True),
    "the proposer acted for somebody else": (set(), {PRINCIPAL}, True),
}
"""Whom the decider acts for, whom the proposer acted for, and whether the decision stands."""


@pytest.mark.parametrize("decision", [each for each in Decision if each is not Decision.WITHDRAW])
@pytest.mark.parametrize("case", DELEGATIONS)
def test_nobody_decides_through_a_delegate(case: str, decision: Decision) -> None:
    acts_for, proposed_for, stands = DELEGATIONS[case]
    proposed = proposal(proposed_for=tuple(sorted(proposed_for)))
    code: str | None = None

    try:
        vetting.decide(proposed, decision, by=SUPERVISOR, at=MOMENT, note=None, current=None,
                       acts_for=frozenset(acts_for))  # fmt: skip
    except Forbidden as refused:
        code = refused.code

    assert code == (None if stands else "OWN_PROPOSAL")


def test_a_proposer_withdraws_whoever_acts_for_whom() -> None:
    proposed = proposal(proposed_for=(officer_of(SUPERVISOR),))

    decided = vetting.decide(proposed, Decision.WITHDRAW, by=PROPOSER, at=MOMENT, note="A mistake", current=NEW,
                             acts_for=frozenset({officer_of(SUPERVISOR)}))  # fmt: skip

    assert decided.state is State.WITHDRAWN


def test_a_delegate_of_the_proposer_does_not_withdraw() -> None:
    with pytest.raises(Forbidden) as caught:
        vetting.decide(proposal(), Decision.WITHDRAW, by=SUPERVISOR, at=MOMENT, note="A mistake", current=None,
                       acts_for=frozenset({officer_of(PROPOSER)}))  # fmt: skip

    assert caught.value.code == "NOT_PROPOSER"


# -- in part

SOME_GROUPS = st.lists(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=8, unique=True)


def amendment(_before: Record, after: Record) -> Proposal:
    return proposal(change=Change.AMEND, base=OLD, record=after)


@given(CHANGES, SOME_GROUPS)
def test_of_an_amendment_the_groups_let_in_are_new_and_all_others_as_they_were(
    change: tuple[Record, Record], chosen: list[str]
) -> None:
    before, after = change

    made = vetting.accepted(amendment(before, after), before, chosen)

    for name in GROUPS:
        assert getattr(made, name) == getattr(after if name in chosen else before, name)


@given(RECORDS, SOME_GROUPS)
def test_of_a_new_record_what_is_left_out_is_unknown_but_what_it_stands_on_stays(
    proposed: Record, chosen: list[str]
) -> None:
    made = vetting.accepted(proposal(record=proposed), None, chosen)

    for name, group in GROUPS.items():
        stays = name in chosen or name in LEFT_OUT_NEVER or group.required
        assert getattr(made, name) == (getattr(proposed, name) if stays else group.default)
    assert made.names == proposed.names


def test_owner_legal_basis_category_and_names_stand_or_fall_with_a_new_record() -> None:
    assert {name for name, group in GROUPS.items() if group.required} | LEFT_OUT_NEVER == {
        "names", "owner", "legal_basis", "category",
    }  # fmt: skip


@pytest.mark.parametrize("change", [each for each in Change if each not in (Change.CREATE, Change.AMEND)])
def test_a_change_that_is_one_thing_is_not_let_in_in_part(change: Change) -> None:
    with pytest.raises(InputRefused) as caught:
        vetting.accepted(proposal(change=change), read(record()), ["names"])

    assert (caught.value.code, caught.value.field) == ("NOT_IN_PARTS", "fields")
    assert change in CARRIES_A_RECORD or caught.value.remedy


@pytest.mark.parametrize(
    "named", [[], [""], ["name"], ["names", "Names"], ["phones[0]"], ["version"], ["identity"]], ids=str
)
def test_only_groups_of_a_record_are_let_in_and_one_at_least(named: list[str]) -> None:
    with pytest.raises(InputRefused) as caught:
        vetting.accepted(proposal(change=Change.AMEND), read(record()), named)

    assert (caught.value.code, caught.value.field) == ("GROUP_UNKNOWN", "fields")
