"""What deleted rows leave behind: zeros in SQLite, an empty write-ahead log, and dead rows no more in PostgreSQL."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import clear, open_database
from registry.profiles.models import counters
from tests.registers import owned

pytestmark = pytest.mark.anyio
MARK = "zqx-invented-counter"
TABLES = ["counters"]


def come_and_go(connection: Connection) -> None:
    """Insert rows and delete every other one."""
    rows = [{"name": f"{MARK}-{number:04}", "value": number} for number in range(1000)]
    connection.execute(counters.insert(), rows)
    connection.execute(counters.delete().where(counters.c.value % 2 == 0))


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def test_what_is_deleted_is_gone_from_sqlites_files_once_they_are_cleared(
    database: Database, database_url: str
) -> None:
    if database.dialect != "sqlite":
        return
    await database.write(come_and_go)
    assert await clear(database, TABLES) is None

    content = file_of(database_url).read_bytes()

    assert file_of(f"{database_url}-wal").read_bytes() == b""
    assert f"{MARK}-0001".encode() in content
    assert not [number for number in range(0, 1000, 2) if f"{MARK}-{number:04}".encode() in content]


async def test_who_still_reads_what_stood_before_is_told_of(database: Database, database_url: str) -> None:
    """The write-ahead log is theirs until they have done."""
    if database.dialect != "sqlite":
        return
    await database.write(come_and_go)
    reader = sqlite3.connect(file_of(database_url), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM counters").fetchall()
    await database.write(lambda connection: connection.execute(counters.delete()).rowcount)

    told = await clear(database, TABLES)
    reader.close()

    assert told is not None
    assert "Another process reads" in told
    assert await clear(database, TABLES) is None


async def test_dead_rows_of_postgresql_are_freed_by_their_owner_without_a_limit_of_time(postgresql_url: str) -> None:
    owner = open_database(Settings(database_url=owned(postgresql_url)))
    await owner.write(lambda connection: connection.execute(counters.delete()).rowcount)
    await owner.write(come_and_go)

    for rewrite in (False, True):
        assert await clear(owner, TABLES, rewrite=rewrite) is None

    limit = await owner.read(lambda connection: connection.execute(sa.text("SHOW statement_timeout")).scalar_one())
    assert limit == "5s"
    await owner.close()


async def test_tables_of_another_owner_are_told_of(postgresql_url: str) -> None:
    """PostgreSQL would pass over them with a warning that nobody sees."""
    application = open_database(Settings(database_url=postgresql_url))

    told = [await clear(application, ["counters", "profiles"], rewrite=rewrite) for rewrite in (False, True)]
    await application.close()

    assert told == [
        "Let the tables' owner run: VACUUM (INDEX_CLEANUP ON) counters, profiles",
        "Let the tables' owner run: VACUUM (FULL) counters, profiles",
    ]
