"""A data subject's request: what may follow what, who may answer it, and by when. Pure.

    received ── identify ──▶ identified ── answer ──▶ answered        the answer, or a proposal that was let in
        │                        ├──────── refuse ──▶ refused         a legal ground, and where to appeal
        ├───────── refuse ───────────────────────────▶ refused
        └── withdraw ── or ── withdraw ──────────────▶ withdrawn      by whoever asked

    answer:  (none) ── draw up ──▶ drawn up ── release ──▶ released   by another officer: four eyes
                           ▲          └─────── return ───▶ returned
                           └──────────── draw up ────────────┘

Data Protection Act 2019: s. 26 and 27 (rights, and who acts for whom), s. 34 (restriction while accuracy is contested),
s. 36 (objection), s. 40 (correction and erasure), s. 56 (complaint). The clocks stand in the country edition.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from registry.core.errors import Conflict, Forbidden, InputRefused
from registry.profiles.standing import Change
from registry.profiles.vetting import DECISIONS, LETS_IN, State as ProposalState


class Kind(StrEnum):
    """What is asked for."""

    ACCESS = "access"
    """To be told what is held (s. 26(b))."""
    CORRECTION = "correction"
    """That data be corrected or erased (s. 40)."""
    OBJECTION = "objection"
    """That data be used no more (s. 36)."""


class Channel(StrEnum):
    """How a request came."""

    WALK_IN = "walk_in"
    LETTER = "letter"
    LAWYER = "lawyer"
    EMAIL = "email"


class Capacity(StrEnum):
    """For whom the applicant asks (s. 27)."""

    SELF = "self"
    """The person of the record."""
    REPRESENTATIVE = "representative"
    """A lawyer, or another whom the person authorised."""
    GUARDIAN = "guardian"
    """A parent or guardian, for a minor or for somebody who can't ask."""


