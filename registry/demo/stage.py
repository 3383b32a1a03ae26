"""Setting the stage: keys, settings, schema, cast and register, in one folder.

    var/demo/settings.toml  registry.db  signing.pem  cursor.key  sealing.key  index.key  investigator.toml  …

Everything is made once; a second call finds it and changes nothing.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from auth import directory
from auth.keys import generate_client_key, generate_signing_key
from registry import migrations
from registry.audit.events import Entry, Outcome
from registry.audit.log import append
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import Conflict
from registry.core.ids import new_id
from registry.core.key_providers import generate_key_line
from registry.core.private import write_private
from registry.demo.cast import AGENCIES, PLAYERS, Player
from registry.demo.filling import Advance, fill, play
from registry.synthetic import marks

SECRETS: dict[str, tuple[str, Callable[[], str]]] = {
    "signing_key_file": ("signing.pem", lambda: generate_signing_key().private_pem),
    "cursor_key_file": ("cursor.key", lambda: secrets.token_hex(32)),
    "sealing_key_file": ("sealing.key", generate_key_line),
    "index_key_file": ("index.key", lambda: secrets.token_hex(32)),
}
"""Settings that name a file, the file's name, and how it is made."""


def write_keys(folder: Path, *, port: int, database_url: str | None = None) -> None:
    """Write the node's keys and settings."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"database_url": database_url or f"sqlite:///{folder}/registry.db",
                "public_url": f"http://127.0.0.1:{port}"}  # fmt: skip
    for setting, (name, made) in SECRETS.items():
        write_private(folder / name, made())
        settings[setting] = f"{folder}/{name}"
    settings |= {"log_folder": f"{folder}/published", "notary_folder": f"{folder}/notary"}
    lines = [f'{name} = "{value}"' for name, value in settings.items()]
    if not settings["database_url"].startswith("sqlite"):
        lines.append("unsigned_seconds = 0  # no notary signs for this demonstration: docs/notary.md")
    (folder / "settings.toml").write_text("\n".join([*lines, f"listen_port = {port}", ""]), encoding="utf-8")


def enrol(connection: Connection, folder: Path, *, port: int) -> None:
    """Enrol the cast, and write each player's key and client file."""
    for code, name in AGENCIES.items():
        directory.enrol_agency(connection, code, name=name, country="KE")
    for player in PLAYERS:
        pair = generate_client_key()
        directory.enrol_officer(connection, player.agency, player.officer, chain=player.chain, roles=player.roles)
        directory.enrol_client(
            connection, player.client, player.agency, jwks={"keys": [pair.jwk]},
            scopes=[directory.INTROSPECTION] if player.introspection else [],
        )  # fmt: skip
        write_private(folder / f"{player.name}.pem", pair.private_pem)
        (folder / f"{player.name}.toml").write_text(_client_file(player, port), encoding="utf-8")
    append(connection, [Entry(now(), "command", marks.SET_UP, Outcome.ALLOWED, str(new_id()), source="local")])


def _client_file(player: Player, port: int) -> str:
    values = {
        "url": f"http://127.0.0.1:{port}", "client": player.client, "key_file": f"{player.name}.pem",
        "officer": player.officer, "purpose": player.purpose.value, "case_reference": player.case_reference,
        "legal_basis": player.legal_basis,
    }  # fmt: skip
    return "".join(f'{name} = "{value}"\n' for name, value in values.items())


async def set_up(
    database: Database, settings: Settings, folder: Path, count: int, advance: Advance, *, port: int
) -> None:  # fmt: skip
    """Bring an empty database to a filled register with its cast and its scenes."""
    await migrations.upgrade(database)
    if await database.read(directory.is_anybody_enrolled):
        raise Conflict(
            "The database holds agencies already.", code="DATABASE_NOT_EMPTY", remedy="Name an empty database."
        )
    await database.write(lambda connection: enrol(connection, folder, port=port))
    await fill(database, settings, count, advance)
    await play(database, settings, count)
