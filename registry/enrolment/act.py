"""What may become of an administrative act, and who decides. Pure.

    proposed ── approve ──▶ approved    by an administrator of another chain; it is done in the same transaction
        │       reject ───▶ rejected    by such a one
        └────── withdraw ─▶ withdrawn   by whoever proposed it

Nobody decides on an act about themselves, and who closed something does not decide on its opening.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from auth.actor import Actor
from auth.four_eyes import DECIDED, FourEyes, State, Step, check_second
from registry.core.errors import Conflict, Forbidden


class Kind(StrEnum):
    """What an act does."""

    AGENCY = "agency"
    """An agency is let in."""
    OFFICER = "officer"
    """An officer is let in."""
    OFFICER_CHANGE = "officer_change"
    """An officer's chain, roles or clearance are others."""
    OFFICER_IDENTITY = "officer_identity"
    """Who an officer is at the national identity provider."""
    PASSKEY_INVITATION = "passkey_invitation"
    """An officer may register a passkey."""
    CLIENT = "client"
    """A machine client is let in."""
    CLIENT_KEY = "client_key"
    """A client has one more key."""
    CLIENT_KEY_END = "client_key_end"
    """A client's key is withdrawn."""
    CLIENT_CERTIFICATE = "client_certificate"
    """A client's tokens may be bound to one more certificate."""
    CLIENT_CERTIFICATE_END = "client_certificate_end"
    """A client's certificate is withdrawn."""
    CLIENT_SIGNS = "client_signs"
    """A client signs its requests from now on, or does so no longer."""
    GRANT_KEY = "grant_key"
    """An agency's authority has one more key to sign officer grants with."""
    GRANT_KEY_END = "grant_key_end"
    """Such a key is withdrawn."""
    AGREEMENT = "agreement"
    """Something was agreed with an agency abroad."""
    AGREEMENT_CHANGE = "agreement_change"
    """The agreement is another."""
    AGREEMENT_END = "agreement_end"
    """The agreement ends sooner."""
    OPENING = "opening"
    """What was closed is opened again."""
    LOG_ERASURE = "log_erasure"
    """Entries of the log, or fields of them, may be erased; the node's operator does it (registry audit erase)."""


OF_OFFICERS = frozenset({Kind.OFFICER, Kind.OFFICER_CHANGE, Kind.OFFICER_IDENTITY, Kind.PASSKEY_INVITATION})

Terms = Mapping[str, Any]  # Any: JSON values, as intake made them


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(FourEyes):
    """A proposed administrative act, and the decision on it."""

    id: UUID
    kind: Kind
    subject: str
    """Whom or what it is about: ``ke-dci``, ``ke-dci DCI/20417``, ``NL-2026-01``."""
    terms: Terms
    """What is to be."""
    before: Terms | None
    """What was when it was proposed; nothing for what is new."""
    state: State = State.PROPOSED
    reason: str


def after(enrolment: Enrolment, step: Step) -> State:
    """Return what a step makes of an act. Raises Conflict (ENROLMENT_STATE)."""
    made = DECIDED.get((enrolment.state, step))
    if made is None:
        raise Conflict(f"An act that is {enrolment.state.value} can't be taken further.", code="ENROLMENT_STATE",
                       remedy="Look again; one that ended is proposed anew.")  # fmt: skip
    return made


def decided(
    enrolment: Enrolment, step: Step, *, by: Actor, at: datetime, note: str | None, acts_for: frozenset[UUID]
) -> Enrolment:
    """Return the act as a second administrator decides.

    Raises Conflict (ENROLMENT_STATE), Forbidden (OWN_PROPOSAL, SAME_CHAIN).
    """
    state = after(enrolment, step)
    check_second(enrolment, by, acts_for)
    assert by.officer is not None  # require() has seen to it
    own = f"{by.agency} {by.officer.reference}"
    is_about = enrolment.kind in OF_OFFICERS and enrolment.subject == own
    if is_about or (enrolment.kind is Kind.OPENING and (enrolment.before or {}).get("closed_by") == own):
        raise Forbidden("Nobody decides on an act of their own.", code="OWN_PROPOSAL", remedy="Ask another officer.")
    return replace(enrolment, state=state, decided_by=by.officer.id, decided_at=at, note=note)


def withdrawn(enrolment: Enrolment, why: str, *, by: Actor, at: datetime) -> Enrolment:
    """Return the act as its proposer takes it back. Raises Conflict (ENROLMENT_STATE), Forbidden (NOT_PROPOSER)."""
    state = after(enrolment, Step.WITHDRAW)
    assert by.officer is not None
    if by.officer.id != enrolment.proposed_by:
        raise Forbidden("Only the proposer withdraws a proposal.", code="NOT_PROPOSER", remedy="Reject it.")
    return replace(enrolment, state=state, decided_by=by.officer.id, decided_at=at, note=why)
