"""The bell: wakes the streams of a worker when there are notices for them.

    with bell.listening(ear):
        await ear.wait(10)

One look at the database every half second serves all streams of a worker, and only while somebody listens. It sees
also whether something was closed (the kill switch), and then wakes them all. The bell carries no notice: a woken stream
reads its own, so a slow reader holds nobody up and nothing piles up in memory.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from auth import closures
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import Unavailable
from registry.core.telemetry import log, problem_of
from registry.notices import queries
from registry.notices.notice import Topic

Key = tuple[Topic, str]
"""Topic and audience."""
PAUSE = 0.5
"""Seconds between two looks: what a person takes for at once."""
MOST = 500
"""Notices of one look."""


class Ear:
    """One stream, as the bell knows it."""

    def __init__(self, key: Key, until: datetime) -> None:
        self.key = key
        self.until = until
        """When its token expires."""
        self.is_over = False
        """Whether the reader has left, or the node stops."""
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the stream."""
        self._rung.set()

    def close(self) -> None:
        """Wake the stream, and let it end."""
        self.is_over = True
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Return when the bell rings, at the latest after so many seconds."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)
        self._rung.clear()


class Bell:
    """Looks for notices while somebody listens."""

    def __init__(self, database: Database, clock: Clock, *, pause: float = PAUSE) -> None:
        self._database = database
        self._clock = clock
        self._pause = pause
        self._ears: dict[Key, set[Ear]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._last: int | None = None
        self._closings: int | None = None
        self.is_closed = False

    @contextmanager
    def listening(self, ear: Ear) -> Iterator[None]:
        """Wake this stream now, and from now on."""
        self._ears[ear.key].add(ear)
        ear.ring()  # something may have come since its first turn
        if self.is_closed:
            ear.close()
        elif self._task is None or self._task.done():
            self._last = None
            self._task = asyncio.create_task(self._run(), name="bell")
        try:
            yield
        finally:
            self._ears[ear.key].discard(ear)
            if not self._ears[ear.key]:
                del self._ears[ear.key]

    def close(self) -> None:
        """Let every stream end: this node stops."""
        self.is_closed = True
        for ear in self._everybody():
            ear.close()

    async def stop(self) -> None:
        """End for good."""
        self.close()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _everybody(self) -> list[Ear]:
        return [ear for ears in self._ears.values() for ear in ears]

    async def _run(self) -> None:
        while self._ears:
            try:
                more = await self._look()
            except Unavailable as problem:
                log.warning("bell_silent", problem=problem_of(problem))
                more = False
            for ear in self._everybody():
                if ear.until <= self._clock():
                    ear.ring()
            if not more:
                await asyncio.sleep(self._pause)

    async def _look(self) -> bool:
        """Wake whoever is concerned; say whether there may be more.

        The first look wakes everybody: what came between their own looks and this one is known to nobody.
        """
        if self._last is None:
            self._closings, self._last = await self._database.read(_standing)
            for ear in self._everybody():
                ear.ring()
            return False
        closings, found = await self._database.read(partial(_since, after=self._last))
        if closings != self._closings:  # somebody was shut out: each stream finds in its turn whether it is theirs
            self._closings = closings
            for ear in self._everybody():
                ear.ring()
        for number, topic, audience in found:
            self._last = number
            for ear in self._ears.get((topic, audience), ()):
                ear.ring()
        return len(found) == MOST


def _standing(connection: Connection) -> tuple[int, int]:
    return closures.count(connection), queries.newest(connection)


def _since(connection: Connection, after: int) -> tuple[int, list[tuple[int, Topic, str]]]:
    return closures.count(connection), queries.since(connection, after, most=MOST)
