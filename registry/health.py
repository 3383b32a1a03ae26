"""Whether this process lives, and whether it can answer.

GET /healthz   200 as long as the process runs
GET /readyz    200 when the database answers, the schema is the program's, and the log takes entries
GET /metrics   Prometheus text, to the addresses of the setting metrics_from only
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

import orjson
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry import migrations
from registry.audit import partitions, sequencing
from registry.core.clock import now
from registry.core.db import Database
from registry.core.errors import RegistryError
from registry.core.metrics import printed


def _answer(status: int, content: Mapping[str, object]) -> Response:
    headers = {"cache-control": "no-store", "content-type": "application/json"}
    return Response(orjson.dumps(content), status, headers)


async def healthz(_request: Request) -> Response:
    """Say that the process runs."""
    return _answer(200, {"status": "alive"})


async def readyz(request: Request) -> Response:
    """Say whether an answer could be given now."""
    node = request.app.state.node
    try:
        revision = await node.database.read(migrations.current)
        is_ours = revision == node.schema_revision
        closed = await node.database.read(partial(sequencing.closed, moment=now())) if is_ours else None
    except RegistryError:
        return _answer(503, {"status": "not ready", "reason": "DATABASE_UNAVAILABLE"})
    if not is_ours:
        return _answer(503, {"status": "not ready", "reason": "MIGRATION_NEEDED"})
    if node.writer.is_full:
        return _answer(503, {"status": "not ready", "reason": "LOG_FULL"})
    if closed is not None:
        return _answer(503, {"status": "not ready", "reason": closed.code})
    return _answer(200, {"status": "ready"} | await warned(node.database))


async def warned(database: Database) -> dict[str, object]:
    """Warn of what is no reason yet: the log's next entries would go to the default partition."""
    with suppress(RegistryError):
        if database.dialect == "postgresql" and not await database.read(partitions.ahead):
            return {"warning": "LOG_PARTITIONS"}
    return {}


def metrics(request: Request) -> Response:
    """Print the metrics of this node, in a thread of its own: adding up the workers' takes some milliseconds."""
    if not _may_scrape(request):
        raise HTTPException(404)
    return Response(printed(), 200, {"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})


def _may_scrape(request: Request) -> bool:
    """Whether who asks stands in ``metrics_from`` and came without a proxy.

    How much is asked here, of what and when, is nobody's business; to the others this address does not exist. A proxy
    on this machine comes from loopback as well, so what it forwards for others is told by the header it adds.
    """
    peer = request.client.host if request.client else ""
    forwarded = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "via"))
    return peer in request.app.state.node.settings.metrics_readers and not forwarded


routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