class State(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"
    IDENTIFIED = "identified"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What may happen to a request."""

    IDENTIFY = "identify"
    ANSWER = "answer"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


class Draft(StrEnum):
    """Where the answer to a request stands."""

    NONE = "none"
    DRAWN_UP = "drawn_up"
    RETURNED = "returned"
    RELEASED = "released"


class DraftStep(StrEnum):
    """What may happen to an answer."""

    DRAW_UP = "draw_up"
    RETURN = "return"
    RELEASE = "release"


class Outcome(StrEnum):
    """What an answer says."""

    REPORT = "report"
    """What is held."""
    NOTHING_HELD = "nothing_held"
    """That nothing is held of this person."""
    PROPOSAL = "proposal"
    """That the record is changed as asked: contested, retired or removed."""
    REFUSAL = "refusal"
    """That it is refused, on which ground, and where to appeal."""


STATES: Mapping[tuple[State, Step], State] = MappingProxyType({
    (State.RECEIVED, Step.IDENTIFY): State.IDENTIFIED,
    (State.RECEIVED, Step.REFUSE): State.REFUSED,
    (State.RECEIVED, Step.WITHDRAW): State.WITHDRAWN,
    (State.IDENTIFIED, Step.IDENTIFY): State.IDENTIFIED,
    (State.IDENTIFIED, Step.ANSWER): State.ANSWERED,
    (State.IDENTIFIED, Step.REFUSE): State.REFUSED,
    (State.IDENTIFIED, Step.WITHDRAW): State.WITHDRAWN,
})  # fmt: skip
"""What a step makes of a request. A cell that isn't here is refused; nothing is answered before identity is proven.
A wrong link is mended by identifying again."""
OPEN = frozenset({State.RECEIVED, State.IDENTIFIED})
"""Requests that somebody waits for."""

DRAFTS: Mapping[tuple[Draft, DraftStep], Draft] = MappingProxyType({
    (Draft.NONE, DraftStep.DRAW_UP): Draft.DRAWN_UP,
    (Draft.RETURNED, DraftStep.DRAW_UP): Draft.DRAWN_UP,
    (Draft.DRAWN_UP, DraftStep.RETURN): Draft.RETURNED,
    (Draft.DRAWN_UP, DraftStep.RELEASE): Draft.RELEASED,
})  # fmt: skip
"""What becomes of an answer. What is released stays released."""

_OF_A_RECORD = {Kind.ACCESS: Outcome.REPORT, Kind.CORRECTION: Outcome.PROPOSAL, Kind.OBJECTION: Outcome.PROPOSAL}
OUTCOMES: Mapping[tuple[Kind, bool], frozenset[Outcome]] = MappingProxyType({
    (kind, held): frozenset({Outcome.REFUSAL, _OF_A_RECORD[kind] if held else Outcome.NOTHING_HELD})
    for kind in Kind for held in (True, False)
})  # fmt: skip
"""What an identified request may be answered with, by its kind and whether the person is on the register."""

CHANGES: Mapping[Kind, frozenset[Change]] = MappingProxyType({
    Kind.ACCESS: frozenset(),
    Kind.CORRECTION: frozenset({Change.CONTEST, Change.REMOVE}),
    Kind.OBJECTION: frozenset({Change.RETIRE, Change.REMOVE}),
})  # fmt: skip
"""What a request may propose: a dispute of accuracy (s. 34), the end of use (s. 36), erasure by court order (s. 40)."""
LET_IN = frozenset(DECISIONS[ProposalState.PENDING, each] for each in LETS_IN)
"""States of a proposal after which its request can be answered with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request, and the answer that is drawn up for it. Who asked is sealed, and stands apart (``queries.people``)."""

    id: UUID
    kind: Kind
    channel: Channel
    capacity: Capacity
    reference: str
    """The desk's own file mark. What the person wrote is on that file, not here."""
    agency: str
    """The office that answers."""
    opened_by: UUID
    opened_at: datetime
    received_on: date
    due_on: date
    state: State = State.RECEIVED

    documents: tuple[tuple[str, str], ...] = ()
    """Proofs of identity: which document, and SHA-256 of its copy."""
    court_seal: str | None = None
    profile: UUID | None = None
    """The person's record; None while nobody is identified, and for a person who is not on the register."""
    identified_by: UUID | None = None
    identified_at: datetime | None = None

    draft: Draft = Draft.NONE
    outcome: Outcome | None = None
    ground: str | None = None
    """Legal ground of a refusal, or of what a report withholds."""
    proposal: UUID | None = None
    digest: str | None = None
    """SHA-256 of what a report tells; it is released only while the record still says the same."""
    drawn_by: UUID | None = None
    drawn_for: tuple[UUID, ...] = ()
    """Officers whose delegate the one was who drew it up."""
    drawn_at: datetime | None = None
    note: str | None = None
    """Why an answer was returned."""

    closed_by: UUID | None = None
    closed_at: datetime | None = None
    closed_on: date | None = None

    def days_left(self, today: date) -> int | None:
        """Return the days until the answer is due, negative when it is overdue; None when nobody waits any more."""
        return (self.due_on - today).days if self.state in OPEN else None

    def is_overdue(self, today: date) -> bool:
        """Whether somebody waits longer than the law allows."""
        return self.state in OPEN and self.due_on < today


def after(request: Request, step: Step) -> State:
    """Return what a step makes of a request. Raises Conflict (REQUEST_STATE)."""
    made = STATES.get((request.state, step))
    if made is None:
        raise Conflict(f"A request that is {request.state.value} can't be taken further so.", code="REQUEST_STATE",
                       remedy="See docs/desk.md for what may follow.")  # fmt: skip
    return made


def _drafted(request: Request, step: DraftStep) -> Draft:
    made = DRAFTS.get((request.draft, step))
    if made is None:
        raise Conflict(f"The answer can't be taken further so: it is {request.draft.value}.", code="ANSWER_STATE",
                       remedy="See docs/desk.md for what may follow.")  # fmt: skip
    return made


def identified(
    request: Request, *, profile: UUID | None, documents: tuple[tuple[str, str], ...], court_seal: str | None,
    by: UUID, at: datetime,
) -> Request:  # fmt: skip
    """Return the request of a person whose identity is proven. Raises Conflict (REQUEST_STATE, ANSWER_STATE)."""
    state = after(request, Step.IDENTIFY)
    if request.draft is Draft.DRAWN_UP:
        _drafted(request, DraftStep.DRAW_UP)
    return replace(request, state=state, profile=profile, documents=documents, court_seal=court_seal,
                   identified_by=by, identified_at=at)  # fmt: skip


def check_outcome(request: Request, outcome: Outcome) -> None:
    """See that a request may be answered so. Raises Conflict (REQUEST_STATE, ANSWER_STATE, OUTCOME_NOT_FITTING)."""
    after(request, Step.REFUSE if outcome is Outcome.REFUSAL else Step.ANSWER)
    _drafted(request, DraftStep.DRAW_UP)
    if request.state is State.RECEIVED:
        return  # refused without a look into the register
    if outcome not in OUTCOMES[request.kind, request.profile is not None]:
        raise Conflict("This request can't be answered so.", code="OUTCOME_NOT_FITTING",
                       remedy="See docs/desk.md for the answers to each kind of request.")  # fmt: skip


def check_change(request: Request, change: Change) -> None:
    """See that a request of this kind may propose this. Raises InputRefused (CHANGE_NOT_FITTING)."""
    if change not in CHANGES[request.kind]:
        known = ", ".join(sorted(each.value for each in CHANGES[request.kind])) or "none"
        raise InputRefused("is not for a request of this kind.", field="change", code="CHANGE_NOT_FITTING",
                           remedy=f"Choose one of: {known}.")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as it is drawn up."""

    outcome: Outcome
    ground: str | None = None
    proposal: UUID | None = None
    digest: str | None = None


def drawn_up(
    request: Request, answer: Answer, *, by: UUID, acting_for: frozenset[UUID], at: datetime
) -> Request:  # fmt: skip
    """Return the request with an answer that waits for a second officer. Raises as ``check_outcome``."""
    check_outcome(request, answer.outcome)
    return replace(
        request, draft=_drafted(request, DraftStep.DRAW_UP), outcome=answer.outcome, ground=answer.ground,
        proposal=answer.proposal, digest=answer.digest, drawn_by=by, drawn_for=tuple(sorted(acting_for)), drawn_at=at,
        note=None,
    )  # fmt: skip


def returned(
    request: Request, note: str, proposal: ProposalState | None, *, by: UUID, acts_for: frozenset[UUID]
) -> Request:
    """Return the request with its answer sent back to whoever drew it up.

    Raises Conflict (REQUEST_STATE, ANSWER_STATE, PROPOSAL_UNDECIDED, PROPOSAL_LET_IN), Forbidden (OWN_ANSWER).
    """
    draft = _second_look(request, DraftStep.RETURN, proposal, by=by, acts_for=acts_for)
    if proposal in LET_IN:
        raise Conflict("What this answer proposed is let in already.", code="PROPOSAL_LET_IN", remedy="Release it.")
    return replace(request, draft=draft, note=note)


def released(
    request: Request, proposal: ProposalState | None, *, by: UUID, acts_for: frozenset[UUID], at: datetime
) -> Request:
    """Return the request as answered or refused.

    Raises Conflict (REQUEST_STATE, ANSWER_STATE, PROPOSAL_UNDECIDED, PROPOSAL_NOT_LET_IN), Forbidden (OWN_ANSWER).
    """
    draft = _second_look(request, DraftStep.RELEASE, proposal, by=by, acts_for=acts_for)
    if proposal is not None and proposal not in LET_IN:
        raise Conflict("What this answer proposed was not let in.", code="PROPOSAL_NOT_LET_IN",
                       remedy="Return the answer; propose anew, or refuse with a legal ground.")  # fmt: skip
    state = after(request, _closing(request))
    return replace(request, state=state, draft=draft, closed_by=by, closed_at=at, closed_on=at.date())


def _closing(request: Request) -> Step:
    return Step.REFUSE if request.outcome is Outcome.REFUSAL else Step.ANSWER


def _second_look(
    request: Request, step: DraftStep, proposal: ProposalState | None, *, by: UUID, acts_for: frozenset[UUID]
) -> Draft:
    """Return what becomes of an answer that a second person has looked at."""
    after(request, _closing(request) if request.outcome else Step.ANSWER)
    draft = _drafted(request, step)
    same = request.drawn_by == by
    delegated = request.drawn_by in acts_for or by in request.drawn_for
    if same or delegated or not acts_for.isdisjoint(request.drawn_for):
        raise Forbidden("Nobody releases an own answer, nor through a delegate.", code="OWN_ANSWER",
                        remedy="Ask another officer of the desk.")  # fmt: skip
    if proposal is ProposalState.PENDING:
        raise Conflict("What this answer proposed is not decided yet.", code="PROPOSAL_UNDECIDED",
                       remedy="Ask the officers who vet to decide.")  # fmt: skip
    return draft


def withdrawn(request: Request, *, by: UUID, at: datetime) -> Request:
    """Return the request as taken back by whoever asked. Raises Conflict (REQUEST_STATE)."""
    state = after(request, Step.WITHDRAW)
    return replace(request, state=state, closed_by=by, closed_at=at, closed_on=at.date())


def check_report(request: Request) -> None:
    """See that there is a report to read. Raises Conflict (REQUEST_STATE, OUTCOME_NOT_FITTING)."""
    if request.state not in (State.IDENTIFIED, State.ANSWERED):
        raise Conflict("Nothing is told before identity is proven, nor once a request is refused or withdrawn.",
                       code="REQUEST_STATE", remedy="Identify the person first.")  # fmt: skip
    if request.kind is not Kind.ACCESS:
        raise Conflict("A report answers a request for access.", code="OUTCOME_NOT_FITTING",
                       remedy="Open such a request.")  # fmt: skip


def check_unregistered(request: Request) -> None:
    """See that who asks is known and not on the register. Raises Conflict (REQUEST_STATE, OUTCOME_NOT_FITTING)."""
    if request.state not in (State.IDENTIFIED, State.ANSWERED):
        raise Conflict("Nobody is certified before identity is proven.", code="REQUEST_STATE",
                       remedy="Identify the person first.")  # fmt: skip
    if request.profile is not None:
        raise Conflict("This person is on the register.", code="OUTCOME_NOT_FITTING",
                       remedy="A record that is wrong is corrected.")  # fmt: skip


def check_true(request: Request, digest: str) -> None:
    """See that a report still tells what is held. Raises Conflict (ANSWER_OUTDATED)."""
    if request.digest != digest:
        raise Conflict("The record has changed since this answer was drawn up.", code="ANSWER_OUTDATED",
                       remedy="Return the answer, and have it drawn up anew.")  # fmt: skip
