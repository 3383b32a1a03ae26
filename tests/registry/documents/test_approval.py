"""What may become of a trusted document: every state with every step, and who takes it."""

from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from auth.four_eyes import State, Step
from registry.core.errors import Conflict, Forbidden
from registry.disclosure.vocabulary import Role
from registry.documents import approval
from registry.documents.approval import STATES, TrustedDocument
from tests.factories import AGENCY, CLIENT, ELSEWHERE, MOMENT, actor
from tests.registry.documents.scenes import QUESTION, TEXT

REGISTRAR, SUPERVISOR = actor(role=Role.REGISTRAR), actor(role=Role.SUPERVISOR)
assert REGISTRAR.officer is not None
assert SUPERVISOR.officer is not None
DOCUMENT = TrustedDocument(
    id=UUID(int=1), client=CLIENT, sha256=approval.digest(TEXT), name="DEMO find", text=TEXT, questions=(QUESTION,),
    reason="An invented reason", proposed_by=REGISTRAR.officer.id, proposed_agency=AGENCY, proposed_chain="records",
    proposed_at=MOMENT,
)  # fmt: skip


def decided(document: TrustedDocument = DOCUMENT, step: Step = Step.APPROVE, **changes: object) -> TrustedDocument:
    usual = {"by": SUPERVISOR, "at": MOMENT, "note": None, "acts_for": frozenset()}
    return approval.decided(document, step, **usual | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_a_step_leads_where_the_table_says_and_any_other_is_refused(state: State, step: Step) -> None:
    document = replace(DOCUMENT, state=state)

    if (state, step) in STATES:
        assert approval.after(document, step) is STATES[state, step]
    else:
        with pytest.raises(Conflict) as caught:
            approval.after(document, step)
        assert caught.value.code == "DOCUMENT_STATE"


def test_only_what_is_approved_counts_and_only_a_second_officer_brings_it_there() -> None:
    assert [cell for cell, state in STATES.items() if state is State.APPROVED] == [(State.PROPOSED, Step.APPROVE)]


def test_an_officer_of_another_chain_decides() -> None:
    made = decided()

    assert SUPERVISOR.officer is not None
    assert (made.state, made.decided_by, made.decided_at) == (State.APPROVED, SUPERVISOR.officer.id, MOMENT)


@pytest.mark.parametrize("step", [Step.APPROVE, Step.REJECT])
def test_the_proposer_a_delegate_and_the_proposers_chain_decide_nothing(step: Step) -> None:
    delegate = frozenset({DOCUMENT.proposed_by})
    refused: list[tuple[dict[str, Any], str]] = [
        ({"by": REGISTRAR}, "OWN_PROPOSAL"),
        ({"acts_for": delegate}, "OWN_PROPOSAL"),
        ({"by": actor(role=Role.SUPERVISOR, chain="records")}, "SAME_CHAIN"),
    ]

    for changes, code in refused:
        with pytest.raises(Forbidden) as caught:
            decided(step=step, **changes)
        assert caught.value.code == code


def test_whom_the_proposer_stood_in_for_decides_nothing() -> None:
    assert SUPERVISOR.officer is not None
    with pytest.raises(Forbidden) as caught:
        decided(replace(DOCUMENT, proposed_for=(SUPERVISOR.officer.id,)))

    assert caught.value.code == "OWN_PROPOSAL"


def test_one_officer_withdraws_of_the_clients_agency_or_who_let_it_in() -> None:
    elsewhere = actor(role=Role.SUPERVISOR, agency=ELSEWHERE)
    open_ = decided(by=elsewhere)

    for by in (REGISTRAR, SUPERVISOR, elsewhere):
        ended = approval.withdrawn(open_, "An invented reason", by=by, at=MOMENT)
        assert (ended.state, ended.withdrawn_why) == (State.WITHDRAWN, "An invented reason")
        assert ended.decided_by == open_.decided_by


def test_an_officer_of_elsewhere_does_not_shut_out_a_client_of_others() -> None:
    with pytest.raises(Forbidden) as caught:
        approval.withdrawn(decided(), "x", by=actor(role=Role.SUPERVISOR, agency=ELSEWHERE), at=MOMENT)

    assert caught.value.code == "FORBIDDEN"


def test_an_identifier_is_the_digest_of_the_text_with_its_prefix() -> None:
    digest = approval.digest(TEXT)

    assert len(digest) == 64
    assert approval.read_identifier(approval.identifier(digest)) == digest
    assert approval.digest(TEXT + " ") != digest


@pytest.mark.parametrize(
    "text", ["", "sha256:", "a" * 64, "sha256:" + "A" * 64, "sha256:" + "a" * 63, "sha512:" + "a" * 64,
             "sha256:" + "a" * 64 + "\n", " sha256:" + "a" * 64]
)  # fmt: skip
def test_what_is_no_identifier_names_nothing(text: str) -> None:
    assert approval.read_identifier(text) is None


def test_a_question_is_called_by_kind_and_name() -> None:
    assert QUESTION.title == "query Find"
    assert replace(QUESTION, name=None).title == "query"
