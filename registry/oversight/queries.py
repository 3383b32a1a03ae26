"""Reading the log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, subjects


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries; what is not given does not limit."""

    officer: UUID | None = None
    profile: UUID | None = None
    purpose: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def to_json(self) -> dict[str, object]:
        """Return the filter for the log and for cursors."""
        return {name: str(value) if (value := getattr(self, name)) is not None else None for name in _FIELDS}


_FIELDS = ("officer", "profile", "purpose", "outcome", "since", "until")
_CONDITIONS: tuple[tuple[str, Callable[[Any], sa.ColumnElement[bool]]], ...] = (
    ("officer", lambda value: entries.c.officer == value),
    ("purpose", lambda value: entries.c.purpose == value),
    ("outcome", lambda value: entries.c.outcome == value),
    ("since", lambda value: entries.c.at >= value),
    ("until", lambda value: entries.c.at < value),
)


def page(connection: Connection, chosen: LogFilter, *, before: int | None, limit: int) -> Sequence[sa.RowMapping]:
    """Return entries, newest first, older than index ``before``."""
    statement = sa.select(entries).order_by(entries.c.index.desc()).limit(limit)
    if chosen.profile is not None:
        statement = statement.join(subjects, subjects.c.index == entries.c.index)
        statement = statement.where(subjects.c.profile == chosen.profile)
        statement = statement.order_by(None).order_by(subjects.c.index.desc())
    given = [condition(value) for name, condition in _CONDITIONS if (value := getattr(chosen, name)) is not None]
    if before is not None:
        given.append(entries.c.index < before)
    return connection.execute(statement.where(*given)).mappings().all()


def entry(connection: Connection, index: int) -> sa.RowMapping | None:
    """Return one entry."""
    return connection.execute(sa.select(entries).where(entries.c.index == index)).mappings().one_or_none()
