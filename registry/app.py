"""The composition root: settings become a running node.

uvicorn.run("registry.app:create", factory=True)
"""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth import (
    ceremonies,
    certificates,
    closures,
    reasons,
    replay,
    revocation,
    routes as auth_routes,
    session_routes,
    sessions,
    signing,
)
from auth.browsers import Browsers, InUse
from auth.callers import Machines
from auth.keys import SigningKey, load_signing_key
from auth.nonces import Nonces
from auth.oidc import RelyingParty
from auth.passkeys import Passkeys
from auth.reasons import Demand, Draw
from auth.resource import Resource
from auth.signatures import Signer
from auth.signing import Ring
from graphql_schema import schema
from graphql_schema.endpoint import Endpoint, Service
from graphql_schema.limits import Limits
from graphql_schema.negotiation import Profile
from graphql_schema.paging import Cursors
from registry import health, migrations, published, sandbox
from registry.audit import heartbeat, meters, policies, windows
from registry.audit.log import Beside, Writer
from registry.audit.promises import Promises
from registry.audit.strangers import Strangers
from registry.certificates.operations import end_due as end_certificates
from registry.core import config, roles
from registry.core.clock import Clock, now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.ending import told_of_end
from registry.core.engines import open_database
from registry.core.errors import Unavailable
from registry.core.key_providers import open_sealer
from registry.core.observing import Tracer
from registry.core.sealing import Sealer
from registry.core.secret_files import read_secret
from registry.core.telemetry import configure_logging, log, problem_of
from registry.core.tracing import open_tracer
from registry.disclosure import policy
from registry.doorstep import Doorstep
from registry.editions.edition import Edition, load as load_edition
from registry.enrolment.warnings import KeyWatch
from registry.flood import Bounds, Flood
from registry.headers import EVERY, Headers
from registry.meetings.looking import Deconfliction
from registry.misuse.looking import Looking
from registry.misuse.names import Digest
from registry.misuse.serving import serve as serve_misuse
from registry.misuse.thresholds import Thresholds
from registry.notices import queries as notices
from registry.photographs import queries as photograph_queries, routes as photographs
from registry.photographs.limits import UNATTACHED_LIFE
from registry.profiles import rebuilding
from registry.profiles.operations.duties import expire_due
from registry.profiles.operations.watching import end_due as end_watches
from registry.proxies import Proxies
from registry.screening import routes as screening_routes
from registry.screening.operations import purge as purge_screenings
from registry.screening.serving import serve as serve_screenings


@dataclass(frozen=True, slots=True)
class Node:
    """Everything that lives as long as the process; routes find it at ``app.state.node``."""

    settings: Settings
    database: Database
    writer: Writer
    promises: Promises
    """What answers are given receipts by."""
    strangers: Strangers
    """Who has asked without proving anything."""
    edition: Edition
    clock: Clock
    signing_key: SigningKey
    """The key file's."""
    signing: Ring
    """The keys that sign tokens, the file's among them."""
    sealer: Sealer
    schema_revision: str
    tracer: Tracer | None
    nonces: Nonces
    """What proofs of some clients have to carry."""
    passkeys: Passkeys
    """The ceremonies of passkeys."""
    identity: RelyingParty | None
    """The identity provider, where there is one."""


