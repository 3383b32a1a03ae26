"""The PostgreSQL that the other tests rely on is private, durable, and gone afterwards."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.servers import PostgresServer, postgres_server


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A folder that another account may pass through, as pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def ask(server: PostgresServer, database: str, *statements: str) -> object:
    """Run statements in one session and return the last one's value."""

    async def session() -> object:
        connection = await asyncpg.connect(server.url(database).replace("+asyncpg", ""), timeout=10)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(session())


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_created_database_answers(server: PostgresServer) -> None:
    server.create_database("answers")

    assert ask(server, "answers", "select 1") == 1


def test_a_database_can_be_copied_from_a_template(server: PostgresServer) -> None:
    server.create_database("migrated")
    ask(server, "migrated", "create table profiles (id int)", "insert into profiles values (7)")

    server.create_database("copied", template="migrated")

    assert ask(server, "copied", "select id from profiles") == 7


def test_a_dropped_database_is_gone_and_dropping_twice_is_no_error(server: PostgresServer) -> None:
    server.create_database("dropped")

    server.drop_database("dropped")
    server.drop_database("dropped")

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        ask(server, "dropped", "select 1")


def test_a_database_that_exists_is_not_created_again(server: PostgresServer) -> None:
    server.create_database("twice")

    with pytest.raises(RuntimeError, match="already exists"):
        server.create_database("twice")


def test_it_listens_on_loopback_only_and_keeps_what_it_acknowledged(server: PostgresServer) -> None:
    assert ask(server, "postgres", "show listen_addresses") == "127.0.0.1"
    assert ask(server, "postgres", "show fsync") == "on"
    assert ask(server, "postgres", "show synchronous_commit") == "on"


def test_what_was_committed_survives_a_kill(server: PostgresServer) -> None:
    server.create_database("killed")
    ask(server, "killed", "create table entries (id int)", "insert into entries values (1)")

    server.kill()
    server.restart()

    assert ask(server, "killed", "select count(*) from entries") == 1


def test_variables_meant_for_another_cluster_are_not_obeyed(server: PostgresServer) -> None:
    elsewhere = "import os; os.environ.update(PGHOST='elsewhere', PGPORT='1', PGUSER='nobody'); "
    start = "from tests.servers import postgres_server\nwith postgres_server() as s: "
    use = "s.create_database('a'); print(s.port)"

    done = subprocess.run([sys.executable, "-c", elsewhere + start + use], capture_output=True, text=True, check=True)

    assert int(done.stdout) != server.port


def test_settings_are_postgresqls_own() -> None:
    with postgres_server(work_mem="9MB", max_connections=17) as own:
        assert ask(own, "postgres", "show work_mem") == "9MB"
        assert ask(own, "postgres", "show max_connections") == "17"


def test_a_setting_it_does_not_know_is_shown_at_once() -> None:
    with pytest.raises(RuntimeError, match="unrecognized configuration parameter"), postgres_server(no_such_thing="1"):
        pass


def test_a_port_that_another_took_is_left_to_them(server: PostgresServer, open_directory: Path) -> None:
    own = PostgresServer(data=open_directory / "data", home=open_directory / "home", port=server.port)
    own.initialise()

    own.start()

    try:
        assert own.port != server.port
        assert ask(own, "postgres", "show port") == str(own.port)
    finally:
        own.stop_at_once()


def test_data_in_a_named_directory_is_found_the_next_time(open_directory: Path) -> None:
    with postgres_server(open_directory / "kept") as first:
        first.create_database("kept")

    with postgres_server(open_directory / "kept") as second:
        assert ask(second, "kept", "select 1") == 1


def test_nothing_is_left_behind() -> None:
    with postgres_server() as own:
        home = own.home
        pid = int(own.data.joinpath("postmaster.pid").read_text().split()[0])

    assert not is_running(pid)
    assert not home.exists()


def test_a_server_does_not_outlive_a_process_that_is_killed() -> None:
    start = "import time; from tests.servers import postgres_server\n"
    hold = "with postgres_server() as s: print(s.home, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", start + hold], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        home = Path(process.stdout.readline().strip())
        pid = int((home / "data" / "postmaster.pid").read_text().split()[0])

        process.send_signal(signal.SIGKILL)
        process.wait()

    deadline = time.monotonic() + 10
    while (is_running(pid) or home.exists()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(pid)
    assert not home.exists()
