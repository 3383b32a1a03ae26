"""Every SELECT and write on notices. Returns values; decides nothing."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.engines import insert_together, lock
from registry.notices.models import notices, watches
from registry.notices.notice import News, Notice, Topic
from registry.notices.watch import Watch

LOCK = 0x6E6F7465
"""The advisory lock's key ("note"): one numberer at a time."""

_NEWEST = sa.select(sa.func.max(notices.c.number))
_SPAN = sa.select(sa.func.min(notices.c.number), sa.func.max(notices.c.number))


def keep(connection: Connection, at: datetime, news: Sequence[News]) -> None:
    """Number and insert what happened. Take this lock last, behind the log's: it is held until the commit."""
    if not news:
        return
    lock(connection, LOCK)
    first = newest(connection) + 1
    insert_together(connection, (notices, [
        (first + place, at, each.topic.value, each.audience, each.subject, each.profile, dict(each.details))
        for place, each in enumerate(news)
    ]))  # fmt: skip


def keep_all(connection: Connection, told: Sequence[tuple[datetime, News]]) -> None:
    """Number and insert what is left with entries of the log: alerts, of which a refusal takes none back."""
    for at, together in groupby(told, key=lambda each: each[0]):
        keep(connection, at, [news for _, news in together])


def newest(connection: Connection) -> int:
    """Return the greatest number; 0 before the first notice."""
    return connection.execute(_NEWEST).scalar() or 0


def is_whole_behind(connection: Connection, number: int) -> bool:
    """Say whether every notice behind a number is still kept; a number that nobody has got yet is behind nothing."""
    least, greatest = connection.execute(_SPAN).one()
    return number == 0 if least is None else least - 1 <= number <= greatest


_NEXT = (
    sa.select(notices)
    .where(
        notices.c.topic == sa.bindparam("topic"),
        notices.c.audience == sa.bindparam("audience"),
        notices.c.number > sa.bindparam("after"),
    )
    .order_by(notices.c.number)
    .limit(1)
)


def following(connection: Connection, topic: Topic, audience: str, after: int) -> Notice | None:
    """Return the next notice for an audience."""
    given = {"topic": topic.value, "audience": audience, "after": after}
    row = connection.execute(_NEXT, given).mappings().one_or_none()
    return notice_of(row) if row else None


_NEXT_WATCHED = (
    _NEXT.join(watches, watches.c.id == notices.c.subject)
    .where(watches.c.case_reference == sa.bindparam("case_reference"))
    .add_columns(watches.c.profile.label("watched"))
)


def following_watch(
    connection: Connection, officer: UUID, case_reference: str, after: int
) -> tuple[Notice, UUID] | None:
    """Return the next notice of a watch of this officer in this case, and the profile that it watches."""
    given = {"topic": Topic.WATCH.value, "audience": str(officer), "after": after, "case_reference": case_reference}
    row = connection.execute(_NEXT_WATCHED, given).mappings().one_or_none()
    return (notice_of(row), row["watched"]) if row else None


def notice_of(row: sa.RowMapping) -> Notice:
    """Return the notice of a row."""
    news = News(Topic(row["topic"]), row["audience"], row["subject"], row["profile"], row["details"])
    return Notice(row["number"], row["at"], news)


_NEW = (
    sa.select(notices.c.number, notices.c.topic, notices.c.audience)
    .where(notices.c.number > sa.bindparam("after"))
    .order_by(notices.c.number)
    .limit(sa.bindparam("most"))
)


def since(connection: Connection, after: int, *, most: int) -> list[tuple[int, Topic, str]]:
    """Return for whom there are notices behind a number, in their order."""
    found = connection.execute(_NEW, {"after": after, "most": most})
    return [(row.number, Topic(row.topic), row.audience) for row in found]


def purge(connection: Connection, before: datetime) -> None:
    """Forget what was told before a moment. The newest stays, or its number would be given again."""
    connection.execute(notices.delete().where(notices.c.at < before, notices.c.number < _NEWEST.scalar_subquery()))
    connection.execute(watches.delete().where(watches.c.ended_at < before))


# -- watches


def add_watch(connection: Connection, watch: Watch) -> None:
    """Add a watch."""
    connection.execute(watches.insert().values(**{name: getattr(watch, name) for name in _COLUMNS}))


_COLUMNS = tuple(column.name for column in watches.c)


def _live(now: datetime) -> sa.ColumnElement[bool]:
    return watches.c.ended_at.is_(None) & (watches.c.until > now)


def live(
    connection: Connection, officer: UUID, case_reference: str, now: datetime, *, after: UUID | None = None, limit: int
) -> list[Watch]:
    """Return the watches of an officer in a case that have not ended, oldest first."""
    statement = sa.select(watches).where(
        watches.c.officer == officer, watches.c.case_reference == case_reference, _live(now)
    )
    if after is not None:
        statement = statement.where(watches.c.id > after)
    return [_watch(row) for row in connection.execute(statement.order_by(watches.c.id).limit(limit)).mappings()]


def on(connection: Connection, profiles: Sequence[UUID], now: datetime) -> list[Watch]:
    """Return the watches on these profiles that have not ended."""
    statement = sa.select(watches).where(watches.c.profile.in_(list(profiles)), _live(now)).order_by(watches.c.id)
    return [_watch(row) for row in connection.execute(statement).mappings()]


def over(connection: Connection, now: datetime, most: int) -> list[Watch]:
    """Return watches whose time is over and that nobody has ended yet."""
    statement = sa.select(watches).where(watches.c.until <= now, watches.c.ended_at.is_(None))
    return [_watch(row) for row in connection.execute(statement.order_by(watches.c.until).limit(most)).mappings()]


def renew(connection: Connection, watch: UUID, until: datetime, reason: str) -> None:
    """Let a watch last longer, for the reason given now."""
    connection.execute(watches.update().where(watches.c.id == watch).values(until=until, reason=reason))


def end(connection: Connection, chosen: Sequence[UUID], at: datetime) -> None:
    """End watches."""
    if chosen:
        open_ones = watches.c.id.in_(list(chosen)) & watches.c.ended_at.is_(None)
        connection.execute(watches.update().where(open_ones).values(ended_at=at))


def forget(connection: Connection, profiles: Sequence[UUID]) -> None:
    """Forget who watched profiles that are erased, and why."""
    connection.execute(watches.delete().where(watches.c.profile.in_(list(profiles))))


def _watch(row: Any) -> Watch:  # Any: a row of the table
    return Watch(**{name: row[name] for name in _COLUMNS})
