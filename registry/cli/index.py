"""``registry index``: the search index, and writing it anew from the records.

Needed after an update of the program that writes it in another form; until then such a node refuses to search
(INDEX_OUTDATED). Each batch is a transaction of its own, and a run that is stopped goes on where it was.
"""

import asyncio
from functools import partial
from typing import Any

import click
from sqlalchemy import Connection

from registry.audit.events import Event
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.keys import entered, progress
from registry.cli.options import as_json
from registry.core.db import Database
from registry.core.errors import Unavailable
from registry.core.key_providers import open_sealer
from registry.core.sealing import Sealer
from registry.editions.edition import Edition, load as load_edition
from registry.matching.form import FORM
from registry.profiles import rebuilding

PAUSE = 0.05
"""Seconds between two batches. SQLite lets one write at a time and keeps no queue: the next in line needs a gap."""


@click.group()
def index() -> None:
    """The search index."""


@index.command("rebuild")
@click.option("--anyway", is_flag=True, help="Also where the index is of this program's form already.")
@as_json
@reporting
def rebuild(anyway: bool, as_json: bool) -> None:
    """Write the search index anew from the current records.

    The server may run meanwhile. It refuses to search while the index is of another form than its own.

    \b
    Examples:
      registry index rebuild
      registry index rebuild --anyway
    """  # noqa: D301
    node = settings()
    edition, sealer = load_edition(node.edition), open_sealer(node)
    told = with_database(node, partial(_rebuild, edition=edition, sealer=sealer, anyway=anyway))
    text = f"Wrote the index of {told['profiles']} records anew, in form {FORM}."
    emit(told, as_json=as_json, text=text if told["rebuilt"] else f"The index is of this program's form, {FORM}.")


async def _rebuild(database: Database, *, edition: Edition, sealer: Sealer, anyway: bool) -> dict[str, Any]:
    found = await database.read(rebuilding.standing)
    is_resumed = found.rebuilt > 0
    if found.form == FORM and not (anyway or is_resumed):
        return {"rebuilt": False, "form": FORM, "profiles": 0, "resumed": False}
    await database.write(partial(_begin, found=found))
    count = 0
    with progress("Writing the index anew", found.size) as advance:
        advance(found.rebuilt)
        while written := await database.write(
            lambda connection: rebuilding.write_batch(connection, edition, sealer)
        ):  # fmt: skip
            count += written
            advance(written)
            await asyncio.sleep(PAUSE)
    await database.write(partial(_finish, count=count))
    return {"rebuilt": True, "form": FORM, "profiles": count, "resumed": is_resumed}


def _begin(connection: Connection, found: rebuilding.Index) -> None:
    """Enter that the index is written anew; one that was stopped goes on."""
    if not found.rebuilt:
        rebuilding.begin(connection)
    details = {"form": FORM, "before": found.form, "after": found.rebuilt}
    entered(connection, "index rebuild", Event("index:rebuild:begun", details=details))


def _finish(connection: Connection, count: int) -> None:
    rebuilding.finish(connection)
    entered(connection, "index rebuild", Event("index:rebuilt", details={"form": FORM, "profiles": count}))


async def state(database: Database) -> str:
    """Say in which form the index is. Raises Unavailable (INDEX_OUTDATED)."""
    found = await database.read(rebuilding.standing)
    if found.is_outdated:
        raise Unavailable(f"The index is of form {found.form}, this program's is {FORM}; nobody can be searched for.",
                          code="INDEX_OUTDATED", remedy="Run: registry index rebuild")  # fmt: skip
    return f"index of form {FORM}"
