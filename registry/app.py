"""The composition root: settings become a running node.

uvicorn.run("registry.app:create", factory=True)
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth import replay, routes as auth_routes
from auth.bearer import Bearer
from auth.keys import SigningKey, load_signing_key
from graphql_schema import schema
from graphql_schema.endpoint import Endpoint, Service
from graphql_schema.limits import Limits
from graphql_schema.negotiation import Profile
from graphql_schema.paging import Cursors
from registry import health, migrations, sandbox
from registry.audit import meters
from registry.audit.log import Writer
from registry.certificates.operations import end_due as end_certificates
from registry.core import config
from registry.core.clock import Clock, now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.ending import told_of_end
from registry.core.engines import open_database
from registry.core.key_providers import open_sealer
from registry.core.observing import Tracer
from registry.core.sealing import Sealer
from registry.core.telemetry import configure_logging, log, problem_of
from registry.core.tracing import open_tracer
from registry.doorstep import Doorstep
from registry.editions.edition import Edition, load as load_edition
from registry.photographs import queries as photograph_queries, routes as photographs
from registry.photographs.limits import UNATTACHED_LIFE
from registry.profiles import rebuilding
from registry.profiles.operations.duties import expire_due
from registry.profiles.operations.watching import end_due as end_watches
from registry.screening import routes as screening_routes
from registry.screening.operations import purge as purge_screenings
from registry.screening.serving import serve as serve_screenings


@dataclass(frozen=True, slots=True)
class Node:
    """Everything that lives as long as the process; routes find it at ``app.state.node``."""

    settings: Settings
    database: Database
    writer: Writer
    edition: Edition
    clock: Clock
    signing_key: SigningKey
    sealer: Sealer
    schema_revision: str
    tracer: Tracer | None


def create(settings: Settings | None = None, clock: Clock = now, *, alone: bool = True) -> Starlette:
    """Return the ASGI application. Raises InputRefused when a setting or a secret is wrong.

    ``alone`` says that the process does nothing else: then what it has loaded at start is taken to stay.
    """
    settings = settings or config.load()
    configure_logging(settings.log_level)
    database = open_database(settings)
    node = Node(
        settings=settings,
        database=database,
        writer=Writer(database, most_waiting=settings.log_queue, patience=settings.log_seconds),
        edition=load_edition(settings.edition),
        clock=clock,
        signing_key=load_signing_key(settings.signing_key_file),
        sealer=open_sealer(settings),
        schema_revision=migrations.head(),
        tracer=open_tracer(settings.otlp_endpoint, share=settings.otlp_share),
    )
    endpoint = _endpoint(node)
    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            *photographs.routes(node),
            *screening_routes.routes(node),
            *auth_routes.routes,
            *sandbox.routes(settings),
            *health.routes,
        ],
        middleware=[Middleware(Doorstep, hosts=settings.trusted_hosts)],
        exception_handlers={HTTPException: _nowhere},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False  # a token is not to be sent on
    app.state.node = node
    app.state.alone = alone
    app.state.bell = endpoint.subscriptions.bell
    return app


def _endpoint(node: Node) -> Endpoint:
    cursor_key = config.read_secret(node.settings.cursor_key_file, field="cursor_key_file", least=32)
    return Endpoint(
        Service(
            schema=schema.build(),
            database=node.database,
            writer=node.writer,
            bearer=Bearer.of(node.settings, node.signing_key, node.clock),
            edition=node.edition,
            sealer=node.sealer,
            clock=node.clock,
            cursors=Cursors(cursor_key),
            limits=Limits.of(node.settings.limits),
            profile=Profile(node.settings.status_profile),
            compiled=node.settings.compiled_plans,
            tracer=node.tracer,
        )
    )


SWEEP_SECONDS = 60
Chore = Callable[[Connection, datetime], object]
CHORES: tuple[Chore, ...] = (
    replay.purge,
    meters.purge,
    photograph_queries.purge_tickets,
    lambda connection, moment: photograph_queries.purge_unattached(connection, moment - UNATTACHED_LIFE),
    expire_due,
    end_certificates,
    purge_screenings,
    end_watches,
)
"""Proofs that have expired anyway, budgets of days gone by, addresses nobody used, pictures nobody named, entries,
certificates and watches that are over, and notices of last week."""


async def _sweep(node: Node, *, pause: float = SWEEP_SECONDS) -> None:
    """Do, again and again, what is due: each chore in a transaction of its own."""
    while True:
        await asyncio.sleep(pause)
        for chore in CHORES:
            try:
                await node.database.write(partial(_done, chore, node.clock()))
            except Exception as problem:  # noqa: BLE001  the next minute tries again, whatever it was
                log.warning("sweep_failed", problem=problem_of(problem))


def _done(chore: Chore, moment: datetime, connection: Connection) -> None:
    chore(connection, moment)


async def _look_at_index(node: Node) -> None:
    """Say at start when the index was written by a program of another form: such a node refuses to search."""
    try:
        found = await node.database.read(rebuilding.standing)
    except Exception as problem:  # noqa: BLE001  a database that is down or not migrated yet is told by /readyz
        log.warning("index_unread", problem=problem_of(problem))
        return
    if found.is_outdated:
        log.error("index_outdated", code="INDEX_OUTDATED", revision=found.form)


async def _nowhere(_request: Request, problem: Exception) -> Response:
    """Say in JSON, like every other answer, that nothing is served at this address or by this method."""
    assert isinstance(problem, HTTPException)
    code = "METHOD_NOT_ALLOWED" if problem.status_code == 405 else "ADDRESS_UNKNOWN"
    told = {"errors": [{"message": problem.detail, "extensions": {"code": code}}]}
    return JSONResponse(told, problem.status_code, {**(problem.headers or {}), "cache-control": "no-store"})


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Start the log's writer; at the end let it write what waits."""
    node: Node = app.state.node
    node.writer.start()
    await _look_at_index(node)
    sweeping = asyncio.create_task(_sweep(node), name="sweep")
    screening = asyncio.create_task(serve_screenings(node), name="screening")
    if app.state.alone:
        gc.collect()
        gc.freeze()  # what lives as long as the process need not be looked at again: lowers p99
    log.info("started", dialect=node.database.dialect, revision=node.schema_revision)
    with told_of_end(app.state.bell.close):  # streams end by themselves when somebody tells them only
        yield
    await app.state.bell.stop()
    for task in (sweeping, screening):
        task.cancel()
    await asyncio.gather(sweeping, screening, return_exceptions=True)
    await node.writer.stop()
    await node.database.close()
    if node.tracer is not None:
        await asyncio.to_thread(node.tracer.close)
    log.info("stopped")
