"""Reads and writes on both databases: what is durable, what is undone, and what a silent database becomes."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc
from sqlalchemy.util import await_only

from auth.models import agencies, replays
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database, dumps, unavailable_on_failure
from registry.core.engines import insert_many, lock, open_database
from registry.core.errors import InputRefused, Unavailable
from registry.core.postgresql import PostgresqlDatabase
from registry.core.sqlite import SqliteDatabase
from registry.profiles.models import counters
from tests.servers import PostgresServer, postgres_server

pytestmark = pytest.mark.anyio
AGENCY = {"code": "ke-invented", "name": "An invented agency", "country": "KE"}


def add(connection: Connection) -> None:
    connection.execute(agencies.insert(), AGENCY)


def saying(sql: str) -> Callable[[Connection], None]:
    def say(connection: Connection) -> None:
        connection.exec_driver_sql(sql)

    return say


def count(connection: Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(agencies)).scalar_one()


async def test_what_is_written_can_be_read(database: Database) -> None:
    await database.write(add)

    assert await database.read(count) == 1


async def test_what_is_written_is_there_for_whoever_opens_the_register_next(
    database: Database, database_url: str
) -> None:
    await database.write(add)

    other = open_database(Settings(database_url=database_url))
    assert await other.read(count) == 1
    await other.close()


async def test_an_exception_undoes_everything(database: Database) -> None:
    def fail(connection: Connection) -> None:
        add(connection)
        raise InputRefused("is wrong.")

    with pytest.raises(InputRefused):
        await database.write(fail)

    assert await database.read(count) == 0


async def test_what_nobody_waits_for_any_more_is_undone(database: Database) -> None:
    """A request that took too long is told so; then it must not happen after all."""
    has_begun = threading.Event()
    seconds = "SELECT pg_sleep(0.2)" if database.dialect == "postgresql" else None

    def slow(connection: Connection) -> None:
        add(connection)
        has_begun.set()
        if seconds:
            connection.exec_driver_sql(seconds)
        else:
            time.sleep(0.2)

    writing = asyncio.create_task(database.write(slow))
    await asyncio.to_thread(has_begun.wait, 10)
    writing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await database.write(count) == 0


async def test_an_error_of_the_statement_is_no_silence_of_the_database(database: Database) -> None:
    await database.write(add)

    with pytest.raises(exc.IntegrityError):
        await database.write(add)

    assert await database.read(count) == 1


async def test_a_read_on_sqlite_cannot_write(tmp_path: Path) -> None:
    database = open_database(Settings(database_url=f"sqlite:///{tmp_path}/new/folder/r.db"))
    await database.write(saying("CREATE TABLE one (a TEXT) STRICT"))

    with pytest.raises(Unavailable):
        await database.read(lambda connection: connection.exec_driver_sql("INSERT INTO one VALUES ('a')"))

    assert await database.read(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM one").scalar()) == 0
    await database.close()


async def test_a_read_on_sqlite_sees_one_state_from_beginning_to_end(tmp_path: Path) -> None:
    database = open_database(Settings(database_url=f"sqlite:///{tmp_path}/r.db"))
    await database.write(saying("CREATE TABLE one (a TEXT) STRICT"))
    has_read, has_written = threading.Event(), threading.Event()

    def twice(connection: Connection) -> tuple[Any, Any]:
        first = connection.exec_driver_sql("SELECT count(*) FROM one").scalar()
        has_read.set()
        assert has_written.wait(10)
        return first, connection.exec_driver_sql("SELECT count(*) FROM one").scalar()

    reading = asyncio.create_task(database.read(twice))
    await asyncio.to_thread(has_read.wait, 10)
    await database.write(saying("INSERT INTO one VALUES ('a')"))
    has_written.set()

    assert await reading == (0, 0)
    await database.close()


async def test_the_loop_goes_on_while_a_statement_runs(database: Database) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000000) SELECT max(i) FROM n",
        "postgresql": "SELECT pg_sleep(0.2)",
    }[database.dialect]
    ticks = 0

    running = asyncio.create_task(database.read(saying(slow)))
    while not running.done():
        await asyncio.sleep(0.001)
        ticks += 1

    await running
    assert ticks > 5


async def test_many_readers_and_one_writer_all_finish(database: Database) -> None:
    await database.write(add)

    answers = await asyncio.gather(*[database.read(count) for _ in range(40)], database.write(count))

    assert answers == [1] * 41


async def test_a_lock_lets_one_transaction_in_at_a_time(database: Database, database_url: str) -> None:
    other = open_database(Settings(database_url=database_url))
    inside = most = 0
    guard = threading.Lock()

    def enter(connection: Connection) -> None:
        nonlocal inside, most
        lock(connection, 4711)
        with guard:
            inside += 1
            most = max(most, inside)
        connection.execute(sa.select(sa.func.count()).select_from(agencies))
        time.sleep(0.005)
        connection.execute(sa.select(sa.func.count()).select_from(agencies))
        with guard:
            inside -= 1

    await asyncio.gather(*[each.write(enter) for _ in range(4) for each in (database, other)])

    assert (inside, most) == (0, 1)
    await other.close()


# -- inserting many


async def test_inserting_many_is_the_same_as_inserting_one_by_one(database: Database) -> None:
    moment = now()
    rows = [(f"ke-{number}", "An invented agency\t\\N", "KE", moment if number % 2 else None) for number in range(300)]

    def insert(connection: Connection) -> tuple[list[Any], list[Any]]:
        insert_many(connection, agencies, rows)
        at_once = connection.execute(sa.select(agencies).order_by(agencies.c.code)).all()
        connection.execute(agencies.delete())
        for row in rows:
            connection.execute(agencies.insert().values(row))
        return list(at_once), list(connection.execute(sa.select(agencies).order_by(agencies.c.code)).all())

    at_once, one_by_one = await database.write(insert)

    assert at_once == one_by_one
    assert len(at_once) == 300


async def test_inserting_nothing_is_no_statement(database: Database) -> None:
    await database.write(lambda connection: insert_many(connection, agencies, []))

    assert await database.read(count) == 0


async def test_rows_of_another_width_are_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="argument"):
        await database.write(lambda connection: insert_many(connection, agencies, [("ke-invented", "A name")]))


async def test_inserting_many_is_undone_like_everything_else(database: Database) -> None:
    def fail(connection: Connection) -> None:
        insert_many(connection, replays, [(bytes([number]), now()) for number in range(200)])
        raise InputRefused("is wrong.")

    with pytest.raises(InputRefused):
        await database.write(fail)

    def left(connection: Connection) -> int:
        return connection.execute(sa.select(sa.func.count()).select_from(replays)).scalar_one()

    assert await database.read(left) == 0


async def test_a_row_that_is_there_already_refuses_all_of_them(database: Database) -> None:
    row = (b"digest", now())

    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.write(lambda connection: insert_many(connection, replays, [row, row]))

    await database.write(lambda connection: insert_many(connection, replays, [row]))


# -- a database that does not answer


def test_json_is_written_without_white_space() -> None:
    assert dumps({"name": "Wanjikũ", "year": 1984}) == '{"name":"Wanjikũ","year":1984}'


@pytest.mark.parametrize(
    "silence",
    [
        exc.TimeoutError("pool"),
        exc.OperationalError("SELECT 1", None, sqlite3.OperationalError("locked")),
        exc.InterfaceError("SELECT 1", None, Exception("closed")),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
    ids=lambda each: type(each).__name__,
)
def test_silence_of_the_database_means_try_again_later(silence: Exception) -> None:
    with pytest.raises(Unavailable) as caught, unavailable_on_failure():
        raise silence

    assert caught.value.remedy
    assert caught.value.__cause__ is silence


class StateError(Exception):
    """What a driver raises, with PostgreSQL's code for it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize("sqlstate", ["57014", "57P01", "57P03", "55P03", "40001", "40P01", "53300", "53100", "08006"])
