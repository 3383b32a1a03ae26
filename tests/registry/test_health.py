"""Whether a node lives, whether it can answer, and how it fares."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from registry import migrations
from tests import factories
from tests.nodes import Node, running

pytestmark = pytest.mark.anyio


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node with a small vetted register."""
    async with running(database_url, tmp_path / "keys") as started:
        yield started


async def test_a_node_that_can_answer_is_ready(node: Node) -> None:
    answer = await node.http.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    assert answer.headers["cache-control"] == "no-store"


async def test_a_node_is_alive_whatever_its_database_does(node: Node) -> None:
    await node.database.close()

    answer = await node.http.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def stand_at(connection: Connection, revision: str) -> None:
    connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608  ours


async def test_a_node_on_another_schema_is_not_ready(node: Node) -> None:
    await node.database.write(lambda connection: stand_at(connection, "0001_agencies"))

    try:
        answer = await node.http.get("/readyz")
    finally:
        await node.database.write(lambda connection: stand_at(connection, migrations.head()))

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "MIGRATION_NEEDED"})


async def test_a_node_whose_log_is_full_is_not_ready(node: Node) -> None:
    writer = node.app.state.node.writer
    writer._task.cancel()  # as if the database held every commit up
    while not writer.is_full:
        writer._queue.put_nowait((factories.entry(), asyncio.get_running_loop().create_future()))

    answer = await node.http.get("/readyz")
    writer.start()
    await writer._queue.join()

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "LOG_FULL"})
    assert (await node.http.get("/readyz")).status_code == 200


async def test_the_metrics_tell_numbers_by_kind_and_stage_and_nobody(node: Node) -> None:
    await node.ask('{ search(criteria: {name: "Juma Mwakio"}, first: 1) { edges { node { score } } } }')

    answer = await node.http.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'registry_requests_total{kind="query",status="200"}' in answer.text
    assert 'registry_request_seconds_bucket{kind="query",le="0.1"}' in answer.text
    for stage in ("auth", "parse", "live_state", "candidates", "score", "page", "policy", "audit", "json"):
        assert f'registry_stage_seconds_total{{stage="{stage}"}}' in answer.text
    assert "registry_log_batch_bucket" in answer.text
    assert "registry_log_waiting" in answer.text
    assert "Mwakio" not in answer.text
