"""One-time addresses: whoever holds the secret may do one thing, once, until a moment.

    /photographs/pQ5m…43 characters…Rw        32 random bytes, base64url; stored only as their SHA-256

A ticket carries who asked, for which purpose and case, because neither a browser's ``<img>`` nor a plain upload brings
a token along, and what is delivered must be entered in the log with its reason all the same. Used, expired, unknown,
malformed, or issued to somebody who has been suspended since: all are told alike.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from auth.actor import Actor, Officer
from registry.core.errors import NotFound
from registry.photographs import limits

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class Kind(StrEnum):
    """What a ticket is good for."""

    PUT = "put"
    """Handing in one photograph."""
    GET = "get"
    """Seeing one photograph."""


LIVES = {Kind.PUT: limits.PUT_LIFE, Kind.GET: limits.GET_LIFE}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one secret is good for, and on whose account."""

    kind: Kind
    photograph: UUID
    profile: UUID | None
    expires_at: datetime
    client: str
    agency: str
    officer: UUID
    officer_reference: str
    token_id: str
    purpose: str
    case_reference: str
    legal_basis: str
    country: str | None = None
    attribution: str | None = None


def new_secret() -> str:
    """Return 32 random bytes in base64url."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    """Return what is stored of a secret; raises NotFound (TICKET_UNKNOWN) for what was never one."""
    if not _SECRET.fullmatch(secret):
        raise ticket_unknown()
    return hashlib.sha256(secret.encode()).digest()


def ticket(
    kind: Kind, actor: Actor, officer: Officer, *, photograph: UUID, profile: UUID | None, at: datetime
) -> Ticket:
    """Return a ticket on the account of an actor whose case is known; ``Work.require`` has seen to that."""
    assert actor.purpose
    assert actor.case_reference
    assert actor.legal_basis
    return Ticket(
        kind=kind, photograph=photograph, profile=profile, expires_at=at + LIVES[kind], client=actor.client,
        agency=actor.agency, officer=officer.id, officer_reference=officer.reference, token_id=actor.token_id,
        purpose=actor.purpose.value, case_reference=actor.case_reference, legal_basis=actor.legal_basis,
        country=actor.country or None, attribution=actor.attribution.name.lower(),
    )  # fmt: skip


def is_good(found: Ticket | None, kind: Kind, now: datetime) -> bool:
    """Say whether a ticket may be used for this at this moment."""
    return found is not None and found.kind is kind and now < found.expires_at


def ticket_unknown() -> NotFound:
    """Return the one refusal of all addresses that are not good."""
    return NotFound(
        "This address is not good, or not any more.", code="TICKET_UNKNOWN",
        remedy="Ask for a new one; it is good once, and for a short time.",
    )  # fmt: skip
