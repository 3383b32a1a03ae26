"""Migrations: up, down and up again, and then equal to the models, on both databases."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from auth import directory
from auth.models import clients
from registry import migrations
from registry.audit.commitments import commitment
from registry.audit.log import append
from registry.audit.models import entries, leaves
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Conflict, InputRefused, Unavailable
from registry.models import metadata
from tests.auth.tokens import pair
from tests.factories import concerning, entry, record, vetted
from tests.registers import owned
from tests.registry.audit.conftest import sign
from tests.servers import ENVIRONMENT, SUPERUSER, PostgresServer, binaries

pytestmark = pytest.mark.anyio

SCRIPTS = list(ScriptDirectory.from_config(migrations._config()).walk_revisions())
REVISIONS = [each.revision for each in reversed(SCRIPTS)]
BARE = ("migrating", "created")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/bare.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    server.drop_database(BARE[0])
    server.create_database(BARE[0])
    yield server.url(BARE[0]).replace("+asyncpg", "")
    server.drop_database(BARE[0])


@pytest.fixture
async def bare(bare_url: str) -> Any:
    opened = open_database(Settings(database_url=bare_url))
    yield opened
    await opened.close()


def tables(connection: Connection) -> set[str]:
    return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def leftovers(connection: Connection) -> list[Any]:
    """Return what stands in the database beside tables: triggers and functions."""
    if connection.dialect.name == "sqlite":
        return list(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    return list(
        connection.exec_driver_sql(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
            "UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
    )


# -- the scripts


def test_there_is_one_head_and_one_line_to_it() -> None:
    scripts = ScriptDirectory.from_config(migrations._config())

    assert scripts.get_heads() == [migrations.head()]
    assert [each.down_revision for each in reversed(SCRIPTS)] == [None, *REVISIONS[:-1]]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda each: each.revision)
def test_a_migration_is_named_by_its_moment_and_a_sentence(script: Any) -> None:
    name = Path(script.path).name

    assert re.fullmatch(r"20\d\d_(0[1-9]|1[0-2])_([0-2]\d|3[01])_([01]\d|2[0-3])[0-5]\d_[a-z]+(_[a-z]+)+\.py", name)
    assert script.doc.endswith(".")
    assert name.split("_", 4)[4].split("_")[0] == script.doc.split()[0].lower()


def test_moments_stand_in_the_order_of_the_line() -> None:
    moments = [Path(each.path).name[:15] for each in reversed(SCRIPTS)]

    assert all(earlier < later for earlier, later in pairwise(moments))


def test_what_comes_before_a_migration_is_known() -> None:
    assert migrations.before(None) == frozenset()
    assert migrations.before(REVISIONS[0]) == frozenset()
    assert migrations.before(REVISIONS[-1]) == frozenset(REVISIONS[:-1])


def test_alembic_is_not_run_past_the_program() -> None:
    """Its own command line knows neither settings nor secrets."""
    done = subprocess.run(
        [Path(sys.executable).parent / "alembic", "upgrade", "head"],
        cwd=migrations.FOLDER.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "registry migrate" in done.stderr


# -- up and down


async def test_up_down_and_up_again_by_single_steps(bare: Database) -> None:
    seen: list[set[str]] = [set()]
    for revision in REVISIONS:
        await migrations.upgrade(bare, revision)
        seen.append(await bare.read(tables))
        assert await bare.read(migrations.current) == revision

    assert seen[-1] == set(metadata.tables)
    for revision, expected in zip([*reversed(REVISIONS[:-1]), "base"], reversed(seen[:-1]), strict=True):
        await migrations.downgrade(bare, revision)
        assert await bare.read(tables) == expected

    assert await bare.read(migrations.current) is None
    assert await bare.read(leftovers) == []
    await migrations.upgrade(bare)
    assert await bare.read(migrations.current) == migrations.head()
    assert await bare.read(tables) == set(metadata.tables)


async def test_a_register_that_is_up_to_date_is_left_alone(database: Database) -> None:
    await database.write(lambda connection: vetted(connection, record()))

    await migrations.upgrade(database)

    assert await database.read(migrations.current) == migrations.head()
    assert await database.read(
        lambda connection: connection.execute(sa.text("SELECT count(*) FROM profiles")).scalar()
    ) == 1  # fmt: skip


@pytest.mark.parametrize("move", [migrations.upgrade, migrations.downgrade])
async def test_a_revision_that_nobody_knows_is_refused(database: Database, move: Any) -> None:
    with pytest.raises(InputRefused) as caught:
        await move(database, "9999_nothing")

    assert caught.value.code == "REVISION_UNKNOWN"
    assert await database.read(migrations.current) == migrations.head()


def test_nothing_comes_before_a_revision_that_nobody_knows() -> None:
    with pytest.raises(InputRefused) as caught:
        migrations.before("9999_nothing")

    assert caught.value.code == "REVISION_UNKNOWN"


async def test_a_migration_that_fails_half_way_leaves_nothing(bare: Database) -> None:
    """SQLite too: DDL is part of the transaction there."""
    await migrations.upgrade(bare, REVISIONS[0])
    await bare.write(lambda connection: connection.exec_driver_sql("CREATE TABLE log_subjects (a INTEGER)").close())
    before = await bare.read(tables)

    with pytest.raises(Exception, match=r"(?i)already exists|does not answer"):
        await migrations.upgrade(bare)

    assert await bare.read(tables) == before
    assert await bare.read(migrations.current) == REVISIONS[0]


async def test_the_log_survives_the_move_of_what_stands_above_it(bare: Database) -> None:
    await migrations.upgrade(bare)
    await bare.write(lambda connection: append(connection, [concerning(UUID(int=1))]))

    await migrations.downgrade(bare, REVISIONS[1])
    await migrations.upgrade(bare)

    assert (
        await bare.read(lambda connection: connection.execute(sa.text("SELECT count(*) FROM log_entries")).scalar())
        == 1
    )


async def test_a_certificate_is_known_by_its_thumbprint_before_and_after_it_was_kept_whole(bare: Database) -> None:
    def enrol(connection: Connection) -> None:
        directory.enrol_agency(connection, "ke-invented", name="An invented agency", country="KE")
        kept = [{"thumbprint": "first", "subject": "CN=DEMO"}, {"thumbprint": "second"}]
        jwks = {"keys": [dict(pair().jwk)]}
        for client, those in (("with", kept), ("without", [])):
            directory.enrol_client(connection, client, "ke-invented", jwks=jwks, certificates=those)

    held = sa.select(clients.c.certificates).order_by(clients.c.id)
    await migrations.upgrade(bare)
    await bare.write(enrol)
    await migrations.downgrade(bare, "0019_hidden_record")
    older = await bare.read(lambda connection: connection.execute(held).scalars().all())
    await migrations.upgrade(bare)
    newer = await bare.read(lambda connection: connection.execute(held).scalars().all())

    assert older == [["first", "second"], []]
    assert newer == [[{"thumbprint": "first"}, {"thumbprint": "second"}], []]


async def test_entries_that_stood_there_get_leaves_in_their_order_that_hold(bare: Database) -> None:
    """More of them than are written at once; and what stands there stays closed."""
    await migrations.upgrade(bare)
    given = [concerning(UUID(int=1)), *(entry(request_id=str(number)) for number in range(1001))]
    await bare.write(lambda connection: append(connection, given))
    await migrations.downgrade(bare, "0020_certificates")
    await migrations.upgrade(bare)

    rows = await bare.read(lambda connection: connection.execute(sa.select(entries).order_by("index")).mappings().all())
    made = await bare.read(lambda connection: connection.execute(sa.select(leaves).order_by("index")).all())
    with pytest.raises(DBAPIError, match="insert-only"):
        await bare.write(lambda connection: connection.execute(entries.update().values(salt=None)))
    await bare.write(lambda connection: append(connection, [entry()]))

    assert [leaf[0] for leaf in made] == [row["index"] for row in rows] == list(range(1002))
    assert all(commitment(row, row["salt"]) == leaf.commitment for row, leaf in zip(rows, made, strict=True))
    assert len({leaf.at for leaf in made}) == 1
    assert len({row["salt"] for row in rows}) == 1002


async def test_a_log_that_has_been_signed_does_not_go_back_to_where_it_had_no_leaves(bare: Database) -> None:
    await migrations.upgrade(bare)
    await bare.write(lambda connection: append(connection, [entry()]))
    await bare.write(lambda connection: sign(connection, 1))

    with pytest.raises(Conflict) as refused:
        await migrations.downgrade(bare, "0020_certificates")

    assert refused.value.code == "LOG_SIGNED"
    assert await bare.read(migrations.current) == migrations.head()


async def test_a_register_that_holds_records_does_not_go_back_to_where_they_were_clear(
    database: Database, database_url: str
) -> None:
    await database.write(lambda connection: vetted(connection, record()))
    owner = open_database(Settings(database_url=owned(database_url)))

    with pytest.raises(Conflict) as refused:
        await migrations.downgrade(owner, REVISIONS[2])
    await owner.close()

    assert refused.value.code == "REGISTER_NOT_EMPTY"
    assert await database.read(migrations.current) == migrations.head()


# -- short locks


async def test_a_migration_does_not_wait_long_for_a_lock(both_urls: list[str]) -> None:
    """Whoever waits for a table's lock makes every query behind it wait."""
    url = owned(both_urls[1])
    holder, mover = (open_database(Settings(database_url=url, lock_seconds=30)) for _ in range(2))
    is_held, may_end = asyncio.Event(), asyncio.Event()

    def hold(connection: Connection) -> None:
        connection.exec_driver_sql("LOCK TABLE counters IN ACCESS SHARE MODE")
        is_held.set()
        connection.exec_driver_sql("SELECT pg_sleep(3)")
        may_end.set()

    holding = asyncio.create_task(holder.write(hold))
    await is_held.wait()

    with pytest.raises(Unavailable):
        await migrations.downgrade(mover, REVISIONS[1])

    assert not may_end.is_set()
    await holding
    assert await mover.read(migrations.current) == migrations.head()
    await holder.close()
    await mover.close()


