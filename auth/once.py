"""Insert a row, or find that it is already there: the same statement on both databases."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: sa.Table, **values: Any) -> bool:  # Any: a column's value
    """Insert a row and say whether it is new; of two that try at once, one is told no."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    done = connection.execute(insert(table).values(**values).on_conflict_do_nothing())
    return done.rowcount == 1
