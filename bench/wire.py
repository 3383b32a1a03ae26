"""HTTP/1.1 as cheaply as it can be spoken, so that the generator of the load is not what is measured.

    connection = await Connection.open("127.0.0.1", 8000)
    connection.send(request, on_answer)         one at a time; on_answer(status, head, body)

Requests are whole byte strings, made beforehand; answers must carry a content-length.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import cast

OnAnswer = Callable[[int, bytes, bytes], None]
LOST = 0
"""The status of an answer that never came whole."""


def request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a POST as bytes."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def header(head: bytes, name: bytes) -> str:
    """Return a header of an answer; empty when it is not there. ``name`` in lower case."""
    start = head.lower().find(b"\r\n" + name + b":")
    if start < 0:
        return ""
    return head[start + len(name) + 3 :].partition(b"\r\n")[0].strip().decode()


class Connection(asyncio.Protocol):
    """One kept-alive connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._on_answer: OnAnswer | None = None
        self._got = b""
        self._whole = 0  # bytes of the answer that is coming, once its head is here
        self._head = b""
        self.is_open = False

    @classmethod
    async def open(cls, host: str, port: int) -> "Connection":
        """Connect."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, host, port)
        return connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self.is_open = True

    def send(self, content: bytes, on_answer: OnAnswer) -> None:
        """Send a request."""
        assert self._transport is not None
        assert self._on_answer is None, "one request at a time"
        self._on_answer = on_answer
        if self.is_open:
            self._transport.write(content)
        else:
            self._answered(LOST, b"")

    def data_received(self, data: bytes) -> None:
        """Collect an answer, and hand it over when it is whole."""
        self._got = self._got + data if self._got else data
        if not self._whole:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head = self._got[:end]
            self._whole = end + 4 + int(header(self._head, b"content-length"))
        if len(self._got) >= self._whole:
            body = self._got[len(self._head) + 4 : self._whole]
            self._got, self._whole = self._got[self._whole :], 0
            self._answered(int(self._head[9:12]), body)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's signature
        """Tell whoever waits that no answer will come."""
        self.is_open = False
        self._answered(LOST, b"")

    def close(self) -> None:
        """Hang up."""
        self._on_answer = None
        if self._transport:
            self._transport.close()

    def _answered(self, status: int, body: bytes) -> None:
        on_answer, self._on_answer = self._on_answer, None
        if on_answer:
            on_answer(status, self._head, body)
