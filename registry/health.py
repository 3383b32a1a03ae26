"""Whether this process lives, and whether it can answer.

GET /healthz   200 as long as the process runs
GET /readyz    200 when the database answers, the schema is the program's, and the log takes entries
GET /metrics   Prometheus text
"""

from collections.abc import Mapping

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_schema.executor import counters
from registry import migrations
from registry.core.errors import RegistryError
from registry.core.telemetry import METRICS, PLANS


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
    except RegistryError:
        return _answer(503, {"status": "not ready", "reason": "DATABASE_UNAVAILABLE"})
    if revision != node.schema_revision:
        return _answer(503, {"status": "not ready", "reason": "MIGRATION_NEEDED"})
    if node.writer.is_full:
        return _answer(503, {"status": "not ready", "reason": "LOG_FULL"})
    return _answer(200, {"status": "ready"})


async def metrics(_request: Request) -> Response:
    """Print the metrics of this process."""
    PLANS.labels("hit").set(counters.plan_hits)
    PLANS.labels("bail").set(counters.plan_bails)
    return Response(generate_latest(METRICS), 200, {"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})


routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
