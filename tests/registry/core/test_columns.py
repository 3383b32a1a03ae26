"""Column types: what goes in comes out, the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import StatementError

from registry.core.columns import Big, Id, Json, Moment
from registry.core.db import Database
from registry.core.engines import insert_many

pytestmark = pytest.mark.anyio

values = sa.Table(
    "values_of_each_type",
    sa.MetaData(),
    sa.Column("at", Moment),
    sa.Column("id", Id),
    sa.Column("json", Json),
    sa.Column("big", Big),
    sa.Column("octets", sa.LargeBinary),
    sa.Column("words", sa.Text),
    prefixes=["TEMPORARY"],
    sqlite_strict=True,
)
NAIROBI = timezone(timedelta(hours=3))
ROWS: list[tuple[Any, ...]] = [  # Any: a value of each type
    (None, None, None, None, None, None),
    (datetime(2026, 11, 21, 9, 14, 3, 120456, tzinfo=UTC), UUID(int=0), {}, 0, b"", ""),
    (datetime(1849, 1, 1, 0, 0, 0, 1, tzinfo=UTC), UUID(int=2**128 - 1), [], 2**63 - 1, bytes(range(256)), "Wanjikũ"),
    (datetime(2262, 1, 1, tzinfo=UTC), uuid4(), {"a": [1, 2.5, None, True, "é\u0000\n"]}, -(2**63), b"\x00", "a\tb\n"),
    (datetime(2026, 11, 21, 12, 14, tzinfo=NAIROBI), uuid4(), "text", -1, b"\xff", "\\N"),
    (datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), uuid4(), 7, 1, b"\\x00", '"quoted", and so on'),
]


async def kept(database: Database, rows: list[tuple[Any, ...]], *, at_once: bool) -> list[tuple[Any, ...]]:
    def run(connection: Connection) -> list[tuple[Any, ...]]:
        values.create(connection)
        if at_once:
            insert_many(connection, values, rows)
        else:
            for row in rows:
                connection.execute(values.insert(), dict(zip(values.c.keys(), row, strict=True)))
        found = [tuple(row) for row in connection.execute(sa.select(values))]
        values.drop(connection)
        return found

    return await database.write(run)


@pytest.mark.parametrize("at_once", [True, False], ids=["insert_many", "insert"])
async def test_values_of_every_type_come_back_as_they_went_in(database: Database, at_once: bool) -> None:
    found = await kept(database, ROWS, at_once=at_once)

    assert found == ROWS
    kinds = (datetime, UUID, dict, int, bytes, str)
    assert all(isinstance(value, kind) for value, kind in zip(found[1], kinds, strict=True))


@pytest.mark.parametrize("at_once", [True, False], ids=["insert_many", "insert"])
async def test_a_moment_comes_back_in_utc(database: Database, at_once: bool) -> None:
    rows = await kept(database, ROWS[4:5], at_once=at_once)

    assert rows[0][0].isoformat() == "2026-11-21T09:14:00+00:00"


async def test_a_moment_without_an_offset_is_refused(database: Database) -> None:
    naive = (ROWS[1][0].replace(tzinfo=None), *ROWS[1][1:])

    with pytest.raises(StatementError, match="without an offset"):
        await kept(database, [naive], at_once=False)
    with pytest.raises(TypeError, match="without an offset"):
        await kept(database, [naive], at_once=True)


async def test_moments_are_compared_as_moments(database: Database) -> None:
    def run(connection: Connection) -> list[datetime]:
        values.create(connection)
        insert_many(connection, values, ROWS[1:])
        later = values.c.at >= datetime(2026, 11, 21, 12, 14, 1, tzinfo=NAIROBI)
        found = list(connection.scalars(sa.select(values.c.at).where(later).order_by(values.c.at)))
        values.drop(connection)
        return found

    found = await database.write(run)

    assert found == [ROWS[1][0], ROWS[3][0]]


async def test_ids_stand_in_the_same_order_on_both_databases(database: Database) -> None:
    ids = [UUID(int=number << 64 | 5) for number in (0, 1, 2**63, 2**64 - 1)]

    def run(connection: Connection) -> list[UUID]:
        values.create(connection)
        insert_many(connection, values, [(None, each, None, None, None, None) for each in reversed(ids)])
        found = list(connection.scalars(sa.select(values.c.id).order_by(values.c.id)))
        values.drop(connection)
        return found

    assert await database.write(run) == ids


def test_each_type_names_its_storage_class_on_sqlite() -> None:
    """STRICT tables know INTEGER, TEXT, BLOB and REAL only."""
    written = str(sa.schema.CreateTable(values).compile(dialect=sa.create_engine("sqlite://").dialect))

    assert [line.split()[1].rstrip(",") for line in written.splitlines()[2:-3]] == [
        "INTEGER", "BLOB", "TEXT", "INTEGER", "BLOB", "TEXT",
    ]  # fmt: skip
    assert written.rstrip().endswith("STRICT")
