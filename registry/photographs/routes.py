"""The one address of photographs; its last part is a secret that is good once.

    PUT /photographs/pQ5m…     the bytes of a JPEG, PNG or WebP     201 {"photograph": "ZgGX…", "digest": "9f86…", …}
    GET /photographs/Xk0c…                                          200 and the JPEG

1. Is the ticket good? Nothing is read of a stranger's body.
2. PUT: media type, length and SHA-256 are declared; the body is held to both while it comes (registry/core/bodies.py);
   then the picture is read in a thread of its own. A mistake up to here leaves the ticket good.
3. One transaction: the ticket is used, the photograph is kept or opened, the entry stands in the log.
4. The answer.

There is no cookie and no token: the secret is the proof, so it must not be kept by anyone on the way. No line of ours
holds the path, answers say no-store and no-referrer, and a proxy's access log must leave these paths out.
A refused visit leaves its entry as well; when the log can't take it, the answer is 503 and nothing else.
"""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

import orjson
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from registry.audit.log import Writer, append, log_unavailable
from registry.audit.promises import Promises
from registry.audit.strangers import Strangers
from registry.core import bodies
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import InputRefused, RegistryError, Unavailable
from registry.core.observing import Answer, Tracer, tell
from registry.core.sealing import Sealer
from registry.core.telemetry import log, problem_of
from registry.photographs import image, limits, operations, queries, tickets
from registry.photographs.tickets import Kind
from registry.photographs.views import PREFIX, Delivery, PhotographView
from registry.photographs.visits import KIND, Visit


class Node(Protocol):
    """What these routes need of the running node."""

    @property
    def database(self) -> Database:
        """Photographs and tickets."""

    @property
    def writer(self) -> Writer:
        """The way into the log for visits that are refused."""

    @property
    def promises(self) -> Promises:
        """What answers are given receipts by."""

    @property
    def strangers(self) -> Strangers:
        """Who has asked without proving anything."""

    @property
    def clock(self) -> Clock:
        """The moment."""

    @property
    def sealer(self) -> Sealer:
        """What photographs are sealed with."""

    @property
    def tracer(self) -> Tracer | None:
        """Who carries traces away, if anybody does."""


_STATUSES = {
    "DIGEST_MALFORMED": 400,
    "DIGEST_MISSING": 400,
    "HEADER_REPEATED": 400,
    "LENGTH_MALFORMED": 400,
    "TICKET_UNKNOWN": 404,
    "BODY_TOO_SLOW": 408,
    "LENGTH_REQUIRED": 411,
    "IMAGE_TOO_LARGE": 413,
    "CONTENT_TYPE_UNSUPPORTED": 415,
    "IMAGE_FORMAT": 415,
    "INTERNAL": 500,
}
"""All others of a picture are 422; what is unavailable is 503."""

_NOT_KEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}

_SHOWN = {
    **_NOT_KEPT,
    "content-disposition": 'inline; filename="photograph.jpg"',
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
}
"""A photograph is a picture and nothing else, whatever a browser may find in it: it runs nothing, loads nothing, and no
other site's page may show it. The file's name tells nothing about the person."""


def routes(node: Node) -> list[Route]:
    """Return the address, with its limits, for one worker."""
    route = Route(PREFIX + "{secret}", Photographs(node).answer, methods=["GET", "PUT"])
    assert route.methods is not None
    route.methods.discard("HEAD")  # Starlette adds it to GET, and it would use a ticket up for nothing
    return [route]


