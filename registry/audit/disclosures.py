"""Who received a record, by the log: the question that a recall, or the person concerned, asks."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Outcome
from registry.audit.models import entries, subjects

RELEASED = (Outcome.ALLOWED.value, Outcome.PARTIAL.value)
DECISIONS = ("proposalApprove", "proposalReject", "proposalReturn")
"""Mutations that show the record to somebody who did not write it."""
KINDS = ("query", "photograph", "export", "screening")
"""Entries by which data left; a mutation shows its maker what the maker wrote."""


def recipients(
    connection: Connection, profile: UUID, *, since: datetime | None = None, but: Collection[str] = ()
) -> list[tuple[str, datetime]]:
    """Return the agencies that received a record, with the last moment at which each did; ``but`` for some purposes."""
    received = (
        sa.select(entries.c.agency, sa.func.max(entries.c.at).label("last"))
        .join_from(subjects, entries, subjects.c.index == entries.c.index)
        .where(subjects.c.profile == profile, entries.c.outcome.in_(RELEASED))
        .where(sa.or_(entries.c.kind.in_(KINDS), entries.c.operation.in_(DECISIONS)))
        .where(entries.c.agency.is_not(None))
        .where(sa.func.coalesce(entries.c.purpose, "").not_in(list(but)))
        .group_by(entries.c.agency)
        .order_by(entries.c.agency)
    )
    if since is not None:
        received = received.where(entries.c.at >= since)
    return [(row.agency, row.last) for row in connection.execute(received)]
