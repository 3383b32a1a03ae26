"""Streams of server-sent events, read event by event, from a node in the test's own process.

async with reading(node, "subscription { decisions { proposalId state } }", by=Role.REGISTRAR) as stream:
    first = await stream.event()
    first.data["decisions"], first.id

httpx collects what an ASGI application sends, so streams are read here as a server would read them.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from registry.disclosure.vocabulary import Role
from tests.nodes import Node

PATIENCE = 20
"""Seconds that a test waits for what must come."""


@dataclass(frozen=True)
class Event:
    """One event."""

    name: str
    id: str | None = None
    content: Any = None

    @property
    def data(self) -> Any:
        return self.content["data"]

    @property
    def code(self) -> str:
        code: str = self.content["errors"][0]["extensions"]["code"]
        return code


COMPLETE = Event("complete")


def events(text: str) -> list[Event]:
    """Return the events of a text, without comments."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block and not block.startswith(":")]
    return [_event(dict(line.split(": ", 1) for line in block)) for block in blocks]


def _event(fields: dict[str, str]) -> Event:
    content = fields.get("data") or None
    return Event(fields["event"], fields.get("id"), json.loads(content) if content else None)


@dataclass
class Stream:
    """An open stream."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    heartbeats: int = 0
    is_ended: bool = False
    _got: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    _reads: asyncio.Event = field(default_factory=asyncio.Event)
    _left: asyncio.Event = field(default_factory=asyncio.Event)
    _begun: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    @property
    def request_id(self) -> str:
        return self.headers["x-request-id"]

    async def event(self) -> Event | None:
        """Return the next event; None when the stream has ended."""
        async with asyncio.timeout(PATIENCE):
            while not self.is_ended:
                part = await self._got.get()
                if part is None:
                    self.is_ended = True
                elif part.startswith(b":"):
                    self.heartbeats += 1
                elif found := events(part.decode()):
                    first, *more = found
                    for each in reversed(more):  # an answer that nothing follows comes in one part
                        self._got._queue.appendleft(_printed(each))  # type: ignore[attr-defined]
                    return first
        return None

    async def rest(self) -> list[Event]:
        """Return what comes until the end."""
        found = []
        while each := await self.event():
            found.append(each)
        return found

    async def heartbeat(self) -> None:
        """Wait for a heartbeat; an event must not come first."""
        async with asyncio.timeout(PATIENCE):
            part = await self._got.get()
        assert part is not None
        assert part.startswith(b":"), part

    def stop_reading(self) -> None:
        """Take nothing any more; the connection stays."""
        self._reads.clear()

    async def is_let_go(self) -> None:
        """Wait until the node has ended it by itself."""
        assert self._task is not None
        await asyncio.wait_for(asyncio.shield(self._task), PATIENCE)

    def leave(self) -> None:
        """Close the connection."""
        self._left.set()
        self._reads.set()


def _printed(event: Event) -> bytes:
    data = "" if event.content is None else json.dumps(event.content)
    return f"event: {event.name}\ndata: {data}\n\n".encode()


@asynccontextmanager
async def reading(
    node: Node, document: str, variables: dict[str, Any] | None = None, *, by: Role = Role.INVESTIGATOR,
    token: str | None = None, last: str | None = None, accept: str = "text/event-stream",
) -> AsyncIterator[Stream]:  # fmt: skip
    """Open a stream; at the end the reader leaves, and the node must let go of it."""
    stream = Stream()
    stream._reads.set()
    body = json.dumps({"query": document, "variables": variables or {}}).encode()
    headers = {"host": "registry.example", "accept": accept, "content-type": "application/json"}
    headers |= node.headers(token, by=by) | ({"last-event-id": last} if last else {})
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
        "scheme": "https", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("registry.example", 443), "state": {},
    }  # fmt: skip
    sent = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        if sent:
            return sent.pop()
        await stream._left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            stream.status = message["status"]
            stream.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            stream._begun.set()
            return
        await stream._reads.wait()
        if message.get("body"):
            stream._got.put_nowait(message["body"])
        if not message.get("more_body"):
            stream._got.put_nowait(None)

    task = stream._task = asyncio.create_task(node.app(scope, receive, send))
    begun = asyncio.create_task(stream._begun.wait())
    try:
        await asyncio.wait([task, begun], timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield stream
    finally:
        stream.leave()
        begun.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, PATIENCE)
