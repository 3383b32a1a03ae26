"""The loop of ``registry notary``: look, refuse or sign, tell, wait.

Each round reads where the log ends, the last row that is signed and what follows it, and one bundle of older rows
again, another each time: a change of what is signed long ago is found within a day for some twenty million entries.
``registry audit verify --bodies`` looks at all of them at once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from secrets import randbelow

from sqlalchemy import exc

from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import InputRefused, ProofFailed, Unavailable
from registry.core.telemetry import log, problem_of
from registry.notary import judging, queries
from registry.notary.signing import Notary
from registry.notary.store import Store
from registry.tlog.reader import Reader
from registry.tlog.strict import Malformed
from registry.tlog.tiles import WIDTH

BATCH = 4096
"""Most entries under one checkpoint: with their bodies some ten megabytes."""


@dataclass(slots=True)
class Rounds:
    """A notary at work on a database."""

    notary: Notary
    store: Store
    database: Database
    heartbeat: timedelta
    bundles_again: int = 1
    """How many bundles of signed rows each round looks at again."""
    _place: int = field(init=False)

    def __post_init__(self) -> None:
        self._place = randbelow(max(1, -(-self.notary.size // WIDTH)))  # or each start would look at the same ones

    async def one(self, at: datetime) -> int:
        """Do one round; return how many entries it signed. Raises ProofFailed, for good, and Unavailable."""
        try:
            return await self._one(at)
        except OSError as problem:
            raise FolderFailed from problem

    async def _one(self, at: datetime) -> int:
        notary, read = self.notary, self.database.read
        await self._tell(notary.met(await read(queries.newest_head)))
        notary.see_ends(await read(queries.ends))
        before = min(notary.size, 1)
        rows = await read(partial(queries.rows, first=notary.size - before, most=BATCH + before))
        if notary.tree.last is not None:
            notary.look_back(rows[:1], notary.size - 1, [notary.tree.last])
        await self._look_back()
        new = rows[before:]
        if not new and notary.signed_at is not None and at < notary.signed_at + self.heartbeat:
            return 0
        if late := judging.late(new, notary.signed_at):
            log.warning("leaves_late", index=late[0], count=len(late))
        signed = notary.sign(new, at)
        if new and not signed:
            log.warning("leaves_ahead", index=new[0].index)
        await self._tell(notary.met(await read(queries.newest_head)))
        return signed

    async def _look_back(self) -> None:
        """Look at some of what was signed again."""
        memory = self.notary.memory
        count = -(-self.notary.size // WIDTH)
        if memory is None or not count:
            return
        try:
            reader = Reader(memory.size, memory.checkpoint.root, self.store.tile)
            for _ in range(min(self.bundles_again, count)):
                self._place = (self._place + 1) % count
                signed = reader.entries(self._place)
                first = self._place * WIDTH
                rows = await self.database.read(partial(queries.rows, first=first, most=len(signed)))
                self.notary.look_back(rows, first, signed)
        except Malformed as problem:
            raise ProofFailed(f"The published files are not what was signed: {problem}.", code="NOTARY_DAMAGED",
                              remedy="Restore the notary's two folders: docs/notary.md.") from problem  # fmt: skip

    async def _tell(self, head: queries.Head | None) -> None:
        if head is not None:
            try:
                await self.database.write(partial(queries.add_head, head=head))
            except exc.IntegrityError:  # somebody else has told of this size: the next look says whether it is ours
                log.warning("head_there", size=head.size)
            except exc.ProgrammingError as problem:
                raise InputRefused(
                    "connects as a role that may not tell what is signed.", field="database_url", code="NOTARY_ROLE",
                    remedy="Connect the notary as registry_notary: docs/notary.md.",
                ) from problem  # fmt: skip


class FolderFailed(Unavailable):
    """A write failed, and nobody can say how far it got: the next start looks at what is there."""

    default_code = "NOTARY_FOLDER"

    def __init__(self) -> None:
        super().__init__("The notary's files can't be read or written.", remedy="See that disk and folder are well.")


async def keep(rounds: Rounds, clock: Clock, pause: float, ended: asyncio.Event,
               told: Callable[[int, int], None] = lambda _signed, _size: None) -> None:  # fmt: skip
    """Do rounds until it is said to end. A database that does not answer is asked again; all else ends the process."""
    while not ended.is_set():
        signed = 0
        try:
            signed = await rounds.one(clock())
        except FolderFailed:
            raise
        except Unavailable as problem:
            log.warning("log_unread", problem=problem_of(problem))
        if signed:
            told(signed, rounds.notary.size)
        if signed < BATCH:
            try:
                await asyncio.wait_for(ended.wait(), pause)
            except TimeoutError:
                continue