def test_states_that_pass_mean_try_again_later(sqlstate: str) -> None:
    with pytest.raises(Unavailable), unavailable_on_failure():
        raise exc.DBAPIError("SELECT 1", None, StateError(sqlstate))


def test_a_statement_that_has_had_its_time_is_no_silence_of_the_database() -> None:
    interrupted = sqlite3.OperationalError("interrupted")
    interrupted.sqlite_errorcode = sqlite3.SQLITE_INTERRUPT
    told = []
    for problem in (
        exc.DBAPIError("SELECT 1", None, StateError("57014")),
        exc.OperationalError("SELECT 1", None, interrupted),
        exc.OperationalError("SELECT 1", None, sqlite3.OperationalError("locked")),
    ):
        with pytest.raises(Unavailable) as caught, unavailable_on_failure():
            raise problem
        told.append(caught.value.code)

    assert told == ["TIMEOUT", "TIMEOUT", "UNAVAILABLE"]


@pytest.mark.parametrize("problem", [exc.DBAPIError("SELECT 1", None, StateError("23505")), ValueError("ours")])
def test_every_other_error_stays_what_it_is(problem: Exception) -> None:
    with pytest.raises(type(problem)), unavailable_on_failure():
        raise problem


async def test_an_sqlite_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    database = open_database(Settings(database_url=f"sqlite:///{tmp_path}"))

    for use in (database.read, database.write):
        with pytest.raises(Unavailable):
            await use(count)
    await database.close()