def create(settings: Settings | None = None, clock: Clock = now, *, alone: bool = True) -> Starlette:
    """Return the ASGI application. Raises InputRefused when a setting or a secret is wrong.

    ``alone`` says that the process does nothing else: then what it has loaded at start is taken to stay.
    """
    settings = settings or config.load()
    configure_logging(settings.log_level)
    policy.approved(settings.edition)  # nobody answers by a table that was altered
    database, limits = open_database(settings), Limits.of(settings.limits)
    signing_key, sealer = load_signing_key(settings.signing_key_file), open_sealer(settings)
    node = Node(
        settings=settings,
        database=database,
        writer=Writer(
            database,
            most_waiting=settings.log_queue,
            patience=settings.log_seconds,
            beside=Beside(used=replay.used, shut=closures.turned_away, tell=_tell),
        ),
        promises=Promises(settings.origin, now),  # by the clock of leaves, and not by the one of questions
        strangers=Strangers(clock, each=limits.refusals_entered, in_all=limits.refusals_entered_in_all),
        edition=load_edition(settings.edition),
        clock=clock,
        signing_key=signing_key,
        signing=Ring(signing_key, sealer, clock),
        sealer=sealer,
        schema_revision=migrations.head(),
        tracer=open_tracer(settings.otlp_endpoint, share=settings.otlp_share),
        nonces=Nonces.of(_cursor_key(settings)),
        passkeys=Passkeys.of(settings.public_url),
        identity=RelyingParty.of(settings, clock),
    )
    endpoint = _endpoint(node)
    app = Starlette(
        routes=[
            Route("/graphql", endpoint),
            Route("/session/graphql", _for_browsers(endpoint, node)),
            *session_routes.routes(),
            *photographs.routes(node),
            *screening_routes.routes(node),
            *auth_routes.routes,
            *published.routes(settings),
            *sandbox.routes(settings),
            *health.routes,
        ],
        middleware=[
            Middleware(Headers, public_url=settings.public_url),
            Middleware(Proxies, forwards=settings.trusted_proxy, certifies=settings.certificate_proxies),
            Middleware(Doorstep, hosts=settings.trusted_hosts, count=node.strangers.count),
            Middleware(Flood, bounds=_bounds(settings), count=node.strangers.count),
        ],
        exception_handlers={HTTPException: _nowhere, Exception: _internal},
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False  # a token is not to be sent on
    app.state.node = node
    app.state.alone = alone
    app.state.bell = endpoint.subscriptions.bell
    return app


def _endpoint(node: Node) -> Endpoint:
    return Endpoint(
        Service(
            schema=schema.build(),
            database=node.database.asked,
            writer=node.writer,
            promises=node.promises,
            strangers=node.strangers,
            callers=Machines(
                Resource.of(node.settings, node.signing, node.clock, node.nonces),
                f"{node.settings.public_url}/graphql",
                node.nonces,
                node.edition.country,
                partial(certificates.presented, clock=node.clock),
                signatures=node.settings.http_signatures,
            ),
            edition=node.edition,
            sealer=node.sealer,
            clock=node.clock,
            cursors=Cursors(_cursor_key(node.settings)),
            limits=Limits.of(node.settings.limits),
            profile=Profile(node.settings.status_profile),
            compiled=node.settings.compiled_plans,
            tracer=node.tracer,
            signer=_signer(node),
            draw=_draw(node.settings),
        )
    )


def _for_browsers(endpoint: Endpoint, node: Node) -> InUse:
    """Return the same endpoint for officers at a browser; one bell wakes the streams of both."""
    browsers = Browsers(node.settings.public_url, node.edition.country, node.clock)
    beside = Endpoint(replace(endpoint.service, callers=browsers))
    beside.subscriptions.bell = endpoint.subscriptions.bell
    return InUse(beside, browsers, node.database)


def _tell(connection: Connection, told: Sequence[tuple[datetime, Any]]) -> None:
    """Keep what comes with entries: word for others, and reasons that are asked for."""
    demands = [each for _, each in told if isinstance(each, Demand)]
    if news := [(at, each) for at, each in told if not isinstance(each, Demand)]:
        notices.keep_all(connection, news)
    reasons.keep(connection, demands)


def _bounds(settings: Settings) -> Bounds:
    limits = Limits.of(settings.limits)
    return Bounds(
        limits.refusals_at_once, limits.refusals_per_minute, limits.refusal_sources, limits.proofs_per_source
    )  # fmt: skip


def _signer(node: Node) -> Signer | None:
    if not node.settings.http_signatures:
        return None
    return Signer(node.signing, f"{node.settings.public_url}/graphql", node.clock)


def _cursor_key(settings: Settings) -> bytes:
    return read_secret(settings.cursor_key_file, field="cursor_key_file", least=32)


SWEEP_SECONDS = 60
Chore = Callable[[Connection, datetime], object]
CHORES: tuple[Chore, ...] = (
    replay.purge,
    revocation.purge,
    KeyWatch(),
    meters.purge,
    photograph_queries.purge_tickets,
    lambda connection, moment: photograph_queries.purge_unattached(connection, moment - UNATTACHED_LIFE),
    expire_due,
    end_certificates,
    purge_screenings,
    end_watches,
    ceremonies.purge,
    sessions.purge,
)
"""Proofs that have expired anyway, keys that will, budgets of days gone by, addresses nobody used, pictures nobody
named, entries, certificates, watches and sessions that are over, and notices of last week."""


def _draw(settings: Settings) -> Draw:
    thresholds = Thresholds.of(settings.misuse)
    patience = timedelta(minutes=thresholds.reason_minutes)
    return Draw(thresholds.reason_every, patience, thresholds.reason_words)


def _looking(node: Node) -> Looking:
    thresholds = Thresholds.of(node.settings.misuse)
    return Looking(node.database.keeper, Digest(node.sealer.blind), node.edition.country, thresholds)


async def _sweep(node: Node, *, pause: float = SWEEP_SECONDS, is_kept: bool = True) -> None:
    """Do, again and again, what is due: each chore in a transaction of its own."""
    deconfliction: Chore = Deconfliction(node.edition, node.settings.meeting_days)
    while True:
        await asyncio.sleep(pause)
        is_kept = is_kept or await _keep_windows(node)
        for chore in (*CHORES, deconfliction):
            try:
                await node.database.keeper.write(partial(_done, chore, node.clock()))
            except Exception as problem:  # noqa: BLE001  the next minute tries again, whatever it was
                log.warning("sweep_failed", problem=problem_of(problem))


def _done(chore: Chore, moment: datetime, connection: Connection) -> None:
    chore(connection, moment)


async def _check_role(node: Node) -> None:
    """Refuse to serve as a database role that no policy binds."""
    try:
        await node.database.read(roles.check)
    except Unavailable as problem:  # a database that is down is told by /readyz
        log.warning("role_unchecked", problem=problem_of(problem))


async def _keep_policy(node: Node) -> None:
    """Keep the policy that this node decides by, so that its decisions can be made again."""
    table = policy.approved(node.edition.code)
    keep = partial(policies.keep, version=table.version, edition=table.edition, text=table.text, at=node.clock())
    try:
        await node.database.keeper.write(keep)
    except Exception as problem:  # noqa: BLE001  a database that is down or not migrated yet is told by /readyz
        log.warning("policy_not_kept", problem=problem_of(problem))


async def _keep_windows(node: Node) -> bool:
    """Bring into force, with an entry, how long this node goes on without notary and witnesses; say whether it is."""
    settings = node.settings
    chosen = windows.Windows(
        settings.unsigned_seconds, settings.unwitnessed_seconds if settings.witness_policy_file else 0
    )
    try:
        await node.database.keeper.write(partial(windows.keep, chosen=chosen, clock=now))
    except Exception as problem:  # noqa: BLE001  a database that is down is told by /readyz; the sweep tries again
        log.warning("windows_not_kept", problem=problem_of(problem))
        return False
    return True


async def _learn_keys(node: Node) -> None:
    """Read the signing keys anew. A database that does not answer leaves those that are known."""
    try:
        node.signing.learn(await node.database.read(signing.listed))
    except Exception as problem:  # noqa: BLE001  the next turn tries again, whatever it was
        log.warning("signing_keys_unread", problem=problem_of(problem))


async def _follow_keys(node: Node) -> None:
    """See, again and again, whether signing keys were made or withdrawn."""
    while True:
        await asyncio.sleep(signing.REFRESH_SECONDS)
        await _learn_keys(node)


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


async def _internal(_request: Request, _problem: Exception) -> Response:
    """Say that something of ours has failed, and nothing of what it was; no middleware of ours is left around this."""
    told = {"errors": [{"message": "Internal error.", "extensions": {"code": "INTERNAL"}}]}
    return JSONResponse(told, 500, EVERY)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Start the log's writer; at the end let it write what waits."""
    node: Node = app.state.node
    await _check_role(node)
    await _keep_policy(node)
    await node.promises.keep(node.database.keeper)
    is_kept = await _keep_windows(node)
    node.writer.start()
    await _look_at_index(node)
    await _learn_keys(node)
    following = asyncio.create_task(_follow_keys(node), name="signing-keys")
    counting = asyncio.create_task(node.strangers.keep_on(node.writer), name="strangers")
    promising = asyncio.create_task(node.promises.keep_on(node.database.keeper), name="promise-keys")
    sweeping = asyncio.create_task(_sweep(node, is_kept=is_kept), name="sweep")
    screening = asyncio.create_task(serve_screenings(node), name="screening")
    misuse = asyncio.create_task(serve_misuse(_looking(node), node.clock), name="misuse")
    silence = timedelta(seconds=node.settings.heartbeat_seconds)
    beating = asyncio.create_task(heartbeat.keep(node.database.keeper, now, silence), name="heartbeat")
    if app.state.alone:
        gc.collect()
        gc.freeze()  # what lives as long as the process need not be looked at again: lowers p99
    log.info("started", dialect=node.database.dialect, revision=node.schema_revision)
    with told_of_end(app.state.bell.close):  # streams end by themselves when somebody tells them only
        yield
    await app.state.bell.stop()
    for task in (sweeping, screening, misuse, following, promising, beating, counting):
        task.cancel()
    await asyncio.gather(sweeping, screening, misuse, following, promising, beating, counting, return_exceptions=True)
    await node.writer.stop()
    await node.database.close()
    if node.tracer is not None:
        await asyncio.to_thread(node.tracer.close)
    log.info("stopped")
