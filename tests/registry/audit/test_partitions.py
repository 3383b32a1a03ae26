"""PostgreSQL keeps the log in partitions: made ahead, let go whole, and no question is slower or refused for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from registry import health
from registry.audit import erasures, partitions, retention
from registry.audit.erasures import Order
from registry.audit.models import entries
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.notary import bodies
from tests.registers import new_register, owned
from tests.registry.notary.conftest import NOW, Desk, at_desk
from tests.servers import PostgresServer

pytestmark = pytest.mark.anyio
NAME = "partitioned"
WIDTH = 4
ORDER = Order(None, "DEMO retention", "audit retain")


@dataclass
class Apart:
    """A register whose partitions hold four entries each, its notary, and the tables' owner."""

    desk: Desk
    owner: Database

    async def names(self) -> list[str]:
        """Return the partitions but for the default one."""
        return [part.name.removeprefix("log_partitions.") for part in await self.owner.read(partitions.parts)]

    async def retained(self, count: int) -> int:
        """Let the first entries go as far as they fill partitions; return how many went."""
        plan = await self.owner.write(lambda connection: retention.planned(connection, NOW + timedelta(days=1), count))
        for part in plan.parts:
            runs = await self.owner.write(partial(retention.runs_of, part=part))
            await self.owner.write(
                partial(retention.let_go_part, part=part, runs=runs, order=ORDER, clock=lambda: self.desk.at)
            )
        return len(plan.parts)


def executed(statement: sa.Executable, connection: Connection) -> None:
    """Execute a statement."""
    connection.execute(statement)


def narrow(connection: Connection) -> None:
    """Make partitions of four."""
    for part in partitions.parts(connection):
        connection.exec_driver_sql(f"ALTER TABLE log_entries DETACH PARTITION {part.name}")
        if part.first:
            connection.exec_driver_sql(f"DROP TABLE {part.name}")
    connection.exec_driver_sql(
        f"ALTER TABLE log_entries ATTACH PARTITION log_partitions.entries_0 FOR VALUES FROM (0) TO ({WIDTH})"
    )
    partitions.keep_ahead(connection)


@pytest.fixture
async def apart(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, anyio_backend: str  # noqa: ARG001  brings the loop
) -> AsyncIterator[Apart]:  # fmt: skip
    """Such a register."""
    postgres.drop_database(NAME)
    url = await new_register(postgres, NAME)
    monkeypatch.setattr(partitions, "WIDTH", WIDTH)
    owner = open_database(Settings(database_url=owned(url))).keeper
    await owner.write(narrow)
    async with at_desk(url, tmp_path) as desk:
        yield Apart(desk, owner)
    await owner.close()
    postgres.drop_database(NAME)


async def test_partitions_wait_ahead_of_the_log(apart: Apart) -> None:
    assert await apart.names() == ["entries_0", "entries_4", "entries_8", "entries_12"]

    await apart.desk.enter(9)

    assert await apart.owner.read(partitions.ahead) == 1
    assert len(await apart.owner.write(partitions.keep_ahead)) == 3
    assert await apart.owner.read(partitions.ahead) == partitions.AHEAD
    assert await apart.owner.write(partitions.keep_ahead) == []


async def test_what_no_partition_waits_for_is_taken_in_all_the_same(apart: Apart) -> None:
    await apart.desk.enter(21)
    assert await health.warned(apart.desk.database) == {"warning": "LOG_PARTITIONS"}

    made = await apart.owner.write(partitions.keep_ahead)
    await apart.desk.enter(5)

    assert [part.first for part in made] == [24, 28, 32, 36]
    assert await health.warned(apart.desk.database) == {}
    assert await apart.desk.signed() == 26
    default = sa.text("SELECT count(*) FROM log_partitions.entries_default")
    assert await apart.owner.read(lambda connection: connection.execute(default).scalar_one()) == 8


async def test_whole_partitions_go_and_what_accounts_for_them_stays(apart: Apart) -> None:
    await apart.desk.enter(10)
    await apart.desk.signed()

    assert await apart.retained(10) == 2
    await apart.desk.enter(4)
    await apart.desk.signed()
    assert await apart.retained(13) == 1

    assert (await apart.names())[0] == "entries_12"
    await apart.desk.signed()
    found = await bodies.compare(apart.desk.database, apart.desk.log(), lambda _done: None)
    assert (found.gone, found.whole, found.accounts) == (10, 7, {10, 11, 16})
    assert apart.desk.problems() == []
    assert await apart.owner.read(lambda connection: erasures.is_erased(connection, 7))
    assert not await apart.owner.read(lambda connection: erasures.is_erased(connection, 10))


async def test_no_partition_is_emptied_or_changed_by_itself(apart: Apart) -> None:
    await apart.desk.enter(21)
    parts = ("entries_0", "entries_4", "entries_default")

    for change, part in product(("TRUNCATE {}", "DELETE FROM {}", "UPDATE {} SET source = NULL"), parts):
        statement = sa.text(change.format(f"log_partitions.{part}"))
        with pytest.raises(exc.DBAPIError, match="insert-only"):
            await apart.owner.write(partial(executed, statement))
        with pytest.raises(exc.DBAPIError, match="permission denied"):
            await apart.desk.database.write(partial(executed, statement))


async def test_a_page_of_the_log_is_read_by_the_indexes_of_the_partitions(apart: Apart) -> None:
    await apart.desk.enter(21)

    def plan(connection: Connection, chosen: sa.ColumnElement[bool]) -> str:
        page = sa.select(entries).where(chosen).order_by(entries.c["index"].desc()).limit(20)
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # so few rows would be read one by one
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        text = page.compile(connection, compile_kwargs={"literal_binds": True})
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {text}").scalars())

    for chosen in (
        sa.true(), entries.c["index"] == 5, entries.c.officer == UUID(int=1), entries.c.case_reference == "CR 12/2026"
    ):  # fmt: skip
        explained = await apart.owner.write(partial(plan, chosen=chosen))

        assert "Seq Scan" not in explained
        assert "Sort" not in explained.replace("Sort Key", "")
        assert "Index Scan" in explained