async def test_an_sqlite_file_that_another_holds_is_unavailable_after_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "r.db"
    database = open_database(Settings(database_url=f"sqlite:///{path}", lock_seconds=0.05))
    await database.write(saying("CREATE TABLE one (a TEXT) STRICT"))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable):
        await database.write(saying("INSERT INTO one VALUES ('a')"))

    holder.execute("ROLLBACK")
    holder.close()
    await database.write(saying("INSERT INTO one VALUES ('a')"))
    await database.close()


def quick(url: str, **changes: Any) -> Database:  # Any: any setting
    return open_database(Settings(database_url=url, **changes))


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """A server that a test may kill."""
    with postgres_server() as server:
        yield server


async def test_a_server_that_died_is_unavailable_and_used_again_when_it_is_back(own_server: PostgresServer) -> None:
    database = quick(own_server.url("postgres").replace("+asyncpg", ""))
    one: Callable[[Connection], Any] = lambda connection: connection.exec_driver_sql("SELECT 1").scalar()  # noqa: E731
    assert await database.read(one) == 1
    assert await database.write(one) == 1

    own_server.kill()
    for use in (database.read, database.write):
        with pytest.raises(Unavailable):
            await use(one)
    own_server.start()

    for _ in range(20):
        try:
            answers = [await database.read(one), await database.write(one)]
            break
        except Unavailable:
            await asyncio.sleep(0.05)
    assert answers == [1, 1]
    await database.close()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = quick("postgresql://registry@127.0.0.1:1/register", pool_seconds=0.5)

    with pytest.raises(Unavailable):
        await database.read(count)
    await database.close()


async def test_a_pool_without_a_free_connection_is_unavailable_after_the_wait(postgresql_url: str) -> None:
    database = quick(postgresql_url, pool_size=1, pool_seconds=0.1)
    holding = asyncio.create_task(database.read(saying("SELECT pg_sleep(0.5)")))
    await asyncio.sleep(0.1)

    with pytest.raises(Unavailable):
        await database.read(count)

    await holding
    await database.close()


async def test_a_statement_that_runs_too_long_is_unavailable(postgresql_url: str) -> None:
    database = quick(postgresql_url, statement_seconds=0.05)

    with pytest.raises(Unavailable):
        await database.read(saying("SELECT pg_sleep(5)"))
    await database.close()


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


async def test_a_read_that_takes_too_long_is_unavailable_on_sqlite_too(tmp_path: Path) -> None:
    database = quick(f"sqlite:///{tmp_path}/r.db", statement_seconds=0.05)
    await database.write(saying("CREATE TABLE one (a TEXT) STRICT"))

    for _ in range(3):  # more often than there are readers: each is given back
        with pytest.raises(Unavailable):
            await database.read(saying(ENDLESS))

    await database.read(saying("SELECT * FROM one"))
    await database.close()


async def test_a_read_that_nobody_waits_for_ends_and_gives_its_reader_back(tmp_path: Path) -> None:
    database = quick(f"sqlite:///{tmp_path}/r.db", statement_seconds=60)
    await database.write(saying("CREATE TABLE one (a TEXT) STRICT"))

    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await database.read(saying(ENDLESS))

    await database.read(saying("SELECT * FROM one"))
    await database.close()


async def test_only_its_owner_reads_the_files_of_a_register(tmp_path: Path) -> None:
    def modes() -> dict[str, int]:
        return {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}

    database = quick(f"sqlite:///{tmp_path}/r.db")
    await database.write(saying("CREATE TABLE one (a TEXT) STRICT"))

    found = modes()

    assert found["r.db"] == 0o600
    assert set(found.values()) == {0o600}
    await database.close()


