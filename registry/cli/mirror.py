"""``registry audit mirror | restore | thaw``: a second copy of the log, and the way back from it.

The mirror is written by the node, the thaw is done by whoever runs the notary: neither can do the other's part.
docs/backup.md has the whole path, step by step.
"""

from collections.abc import Awaitable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from sqlalchemy import exc

from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.keys import as_owner
from registry.cli.notary import store_of
from registry.cli.options import as_json
from registry.cli.proving import keys_option, named_keys, progress, source_of, source_option
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.core.key_providers import open_sealer
from registry.core.sealing import Sealer
from registry.mirror import files, keeping, restoring
from registry.mirror.files import Range
from registry.mirror.restoring import EntriesLost, ErasuresUnconfirmed
from registry.notary import checking, thawing
from registry.notary.checking import Log
from registry.notary.store import Store

LONGEST_REASON = 500
folder_argument = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


@click.command()
@folder_argument
@source_option
@keys_option
@as_json
@reporting
def mirror(folder: Path, place: str | None, named: tuple[str, ...], as_json: bool) -> None:
    """Copy into FOLDER what is signed of the log and not there yet, sealed, each file once and for ever.

    Each entry is hashed up to its signed leaf first. The folder belongs on another machine, where nothing can be
    overwritten. Stopped, it goes on where it was; run it every few minutes.

    \b
    Example:
      registry audit mirror mirror.example/registry
    """  # noqa: D301
    node = settings()
    sealer = open_sealer(node)
    with source_of(place) as source:
        log = checking.opened(source, named_keys(named))
        waiting = sum(last - first + 1 for first, last in files.uncovered(files.ranges(folder), log.size))
        with progress("Mirroring entries", waiting) as advance:
            run = partial(keeping.keep, log=log, folder=folder, sealer=sealer, advance=advance)
            count = with_database(node, run)
    emit({"size": log.size, "added": count}, as_json=as_json,
         text=f"Added {count} entries; the mirror holds all {log.size} that are signed.")  # fmt: skip


@click.command()
@folder_argument
@source_option
@keys_option
@click.option("--reason", required=True, help="What happened, for whoever reads the log.")
@click.option("--give-up", is_flag=True,
              help="Enter as lost what stands neither here nor in the mirror: its leaves alone go back.")  # fmt: skip
@click.option("--erase-again", multiple=True, type=click.IntRange(0), metavar="INDEX",
              help="Make the erasure again of which entry INDEX tells; may be given several times.")  # fmt: skip
@click.option("--not-erased", multiple=True, type=click.IntRange(0), metavar="INDEX",
              help="Put back what entry INDEX says is erased: nobody agreed to it.")  # fmt: skip
@as_json
@reporting
def restore(  # noqa: PLR0913, PLR0917  each is an option
    folder: Path, place: str | None, named: tuple[str, ...], reason: str, give_up: bool,
    erase_again: tuple[int, ...], not_erased: tuple[int, ...], as_json: bool,
) -> None:  # fmt: skip
    """Put back what is missing in the database of what was signed, from the mirror in FOLDER, and enter it.

    For a register that was restored from a backup: stop the server first. Every entry that stands there is hashed
    as well; one that is not what was signed ends the run, and nothing is ever changed. Erasures that the log tells of
    and the database does not know are named, and nothing is done before each is said to be made again or not: on
    PostgreSQL set migration_url, because only the tables' owner may. Stopped, it goes on where it was.

    \b
    Example:
      registry audit restore mirror.example/registry --reason "disk of the database failed, backup of 02:00"
    """  # noqa: D301
    why = " ".join(reason.split())
    if not 3 <= len(why) <= LONGEST_REASON or not why.isprintable():
        raise InputRefused(f"is not a line of 3 to {LONGEST_REASON} printable characters.", field="--reason",
                           code="REASON_MALFORMED", remedy="Write such a line.")  # fmt: skip
    node = settings()
    sealer = open_sealer(node)
    with source_of(place) as source:
        log = checking.opened(source, named_keys(named))
        done = with_database(
            node, partial(_restore, node=node, log=log, folder=folder, sealer=sealer,
                          wanted=Wanted(why, give_up, frozenset(erase_again), frozenset(not_erased)))
        )  # fmt: skip
    words = [f"All {log.size} entries are what was signed; {done['restored']} of them were put back."]
    words += [f"{done['lost']} bodies are lost: an entry says which."] if done["lost"] else []
    words += [f"{done['erased_again']} erasures were made again."] if done["erased_again"] else []
    emit({"size": log.size, **done}, as_json=as_json, text="\n".join(words))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person has decided before a restoration."""

    why: str
    give_up: bool
    erase_again: frozenset[int]
    """Which entries tell of erasures that are to be made again."""
    not_erased: frozenset[int]
    """Which tell of some that nobody agreed to."""


async def _restore(
    database: Database, *, node: Settings, log: Log, folder: Path, sealer: Sealer, wanted: Wanted
) -> dict[str, int]:  # fmt: skip
    with progress("Hashing entries", log.size) as advance:
        found = await restoring.looked(database, log, advance)
    restoring.learn(log, folder, sealer, found)
    found.refuse(wanted.not_erased)
    due = await restoring.due_again(database, found)
    if open_ones := {place: each for place, each in due.items() if place not in wanted.erase_again}:
        raise ErasuresUnconfirmed(open_ones)
    missing = found.within(Range(0, log.size - 1))
    lost: tuple[int, ...] = ()
    async with as_owner(node, database) as owner:
        with progress("Putting entries back", len(missing)) as advance:
            try:
                await restoring.put_back(database, log, folder, sealer, found, advance)
            except EntriesLost as refused:
                if not wanted.give_up:
                    raise
                lost = refused.lost
                await _owned(restoring.give_up(owner, log, lost, found, now))
        if due:
            await _owned(restoring.erase_again(owner, due))
    done = {"restored": len(missing) - len(lost), "lost": len(lost), "erased_again": len(due)}
    await database.write(lambda connection: restoring.announce(connection, log.size, wanted.why, done, now))
    return done


async def _owned(step: Awaitable[None]) -> None:
    """Do what only the owner of the tables may. Raises InputRefused where that is somebody else."""
    try:
        await step
    except exc.ProgrammingError as problem:
        raise InputRefused(
            "is not set, and only the tables' owner may do the rest: what is put back stands.", field="migration_url",
            code="SETTING_INVALID", remedy="Set it, and run this again.",
        ) from problem  # fmt: skip


@click.command()
@keys_option
@as_json
@reporting
def thaw(named: tuple[str, ...], as_json: bool) -> None:
    """Let a notary that has refused go on: where the log is again what it signed, and an entry says why.

    Checks the notary's memory, every published file and every entry of the database. What it refused for stays in its
    folder, beside. Run it where the notary runs, after registry audit restore on the node.

    \b
    Example:
      registry audit thaw && registry notary
    """  # noqa: D301
    node = settings()
    with closing(store_of(node)) as store:
        store.open()
        log = checking.opened(checking.folder_source(store.published), named_keys(named))
        log = with_database(node, partial(_thaw, store=store, log=log))
        at = int(now().timestamp())
        store.thaw(at)
    emit({"size": log.size, "at": at}, as_json=as_json,
         text=f"All {log.size} entries are what was signed: the notary may go on.")  # fmt: skip


async def _thaw(database: Database, store: Store, log: Log) -> Log:
    with progress("Hashing tiles and entries", 2 * log.bundles) as advance:
        return await thawing.proved(store, log, database, now(), advance)
