"""The one way into the log: numbered without gaps, durable before any answer, never changed."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc
from sqlalchemy.dialects import postgresql

from registry.audit import log as log_module
from registry.audit.events import Event, Outcome
from registry.audit.log import Writer, append
from registry.audit.sequencing import Placed
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import InputRefused, Unavailable
from registry.core.metrics import METRICS
from registry.models import metadata
from tests.factories import MOMENT, concerning, entry
from tests.registers import owned
from tests.registry.audit.conftest import Rows, kept, sign

pytestmark = pytest.mark.anyio
T = TypeVar("T")
ONE, TWO = UUID(int=1), UUID(int=2)
LogOf = Callable[[], Awaitable[Rows]]
SubjectsOf = Callable[[], Awaitable[set[tuple[UUID, int]]]]
POISON = {"outcome": SimpleNamespace(value="undecided")}
"""An entry that neither database takes: an outcome that is none."""


def numbers(rows: Rows) -> list[int]:
    return [row["index"] for row in rows]


# -- append


async def test_an_entry_is_kept_as_it_was_given(database: Database, log_of: LogOf, subjects_of: SubjectsOf) -> None:
    given = entry(
        at=MOMENT + timedelta(microseconds=1), kind="mutation", operation="approveChange", outcome=Outcome.DENIED,
        code="SAME_CHAIN", officer=ONE, officer_reference="INV/1", token_id="t-1",
        source="127.0.0.1", document="0" * 64,
        fields=("Profile.names",),
        events=(Event("profile:change:read", (TWO, ONE), {"note": "Wanjikũ \u0000 ", "list": [1, None, {"a": 2.5}]}),),
        microseconds=7100, cost=90,
    )  # fmt: skip

    index = await database.write(lambda connection: append(connection, [given])[0].index)

    (row,) = await log_of()
    body, salt = row.pop("body"), row.pop("salt")
    expected = {
        name: value for name, value in asdict(given).items() if name not in {"fields", "events", "microseconds", "cost"}
    }
    assert row == expected | {"index": index, "v": 2, "kept": None}
    assert len(salt) == 32
    assert body == {
        "fields": ["Profile.names"],
        "microseconds": 7100,
        "cost": 90,
        "events": [
            {"name": "profile:change:read", "records": [str(TWO), str(ONE)], "details": given.events[0].details}
        ],
    }
    assert await subjects_of() == {(ONE, index), (TWO, index)}


async def test_entries_are_numbered_from_nought_without_gaps(
    database: Database, log_of: LogOf, subjects_of: SubjectsOf
) -> None:
    first = await database.write(lambda connection: append(connection, [entry(), concerning(ONE), entry()]))
    second = await database.write(lambda connection: append(connection, [concerning(ONE, TWO)]))

    assert [each.index for each in (*first, *second)] == [0, 1, 2, 3]
    assert numbers(await log_of()) == [0, 1, 2, 3]
    assert await subjects_of() == {(ONE, 1), (ONE, 3), (TWO, 3)}


async def test_a_number_that_was_undone_is_given_again(database: Database, log_of: LogOf) -> None:
    def fail(connection: Connection) -> None:
        append(connection, [entry(operation="undone")])
        raise InputRefused("is wrong.")

    with pytest.raises(InputRefused):
        await database.write(fail)
    await database.write(lambda connection: append(connection, [entry(operation="kept")]))

    assert [(row["index"], row["operation"]) for row in await log_of()] == [(0, "kept")]


async def test_an_entry_bears_the_moment_its_request_came_whatever_stands_above_it(
    database: Database, log_of: LogOf
) -> None:
    """Requests end in another order than they come: the index is the order."""
    seconds = [3, 1, 5]

    waiting = [entry(at=MOMENT + timedelta(seconds=each)) for each in seconds]
    await database.write(lambda connection: append(connection, waiting))

    assert [(row["at"] - MOMENT).seconds for row in await log_of()] == seconds


async def test_an_outcome_is_one_of_the_list(database: Database) -> None:
    await database.write(lambda connection: append(connection, [entry(outcome=each) for each in Outcome]))

    with pytest.raises(Exception, match="outcome_check"):
        await database.write(lambda connection: append(connection, [entry(outcome=SimpleNamespace(value="undecided"))]))


# -- nobody changes what stands there


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entries SET code = 'X'", "DELETE FROM log_entries", 'UPDATE log_subjects SET "index" = 0',
        "DELETE FROM log_subjects", "UPDATE log_leaves SET at = at", "DELETE FROM log_leaves",
        "UPDATE log_heads SET note = 'X'", "DELETE FROM log_heads",
    ],
)  # fmt: skip
async def test_an_entry_is_neither_changed_nor_removed(
    database: Database, database_url: str, log_of: LogOf, statement: str
) -> None:
    """Nor by the owner of the tables; the application may not even try."""
    await database.write(lambda connection: append(connection, [concerning(ONE)]))
    before = await log_of()
    owner = open_database(Settings(database_url=owned(database_url)))
    await owner.write(lambda connection: sign(connection, 1))

    with pytest.raises(exc.DBAPIError, match="insert-only"):
        await owner.write(lambda connection: connection.execute(sa.text(statement)))
    with pytest.raises(exc.DBAPIError, match=r"insert-only|permission denied"):
        await database.write(lambda connection: connection.execute(sa.text(statement)))

    assert await log_of() == before
    await owner.close()


@pytest.mark.parametrize("table", ["log_entries CASCADE", "log_subjects", "log_leaves", "log_heads"])
async def test_the_log_is_not_emptied(postgresql_url: str, table: str) -> None:
    for url, why in ((owned(postgresql_url), "insert-only"), (postgresql_url, "permission denied")):
        database = open_database(Settings(database_url=url))

        with pytest.raises(exc.DBAPIError, match=why):
            await database.write(lambda connection: connection.execute(sa.text(f"TRUNCATE {table}")))
        await database.close()


@pytest.mark.parametrize("table", ["log_entries", "log_subjects", "log_leaves", "log_heads"])
async def test_an_entry_is_not_replaced(
    database: Database, database_url: str, log_of: LogOf, table: str
) -> None:  # fmt: skip
    """SQLite's REPLACE removes the row that stands there, by default without asking triggers."""
    await database.write(lambda connection: append(connection, [concerning(ONE)]))
    owner = open_database(Settings(database_url=owned(database_url)))
    await owner.write(lambda connection: sign(connection, 1))
    await owner.close()
    before = await log_of()
    kept_in, same = metadata.tables[table], sa.select(metadata.tables[table])
    replacing = {
        "sqlite": kept_in.insert().prefix_with("OR REPLACE").from_select(list(kept_in.c), same),
        "postgresql": postgresql.insert(kept_in)
        .from_select(list(kept_in.c), same)
        .on_conflict_do_update(index_elements=kept_in.primary_key, set_={list(kept_in.primary_key)[-1].name: 7}),
    }

    with pytest.raises(exc.DBAPIError, match=r"insert-only|permission denied"):
        await database.write(lambda connection: connection.execute(replacing[database.dialect]))

    assert await log_of() == before