async def test_a_lock_that_another_holds_is_unavailable_after_the_wait(postgresql_url: str) -> None:
    holder, waiter = quick(postgresql_url), quick(postgresql_url, lock_seconds=0.05)
    key = 815
    is_held, may_end = asyncio.Event(), asyncio.Event()

    def hold(connection: Connection) -> None:
        lock(connection, key)
        is_held.set()
        connection.exec_driver_sql("SELECT pg_sleep(0.4)")
        may_end.set()

    holding = asyncio.create_task(holder.write(hold))
    await is_held.wait()
    with pytest.raises(Unavailable):
        await waiter.write(lambda connection: lock(connection, key))

    await holding
    assert may_end.is_set()
    await waiter.write(lambda connection: lock(connection, key))
    await holder.close()
    await waiter.close()


async def test_a_table_that_another_locks_is_unavailable_also_for_many_rows(postgresql_url: str) -> None:
    """COPY goes past SQLAlchemy, so its errors must be told like any other's."""
    holder, waiter = quick(postgresql_url), quick(postgresql_url, lock_seconds=0.05)
    is_held = asyncio.Event()

    def hold(connection: Connection) -> None:
        connection.exec_driver_sql("LOCK TABLE replays IN ACCESS EXCLUSIVE MODE")
        is_held.set()
        connection.exec_driver_sql("SELECT pg_sleep(0.4)")

    holding = asyncio.create_task(holder.write(hold))
    await is_held.wait()
    with pytest.raises(Unavailable):
        await waiter.write(lambda connection: insert_many(connection, replays, [(b"x", now())]))

    await holding
    await holder.close()
    await waiter.close()


async def test_a_connection_that_is_ended_while_rows_are_copied_is_unavailable(postgresql_url: str) -> None:
    database, other = quick(postgresql_url, pool_size=1), quick(postgresql_url)

    async def end() -> None:
        def others(connection: Connection) -> None:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        await other.write(others)

    def copy(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT 1")
        await_only(end())
        insert_many(connection, replays, [(b"x", now())])

    with pytest.raises(Unavailable):
        await database.write(copy)

    def add_and_clear(connection: Connection) -> int:
        insert_many(connection, replays, [(b"x", now())])
        return connection.execute(replays.delete().where(replays.c.digest == b"x")).rowcount

    assert await database.write(add_and_clear) == 1
    await database.close()
    await other.close()


async def test_a_value_that_no_column_takes_is_no_silence_of_the_database(database: Database) -> None:
    def add_much(connection: Connection) -> None:
        insert_many(connection, counters, [("profiles", 2**63)])

    with pytest.raises((ValueError, OverflowError)):
        await database.write(add_much)


async def test_a_password_comes_from_its_file(tmp_path: Path, postgresql_url: str) -> None:
    path = tmp_path / "password"
    path.write_text("p@ss/word:1-long\n", encoding="utf-8")
    path.chmod(0o600)

    database = quick(postgresql_url, database_password_file=str(path))

    assert isinstance(database, PostgresqlDatabase)
    assert database.engine.url.password == "p@ss/word:1-long"
    assert "p@ss" not in str(database.engine.url) + repr(database.engine)
    await database.close()


@pytest.mark.parametrize("named", ["database_password_file", "migration_password_file"])
def test_a_short_password_is_refused_by_the_setting_that_names_its_file(tmp_path: Path, named: str) -> None:
    path = tmp_path / "password"
    path.write_text("short", encoding="utf-8")
    path.chmod(0o600)
    address = "postgresql://registry_owner@db.example.org/register"
    settings = Settings(database_url=address, migration_url=address, **{named: str(path)})  # type: ignore[arg-type]  # a name of either

    with pytest.raises(InputRefused) as refused:
        open_database(settings.migrating if named == "migration_password_file" else settings)

    assert refused.value.field == named


async def test_each_address_opens_its_kind_of_database(tmp_path: Path, postgresql_url: str) -> None:
    sqlite, postgresql = quick(f"sqlite:///{tmp_path}/r.db"), quick(postgresql_url)

    assert isinstance(sqlite, SqliteDatabase)
    assert isinstance(postgresql, PostgresqlDatabase)
    assert (sqlite.dialect, postgresql.dialect) == ("sqlite", "postgresql")
    await sqlite.close()
    await postgresql.close()


async def test_errors_of_statements_do_not_repeat_a_person_s_data(database: Database) -> None:
    await database.write(add)

    with pytest.raises(exc.IntegrityError) as caught:
        await database.write(add)

    assert AGENCY["name"] not in str(caught.value)
