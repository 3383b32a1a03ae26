"""A demonstration that serves, once on each database for all journeys that leave it whole."""

import asyncio
import secrets
from collections.abc import Iterator

import pytest

from tests.journeys.served import Served, free_port, prepare, serving
from tests.registers import new_register
from tests.servers import PostgresServer


@pytest.fixture(scope="session")
def walkthroughs() -> dict[str, list[str]]:
    """Return by address the lines that were printed when a node was prepared."""
    return {}


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, walkthroughs: dict[str, list[str]]
) -> Iterator[Served]:
    """A node that serves a demonstration of 200 profiles."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    url = fresh_url(request.getfixturevalue("postgres")) if request.param == "postgresql" else None
    printed = prepare(folder, port, url)
    with serving(folder, port) as started:
        walkthroughs[started.url] = printed
        yield started


def fresh_url(server: PostgresServer) -> str:
    """Return the address of an empty register, for the application."""
    return asyncio.run(new_register(server, f"journey_{secrets.token_hex(4)}"))
