"""Use cases of administration: one administrator proposes, one of another chain decides, anybody of two roles closes.

propose                     an act of any kind; looked at as if it were done now
approve, reject, withdraw   the second word, or the proposer's own; approved is done
list_enrolments             what is proposed and was decided
list_agencies, …            what is enrolled
list_expiring_keys          what ends within thirty days
close                       the kill switch, one person; what it shut is opened by an act
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from auth import directory, four_eyes
from auth.four_eyes import State, Step
from auth.scope import officer_key
from registry.core.errors import Conflict, NotFound
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Action
from registry.enrolment import act, applying, intake, queries, views, warnings
from registry.enrolment.act import Enrolment
from registry.enrolment.applying import Ground
from registry.enrolment.intake import Closing, Handed
from registry.enrolment.views import (
    AgencyView,
    AgreementView,
    ClientView,
    ClosureView,
    EnrolmentView,
    ExpiringKeyView,
    InvitationView,
    OfficerView,
)
from registry.profiles.operations.text import sentence
from registry.work import Work, operation

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page, and behind what the next begins."""

    nodes: tuple[T, ...]
    places: tuple[str, ...]
    """Where each stands."""
    has_next: bool


# -- acts


@operation(Action.ENROLMENT_PROPOSE)
def propose(work: Work, handed: Handed, reason: str) -> EnrolmentView:
    """Propose an act.

    Raises InputRefused for terms that break a rule, NotFound and Conflict when it could not be done as things stand,
    Conflict (ENROLMENT_PROPOSED_ALREADY).
    """
    work.require(Action.ENROLMENT_PROPOSE)
    asked = intake.read(handed, work.edition)
    enrolment = Enrolment(
        id=new_id(), kind=asked.kind, subject=asked.subject, terms=asked.terms,
        before=applying.before(asked.kind, asked.terms, _ground(work)), reason=sentence(reason),
        **four_eyes.proposed(by=work.actor, acts_for=work.acts_for(), at=work.now),
    )  # fmt: skip
    queries.add(work.connection, enrolment)
    _record(work, "enrolment:proposed", enrolment, reason=enrolment.reason)
    return views.enrolment(enrolment)


@operation(Action.ENROLMENT_DECIDE)
def approve(work: Work, identifier: UUID) -> EnrolmentView:
    """Do what an administrator of another chain proposed. The code of an invitation is shown here and never again.

    Raises NotFound, Forbidden (OWN_PROPOSAL, SAME_CHAIN), Conflict (ENROLMENT_STATE, ENROLMENT_OUTDATED), and what
    ``propose`` raises when things have changed since.
    """
    work.require(Action.ENROLMENT_DECIDE)
    proposed = _found(work, identifier)
    approved = act.decided(proposed, Step.APPROVE, by=work.actor, at=work.now, note=None, acts_for=work.acts_for())
    ground = _ground(work)
    queries.put(work.connection, proposed, approved)  # first: whoever approves the same at once waits for this row
    if applying.before(proposed.kind, proposed.terms, ground) != proposed.before:
        raise Conflict("What this would change has changed since it was proposed.", code="ENROLMENT_OUTDATED",
                       remedy="Propose it anew.")  # fmt: skip
    made = applying.apply(proposed.kind, proposed.terms, ground, by=_signature(work))
    _record(work, "enrolment:approved", approved, terms=dict(approved.terms), before=approved.before)
    handed = InvitationView(made.code, made.until) if made else None
    return replace(views.enrolment(approved), invitation=handed)


@operation(Action.ENROLMENT_DECIDE)
def reject(work: Work, identifier: UUID, note: str) -> EnrolmentView:
    """Refuse what an administrator of another chain proposed, and say why. Raises as ``approve``, and InputRefused."""
    work.require(Action.ENROLMENT_DECIDE)
    proposed = _found(work, identifier)
    rejected = act.decided(
        proposed, Step.REJECT, by=work.actor, at=work.now, note=sentence(note, "note"), acts_for=work.acts_for()
    )
    queries.put(work.connection, proposed, rejected)
    _record(work, "enrolment:rejected", rejected, note=rejected.note)
    return views.enrolment(rejected)


@operation(Action.ENROLMENT_PROPOSE)
def withdraw(work: Work, identifier: UUID, reason: str) -> EnrolmentView:
    """Take an own proposal back.

    Raises NotFound, Forbidden (NOT_PROPOSER), Conflict (ENROLMENT_STATE), InputRefused.
    """
    work.require(Action.ENROLMENT_PROPOSE)
    proposed = _found(work, identifier)
    withdrawn = act.withdrawn(proposed, sentence(reason), by=work.actor, at=work.now)
    queries.put(work.connection, proposed, withdrawn)
    _record(work, "enrolment:withdrawn", withdrawn, note=withdrawn.note)
    return views.enrolment(withdrawn)


