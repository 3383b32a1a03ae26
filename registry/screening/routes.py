"""The one address of lists; its last part is a secret that is good once.

    PUT /screenings/pQ5m…     bytes of CSV, XLSX or lines of JSON     202 {"screening": "cwGX…", "people": 4000}

1. Is the ticket good? Nothing is read of a stranger's body.
2. Length and SHA-256 are declared; the body, held to both while it comes (registry/core/bodies.py), goes into a file
   without a name: it is gone when this process is.
3. The list is looked at in a thread of its own: what can't be read is refused. Up to here the ticket stays good.
4. The ticket is used, the people of the day on which it was asked for are counted, and the entry stands in the log.
5. The list is kept, sealed, chunk by chunk; then it is queued, and serving.py checks it.

An upload that breaks off after step 4 needs a new screening. A proxy's access log must leave these paths out.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import IO, Protocol
from uuid import UUID

import orjson
from sqlalchemy import Connection
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from registry.audit.events import Event, outcome_of
from registry.audit.log import Writer, append, log_unavailable
from registry.audit.promises import Promises
from registry.audit.sequencing import Placed
from registry.audit.strangers import Strangers
from registry.core import bodies
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import LimitExceeded, RegistryError, Unavailable
from registry.core.ids import new_id
from registry.core.observing import Answer, Tracer, tell
from registry.core.sealing import DataKey, Sealer
from registry.core.telemetry import log, problem_of
from registry.disclosure.vocabulary import Action
from registry.editions.edition import Edition
from registry.notices import queries as notices
from registry.photographs import tickets
from registry.screening import chunks, limits, operations, progress, queries, states, uploads
from registry.screening.queries import Screening
from registry.screening.states import State
from registry.screening.uploads import Looked
from registry.screening.views import PREFIX
from registry.work import Work


class Node(Protocol):
    """What this route needs of the running node."""

    @property
    def database(self) -> Database:
        """Screenings."""

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
    def edition(self) -> Edition:
        """How columns are called here."""

    @property
    def sealer(self) -> Sealer:
        """What lists are sealed with."""

    @property
    def tracer(self) -> Tracer | None:
        """Who carries traces away, if anybody does."""


_STATUSES = {"DIGEST_MALFORMED": 400, "DIGEST_MISSING": 400, "HEADER_REPEATED": 400, "LENGTH_MALFORMED": 400,
             "FORBIDDEN": 403, "SCREENING_ORPHANED": 403, "TICKET_UNKNOWN": 404, "BODY_TOO_SLOW": 408,
             "SCREENING_OVER": 409, "LENGTH_REQUIRED": 411, "FILE_TOO_LARGE": 413, "SCREENING_QUOTA_EXCEEDED": 429,
             "INTERNAL": 500}  # fmt: skip
"""All others of a list are 422; what is unavailable is 503."""
_NOT_KEPT = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}
_TOGETHER = 8
"""Chunks kept in one transaction: other writers wait for no more."""


def routes(node: Node) -> list[Route]:
    """Return the address, with its limits, for one worker."""
    return [Route(PREFIX + "{secret}", Lists(node).answer, methods=["PUT"])]


@dataclass(slots=True)
class _Visit:
    """What is known of one visit."""

    at: datetime
    source: str | None
    request_id: str = field(default_factory=lambda: str(new_id()))
    begun: float = field(default_factory=perf_counter)
    screening: Screening | None = None
    placed: Placed | None = None
    """Where its entry stands, once it is durable; whatever fails before that forgets it again."""

    def told(self, status: int, code: str | None) -> Answer:
        """Return what may be told of it to those who look after the node."""
        known = self.screening
        return Answer(
            self.request_id, chunks.KIND, "upload", status, perf_counter() - self.begun, code,
            client=known.client if known else None, agency=known.agency if known else None,
        )  # fmt: skip


class Lists:
    """Takes lists in."""

    def __init__(self, node: Node):
        self._node = node
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="screening-list")
        self._arriving = 0

    async def answer(self, request: Request) -> Response:
        """Answer one visit, once its entry is durable."""
        visit = _Visit(self._node.clock(), request.client.host if request.client else None)
        response, code = await self._answered(request, visit)
        response.headers["x-request-id"] = visit.request_id
        response.headers.update(self._node.promises.headers(visit.placed))
        tell(visit.told(response.status_code, code), self._node.tracer)
        return response

    async def _answered(self, request: Request, visit: _Visit) -> tuple[Response, str | None]:
        if self._node.writer.is_full:
            return _refusal(log_unavailable(), visit)
        try:
            return await self._put(request, visit), None
        except RegistryError as refusal:
            return await self._refused(refusal, visit)
        except Exception as problem:  # noqa: BLE001  the last border: nothing of it may reach the caller
            log.error("screening_list_failed", request_id=visit.request_id, problem=problem_of(problem))
            return await self._refused(RegistryError("Internal error."), visit)

    async def _refused(self, refusal: RegistryError, visit: _Visit) -> tuple[Response, str | None]:
        """Enter a refusal, then tell it."""
        event = Event("screening:upload:refused", (), _about(visit.screening))
        visit.placed = None
        is_stranger = visit.screening is None and not isinstance(refusal, Unavailable)
        if is_stranger and not self._node.strangers.admits(visit.source, refusal.code):
            return _refusal(refusal, visit)
        try:
            visit.placed = await self._node.writer.submit(chunks.upload_entry(
                visit.at, visit.screening, event, outcome_of(refusal), refusal.code,
                edition=self._node.edition, request_id=visit.request_id, source=visit.source,
            ))  # fmt: skip
        except Unavailable as unavailable:
            refusal = unavailable
        return _refusal(refusal, visit)

    async def _put(self, request: Request, visit: _Visit) -> Response:
        """Take a list in."""
        node, digest = self._node, tickets.digest_of(request.path_params["secret"])
        visit.screening = await node.database.read(partial(queries.awaited, digest=digest, now=node.clock()))
        screening = visit.screening
        if screening is None:
            raise tickets.ticket_unknown()
        promise = bodies.promised(request.headers)
        if promise.length > limits.BYTES:
            raise LimitExceeded(f"is longer than {limits.BYTES >> 20} MiB.", field="file", code="FILE_TOO_LARGE",
                                remedy="Split the list.")  # fmt: skip
        async with self._place():
            with tempfile.TemporaryFile() as body:
                await _received(request, promise, body)
                path = Path(f"/dev/fd/{body.fileno()}")
                look = partial(uploads.looked_at, path, node.edition, screening.dates)
                looked = await asyncio.get_running_loop().run_in_executor(self._readers, look)
                key = await node.database.write(partial(self._take, visit=visit, digest=digest, looked=looked))
                await self._keep(screening, looked, key)
        return _json({"screening": operations.public(screening.id), "people": looked.people}, 202)

    def _take(self, connection: Connection, visit: _Visit, digest: bytes, looked: Looked) -> DataKey:
        """Use the ticket, see that the agency may screen so many, and enter it."""
        node = self._node
        screening = queries.use_ticket(connection, digest, visit.at)
        if screening is None:
            raise tickets.ticket_unknown()
        work = Work(
            connection, chunks.actor(connection, screening, node.edition), node.clock(), node.edition, node.sealer
        )
        work.require(Action.PROFILE_SCREEN)
        operations.check_quota(connection, screening.agency, screening.begun_at, looked.people)
        queries.reserve(connection, screening.id, people=looked.people, digest=looked.digest)
        told = _about(screening) | {"people": looked.people, "file": looked.digest}
        (visit.placed,) = append(connection, [chunks.upload_entry(
            visit.at, screening, Event("screening:uploaded", (), told), edition=node.edition,
            request_id=visit.request_id, source=visit.source,
        )])  # fmt: skip
        key = queries.data_key(connection, node.sealer, screening.id)
        assert key is not None
        return key

    async def _keep(self, screening: Screening, looked: Looked, key: DataKey) -> None:
        made = uploads.sealed(looked, key)
        loop, database = asyncio.get_running_loop(), self._node.database
        while some := await loop.run_in_executor(self._readers, _some, made):
            await database.write(partial(_kept, identifier=screening.id, some=some))
        if not await database.write(partial(_queued, identifier=screening.id, at=self._node.clock())):
            states.check_open(State.CANCELLED)  # it was ended meanwhile; the next sweep forgets what is here

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Hold one of the places of lists that arrive."""
        if self._arriving >= limits.UPLOADS:
            raise Unavailable("Too many lists arrive at once.", remedy="Try again in a few minutes.")
        self._arriving += 1
        try:
            yield
        finally:
            self._arriving -= 1


