"""PostgreSQL: asyncpg under SQLAlchemy Core, functions run in greenlets."""

import copy
from collections.abc import Callable, Sequence
from functools import cache
from itertools import count
from typing import Any, Self, TypeVar

import asyncpg
import orjson
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from registry.core.config import Settings
from registry.core.db import Database, dumps, is_passing, unavailable_on_failure
from registry.core.reach import SECURED, Reach
from registry.core.secret_files import read_secret

T = TypeVar("T")


COPIED = 24
"""Rows from which on COPY is faster than one statement with an array for each column."""
LEAST_PASSWORD = 12
"""Bytes: nobody has to remember this one."""
WRITERS = 2
"""Connections for writes: the log's writer and one mutation, which the log's lock would make wait anyway."""


class PostgresqlDatabase(Database):
    """Two pools of asyncpg connections, so that reads that queue can't keep the log's writer waiting."""

    dialect = "postgresql"
    _reach = Reach.NOBODY

    def __init__(self, settings: Settings):
        url = sa.make_url(settings.database_url).set(drivername="postgresql+asyncpg")
        if settings.database_password_file:
            secret = read_secret(settings.database_password_file, field=settings.password_field, least=LEAST_PASSWORD)
            url = url.set(password=secret.decode())
        self.engine = _engine(url, settings, settings.pool_size)
        self._reading = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writing = _engine(url, settings, WRITERS)

    @property
    def asked(self) -> Self:
        """The same pools, for work whose first statement says who asks."""
        return self._reaching(Reach.ASKED)

    @property
    def keeper(self) -> Self:
        """The same pools, for what the node does by itself."""
        return self._reaching(Reach.KEEPER)

    def _reaching(self, reach: Reach) -> Self:
        other = copy.copy(self)
        other._reach = reach  # noqa: SLF001  one of us
        return other

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run without BEGIN and ROLLBACK: what an answer shows of a person comes from one statement."""
        with unavailable_on_failure():
            async with self._reading.connect() as connection:
                await _step(connection, self._reach, outlives=True)
                return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run in one transaction."""
        with unavailable_on_failure():
            async with self._writing.begin() as connection:
                await _step(connection, self._reach, outlives=False)
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


async def _step(connection: AsyncConnection, reach: Reach, *, outlives: bool) -> None:
    """See that a connection of the pool reaches no farther than it may, before its transaction begins.

    Most of the time it does as it stands: then nothing is said to the server. ``outlives`` says whether what the first
    statement of a request sets stays with the connection; what a transaction sets ends with it.
    """
    stands = connection.info.get(_STANDS, Reach.NOBODY)
    wanted = Reach.NOBODY if reach is Reach.ASKED else reach
    if stands is not reach and stands is not wanted:
        connection.info[_STANDS] = None  # not known until it is done
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection  # Any: asyncpg ships no types
            await driver.execute(f"SELECT set_config('registry.reach', '{wanted.value}', false)")
        except Exception as problem:  # whatever it was: nobody can say any more how far this one reaches
            await connection.invalidate(problem)
            raise ConnectionError("the connection is gone") from problem
        connection.info[_STANDS] = wanted
    if reach is Reach.ASKED and outlives:
        connection.info[_STANDS] = Reach.ASKED


_STANDS = "registry.reach"


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
    """COPY, which takes some ten times the rows of INSERT a second; PostgreSQL has none for tables with policies."""
    if table.info == SECURED:
        insert_together(connection, [(table, rows)])
        return
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
    """One statement for all: for each round trip of the log's writer, every answer waits a turn of a busy loop.

    Many rows are copied, a table at a time: a round trip costs less then than arrays do, on either side.
    """
    if any(len(rows) >= COPIED for _, rows in parts) and all(table.info != SECURED for table, _ in parts):
        for table, rows in parts:
            if rows:
                insert_many(connection, table, rows)
        return
    given = tuple(
        column for table, rows in parts
        for column in (map(list, zip(*rows, strict=True)) if rows else [[]] * len(table.c))
    )  # fmt: skip
    connection.exec_driver_sql(_insert_together(tuple(table for table, _ in parts), connection.dialect), given)


@cache
def _insert_together(tables: tuple[sa.Table, ...], dialect: sa.Dialect) -> str:
    """Let PostgreSQL make rows of one array for each column: ``INSERT INTO … SELECT * FROM unnest(…)``."""
    inserts, places = [], count(1)
    for table in tables:
        kinds = (column.type.compile(dialect) for column in table.c)
        arrays = ", ".join(f"CAST(${next(places)} AS {kind}[])" for kind in kinds)
        names = ", ".join(dialect.identifier_preparer.format_column(column) for column in table.c)
        inserts.append(f"INSERT INTO {table.name} ({names}) SELECT * FROM unnest({arrays})")  # noqa: S608  our names
    *first, last = inserts
    parts = ", ".join(f"part_{place} AS ({insert})" for place, insert in enumerate(first))
    return f"WITH {parts} {last}" if parts else last


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """Hand the rows over as one array for each column; return the places of those that are new."""
    given = {f"p{place}": [row[place] for row in rows] for place in range(len(table.c))}
    width = len(table.primary_key.columns)
    new = {tuple(row) for row in connection.execute(_inserting_new(table, connection.dialect), given)}
    return [place for place, row in enumerate(rows) if row[:width] in new]


@cache
def _inserting_new(table: sa.Table, dialect: sa.Dialect) -> sa.TextClause:
    arrays = (f"CAST(:p{place} AS {column.type.compile(dialect)}[])" for place, column in enumerate(table.c))
    keys = ", ".join(column.name for column in table.primary_key.columns)
    return sa.text(
        f"INSERT INTO {table.name} SELECT * FROM unnest({', '.join(arrays)}) ON CONFLICT DO NOTHING RETURNING {keys}"  # noqa: S608  our names
    )


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
     WHERE relname = ANY(CAST(:tables AS text[])) AND relkind IN ('r', 'p') AND pg_table_is_visible(oid)
       AND NOT pg_has_role(relowner, 'USAGE')
     ORDER BY relname
""")
"""VACUUM passes over tables of another owner, with a warning that nobody would see."""
