"""Keys and certificates that end are told to whoever watches the node: a number always, a line once."""

import io
import sys
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.metrics import METRICS
from registry.core.telemetry import configure_logging
from registry.enrolment.act import Kind
from registry.enrolment.warnings import KeyWatch
from tests.factories import AGENCY, CLIENT, MOMENT, enrol_cast, statements
from tests.nodes import lines
from tests.registry.enrolment.scenes import GIVEN, certificate, done, key

pytestmark = pytest.mark.anyio


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """Return what the program says in its own log."""
    configure_logging("warning")
    stream = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream))
    yield stream
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))


async def test_each_key_that_ends_is_told_once_and_counted_always(database: Database, said: io.StringIO) -> None:
    watch = KeyWatch()

    def run(connection: Connection) -> list[tuple[float | None, int]]:
        enrol_cast(connection)
        seen = []
        for act, terms in (
            (None, {}), (Kind.CLIENT_KEY, {"key": key(11, days=20)}), (Kind.CLIENT_KEY, {"key": key(12, days=40)}),
            (Kind.GRANT_KEY, {"key": key(13, days=2)}),
            (Kind.CLIENT_CERTIFICATE, {"certificate": certificate("ends", days=9)}),
        ):  # fmt: skip
            if act is not None:
                done(connection, act, **GIVEN[act] | terms)
            watch(connection, MOMENT)
            seen.append((METRICS.get_sample_value("registry_keys_expiring"), len(lines(said.getvalue()))))
        return seen

    assert await database.write(run) == [(0, 0), (1, 1), (1, 1), (2, 2), (3, 3)]
    told = [(each["event"], each.get("client"), each.get("agency")) for each in lines(said.getvalue())]
    assert told == [
        ("key_expires", CLIENT, None), ("key_expires", None, AGENCY), ("certificate_expires", CLIENT, None),
    ]  # fmt: skip


async def test_a_look_takes_two_statements(database: Database) -> None:
    def run(connection: Connection) -> int:
        enrol_cast(connection)
        with statements(connection) as seen:
            KeyWatch()(connection, MOMENT)
        return len(seen)

    assert await database.write(run) == 2
