"""How long bodies are kept: what is older than the law lets them be goes, and its leaves stay.

    plan = planned(connection, before=moment, keep_from=None)      what would go; nothing is done
    let_go_part(connection, part, order)                           a whole partition in one transaction
    boundary(connection, moment)                                   the first entry that is not older

On PostgreSQL whole partitions go with their files. What does not fill one, and everything on SQLite, goes by rows
(erasures.py). Entries that account for an erasure stay for good.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import erasures, partitions
from registry.audit.erasures import Order, Range
from registry.audit.models import entries, erasures as accounts, leaves
from registry.audit.partitions import Part
from registry.core.clock import Clock, now


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes: all before an index."""

    end: int
    count: int
    """Entries that still stand there and go."""
    parts: tuple[Part, ...]
    """Partitions that go whole; the rest goes by rows."""


_ACCOUNTS = sa.select(accounts.c.entry)
_OLDER = sa.select(leaves.c.at).where(leaves.c["index"] == sa.bindparam("index"))


def boundary(connection: Connection, before: datetime) -> int:
    """Return the index of the first entry that got its place at a moment or later.

    Leaves are never older than the one before them, so a few of them are looked at and not all.
    """
    low, high = 0, connection.execute(sa.select(sa.func.coalesce(sa.func.max(leaves.c["index"]) + 1, 0))).scalar_one()
    while low < high:
        middle = (low + high) // 2
        if connection.execute(_OLDER, {"index": middle}).scalar_one() < before:
            low = middle + 1
        else:
            high = middle
    return low


def planned(connection: Connection, before: datetime, keep_from: int | None) -> Plan:
    """Return what goes: what is older, signed, and not to be kept."""
    end = min(boundary(connection, before), erasures.signed_size(connection))
    if keep_from is not None:
        end = min(end, keep_from)
    count = connection.execute(
        sa.select(sa.func.count()).select_from(entries)
        .where(entries.c["index"] < end, entries.c["index"].not_in(_ACCOUNTS))
    ).scalar_one()  # fmt: skip
    return Plan(end, count, tuple(part for part in partitions.parts(connection) if part.end <= end))


def runs_of(connection: Connection, part: Part) -> list[tuple[Range, int]]:
    """Return the runs of entries of a partition that go, each with how many they are."""
    place = entries.c["index"]
    going = (
        sa.select(place, (place - sa.func.row_number().over(order_by=place)).label("run"))
        .where(place >= part.first, place < part.end, place.not_in(_ACCOUNTS))
        .subquery()
    )
    first = sa.func.min(going.c["index"])
    found = connection.execute(
        sa.select(first, sa.func.max(going.c["index"]), sa.func.count()).group_by(going.c.run).order_by(first)
    )
    return [((low, high), count) for low, high, count in found]


def let_go_part(
    connection: Connection, part: Part, runs: list[tuple[Range, int]], order: Order, clock: Clock = now
) -> None:
    """Drop a partition, together with the entry that accounts for what stood in it.

    Its runs are told before, so that the log's lock is not held while they are counted; what stands in a partition
    that is full does not change.
    """
    if runs:
        erasures.account(connection, [each for each, _ in runs], sum(count for _, count in runs), order, clock)
    partitions.let_go(connection, part, _ACCOUNTS)
