"""What every test may ask for: an event loop, and a fresh register on each database."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings as hypothesis_settings

from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.models import metadata
from tests.registers import migrated, new_register
from tests.servers import APP, SUPERUSER, PostgresServer, postgres_server

NAME = "register"

# Time is no property of what is generated: other workers share the cores.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests marked ``anyio`` run on asyncio, as the server does."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for this worker of the suite."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_url(postgres: PostgresServer) -> str:
    """The address of a database that holds every table."""

    return asyncio.run(new_register(postgres, NAME))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds every table and no row."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrated(f"sqlite:///{path}"))
    return path


def _fresh_sqlite(request: pytest.FixtureRequest) -> str:
    path = request.getfixturevalue("tmp_path") / "register.db"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def _fresh_postgresql(request: pytest.FixtureRequest) -> str:
    """Empty every table: a hundred times faster than a new database. Of a few rows, DELETE is faster than TRUNCATE."""
    url: str = request.getfixturevalue("postgresql_url")
    powerful = url.replace(f"{APP}@", f"{SUPERUSER}@")

    async def empty() -> None:
        connection = await asyncpg.connect(powerful)
        try:
            await connection.execute("SET session_replication_role = replica")  # the log's triggers would refuse
            await connection.execute("; ".join(f"DELETE FROM {table}" for table in metadata.tables))  # noqa: S608  our own names
        finally:
            await connection.close()

    asyncio.run(empty())
    return url


_FRESH: dict[str, Callable[[pytest.FixtureRequest], str]] = {
    "sqlite": _fresh_sqlite,
    "postgresql": _fresh_postgresql,
}


@pytest.fixture(params=list(_FRESH))
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a register with every table and no row, once for each kind of database."""
    return _FRESH[request.param](request)


@pytest.fixture
def both_urls(request: pytest.FixtureRequest) -> list[str]:
    """Return the addresses of two fresh registers, one of each kind, for a test that compares them."""
    return [fresh(request) for fresh in _FRESH.values()]


@pytest.fixture
async def database(database_url: str, anyio_backend: str) -> AsyncIterator[Database]:  # noqa: ARG001  brings the loop
    """A fresh register, open, as the node itself reaches it: whom it shows to whom is asked over HTTP."""
    opened = open_database(Settings(database_url=database_url))
    yield opened.keeper
    await opened.close()
