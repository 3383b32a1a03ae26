"""``registry audit drill``: a register is lost and comes back, step by step, in a scratch folder.

What has never been tried does not work when it is needed. So the whole path of docs/backup.md is gone here with the
code that goes it in earnest: entries, notary, mirror, an old backup, what refuses then, the way back. Nothing of the
node is touched: keys, database and folders are the drill's own, and gone when it ends.
"""

import asyncio
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry import migrations
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.audit.sequencing import LogShortened
from registry.cli.base import console, emit, reporting
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import ProofFailed
from registry.core.ids import new_id
from registry.core.key_providers import FileKeys
from registry.core.sealing import KEY_BYTES, Sealer
from registry.mirror import keeping, restoring
from registry.notary import checking, thawing
from registry.notary.checking import Log
from registry.notary.judging import Refusal
from registry.notary.running import Rounds
from registry.notary.signing import Notary
from registry.notary.store import Store
from registry.tlog.keys import Signer, ed25519

T = TypeVar("T")
ENTRIES = 300
"""Made before the backup, and again behind it: a bundle and more."""
ORIGIN = "drill.example/log"


class DrillFailed(ProofFailed):
    """A step of the drill did not end as it has to."""

    default_code = "DRILL_FAILED"

    def __init__(self, step: str, what: str) -> None:
        super().__init__(f"{step}: {what}", remedy="Find out why before you need a backup: docs/backup.md.")


@dataclass(frozen=True, slots=True)
class Backups:
    """How a database is backed up, lost, and restored; it is not open meanwhile."""

    take: Callable[[], None]
    lose: Callable[[], None]
    put_back: Callable[[], None]


def of_file(database: Path) -> Backups:
    """Return the backups of a SQLite file."""
    copy = database.with_name(f"{database.name}.backup")

    def take() -> None:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)

    def lose() -> None:
        for each in database.parent.glob(f"{database.name}*"):
            if each != copy:
                each.unlink()

    def put_back() -> None:
        shutil.copyfile(copy, database)

    return Backups(take, lose, put_back)


