"""Floods: whoever fails again and again to prove who they are is refused before any work is done for them.

    POST /oauth/token   400 invalid_client      costs the source one of its failures
    POST /graphql       401 TOKEN_INVALID       so does this
    the 301st at once                           429 TOO_MANY_REFUSALS, Retry-After: 1

A token bucket for each source (an IPv4 address, the /64 of an IPv6 address: what one subscriber gets) is emptied by
refusals and never by good requests, so an honest client is not held up however much it asks, and however much others
fail. Who is turned away here has no entry of their own, as a stranger must not be able to fill the log; they are
counted (registry/audit/strangers.py). Behind a proxy the source is what the setting ``trusted_proxy`` makes of it; no
other header is looked at.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from time import monotonic

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.core.metrics import REFUSALS
from registry.doorstep import Count, told, uncounted

TOO_MANY_REFUSALS = "TOO_MANY_REFUSALS"


@dataclass(frozen=True, slots=True)
class Door:
    """Addresses where strangers try to get in."""

    path: str
    """How they begin."""
    failures: frozenset[int]
    """Statuses by which they say that nobody has proved who asks."""
    proves: bool = False
    """Whether each request makes us check a proof, so that a source may have few of them at once."""


_REFUSED = frozenset({400, 401, 403, 404, 413, 422})
DOORS = (
    Door("/oauth/token", _REFUSED, proves=True),
    Door("/oauth/", _REFUSED, proves=True),
    Door("/session/graphql", frozenset({401, 403})),
    Door("/session/", _REFUSED, proves=True),
    Door("/graphql", frozenset({401})),
    Door("/photographs/", frozenset({404})),
    Door("/screenings/", frozenset({404})),
)
"""The first whose path fits is meant."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Rows of the limits table."""

    at_once: int
    """Failures that a source has when it is new."""
    per_minute: int
    """How many of them come back in a minute."""
    sources: int
    """Sources that are remembered; of more, who has failed longest ago is forgotten."""
    proofs: int
    """Proofs of one source that are looked at, or wait for it."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Flood:
    """ASGI middleware around every door. Each worker has its own memory."""

    def __init__(
        self, app: ASGIApp, bounds: Bounds, clock: Callable[[], float] = monotonic, *, count: Count = uncounted
    ) -> None:  # fmt: skip
        self.app = app
        self._bounds = bounds
        self._count = count
        self._clock = clock
        self._failed: OrderedDict[str, _Bucket] = OrderedDict()
        self._proving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let in and see what comes of it."""
        door = _door(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self.app(scope, receive, send)
            return
        source = source_of(scope["client"][0] if scope.get("client") else "")
        if (wait := self._wait(source, door)) is not None:
            self._count(source, TOO_MANY_REFUSALS)
            await _refusal(wait)(scope, receive, send)
            return

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in door.failures:
                self._fail(source)
            await send(message)

        self._proving[source] += door.proves
        try:
            await self.app(scope, receive, watched)
        finally:
            self._proving[source] -= door.proves
            if not self._proving[source]:
                del self._proving[source]

    def _wait(self, source: str, door: Door) -> int | None:
        """Return after how many seconds a source may try again, if not now."""
        if door.proves and self._proving[source] >= self._bounds.proofs:
            return 1
        bucket = self._failed.get(source)
        if bucket is None:
            return None
        self._refill(bucket)
        return None if bucket.left >= 1 else ceil((1 - bucket.left) * 60 / self._bounds.per_minute)

    def _fail(self, source: str) -> None:
        """Take a failure. It may go below nothing: many at once were let in before the first has failed."""
        bucket = self._failed.setdefault(source, _Bucket(self._bounds.at_once, self._clock()))
        self._refill(bucket)
        bucket.left -= 1
        self._failed.move_to_end(source)
        if len(self._failed) > self._bounds.sources:
            self._failed.popitem(last=False)

    def _refill(self, bucket: _Bucket) -> None:
        now = self._clock()
        bucket.left = min(self._bounds.at_once, bucket.left + (now - bucket.at) * self._bounds.per_minute / 60)
        bucket.at = now


@lru_cache(maxsize=4096)
def source_of(address: str) -> str:
    """Return whom an address stands for. What is no address (a local socket) is one source."""
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, IPv6Address):
        mapped = read.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((read, 64), strict=False).network_address)
    return str(read)


def _door(path: str) -> Door | None:
    return next((door for door in DOORS if path.startswith(door.path)), None)


def _refusal(wait: int) -> Response:
    REFUSALS.labels(TOO_MANY_REFUSALS).inc()
    response = told(429, TOO_MANY_REFUSALS, "Too many requests from your address have proved nothing.")
    response.headers["retry-after"] = str(wait)
    return response
