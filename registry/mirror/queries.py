"""Putting entries and leaves back where they stood, and taking away again what was erased by law."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import erasing
from registry.audit.erasing import Erasure
from registry.audit.erasures import forget_subjects
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import LOCK
from registry.audit.models import entries, erasures, leaves, subjects
from registry.audit.sequencing import Placed, sequence
from registry.audit.spelling import committed
from registry.core.clock import Clock
from registry.core.engines import insert_many, insert_new, lock
from registry.core.ids import new_id

Row = Mapping[str, Any]  # Any: a column's value
OPERATION = "audit restore"


def standing(connection: Connection, first: int, last: int) -> frozenset[int]:
    """Return which entries of a range stand in the database, with or without their leaves."""
    found = sa.select(entries.c["index"]).where(entries.c["index"].between(first, last))
    return frozenset(connection.execute(found).scalars())


def put_back(connection: Connection, whole: Sequence[Row], bare: Sequence[Row]) -> None:
    """Insert entries, and leaves that are not there; each as a row by its columns' names.

    Under the log's lock, so nothing gets a place of its own meanwhile.
    """
    lock(connection, LOCK)
    insert_many(connection, leaves, [tuple(row[column.name] for column in leaves.c) for row in bare])
    insert_many(connection, entries, [tuple(row[column.name] for column in entries.c) for row in whole])
    insert_new(connection, subjects, list(_subjects(whole)))


def accounts(connection: Connection) -> frozenset[int]:
    """Return the entries whose erasures the database knows of."""
    return frozenset(connection.execute(sa.select(erasures.c.entry).distinct()).scalars())


def erase_again(connection: Connection, place: int, erasure: Erasure, legal_basis: str) -> None:
    """Make an erasure again for which an entry accounts: what a backup has brought back goes, as it went then.

    The tables' owner alone may do it. The entry stands already, so no other is made.
    """
    fields = None if erasure.fields is None else sorted(erasure.fields)
    connection.execute(erasures.insert(), [
        {"entry": place, "first": first, "last": last, "fields": fields, "legal_basis": legal_basis}
        for first, last in erasure.ranges
    ])  # fmt: skip
    for first, last in erasure.ranges:
        within = entries.c["index"].between(first, last)
        if erasure.fields is None:
            connection.execute(entries.delete().where(within))
        else:
            for row in connection.execute(sa.select(entries).where(within)).mappings().all():
                gone = erasure.fields & set(erasing.erasable(row["v"])) - erasing.missing(row)
                left = erasing.erased(row, gone) if gone else {}
                if left:
                    connection.execute(entries.update().where(entries.c["index"] == row["index"]).values(left))
        if erasure.fields is None or "records" in erasure.fields:
            forget_subjects(connection, first, last)


def account_for_lost(connection: Connection, lost: Sequence[int], bare: Sequence[Row], clock: Clock) -> None:
    """Put back the leaves of entries that nobody has any more, and enter that their bodies are lost."""
    lock(connection, LOCK)
    insert_many(connection, leaves, [tuple(row[column.name] for column in leaves.c) for row in bare])
    ranges = erasing.runs(lost)
    told = {"ranges": [list(each) for each in ranges], "fields": None, "count": len(lost)}
    placed = enter(connection, Event(erasing.LOST, details=told), clock)
    connection.execute(erasures.insert(), [
        {"entry": placed.index, "first": first, "last": last, "fields": None, "legal_basis": erasing.LOST}
        for first, last in ranges
    ])  # fmt: skip


def enter(connection: Connection, event: Event, clock: Clock) -> Placed:
    """Enter what was done to the log. No window holds it up: a log that stands still would never be whole again."""
    entry = Entry(
        clock(), "command", OPERATION, Outcome.ALLOWED, str(new_id()), client="command-line", source="local",
        events=(event,),
    )  # fmt: skip
    lock(connection, LOCK)
    (placed,) = sequence(connection, [committed(entry)], clock, whenever=True)
    return placed


def _subjects(whole: Sequence[Row]) -> Iterable[tuple[UUID, int]]:
    """Yield whom entries concern, as whoever appended them wrote it; what is erased concerns nobody."""
    for row in whole:
        told = (each for event in row["body"]["events"] for each in event["records"] or ())
        for record in dict.fromkeys(told):
            yield UUID(record), row["index"]
