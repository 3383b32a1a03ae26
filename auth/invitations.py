"""Invitations: with one an officer registers a passkey before they can sign in. Queries.

    made = invite(connection, officer, at)                     Invitation("7K2MX-9XQ4H-…", until)
    officer = invited(connection, "7k2mx 9xq4h …", at)         while it is good; looking does not use it up
    use(connection, digest_of(code), at)                       once

Whoever has the code becomes the officer: it is handed over in person, its SHA-256 alone is kept, and it ends with its
time, with the next one, and when its officer or their agency is shut out. The command line invites the first
administrators (registry/cli/signing_in.py), two administrators everybody else (registry/enrolment).
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import invitations

LIFE = timedelta(minutes=15)
"""For whoever sits at the node and opens the address at once."""
HANDED_OVER_LIFE = timedelta(hours=24)
"""For what one person carries to another."""
ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0, I, L, O and U: nothing is taken for something else."""
_GROUPS, _GROUP = 5, 5
"""25 characters, 123 bits: nobody comes upon another's."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an officer is handed."""

    code: str = field(repr=False)
    until: datetime


def invite(connection: Connection, officer: UUID, at: datetime, life: timedelta = LIFE) -> Invitation:
    """Return what lets this officer register one passkey. An earlier one that waits is of no use any more."""
    withdraw(connection, [officer], at)
    made = Invitation(_code(), at + life)
    connection.execute(
        sa.insert(invitations).values(digest=digest_of(made.code), officer=officer, expires_at=made.until)
    )
    return made


def withdraw(connection: Connection, officers: Collection[UUID] | sa.Select[tuple[UUID]], at: datetime) -> None:
    """Let no invitation of these officers that still waits be used."""
    waiting = invitations.c.officer.in_(officers) & invitations.c.used_at.is_(None)
    connection.execute(sa.update(invitations).where(waiting).values(used_at=at))


def invited(connection: Connection, code: str, at: datetime) -> UUID | None:
    """Return whom an invitation is for, while it is good. It is used up by the passkey, not by looking."""
    found = connection.execute(
        sa.select(invitations.c.officer).where(
            invitations.c.digest == digest_of(code), invitations.c.used_at.is_(None), invitations.c.expires_at > at
        )
    ).scalar()
    assert found is None or isinstance(found, UUID)
    return found


def use(connection: Connection, digest: bytes, at: datetime) -> bool:
    """Use an invitation up; False when it has been used before, or its time is over."""
    unused = (invitations.c.digest == digest) & invitations.c.used_at.is_(None) & (invitations.c.expires_at > at)
    return connection.execute(sa.update(invitations).where(unused).values(used_at=at)).rowcount == 1


def digest_of(code: str) -> bytes:
    """Return what is kept of a code, however somebody writes it: in small letters, with spaces or without hyphens."""
    return hashlib.sha256("".join(code.split()).replace("-", "").upper().encode()).digest()


def _code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
