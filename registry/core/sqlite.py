"""SQLite: one writer and two readers, each a thread with its own connection.

WAL lets readers go on while one writes; ``synchronous = FULL`` makes a commit durable
before it returns, which the log relies on. ``secure_delete`` writes zeros over what is
deleted or replaced, which erasure relies on.
"""

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from sqlite3 import Connection as DriverConnection
from threading import Event
from time import monotonic
from typing import Any, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import sqlite

from registry.core.config import Settings
from registry.core.db import Database, dumps, unavailable_on_failure
from registry.core.errors import Unavailable

T = TypeVar("T")
_STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds."""
READERS = 2
"""More readers than cores only wait for each other."""
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-65536")


class SqliteDatabase(Database):
    """An embedded register."""

    dialect = "sqlite"

    def __init__(self, settings: Settings):
        url = sa.make_url(settings.database_url)
        _make_private(Path(url.database or ""))
        self.writer = _engine(url, settings, begin="BEGIN IMMEDIATE", read_only=False)
        reader = _engine(url, settings, begin="BEGIN", read_only=True)
        self.reader = reader.execution_options(deadline=settings.statement_seconds)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-reader")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run on a reader thread, in one snapshot."""
        return await _in_thread(self._reading, self.reader, work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run on the writer thread, in one transaction."""
        return await _in_thread(self._writing, self.writer, work)

    async def empty_log(self) -> bool:
        """Bring the write-ahead log into the file and empty it; False while somebody still reads what stood before."""
        return await asyncio.get_running_loop().run_in_executor(self._writing, self._empty_log)

    def _empty_log(self) -> bool:
        connection = self.writer.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy: Any = cursor.fetchone()  # one row: busy, frames in the log, frames brought into the file
            return not busy[0]
        finally:
            connection.close()

    async def close(self) -> None:
        """Let the threads finish, then close."""
        self._writing.shutdown()
        self._reading.shutdown()
        self.reader.dispose()
        self.writer.dispose()


async def _in_thread(threads: ThreadPoolExecutor, engine: Engine, work: Callable[[Connection], T]) -> T:
    given_up = Event()
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, _run, engine, work, given_up)
    except asyncio.CancelledError:
        given_up.set()
        raise


def _make_private(file: Path) -> None:
    """Make the register's file so that only its owner can read it; what SQLite lays beside it inherits that."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _run(engine: Engine, work: Callable[[Connection], T], given_up: Event) -> T:
    with unavailable_on_failure(), engine.begin() as connection:
        if engine.get_execution_options().get("deadline"):
            until = monotonic() + engine.get_execution_options()["deadline"]
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(lambda: given_up.is_set() or monotonic() > until, _STEPS)
        answer = work(connection)
        if given_up.is_set():  # a thread can't be cancelled, but what nobody waits for must not be committed
            raise Unavailable("Nobody waits for this any more.")
        return answer


def _engine(url: sa.URL, settings: Settings, *, begin: str, read_only: bool) -> Engine:
    engine = sa.create_engine(
        url,
        pool_size=READERS if read_only else 1,
        max_overflow=0,
        poolclass=sa.QueuePool,
        pool_timeout=settings.pool_seconds,
        hide_parameters=True,  # an error's text may reach a log; values are people's data
        json_serializer=dumps,
        json_deserializer=orjson.loads,
        connect_args={"check_same_thread": False, "timeout": settings.lock_seconds, "isolation_level": None},
    )

    def connect(driver: DriverConnection, _record: object) -> None:
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        driver.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", start)
    return engine


def insert_many(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert with one prepared statement."""
    connection.exec_driver_sql(_insert(table), list(rows))


def insert_together(connection: Connection, parts: Sequence[tuple[sa.Table, Sequence[tuple[Any, ...]]]]) -> None:
    """One after the other: there is no way to go."""
    for table, rows in parts:
        if rows:
            insert_many(connection, table, rows)


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> list[int]:
    """One by one: there is no way to go, and no array of bytes to hand over. Return the places of the new ones."""
    statement = f"{_insert(table)} ON CONFLICT DO NOTHING"
    return [place for place, row in enumerate(rows) if connection.exec_driver_sql(statement, row).rowcount == 1]


def add_up(connection: Connection, table: sa.Table, rows: Sequence[tuple[Any, ...]]) -> Sequence[sa.Row[Any]]:
    """Hand the rows over as one JSON text."""
    return connection.execute(_adding_up(table), {"rows": dumps(rows)}).all()


@cache
def _adding_up(table: sa.Table) -> sa.TextualSelect:
    *keys, counter = (column.name for column in table.c)
    values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(table.c)))
    return sa.text(
        f"INSERT INTO {table.name} SELECT {values} FROM json_each(:rows) WHERE true "  # noqa: S608  our names
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {counter} = {table.name}.{counter} + excluded.{counter} "
        f"RETURNING {', '.join([*keys, counter])}"
    ).columns(*table.c)


@cache
def _insert(table: sa.Table) -> str:
    return str(table.insert().compile(dialect=sqlite.dialect()))


def lock(_connection: Connection, _key: int) -> None:
    """Nothing to do: BEGIN IMMEDIATE already holds the only writer's place."""
