"""The partitions of ``log_entries`` on PostgreSQL: ten million entries each, some made ahead. SQLite has one table.

    made = keep_ahead(connection)        the ones that were made now, so that AHEAD of them wait
    ahead(connection)                    how many wait; fewer than one is worth a warning
    parts(connection)                    from the oldest on, with the indexes that each may hold

They stand in a schema of their own, ``log_partitions``, where no role but the owner's has any right: all others reach
them through the whole. What no partition is for goes to the default one, so no entry is ever refused for want of one;
a range of which the default one holds something is made no partition any more.
"""

import re
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, leaves

WIDTH = 10_000_000
AHEAD = 4
SCHEMA = "log_partitions"
DEFAULT = f"{SCHEMA}.entries_default"


class Part(NamedTuple):
    """A partition: the entries from ``first`` on, before ``end``."""

    name: str
    first: int
    end: int


_PARTS = sa.text("""
    SELECT relname AS name, pg_get_expr(relpartbound, pg_class.oid) AS bound
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = to_regclass('log_entries')
""")
_BOUND = re.compile(r"FOR VALUES FROM \('?(\d+)'?\) TO \('?(\d+)'?\)")


_OWNED = sa.text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('log_entries')")


def may_be_made(connection: Connection) -> bool:
    """Say whether the role that is connected owns the log: nobody else can make partitions of it."""
    return connection.dialect.name == "postgresql" and bool(connection.execute(_OWNED).scalar_one_or_none())


def are_there(connection: Connection) -> bool:
    """Say whether this database keeps entries in partitions."""
    return connection.dialect.name == "postgresql" and bool(connection.execute(_PARTS).first())


def parts(connection: Connection) -> list[Part]:
    """Return the partitions but for the default one, from the oldest on."""
    if connection.dialect.name != "postgresql":
        return []
    bounds = [(row.name, _BOUND.fullmatch(row.bound)) for row in connection.execute(_PARTS)]
    found = [Part(f"{SCHEMA}.{name}", int(bound[1]), int(bound[2])) for name, bound in bounds if bound]
    return sorted(found, key=lambda part: part.first)


def ahead(connection: Connection) -> int:
    """Return how many partitions hold nothing yet and wait for what comes."""
    size = _next(connection)
    return sum(part.first >= size for part in parts(connection))


def keep_ahead(connection: Connection) -> list[Part]:
    """Make partitions until enough wait; return those that are new. Nothing is to be done on SQLite."""
    if not are_there(connection):
        return []
    size, there, made = _next(connection), parts(connection), []
    end = max([size // WIDTH * WIDTH, *(part.end for part in there)])
    missing = AHEAD - sum(part.first >= size for part in there)
    while missing > 0:
        part = Part(f"{SCHEMA}.entries_{end}", end, end + WIDTH)
        if not _has_overflowed(connection, part):
            _make(connection, part)
            made.append(part)
            missing -= part.first >= size
        end += WIDTH
    return made


def _next(connection: Connection) -> int:
    """Return the index that the next entry gets."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(leaves.c["index"]) + 1, 0))).scalar_one())


def _has_overflowed(connection: Connection, part: Part) -> bool:
    """Say whether entries for this range stand elsewhere: a partition for them would have to take them in."""
    there = sa.select(sa.literal(1)).where(entries.c["index"] >= part.first, entries.c["index"] < part.end)
    return connection.execute(there.limit(1)).first() is not None


def _make(connection: Connection, part: Part) -> None:
    connection.exec_driver_sql(
        f"CREATE TABLE {part.name} PARTITION OF log_entries FOR VALUES FROM ({part.first}) TO ({part.end})"
    )
    connection.exec_driver_sql(  # triggers on rows are those of the whole; one on TRUNCATE is each table's own
        f"CREATE TRIGGER log_entries_no_truncate BEFORE TRUNCATE ON {part.name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()"
    )


def let_go(connection: Connection, part: Part, stays: sa.Select[tuple[int]]) -> None:
    """Drop a partition with its files; entries with these indexes stay, in the default one. Others wait meanwhile."""
    connection.exec_driver_sql(f"ALTER TABLE log_entries DETACH PARTITION {part.name}")
    schema, name = part.name.split(".")
    old = sa.table(name, *(sa.column(column.name, column.type) for column in entries.c), schema=schema)
    names = [column.name for column in entries.c]
    staying = sa.select(*(old.c[each] for each in names)).where(old.c["index"].in_(stays))
    connection.execute(entries.insert().from_select(names, staying))
    connection.exec_driver_sql(f"DROP TABLE {part.name}")
