"""What the log holds, read as an auditor's tool would."""

from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, heads, leaves, subjects
from registry.core.db import Database
from tests.factories import MOMENT

Rows = list[dict[str, Any]]  # Any: a column's value


def kept(connection: Connection) -> Rows:
    """Return every entry in the order of the log."""
    return [dict(row) for row in connection.execute(sa.select(entries).order_by(entries.c["index"])).mappings()]


def leaves_of(connection: Connection) -> Rows:
    """Return every leaf in the order of the log."""
    return [dict(row) for row in connection.execute(sa.select(leaves).order_by(leaves.c["index"])).mappings()]


def sign(connection: Connection, size: int) -> None:
    """Leave a head as the notary does."""
    connection.execute(heads.insert(), {"size": size, "root": bytes(32), "signed_at": MOMENT, "note": "DEMO"})


@pytest.fixture
def log_of(database: Database) -> Callable[[], Coroutine[Any, Any, Rows]]:
    """The log's entries, oldest first."""
    return lambda: database.read(kept)


@pytest.fixture
def subjects_of(database: Database) -> Callable[[], Coroutine[Any, Any, set[tuple[Any, int]]]]:
    """Which entry concerns which profile."""

    def read(connection: Connection) -> set[tuple[Any, int]]:
        return {(profile, index) for profile, index in connection.execute(sa.select(subjects))}

    return lambda: database.read(read)
