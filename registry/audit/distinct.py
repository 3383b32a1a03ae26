"""Who has been shown to whom today: a person counts once a day, however often they are shown.

    shown = Shown(connection, [("nl-pol 4471", day, (one, two))])
    shown.new(0)                                                2 the first time, then 0

Kept as rows of ``shown_subjects`` (principal, day, profile). What is refused was not shown, so its rows are withdrawn.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import shown_subjects as table
from registry.core.engines import insert_new

_Row = tuple[str, datetime, UUID]


class Shown:
    """The persons of answers that become durable together. Of several that show one person the first shows them new."""

    def __init__(self, connection: Connection, asked: Sequence[tuple[str, datetime, Sequence[UUID]]]) -> None:
        self._connection = connection
        self._rows: list[list[_Row]] = [
            [(principal, day, profile) for profile in profiles] for principal, day, profiles in asked
        ]
        left = set(insert_new(connection, table, sorted({row for rows in self._rows for row in rows})))
        self._new: list[set[_Row]] = []
        for rows in self._rows:
            self._new.append(left.intersection(rows))
            left.difference_update(rows)
        self._withdrawn: set[_Row] = set()

    def new(self, place: int) -> int:
        """Return how many persons an answer shows for the first time today."""
        return len(self._new[place])

    def is_withdrawn(self, place: int) -> bool:
        """Say whether an answer shows somebody who was new to one that has been refused."""
        return not self._withdrawn.isdisjoint(self._rows[place])

    def withdraw(self, place: int) -> None:
        """Take back that an answer shows anybody."""
        self._withdrawn |= self._new[place]

    def forget(self) -> None:
        """Remove what was taken back."""
        for principal, day, profile in self._withdrawn:
            chosen = (table.c.principal == principal, table.c.since == day, table.c.profile == profile)
            self._connection.execute(sa.delete(table).where(*chosen))


def purge(connection: Connection, before: datetime) -> None:
    """Forget who was shown on days before a moment."""
    connection.execute(sa.delete(table).where(table.c.since < before))
