"""Proofs of identity that have begun and wait for their end: at the provider, or with a passkey. Queries.

    begun = begin(connection, Kind.PASSKEY, secret, at)            the browser keeps the secret for ten minutes
    ceremony = finish(connection, Kind.PASSKEY, secret, at)        once; whatever comes of it, it can't be tried again

The secret binds the end to the browser that began (RFC 9700, 4.7): nobody is signed in to another's account by a link.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import cookies
from auth.models import ceremonies, invitations

LIFE = timedelta(minutes=10)
"""Time enough to find a token, or to be sent through a provider's pages."""


class Kind(StrEnum):
    """What has begun."""

    IDENTITY = "identity"
    """Somebody was sent to the identity provider."""
    PASSKEY = "passkey"
    """Somebody is to sign in with a passkey."""
    REGISTRATION = "registration"
    """An officer is to register a passkey."""


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What is known of a proof from its beginning."""

    officer: UUID | None = None
    """Whose passkey is registered."""
    session: UUID | None = None
    """The session that is proved anew; none where one begins."""
    invitation: bytes | None = None
    """SHA-256 of the invitation that is used up by it."""


def begin(connection: Connection, kind: Kind, secret: str, at: datetime, about: Ceremony | None = None) -> None:
    """Write down that a proof has begun."""
    about = about or Ceremony()
    connection.execute(
        sa.insert(ceremonies).values(
            digest=cookies.digest(secret), kind=kind.value, officer=about.officer, session=about.session,
            invitation=about.invitation, expires_at=at + LIFE,
        )
    )  # fmt: skip


def finish(connection: Connection, kind: Kind, secret: str | None, at: datetime) -> Ceremony | None:
    """Take a proof that has begun, so that nobody can take it again; None where there is none, or no more."""
    if secret is None:
        return None
    row = connection.execute(
        sa.delete(ceremonies)
        .where(ceremonies.c.digest == cookies.digest(secret), ceremonies.c.kind == kind.value)
        .returning(ceremonies.c.officer, ceremonies.c.session, ceremonies.c.invitation, ceremonies.c.expires_at)
    ).first()
    if row is None or row.expires_at <= at:
        return None
    return Ceremony(row.officer, row.session, row.invitation)


def purge(connection: Connection, now: datetime) -> int:
    """Forget proofs nobody ended, and invitations whose time is over."""
    done = connection.execute(sa.delete(ceremonies).where(ceremonies.c.expires_at < now)).rowcount
    over = sa.select(ceremonies.c.invitation).where(ceremonies.c.invitation.is_not(None))
    old = (invitations.c.expires_at < now) & invitations.c.digest.not_in(over)
    return done + connection.execute(sa.delete(invitations).where(old)).rowcount
