"""The node's twins: the same question over the same statements, with layers left out.

    POST /limit      Starlette, SQL, candidates, scoring, JSON; no token, no audit, no GraphQL: what is left to gain
    POST /audited    the same, with an entry in the log that is durable before the answer
    POST /known      the same, with token and proof read and the actor's live state asked as well

Each reads the variables of the node's own request body and answers the same facts, as plain JSON written by hand.
A twin decides nothing, so it is for the benchmark only: it never listens but on loopback.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
import uvicorn
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import replay
from auth.actor import Actor, Officer
from auth.callers import Machines
from auth.keys import load_signing_key
from auth.nonces import Nonces
from auth.resource import Resource
from auth.signing import Ring
from graphql_schema.search.queries import search_query
from registry import health, migrations
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import Beside, Writer
from registry.core import config
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.ids import new_id, public_id, read_public_id
from registry.core.key_providers import open_sealer
from registry.core.partial_dates import PartialDate
from registry.core.sealing import Sealer
from registry.core.secret_files import read_secret
from registry.core.telemetry import configure_logging
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from registry.editions.edition import Edition, load as load_edition
from registry.matching import explain, weights
from registry.profiles import finding, queries as profile_queries
from registry.profiles.disclosed import Known
from registry.search.query import SearchQuery
from registry.work import Work

FIRST = 10
FETCHED = ("identity",)
"""The column that holds names and birth date."""
DIGEST = "0" * 64
FIELDS = tuple(f"Some.field{number:02d}" for number in range(16))
"""As many as the node's document selects."""

STAND_IN = Actor(
    "bench",
    "bench",
    "bench",
    officer=Officer(UUID(int=0), "bench", "bench", frozenset({Role.INVESTIGATOR})),
    purpose=Purpose.CRIMINAL_INVESTIGATION,
    country="KE",
    attribution=Attribution.STATED,
)
"""Whoever asks without a token: an investigator, as those with one are."""


@dataclass(frozen=True, slots=True)
class Node:
    """What the probes of ``registry.health`` look at, and what the twins need."""

    settings: Settings
    database: Database
    writer: Writer
    edition: Edition
    sealer: Sealer
    callers: Machines
    schema_revision: str


def callers_of(settings: Settings) -> Machines:
    """Return who may call, by the node's own tokens: proofs name its address, not that of a twin."""
    ring = Ring(load_signing_key(settings.signing_key_file), open_sealer(settings))
    nonces = Nonces(read_secret(settings.cursor_key_file, field="cursor_key_file", least=32))
    country = load_edition(settings.edition).country
    return Machines(Resource.of(settings, ring), f"{settings.public_url}/graphql", nonces, country)


def create() -> Starlette:
    """Return the ASGI application."""
    settings = config.load()
    configure_logging(settings.log_level)
    database = open_database(settings)
    app = Starlette(
        routes=[
            Route("/limit", limit, methods=["POST"]),
            Route("/audited", audited, methods=["POST"]),
            Route("/known", known, methods=["POST"]),
            *health.routes,
        ],
        lifespan=_lifespan,
    )
    writer = Writer(database, beside=Beside(used=replay.used))
    app.state.node = Node(
        settings, database, writer, load_edition(settings.edition), open_sealer(settings), callers_of(settings),
        migrations.head(),
    )  # fmt: skip
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    node: Node = app.state.node
    node.writer.start()
    yield
    await node.writer.stop()
    await node.database.close()


async def limit(request: Request) -> Response:
    """Answer; nothing else."""
    node: Node = request.app.state.node
    sought = await _sought(request)
    hits = await node.database.keeper.read(lambda connection: found(connection, sought, node))
    return _json(hits)


async def audited(request: Request) -> Response:
    """Answer once the entry is durable."""
    node: Node = request.app.state.node
    sought = await _sought(request)
    hits = await node.database.keeper.read(lambda connection: found(connection, sought, node))
    await node.writer.submit(_entry(sought, hits, None))
    return _json(hits)


async def known(request: Request) -> Response:
    """Answer to somebody, once the entry is durable."""
    node: Node = request.app.state.node
    caller = node.callers.caller(request)
    sought = await _sought(request)

    def read(connection: Connection) -> tuple[Actor, list[dict[str, Any]]]:
        actor = node.callers.actor(connection, caller, now(), None)
        return actor, found(connection, sought, node, actor)

    actor, hits = await node.database.asked.read(read)
    await node.writer.submit(_entry(sought, hits, actor), once=caller.once)
    return _json(hits)


async def _sought(request: Request) -> SearchQuery:
    given = orjson.loads(await request.body())["variables"]["criteria"]
    if "birthDate" in given:
        given["birth_date"] = PartialDate.parse(given.pop("birthDate"))
    if "sex" in given:
        given["sex"] = given["sex"].lower()
    for each in given.get("identifiers", ()):
        each["type"] = each["type"].lower()
    return search_query(given)


def found(
    connection: Connection, sought: SearchQuery, node: Node, actor: Actor = STAND_IN
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the best hits: the node's statements, candidates and scores, and nothing around them."""
    work = Work(connection, actor, now(), node.edition, node.sealer)
    best = finding.ranked(Known(work), finding.prepared(work, sought.identity()), FIRST)
    rows = profile_queries.by_number(connection, [number for number, _ in best], FETCHED) if best else {}
    return [
        {
            "score": match.score,
            "band": match.band,
            "reasons": [
                {"sentence": explain.sentence(each), "weight": round(each.weight, 2)} for each in match.reasons
            ],
            "profile": {
                "id": public_id("profile", rows[number]["id"]),
                "registerNumber": number,
                "names": [
                    {"full": name["full"], "kind": name.get("kind", "legal")}
                    for name in rows[number]["identity"]["names"]
                ],
                "birthDate": rows[number]["identity"].get("birth_date"),
            },
        }
        for number, match in best
    ]


def _entry(sought: SearchQuery, hits: list[dict[str, Any]], actor: Actor | None) -> Entry:
    """Return an entry that says as much as the node's own."""
    event = Event(
        "profile:searched",
        tuple(read_public_id("profile", hit["profile"]["id"]) for hit in hits),
        {"criteria": sought.to_json(), "scores": [hit["score"] for hit in hits], "matcher": weights.VERSION},
    )
    officer = actor.officer if actor else None
    return Entry(
        at=now(), kind="query", operation="search", outcome=Outcome.ALLOWED, request_id=str(new_id()),
        client=actor.client if actor else "bench", agency=actor.agency if actor else None,
        officer=officer.id if officer else None, purpose=actor.purpose.value if actor and actor.purpose else None,
        case_reference=actor.case_reference if actor else None, legal_basis=actor.legal_basis if actor else None,
        token_id=actor.token_id if actor else None, source="127.0.0.1", document=DIGEST, fields=FIELDS,
        events=(event,),
    )  # fmt: skip


def _json(hits: list[dict[str, Any]]) -> Response:
    return Response(orjson.dumps({"hits": hits}), 200, {"content-type": "application/json"})


def serve() -> None:
    """Run the twins as the node is run."""
    settings = config.load()
    uvicorn.run(
        "bench.twins:create", factory=True, host="127.0.0.1", port=settings.listen_port, workers=settings.workers,
        loop="uvloop", http="httptools", ws="none", access_log=False, log_config=None, server_header=False,
        proxy_headers=False, timeout_graceful_shutdown=settings.shutdown_seconds,
    )  # fmt: skip
