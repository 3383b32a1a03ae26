"""Outsider's checks 8 and 19: what fails in a resolver is masked; what takes too long is ended and called so."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from graphql_schema.limits import Limits
from registry.core.config import Settings
from registry.core.errors import NotFound
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from registry.profiles.operations import deciding, reading
from registry.work import Work
from tests.graphql_schema.asking import PROFILE, limited
from tests.nodes import Node, code_of, lines, running, standing
from tests.outsider.conftest import Said

pytestmark = pytest.mark.anyio
SECRET = "SECRET-VALUE-123"
ENDLESS = {
    "postgresql": "SELECT pg_sleep(12)",
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1e15) SELECT count(*) FROM n",
}
SHORT = {
    "postgresql": "SELECT pg_sleep(0.05)",
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT count(*) FROM n",
}
APPROVE = "mutation ($id: ID!) { proposalApprove(input: {proposalId: $id}) { userErrors { code } } }"
SLEEPING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'")


def resolving(monkeypatch: pytest.MonkeyPatch, run: Callable[[Connection], object]) -> None:
    """Let the resolver of ``profile`` do this instead of reading."""

    def read(work: Work, *_arguments: object, **_options: object) -> None:
        run(work.connection)
        raise NotFound("after all")

    monkeypatch.setattr(reading, "read_profile", read)


async def check_nobody_sleeps(node: Node) -> None:
    """Require that the database is rid of the question: PostgreSQL says so itself."""
    if node.database.dialect == "postgresql":
        assert await node.database.read(lambda connection: connection.execute(SLEEPING).scalar_one()) == 0


async def test_check_08_a_resolver_that_raises_tells_the_caller_nothing_but_the_requests_id(
    shared: Node, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError(f"password={SECRET}")

    resolving(monkeypatch, fail)

    answer = await shared.ask(PROFILE, {"id": shared.profile_id()})

    (error,) = answer.json()["errors"]
    assert error["message"] == "Internal error."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": answer.headers["x-request-id"]}
    told = [each for each in lines(said()) if each.get("request_id") == answer.headers["x-request-id"]]
    assert told[0]["problem"].startswith("ZeroDivisionError at tests.outsider.test_time:")
    assert SECRET not in answer.text + said() + str(await shared.entry(answer))


async def test_check_08_a_statement_that_fails_shows_neither_its_text_nor_its_values(
    shared: Node, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(sa.text("SELECT :a / (SELECT 0 FROM nowhere)"), {"a": SECRET})

    resolving(monkeypatch, fail)

    answer = await shared.ask(PROFILE, {"id": shared.profile_id()})

    assert answer.status_code in (500, 503)
    assert code_of(answer) in ("INTERNAL", "UNAVAILABLE")
    shown = answer.text + said() + str(await shared.entry(answer))
    assert not [word for word in (SECRET, "nowhere", "SELECT") if word in shown]


def test_check_19_a_statement_has_five_seconds_and_an_operation_ten() -> None:
    assert Settings().statement_seconds == 5
    assert Limits().operation_seconds == 10


async def test_check_19_a_statement_of_twelve_seconds_ends_as_a_timeout(
    database_url: str, tmp_path: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(database_url, tmp_path / "keys", statement_seconds=0.5) as node:
        statement = ENDLESS[node.database.dialect]
        resolving(monkeypatch, lambda connection: connection.exec_driver_sql(statement))
        begun = monotonic()

        answer = await node.ask(PROFILE, {"id": node.profile_id()})

        assert (answer.status_code, code_of(answer)) == (504, "TIMEOUT")
        assert "data" not in answer.json()
        assert monotonic() - begun < 10
        await check_nobody_sleeps(node)
        entry = await node.entry(answer)
        assert (entry["outcome"], entry["code"]) == ("failed", "TIMEOUT")
        assert not [word for word in ("sleep", "RECURSIVE", "SELECT") if word in answer.text + said()]
        monkeypatch.undo()
        assert (await node.ask(PROFILE, {"id": node.profile_id()})).status_code == 200


async def test_check_19_a_resolver_of_twelve_seconds_is_ended_when_its_time_is_over(
    shared: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    node, service = shared, shared.endpoint.service
    limited(node, operation_seconds=1)
    steps = 0

    def slow(connection: Connection) -> None:
        nonlocal steps
        until = monotonic() + 12
        while monotonic() < until:
            connection.exec_driver_sql(SHORT[node.database.dialect])
            steps += 1

    resolving(monkeypatch, slow)
    begun = monotonic()

    answer = await node.ask(PROFILE, {"id": node.profile_id()})

    node.endpoint.service = service
    assert (answer.status_code, code_of(answer)) == (504, "TIMEOUT")
    assert monotonic() - begun < 6
    await asyncio.sleep(0.5)
    ended = steps
    await asyncio.sleep(0.5)
    assert steps == ended > 0, "it goes on although nobody waits for it"
    await check_nobody_sleeps(node)
    entry = await node.entry(answer)
    assert (entry["outcome"], entry["code"]) == ("failed", "TIMEOUT")


async def test_check_19_a_change_that_takes_too_long_changes_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL alone: on SQLite nothing but our own code takes time while it writes."""

    def approve(work: Work, *_arguments: object, **_options: object) -> None:
        work.connection.exec_driver_sql("DELETE FROM profiles")
        work.connection.exec_driver_sql(ENDLESS["postgresql"])

    async with standing("postgresql", request, tmp_path, statement_seconds=0.5) as node:
        monkeypatch.setattr(deciding, "approve_change", approve)
        kept = await node.kept()

        answer = await node.ask(APPROVE, {"id": public_id("proposal", new_id())}, by=Role.SUPERVISOR)

        assert (answer.status_code, code_of(answer)) == (504, "TIMEOUT")
        assert await node.kept() == kept
        await check_nobody_sleeps(node)
