"""What may become of a certificate, and who decides. Pure.

    proposed ── issue ───▶ issued      by an officer of another chain: it gets its number, and its time runs
        │         reject ─▶ rejected
        └───────  revoke ─▶ revoked    ◀── revoke ── issued      the person asked, the paper was lost, it was a mistake
                                          expire ◀── issued      its last day is over

Whatever ends one erases what is known of the person; only a proposed and an issued certificate know anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from auth.actor import Actor
from auth.four_eyes import check_second
from registry.core.errors import Conflict


class State(StrEnum):
    """Where a certificate stands."""

    PROPOSED = "proposed"
    ISSUED = "issued"
    REJECTED = "rejected"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Step(StrEnum):
    """What may happen to a certificate."""

    ISSUE = "issue"
    REJECT = "reject"
    REVOKE = "revoke"
    EXPIRE = "expire"


class Why(StrEnum):
    """Why a certificate ended. A code and no sentence: nothing of an innocent person is to stay in a note."""

    ASKED = "asked"
    """The person asked that what is held of them be erased."""
    LOST = "lost"
    """The paper is lost or stolen."""
    MISTAKEN = "mistaken"
    """The person is one of these profiles after all."""
    NOT_NEEDED = "not_needed"
    """They are not confused, or not any more."""
    NOT_PROVEN = "not_proven"
    """It is not shown who they are."""
    PROFILES_GONE = "profiles_gone"
    """Every profile it was against is removed."""
    TIME_OVER = "time_over"
    """Its last day is over."""


BY_OFFICERS = (Why.ASKED, Why.LOST, Why.MISTAKEN, Why.NOT_NEEDED, Why.NOT_PROVEN)
"""What an officer may say; the others follow by themselves."""

STATES: Mapping[tuple[State, Step], State] = MappingProxyType({
    (State.PROPOSED, Step.ISSUE): State.ISSUED,
    (State.PROPOSED, Step.REJECT): State.REJECTED,
    (State.PROPOSED, Step.REVOKE): State.REVOKED,
    (State.ISSUED, Step.REVOKE): State.REVOKED,
    (State.ISSUED, Step.EXPIRE): State.EXPIRED,
})  # fmt: skip
"""What a step makes of a certificate. A cell that isn't here is refused."""
OPEN = frozenset({State.PROPOSED, State.ISSUED})
"""Certificates that know a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate, without the person: they stand apart, sealed."""

    id: UUID
    number: str | None = None
    """It has one from its issue on."""
    state: State = State.PROPOSED
    proposed_by: UUID
    proposed_agency: str
    proposed_chain: str
    proposed_for: tuple[UUID, ...] = ()
    """Officers whose delegate the proposer was."""
    proposed_at: datetime
    months: int
    """How long it is valid once it is issued."""
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    valid_until: date | None = None
    """The last day."""
    ended_by: UUID | None = None
    ended_at: datetime | None = None
    ended_why: Why | None = None


def after(certificate: Certificate, step: Step) -> State:
    """Return what a step makes of a certificate. Raises Conflict (CERTIFICATE_STATE)."""
    made = STATES.get((certificate.state, step))
    if made is None:
        raise Conflict(f"A certificate that is {certificate.state.value} can't be taken further so.",
                       code="CERTIFICATE_STATE", remedy="See docs/certificates.md for what may follow.")  # fmt: skip
    return made


def issued(
    certificate: Certificate, *, number: str, valid_until: date, by: Actor, at: datetime, acts_for: frozenset[UUID]
) -> Certificate:
    """Return the certificate as a second officer issues it.

    Raises Conflict (CERTIFICATE_STATE), Forbidden (OWN_PROPOSAL, SAME_CHAIN).
    """
    state = after(certificate, Step.ISSUE)
    check_second(certificate, by, acts_for)
    assert by.officer is not None  # require() has seen to it
    return replace(certificate, state=state, number=number, valid_until=valid_until, decided_by=by.officer.id,
                   decided_at=at)  # fmt: skip


def rejected(
    certificate: Certificate, why: Why, *, by: Actor, at: datetime, acts_for: frozenset[UUID]
) -> Certificate:  # fmt: skip
    """Return the certificate as a second officer rejects it. Raises as ``issued``."""
    state = after(certificate, Step.REJECT)
    check_second(certificate, by, acts_for)
    assert by.officer is not None
    decided = replace(certificate, decided_by=by.officer.id, decided_at=at)
    return _ended(decided, state, why, by=by.officer.id, at=at)


def revoked(certificate: Certificate, why: Why, *, by: UUID | None, at: datetime) -> Certificate:
    """Return the certificate as ended. One officer is enough: it takes a warning away and accuses nobody.

    Raises Conflict (CERTIFICATE_STATE).
    """
    return _ended(certificate, after(certificate, Step.REVOKE), why, by=by, at=at)


def expired(certificate: Certificate, *, at: datetime) -> Certificate:
    """Return the certificate as its time ended it. Raises Conflict (CERTIFICATE_STATE)."""
    return _ended(certificate, after(certificate, Step.EXPIRE), Why.TIME_OVER, by=None, at=at)


def _ended(certificate: Certificate, state: State, why: Why, *, by: UUID | None, at: datetime) -> Certificate:
    return replace(certificate, state=state, ended_by=by, ended_at=at, ended_why=why)
