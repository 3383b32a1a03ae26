"""The composition root: a node starts only when it is whole, and stands on what its settings say."""

import asyncio
import gc
import shutil
import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from auth.models import replays
from registry import app as application
from registry.core.config import Settings
from registry.core.errors import RegistryError
from registry.core.private import write_private
from tests.nodes import URL, Node, code_of, running, settings_for, standing
from tests.registers import migrated, new_register
from tests.servers import postgres_server

pytestmark = pytest.mark.anyio

PROFILE = "query ($id: ID!) { profile(id: $id) { names { full } } }"


@pytest.fixture(scope="module")
async def node(
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Node]:
    """A node that all of this is asked of; what it stands on makes no difference here."""
    async with standing("sqlite", request, tmp_path_factory.mktemp("node")) as started:
        yield started


@pytest.mark.parametrize(
    "host", ["evil.example", "registry.example.evil.example", "", "10.0.0.1", "registry.example@evil"]
)
@pytest.mark.parametrize("path", ["/graphql", "/oauth/token", "/healthz", "/.well-known/oauth-authorization-server"])
async def test_a_forged_host_is_refused_at_every_address(node: Node, host: str, path: str) -> None:
    before = await node.length()

    answer = await node.http.post(path, headers={"host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert await node.length() == before


@pytest.mark.parametrize(
    "host", ["registry.example", "registry.example:443", "127.0.0.1:8000", "localhost", "[::1]:8000"]
)
async def test_the_nodes_own_names_are_served(node: Node, host: str) -> None:
    assert (await node.http.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/graphql/", "/graphiql", "/admin", "/oauth/authorize", "/.env", "/healthz/../graphql/x"]
)
async def test_nothing_else_is_served_and_that_is_told_in_json(node: Node, path: str) -> None:
    answer = await node.http.post(path)

    assert (answer.status_code, code_of(answer)) == (404, "ADDRESS_UNKNOWN")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/oauth/token", {"POST"}), ("POST", "/healthz", {"GET", "HEAD"}), ("DELETE", "/metrics", {"GET", "HEAD"})],
)
async def test_another_method_is_told_which_is_allowed(node: Node, method: str, path: str, allowed: set[str]) -> None:
    answer = await node.http.request(method, path)

    assert (answer.status_code, code_of(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert {each.strip() for each in answer.headers["allow"].split(",")} == allowed


async def test_the_addresses_that_clients_are_told_come_from_the_settings(node: Node) -> None:
    told = (await node.http.get("/.well-known/oauth-authorization-server", headers={"host": "localhost"})).json()

    assert told["issuer"] == URL
    assert told["token_endpoint"] == f"{URL}/oauth/token"


async def test_the_draft_statuses_are_one_setting_away(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys", status_profile="draft") as node:
        assert (await node.ask("{ nothing }")).status_code == 422
        assert (await node.ask(PROFILE, {"id": "x"})).status_code == 294


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"signing_key_file": ""}, "SECRET_MISSING"),
        ({"cursor_key_file": ""}, "SECRET_MISSING"),
        ({"edition": "xx"}, "NOT_FOUND"),
    ],
)
async def test_a_node_that_is_not_whole_does_not_start(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/register.db", tmp_path / "keys", **changes)

    with pytest.raises(RegistryError) as caught:
        application.create(settings)

    assert caught.value.code == code


async def test_a_cursor_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    write_private(tmp_path / "short", "k" * 31)
    settings = settings_for(f"sqlite:///{tmp_path}/register.db", tmp_path, cursor_key_file=str(tmp_path / "short"))

    with pytest.raises(RegistryError, match="shorter"):
        application.create(settings)


async def test_settings_come_from_the_environment_when_none_are_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/register.db", tmp_path)
    for name in ("database_url", "signing_key_file", "cursor_key_file", "sealing_key_file", "index_key_file"):
        monkeypatch.setenv(f"REGISTRY_{name.upper()}", getattr(settings, name))

    app = application.create()

    assert app.state.node.settings == Settings(
        database_url=settings.database_url,
        signing_key_file=settings.signing_key_file,
        cursor_key_file=settings.cursor_key_file,
        sealing_key_file=settings.sealing_key_file,
        index_key_file=settings.index_key_file,
    )


@pytest.mark.parametrize("alone", [True, False])
async def test_a_process_of_its_own_takes_what_it_has_loaded_to_stay(tmp_path: Path, *, alone: bool) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/register.db", tmp_path)
    await migrated(settings.database_url)
    app = application.create(settings, alone=alone)
    frozen = gc.get_freeze_count()

    async with app.router.lifespan_context(app):
        try:
            assert (gc.get_freeze_count() > frozen) is alone
        finally:
            gc.unfreeze()


async def test_while_the_database_is_down_everything_is_503_and_afterwards_all_is_well(tmp_path: Path) -> None:
    """A real PostgreSQL is killed and started again beneath a running node."""
    with postgres_server() as server:
        url = await new_register(server, "register")
        async with running(url, tmp_path, log_seconds=5.0) as node:
            before = await node.ask(PROFILE, {"id": node.profile_id()})
            assert before.status_code == 200

            server.kill()
            down = [
                await node.ask(PROFILE, {"id": node.profile_id()}),
                await node.ask(PROFILE, {"id": node.profile_id()}),
                await node.ask("{ nothing }"),
                await node.ask("{ __typename }", token="none"),
                await node.http.get("/graphql"),
            ]
            ready = await node.http.get("/readyz")
            token = await node.http.post("/oauth/token", data={"grant_type": "client_credentials"})
            server.start()
            after = await node.ask(PROFILE, {"id": node.profile_id()})
            again = await node.ask(PROFILE, {"id": node.profile_id()})
            log = await node.entries()

        for answer in down:
            assert answer.status_code == 503, answer.text
            assert "data" not in answer.json()
            assert answer.headers["retry-after"] == "1"
            assert code_of(answer) in ("UNAVAILABLE", "LOG_UNAVAILABLE")
        assert (ready.status_code, ready.json()["reason"]) == (503, "DATABASE_UNAVAILABLE")
        assert (token.status_code, token.json()["code"]) == (503, "UNAVAILABLE")
        assert (after.status_code, again.status_code) == (200, 200)
        assert [each["index"] for each in log] == list(range(len(log)))
        assert {each.headers["x-request-id"] for each in (before, after, again)} <= {each["request_id"] for each in log}


async def test_proofs_that_have_expired_are_forgotten_as_soon_as_the_database_lets_us(
    tmp_path: Path, sqlite_template: Path
) -> None:
    file = tmp_path / "register.db"
    shutil.copyfile(sqlite_template, file)
    async with running(f"sqlite:///{file}", tmp_path / "keys", lock_seconds=0.05) as node:
        old, new = (node.clock() + timedelta(seconds=seconds) for seconds in (-1, 60))
        rows = [{"digest": b"old", "expires_at": old}, {"digest": b"new", "expires_at": new}]
        await node.database.write(lambda connection: connection.execute(replays.insert(), rows))
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        sweep = asyncio.create_task(application._sweep(node.app.state.node, pause=0.01))
        await asyncio.sleep(0.3)
        kept = other.execute("SELECT count(*) FROM replays").fetchone()
        other.rollback()
        other.close()
        for _ in range(100):
            await asyncio.sleep(0.02)
            left = await node.database.read(
                lambda connection: connection.execute(sa.select(replays.c.digest)).scalars().all()
            )
            if left == [b"new"]:
                break
        sweep.cancel()

    assert kept == (2,)
    assert left == [b"new"]