# -- many at once


async def test_two_nodes_at_once_leave_no_gap(database_url: str, log_of: LogOf) -> None:
    other = open_database(Settings(database_url=database_url, lock_seconds=20))
    first = open_database(Settings(database_url=database_url, lock_seconds=20))

    def add(connection: Connection, name: str) -> int:
        return append(connection, [entry(operation=name), concerning(ONE, operation=name)])[0].index

    places = await asyncio.gather(*[
        node.write(lambda connection, name=name: add(connection, name))  # type: ignore[misc]
        for _ in range(15)
        for node, name in ((first, "first"), (other, "other"))
    ])  # fmt: skip

    rows = await log_of()
    assert sorted(places) == list(range(0, 60, 2))
    assert numbers(rows) == list(range(60))
    assert all(one["operation"] == two["operation"] for one, two in zip(rows[::2], rows[1::2], strict=True))
    await first.close()
    await other.close()


PROCESS = """
import asyncio, sys
from registry.audit.log import Writer
from registry.core.config import Settings
from registry.core.engines import open_database
from tests.factories import entry

async def main(url, name):
    database = open_database(Settings(database_url=url, lock_seconds=20))
    writer = Writer(database, patience=30)
    writer.start()
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(10):
        places = await asyncio.gather(*[writer.submit(entry(operation=name)) for _ in range(5)])
        print(*[each.index for each in places], flush=True)
    await writer.stop()
    await database.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_at_once_leave_no_gap(database: Database, database_url: str, log_of: LogOf) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, database_url, name,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for name in ("one", "two")
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"

    said = await asyncio.gather(*[process.communicate(b"go\n") for process in processes])

    places = {name: [int(each) for each in out.split()] for name, (out, _) in zip(("one", "two"), said, strict=True)}
    rows = await log_of()
    assert numbers(rows) == list(range(100))
    for name, own in places.items():
        assert [row["index"] for row in rows if row["operation"] == name] == sorted(own)
    assert database.dialect in database_url


# -- the writer


class Gate(Database):
    """A register whose writes wait until they are let through, and fail when told to."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.dialect = inner.dialect
        self.opened = asyncio.Event()
        self.opened.set()
        self.failure: Exception | None = None
        self.transactions = 0

    async def read(self, work: Callable[[Connection], T]) -> T:
        return await self.inner.read(work)

    async def write(self, work: Callable[[Connection], T]) -> T:
        await self.opened.wait()
        self.transactions += 1
        if self.failure:
            raise self.failure
        return await self.inner.write(work)

    async def close(self) -> None:
        await self.inner.close()


