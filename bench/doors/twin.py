"""The REST twin: the node's own use cases behind plain routes, so that what differs is GraphQL and nothing else.

    POST /hits       {"criteria": {…}}      {"hits": [{"score": 0.93, "reasons": […], "profile": {…}}]}
    POST /page       {"criteria": {…}}      {"hits": [{"id": …, "names": […], …}], "next": "…"}
    POST /profile    {"id": "pro_…"}        {"profile": {"id": …, "names": […], …}}

The same on both sides, because it is the same code: body counted while it comes, token, live state, budgets, the use
case with its statements, permission, policy and event, an entry in the log that is durable before the answer, the
officer's count of records with it, the log line and the metrics. Only the twin: parameters read by hand, answers
written by hand (``written.py``), one cursor for the page. Only the node: media types, document, coercion, execution,
the shape of edges. It listens on loopback only.
"""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson
import uvicorn
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import replay
from auth.actor import Actor
from auth.callers import Machines
from bench.doors import written
from bench.doors.questions import HITS_SIZE, PAGE_SIZE
from bench.twins import callers_of
from graphql_schema.budgets import Budgets
from graphql_schema.exchange import Exchange, read_body
from graphql_schema.limits import Limits
from graphql_schema.paging import Cursors
from graphql_schema.search.queries import search_query
from registry import health, migrations
from registry.audit.events import Entry, Outcome
from registry.audit.log import Beside, Writer, log_unavailable
from registry.core import config
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.ids import new_id, read_public_id
from registry.core.key_providers import open_sealer
from registry.core.observing import Answer, tell
from registry.core.partial_dates import PartialDate
from registry.core.sealing import Sealer
from registry.core.secret_files import read_secret
from registry.core.telemetry import configure_logging
from registry.editions.edition import Edition, load as load_edition
from registry.profiles.operations import reading
from registry.search import operations
from registry.search.query import SearchQuery
from registry.work import Work

DIGEST = "0" * 64
"""In place of a document's."""
POINTS = 100
"""What each of these routes costs; a route has one price."""
_PERSON = frozenset({
    "id", "register_number", "version", "recorded_at", "birth_date", "sex", "county", "category", "standing",
    "contested", "names", "identifiers", "phones", "emails", "handles", "places", "convictions", "marks",
})  # fmt: skip
WANTED = {
    "hits": frozenset({"id", "register_number", "names", "birth_date"}),
    "page": _PERSON,
    "profile": _PERSON | {
        "nationalities", "birth_place", "tier", "review_on", "expires_on", "vehicles", "descriptions", "orders",
        "restrictions", "custody", "risks", "redactions",
    },
}  # fmt: skip
"""The columns of a record that each answer reads."""
Ask = Callable[["Node", Work, dict[str, Any]], dict[str, Any]]
"""A use case with its parameters read and its answer written."""


@dataclass(frozen=True, slots=True)
class Node:
    """What the twin is made of; ``registry.health`` looks at it too."""

    settings: Settings
    database: Database
    writer: Writer
    edition: Edition
    sealer: Sealer
    callers: Machines
    cursors: Cursors
    limits: Limits
    budgets: Budgets
    schema_revision: str


def opened() -> Node:
    """Open what a node opens."""
    settings = config.load()
    configure_logging(settings.log_level)
    database, limits = open_database(settings), Limits.of(settings.limits)
    return Node(
        settings, database, Writer(database, beside=Beside(used=replay.used)), load_edition(settings.edition),
        open_sealer(settings), callers_of(settings),
        Cursors(read_secret(settings.cursor_key_file, field="cursor_key_file", least=32)),
        limits, Budgets(limits), migrations.head(),
    )  # fmt: skip


def create() -> Starlette:
    """Return the ASGI application."""
    routes = [Route(f"/{name}", _route(name, ask), methods=["POST"]) for name, ask in ASKED.items()]
    app = Starlette(routes=[*routes, *health.routes], lifespan=lifespan)
    app.state.node = opened()
    return app


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Let the log's writer work as long as the application."""
    node: Node = app.state.node
    node.writer.start()
    gc.collect()
    gc.freeze()  # as the node does
    yield
    await node.writer.stop()
    await node.database.close()