# -- equal to the models


async def test_after_the_last_migration_the_schema_is_the_models(bare: Database) -> None:
    await migrations.upgrade(bare)

    def difference(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    assert await bare.read(difference) == []


async def test_sqlite_s_tables_are_those_that_the_models_create(tmp_path: Path) -> None:
    paths = [tmp_path / "migrated.db", tmp_path / "created.db"]
    migrated, created = (open_database(Settings(database_url=f"sqlite:///{path}")) for path in paths)
    await migrations.upgrade(migrated)
    await created.write(metadata.create_all)

    def shape(connection: Connection) -> dict[str, Any]:
        """Return what SQLite says of each table, its STRICT and WITHOUT ROWID included."""
        listed = connection.exec_driver_sql("PRAGMA table_list").all()
        return {
            row.name: (
                row.wr,
                row.strict,
                sorted(tuple(each) for each in connection.exec_driver_sql(f"PRAGMA table_xinfo({row.name})")),
                sorted(tuple(each)[2:] for each in connection.exec_driver_sql(f"PRAGMA foreign_key_list({row.name})")),
                sorted(tuple(each)[2:] for each in connection.exec_driver_sql(f"PRAGMA index_list({row.name})")),
                sorted(re.findall(r"CONSTRAINT (\w+)", _source(connection, row.name))),
            )
            for row in listed
            if row.schema == "main" and row.name in metadata.tables
        }

    shapes = [await each.read(shape) for each in (migrated, created)]

    assert shapes[0] == shapes[1]
    assert set(shapes[0]) == set(metadata.tables)
    assert all(strict for _, strict, *_ in shapes[0].values())
    for each in (migrated, created):
        await each.close()


def _source(connection: Connection, table: str) -> str:
    return str(
        connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar()
    )


async def test_postgresql_s_dump_is_that_of_what_the_models_create(postgres: PostgresServer) -> None:
    dumps = []
    for name in BARE:
        postgres.drop_database(name)
        postgres.create_database(name)
        database = open_database(Settings(database_url=postgres.url(name).replace("+asyncpg", "")))
        await (migrations.upgrade(database) if name == BARE[0] else database.write(metadata.create_all))
        await database.close()
        dumps.append(_dump(postgres, name))
        postgres.drop_database(name)

    only_migrated, only_created = dumps[0] - dumps[1], dumps[1] - dumps[0]

    assert only_created == set()
    functions = ("plpgsql", "insert_only", "FUNCTION public.hidden_record", "FUNCTION public.log_", "log_partitions")
    not_of_models = ("alembic_version", *functions, "ROW LEVEL SECURITY", "CREATE POLICY reach")
    assert all(any(word in each for word in not_of_models) for each in only_migrated)
    assert any("CREATE TRIGGER" in each for each in only_migrated)


def _dump(server: PostgresServer, name: str) -> set[str]:
    """Return the statements that would make this schema."""
    command = [str(binaries() / "pg_dump"), "--schema-only", "--no-owner", *server._address(), "-U", SUPERUSER, name]
    said = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if line and not line.startswith(("--", "\\"))]
    whole = re.sub(r"\$\$.*?\$\$", lambda body: body[0].replace(";\n", "; "), "\n".join(lines), flags=re.DOTALL)
    return {each.strip().rstrip(";") for each in whole.split(";\n")}
