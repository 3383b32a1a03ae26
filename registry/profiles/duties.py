"""Every SELECT on what is overdue: verifications, reviews, expiries; and the end of entries whose day has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.profiles.headline import FOR_EVER
from registry.profiles.models import match_records, profiles
from registry.profiles.standing import SEARCHABLE, Standing

_LIVE = profiles.c.standing.in_([each.value for each in SEARCHABLE])


@dataclass(frozen=True, slots=True)
class Office:
    """How an office keeps its records true."""

    owner: str
    post: str | None
    records: int
    verifications_overdue: int
    reviews_overdue: int


def _not_over(today: date) -> sa.ColumnElement[bool]:
    return _LIVE & (sa.func.coalesce(profiles.c.expires_on, FOR_EVER) > today.isoformat())


def verifications(
    connection: Connection, owner: str, today: date, known: Collection[str], *, after: tuple[str, int] | None,
    limit: int,
) -> list[Any]:  # fmt: skip
    """Return an agency's records of known clearances whose verification is overdue, the longest first."""
    statement = (
        sa.select(profiles.c.id, profiles.c.number, profiles.c.verify_on, profiles.c.post)
        .where(profiles.c.owner == owner, profiles.c.verify_on < today.isoformat(), _not_over(today))
        .where(profiles.c.clearance.in_(known))
        .order_by(profiles.c.verify_on, profiles.c.number)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(sa.tuple_(profiles.c.verify_on, profiles.c.number) > sa.tuple_(*after))
    return list(connection.execute(statement))


def reviews(
    connection: Connection, owner: str, today: date, known: Collection[str], *, after: tuple[str, int] | None,
    limit: int,
) -> list[Any]:  # fmt: skip
    """Return an agency's records whose review is due, the longest first; entries for life are among them."""
    statement = (
        sa.select(profiles.c.id, profiles.c.number, profiles.c.review_on, profiles.c.post)
        .where(profiles.c.owner == owner, profiles.c.review_on <= today.isoformat(), _not_over(today))
        .where(profiles.c.clearance.in_(known))
        .order_by(profiles.c.review_on, profiles.c.number)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(sa.tuple_(profiles.c.review_on, profiles.c.number) > sa.tuple_(*after))
    return list(connection.execute(statement))


def offices(
    connection: Connection, today: date, agency: str, own: Collection[str], others: Collection[str]
) -> tuple[Office, ...]:
    """Return how many records each office holds, and how many of them are overdue.

    Counted are those of which an officer of ``agency`` may know: of its ``own`` clearances, and of ``others``.
    """
    is_own = profiles.c.owner == agency
    known = (is_own & profiles.c.clearance.in_(own)) | (~is_own & profiles.c.clearance.in_(others))
    day = today.isoformat()
    late = sa.func.sum(sa.case((profiles.c.verify_on < day, 1), else_=0))
    due = sa.func.sum(sa.case((profiles.c.review_on <= day, 1), else_=0))
    statement = (
        sa.select(profiles.c.owner, profiles.c.post, sa.func.count(), late, due)
        .where(_not_over(today), known)
        .group_by(profiles.c.owner, profiles.c.post)
        .order_by(profiles.c.owner, profiles.c.post.is_not(None), profiles.c.post)
    )
    return tuple(Office(*row) for row in connection.execute(statement))


def over(connection: Connection, today: date, limit: int) -> list[Any]:
    """Return records whose time is over and that still stand as if it weren't: (id, number, owner, current).

    What somebody is deciding on now is left to the next sweep.
    """
    statement = (
        sa.select(profiles.c.id, profiles.c.number, profiles.c.owner, profiles.c.current)
        .where(profiles.c.expires_on <= today.isoformat(), _LIVE)
        .order_by(profiles.c.expires_on, profiles.c.number)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return list(connection.execute(statement))


def expire(connection: Connection, profile: UUID, number: int) -> None:
    """Let a record stand as expired. Its keys stay with the profile, so that restoring takes them back."""
    connection.execute(profiles.update().where(profiles.c.id == profile).values(standing=Standing.EXPIRED.value))
    connection.execute(match_records.delete().where(match_records.c.number == number))