@pytest.fixture
async def gate(database: Database) -> Gate:
    return Gate(database)


@pytest.fixture
async def writer(gate: Gate) -> AsyncIterator[Writer]:
    opened = Writer(gate, most_waiting=600, patience=10)
    opened.start()
    yield opened
    gate.opened.set()
    await opened.stop()


async def outcomes(*submitted: Awaitable[Placed]) -> list[Any]:
    """Return each entry's index, or the error's code."""
    found = await asyncio.gather(*submitted, return_exceptions=True)
    return [_told(each) for each in found]


def _told(found: Any) -> Any:
    match found:
        case Placed(index):
            return index
        case Unavailable():
            return found.code
        case _:
            return found


async def test_an_entry_is_durable_when_its_index_is_told(writer: Writer, log_of: LogOf) -> None:
    index = (await writer.submit(entry(request_id="r-1"))).index

    assert [(row["index"], row["request_id"]) for row in await log_of()] == [(index, "r-1")]


async def test_entries_that_wait_together_share_a_commit(writer: Writer, gate: Gate, log_of: LogOf) -> None:
    before = METRICS.get_sample_value("registry_log_batch_sum") or 0.0
    gate.opened.clear()
    waiting = [asyncio.create_task(writer.submit(entry(request_id=str(number)))) for number in range(520)]
    await asyncio.sleep(0)
    gate.opened.set()

    places = await asyncio.gather(*waiting)

    assert [each.index for each in places] == list(range(520))
    assert [row["request_id"] for row in await log_of()] == [str(number) for number in range(520)]
    assert gate.transactions <= 4
    assert METRICS.get_sample_value("registry_log_batch_sum") == before + 520


async def test_a_full_queue_refuses_at_once(gate: Gate, log_of: LogOf) -> None:
    writer = Writer(gate, most_waiting=2, patience=10)
    waiting = [asyncio.create_task(writer.submit(entry())) for _ in range(2)]
    await asyncio.sleep(0)

    fullness = [writer.is_full]
    assert await outcomes(writer.submit(entry())) == [log_module.LOG_UNAVAILABLE]

    writer.start()
    assert [each.index for each in await asyncio.gather(*waiting)] == [0, 1]
    fullness.append(writer.is_full)
    await writer.stop()
    assert fullness == [True, False]
    assert numbers(await log_of()) == [0, 1]


async def test_patience_ends_and_the_entry_may_still_be_written(gate: Gate, log_of: LogOf) -> None:
    writer = Writer(gate, patience=0.5)
    writer.start()
    await gate.write(kept)  # opens the connection
    gate.opened.clear()

    assert await outcomes(writer.submit(entry())) == [log_module.LOG_UNAVAILABLE]

    gate.opened.set()
    await writer.stop()
    assert numbers(await log_of()) == [0]


async def test_when_the_database_is_silent_all_who_wait_are_refused_and_the_next_is_taken(
    writer: Writer, gate: Gate, log_of: LogOf
) -> None:
    gate.failure = Unavailable("The register does not answer now.")
    told = await outcomes(*[writer.submit(entry()) for _ in range(5)])
    gate.failure = None

    assert told == [log_module.LOG_UNAVAILABLE] * 5
    assert gate.transactions <= 2  # a silent database is not asked again for each entry
    assert (await writer.submit(entry())).index == 0
    assert numbers(await log_of()) == [0]


async def test_an_unexpected_error_refuses_all_who_wait_and_the_next_is_taken(writer: Writer, gate: Gate) -> None:
    gate.failure = RuntimeError("a bug of ours")
    told = await outcomes(*[writer.submit(entry()) for _ in range(5)])
    gate.failure = None

    assert told == [log_module.LOG_UNAVAILABLE] * 5
    assert (await writer.submit(entry())).index == 0


@pytest.mark.parametrize("place", [0, 7, 19])
async def test_an_entry_that_no_column_takes_does_not_sink_its_neighbours(
    writer: Writer, gate: Gate, log_of: LogOf, place: int
) -> None:
    gate.opened.clear()
    given = [entry(request_id=str(number)) for number in range(20)]
    given[place] = entry(**POISON)
    waiting = [writer.submit(each) for each in given]

    opening = asyncio.create_task(outcomes(*waiting))
    await asyncio.sleep(0)
    gate.opened.set()
    told = await opening

    assert told.pop(place) == log_module.LOG_UNAVAILABLE
    assert sorted(told) == list(range(19))
    rows = await log_of()
    assert numbers(rows) == list(range(19))
    assert [row["request_id"] for row in rows] == [str(number) for number in range(20) if number != place]


