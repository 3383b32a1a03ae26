"""Setting the stage: keys, settings, schema, cast and register, in one folder.

    var/demo/settings.toml  registry.db  signing.pem  cursor.key  investigator.toml  investigator.pem  …

Everything is made once; a second call finds it and changes nothing.
"""

import asyncio
import copyreg
import gc
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from auth import directory
from auth.actor import Actor
from auth.keys import generate_client_key, generate_signing_key
from registry import migrations
from registry.audit.events import Entry, Outcome
from registry.audit.log import append
from registry.core.clock import now
from registry.core.db import Database
from registry.core.errors import Conflict
from registry.core.ids import new_id
from registry.core.partial_dates import PartialDate
from registry.demo.cast import AGENCIES, BY_NAME, LEGAL_BASIS, OWNER, PLAYERS, Player
from registry.editions.edition import Edition, load as load_edition
from registry.profiles import intake, operations, parts
from registry.profiles.indexing import Indexed, indexed
from registry.profiles.parts import Record
from registry.synthetic.register import people
from registry.work import Work

BATCH = 2_000
Advance = Callable[[int], None]


def _by_arguments(value: Any) -> tuple[type, tuple[Any, ...]]:  # Any: whichever of the values below
    """Say how a value is made again: dataclasses' own way takes five times as long, half of a filling's time."""
    return type(value), tuple(getattr(value, name) for name in type(value).__match_args__)


for _kind in (
    Record, parts.Name, parts.NamePart, parts.Identifier, parts.Handle, parts.Conviction, parts.LegalBasis,
    PartialDate, Indexed,
):  # fmt: skip
    copyreg.pickle(_kind, _by_arguments)  # what the processes of ``fill`` hand over


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner can read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)


def write_keys(folder: Path, *, port: int, database_url: str | None = None) -> None:
    """Write the node's keys and settings."""
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / "signing.pem", generate_signing_key().private_pem)
    write_private(folder / "cursor.key", secrets.token_hex(32))
    (folder / "settings.toml").write_text(
        f'database_url = "{database_url or f"sqlite:///{folder}/registry.db"}"\n'
        f'public_url = "http://127.0.0.1:{port}"\n'
        f"listen_port = {port}\n"
        f'signing_key_file = "{folder}/signing.pem"\n'
        f'cursor_key_file = "{folder}/cursor.key"\n',
        encoding="utf-8",
    )


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
    append(connection, [Entry(now(), "command", "demo", Outcome.ALLOWED, str(new_id()), source="local")])


def _client_file(player: Player, port: int) -> str:
    values = {
        "url": f"http://127.0.0.1:{port}", "client": player.client, "key_file": f"{player.name}.pem",
        "officer": player.officer, "purpose": player.purpose.value, "case_reference": player.case_reference,
        "legal_basis": LEGAL_BASIS,
    }  # fmt: skip
    return "".join(f'{name} = "{value}"\n' for name, value in values.items())


def player_actor(connection: Connection, name: str) -> Actor:
    """Return a player as an actor."""
    player = BY_NAME[name]
    return Actor(
        client=player.client, agency=player.agency, token_id="demo", purpose=player.purpose,  # noqa: S106  no secret: an id
        officer=directory.officer(connection, player.agency, player.officer),
        case_reference=player.case_reference, legal_basis=LEGAL_BASIS,
    )  # fmt: skip


async def fill(database: Database, count: int, advance: Advance, *, processes: int = 2, seed: int = 2026) -> None:
    """Fill the register: the registrar proposes each batch, an officer of another chain vets it.

    Reading the records and making their keys is spread over processes; the order is the generator's.
    """
    edition = load_edition()
    coming: deque[Future[list[tuple[Record, Indexed]]]] = deque()
    with ProcessPoolExecutor(processes, initializer=gc.disable) as pool, _without_collecting():
        for part in _ranges(seed, count):
            coming.append(pool.submit(_prepared, part))
            if len(coming) > 2 * processes:  # no more than that is prepared ahead, or it would fill the memory
                await _take(database, edition, coming.popleft(), advance)
        while coming:
            await _take(database, edition, coming.popleft(), advance)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave cycles alone for a while: to look for them among millions of new values takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def _take(
    database: Database, edition: Edition, part: "Future[list[tuple[Record, Indexed]]]", advance: Advance
) -> None:
    prepared = await asyncio.wrap_future(part)
    await database.write(partial(_vetted, edition=edition, prepared=prepared))
    advance(len(prepared))


def _ranges(seed: int, count: int) -> Iterator[tuple[int, int, int]]:
    return ((seed, start, min(BATCH, count - start)) for start in range(0, count, BATCH))


def _prepared(part: tuple[int, int, int]) -> list[tuple[Record, Indexed]]:
    """Read one range of the synthetic register, in a process of its own."""
    seed, start, count = part
    edition = load_edition()
    records = [intake.record(each, edition, owner=OWNER) for each in people(seed, count, start, OWNER)]
    return [(each, indexed(each, edition)) for each in records]


def _vetted(connection: Connection, edition: Edition, prepared: Sequence[tuple[Record, Indexed]]) -> None:
    moment = now()
    proposing = Work(connection, player_actor(connection, "registrar"), moment, edition)
    proposals = operations.propose_many(proposing, [record for record, _ in prepared], "DEMO register")
    vetting = Work(connection, player_actor(connection, "vetter"), moment, edition)
    operations.approve_many(vetting, proposals, [index for _, index in prepared])
    append(connection, [_entry(work, moment) for work in (proposing, vetting)])


def _entry(work: Work, moment: datetime) -> Entry:
    actor = work.actor
    return Entry(
        at=moment.astimezone(UTC), kind="command", operation="demo", outcome=Outcome.ALLOWED, request_id=str(new_id()),
        client=actor.client, agency=actor.agency, officer=actor.officer.id if actor.officer else None,
        purpose=actor.purpose.value if actor.purpose else None, case_reference=actor.case_reference,
        legal_basis=actor.legal_basis, source="local", events=tuple(work.events),
    )  # fmt: skip


async def set_up(database: Database, folder: Path, count: int, advance: Advance, *, port: int) -> None:
    """Bring an empty database to a filled register with its cast."""
    await migrations.upgrade(database)
    if await database.read(directory.is_anybody_enrolled):
        raise Conflict(
            "The database holds agencies already.", code="DATABASE_NOT_EMPTY", remedy="Name an empty database."
        )
    await database.write(lambda connection: enrol(connection, folder, port=port))
    await fill(database, count, advance)
