"""Where an entry gets its place: its leaf stands there with it, in order of time, and never in a log that was cut."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from registry.audit import sequencing
from registry.audit.commitments import commitment
from registry.audit.events import Event, Outcome
from registry.audit.log import Beside, Writer, append, enter
from registry.audit.models import entries
from registry.audit.quotas import Charge
from registry.audit.spelling import committed
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Unavailable
from tests.factories import MOMENT, concerning, entry, statements
from tests.registers import owned
from tests.registry.audit.conftest import kept, leaves_of, sign

pytestmark = pytest.mark.anyio
ONE = UUID(int=1)
SECOND = timedelta(seconds=1)
ODD = {
    "nested": (1, [None, {"é": 2.5, "\U0001f600": -0.0, "\ufb33": 1e21}]), "large": 2**63 - 1, "nothing": float("nan"),
    "id": ONE, "at": MOMENT, "text": 'Wanjikũ \u0000\u007f"\\',
}  # fmt: skip
"""What a use case may leave in an event, and what the databases give back otherwise than it came."""


def at(*seconds: float) -> Callable[[], datetime]:
    """Return a clock that shows these moments, one after the other."""
    left: Iterator[float] = iter(seconds)
    return lambda: MOMENT + next(left) * SECOND


def hold(connection: Connection) -> bool:
    """Say whether each entry has the leaf that commits to it, in its place."""
    rows, made = kept(connection), leaves_of(connection)
    return [row["index"] for row in rows] == [leaf["index"] for leaf in made] == list(range(len(rows))) and all(
        commitment(row, row["salt"]) == leaf["commitment"] for row, leaf in zip(rows, made, strict=True)
    )


# -- one leaf an entry


async def test_each_entry_stands_with_a_leaf_that_commits_to_it_as_it_is_read_again(database: Database) -> None:
    odd = entry(officer=ONE, events=(Event("profile:searched", (ONE,), ODD),), microseconds=7, cost=1)

    await database.write(lambda connection: append(connection, [odd, concerning(ONE), entry(at=MOMENT - SECOND)]))
    await database.write(lambda connection: enter(connection, entry(), Charge("INV/1", cost=1, records=0, most={})))
    writer = Writer(database)
    writer.start()
    await writer.submit(odd)
    await writer.stop()

    assert await database.read(hold)
    assert len(await database.read(kept)) == 5


async def test_an_attempt_that_is_refused_while_it_is_entered_is_committed_to_as_refused(database: Database) -> None:
    writer = Writer(database, beside=Beside(shut=lambda _connection, _entries: frozenset({0})))
    writer.start()
    with pytest.raises(Exception, match="not good any more"):
        await writer.submit(entry())
    await writer.stop()

    (row,) = await database.read(kept)
    assert (row["outcome"], row["code"]) == (Outcome.DENIED, "TOKEN_REVOKED")
    assert await database.read(hold)


async def test_two_entries_that_say_the_same_have_other_leaves(database: Database) -> None:
    await database.write(lambda connection: append(connection, [entry()] * 2))

    one, two = await database.read(leaves_of)
    assert one["commitment"] != two["commitment"]


async def test_fifty_entries_take_as_many_statements_as_one(database: Database) -> None:
    """The lock, where the log ends, and one insert; on SQLite no lock, and an insert for each of two tables.

    PostgreSQL takes fifty by COPY, one for each of two tables: that is no statement of SQLAlchemy's.
    """

    def count(connection: Connection, many: int) -> int:
        with statements(connection) as seen:
            append(connection, [entry() for _ in range(many)])
        return len(seen)

    one = await database.write(lambda connection: count(connection, 1))
    fifty = await database.write(lambda connection: count(connection, 50))

    assert (one, fifty) == (3, {"sqlite": 3, "postgresql": 2}[database.dialect])


# -- when


async def test_a_leaf_says_when_its_entry_got_its_place_in_milliseconds_and_never_less_than_before(
    database: Database,
) -> None:
    clock = at(3.0019, 1, 3.0021, 3.002, 8)
    for _ in range(5):
        await database.write(lambda connection: append(connection, [entry()] * 2, clock=clock))

    found = [(leaf["at"] - MOMENT) / SECOND for leaf in await database.read(leaves_of)]
    assert found == [each for each in (3.001, 3.001, 3.002, 3.002, 8) for _ in range(2)]
    assert {row["at"] for row in await database.read(kept)} == {entry().at}


async def test_a_clock_that_is_far_behind_the_last_leaf_places_nothing(database: Database) -> None:
    await database.write(lambda connection: append(connection, [entry()], clock=at(10)))

    with pytest.raises(sequencing.ClockBehind):
        await database.write(lambda connection: append(connection, [entry()], clock=at(4.999)))
    writer = Writer(database, clock=at(4.999, 4.999))
    writer.start()
    with pytest.raises(Unavailable) as refused:
        await writer.submit(entry())
    await writer.stop()
    await database.write(lambda connection: append(connection, [entry()], clock=at(5)))

    assert refused.value.code == "CLOCK_BEHIND"
    assert [(leaf["at"] - MOMENT) / SECOND for leaf in await database.read(leaves_of)] == [10, 10]


# -- a log that was cut


async def signed(url: str, size: int) -> None:
    owner = open_database(Settings(database_url=owned(url)))
    await owner.write(lambda connection: sign(connection, size))
    await owner.close()


async def test_a_log_that_is_as_long_as_what_is_signed_grows(database: Database, database_url: str) -> None:
    await database.write(lambda connection: append(connection, [entry()] * 2))
    await signed(database_url, 1)
    await signed(database_url, 2)

    assert await database.write(lambda connection: append(connection, [entry()])[0].index) == 2


@pytest.mark.parametrize("many", [0, 1])
async def test_nothing_is_placed_in_a_log_that_is_shorter_than_what_is_signed(
    database: Database, database_url: str, many: int
) -> None:
    """As after its end was removed, or an old backup restored: by a read, a mutation or a command."""
    await database.write(lambda connection: append(connection, [entry()] * many) if many else None)
    await signed(database_url, many + 1)
    charge = Charge("INV/1", cost=1, records=0, most={})
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: append(connection, [entry()]), lambda connection: enter(connection, entry(), charge)
    ]  # fmt: skip

    for attempt in attempts:
        with pytest.raises(sequencing.LogShortened):
            await database.write(attempt)
    writer = Writer(database)
    writer.start()
    with pytest.raises(Unavailable) as refused:
        await writer.submit(entry())
    await writer.stop()

    assert refused.value.code == "LOG_SHORTENED"
    assert len(await database.read(kept)) == len(await database.read(leaves_of)) == many


async def test_an_entry_beyond_the_last_leaf_is_not_written_over(database: Database) -> None:
    """Whoever removes leaves alone leaves a log that takes no entry more."""
    await database.write(lambda connection: append(connection, [entry()]))
    stray = dict(zip(entries.c.keys(), (1, *committed(entry()).columns), strict=True)) | {"body": {}}
    await database.write(lambda connection: connection.execute(entries.insert(), stray))

    with pytest.raises(DBAPIError):
        await database.write(lambda connection: append(connection, [entry()]))
    assert len(await database.read(leaves_of)) == 1