def _route(name: str, ask: Ask) -> Callable[[Request], Any]:
    fields = tuple(sorted(f"Profile.{each}" for each in WANTED[name]))
    operation = "profile" if name == "profile" else "search"

    async def answer(request: Request) -> Response:
        node: Node = request.app.state.node
        exchange = arrived(request, operation, fields)
        exchange.learn_caller(node.callers.caller(request))
        if node.writer.is_full:
            raise log_unavailable()
        given = orjson.loads(await read_body(request, node.limits))

        def work(connection: Connection) -> tuple[dict[str, Any], Work]:
            one = at_work(node, exchange, connection)
            with node.budgets.admitted(one.actor, POINTS, one.now, shows_records=True):
                return ask(node, one, given), one

        answered, one = await node.database.asked.read(work)
        content = orjson.dumps(answered)
        await entered(node, exchange, one)
        return told(exchange, content)

    return answer


def arrived(request: Request, operation: str, fields: tuple[str, ...]) -> Exchange:
    """Return a request with the beginning of its entry."""
    identifier = str(new_id())
    entry = Entry(
        at=now(), kind="query", operation=operation, outcome=Outcome.FAILED, request_id=identifier,
        source=request.client.host if request.client else None, document=DIGEST, fields=fields,
    )  # fmt: skip
    return Exchange(identifier, entry, perf_counter())


def at_work(node: Node, exchange: Exchange, connection: Connection) -> Work:
    """Ask the actor's live state, and open the work."""
    assert exchange.caller is not None
    actor = node.callers.actor(connection, exchange.caller, exchange.entry.at, DIGEST)
    exchange.learn_of(actor)
    return Work(connection, actor, exchange.entry.at, node.edition, node.sealer)


async def entered(node: Node, exchange: Exchange, work: Work) -> None:
    """Return once the entry is durable, and with it what the answer takes of the officer's records."""
    entry = exchange.closed(Outcome.ALLOWED, None, work.events)
    await node.writer.submit(entry, node.budgets.charge(work.actor, POINTS, entry.shown), once=exchange.once)


def told(exchange: Exchange, content: bytes) -> Response:
    """Leave the log line and the metrics that every answer leaves."""
    entry = exchange.entry
    tell(
        Answer(
            request_id=exchange.request_id, kind="query", operation=entry.operation, status=200,
            seconds=perf_counter() - exchange.begun, client=entry.client, agency=entry.agency, document=DIGEST,
            stages=exchange.stages,
        )
    )  # fmt: skip
    headers = {"content-type": "application/json", "cache-control": "no-store", "x-request-id": exchange.request_id}
    return Response(content, 200, headers)


def _hits(_node: Node, work: Work, given: dict[str, Any]) -> dict[str, Any]:
    found = operations.search(work, sought(given["criteria"]), limit=HITS_SIZE, wanted=WANTED["hits"])
    return {"hits": [written.hit(each) for each in found.hits]}


def _page(node: Node, work: Work, given: dict[str, Any]) -> dict[str, Any]:
    question = sought(given["criteria"])
    found = operations.search(work, question, limit=PAGE_SIZE, wanted=WANTED["page"])
    following = None
    if found.has_next:
        following = node.cursors.make(["search", question.to_json()], _principal(work.actor), found.places[-1])
    return {"hits": [written.person(each.profile) for each in found.hits], "next": following}


def _profile(_node: Node, work: Work, given: dict[str, Any]) -> dict[str, Any]:
    view = reading.read_profile(work, read_public_id("profile", given["id"]), WANTED["profile"])
    return {"profile": written.profile(view)}


ASKED: dict[str, Ask] = {"hits": _hits, "page": _page, "profile": _profile}


def _principal(actor: Actor) -> str:
    return f"{actor.client} {actor.officer.id if actor.officer else ''} {actor.case_reference}"


def sought(given: dict[str, Any]) -> SearchQuery:
    """Read criteria as the API writes them."""
    read = dict(given)
    if "birthDate" in read:
        read["birth_date"] = PartialDate.parse(read.pop("birthDate"))
    if "sex" in read:
        read["sex"] = read["sex"].lower()
    if "identifiers" in read:
        read["identifiers"] = [each | {"type": each["type"].lower()} for each in read["identifiers"]]
    return search_query(read)


def serve(factory: str = "bench.doors.twin:create") -> None:
    """Run an application as the node is run."""
    settings = config.load()
    uvicorn.run(
        factory, factory=True, host="127.0.0.1", port=settings.listen_port, workers=settings.workers, loop="uvloop",
        http="httptools", ws="none", access_log=False, log_config=None, server_header=False, proxy_headers=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )  # fmt: skip
