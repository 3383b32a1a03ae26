"""Policies of disclosure are kept as they were written, once, and given back to the byte."""

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.audit import policies
from registry.audit.models import policies as kept
from registry.core.db import Database
from tests.factories import MOMENT, statements

pytestmark = pytest.mark.anyio
TEXT = '# A policy.\ntitle = "Mtu anayetafutwa, wanjikũ"\n'
VERSION = hashlib.sha256(TEXT.encode()).hexdigest()


async def test_a_policy_is_kept_once_and_what_is_there_stays(database: Database) -> None:
    first = await database.write(lambda connection: policies.keep(connection, VERSION, "ke", TEXT, MOMENT))
    again = await database.write(
        lambda connection: policies.keep(connection, VERSION, "ke", "another text", MOMENT + timedelta(days=1))
    )

    assert (first, again) == (True, False)
    assert await database.read(lambda connection: policies.text(connection, VERSION)) == TEXT
    rows = await database.read(lambda connection: connection.execute(sa.select(kept)).mappings().all())
    assert [(row["edition"], row["since"]) for row in rows] == [("ke", MOMENT)]


async def test_a_version_that_was_never_used_here_is_nothing(database: Database) -> None:
    assert await database.read(lambda connection: policies.text(connection, VERSION)) is None


async def test_keeping_and_finding_take_one_statement_each(database: Database) -> None:
    def run(connection: sa.Connection) -> int:
        with statements(connection) as seen:
            policies.keep(connection, VERSION, "ke", TEXT, MOMENT)
            policies.text(connection, VERSION)
        return len(seen)

    assert await database.write(run) == 2
