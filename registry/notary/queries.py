"""The log as the notary reads it, a batch by its index, and the heads that it leaves there.

As PostgreSQL's role ``registry_notary`` it can do nothing else. Each read is one statement, so what it tells is of one
moment, on both databases.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, erasures, heads, leaves, promise_keys, quorums, subjects
from registry.notary.leaves import Row
from registry.notary.promises import MOST, Told


class Ends(NamedTuple):
    """How many leaves and entries there are if none is missing before the last."""

    leaves: int
    entries: int


@dataclass(frozen=True, slots=True)
class Head:
    """What was signed, as the nodes read it."""

    size: int
    root: bytes
    signed_at: datetime
    note: str


UNREADABLE = datetime.min.replace(tzinfo=UTC)
_LEAF = ("leaf_index", "leaf_at", "leaf_commitment", "leaf_v")
_ROWS = (
    sa.select(*(leaves.c[name.removeprefix("leaf_")].label(name) for name in _LEAF), *entries.c)
    .select_from(leaves.outerjoin(entries, entries.c.index == leaves.c.index))
    .where(leaves.c.index >= sa.bindparam("first"))
    .order_by(leaves.c.index)
    .limit(sa.bindparam("most"))
)
_ENDS = sa.select(
    *(sa.func.coalesce(sa.select(sa.func.max(table.c.index) + 1).scalar_subquery(), 0) for table in (leaves, entries))
)
_PROMISE_KEYS = (
    sa.select(promise_keys.c.key, promise_keys.c.since)
    .where(promise_keys.c.since > sa.bindparam("after"))
    .order_by(promise_keys.c.since, promise_keys.c.key)
    .limit(MOST)
)
MOST_ACCOUNTS = 4096
"""Entries that are asked what has been erased of some others. With more of them somebody only makes us work."""
_ACCOUNTS = (
    sa.select(erasures.c.entry).distinct()
    .where(erasures.c.first <= sa.bindparam("last"), erasures.c.last >= sa.bindparam("first"))
    .order_by(erasures.c.entry).limit(MOST_ACCOUNTS)
)  # fmt: skip
_SUBJECTS = sa.select(subjects.c.index, subjects.c.profile).where(
    subjects.c.index.between(sa.bindparam("first"), sa.bindparam("last"))
)
_NEWEST = sa.select(heads).order_by(heads.c.size.desc()).limit(1)


def rows(connection: Connection, first: int, most: int) -> list[Row]:
    """Return leaves from an index on, in order, each with its entry.

    A row that no column's type can read, which only somebody else can have written, comes as an entry without a field.
    """
    try:
        found = connection.execute(_ROWS, {"first": first, "most": most}).mappings().all()
    except (ValueError, TypeError, OverflowError):
        if most == 1:
            return [Row(first, UNREADABLE, b"", {}, 0)]
        return [row for index in range(first, first + most) for row in rows(connection, index, 1) if row.index == index]
    return [_row(dict(each)) for each in found]


def _row(found: dict[str, Any]) -> Row:
    index, at, commitment, v = (found.pop(name) for name in _LEAF)
    return Row(index, at, bytes(commitment), found if found["index"] is not None else None, v)


def accounts(connection: Connection, first: int, last: int) -> list[Row]:
    """Return the entries that are said to account for what was erased between two indexes, with their leaves."""
    named = connection.execute(_ACCOUNTS, {"first": first, "last": last}).scalars()
    return [row for index in named for row in rows(connection, index, 1) if row.index == index]


def subjects_of(connection: Connection, first: int, last: int) -> dict[int, set[UUID]]:
    """Return whom entries are about, as the index of persons says it."""
    found: dict[int, set[UUID]] = {}
    for index, profile in connection.execute(_SUBJECTS, {"first": first, "last": last}):
        found.setdefault(index, set()).add(profile)
    return found


def ends(connection: Connection) -> Ends:
    """Return where leaves and entries end."""
    found = connection.execute(_ENDS).one()
    return Ends(found[0], found[1])


def promise_keys_told(connection: Connection, after: datetime) -> list[Told]:
    """Return the keys that nodes promise with, told of after a moment."""
    return [Told(bytes(each.key), each.since) for each in connection.execute(_PROMISE_KEYS, {"after": after})]


def newest_quorum(connection: Connection) -> datetime | None:
    """Return when there was a quorum of witnesses last, as the nodes know it."""
    found: datetime | None = connection.execute(sa.select(sa.func.max(quorums.c.at))).scalar_one()
    return found


def add_quorum(connection: Connection, at: datetime, size: int) -> None:
    """Tell the nodes that witnesses have cosigned."""
    connection.execute(sa.insert(quorums).values(at=at, size=size))


def newest_head(connection: Connection) -> Head | None:
    """Return the largest tree that the database says was signed."""
    found = connection.execute(_NEWEST).one_or_none()
    return None if found is None else Head(found.size, bytes(found.root), found.signed_at, found.note)


def add_head(connection: Connection, head: Head) -> None:
    """Tell the nodes what was signed."""
    connection.execute(
        sa.insert(heads).values(size=head.size, root=head.root, signed_at=head.signed_at, note=head.note)
    )
