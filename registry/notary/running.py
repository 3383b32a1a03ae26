"""The loop of ``registry notary``: look, refuse or sign, tell, wait.

Each round reads where the log ends, the last row that is signed and what follows it, and one bundle of older rows
again, another each time: a change of what is signed long ago is found within a day for some twenty million entries.
``registry audit verify --bodies`` looks at all of them at once.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from secrets import randbelow
from typing import TYPE_CHECKING

from sqlalchemy import exc

from registry.audit.receipts import LIFE, path_of
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import InputRefused, ProofFailed, Unavailable
from registry.core.telemetry import log, problem_of
from registry.notary import bodies, judging, promises, queries
from registry.notary.cosigning import Cosigning
from registry.notary.leaves import Row
from registry.notary.signing import Notary
from registry.notary.store import Store
from registry.tlog.reader import Reader
from registry.tlog.strict import Malformed
from registry.tlog.tiles import WIDTH

if TYPE_CHECKING:  # its library comes with an extra
    from registry.notary.stamping import Stamping

AGAIN = timedelta(seconds=30)
"""After how long witnesses are asked again where there was no quorum and nothing new is to be signed."""
QUORUM_TOLD = timedelta(minutes=1)
"""How often the nodes are told of a quorum, at most."""
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
    cosigning: Cosigning | None = None
    """The witnesses, where there is a policy."""
    stamping: "Stamping | None" = None
    """The authority of time-stamps, where there is one."""
    _quorum_told: datetime | None = None
    """When there was a quorum last, as far as the database was told."""
    _certified: frozenset[bytes] = frozenset()
    """Promise keys of the last day that have their certificates."""

    def __post_init__(self) -> None:
        self._place = randbelow(max(1, -(-self.notary.size // WIDTH)))  # or each start would look at the same ones

    async def one(self, at: datetime) -> int:
        """Do one round; return how many entries it signed. Raises ProofFailed, for good, and Unavailable."""
        try:
            return await self._one(at)
        except OSError as problem:
            raise FolderFailed from problem
        except exc.ProgrammingError as problem:
            raise InputRefused(
                "connects as a role that may not read or tell what the notary does.", field="database_url",
                code="NOTARY_ROLE", remedy="Connect the notary as registry_notary: docs/notary.md.",
            ) from problem  # fmt: skip

    async def _one(self, at: datetime) -> int:
        notary, read = self.notary, self.database.read
        await self._publish()  # what a stop has left
        await self._tell(notary.met(await read(queries.newest_head)))
        await self._certify(at)
        notary.see_ends(await read(queries.ends))
        before = min(notary.size, 1)
        rows = await read(partial(queries.rows, first=notary.size - before, most=BATCH + before))
        await self._look_back(rows[:before])
        new = rows[before:]
        if not new and notary.signed_at is not None and at < notary.signed_at + self._patience():
            return 0
        if late := judging.late(new, notary.signed_at):
            log.warning("leaves_late", index=late[0], count=len(late))
        signed = notary.take_in(new, at)
        await self._publish()
        if new and not signed:
            log.warning("leaves_ahead", index=new[0].index)
        await self._tell(notary.met(await read(queries.newest_head)))
        return signed

    def _patience(self) -> timedelta:
        """Return how old a checkpoint may get: less where witnesses are still to cosign it."""
        is_done = self.cosigning is None or self.cosigning.has_quorum(self.notary.note)
        return self.heartbeat if is_done else min(self.heartbeat, AGAIN)

    async def _publish(self) -> None:
        """Sign what is remembered, have it cosigned, publish it; tell the database of a quorum. Raises Refusal."""
        if note := self.notary.signed():
            try:
                cosigned = await self.cosigning.cosigned(self.notary, self.store, note) if self.cosigning else note
            except Malformed as problem:
                raise _damaged(problem) from problem
            self.notary.publish(cosigned)
            await self._stamp()
        await self._tell_quorum()

    async def _stamp(self) -> None:
        """Have what is published time-stamped, now and then."""
        memory, at = self.notary.memory, self.notary.signed_at
        if self.stamping and memory and at and (token := await self.stamping.stamped(memory.checkpoint, at)):
            self.store.stamp(memory.size, token)

    async def _tell_quorum(self) -> None:
        """Tell the nodes when there was a quorum; not each second, which no window is about."""
        at = self.notary.signed_at
        if at is None or self.cosigning is None or not self.cosigning.has_quorum(self.notary.note):
            return
        told = self._quorum_told or await self.database.read(queries.newest_quorum)
        if told is None or at >= told + QUORUM_TOLD:
            await self.database.write(partial(queries.add_quorum, at=at, size=self.notary.size))
            told = at
        self._quorum_told = told

    async def _certify(self, at: datetime) -> None:
        """Certify the keys of receipts that nodes have told of since the last round."""
        told = await self.database.read(partial(queries.promise_keys_told, after=at - LIFE))
        due = {each.key: each for each in promises.certificates(self.notary.origin, told, at)}
        for key in due.keys() - self._certified:
            if note := self.notary.certified(due[key]):
                self.store.certify(path_of(key), note)
                log.info("promise_key_certified", key=key.hex())
        self._certified = frozenset(due)

    async def _look_back(self, newest: Sequence[Row]) -> None:
        """Look at the newest row that was signed, and at some others, again."""
        memory = self.notary.memory
        count = -(-self.notary.size // WIDTH)
        if memory is None or not count:
            return
        try:
            reader = Reader(memory.size, memory.checkpoint.root, self.store.tile)
            if self.notary.tree.last is not None:
                await self._compare(reader, newest, self.notary.size - 1, [self.notary.tree.last])
            for _ in range(min(self.bundles_again, count)):
                self._place = (self._place + 1) % count
                signed = reader.entries(self._place)
                first = self._place * WIDTH
                rows = await self.database.read(partial(queries.rows, first=first, most=len(signed)))
                await self._compare(reader, rows, first, signed)
        except Malformed as problem:
            raise _damaged(problem) from problem

    async def _compare(self, reader: Reader, rows: Sequence[Row], first: int, signed: Sequence[bytes]) -> None:
        accounted = await bodies.accounted(self.database, rows, reader)
        self.notary.look_back(rows, first, signed, accounted)

    async def _tell(self, head: queries.Head | None) -> None:
        if head is not None:
            try:
                await self.database.write(partial(queries.add_head, head=head))
            except exc.IntegrityError:  # somebody else has told of this size: the next look says whether it is ours
                log.warning("head_there", size=head.size)


def _damaged(problem: Malformed) -> ProofFailed:
    return ProofFailed(f"The published files are not what was signed: {problem}.", code="NOTARY_DAMAGED",
                       remedy="Restore the notary's two folders: docs/notary.md.")  # fmt: skip


class FolderFailed(Unavailable):
    """A write failed, and nobody can say how far it got: the next start looks at what is there."""

    default_code = "NOTARY_FOLDER"

    def __init__(self) -> None:
        super().__init__("The notary's files can't be read or written.", remedy="See that disk and folder are well.")


async def keep(rounds: Rounds, clock: Clock, pause: float, ended: asyncio.Event,
               told: Callable[[int, int], None] = lambda _signed, _size: None) -> None:  # fmt: skip
    """Do rounds until it is said to end, and one more.

    A database, or a token that holds a key, that does not answer is asked again; all else ends the process.
    """
    is_last = False
    while not is_last:
        signed, is_last = 0, ended.is_set()  # a server that ends beside us has entered all it will by now
        try:
            signed = await rounds.one(clock())
        except FolderFailed:
            raise
        except Unavailable as problem:
            log.warning("log_unread", problem=problem_of(problem))
        if signed:
            told(signed, rounds.notary.size)
        if signed < BATCH and not is_last:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), pause)
