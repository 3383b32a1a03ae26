"""What an export of the log stands on, and whether a second person has agreed to it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import heads
from registry.core.engines import insert_many
from registry.core.ids import new_id
from registry.oversight.models import approvals

GOOD_FOR = timedelta(hours=24)
"""How long an approval is good: the same filter up to the same checkpoint gives the same file again."""


class Head(NamedTuple):
    """A checkpoint that the notary has signed."""

    size: int
    root: bytes
    note: str


def head(connection: Connection, size: int | None = None) -> Head | None:
    """Return the newest signed checkpoint, or the one of a size."""
    statement = sa.select(heads.c.size, heads.c.root, heads.c.note).order_by(heads.c.size.desc()).limit(1)
    row = connection.execute(statement if size is None else statement.where(heads.c.size == size)).one_or_none()
    return None if row is None else Head(*row)


def approve(connection: Connection, digest: str, size: int, officer: UUID, by: UUID, at: datetime) -> None:
    """Keep that a second person lets an export go."""
    insert_many(connection, approvals, [(new_id(), at, digest, size, officer, by)])


def is_approved(connection: Connection, digest: str, size: int, officer: UUID, now: datetime) -> bool:
    """Say whether a second person has let this officer's export go, not long ago."""
    statement = sa.select(approvals.c.id).where(
        approvals.c.digest == digest, approvals.c.officer == officer, approvals.c.size == size,
        approvals.c.at > now - GOOD_FOR,
    )  # fmt: skip
    return connection.execute(statement.limit(1)).first() is not None