class Photographs:
    """Hands photographs in and out."""

    def __init__(self, node: Node):
        self._node = node
        self._decoders = ThreadPoolExecutor(limits.DECODERS, thread_name_prefix="photograph")
        self._arriving = 0

    async def answer(self, request: Request) -> Response:
        """Answer one visit, once its entry is durable."""
        kind = Kind(request.method.lower())
        visit = Visit(kind, self._node.clock(), source=request.client.host if request.client else None)
        response, code = await self._answered(request, visit)
        response.headers["x-request-id"] = visit.request_id
        response.headers.update(self._node.promises.headers(visit.placed))
        told = Answer(
            visit.request_id, KIND, visit.operation, response.status_code, visit.seconds, code,
            client=visit.client, agency=visit.agency,
        )  # fmt: skip
        tell(told, self._node.tracer)
        return response

    async def _answered(self, request: Request, visit: Visit) -> tuple[Response, str | None]:
        if self._node.writer.is_full:
            return _refusal(log_unavailable(), visit)
        try:
            return await (self._put if request.method == "PUT" else self._get)(request, visit), None
        except RegistryError as refusal:
            return await self._refused(refusal, visit)
        except Exception as problem:  # noqa: BLE001  the last border: nothing of it may reach the caller
            log.error("photograph_failed", request_id=visit.request_id, problem=problem_of(problem))
            return await self._refused(RegistryError("Internal error."), visit)

    async def _refused(self, refusal: RegistryError, visit: Visit) -> tuple[Response, str | None]:
        """Enter a refusal, then tell it."""
        visit.placed = None
        is_stranger = visit.client is None and not isinstance(refusal, Unavailable)
        if is_stranger and not self._node.strangers.admits(visit.source, refusal.code):
            return _refusal(refusal, visit)
        try:
            visit.placed = await self._node.writer.submit(visit.refused(refusal))
        except Unavailable as unavailable:
            refusal = unavailable
        return _refusal(refusal, visit)

    async def _put(self, request: Request, visit: Visit) -> Response:
        """Take a photograph in."""
        node, secret = self._node, await self._presented(request, visit, Kind.PUT)
        declared, promise = _declared(request), bodies.promised(request.headers)
        if promise.length > limits.BYTES:
            raise image.too_long()
        async with self._place():
            content = await _body(request, promise)
            reading = partial(image.read_image, content, declared=declared)
            picture = await asyncio.get_running_loop().run_in_executor(self._decoders, reading)

        def change(connection: Connection) -> PhotographView:
            kept = operations.take_in(connection, node.sealer, node.clock(), secret, picture)
            (visit.placed,) = append(connection, [visit.uploaded(picture)])
            return kept

        kept = await node.database.keeper.write(change)
        told = {
            "photograph": kept.id, "digest": kept.digest, "width": kept.width, "height": kept.height,
            "mediaType": kept.media_type,
        }  # fmt: skip
        return _json(told, 201)

    async def _get(self, request: Request, visit: Visit) -> Response:
        """Show a photograph."""
        node, secret = self._node, await self._presented(request, visit, Kind.GET)

        def change(connection: Connection) -> Delivery:
            delivery = operations.deliver(connection, node.sealer, node.clock(), secret)
            (visit.placed,) = append(connection, [visit.delivered(delivery)])
            return delivery

        delivery = await node.database.keeper.write(change)
        headers = _SHOWN | {bodies.DIGEST: bodies.content_digest(delivery.content)}
        return Response(delivery.content, 200, headers, media_type=delivery.media_type)

    async def _presented(self, request: Request, visit: Visit, kind: Kind) -> str:
        """Return the secret of a ticket that looks good; it is used later, in the transaction that it is for."""
        secret: str = request.path_params["secret"]
        digest = tickets.digest_of(secret)
        found = await self._node.database.read(lambda connection: queries.ticket(connection, digest))
        if found is not None:
            visit.learn(found)
        if not tickets.is_good(found, kind, self._node.clock()):
            raise tickets.ticket_unknown()
        return secret

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Hold one of the places of bodies in memory."""
        if self._arriving >= limits.UPLOADS:
            raise Unavailable("Too many photographs arrive at once.", remedy="Try again in a few seconds.")
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1


def _declared(request: Request) -> str:
    """Return the media type that the body is said to have."""
    values = request.headers.getlist("content-type")
    if len(values) > 1:
        raise InputRefused(
            "is sent more than once.", field="content-type", code="HEADER_REPEATED", remedy="Send it once."
        )
    declared = (values or [""])[0].strip().lower()
    if declared not in image.ACCEPTED:
        raise InputRefused(
            "is none of a photograph.", field="content-type", code="CONTENT_TYPE_UNSUPPORTED",
            remedy=f"Send the bytes of the file as {', '.join(image.ACCEPTED)}.",
        )  # fmt: skip
    return declared


async def _body(request: Request, promise: bodies.Promise) -> bytes:
    """Read the body, which may break its promise, or not come at all."""
    body = bytearray()
    remedy = "Scale the picture down, and send it at once."
    try:
        await bodies.receive(request.stream(), promise, body.extend, seconds=limits.BODY_SECONDS, remedy=remedy)
    except ClientDisconnect:
        raise bodies.length_differs() from None  # nobody hears it, and the log has it
    return bytes(body)


def _refusal(refusal: RegistryError, visit: Visit) -> tuple[Response, str]:
    details = {"field": refusal.field, "remedy": refusal.remedy, "requestId": visit.request_id}
    extensions = {"code": refusal.code} | {name: value for name, value in details.items() if value}
    message = f"{refusal.field} {refusal.message}" if refusal.field else refusal.message
    body = {"errors": [{"message": message, "extensions": extensions}]}
    if isinstance(refusal, Unavailable):
        return _json(body, 503, {"retry-after": "1"}), refusal.code
    return _json(body, _STATUSES.get(refusal.code, 422)), refusal.code


def _json(body: object, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, _NOT_KEPT | (headers or {}), media_type="application/json")
