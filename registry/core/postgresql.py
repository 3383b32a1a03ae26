"""PostgreSQL: asyncpg under SQLAlchemy Core, functions run in greenlets."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from registry.core.config import Settings, read_secret
from registry.core.db import Database, dumps, is_passing, unavailable_on_failure

T = TypeVar("T")


WRITERS = 2
"""Connections for writes: the log's writer and one mutation, which the log's lock would make wait anyway."""


class PostgresqlDatabase(Database):
    """Two pools of asyncpg connections, so that reads that queue can't keep the log's writer waiting."""

    dialect = "postgresql"

    def __init__(self, settings: Settings):
        url = sa.make_url(settings.database_url).set(drivername="postgresql+asyncpg")
        if settings.database_password_file:
            secret = read_secret(settings.database_password_file, field="database_password_file", least=1)
            url = url.set(password=secret.decode())
        self.engine = _engine(url, settings, settings.pool_size)
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writing = _engine(url, settings, WRITERS)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run without BEGIN and ROLLBACK: what an answer shows of a person comes from one statement."""
        with unavailable_on_failure():
            async with self._reading.connect() as connection:
                return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run in one transaction."""
        with unavailable_on_failure():
            async with self._writing.begin() as connection:
                return await connection.run_sync(work)

    async def vacuum(self, tables: Sequence[str], *, rewrite: bool) -> tuple[str, ...]:
        """Free the place of dead rows, for as long as it takes; return the tables that only their owner may clear.

        ``rewrite`` writes the tables into new files: each is closed to everybody meanwhile.
        """

        def run(connection: Connection) -> tuple[str, ...]:
            others = connection.execute(_OTHERS, {"tables": list(tables)}).scalars().all()
            ours = [name for name in tables if name not in others]
            how = "FULL" if rewrite else "INDEX_CLEANUP ON"
            connection.exec_driver_sql("SET statement_timeout = 0")
            try:
                for name in ours:
                    connection.exec_driver_sql(f"VACUUM ({how}) {name}")
            finally:
                connection.exec_driver_sql("RESET statement_timeout")
            return tuple(others)

        return await self.read(run)

    async def close(self) -> None:
        """Close both pools."""
        await self.engine.dispose()
        await self._writing.dispose()


def _engine(url: sa.URL, settings: Settings, size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=settings.pool_seconds,
        hide_parameters=True,  # an error's text may reach a log; values are people's data
        json_serializer=dumps,
        json_deserializer=orjson.loads,
        connect_args={
            "timeout": settings.pool_seconds,
            "server_settings": {
                "application_name": "registry",
                "statement_timeout": str(int(settings.statement_seconds * 1000)),
                "lock_timeout": str(int(settings.lock_seconds * 1000)),
                "idle_in_transaction_session_timeout": "30000",
                "jit": "off",  # plans here are short; compiling them costs more than running them
            },
        },
    )


def insert_many(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """COPY, which takes some ten times the rows of INSERT a second."""
    driver: Any = connection.connection.driver_connection  # Any: asyncpg ships no types
    if not driver.is_in_transaction():
        connection.exec_driver_sql("SELECT 1")  # COPY would not open the transaction by itself
    copied = driver.copy_records_to_table(table.name, records=rows, columns=[column.name for column in table.c])
    try:
        await_only(copied)
    except (asyncpg.InterfaceError, asyncpg.PostgresError) as problem:
        if is_passing(getattr(problem, "sqlstate", None)) or not isinstance(
            problem, asyncpg.PostgresError | ValueError
        ):
            raise ConnectionError("the server takes no rows now") from problem
        raise


def insert_together(connection: Connection, parts: Sequence[tuple[sa.Table, Sequence[tuple[Any, ...]]]]) -> None:
    """One statement for all: for each round trip of the log's writer, every answer waits a turn of a busy loop."""
    given = {
        f"{table.name}_{place}": [row[place] for row in rows] for table, rows in parts for place in range(len(table.c))
    }
    connection.execute(_insert_together(tuple(table for table, _ in parts), connection.dialect), given)


@cache
def _insert_together(tables: tuple[sa.Table, ...], dialect: sa.Dialect) -> sa.TextClause:
    """Let PostgreSQL make rows of one array for each column: ``INSERT INTO … SELECT * FROM unnest(…)``."""
    inserts = []
    for table in tables:
        kinds = (column.type.compile(dialect) for column in table.c)
        arrays = ", ".join(f"CAST(:{table.name}_{place} AS {kind}[])" for place, kind in enumerate(kinds))
        names = ", ".join(dialect.identifier_preparer.format_column(column) for column in table.c)
        inserts.append(f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})")  # noqa: S608  our names
    *first, last = inserts
    parts = ", ".join(f"part_{place} AS ({insert})" for place, insert in enumerate(first))
    return sa.text(f"WITH {parts} {last}" if parts else last)


def add_up(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> Sequence[sa.Row[Any]]:
    """Hand the rows over as one array for each column."""
    given = {f"p{place}": [row[place] for row in rows] for place in range(len(table.c))}
    return connection.execute(_adding_up(table, connection.dialect), given).all()


@cache
def _adding_up(table: sa.Table, dialect: sa.Dialect) -> sa.TextualSelect:
    *keys, counter = (column.name for column in table.c)
    arrays = (f"CAST(:p{place} AS {column.type.compile(dialect)}[])" for place, column in enumerate(table.c))
    return sa.text(
        f"INSERT INTO {table.name} SELECT * FROM unnest({', '.join(arrays)}) "  # noqa: S608  our names
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {counter} = {table.name}.{counter} + excluded.{counter} "
        f"RETURNING {', '.join([*keys, counter])}"
    ).columns(*table.c)


def lock(connection: Connection, key: int) -> None:
    """Wait until no other transaction holds this key; given back at commit."""
    connection.execute(_LOCK, {"key": key})


_LOCK = sa.text("SELECT pg_advisory_xact_lock(CAST(:key AS bigint))")

_OTHERS = sa.text("""
    SELECT relname FROM pg_class
     WHERE relname = ANY(CAST(:tables AS text[])) AND relkind = 'r' AND pg_table_is_visible(oid)
       AND NOT pg_has_role(relowner, 'USAGE')
     ORDER BY relname
""")
"""VACUUM passes over tables of another owner, with a warning that nobody would see."""
