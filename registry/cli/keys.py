"""``registry keys``: what seals the register is made, exchanged, and destroyed together with what it seals.

Each run is entered in the log, an erasure with the records that it erased. A run that is stopped goes on where it was:
what is done is done in whole batches, each a transaction of its own. docs/keys.md says when to use which.
"""

import os
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Connection

from registry import keyrings
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.cli.base import console, emit, reporting, settings, with_database
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import clear, open_database
from registry.core.errors import Conflict
from registry.core.ids import new_id, public_id
from registry.core.key_providers import generate_key_line, open_sealer, read_key_file
from registry.core.private import write_private
from registry.core.sealing import KEY_BYTES, Sealer, Tampered, WrappedKey
from registry.editions.edition import Edition, load as load_edition
from registry.keyrings import Anew, Keyring
from registry.profiles import erasure
from registry.profiles.erasure import Due, Erased

ERASURE_BATCH = 100
"""Removed records of one transaction; each may hold photographs."""
MOST_TOLD = 20


@click.group()
def keys() -> None:
    """The keys that seal the register."""


def entered(connection: Connection, command: str, event: Event) -> None:
    """Enter what the operator's command did."""
    entry = Entry(
        now(), "command", command, Outcome.ALLOWED, str(new_id()), client="command-line", source="local",
        events=(event,),
    )  # fmt: skip
    append(connection, [entry])


