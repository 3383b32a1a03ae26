"""A node with its household, and an HTTP client that talks to it."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette

from auth.routes import routes
from registry.audit.log import Writer
from registry.core.db import Database
from tests.auth.household import ISSUER, InventedNode, desk, log_of, settle
from tests.auth.tokens import ALGORITHMS, pair


@pytest.fixture
async def officer(database: Database) -> UUID:
    """The household's officer; the client has a key of each kind."""
    return await database.write(lambda connection: settle(connection, *[pair(name) for name in ALGORITHMS]))


@pytest.fixture
async def node(database: Database, officer: UUID) -> AsyncIterator[InventedNode]:  # noqa: ARG001  the household
    writer = Writer(database)
    writer.start()
    yield InventedNode(database, writer)
    await writer.stop()


class TokenEndpoint:
    """The token endpoint as a client sees it, with the log beside it."""

    def __init__(self, node: InventedNode, http: httpx.AsyncClient) -> None:
        self.node = node
        self.http = http

    async def post(
        self, form: dict[str, str] | None = None, *, proof: str | None = "", to: str = "/oauth/token", **request: Any
    ) -> httpx.Response:  # Any: httpx's own options
        """Send a form with a new proof, or the one given; None leaves it out."""
        headers = dict(request.pop("headers", {}))
        if proof is not None:
            headers["DPoP"] = proof or desk().proof(at=self.node.clock())
        return await self.http.post(to, data=form, headers=headers, **request)

    async def entries(self) -> list[dict[str, Any]]:
        return await log_of(self.node.database)

    async def entry(self) -> dict[str, Any]:
        """Return the only entry in the log."""
        (entry,) = await self.entries()
        return entry


@pytest.fixture
async def endpoint(node: InventedNode) -> AsyncIterator[TokenEndpoint]:
    app = Starlette(routes=routes)
    app.state.node = node
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as http:
        yield TokenEndpoint(node, http)