async def test_an_entry_that_nothing_can_be_committed_of_is_refused_alone(writer: Writer, log_of: LogOf) -> None:
    nowhere = entry(at=MOMENT.replace(tzinfo=None))

    assert await outcomes(*map(writer.submit, (entry(), nowhere, entry()))) == [0, log_module.LOG_UNAVAILABLE, 1]
    assert numbers(await log_of()) == [0, 1]


async def test_a_character_that_postgresql_does_not_take_harms_its_own_entry_only(
    writer: Writer, gate: Gate, database: Database, log_of: LogOf
) -> None:
    told = await outcomes(*[writer.submit(entry(operation=name)) for name in ("one", "t\x00wo", "three")])

    taken = {"sqlite": ["one", "t\x00wo", "three"], "postgresql": ["one", "three"]}[database.dialect]
    assert [row["operation"] for row in await log_of()] == taken
    assert told.count(log_module.LOG_UNAVAILABLE) == 3 - len(taken)
    assert gate.transactions >= 1


async def test_a_request_that_is_given_up_leaves_its_entry(writer: Writer, gate: Gate, log_of: LogOf) -> None:
    gate.opened.clear()
    given_up = asyncio.create_task(writer.submit(entry(request_id="given up")))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    gate.opened.set()

    assert (await writer.submit(entry(request_id="next"))).index == 1
    assert [row["request_id"] for row in await log_of()] == ["given up", "next"]


async def test_a_refusal_that_nobody_waits_for_any_more_disturbs_nobody(gate: Gate) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
    writer = Writer(gate, patience=0.02)
    writer.start()
    gate.opened.clear()
    gate.failure = RuntimeError("a bug of ours")
    given_up = asyncio.create_task(writer.submit(entry()))
    await asyncio.sleep(0)
    given_up.cancel()

    told = await outcomes(given_up, writer.submit(entry()))
    gate.opened.set()
    await writer.stop()

    assert isinstance(told[0], asyncio.CancelledError)
    assert told[1] == log_module.LOG_UNAVAILABLE
    assert complaints == []


async def test_stopping_writes_what_waits(gate: Gate, log_of: LogOf) -> None:
    writer = Writer(gate, patience=10)
    writer.start()
    gate.opened.clear()
    waiting = [asyncio.create_task(writer.submit(entry())) for _ in range(300)]
    await asyncio.sleep(0)

    stopping = asyncio.create_task(writer.stop())
    await asyncio.sleep(0)
    assert numbers(await log_of()) == []
    gate.opened.set()
    await stopping

    assert [each.index for each in await asyncio.gather(*waiting)] == list(range(300))
    assert numbers(await log_of()) == list(range(300))


async def test_a_database_that_never_answers_does_not_keep_the_writer(gate: Gate, log_of: LogOf) -> None:
    writer = Writer(gate, patience=0.5)
    writer.start()
    await gate.write(kept)  # opens the connection
    gate.opened.clear()

    told = await outcomes(*[writer.submit(entry()) for _ in range(3)])
    await asyncio.sleep(0.6)
    gate.opened.set()

    assert told == [log_module.LOG_UNAVAILABLE] * 3
    assert [(await writer.submit(entry())).index] == numbers(await log_of()) == [0]
    await writer.stop()


async def test_a_database_that_never_answers_does_not_keep_the_process(gate: Gate) -> None:
    writer = Writer(gate, patience=0.02)
    writer.start()
    gate.opened.clear()
    for _ in range(20):
        with pytest.raises(Unavailable):
            await writer.submit(entry())

    async with asyncio.timeout(5):
        await writer.stop()

    assert gate.transactions == 0


async def test_a_writer_that_never_started_stops(gate: Gate) -> None:
    await Writer(gate).stop()

    assert gate.transactions == 0


async def test_reads_and_mutations_share_the_numbers(writer: Writer, database: Database, log_of: LogOf) -> None:
    places = await asyncio.gather(*[
        each
        for _ in range(10)
        for each in (
            writer.submit(entry(kind="query")),
            database.write(lambda connection: append(connection, [entry(kind="mutation")])[0]),
        )
    ])  # fmt: skip

    assert sorted(each.index for each in places) == list(range(20))
    assert numbers(await log_of()) == list(range(20))
    assert threading.active_count() < 50
    assert len(await database.read(kept)) == 20
