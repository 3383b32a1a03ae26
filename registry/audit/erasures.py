"""Erasing entries of the log by law, a chunk at a time, each in one transaction with the entry that accounts for it.

    order = Order(None, "KE DPA 2019 s.40", "audit erase", act="ZQGX…", approved_by="…")
    rows = waiting(connection, order, 0, 4711)      what is still to be erased of these, at most a chunk
    erase(connection, rows, order)                  the entry, its rows of log_erasures, and only then the values

The tables' owner alone may do this: the application may not even try. The triggers let go what ``log_erasures`` names
and nothing else, so the entry comes first. Entries that account for an erasure stay for good, or the notary would miss
what they account for. Nothing is erased that the notary has not signed: nobody could say what it had been.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import erasing
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.audit.models import entries, erasures, heads, subjects
from registry.core.clock import Clock, now
from registry.core.engines import lock
from registry.core.ids import new_id

ROWS = 5_000
"""Entries that go as wholes in one transaction."""
PARTS = 500
"""Entries of which fields go in one transaction: each is hashed."""

Range = tuple[int, int]
Row = sa.RowMapping


@dataclass(frozen=True, slots=True)
class Order:
    """What is to go, by what law, and who has approved it."""

    fields: frozenset[str] | None
    """None: entries as wholes."""
    legal_basis: str
    command: str
    act: str | None = None
    proposed_by: str | None = None
    approved_by: str | None = None

    @property
    def chunk(self) -> int:
        """How many entries go in one transaction."""
        return PARTS if self.fields else ROWS


TURN = 0x6C6F6767656F
"""Of the lock that lets one eraser at a time through; writers of the log do not wait for it."""
LOOSE = 10_000
"""Entries whose persons are forgotten in one transaction."""
_ACCOUNTS = sa.select(erasures.c.entry)


def signed_size(connection: Connection) -> int:
    """Return how many entries the notary has signed."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(heads.c.size), 0))).scalar_one())


def waiting(connection: Connection, order: Order, first: int, last: int) -> tuple[Sequence[Row], int | None]:
    """Return what is still to be erased of a chunk of entries, and where the next chunk begins, if one does.

    What an earlier run has erased is passed over.
    """
    columns = (entries.c["index"],) if order.fields is None else tuple(entries.c)
    chunk = connection.execute(
        sa.select(*columns)
        .where(entries.c["index"].between(first, last), entries.c["index"].not_in(_ACCOUNTS))
        .order_by(entries.c["index"]).limit(order.chunk)
    ).mappings().all()  # fmt: skip
    after = chunk[-1]["index"] + 1 if len(chunk) == order.chunk else None
    return [row for row in chunk if order.fields is None or _goes(row, order.fields)], after


def _goes(row: Row, fields: frozenset[str]) -> frozenset[str]:
    """Return which of these fields an entry has, and still holds."""
    return fields & set(erasing.erasable(row["v"])) - erasing.missing(row)


def erase(connection: Connection, rows: Sequence[Row], order: Order, clock: Clock = now) -> int:
    """Erase what is waiting; return the index of the entry that accounts for it."""
    ranges = erasing.runs([row["index"] for row in rows])
    place = account(connection, ranges, len(rows), order, clock)
    for first, last in ranges:
        if order.fields is None:
            connection.execute(entries.delete().where(entries.c["index"].between(first, last)))
        if order.fields is None or "records" in order.fields:
            forget_subjects(connection, first, last)
    if order.fields is not None:
        for row in rows:
            left = erasing.erased(row, _goes(row, order.fields))
            connection.execute(entries.update().where(entries.c["index"] == row["index"]).values(left))
    return place


def account(connection: Connection, ranges: Sequence[Range], count: int, order: Order, clock: Clock = now) -> int:
    """Enter that these are erased, and let the triggers know; return the entry's index. The log's lock is held then."""
    fields = None if order.fields is None else sorted(order.fields)
    told: dict[str, Any] = {
        "ranges": [list(each) for each in ranges], "fields": fields, "legal_basis": order.legal_basis, "count": count,
        "act": order.act, "proposed_by": order.proposed_by, "approved_by": order.approved_by,
    }  # fmt: skip
    moment = clock()
    entry = Entry(
        moment, "command", order.command, Outcome.ALLOWED, str(new_id()), client="command-line", source="local",
        legal_basis=order.legal_basis, events=(Event(erasing.EVENT, details=told),),
    )  # fmt: skip
    (placed,) = append(connection, [entry], clock=clock)
    connection.execute(erasures.insert(), [
        {"entry": placed.index, "first": first, "last": last, "fields": fields, "legal_basis": order.legal_basis}
        for first, last in ranges
    ])  # fmt: skip
    return placed.index


def forget_subjects(connection: Connection, first: int, last: int) -> None:
    """Forget whom erased entries were about."""
    connection.execute(subjects.delete().where(subjects.c["index"].between(first, last)))


def forget_loose(connection: Connection, end: int) -> bool:
    """Forget whom some erased entries before an index were about; say whether there is more to forget.

    A partition goes at once, with millions of entries; whom they were about goes after it, a part at a time.
    """
    loose = sa.select(subjects.c["index"]).where(
        subjects.c["index"] < end, subjects.c["index"].not_in(sa.select(entries.c["index"]))
    )
    first = connection.execute(loose.order_by(subjects.c["index"]).limit(1)).scalar()
    if first is None:
        return False
    chunk = loose.where(subjects.c["index"].between(first, first + LOOSE - 1))
    connection.execute(subjects.delete().where(subjects.c["index"].in_(chunk)))
    return True


def take_turn(connection: Connection) -> None:
    """Wait until no other transaction erases: what is waiting for one must not be gone for the other."""
    lock(connection, TURN)


def is_erased(connection: Connection, index: int) -> bool:
    """Say whether an entry has been erased as a whole."""
    found = sa.select(sa.literal(1)).where(
        erasures.c.first <= index, erasures.c.last >= index, erasures.c.fields.is_(None)
    )
    return connection.execute(found.limit(1)).first() is not None


def check_there(connection: Connection, index: int, row: Any) -> None:  # Any: a row of the log
    """Raise EntryErased where an entry is missing by law; any other that is missing was never there."""
    if row is None and is_erased(connection, index):
        raise erasing.EntryErased(index)
