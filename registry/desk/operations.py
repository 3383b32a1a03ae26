"""Use cases of the data subject's desk, each under one permission and for one purpose.

    open_request        somebody asks; the clock runs, and nothing is looked up
    identify_subject    identity is proven by documents or a court's seal, and a record linked, or none
    read_report         what is held, as it would be told today, or as it was told
    draw_up_answer, propose_change, refuse_request      an answer, for a second officer
    release_answer, return_answer                       the second officer
    propose_certificate                                 for whoever is not on the register, and is taken for who is

The desk may look at a record only through a request whose applicant proved who they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from auth.actor import Officer
from registry.certificates import operations as certificates
from registry.certificates.intake import Asked as CertificateAsked
from registry.certificates.views import CertificateView
from registry.core.errors import InputRefused, NotFound
from registry.core.ids import new_id, public_id, read_public_id
from registry.desk import intake, queries, report as reports, requests, views
from registry.desk.intake import Asked
from registry.desk.queries import Place, Stated
from registry.desk.report import RecordView, ReportView
from registry.desk.requests import OPEN, Answer, Draft, Kind, Outcome, Request, State
from registry.desk.views import OfficeView, RequestView
from registry.disclosure.vocabulary import Action
from registry.editions import life
from registry.profiles.operations import proposing, reading
from registry.profiles.operations.text import sentence
from registry.profiles.standing import Change
from registry.work import Work, operation


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One page of requests, the longest overdue first."""

    requests: tuple[RequestView, ...]
    places: tuple[Place, ...]
    has_next: bool


# -- taking in


@operation(Action.DESK_ANSWER)
def open_request(work: Work, asked: Asked) -> RequestView:
    """Take in a request; its clock starts on the day it came (Data Protection Act 2019 s. 26, 40).

    Nothing is looked up: what the applicant is told now is the same whoever they are. Raises InputRefused.
    """
    officer = work.require(Action.DESK_ANSWER)
    today = work.now.date()
    asking = intake.people(asked, work.edition, today)
    came = intake.received_on(asked, today)
    opened = Request(
        id=new_id(), kind=asked.kind, channel=asked.channel, capacity=asked.capacity,
        reference=intake.reference(asked, work.edition), agency=work.actor.agency, opened_by=officer.id,
        opened_at=work.now, received_on=came, due_on=life.desk_due(work.edition, asked.kind.value, came),
    )  # fmt: skip
    queries.add(work.connection, work.sealer, opened, asking)
    work.record("desk:request:opened", (), request=str(opened.id), kind=opened.kind.value)
    return views.request(work.edition, opened, None, {opened.id: asking}, today)


@operation(Action.DESK_ANSWER)
def identify_subject(
    work: Work, request: UUID, profile: UUID | None, documents: Iterable[Mapping[str, object]],
    court_seal: str | None = None,
) -> RequestView:  # fmt: skip
    """Prove who asks, and link their record; ``profile`` is None for a person who is not on the register.

    A link that was wrong is mended by identifying again. Raises NotFound, Conflict (REQUEST_STATE, ANSWER_STATE),
    InputRefused (IDENTITY_NOT_PROVEN, AUTHORITY_NOT_PROVEN, …).
    """
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    proof = intake.proof(work.edition, found.request.capacity, documents, court_seal)
    now = requests.identified(
        found.request, profile=profile, documents=proof.documents, court_seal=proof.court_seal, by=officer.id,
        at=work.now,
    )  # fmt: skip
    if profile is not None:
        reading.read_for_subject(work, profile)
    return _kept(work, found, now, "desk:request:identified")


# -- drawing an answer up


@operation(Action.DESK_ANSWER)
def draw_up_answer(work: Work, request: UUID, ground: str | None = None) -> RequestView:
    """Draw up the report, or the word that nothing is held; ``ground`` is the legal ground of what a report withholds.

    Raises NotFound, Conflict (REQUEST_STATE, ANSWER_STATE, OUTCOME_NOT_FITTING), InputRefused (GROUND_…).
    """
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    held = found.request.profile is not None
    outcome = Outcome.REPORT if held else Outcome.NOTHING_HELD
    requests.check_outcome(found.request, outcome)
    told = _record(work, found.request, ground)
    named = _ground(work, found.request.kind, ground, needed=told is not None and bool(told.withheld))
    answer = Answer(outcome=outcome, ground=named, digest=reports.digest(told))
    return _drawn(work, officer, found, answer)


