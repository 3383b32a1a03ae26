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
INVITATION_LIFE = timedelta(minutes=15)


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


def invite(connection: Connection, officer: UUID, at: datetime) -> str:
    """Return a secret with which this officer registers one passkey within a quarter of an hour; it is kept nowhere.

    An earlier one that waits is of no use any more.
    """
    withdraw(connection, officer, at)
    secret = cookies.secret()
    connection.execute(
        sa.insert(invitations).values(digest=cookies.digest(secret), officer=officer, expires_at=at + INVITATION_LIFE)
    )
    return secret


def withdraw(connection: Connection, officer: UUID, at: datetime) -> None:
    """Let no invitation of this officer that still waits be used."""
    waiting = (invitations.c.officer == officer) & invitations.c.used_at.is_(None)
    connection.execute(sa.update(invitations).where(waiting).values(used_at=at))


def invited(connection: Connection, secret: str, at: datetime) -> Ceremony | None:
    """Return whom an invitation is for, while it is good. It is used up by the passkey, not by looking."""
    digest = cookies.digest(secret)
    row = connection.execute(
        sa.select(invitations.c.officer).where(
            invitations.c.digest == digest, invitations.c.used_at.is_(None), invitations.c.expires_at > at
        )
    ).first()
    return Ceremony(row.officer, invitation=digest) if row else None


def use_invitation(connection: Connection, digest: bytes, at: datetime) -> bool:
    """Use an invitation up; False when it has been used before, or its time is over."""
    unused = (invitations.c.digest == digest) & invitations.c.used_at.is_(None) & (invitations.c.expires_at > at)
    return connection.execute(sa.update(invitations).where(unused).values(used_at=at)).rowcount == 1


def purge(connection: Connection, now: datetime) -> int:
    """Forget proofs nobody ended, and invitations whose time is over."""
    done = connection.execute(sa.delete(ceremonies).where(ceremonies.c.expires_at < now)).rowcount
    over = sa.select(ceremonies.c.invitation).where(ceremonies.c.invitation.is_not(None))
    old = (invitations.c.expires_at < now) & invitations.c.digest.not_in(over)
    return done + connection.execute(sa.delete(invitations).where(old)).rowcount