def _some(made: Iterator[tuple[int, int, bytes]]) -> list[tuple[int, int, bytes]]:
    return list(islice(made, _TOGETHER))


def _kept(connection: Connection, identifier: UUID, some: list[tuple[int, int, bytes]]) -> None:
    for first, rows, content in some:
        queries.keep_chunk(connection, identifier, first, rows, content)


def _queued(connection: Connection, identifier: UUID, at: datetime) -> bool:
    """Note that a list is here, and tell whoever follows it; False when it is not awaited any more."""
    if not queries.queue(connection, identifier):
        return False
    found = queries.by_id(connection, identifier)
    assert found is not None
    notices.keep(connection, at, [progress.news(found)])
    return True


async def _received(request: Request, promise: bodies.Promise, body: IO[bytes]) -> None:
    """Write the body into a file; it may break its promise, or not come at all."""
    remedy = "Split the list, or send it over a faster line."
    try:
        await bodies.receive(request.stream(), promise, body.write, seconds=limits.BODY_SECONDS, remedy=remedy)
    except ClientDisconnect:
        raise bodies.length_differs() from None  # nobody hears it, and the log has it
    body.flush()


def _about(screening: Screening | None) -> dict[str, object]:
    return {"screening": str(screening.id)} if screening else {}


def _refusal(refusal: RegistryError, visit: _Visit) -> tuple[Response, str]:
    details = {"field": refusal.field, "remedy": refusal.remedy, "requestId": visit.request_id}
    extensions = {"code": refusal.code} | {name: value for name, value in details.items() if value}
    message = f"{refusal.field} {refusal.message}" if refusal.field else refusal.message
    body = {"errors": [{"message": message, "extensions": extensions}]}
    if isinstance(refusal, Unavailable):
        return _json(body, 503, {"retry-after": "60"}), refusal.code
    return _json(body, _STATUSES.get(refusal.code, 422)), refusal.code


def _json(body: object, status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body), status, _NOT_KEPT | (headers or {}), media_type="application/json")