@operation(Action.DESK_ANSWER)
def propose_change(
    work: Work, request: UUID, change: Change, reason: str, *, order_number: str | None = None
) -> RequestView:
    """Propose what the person asks for, for officers of another chain to decide; their decision is the answer.

    Raises NotFound, Conflict (REQUEST_STATE, ANSWER_STATE, OUTCOME_NOT_FITTING, STANDING, CONTESTED, ERASED),
    InputRefused (CHANGE_NOT_FITTING, REASON_MALFORMED, ORDER_MISSING, …).
    """
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    requests.check_change(found.request, change)
    requests.check_outcome(found.request, Outcome.PROPOSAL)
    assert found.request.profile is not None
    proposed = proposing.propose_for_subject(
        work, found.request.profile, change, reason, order_number=order_number,
        documents=[{"kind": "other", "reference": f"Desk file {found.request.reference}"}],
    )  # fmt: skip
    answer = Answer(outcome=Outcome.PROPOSAL, proposal=read_public_id("proposal", proposed.id))
    return _drawn(work, officer, found, answer)


@operation(Action.DESK_ANSWER)
def refuse_request(work: Work, request: UUID, ground: str) -> RequestView:
    """Draw up a refusal, on a ground of the country edition; also for an applicant whose identity is not proven.

    Raises NotFound, Conflict (REQUEST_STATE, ANSWER_STATE), InputRefused (GROUND_UNKNOWN).
    """
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    requests.check_outcome(found.request, Outcome.REFUSAL)
    named = _ground(work, found.request.kind, ground, needed=True)
    return _drawn(work, officer, found, Answer(outcome=Outcome.REFUSAL, ground=named))


def _drawn(work: Work, officer: Officer, found: Stated, answer: Answer) -> RequestView:
    now = requests.drawn_up(
        found.request, answer, by=officer.id, acting_for=work.acts_for(), at=work.now,
    )  # fmt: skip
    return _kept(work, found, now, "desk:answer:drawn_up", outcome=answer.outcome.value, ground=answer.ground)


def _ground(work: Work, kind: Kind, code: str | None, *, needed: bool) -> str | None:
    """Return a ground on which a request of this kind may be refused."""
    known = life.refusal_grounds(work.edition, kind.value)
    if code is None and needed:
        raise InputRefused("is not given.", field="groundCode", code="GROUND_MISSING",
                           remedy=f"Name the legal ground: {', '.join(known)}.")  # fmt: skip
    if code is not None and (code not in known or not needed):
        raise InputRefused("is no ground here.", field="groundCode", code="GROUND_UNKNOWN",
                           remedy=f"For a refusal, or what is withheld, name one of: {', '.join(known)}.")  # fmt: skip
    return code


@operation(Action.DESK_ANSWER)
def propose_certificate(work: Work, request: UUID, asked: CertificateAsked) -> CertificateView:
    """Propose a certificate of "not this person" for somebody who proved who they are and is not on the register.

    The request stays open: it is answered by itself. Raises NotFound, Conflict (REQUEST_STATE, OUTCOME_NOT_FITTING),
    InputRefused.
    """
    work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    requests.check_unregistered(found.request)
    proposed = certificates.propose_for_subject(work, asked)
    work.record("desk:certificate:proposed", (), request=str(request), certificate=proposed.id)
    return proposed


# -- the second officer


@operation(Action.DESK_ANSWER)
def release_answer(work: Work, request: UUID) -> RequestView:
    """Release an answer that another officer drew up. A report is released only while the record still says the same.

    Raises NotFound, Forbidden (OWN_ANSWER), Conflict (REQUEST_STATE, ANSWER_STATE, ANSWER_OUTDATED,
    PROPOSAL_UNDECIDED, PROPOSAL_NOT_LET_IN).
    """
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    now = requests.released(
        found.request, found.proposal, by=officer.id, acts_for=work.acts_for(), at=work.now,
    )  # fmt: skip
    if found.request.digest is not None:
        requests.check_true(found.request, reports.digest(_record(work, found.request, found.request.ground)))
    return _kept(work, found, now, "desk:answer:released", outcome=str(now.outcome), digest=now.digest)


@operation(Action.DESK_ANSWER)
def return_answer(work: Work, request: UUID, note: str) -> RequestView:
    """Return an answer to the officer who drew it up, and say what is to be mended.

    Raises NotFound, Forbidden (OWN_ANSWER), InputRefused, Conflict (REQUEST_STATE, ANSWER_STATE, PROPOSAL_UNDECIDED,
    PROPOSAL_LET_IN).
    """
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    now = requests.returned(
        found.request, sentence(note, "note"), found.proposal, by=officer.id,
        acts_for=work.acts_for(),
    )  # fmt: skip
    return _kept(work, found, now, "desk:answer:returned")


