"""What may follow what: every state with every step, every answer with every kind; four eyes; the clock."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from registry.core.errors import Conflict, Forbidden, InputRefused, RegistryError
from registry.desk import requests
from registry.desk.requests import (
    CHANGES,
    DRAFTS,
    OPEN,
    OUTCOMES,
    STATES,
    Answer,
    Capacity,
    Channel,
    Draft,
    DraftStep,
    Kind,
    Outcome,
    Request,
    State,
    Step,
)
from registry.profiles.standing import Change
from registry.profiles.vetting import State as ProposalState
from tests.factories import MOMENT

ID, PROFILE, PROPOSAL, ONE, TWO, THREE = (UUID(int=number) for number in range(1, 7))
NOBODY: frozenset[UUID] = frozenset()


def request(**changes: Any) -> Request:  # Any: the fields' own types
    """Return a request as it came."""
    values: dict[str, Any] = {
        "id": ID, "kind": Kind.ACCESS, "channel": Channel.LETTER, "capacity": Capacity.SELF,
        "reference": "DEMO/1/2026", "agency": "ke-invented", "opened_by": ONE, "opened_at": MOMENT,
        "received_on": date(2026, 11, 21), "due_on": date(2026, 11, 28),
    }  # fmt: skip
    return Request(**values | changes)


def known(**changes: Any) -> Request:  # Any: as above
    return request(**{"state": State.IDENTIFIED, "profile": PROFILE, "identified_at": MOMENT} | changes)


def waiting(outcome: Outcome = Outcome.REPORT, **changes: Any) -> Request:  # Any: as above
    return known(**{"draft": Draft.DRAWN_UP, "outcome": outcome, "drawn_by": ONE, "drawn_at": MOMENT} | changes)


def code_of(use: Any) -> str | None:  # Any: what is called
    try:
        use()
    except RegistryError as refused:
        return refused.code
    return None


# -- the tables


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)), ids=lambda each: each.value)
def test_a_step_that_is_not_in_the_table_is_refused(state: State, step: Step) -> None:
    made = STATES.get((state, step))

    if made is None:
        assert code_of(lambda: requests.after(request(state=state), step)) == "REQUEST_STATE"
    else:
        assert requests.after(request(state=state), step) is made


def test_nothing_is_answered_before_identity_is_proven_and_nothing_moves_what_is_closed() -> None:
    assert (State.RECEIVED, Step.ANSWER) not in STATES
    assert {state for state, _ in STATES} == OPEN
    assert set(State) - OPEN == {State.ANSWERED, State.REFUSED, State.WITHDRAWN}


@pytest.mark.parametrize(("draft", "step"), list(product(Draft, DraftStep)), ids=lambda each: each.value)
def test_an_answer_goes_its_way_and_no_other(draft: Draft, step: DraftStep) -> None:
    steps = {
        DraftStep.DRAW_UP: lambda: requests.drawn_up(
            known(draft=draft), Answer(outcome=Outcome.REPORT), by=ONE, acting_for=NOBODY, at=MOMENT
        ),
        DraftStep.RETURN: lambda: requests.returned(waiting(draft=draft), "A note", None, by=TWO, acts_for=NOBODY),
        DraftStep.RELEASE: lambda: requests.released(waiting(draft=draft), None, by=TWO, acts_for=NOBODY, at=MOMENT),
    }

    if (draft, step) in DRAFTS:
        assert steps[step]().draft is DRAFTS[draft, step]
    else:
        assert code_of(steps[step]) == "ANSWER_STATE"


@pytest.mark.parametrize(("kind", "held", "outcome"), list(product(Kind, (True, False), Outcome)), ids=str)
def test_a_kind_of_request_has_its_answers(kind: Kind, held: bool, outcome: Outcome) -> None:
    asked = known(kind=kind, profile=PROFILE if held else None)

    refused = code_of(lambda: requests.check_outcome(asked, outcome))

    assert refused == (None if outcome in OUTCOMES[kind, held] else "OUTCOME_NOT_FITTING")


def test_each_kind_can_be_refused_and_otherwise_answered_in_one_way() -> None:
    assert all(Outcome.REFUSAL in allowed and len(allowed) == 2 for allowed in OUTCOMES.values())
    assert all(OUTCOMES[kind, False] == {Outcome.REFUSAL, Outcome.NOTHING_HELD} for kind in Kind)


@pytest.mark.parametrize("outcome", Outcome)
def test_before_identity_is_proven_only_a_refusal_is_drawn_up(outcome: Outcome) -> None:
    refused = code_of(lambda: requests.check_outcome(request(), outcome))

    assert refused == (None if outcome is Outcome.REFUSAL else "REQUEST_STATE")


@pytest.mark.parametrize(("kind", "change"), list(product(Kind, Change)), ids=lambda each: each.value)
def test_a_kind_of_request_proposes_its_changes(kind: Kind, change: Change) -> None:
    if change in CHANGES[kind]:
        requests.check_change(known(kind=kind), change)
        return
    with pytest.raises(InputRefused) as caught:
        requests.check_change(known(kind=kind), change)

    assert (caught.value.code, caught.value.field) == ("CHANGE_NOT_FITTING", "change")


# -- four eyes


@pytest.mark.parametrize(
    ("by", "acts_for", "drawn_for"),
    [
        (ONE, NOBODY, ()),
        (TWO, frozenset({ONE}), ()),
        (TWO, NOBODY, (TWO,)),
        (TWO, frozenset({THREE}), (THREE,)),
    ],
    ids=["the same", "a delegate of the first", "the first was a delegate", "both are delegates of a third"],
)
def test_nobody_looks_at_an_own_answer_nor_through_a_delegate(
    by: UUID, acts_for: frozenset[UUID], drawn_for: tuple[UUID, ...]
) -> None:
    drawn = waiting(drawn_for=drawn_for)

    with pytest.raises(Forbidden) as release:
        requests.released(drawn, None, by=by, acts_for=acts_for, at=MOMENT)
    with pytest.raises(Forbidden) as back:
        requests.returned(drawn, "A note", None, by=by, acts_for=acts_for)

    assert (release.value.code, back.value.code) == ("OWN_ANSWER", "OWN_ANSWER")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Outcome.REPORT, State.ANSWERED), (Outcome.NOTHING_HELD, State.ANSWERED), (Outcome.REFUSAL, State.REFUSED)],
)
def test_an_answer_that_is_released_closes_its_request(outcome: Outcome, state: State) -> None:
    closed = requests.released(waiting(outcome), None, by=TWO, acts_for=NOBODY, at=MOMENT)

    assert (closed.state, closed.draft) == (state, Draft.RELEASED)
    assert (closed.closed_by, closed.closed_at, closed.closed_on) == (TWO, MOMENT, MOMENT.date())


def test_a_returned_answer_keeps_the_note_until_another_is_drawn_up() -> None:
    back = requests.returned(waiting(), "Name the ground", None, by=TWO, acts_for=NOBODY)
    again = requests.drawn_up(
        back, Answer(outcome=Outcome.REFUSAL, ground="G"), by=TWO, acting_for=NOBODY, at=MOMENT + timedelta(hours=1)
    )

    assert (back.state, back.draft, back.note) == (State.IDENTIFIED, Draft.RETURNED, "Name the ground")
    assert (again.draft, again.note, again.drawn_by, again.ground) == (Draft.DRAWN_UP, None, TWO, "G")


# -- answers that rest on a proposal


@pytest.mark.parametrize("decided", ProposalState)
def test_what_was_proposed_is_decided_before_the_answer_goes(decided: ProposalState) -> None:
    drawn = waiting(Outcome.PROPOSAL, kind=Kind.CORRECTION, proposal=PROPOSAL)
    let_in = decided in (ProposalState.APPROVED, ProposalState.IN_PART)

    release = code_of(lambda: requests.released(drawn, decided, by=TWO, acts_for=NOBODY, at=MOMENT))
    back = code_of(lambda: requests.returned(drawn, "A note", decided, by=TWO, acts_for=NOBODY))

    if decided is ProposalState.PENDING:
        assert (release, back) == ("PROPOSAL_UNDECIDED", "PROPOSAL_UNDECIDED")
    else:
        assert release == (None if let_in else "PROPOSAL_NOT_LET_IN")
        assert back == ("PROPOSAL_LET_IN" if let_in else None)


# -- identity


def test_a_wrong_link_is_mended_but_not_behind_an_answer_that_waits() -> None:
    def link(asked: Request) -> Request:
        return requests.identified(asked, profile=None, documents=(), court_seal="DEMO 1", by=TWO, at=MOMENT)

    mended = link(known())

    assert (mended.state, mended.profile, mended.court_seal, mended.identified_by) == (
        State.IDENTIFIED, None, "DEMO 1", TWO,
    )  # fmt: skip
    assert code_of(lambda: link(waiting())) == "ANSWER_STATE"
    assert code_of(lambda: link(replace(known(), state=State.ANSWERED))) == "REQUEST_STATE"


def test_a_withdrawn_request_is_closed_by_whoever_is_told() -> None:
    closed = requests.withdrawn(waiting(), by=ONE, at=MOMENT)

    assert (closed.state, closed.closed_by, closed.closed_on) == (State.WITHDRAWN, ONE, MOMENT.date())
    with pytest.raises(Conflict):
        requests.withdrawn(closed, by=ONE, at=MOMENT)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("kind", Kind)
def test_a_report_is_read_for_access_and_once_identity_is_proven(state: State, kind: Kind) -> None:
    refused = code_of(lambda: requests.check_report(known(state=state, kind=kind)))

    if state not in (State.IDENTIFIED, State.ANSWERED):
        assert refused == "REQUEST_STATE"
    else:
        assert refused == (None if kind is Kind.ACCESS else "OUTCOME_NOT_FITTING")


def test_a_report_that_is_not_true_any_more_is_not_released() -> None:
    requests.check_true(known(digest="a"), "a")

    assert code_of(lambda: requests.check_true(known(digest="a"), "b")) == "ANSWER_OUTDATED"


# -- the clock


@pytest.mark.parametrize(
    ("today", "left", "overdue"),
    [(date(2026, 11, 21), 7, False), (date(2026, 11, 28), 0, False), (date(2026, 11, 29), -1, True)],
    ids=["first day", "last day", "a day late"],
)
def test_the_last_day_is_in_time_and_the_next_is_not(today: date, left: int, overdue: bool) -> None:
    assert (request().days_left(today), request().is_overdue(today)) == (left, overdue)


@pytest.mark.parametrize("state", sorted(set(State) - OPEN))
def test_nobody_waits_for_what_is_closed(state: State) -> None:
    closed = request(state=state)

    assert (closed.days_left(date(2027, 1, 1)), closed.is_overdue(date(2027, 1, 1))) == (None, False)
