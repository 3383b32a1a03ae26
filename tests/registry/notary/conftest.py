"""A notary with its folders, on a register that is entered into as the server does."""

import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from registry.audit.log import append
from registry.audit.models import heads
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.notary import checking
from registry.notary.cosigning import Cosigning
from registry.notary.running import Rounds
from registry.notary.signing import Notary
from registry.notary.store import Disk, Store
from registry.tlog.keys import Signer, VerifierKey, ed25519, ml_dsa_44
from tests.factories import entry
from tests.servers import APP, NOTARY

ORIGIN = "registry.example/log"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SIGNERS: tuple[Signer, ...] = (
    ed25519(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32)))),
    ml_dsa_44(ORIGIN, MLDSA44PrivateKey.from_seed_bytes(bytes(range(32)))),
)
KEYS: tuple[VerifierKey, ...] = tuple(each.key for each in SIGNERS)


class Stopped(BaseException):
    """The process is gone: nothing that comes after is done."""


@dataclass
class Faulty(Disk):
    """A disk that ends at its nth call, half done: with an exception, or with the process."""

    left: int
    kills: bool = False
    done: int = field(default=0)

    def _call(self) -> bool:
        self.done += 1
        return self.done > self.left

    def _end(self) -> None:
        if self.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        raise Stopped

    def write(self, path: Path, content: bytes, mode: int) -> None:
        """Write half of it, and end."""
        if self._call():
            super().write(path, content[: len(content) // 2], mode)
            self._end()
        super().write(path, content, mode)

    def rename(self, path: Path, to: Path) -> None:
        """End before it."""
        if self._call():
            self._end()
        super().rename(path, to)

    def flush(self, folder: Path) -> None:
        """End before it."""
        if self._call():
            self._end()
        super().flush(folder)

    def make(self, folder: Path, mode: int) -> None:
        """End behind it: it is not durable yet."""
        super().make(folder, mode)
        if self._call():
            self._end()

    def remove(self, path: Path) -> None:
        """End before it."""
        if self._call():
            self._end()
        super().remove(path)


@dataclass
class Desk:
    """One log: its register, and the folders of its notary."""

    database: Database
    """As the server reaches it."""
    signing: Database
    """As the notary does."""
    folder: Path
    at: datetime = NOW

    @property
    def store(self) -> Store:
        """The notary's folders."""
        return Store(self.folder / "notary", self.folder / "published")

    async def enter(self, count: int, at: datetime | None = None) -> None:
        """Make entries, as the server does."""
        given = [entry(at=self.at, operation=f"question{place}") for place in range(count)]
        await self.database.write(lambda connection: append(connection, given, clock=lambda: at or self.at))

    async def signed(
        self, disk: Disk | None = None, signers: Sequence[Signer] = SIGNERS, cosigning: Cosigning | None = None
    ) -> int:  # fmt: skip
        """Start a notary, let it sign all that waits, end it; return how much is signed."""
        store = Store(self.folder / "notary", self.folder / "published", disk)
        store.open()
        try:
            notary = Notary(store, ORIGIN, signers)
            every = timedelta(minutes=10)
            rounds = Rounds(notary, store, self.signing, every, bundles_again=1_000, cosigning=cosigning)
            while await rounds.one(self.at):
                pass
            return notary.size
        finally:
            store.close()

    def log(self) -> checking.Log:
        """Read the published log as a stranger does, all of it."""
        log = checking.opened(checking.folder_source(self.folder / "published"), KEYS)
        checking.whole(log, lambda _done: None)
        return log

    def problems(self) -> list[str]:
        """Return what fsck has to say."""
        log = self.log()
        return [*checking.rebuilt(log, self.store, lambda _done: None), *checking.remembered(log, self.store)]

    async def heads(self) -> dict[int, bytes]:
        """Return the roots that the database was told of, by size."""
        told = sa.select(heads.c.size, heads.c.root)
        return await self.database.read(
            lambda connection: {size: bytes(root) for size, root in connection.execute(told)}
        )


@asynccontextmanager
async def at_desk(url: str, folder: Path) -> AsyncIterator[Desk]:
    """Open a register twice, as its server and as its notary."""
    both = [open_database(Settings(database_url=each)) for each in (url, url.replace(f"{APP}@", f"{NOTARY}@"))]
    try:
        yield Desk(both[0].keeper, both[1].keeper, folder)
    finally:
        for each in both:
            await each.close()


@pytest.fixture
async def desk(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Desk]:  # noqa: ARG001  brings the loop
    """A notary's folders on a fresh register."""
    async with at_desk(database_url, tmp_path) as desk:
        yield desk