@operation(Action.DESK_ANSWER)
def withdraw_request(work: Work, request: UUID) -> RequestView:
    """Close a request that its applicant took back. Raises NotFound, Conflict (REQUEST_STATE)."""
    officer = work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    return _kept(work, found, requests.withdrawn(found.request, by=officer.id, at=work.now), "desk:request:withdrawn")


# -- reading


@operation(Action.DESK_ANSWER)
def read_request(work: Work, request: UUID) -> RequestView:
    """Open a request of the own office. Raises NotFound."""
    work.require(Action.DESK_ANSWER)
    found = _found(work, request)
    work.record("desk:request:read", _concerned(found.request), request=str(request))
    return _view(work, found)


@operation(Action.DESK_ANSWER)
def read_report(work: Work, request: UUID) -> ReportView:
    """Return what is held of the person of an identified request for access: as of now, or as it was released.

    Raises NotFound, Conflict (REQUEST_STATE, OUTCOME_NOT_FITTING).
    """
    work.require(Action.DESK_ANSWER)
    asked = _found(work, request).request
    requests.check_report(asked)
    told = _record(work, asked, asked.ground)
    work.record("desk:report:read", _concerned(asked), request=str(request))
    return reports.report(public_id("request", request), asked, work.edition, asked.closed_at or work.now, told)


@operation(Action.DESK_ANSWER)
def list_requests(
    work: Work, state: State | None = None, draft: Draft | None = None, *, after: Place | None, limit: int,
    with_people: bool = True,
) -> RequestPage:  # fmt: skip
    """Return the own office's requests of a state, or all that are open, the longest overdue first."""
    work.require(Action.DESK_ANSWER)
    states = OPEN if state is None else frozenset({state})
    found = queries.listed(work.connection, work.actor.agency, states, draft, after=after, limit=limit + 1)
    shown = found[:limit]
    asking = queries.people(work.connection, work.sealer, [each.request.id for each in shown]) if with_people else {}
    concerned = dict.fromkeys(each.request.profile for each in shown if each.request.profile)
    work.record("desk:requests:listed", tuple(concerned), state=state.value if state else None, count=len(shown))
    seen = tuple(views.request(work.edition, each.request, each.proposal, asking, work.now.date()) for each in shown)
    places = tuple((each.request.due_on.isoformat(), each.request.id) for each in shown)
    return RequestPage(seen, places, len(found) > limit)


@operation(Action.DESK_ANSWER)
def count_offices(work: Work) -> tuple[OfficeView, ...]:
    """Return how every office keeps its time."""
    work.require(Action.DESK_ANSWER)
    work.record("desk:offices:counted")
    return tuple(
        OfficeView(each.agency, each.open, each.overdue, each.answered,
                   round(each.in_time / each.answered, 4) if each.answered else None)
        for each in queries.offices(work.connection, work.now.date())
    )  # fmt: skip


# -- what the use cases share


def _found(work: Work, identifier: UUID) -> Stated:
    """Return a request of the own office. Raises NotFound."""
    found = queries.stated(work.connection, identifier, work.actor.agency)
    if found is None:
        raise NotFound("No such request.", field="requestId")
    work.concerned.extend(_concerned(found.request))
    return found


def _concerned(request: Request) -> tuple[UUID, ...]:
    return (request.profile,) if request.profile else ()


def _kept(work: Work, found: Stated, now: Request, event: str, **details: object) -> RequestView:
    """Write what a request has become, and say so in the log."""
    queries.put(work.connection, found.request, now)
    work.record(event, _concerned(now), request=str(now.id), **details)
    return _view(work, queries.stated(work.connection, now.id, now.agency) or found)


def _view(work: Work, stated: Stated) -> RequestView:
    asking = queries.people(work.connection, work.sealer, [stated.request.id])
    return views.request(work.edition, stated.request, stated.proposal, asking, work.now.date())


def _record(work: Work, asked: Request, ground: str | None) -> RecordView | None:
    """Return the record of a request's person as they are told of it; None for one who is not on the register."""
    if asked.profile is None:
        return None
    told_at = asked.closed_at if asked.draft is Draft.RELEASED else None
    profile = reading.read_for_subject(work, asked.profile, known_at=told_at)
    held = read_public_id("profile", profile.id)
    received = queries.receipts(work.connection, held, told_at or work.now)
    return reports.record(
        profile, work.edition, ground, queries.waiting_changes(work.connection, held),
        tuple(reports.recipient(each.country, work.edition.country, each.agencies, each.times, each.last)
              for each in received),
    )  # fmt: skip
