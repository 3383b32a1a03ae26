"""Whoever comes upon a decoy raises an alarm, in the transaction of the entry that says so."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy import Connection

from registry.audit.events import REFUSED, Event, Outcome
from registry.audit.log import append
from registry.audit.models import alarms, decoys
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.core.metrics import METRICS
from registry.core.telemetry import configure_logging
from tests.factories import AGENCY, CLIENT, MOMENT, concerning, entry

pytestmark = pytest.mark.anyio
DECOY, OTHER = UUID(int=1), UUID(int=2)
OWNER = "ke-keeper"


@pytest.fixture(autouse=True)
async def decoy(database: Database) -> None:
    """One profile that stands for nobody."""
    await database.write(lambda connection: connection.execute(decoys.insert().values(profile=DECOY, owner=OWNER)))


async def raised(database: Database) -> list[tuple[str, int, str]]:
    def read(connection: Connection) -> list[tuple[str, int, str]]:
        rows = connection.execute(sa.select(alarms).order_by(alarms.c.entry)).all()
        assert all(row.at == MOMENT for row in rows)
        return [(row.kind, row.entry, row.audience) for row in rows]

    return await database.read(read)


@contextmanager
def logging_here() -> Iterator[None]:
    """Write the program's log where the test can read it, and only meanwhile."""
    configure_logging("info")
    try:
        yield
    finally:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))


def count() -> float:
    return METRICS.get_sample_value("registry_alarms_total", {"kind": "decoy"}) or 0.0


async def test_an_entry_that_shows_a_decoy_raises_an_alarm_for_its_owner(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    before = count()

    waiting = [concerning(OTHER), concerning(OTHER, DECOY), entry()]
    with logging_here():
        first = await database.write(lambda connection: append(connection, waiting)[0].index)

    assert await raised(database) == [("decoy", first + 1, OWNER)]
    assert count() == before + 1
    (line,) = [json.loads(each) for each in capsys.readouterr().err.splitlines() if "alarm" in each]
    assert line | {"timestamp": ""} == {
        "event": "alarm", "level": "error", "code": "DECOY_SHOWN", "kind": "decoy", "index": first + 1,
        "client": CLIENT, "agency": AGENCY, "timestamp": "",
    }  # fmt: skip


async def test_an_attempt_upon_a_decoy_is_no_better(database: Database) -> None:
    tried = entry(outcome=Outcome.DENIED, events=(Event(f"profile:read{REFUSED}", (DECOY,)),))

    await database.write(lambda connection: append(connection, [tried]))

    assert len(await raised(database)) == 1


async def test_one_entry_is_one_alarm(database: Database) -> None:
    twice = entry(events=(Event("profile:searched", (DECOY,)), Event("profile:read", (DECOY,))))

    await database.write(lambda connection: append(connection, [twice]))

    assert len(await raised(database)) == 1


async def test_nobody_else_raises_any(database: Database) -> None:
    await database.write(lambda connection: append(connection, [concerning(OTHER), entry()]))

    assert await raised(database) == []


async def test_what_is_undone_leaves_no_alarm(database: Database) -> None:
    def fail(connection: Connection) -> None:
        append(connection, [concerning(DECOY)])
        raise InputRefused("is wrong.")

    with pytest.raises(InputRefused):
        await database.write(fail)

    assert await raised(database) == []
