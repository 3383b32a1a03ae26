"""What may leave the room: a request, its answer, how offices keep their time. Pure.

Until identity is proven nothing here depends on the register: of two requests, one of a registered person and one of
somebody unknown, the views are alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from registry.core.ids import public_id
from registry.core.partial_dates import PartialDate
from registry.desk.intake import People
from registry.desk.requests import Draft, Request, State
from registry.editions.edition import Edition
from registry.profiles.vetting import State as ProposalState


@dataclass(frozen=True, slots=True)
class GroundView:
    """A legal ground."""

    code: str
    article: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document by which identity, or authority, was proven."""

    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Who asks, and of whom."""

    applicant: str
    contact: str
    subject: str
    birth_date: PartialDate | None


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as it is drawn up, returned or released."""

    state: str
    outcome: str
    ground: GroundView | None
    appeals: tuple[GroundView, ...]
    proposal_id: str | None
    proposal_state: str | None
    digest: str | None
    drawn_by: str
    drawn_at: datetime
    note: str | None
    released_by: str | None
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request."""

    id: str
    kind: str
    channel: str
    capacity: str
    reference: str
    office: str
    state: str
    opened_by: str
    opened_at: datetime
    received_on: PartialDate
    due_on: PartialDate
    days_left: int | None
    overdue: bool
    closed_on: PartialDate | None
    in_time: bool | None
    people: PeopleView | None
    documents: tuple[DocumentView, ...]
    court_seal: str | None
    identified_at: datetime | None
    on_register: bool | None
    """None until identity is proven."""
    profile_id: str | None
    answer: AnswerView | None


@dataclass(frozen=True, slots=True)
class OfficeView:
    """How an office answers: ``in_time_rate`` is of the requests it has answered or refused."""

    office: str
    open: int
    overdue: int
    answered: int
    in_time_rate: float | None


def ground(edition: Edition, code: str | None) -> GroundView | None:
    """Return a ground of refusal in the words of the edition; of one that a later edition dropped, its code."""
    if code is None:
        return None
    found = edition.refusal_grounds.get(code)
    return GroundView(code, found.article, found.sentence) if found else GroundView(code, "", "")


def appeals(edition: Edition) -> tuple[GroundView, ...]:
    """Return where a person may turn who is not content; it is printed on every answer."""
    return tuple(GroundView(each.code, each.article, each.sentence) for each in edition.appeals.values())


def request(
    edition: Edition, asked: Request, proposal: ProposalState | None, people: Mapping[UUID, People], today: date
) -> RequestView:
    """Return the view of a request; who asked is there when it was opened."""
    known = asked.identified_at is not None
    asking = people.get(asked.id)
    answered = asked.closed_on is not None and asked.state is not State.WITHDRAWN
    return RequestView(
        id=public_id("request", asked.id), kind=asked.kind.value, channel=asked.channel.value,
        capacity=asked.capacity.value, reference=asked.reference, office=asked.agency, state=asked.state.value,
        opened_by=public_id("officer", asked.opened_by), opened_at=asked.opened_at,
        received_on=_day(asked.received_on), due_on=_day(asked.due_on), days_left=asked.days_left(today),
        overdue=asked.is_overdue(today), closed_on=_day(asked.closed_on) if asked.closed_on else None,
        in_time=asked.closed_on <= asked.due_on if answered and asked.closed_on else None,
        people=PeopleView(asking.applicant, asking.contact, asking.subject, asking.birth_date) if asking else None,
        documents=tuple(DocumentView(*each) for each in asked.documents), court_seal=asked.court_seal,
        identified_at=asked.identified_at, on_register=(asked.profile is not None) if known else None,
        profile_id=public_id("profile", asked.profile) if asked.profile else None,
        answer=_answer(edition, asked, proposal),
    )  # fmt: skip


def _answer(edition: Edition, asked: Request, proposal: ProposalState | None) -> AnswerView | None:
    if asked.draft is Draft.NONE:
        return None
    assert asked.outcome is not None
    assert asked.drawn_by is not None
    assert asked.drawn_at is not None
    released = asked.draft is Draft.RELEASED
    return AnswerView(
        state=asked.draft.value, outcome=asked.outcome.value, ground=ground(edition, asked.ground),
        appeals=appeals(edition), proposal_id=public_id("proposal", asked.proposal) if asked.proposal else None,
        proposal_state=proposal.value if proposal else None, digest=asked.digest,
        drawn_by=public_id("officer", asked.drawn_by), drawn_at=asked.drawn_at, note=asked.note,
        released_by=public_id("officer", asked.closed_by) if released and asked.closed_by else None,
        released_at=asked.closed_at if released else None,
    )  # fmt: skip


def _day(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)
