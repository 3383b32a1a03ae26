"""Every SELECT and write on the room's tables. The statements are the same on both databases.

For the room that keeps the profiles, in the order in which it needs them:

    missing(connection, agency, profile, ids)      which of these may a proposal not name?
    attach(connection, profile, ids)               a proposal names them
    described(connection, ids)                     their facts
    move(connection, source, target, ids)          two profiles are merged, or one is split
    close(connection, profile)                     another version of the profile holds: no address stays good
    erase(connection, profile)                     the profile is removed, or never came to be: content and keys go
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.errors import Conflict
from registry.core.ids import public_id
from registry.core.sealing import WrappedKey
from registry.photographs.models import photographs, tickets
from registry.photographs.tickets import Kind, Ticket
from registry.photographs.views import PhotographView


@dataclass(frozen=True, slots=True)
class Sealed:
    """A photograph as it stands in the table."""

    id: UUID
    agency: str
    uploaded_by: UUID
    uploaded_at: datetime
    media_type: str
    width: int
    height: int
    digest: str
    source_digest: str
    key: WrappedKey
    content: bytes = field(repr=False)


# -- tickets


def add_ticket(connection: Connection, digest: bytes, ticket: Ticket) -> None:
    """Keep a ticket under the digest of its secret."""
    connection.execute(tickets.insert(), {"digest": digest, **asdict(ticket), "kind": ticket.kind.value})


def ticket(connection: Connection, digest: bytes) -> Ticket | None:
    """Return a ticket that has not been used, also one that is over: the log is told whose it was."""
    row = connection.execute(sa.select(*_TICKET).where(tickets.c.digest == digest)).mappings().one_or_none()
    return _ticket(row) if row else None


def use_ticket(connection: Connection, digest: bytes, kind: Kind, now: datetime) -> Ticket | None:
    """Take a ticket out of the table, if it is good: of two that try at once, one is told no."""
    statement = (
        sa.delete(tickets)
        .where(tickets.c.digest == digest, tickets.c.kind == kind.value, tickets.c.expires_at > now)
        .returning(*_TICKET)
    )
    row = connection.execute(statement).mappings().one_or_none()
    return _ticket(row) if row else None


_TICKET = tuple(column for column in tickets.c if column.name != "digest")


def _ticket(row: sa.RowMapping) -> Ticket:
    values: dict[str, Any] = {column.name: row[column] for column in _TICKET}
    return Ticket(**values | {"kind": Kind(row[tickets.c.kind])})


def purge_tickets(connection: Connection, now: datetime) -> int:
    """Forget tickets that are over; return how many."""
    return connection.execute(sa.delete(tickets).where(tickets.c.expires_at < now)).rowcount


# -- photographs


def add(connection: Connection, sealed: Sealed) -> None:
    """Keep a photograph that no proposal names yet."""
    values: dict[str, Any] = {
        column.name: getattr(sealed, column.name) for column in photographs.c if hasattr(sealed, column.name)
    }
    key = {"key_id": sealed.key.key_id, "wrapped_key": sealed.key.content}
    connection.execute(photographs.insert(), values | key)


def sealed(connection: Connection, identifier: UUID, profile: UUID) -> sa.RowMapping | None:
    """Return a profile's photograph as it is kept: media type, digest, key and content."""
    statement = sa.select(
        photographs.c.media_type, photographs.c.digest, photographs.c.key_id, photographs.c.wrapped_key,
        photographs.c.content,
    )  # fmt: skip
    return connection.execute(statement.where(_is_of(identifier, profile))).mappings().one_or_none()


def is_of(connection: Connection, identifier: UUID, profile: UUID) -> bool:
    """Say whether a photograph is this profile's."""
    return connection.execute(sa.select(photographs.c.id).where(_is_of(identifier, profile))).first() is not None


