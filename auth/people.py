"""Officers as they sign in: whom an identity provider, or an invitation, stands for. Every SELECT and write on that.

The provider says who somebody is, by issuer and subject, and nothing it says grants anything: what they may do stands
in the register. A subject is its provider's word; the same word of another provider is another person.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.directory import Scope, is_shut, officer_shut
from auth.models import agencies, officers
from registry.core.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class Person:
    """An officer who may sign in at this moment."""

    id: UUID
    agency: str
    reference: str
    roles: frozenset[str]


_PERSON = (
    sa.select(officers.c.id, officers.c.agency, officers.c.reference, officers.c.roles)
    .join_from(officers, agencies)
    .where(~officer_shut(), ~is_shut(Scope.AGENCY, officers.c.agency))
)


def known_by(connection: Connection, issuer: str, subject: str) -> Person | None:
    """Return the officer whom a provider knows by this subject, if they may sign in."""
    return _one(connection, officers.c.identity_issuer == issuer, officers.c.identity_subject == subject)


def person(connection: Connection, officer: UUID) -> Person | None:
    """Return an officer, if they may sign in."""
    return _one(connection, officers.c.id == officer)


def named(connection: Connection, agency: str, reference: str) -> Person | None:
    """Return an agency's officer, if they may sign in."""
    return _one(connection, officers.c.agency == agency, officers.c.reference == reference)


def identify(connection: Connection, agency: str, reference: str, *, issuer: str, subject: str) -> UUID:
    """Let a provider's subject stand for an officer. Raises NotFound, and Conflict for a subject that is another's."""
    taken = connection.execute(
        sa.select(officers.c.id).where(
            officers.c.identity_issuer == issuer,
            officers.c.identity_subject == subject,
            sa.or_(officers.c.agency != agency, officers.c.reference != reference),
        )
    ).first()
    if taken is not None:
        raise Conflict("stands for another officer.", field="subject", code="ALREADY_ENROLLED")
    found = connection.execute(
        sa.update(officers)
        .where(officers.c.agency == agency, officers.c.reference == reference)
        .values(identity_issuer=issuer, identity_subject=subject)
        .returning(officers.c.id)
    ).scalar()
    if found is None:
        raise NotFound("is not enrolled.", field="officer", remedy="Enrol the officer first.")
    assert isinstance(found, UUID)
    return found


def _one(connection: Connection, *conditions: Any) -> Person | None:  # Any: conditions of SQLAlchemy
    row = connection.execute(_PERSON.where(*conditions)).first()
    return Person(row.id, row.agency, row.reference, frozenset(row.roles)) if row else None


def enrolled(connection: Connection, agency: str, reference: str) -> UUID | None:
    """Return an officer, whether they may sign in or not."""
    which = sa.select(officers.c.id).where(officers.c.agency == agency, officers.c.reference == reference)
    found = connection.execute(which).scalar()
    assert found is None or isinstance(found, UUID)
    return found
