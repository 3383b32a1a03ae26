"""What an export of the log stands on, and whether a second person has agreed to it."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, heads
from registry.core.engines import insert_many
from registry.core.ids import new_id
from registry.oversight import queries
from registry.oversight.models import approvals

EXPORTED = "log:exported"
"""The event of a batch."""
WITHIN = timedelta(hours=24)
"""How long what one person took counts."""
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


def taken(connection: Connection, officer: UUID, now: datetime) -> int:
    """Return how many entries an officer exported alone within a day, whatever the filters: slices add up."""
    first, _, _ = queries.places(connection, now - WITHIN, None)
    mine = sa.select(entries.c.body).where(entries.c.officer == officer, entries.c["index"] >= first)
    return sum(
        event["details"]["count"]
        for body in connection.execute(mine).scalars() if body is not None
        for event in body["events"] if event["name"] == EXPORTED and not event["details"]["approved"]
    )  # fmt: skip
