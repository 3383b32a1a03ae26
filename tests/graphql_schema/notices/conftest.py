"""A node whose streams beat every second."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.nodes import Node, running


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node with a small vetted register, for this test alone."""
    limits = {"stream_heartbeat_seconds": 1, "stream_patience_seconds": 1}
    async with running(database_url, tmp_path / "keys", limits=limits) as started:
        yield started
