"""Choose the database by its URL, and say the same thing to both kinds."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core import postgresql, sqlite
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import InputRefused

_DIALECTS = {"postgresql": postgresql, "sqlite": sqlite}


def open_database(settings: Settings) -> Database:
    """Open the register's database. Nothing is connected yet."""
    if settings.is_sqlite:
        try:
            return sqlite.SqliteDatabase(settings)
        except OSError as problem:
            raise InputRefused(
                "names a place where no file can be made.", field="database_url", code="SETTING_INVALID",
                remedy="Name a file in a folder that is yours.",
            ) from problem  # fmt: skip
    return postgresql.PostgresqlDatabase(settings)


def lock(connection: Connection, key: int) -> None:
    """Wait for the right to be the only transaction that holds ``key``, until commit."""
    _DIALECTS[connection.dialect.name].lock(connection, key)


def insert_many(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of the table's columns, the fastest way there is."""
    if rows:
        _DIALECTS[connection.dialect.name].insert_many(connection, table, _bound(connection, table, rows))


def insert_together(connection: Connection, *parts: tuple[sa.Table, Sequence[Sequence[Any]]]) -> None:
    """Insert some rows into several tables, with as few round trips as there can be."""
    _DIALECTS[connection.dialect.name].insert_together(
        connection, [(table, _bound(connection, table, rows) if rows else []) for table, rows in parts]
    )


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> frozenset[Any]:
    """Insert the rows whose key nobody has inserted yet, and return their keys.

    The first columns are the key: of one column as it is, of several as a tuple. No key may come twice. Of two
    transactions that try at once the second waits, and finds it taken.
    """
    if not rows:
        return frozenset()
    width = len(table.primary_key.columns)
    places = _DIALECTS[connection.dialect.name].insert_new(connection, table, _bound(connection, table, rows))
    return frozenset(rows[place][0] if width == 1 else tuple(rows[place][:width]) for place in places)


def add_up(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> dict[tuple[Any, ...], int]:
    """Add to counters, in one statement, and return where they stand then.

    The last column is the counter, the others are the primary key: texts, numbers, moments. No key may come twice.
    """
    if not rows:
        return {}
    found = _DIALECTS[connection.dialect.name].add_up(connection, table, _bound(connection, table, rows))
    return {tuple(row[:-1]): int(row[-1]) for row in found}


async def clear(database: Database, tables: Sequence[str], *, rewrite: bool = False) -> str | None:
    """Clear what deleted and replaced rows of these tables have left behind; return what is still to be done, if any.

    SQLite has written zeros over it already, so only its write-ahead log is emptied. PostgreSQL frees the place and
    writes over it when it needs it; to ``rewrite`` the tables leaves the old files behind, and keeps everybody waiting.
    """
    if isinstance(database, sqlite.SqliteDatabase):
        return None if await database.empty_log() else "Another process reads. When it has stopped, run this again."
    assert isinstance(database, postgresql.PostgresqlDatabase)
    others = await database.vacuum(tables, rewrite=rewrite)
    how = "FULL" if rewrite else "INDEX_CLEANUP ON"
    return f"Let the tables' owner run: VACUUM ({how}) {', '.join(others)}" if others else None


def _bound(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Convert values column by column, as SQLAlchemy's own insert would; JSON that is spelt already comes as bytes."""
    converters = _converters(table, connection.dialect)
    columns = [
        [convert(value) for value in values] if convert else values
        for convert, values in zip(converters, zip(*rows, strict=True), strict=True)
    ]
    return list(zip(*columns, strict=True))


@cache
def _converters(table: sa.Table, dialect: sa.Dialect) -> tuple[Callable[[Any], Any] | None, ...]:
    return tuple(
        _spelt_or(convert) if isinstance(column.type, sa.JSON) and convert else convert
        for column in table.c
        for convert in [column.type.dialect_impl(dialect).bind_processor(dialect)]
    )


def _spelt_or(spell: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: value.decode() if type(value) is bytes else spell(value)