@contextmanager
def progress(word: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar; what it yields moves it on."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as progress:  # fmt: skip
        task = progress.add_task(word, total=total)
        yield lambda done: progress.advance(task, done)


@asynccontextmanager
async def as_owner(node: Settings, database: Database) -> AsyncIterator[Database]:
    """Open the register as the tables' owner, who alone may clear them; without its address, as who we are.

    Opened before the work begins, so that a password that is missing stops it while nothing is done.
    """
    if not node.migration_url:
        yield database
        return
    owner = open_database(node.migrating)
    try:
        yield owner
    finally:
        await owner.close()


# -- generate


@keys.command("generate")
@click.option("--index", is_flag=True, help="Make the key of blind indexes: one for as long as the register stands.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help="File to write, mode 0600; a line is added to a key file that is there.")  # fmt: skip
@as_json
@reporting
def generate(index: bool, out: Path | None, as_json: bool) -> None:
    """Make a key: a line of a key file, or with --index the key of blind indexes.

    A line that is added to a key file stands last, so it unwraps and does not wrap until it is made the first.

    \b
    Examples:
      registry keys generate --out sealing.keys
      registry keys generate --index --out index.key
    """  # noqa: D301
    made = secrets.token_hex(KEY_BYTES) if index else generate_key_line()
    if out is None:
        emit({"key": made}, as_json=as_json, text=made)
        return
    before = _lines_before(out, index=index)
    _kept(out, "\n".join([*before, made]) + "\n")
    key_id = None if index else made.partition(":")[0]
    said = f"Wrote the key {key_id} to {out}." if key_id else f"Wrote the key of blind indexes to {out}."
    if before:
        said += " It unwraps only, until its line is the first."
    emit({"file": str(out), "id": key_id, "wraps": not before}, as_json=as_json, text=said)


def _lines_before(out: Path, *, index: bool) -> list[str]:
    """Return the lines of a key file that is there. Raises Conflict (FILE_EXISTS), InputRefused."""
    if not out.exists():
        return []
    if index:
        raise Conflict(
            "This file is there already.", code="FILE_EXISTS", field="--out",
            remedy="Keep it: with another index key no exact search finds what was indexed before.",
        )  # fmt: skip
    read_key_file(str(out))
    return out.read_text(encoding="ascii").strip().split("\n")


def _kept(file: Path, content: str) -> None:
    """Put a private file in its place whole: a key file that is half written would close the register."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    write_private(beside, content)
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.replace(file)


# -- rotate


@dataclass(slots=True)
class Rotation:
    """What became of the data keys."""

    current: str
    before: dict[str, dict[str, int]]
    anew: dict[str, int] = field(default_factory=dict)
    closed: int = 0
    """How many did not open."""
    told: list[str] = field(default_factory=list)
    """The first of those, by table and record."""
    after: dict[str, dict[str, int]] = field(default_factory=dict)
    remaining: str | None = None

    def waiting(self, counted: dict[str, dict[str, int]]) -> dict[str, int]:
        """Return how many data keys each other key-encryption key wraps."""
        other: dict[str, int] = {}
        for by_key in counted.values():
            for key_id, number in by_key.items():
                if key_id != self.current:
                    other[key_id] = other.get(key_id, 0) + number
        return other

    @property
    def unused(self) -> list[str]:
        """The key-encryption keys that wrapped data keys before this run, and none now."""
        return sorted(self.waiting(self.before).keys() - self.waiting(self.after).keys())

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs."""
        return {
            "current": self.current, "waiting": self.waiting(self.before), "anew": self.anew,
            "left": self.waiting(self.after), "unused_but_for_the_log": self.unused, "closed": self.closed,
            "problems": self.told, "remaining": self.remaining,
        }  # fmt: skip

    def as_text(self) -> str:
        """Return the report for people."""
        left = self.waiting(self.after)
        lines = [f"{name}: {number} wrapped anew" for name, number in self.anew.items()]
        lines += [f"{number} are still wrapped with {key_id}." for key_id, number in left.items()]
        lines += [f"Does not open: {each}" for each in self.told]
        if left:
            lines.append("Put back a key that is missing, restart every process with the new settings, run this again.")
        else:
            lines.append(f"Every data key is wrapped with {self.current}.")
        if self.unused:
            lines.append(f"No data key needs {', '.join(self.unused)} any more, but the log does: criteria of earlier "
                         "searches open with it only. docs/keys.md says until when to keep it.")  # fmt: skip
        return "\n".join([*lines, *([self.remaining] if self.remaining else [])])

    def close(self, ring: Keyring, record: UUID, key: WrappedKey, problem: Tampered) -> None:
        """Note a key that does not open: it must not hold up the others."""
        self.closed += 1
        if self.closed <= MOST_TOLD:
            self.told.append(f"{ring.name} {record}, wrapped with {key.key_id}: {problem}")


@keys.command("rotate")
@click.option("--dry-run", is_flag=True, help="Count only; write nothing.")
@as_json
@reporting
def rotate(dry_run: bool, as_json: bool) -> None:
    """Wrap every data key anew, with the key-encryption key that is current.

    What is sealed stays as it is. The server may run meanwhile. On PostgreSQL set migration_url: the old keys are
    cleared away by the tables' owner.

    \b
    Examples:
      registry keys rotate --dry-run
      registry keys rotate
    """  # noqa: D301
    node = settings()
    sealer = open_sealer(node)
    if dry_run:
        found = with_database(node, lambda database: _rotation(database, sealer))
        waiting = found.waiting(found.before)
        lines = [f"{number} data keys are wrapped with {key_id}." for key_id, number in waiting.items()]
        emit({"current": found.current, "waiting": waiting}, as_json=as_json,
             text="\n".join(lines) or f"Every data key is wrapped with {found.current}.")  # fmt: skip
        return
    done = with_database(node, lambda database: _rotate(database, sealer, node))
    emit(done.as_json(), as_json=as_json, text=done.as_text())
    if done.waiting(done.after):
        sys.exit(1)


async def _rotation(database: Database, sealer: Sealer) -> Rotation:
    return Rotation(sealer.current, await database.read(keyrings.held))


async def _rotate(database: Database, sealer: Sealer, node: Settings) -> Rotation:
    async with as_owner(node, database) as owner:
        run = await _rotation(database, sealer)
        waiting = run.waiting(run.before)
        begun = Event("keys:rotation:begun", details={"current": run.current, "waiting": waiting})
        await database.write(lambda connection: entered(connection, "keys rotate", begun))
        with progress("Wrapping anew", sum(waiting.values())) as advance:
            for ring in keyrings.KEYRINGS:
                await _rotate_ring(database, sealer, ring, run, advance)
        run.after = await database.read(keyrings.held)
        run.remaining = await clear(owner, [ring.table.name for ring in keyrings.KEYRINGS])
        rotated = Event("keys:rotated", details={
            "current": run.current, "anew": run.anew, "left": run.waiting(run.after), "closed": run.closed,
        })  # fmt: skip
        await database.write(lambda connection: entered(connection, "keys rotate", rotated))
    return run


async def _rotate_ring(
    database: Database, sealer: Sealer, ring: Keyring, run: Rotation, advance: Callable[[int], None]
) -> None:
    """Wrap one table's keys anew. Nothing is locked while a token wraps: that may take its time."""
    last: UUID | None = None
    run.anew[ring.name] = 0
    while found := await database.read(partial(keyrings.others, ring=ring, current=run.current, after=last)):
        last = found[-1][0]
        anew: list[Anew] = []
        for record, key in found:
            try:
                anew.append(Anew(record, key, sealer.rewrap(record, key)))
            except Tampered as problem:
                run.close(ring, record, key, problem)
        await database.write(partial(keyrings.put, ring=ring, anew=anew))
        run.anew[ring.name] += len(anew)
        advance(len(found))


# -- erase


@dataclass(slots=True)
class Erasure:
    """What was erased, or would be."""

    due: Due
    erased: Erased = field(default_factory=Erased)
    remaining: str | None = None

    def as_json(self, *, dry_run: bool) -> dict[str, Any]:
        """Return the report for programs."""
        due, erased = self.due, self.erased
        return {
            "dry_run": dry_run, "removed": len(due.ready), "profiles": len(erased.profiles), "keys": erased.keys,
            "versions": erased.revisions, "photographs": erased.photographs, "later": due.later,
            "next_on": due.next_on.isoformat() if due.next_on else None,
            "undecided": [public_id("profile", each) for each in due.undecided], "remaining": self.remaining,
        }  # fmt: skip

    def as_text(self, *, dry_run: bool) -> str:
        """Return the report for people."""
        due, erased = self.due, self.erased
        word = "Would erase" if dry_run else "Erased"
        held = f"{erased.keys} keys, {erased.revisions} versions and proposals, {erased.photographs} photographs"
        lines = [f"{word} {len(erased.profiles)} records, those merged into them among them: {held}."]
        if due.undecided:
            waiting = ", ".join(public_id("profile", each) for each in due.undecided)
            lines.append(f"To be restored or not, which is decided on first: {waiting}")
        if due.later:
            lines.append(f"{due.later} more are removed; the next of them is due on {due.next_on}.")
        return "\n".join([*lines, *([self.remaining] if self.remaining else [])])


@keys.command("erase")
@click.option("--dry-run", is_flag=True, help="Count only; destroy nothing.")
@click.option("--rewrite", is_flag=True, help="PostgreSQL: write whole tables anew, without remnants. Questions wait.")
@as_json
@reporting
def erase(dry_run: bool, rewrite: bool, as_json: bool) -> None:
    """Destroy what removed records hold, once the country edition's days of grace are over. It can't be undone.

    Digest, date and order number stay, and who decided what. On PostgreSQL set migration_url: what was destroyed is
    cleared away by the tables' owner.

    \b
    Examples:
      registry keys erase --dry-run
      registry keys erase
      registry keys erase --rewrite
    """  # noqa: D301
    node = settings()
    edition = load_edition(node.edition)
    destroy = partial(_erase, edition=edition, node=node, rewrite=rewrite)
    done = with_database(node, partial(_erasable, edition=edition) if dry_run else destroy)
    emit(done.as_json(dry_run=dry_run), as_json=as_json, text=done.as_text(dry_run=dry_run))


async def _due(database: Database, edition: Edition) -> Due:
    return await database.read(partial(erasure.due, edition=edition, today=now().date()))


def _batches(chosen: tuple[UUID, ...]) -> Iterator[tuple[UUID, ...]]:
    for first in range(0, len(chosen), ERASURE_BATCH):
        yield chosen[first : first + ERASURE_BATCH]


async def _erasable(database: Database, edition: Edition) -> Erasure:
    found = Erasure(await _due(database, edition))
    for batch in _batches(found.due.ready):
        found.erased += await database.read(partial(erasure.held, removed=batch))
    return found


async def _erase(database: Database, edition: Edition, node: Settings, *, rewrite: bool) -> Erasure:
    async with as_owner(node, database) as owner:
        run = Erasure(await _due(database, edition))
        with progress("Erasing", len(run.due.ready)) as advance:
            for batch in _batches(run.due.ready):
                run.erased += await database.write(partial(_erase_batch, removed=batch))
                advance(len(batch))
        await database.write(erasure.forget_names)
        run.remaining = await clear(owner, erasure.TABLES, rewrite=rewrite)
    return run


def _erase_batch(connection: Connection, removed: tuple[UUID, ...]) -> Erased:
    """Erase records in one transaction with their entry in the log."""
    erased = erasure.erase(connection, removed, now())
    if erased.profiles:
        counts = {"keys": erased.keys, "versions": erased.revisions, "photographs": erased.photographs}
        entered(connection, "keys erase", Event("profile:erased", erased.profiles, counts))
    return erased