def _is_of(identifier: UUID, profile: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(photographs.c.id == identifier, photographs.c.profile == profile)


def described(connection: Connection, identifiers: Collection[UUID]) -> dict[UUID, PhotographView]:
    """Return the facts of photographs, one statement for all."""
    facts = sa.select(
        photographs.c.id, photographs.c.digest, photographs.c.width, photographs.c.height, photographs.c.media_type
    )
    found = connection.execute(facts.where(photographs.c.id.in_(identifiers)))
    return {row.id: PhotographView(public_id("photograph", row.id), *row[1:]) for row in found}


def waiting(connection: Connection, officer: UUID, now: datetime) -> int:
    """Count an officer's photographs that no proposal names, and uploads that are still open."""
    unnamed = sa.select(sa.func.count()).where(photographs.c.profile.is_(None), photographs.c.uploaded_by == officer)
    still_open = sa.select(sa.func.count()).where(
        tickets.c.officer == officer, tickets.c.kind == Kind.PUT.value, tickets.c.expires_at > now
    )
    total: int = connection.execute(sa.select(unnamed.scalar_subquery() + still_open.scalar_subquery())).scalar_one()
    return total


# -- for the room that keeps the profiles


def missing(connection: Connection, agency: str, profile: UUID, identifiers: Iterable[UUID]) -> list[UUID]:
    """Return, in their order, the ids that a proposal of this agency for this profile may not name.

    It may name what the agency uploaded and no profile has, and what the profile has already, whoever uploaded it.
    What does not exist, what is another agency's and what is another profile's look the same.
    """
    asked = list(dict.fromkeys(identifiers))
    may = sa.or_(
        photographs.c.profile == profile, sa.and_(photographs.c.profile.is_(None), photographs.c.agency == agency)
    )
    found = connection.execute(sa.select(photographs.c.id).where(photographs.c.id.in_(asked), may))
    available = set(found.scalars())
    return [each for each in asked if each not in available]


def attach(connection: Connection, profile: UUID, identifiers: Iterable[UUID]) -> None:
    """Make photographs a profile's. Raises Conflict when another profile has got one of them meanwhile."""
    asked = set(identifiers)
    statement = (
        sa.update(photographs)
        .where(photographs.c.id.in_(asked), sa.or_(photographs.c.profile.is_(None), photographs.c.profile == profile))
        .values(profile=profile)
    )
    if asked and connection.execute(statement).rowcount != len(asked):
        raise Conflict(
            "A photograph is not there any more, or another profile's by now.", code="PHOTOGRAPH_TAKEN",
            field="photographs", remedy="Upload it again, and name the new one.",
        )  # fmt: skip


def move(connection: Connection, source: UUID, target: UUID, identifiers: Collection[UUID]) -> int:
    """Make photographs of one profile another's, when the two turned out to be one person, or one to be two."""
    connection.execute(sa.delete(tickets).where(tickets.c.profile == source, tickets.c.photograph.in_(identifiers)))
    named = sa.and_(photographs.c.profile == source, photographs.c.id.in_(identifiers))
    return connection.execute(sa.update(photographs).where(named).values(profile=target)).rowcount


def release(connection: Connection, profile: UUID, identifiers: Collection[UUID]) -> None:
    """Let go of photographs that came with a proposal which was closed: another may name them, or they are purged."""
    if identifiers:
        named = sa.and_(photographs.c.profile == profile, photographs.c.id.in_(list(identifiers)))
        connection.execute(sa.update(photographs).where(named).values(profile=None))


def close(connection: Connection, profile: UUID) -> None:
    """Forget every address of a profile's photographs: what was withdrawn is not shown by one issued before."""
    connection.execute(sa.delete(tickets).where(tickets.c.profile == profile))


def erase(connection: Connection, profile: UUID, *, keep: Collection[UUID] = ()) -> int:
    """Remove a profile's photographs with their keys, and every address of them; return how many photographs.

    ``keep`` names those that stay, for when a proposal was rejected and nothing else names what came with it.
    """
    others = sa.and_(tickets.c.profile == profile, tickets.c.photograph.not_in(keep))
    connection.execute(sa.delete(tickets).where(others))
    gone = sa.and_(photographs.c.profile == profile, photographs.c.id.not_in(keep))
    return connection.execute(sa.delete(photographs).where(gone)).rowcount


# -- for the sweep, and for the rotation of keys


def purge_unattached(connection: Connection, before: datetime) -> int:
    """Remove photographs that came before a moment and that no proposal names; return how many."""
    unnamed = sa.and_(photographs.c.profile.is_(None), photographs.c.uploaded_at < before)
    return connection.execute(sa.delete(photographs).where(unnamed)).rowcount


def keys_of_others(connection: Connection, current: str, *, limit: int) -> list[tuple[UUID, WrappedKey]]:
    """Return wrapped keys that another key-encryption key than the current one wraps."""
    statement = (
        sa.select(photographs.c.id, photographs.c.key_id, photographs.c.wrapped_key)
        .where(photographs.c.key_id != current)
        .order_by(photographs.c.id)
        .limit(limit)
    )
    return [(row.id, WrappedKey(row.key_id, row.wrapped_key)) for row in connection.execute(statement)]


def put_key(connection: Connection, identifier: UUID, key: WrappedKey) -> None:
    """Keep a data key as it has been wrapped anew."""
    connection.execute(
        sa.update(photographs)
        .where(photographs.c.id == identifier)
        .values(key_id=key.key_id, wrapped_key=key.content)
    )  # fmt: skip
