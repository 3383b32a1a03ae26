"""The stage: keys that only their owner reads, a cast of officers, a register proposed by one and vetted by another."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.keys import load_signing_key
from registry.audit.models import entries
from registry.cli.client import _client
from registry.core import config
from registry.core.config import Settings, read_secret
from registry.core.engines import open_database
from registry.core.errors import Conflict
from registry.demo import stage
from registry.demo.cast import AGENCIES, BY_NAME, LEGAL_BASIS, OWNER, PLAYERS
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action
from registry.editions.edition import load
from registry.profiles.models import profiles, revisions

PORT = 8123


def set_up(folder: Path, database_url: str, count: int) -> list[int]:
    """Set the stage on an empty database; return the steps of its progress."""
    stage.write_keys(folder, port=PORT, database_url=database_url)
    steps: list[int] = []

    async def run() -> None:
        database = open_database(Settings(database_url=database_url))
        try:
            await stage.set_up(database, folder, count, steps.append, port=PORT)
        finally:
            await database.close()

    asyncio.run(run())
    return steps


def read(database_url: str, statement: Any) -> list[tuple[Any, ...]]:  # Any: a statement of any columns
    """Return the rows of a statement."""

    def rows(connection: Connection) -> list[tuple[Any, ...]]:
        return [tuple(each) for each in connection.execute(statement)]

    async def run() -> list[tuple[Any, ...]]:
        database = open_database(Settings(database_url=database_url))
        try:
            return await database.read(rows)
        finally:
            await database.close()

    return asyncio.run(run())


def test_the_keys_are_good_and_only_their_owner_can_read_them(tmp_path: Path) -> None:
    stage.write_keys(tmp_path, port=PORT)

    settings = config.load({}, tmp_path / "settings.toml")
    assert load_signing_key(settings.signing_key_file).kid
    assert len(read_secret(settings.cursor_key_file, field="cursor_key_file", least=32)) == 64
    assert settings.public_url == f"http://127.0.0.1:{PORT}"
    assert settings.listen_port == PORT
    assert settings.database_url == f"sqlite:///{tmp_path}/registry.db"
    for name in ("signing.pem", "cursor.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_new_keys_take_the_place_of_old_ones(tmp_path: Path) -> None:
    stage.write_keys(tmp_path, port=PORT)
    before = (tmp_path / "signing.pem").read_text()

    stage.write_keys(tmp_path, port=PORT)

    assert (tmp_path / "signing.pem").read_text() != before


def test_the_register_is_filled_by_two_chains_and_every_step_is_entered(database_url: str, tmp_path: Path) -> None:
    steps = set_up(tmp_path, database_url, 30)

    assert sum(steps) == 30
    decisions = read(
        database_url,
        sa.select(revisions.c.state, revisions.c.proposed_agency, revisions.c.owner, sa.func.count()).group_by(
            revisions.c.state, revisions.c.proposed_agency, revisions.c.owner
        ),
    )
    assert decisions == [("approved", OWNER, OWNER, 30)]
    assert read(database_url, sa.select(sa.func.count()).select_from(profiles)) == [(30,)]
    assert read(database_url, sa.select(revisions.c.id).where(revisions.c.proposed_by == revisions.c.decided_by)) == []
    columns = (entries.c["index"], entries.c.operation, entries.c.outcome)
    log = read(database_url, sa.select(*columns).order_by(columns[0]))
    assert log == [(0, "demo", "allowed"), (1, "demo", "allowed"), (2, "demo", "allowed")]


def test_every_player_has_a_client_file_and_a_key_beside_it(database_url: str, tmp_path: Path) -> None:
    set_up(tmp_path, database_url, 1)

    for player in PLAYERS:
        described = _client(tmp_path / f"{player.name}.toml")
        key = tmp_path / described["key_file"]
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert (described["client"], described["officer"]) == (player.client, player.officer)
        assert described["url"] == f"http://127.0.0.1:{PORT}"


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("investigator", {Action.PROFILE_SEARCH, Action.PROFILE_READ}),
        ("auditor", {Action.LOG_READ}),
        ("registrar", set(Action) - {Action.LOG_READ}),
        ("vetter", set(Action) - {Action.LOG_READ}),
    ],
)
def test_a_player_may_do_what_the_part_needs_and_no_more(name: str, actions: set[Action]) -> None:
    player = BY_NAME[name]

    assert {each for each in Action if rules.may(each, player.roles, player.purpose)} == actions


def test_the_cast_is_plainly_invented_and_fits_the_country() -> None:
    edition = load()

    assert LEGAL_BASIS in edition.legal_bases
    assert all(name.startswith("DEMO ") for name in AGENCIES.values())
    for player in PLAYERS:
        assert player.agency in AGENCIES
        assert player.officer.startswith("DEMO-")
        assert edition.case_reference.fullmatch(player.case_reference)
    assert BY_NAME["registrar"].chain != BY_NAME["vetter"].chain


def test_a_database_that_holds_somebody_is_left_alone(database_url: str, tmp_path: Path) -> None:
    set_up(tmp_path, database_url, 1)

    with pytest.raises(Conflict) as caught:
        set_up(tmp_path, database_url, 1)

    assert caught.value.code == "DATABASE_NOT_EMPTY"
    assert read(database_url, sa.select(sa.func.count()).select_from(profiles)) == [(1,)]
