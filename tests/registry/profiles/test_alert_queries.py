"""Alerts as they are read: with the row of the record, whose owner and clearance are those of now."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.ids import new_id
from registry.notices import queries as notices
from registry.notices.notice import News, Topic
from registry.profiles import alert_queries
from registry.profiles.models import profiles
from tests.factories import AGENCY, ELSEWHERE, MOMENT
from tests.registry.profiles.scenes import hide

pytestmark = pytest.mark.anyio


def kept(connection: Connection) -> None:
    """Keep an alert of each topic and owner, and one of a record that is not there."""
    hide(connection, "covert")
    notices.keep(connection, MOMENT, [
        News(Topic.ALERT, AGENCY, new_id(), None, {"number": 1, "how": "id"}),
        News(Topic.ALERT, ELSEWHERE, new_id(), None, {"number": 1, "how": "id"}),
        News(Topic.DECISION, AGENCY, new_id(), None, {"number": 1}),
        News(Topic.ALERT, AGENCY, new_id(), None, {"number": 2, "how": "id"}),
    ])  # fmt: skip


def found(connection: Connection, agency: str, *cleared: str, after: int = 0) -> list[int]:
    read = alert_queries.alerts(connection, agency, cleared, after=after, limit=5)
    return [notice.number for notice, _ in read]


async def test_an_alert_is_of_who_owns_the_record_now_and_of_who_is_cleared_for_it_now(database: Database) -> None:
    def look(connection: Connection) -> list[list[int]]:
        before = [found(connection, AGENCY, "covert"), found(connection, AGENCY, "secret"), found(connection, AGENCY),
                  found(connection, AGENCY, "covert", after=1)]  # fmt: skip
        connection.execute(profiles.update().values(owner=ELSEWHERE, clearance="secret"))
        return [*before, found(connection, AGENCY, "covert", "secret"), found(connection, ELSEWHERE, "secret")]

    await database.write(kept)

    assert await database.write(look) == [[1], [], [], [], [], [2]]


async def test_a_page_of_alerts_is_found_by_two_indexes(database: Database) -> None:
    def plan(connection: Connection) -> str:
        asked = alert_queries._MET.params(agency=AGENCY, after=0, cleared=["covert", "open"], most=5)
        options = {"literal_binds": True, "render_postcompile": True}
        written = str(asked.compile(connection.engine, compile_kwargs=options))
        if connection.dialect.name == "sqlite":
            rows: Any = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}")
            return "\n".join(row.detail for row in rows)
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {written}").scalars())

    read = await database.write(plan)

    assert "notices_topic_audience_number_idx" in read
    assert "number" in read.partition("profiles")[2]
    assert "SCAN profiles" not in read
    assert "Seq Scan" not in read