@dataclass
class Drill:
    """A register of the drill's own, and where it has come to."""

    folder: Path
    url: str
    """As the node reaches it."""
    signing_url: str
    """As the notary does."""
    backups: Backups
    size: int = 0
    kept: bytes = b""
    """A checkpoint that an overseer kept."""
    sealer: Sealer = field(
        default_factory=lambda: Sealer(
            FileKeys({"drill": secrets.token_bytes(KEY_BYTES)}), secrets.token_bytes(KEY_BYTES)
        )
    )
    signer: Signer = field(default_factory=lambda: ed25519(ORIGIN, Ed25519PrivateKey.generate()))

    @property
    def store(self) -> Store:
        """The notary's folders."""
        return Store(self.folder / "notary", self.folder / "published")

    @property
    def mirror(self) -> Path:
        """Where the mirror is."""
        return self.folder / "mirror"

    def published(self) -> Log:
        """Read the published log, and believe it by its key."""
        log = checking.opened(checking.folder_source(self.folder / "published"), [self.signer.key])
        checking.whole(log, _quiet)
        return log

    async def begin(self) -> str:
        """Make entries, sign them, keep the checkpoint."""
        await self._enter(ENTRIES)
        await self._sign()
        self.kept = self.published().note.print()
        return f"{self.size} entries are signed, and an overseer keeps their checkpoint"

    async def back_up(self) -> str:
        """Take a backup of the database."""
        self.backups.take()
        return f"a backup of the database holds {self.size} entries"

    async def go_on(self) -> str:
        """Make more entries, sign and mirror them."""
        await self._enter(ENTRIES)
        await self._sign()
        count = await self._using(
            lambda database: keeping.keep(database, self.published(), self.mirror, self.sealer, _quiet)
        )
        self._see(count == self.size, f"the mirror holds {count} of {self.size} entries")
        return f"{self.size} entries are signed and mirrored"

    async def lose(self) -> str:
        """Lose the database, and restore the old backup."""
        self.backups.lose()
        self.backups.put_back()
        return "the database is lost, and the old backup stands in its place"

    async def refuse(self) -> str:
        """See the notary refuse for good, and the node answer nothing."""
        with suppress(Refusal):
            await self._sign()
            self._see(False, "the notary signed a log that is shorter than what it signed")
        self._see("[LOG_SHRUNK]" in (self.store.refusal() or ""), "the notary did not write down why it refuses")
        with suppress(LogShortened):
            await self._enter(1)
            self._see(False, "the node gave a place of the log a second time")
        return "the notary refuses for good [LOG_SHRUNK], the node answers 503 and nothing else [LOG_SHORTENED]"

    async def restore(self) -> str:
        """Put back from the mirror what is missing, and enter it."""
        log = self.published()

        async def restored(database: Database) -> int:
            found = await restoring.looked(database, log, _quiet)
            count = await restoring.put_back(database, log, self.mirror, self.sealer, found, _quiet)
            await database.write(
                lambda connection: restoring.announce(
                    connection, log.size, "a drill, of nothing real", {"restored": count}, now
                )
            )
            return count

        count = await self._using(restored)
        self._see(count == ENTRIES, f"{count} entries were put back")
        self.size += 1
        return f"{count} entries are put back as they were signed, and an entry says so"

    async def thaw(self) -> str:
        """Let the notary go on."""
        with closing(self.store) as store:
            store.open()
            await self._using(
                lambda database: thawing.proved(store, self.published(), database, now(), _quiet), self.signing_url
            )
            store.thaw(int(now().timestamp()))
        return "the notary has checked all of it and is let go on"

    async def prove(self) -> str:
        """Make more entries, sign them, and see that the log goes on from what the overseer kept."""
        await self._enter(1)
        await self._sign()
        log = self.published()
        self._see(log.size == self.size, f"{log.size} entries are published of {self.size}")
        checking.goes_on(log, self.kept)
        found = await self._using(lambda database: restoring.looked(database, log, _quiet))
        self._see(found.is_whole, "entries are missing")
        problems = [*checking.rebuilt(log, self.store, _quiet), *checking.remembered(log, self.store)]
        self._see(not problems, "; ".join(problems))
        return f"all {log.size} entries hash to their leaves, and the log goes on from the checkpoint that was kept"

    def _see(self, is_so: bool, otherwise: str) -> None:
        if not is_so:
            raise ProofFailed(f"{otherwise}.")

    async def _enter(self, count: int) -> None:
        event = Event("drill", details={"says": "DEMO: an entry of a drill, about nobody"})
        waiting = [
            Entry(now(), "command", "drill", Outcome.ALLOWED, str(new_id()), source="local", events=(event,))
            for _ in range(count)
        ]  # fmt: skip
        await self._using(partial(_entered, waiting=waiting))
        self.size += count

    async def _sign(self) -> None:
        with closing(self.store) as store:
            store.open()
            notary = Notary(store, ORIGIN, [self.signer])

            async def signed(database: Database) -> None:
                rounds = Rounds(notary, store, database, timedelta(minutes=10))
                while await rounds.one(now()):
                    pass

            await self._using(signed, self.signing_url)

    async def _using(self, use: Callable[[Database], Awaitable[T]], url: str | None = None) -> T:
        database = open_database(Settings(database_url=url or self.url)).keeper
        try:
            return await use(database)
        finally:
            await database.close()


async def _entered(database: Database, waiting: list[Entry]) -> None:
    await database.write(lambda connection: append(connection, waiting))


def _quiet(_done: int) -> None:
    """Show nothing: each step is told when it is over."""


STEPS: tuple[Callable[[Drill], Awaitable[str]], ...] = (
    Drill.begin, Drill.back_up, Drill.go_on, Drill.lose, Drill.refuse, Drill.restore, Drill.thaw, Drill.prove,
)  # fmt: skip


async def gone_through(drill: Drill, tell: Callable[[int, str], None]) -> None:
    """Do all steps, and tell of each. Raises DrillFailed, which names the one that failed."""
    for number, step in enumerate(STEPS, 1):
        try:
            tell(number, await step(drill))
        except Exception as problem:
            raise DrillFailed(f"Step {number} of {len(STEPS)}", str(problem) or type(problem).__name__) from problem


@click.command()
@as_json
@reporting
def drill(as_json: bool) -> None:
    """Lose a register of the drill's own and get it back: backup, mirror, refusal, restoration, thaw.

    All of it happens in a scratch folder on SQLite; nothing of this node is read or written. Exit code 5 says which
    step failed.

    \b
    Example:
      registry audit drill
    """  # noqa: D301
    told: list[str] = []

    def tell(number: int, words: str) -> None:
        told.append(words)
        console.print(f"{number}/{len(STEPS)}  {words}.")

    with tempfile.TemporaryDirectory(prefix="registry-drill-") as folder:
        asyncio.run(_in(Path(folder), tell))
    emit({"steps": told}, as_json=as_json, text="The register came back whole.")


async def _in(folder: Path, tell: Callable[[int, str], None]) -> None:
    file = folder / "register.db"
    url = f"sqlite:///{file}"
    database = open_database(Settings(database_url=url))
    try:
        await migrations.upgrade(database)
    finally:
        await database.close()
    await gone_through(Drill(folder, url, url, of_file(file)), tell)
