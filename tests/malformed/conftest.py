"""A node that malformed input is sent to."""

from collections.abc import AsyncIterator

import pytest

from tests.nodes import Node, standing


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def node(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Node]:
    """A node that all of this is sent to."""
    async with standing(request.param, request, tmp_path_factory.mktemp("malformed")) as started:
        yield started
