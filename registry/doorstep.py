"""The doorstep: is this address one of ours, is it short, and does the rest of a body still come when we answer.

    Host: evil.example                        400 HOST_UNKNOWN
    GET /graphql?query=… of 9,000 bytes       414 URI_TOO_LONG
    a gigabyte behind a token that is none    401, and the connection ends

Whoever gets as far as here has proved nothing, so no entry is made: a stranger must not be able to fill the log. They
are counted (registry/audit/strangers.py).
An answer that leaves before its body has come would make the server read the rest to throw it away; so it says
``Connection: close``, unless the rest is short.
"""

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_URI = 8_192
"""Bytes of path and query. Nothing of ours has more than a hundred."""
SHORT_BODY = 65_536
"""Bytes that the server holds anyway before it stops reading."""


Count = Callable[[str, str], None]
"""Counts one refusal, by source and code."""


def uncounted(_source: str, _code: str) -> None:
    """Count nothing."""


class Doorstep:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, count: Count = uncounted):
        self.app = app
        self._count = count
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let in."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visit = _Visit(receive, send, is_long=_is_long(headers))
        refusal = self._refusal(scope, headers)
        if refusal is None:
            await self.app(scope, visit.receive, visit.send)
            return
        self._count(scope["client"][0] if scope.get("client") else "", refusal[0])
        await refusal[1](scope, visit.receive, visit.send)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[str, Response] | None:
        """Return the code and the answer of whoever is turned away."""
        if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > MOST_URI:
            return "URI_TOO_LONG", told(414, "URI_TOO_LONG", "The address is too long.")
        given = headers.getlist("host")
        if len(given) != 1 or _name(given[0]) not in self.hosts:
            return "HOST_UNKNOWN", told(400, "HOST_UNKNOWN", "The request's Host is none of this node's names.")
        return None


def told(status: int, code: str, message: str) -> Response:
    """Return a refusal in the form of every other answer."""
    content = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return JSONResponse(content, status, {"cache-control": "no-store"})


def _name(host: str) -> str | None:
    """Return the name in a Host header, without its port."""
    try:
        parts = urlsplit(f"//{host}")
    except ValueError:  # brackets that don't close
        return None
    if parts.netloc != host or "@" in host:
        return None
    return f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname


def _is_long(headers: Headers) -> bool:
    """Tell whether a body may come that is not worth waiting for."""
    length = headers.get("content-length", "0")
    return "transfer-encoding" in headers or not length.isdecimal() or int(length) > SHORT_BODY


class _Visit:
    """One request: how much of it has come when the answer leaves."""

    def __init__(self, receive: Receive, send: Send, *, is_long: bool):
        self._receive = receive
        self._send = send
        self._coming = is_long

    async def receive(self) -> Message:
        """Note the body's end."""
        message = await self._receive()
        if not message.get("more_body", False):
            self._coming = False
        return message

    async def send(self, message: Message) -> None:
        """End the connection where the rest of the body is on its way."""
        if message["type"] == "http.response.start" and self._coming:
            message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        await self._send(message)
