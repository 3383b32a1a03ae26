"""The entry of a search in the log, for whoever asks for its reasons again."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries


def entry(connection: Connection, index: int) -> sa.RowMapping | None:
    """Return an entry by its place in the log."""
    return connection.execute(sa.select(entries).where(entries.c.index == index)).mappings().one_or_none()


def own_entry(connection: Connection, officer: UUID, request_id: str) -> sa.RowMapping | None:
    """Return an officer's own entry by the id of its request, which the answer carried."""
    mine = sa.select(entries).where(entries.c.officer == officer, entries.c.request_id == request_id)
    return connection.execute(mine.order_by(entries.c.index).limit(1)).mappings().one_or_none()
