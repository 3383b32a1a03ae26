"""Lanes: documents nobody has sent before are read one at a time, and everybody else goes first.

    async with lanes("ke-dci-desk"):
        document = store.get(source, introspection=True)      up to some ten milliseconds of the processor

A hundred such documents that arrive together would keep the event loop for a second, and with it every other answer
and the log. One behind the other, with a rest after each, they leave it most of its time; and whoever sends a document
that is kept already doesn't queue at all. A client that sends a hundred stands in its own queue: another's new document
waits for one of them, not for all.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

REST = 2.0
"""For each moment that a document takes, so many are left to everybody else before the next."""


class Lanes:
    """Two queues: first the client's own, then one for the first of each client."""

    def __init__(self) -> None:
        self._own: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._all = asyncio.Lock()
        self._free_at = 0.0

    @asynccontextmanager
    async def __call__(self, client: str) -> AsyncIterator[None]:
        """Wait in this lane until it is its turn."""
        time = asyncio.get_running_loop().time
        own = self._own.setdefault(client, asyncio.Lock())
        async with own, self._all:
            if (rest := self._free_at - time()) > 0:
                await asyncio.sleep(rest)
            begun = time()
            try:
                yield
            finally:
                self._free_at = time() + REST * (time() - begun)
