"""A node that strangers try their hand at: within the test's own process, and as a process of its own."""

import io
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
import structlog

from registry.audit.quotas import QUOTAS
from registry.core.telemetry import configure_logging
from tests.journeys.conftest import fresh_url
from tests.journeys.served import Served, free_port, prepare, serving
from tests.nodes import Node, running, standing

Said = Callable[[], str]
AMPLE = {f"limit_{quota.name}": "1000000000" for quota in QUOTAS}
"""Budgets have their own tests; here one principal asks for everybody."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def shared(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Node]:
    """A node with a small vetted register, which every test of the file leaves whole."""
    async with standing(request.param, request, tmp_path_factory.mktemp("outsider")) as started:
        yield started


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node with a small vetted register, for this test alone."""
    async with running(database_url, tmp_path / "keys") as started:
        yield started


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A process that serves a demonstration of 60 profiles."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    prepare(folder, port, fresh_url(request.getfixturevalue("postgres")) if request.param == "postgresql" else None, 60)
    with serving(folder, port, **AMPLE) as started:
        yield started


@pytest.fixture
def said() -> Iterator[Said]:
    """Return what the program has said in its own log during this test."""
    configure_logging("debug")
    stream = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(stream))
    yield stream.getvalue
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))