@operation(Action.ENROLMENT_READ)
def list_enrolments(work: Work, state: State | None, *, after: UUID | None, limit: int) -> Page[EnrolmentView]:
    """Return acts, the oldest first."""
    work.require(Action.ENROLMENT_READ)
    found = queries.listed(work.connection, state, after=after, limit=limit + 1)
    places = [str(each.id) for each in found]
    work.record("enrolments:listed", state=state.value if state else None, after=str(after) if after else None)
    return _page([views.enrolment(each) for each in found], places, limit)


# -- what is enrolled


@operation(Action.ENROLMENT_READ)
def list_agencies(work: Work, *, after: str | None, limit: int) -> Page[AgencyView]:
    """Return agencies with the keys of their authorities, by code."""
    work.require(Action.ENROLMENT_READ)
    found = queries.agencies_page(work.connection, after=after, limit=limit + 1)
    return _listed(work, "agencies", found, views.agency, "code", limit)


@operation(Action.ENROLMENT_READ)
def list_clients(work: Work, *, after: str | None, limit: int) -> Page[ClientView]:
    """Return clients with their keys and certificates, by id."""
    work.require(Action.ENROLMENT_READ)
    found = queries.clients_page(work.connection, after=after, limit=limit + 1)
    return _listed(work, "clients", found, lambda row: views.client(row, work.now), "id", limit)


@operation(Action.ENROLMENT_READ)
def list_officers(work: Work, agency: str, *, after: str | None, limit: int) -> Page[OfficerView]:
    """Return the officers of an agency, by reference."""
    work.require(Action.ENROLMENT_READ)
    found = queries.officers_page(work.connection, agency, after=after, limit=limit + 1)
    return _listed(work, "officers", found, views.officer, "reference", limit, agency=agency)


@operation(Action.ENROLMENT_READ)
def list_agreements(work: Work, *, after: str | None, limit: int) -> Page[AgreementView]:
    """Return agreements, by code."""
    work.require(Action.ENROLMENT_READ)
    found = queries.agreements_page(work.connection, after=after, limit=limit + 1)
    return _listed(work, "agreements", found, lambda row: views.agreement(row, work.now), "code", limit)


@operation(Action.ENROLMENT_READ)
def list_closures(work: Work, *, after: UUID | None, limit: int) -> Page[ClosureView]:
    """Return what is shut out now, the oldest first."""
    work.require(Action.ENROLMENT_READ)
    found = queries.closures_page(work.connection, after=after, limit=limit + 1)
    return _listed(work, "closures", found, views.closure, "id", limit)


@operation(Action.ENROLMENT_READ)
def list_expiring_keys(work: Work) -> tuple[ExpiringKeyView, ...]:
    """Return the keys and certificates that end within thirty days or have ended, the most urgent first."""
    work.require(Action.ENROLMENT_READ)
    found = warnings.expiring(work.connection, work.now)
    work.record("keys:listed", count=len(found))
    return tuple(sorted(found, key=lambda each: (each.not_after, each.holder, each.name, each.kid)))


# -- the kill switch


@operation(Action.ACCESS_CLOSE)
def close(work: Work, closing: Closing, reason: str) -> ClosureView:
    """Shut out, from the next request on and whoever answers it. Raises NotFound, Conflict (CLOSED_ALREADY)."""
    work.require(Action.ACCESS_CLOSE)
    why, scope, chosen = sentence(reason), closing.scope, intake.closable(closing.scope, closing.key)
    by = _signature(work)
    if not directory.close(work.connection, scope, chosen, by=by, reason=why, at=work.now):
        raise closed_already()
    work.record("access:closed", scope=scope.value, key=chosen, reason=why)
    return ClosureView(scope.value, chosen, why, by, work.now)


def closed_already() -> Conflict:
    """Say that something is shut out already."""
    return Conflict("is closed already.", field="key", code="CLOSED_ALREADY", remedy="Look at what is closed.")


# -- parts


def _ground(work: Work) -> Ground:
    return Ground(work.connection, work.now, work.edition.country)


def _signature(work: Work) -> str:
    """Return how a closure names an officer."""
    assert work.actor.officer is not None
    return officer_key(work.actor.agency, work.actor.officer.reference)


def _found(work: Work, identifier: UUID) -> Enrolment:
    found = queries.by_id(work.connection, identifier)
    if found is None:
        raise NotFound("No such act.", field="enrolmentId")
    return found


def _record(work: Work, event: str, enrolment: Enrolment, **more: object) -> None:
    about = {"enrolment": str(enrolment.id), "kind": enrolment.kind.value, "subject": enrolment.subject}
    work.record(event, (), **about, **more)


def _listed(
    work: Work, what: str, rows: Sequence[queries.Row], view: Callable[[Any], T], key: str, limit: int, **asked: object
) -> Page[T]:
    work.record(f"{what}:listed", (), **asked, shown=[str(row[key]) for row in rows[:limit]])
    return _page([view(row) for row in rows], [str(row[key]) for row in rows], limit)


def _page(nodes: Sequence[T], places: Sequence[str], limit: int) -> Page[T]:
    return Page(tuple(nodes[:limit]), tuple(places[:limit]), len(nodes) > limit)
