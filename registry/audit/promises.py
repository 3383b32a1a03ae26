"""The promise key of this process, and the receipts that it signs (receipts.py says what stands in one).

    promises = Promises(origin, clock)
    promises.receipt(placed)                "v1 4711 1795344843120 …", once the entry is durable, and never before
    await promises.keep(database)           tells the notary of a key before it is used; a new one every half day

The key is made here and kept nowhere: a receipt can't be made by whoever copies a disk. What the notary learns of it is
a row of ``log_promise_keys``, which nobody changes. A signature costs some 30 microseconds, and no statement.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection

from registry.audit import receipts
from registry.audit.models import promise_keys
from registry.audit.sequencing import Placed
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.telemetry import log, problem_of
from registry.tlog.tree import leaf_hash

RENEWED = timedelta(hours=12)
"""A key is followed by the next long before its day is over."""
PAUSE = 5.0
"""Seconds between two looks, and until what could not be told is told again."""


@dataclass(frozen=True, slots=True)
class PromiseKey:
    """A key that promises."""

    private: Ed25519PrivateKey = field(repr=False)
    public: bytes
    since: datetime

    @classmethod
    def made(cls, at: datetime) -> "PromiseKey":
        """Make a key."""
        private = Ed25519PrivateKey.generate()
        return cls(private, private.public_key().public_bytes_raw(), at)


class Promises:
    """What one process promises."""

    def __init__(self, origin: str, clock: Clock) -> None:
        self._origin = origin
        self._clock = clock
        self.key = PromiseKey.made(clock())
        self.is_told = False
        """Whether the notary can know of the key."""

    def receipt(self, placed: Placed) -> str:
        """Return the receipt of an entry that is durable."""
        key = self.key
        return str(receipts.promised(
            self._origin, placed.index, placed.at, leaf_hash(placed.leaf), key=key.public, sign=key.private.sign
        ))  # fmt: skip

    def headers(self, placed: Placed | None) -> dict[str, str]:
        """Return the header of an answer: none where nothing was entered."""
        return {} if placed is None else {receipts.HEADER: self.receipt(placed)}

    async def keep(self, database: Database) -> None:
        """Tell of the key once, and take another when it is time; one that could not be told of is not taken."""
        at = self._clock()
        coming = self.key
        if self.is_told:
            if at < self.key.since + RENEWED:
                return
            coming = PromiseKey.made(at)
        try:
            await database.write(partial(tell, key=coming))
        except Exception as problem:  # noqa: BLE001  the next look tries again, whatever it was
            log.warning("promise_key_untold", problem=problem_of(problem))
            return
        self.key, self.is_told = coming, True

    async def keep_on(self, database: Database, pause: float = PAUSE) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(pause)
            await self.keep(database)


def tell(connection: Connection, key: PromiseKey) -> None:
    """Let the notary know of a key."""
    connection.execute(sa.insert(promise_keys).values(key=key.public, since=key.since))
