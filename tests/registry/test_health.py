"""Whether a node lives, whether it can answer, and how it fares."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from registry import migrations
from registry.audit.log import append
from registry.audit.spelling import committed
from registry.audit.submission import Submission
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.engines import open_database
from tests import factories
from tests.nodes import URL, Node, code_of, running
from tests.registers import owned
from tests.registry.audit.conftest import sign

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
    owner = open_database(Settings(database_url=owned(node.app.state.node.settings.database_url)))
    await owner.write(lambda connection: stand_at(connection, "0001_agencies"))

    try:
        answer = await node.http.get("/readyz")
    finally:
        await owner.write(lambda connection: stand_at(connection, migrations.head()))
        await owner.close()

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "MIGRATION_NEEDED"})


async def test_a_node_whose_log_is_full_is_not_ready(node: Node) -> None:
    writer = node.app.state.node.writer
    writer._task.cancel()  # as if the database held every commit up
    while not writer.is_full:
        entry, durable = factories.entry(), asyncio.get_running_loop().create_future()
        writer._queue.put_nowait((Submission(entry), committed(entry), durable))

    answer = await node.http.get("/readyz")
    writer.start()
    await writer._queue.join()

    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "reason": "LOG_FULL"})
    assert (await node.http.get("/readyz")).status_code == 200


async def test_the_metrics_tell_numbers_by_operation_and_stage_and_nobody(node: Node) -> None:
    for _ in range(2):
        await node.ask('query Mwakio { search(criteria: {name: "Juma"}, first: 1) { edges { node { score } } } }')
    await node.ask(
        '{ a: search(criteria: {name: "Juma"}, first: 1) { edges { cursor } } profile(id: "Mwakio") { id } }'
    )
    await node.ask("{ Mwakio }")

    answer = await node.http.get("/metrics")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'registry_requests_total{kind="query",operation="search",status="200"}' in answer.text
    assert 'registry_requests_total{kind="query",operation="several",status="200"}' in answer.text
    assert 'registry_requests_total{kind="request",operation="none",status="400"}' in answer.text
    assert 'registry_request_seconds_bucket{kind="query",le="0.1",operation="search"}' in answer.text
    assert 'registry_refusals_total{code="GRAPHQL_VALIDATION_FAILED"}' in answer.text
    assert _value(answer, 'registry_documents_total{end="hit"}') >= 1
    assert _value(answer, 'registry_documents_total{end="miss"}') >= 3
    assert _value(answer, 'registry_plans_total{end="hit"}') >= 1
    for stage in ("auth", "parse", "live_state", "candidates", "score", "page", "policy", "audit", "json"):
        assert f'registry_stage_seconds_total{{stage="{stage}"}}' in answer.text
    assert "registry_log_batch_bucket" in answer.text
    assert "registry_log_waiting" in answer.text
    assert "Mwakio" not in answer.text


def _value(answer: httpx.Response, series: str) -> float:
    (line,) = [each for each in answer.text.splitlines() if each.startswith(f"{series} ")]
    return float(line.rpartition(" ")[2])


@pytest.mark.parametrize(
    ("peer", "headers", "readers", "status"),
    [
        ("127.0.0.1", {}, "127.0.0.1,::1", 200),
        ("::1", {}, "127.0.0.1,::1", 200),
        ("192.0.2.1", {}, "127.0.0.1,::1", 404),
        ("192.0.2.1", {}, "192.0.2.1, 192.0.2.2", 200),
        ("127.0.0.1", {}, "192.0.2.1", 404),
        ("127.0.0.1", {}, "", 404),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, "127.0.0.1", 404),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, "127.0.0.1", 404),
        ("127.0.0.1", {"via": "1.1 invented"}, "127.0.0.1", 404),
    ],
)
async def test_the_metrics_are_there_for_those_who_are_named_and_came_by_themselves(
    database_url: str, tmp_path: Path, peer: str, headers: dict[str, str], readers: str, status: int
) -> None:
    async with running(database_url, tmp_path / "keys", metrics_from=readers) as started:
        transport = httpx.ASGITransport(started.app, client=(peer, 1))
        async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
            answer = await http.get("/metrics", headers=headers)

    assert answer.status_code == status
    if status == 404:
        assert code_of(answer) == "ADDRESS_UNKNOWN"
        assert "registry_" not in answer.text


async def test_a_node_whose_log_nobody_signs_says_so_and_answers_nothing_until_it_is_signed(
    database_url: str, tmp_path: Path
) -> None:
    """By the default window: an entry of three minutes ago waits, and the notary comes back."""
    database = open_database(Settings(database_url=database_url))
    before = now() - timedelta(minutes=3)
    await database.write(lambda connection: append(connection, [factories.entry()], clock=lambda: before))
    await database.close()
    owner = open_database(Settings(database_url=owned(database_url)))

    async with running(database_url, tmp_path / "keys", unsigned_seconds=60) as node:
        ready = await node.http.get("/readyz")
        refused = await node.ask("query($id: ID!) { profile(id: $id) { sex } }", {"id": node.profile_id()})
        entered = await node.length()
        await owner.write(lambda connection: sign(connection, entered))
        answered = await node.data("query($id: ID!) { profile(id: $id) { sex } }", {"id": node.profile_id()})
    await owner.close()

    assert (ready.status_code, ready.json()["reason"]) == (503, "LOG_UNSIGNED")
    assert (refused.status_code, code_of(refused)) == (503, "LOG_UNSIGNED")
    assert "data" not in refused.json()
    assert entered == 2, "the old one, and that the window came into force"
    assert answered["profile"]["sex"]
