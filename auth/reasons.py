"""A reason more: of some answers about persons, drawn by chance, the officer has to say afterwards why they asked.

    demand = Draw(200, timedelta(minutes=15)).demand(request_id, officer, now)      a Demand, once in two hundred times
    keep(connection, [demand])                                                      with the entry of that answer
    OWED                                                                            part of the live state: who owes one

Hesse asks so since 2019, of every two-hundredth question. Nobody can foresee the draw, and asking again takes nothing
back: what was demanded is owed until it is stated. From ``due_at`` on nothing about persons is answered.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, exc

from auth.models import officers, reason_demands, reason_statements
from registry.core.columns import Moment
from registry.core.engines import insert_many

OWED = (
    sa.select(reason_demands.c.request_id)
    .where(
        reason_demands.c.officer == officers.c.id,
        reason_demands.c.due_at <= sa.bindparam("now", type_=Moment()),
        ~sa.exists().where(reason_statements.c.request_id == reason_demands.c.request_id),
    )
    .order_by(reason_demands.c.due_at)
    .limit(1)
    .correlate(officers)
    .scalar_subquery()
    .label("owes")
)
"""For which request the officer of a statement owes a reason by now."""


@dataclass(frozen=True, slots=True)
class Demand:
    """That a reason is to be stated for a request."""

    request_id: str
    officer: UUID
    asked_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Draw:
    """Draws one request in so many."""

    every: int
    """0 for none."""
    patience: timedelta
    words: int = 1
    """That a reason which is stated has at least."""

    def demand(self, request_id: str, officer: UUID, at: datetime) -> Demand | None:
        """Return a demand, if this request is drawn."""
        if not self.every or secrets.randbelow(self.every):
            return None
        return Demand(request_id, officer, at, at + self.patience)


NONE = Draw(0, timedelta())
"""Draws nothing."""


def keep(connection: Connection, demands: Iterable[Demand]) -> None:
    """Insert demands, in the transaction of their entries."""
    insert_many(connection, reason_demands, [(d.request_id, d.officer, d.asked_at, d.due_at) for d in demands])


def is_demanded(connection: Connection, request_id: str, officer: UUID) -> bool:
    """Say whether this officer was asked for a reason for this request."""
    found = sa.select(sa.literal(1)).where(
        reason_demands.c.request_id == request_id, reason_demands.c.officer == officer
    )
    return connection.execute(found).first() is not None


def is_used(connection: Connection, officer: UUID, digest: str) -> bool:
    """Say whether this officer has stated the same words before."""
    found = sa.select(sa.literal(1)).where(reason_statements.c.officer == officer, reason_statements.c.digest == digest)
    return connection.execute(found).first() is not None


def state(connection: Connection, request_id: str, officer: UUID, digest: str, at: datetime) -> bool:
    """Keep that a reason was stated; say whether it was not stated before."""
    row = {"request_id": request_id, "officer": officer, "digest": digest, "stated_at": at}
    try:
        connection.execute(reason_statements.insert(), row)
    except exc.IntegrityError:  # the rows take no change, not even one that does nothing
        return False
    return True
