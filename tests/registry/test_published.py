"""The published log at its addresses: cacheable, read-only, and nothing beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from registry import published
from registry.core.config import Settings
from registry.headers import EVERY, Headers
from tests.registry.notary.conftest import Desk, desk  # noqa: F401  a fixture

pytestmark = pytest.mark.anyio
BASE = "https://registry.example"


def app(folder: Path | str) -> Starlette:
    """Return the routes as the node serves them."""
    routes = published.routes(Settings(log_folder=str(folder)))
    served = Starlette(routes=routes, middleware=[Middleware(Headers, public_url=BASE)])
    served.router.redirect_slashes = False
    return served


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811
    """A reader of a log of 258 entries."""
    await desk.enter(258)
    await desk.signed()
    transport = httpx.ASGITransport(app(desk.folder / "published"))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


async def test_the_checkpoint_is_asked_for_anew_and_tiles_kept(http: httpx.AsyncClient, desk: Desk) -> None:  # noqa: F811
    files = desk.folder / "published"
    for path, lasting, kind in (
        ("checkpoint", published.ANEW, "text/plain; charset=utf-8"),
        ("tile/0/000", published.FOREVER, "application/octet-stream"),
        ("tile/0/001.p/2", published.FOREVER, "application/octet-stream"),
        ("tile/1/000.p/1", published.FOREVER, "application/octet-stream"),
        ("tile/entries/000", published.FOREVER, "application/octet-stream"),
    ):
        answer = await http.get(f"/log/{path}")
        assert (answer.status_code, answer.content) == (200, (files / path).read_bytes())
        assert answer.headers["cache-control"] == lasting
        assert answer.headers["content-type"] == kind
        assert {name: answer.headers[name] for name in EVERY if name != "cache-control"}.items() <= EVERY.items()


async def test_nothing_else_stands_there(http: httpx.AsyncClient, desk: Desk) -> None:  # noqa: F811
    (desk.folder / "published" / "secret").write_text("DEMO", encoding="ascii")
    (desk.folder / "published" / "tile" / "0" / "002.new").write_text("DEMO", encoding="ascii")
    for path in (
        "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/002", "tile/0/002.new", "tile/00/000", "tile/0/000/",
        "secret",
        "tile/0/..%2f..%2f..%2fnotary%2flast-signed", "tile/../../notary/last-signed", "tile/0/000.p/256",
        "checkpoint/", "tile/entries/x000/000", "refused", "last-signed",
    ):  # fmt: skip
        assert (await http.get(f"/log/{path}")).status_code == 404, path
    assert (await http.post("/log/checkpoint")).status_code == 405


async def test_without_a_folder_nothing_is_served_and_without_a_log_nothing_is_found(tmp_path: Path) -> None:
    assert published.routes(Settings(log_folder="")) == []
    transport = httpx.ASGITransport(app(tmp_path / "nowhere"))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        assert (await client.get("/log/checkpoint")).status_code == 404
