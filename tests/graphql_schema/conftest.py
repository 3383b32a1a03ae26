"""A node of one's own, and one that many tests share."""

import io
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import structlog

from registry.core.telemetry import configure_logging
from tests.nodes import Node, running, standing

Said = Callable[[], str]


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node with a small vetted register, for this test alone."""
    async with running(database_url, tmp_path / "keys") as started:
        yield started


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def shared(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Node]:
    """A node with a small vetted register, for every test of the file: none may break it or need an empty log."""
    async with standing(request.param, request, tmp_path_factory.mktemp("shared")) as started:
        yield started


@pytest.fixture
def said() -> Iterator[Said]:
    """Return what the program has said in its own log during this test."""
    configure_logging("debug")
    stream = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream))
    yield stream.getvalue
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
