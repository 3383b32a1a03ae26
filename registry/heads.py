"""Heads of requests, bounded in bytes and in time: what a stranger can make a server hold before anyone looks at it.

    POST /graphql HTTP/1.1
    x: y                          a million lines like this: 431 HEAD_TOO_LARGE after 32 kB
    x: y                          one line a minute: the connection ends after 10 s

uvicorn's protocol keeps every header until the last has come: 37 MB of short ones were 750 MB of memory here. It lets
a connection that says nothing stand for ever, too, and there is place for a thousand. What it calls an invalid request
is answered in JSON, like everything else.
"""

import asyncio

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from registry.headers import EVERY

MOST_BYTES = 32_768
"""A token has 2 kB; a browser's cookies of other programs on this name may have some."""
HEAD_SECONDS = 10.0
"""A thin link needs two."""

MALFORMED = (400, "Bad Request", "HTTP_MALFORMED", "This is not HTTP/1.1.")
TOO_LARGE = (431, "Request Header Fields Too Large", "HEAD_TOO_LARGE", "The request's head is too large.")
URI_TOO_LONG = (414, "URI Too Long", "URI_TOO_LONG", "The address is too long.")
TOO_SLOW = (408, "Request Timeout", "HEAD_TOO_SLOW", "The request's head did not come in time.")


_EVERY = "".join(f"{name}: {value}\r\n" for name, value in EVERY.items())


class HeadTooLargeError(Exception):
    """A head has outgrown its bound; the parser stops."""


class BoundedHeads(HttpToolsProtocol):
    """uvicorn's protocol, which bounds bodies by not reading on, with bounds of heads as well."""

    url = b""
    _late: asyncio.TimerHandle | None = None
    _size = 0
    _why = MALFORMED

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first head."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._expected()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes as long as the head is not whole: one header may be endless by itself."""
        super().data_received(data)
        if self._late is not None and not self.transport.is_closing():
            self._size += len(data)
            if self._size > 2 * MOST_BYTES:  # what the parser has handed over is counted twice
                self._refuse(TOO_LARGE if self.url else URI_TOO_LONG)

    def on_message_begin(self) -> None:
        """Begin a head."""
        super().on_message_begin()
        self._size = 0
        self._expect()

    def on_url(self, url: bytes) -> None:
        """Count the address."""
        self._count(len(url), URI_TOO_LONG)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header; what it costs to keep is more than its letters."""
        self._count(len(name) + len(value) + 32, TOO_LARGE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """End the head."""
        self._expected()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  uvicorn's sentence
        """Answer what the parser could not, or would not, read."""
        self._refuse(self._why)

    def _count(self, size: int, why: tuple[int, str, str, str]) -> None:
        self._size += size
        if self._size > MOST_BYTES:
            self._why = why
            raise HeadTooLargeError

    def _expect(self) -> None:
        if self._late is None:
            self._late = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._refuse, TOO_SLOW)

    def _expected(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, why: tuple[int, str, str, str]) -> None:
        """Say why, and hang up."""
        self._expected()
        status, phrase, code, message = why
        content = orjson.dumps({"errors": [{"message": message, "extensions": {"code": code}}]})
        head = (
            f"HTTP/1.1 {status} {phrase}\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n"
            f"{_EVERY}connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()
