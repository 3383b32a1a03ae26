"""Looks in the log, and who was told of whom."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import officers
from registry.audit.disclosures import RELEASED
from registry.audit.models import decoys, entries, leaves, subjects
from registry.core.engines import insert_many
from registry.meetings.meeting import TELLING
from registry.meetings.models import meetings
from registry.profiles import publication
from registry.profiles.models import counters

MARK = "meetings_looked_at"
"""The row of ``counters`` that says up to which entry has been looked."""
MOST_EARLIER = 200
_index = entries.c["index"]
_LOOKS = (
    sa.select(
        _index, entries.c.at, entries.c.officer, entries.c.agency, entries.c.officer_reference,
        entries.c.case_reference, entries.c.body, subjects.c.profile, officers.c.chain,
    )
    .join_from(subjects, entries, _index == subjects.c["index"])
    .join(officers, officers.c.id == entries.c.officer)
    .where(entries.c.kind == "query", entries.c.outcome.in_(RELEASED))
    .where(entries.c.purpose.in_(sorted(each.value for each in TELLING)))
    .where(~sa.exists().where(decoys.c.profile == subjects.c.profile))
)  # fmt: skip


def mark(connection: Connection) -> int | None:
    """Return up to which entry has been looked; None before the first time. Other processes wait: none looks twice."""
    statement = sa.select(counters.c.value).where(counters.c.name == MARK)
    return connection.execute(statement.with_for_update()).scalar_one_or_none()


def keep_mark(connection: Connection, index: int) -> None:
    """Keep up to which entry has been looked."""
    publication.keep(connection, MARK, index)


def newest(connection: Connection) -> int:
    """Return the last entry's place; -1 before the first."""
    found = connection.execute(sa.select(sa.func.max(leaves.c["index"]))).scalar()
    return -1 if found is None else int(found)


def looks(connection: Connection, after: int, until: int) -> Sequence[sa.RowMapping]:
    """Return who was shown whom, in the order of the log."""
    statement = _LOOKS.where(subjects.c["index"] > after, subjects.c["index"] <= until, _index > after, _index <= until)
    return connection.execute(statement.order_by(_index)).mappings().all()


def earlier(connection: Connection, profile: UUID, before: int, since: datetime) -> Sequence[sa.RowMapping]:
    """Return who else was shown a person, newest first."""
    statement = _LOOKS.where(subjects.c.profile == profile, subjects.c["index"] < before, entries.c.at >= since)
    return connection.execute(statement.order_by(subjects.c["index"].desc()).limit(MOST_EARLIER)).mappings().all()


def told_since(connection: Connection, profile: UUID, since: datetime) -> set[tuple[UUID, UUID]]:
    """Return who was told of whom over a person since a moment."""
    statement = sa.select(meetings.c.officer, meetings.c.met_officer).where(
        meetings.c.profile == profile, meetings.c.at > since
    )
    return {(row.officer, row.met_officer) for row in connection.execute(statement)}


def tell(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Keep who is told of whom."""
    insert_many(connection, meetings, rows)


def of_officer(connection: Connection, officer: UUID, *, after: UUID | None, limit: int) -> Sequence[sa.RowMapping]:
    """Return what an officer is told, oldest first."""
    statement = sa.select(meetings).where(meetings.c.officer == officer)
    if after is not None:
        statement = statement.where(meetings.c.id > after)
    return connection.execute(statement.order_by(meetings.c.id).limit(limit)).mappings().all()


def purge(connection: Connection, before: datetime) -> None:
    """Forget what was told before a moment: the log keeps it."""
    connection.execute(sa.delete(meetings).where(meetings.c.at < before))
