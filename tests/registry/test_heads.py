"""Heads of requests are bounded in bytes and in time, and what is no HTTP is answered in JSON."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from registry import heads
from registry.heads import MOST_BYTES, BoundedHeads

pytestmark = pytest.mark.anyio
ENDLESS = 40 * MOST_BYTES
GOOD = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello"


async def answer(request: Request) -> Response:
    return PlainTextResponse(await request.body())


@asynccontextmanager
async def listening() -> AsyncIterator[int]:
    """Run a server with these heads; give its port."""
    config = uvicorn.Config(
        Starlette(routes=[Route("/", answer, methods=["GET", "POST"])]),
        http=BoundedHeads, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off",
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # uvicorn's own hook for tests
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def said(port: int, *pieces: bytes) -> bytes:
    """Send pieces for as long as the server listens; return all that it says until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 20)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def code(text: bytes) -> tuple[int, str]:
    """Return status and code of a refusal, which is JSON and the connection's last word."""
    head, _, body = text.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    assert b"content-type: application/json" in head
    return int(head.split()[1]), json.loads(body)["errors"][0]["extensions"]["code"]


async def test_a_request_of_ordinary_size_is_answered_and_the_connection_stays_open() -> None:
    async with listening() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(GOOD)
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_body_does_not_count_as_head() -> None:
    body = b"x" * (4 * MOST_BYTES)
    head = f"POST / HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    async with listening() as port:
        assert (await said(port, head.encode() + body)).endswith(body)
        assert (await said(port, head.encode(), body)).endswith(body)


BEGUN = b"POST / HTTP/1.1\r\nHost: here\r\n"
GREEDY: dict[str, tuple[Callable[[], list[bytes]], tuple[int, str]]] = {
    "many headers": (lambda: [BEGUN, *[b"x: y\r\n" * 500] * (ENDLESS // 3_000)], (431, "HEAD_TOO_LARGE")),
    "one endless header": (lambda: [BEGUN + b"x: ", *[b"y" * 4_096] * (ENDLESS // 4_096)], (431, "HEAD_TOO_LARGE")),
    "an endless name": (lambda: [BEGUN, *[b"x" * 4_096] * (ENDLESS // 4_096)], (431, "HEAD_TOO_LARGE")),
    "an endless address": (lambda: [b"GET /", *[b"a" * 4_096] * (ENDLESS // 4_096)], (414, "URI_TOO_LONG")),
    "all at once": (lambda: [BEGUN + b"x: y\r\n" * 10_000 + b"\r\n"], (431, "HEAD_TOO_LARGE")),
}


@pytest.mark.parametrize("kind", GREEDY)
async def test_a_head_without_end_is_refused(kind: str) -> None:
    pieces, expected = GREEDY[kind]
    async with listening() as port:
        told = await said(port, *pieces())

    assert told == b"" or code(told) == expected  # our own writing may fail before the answer is read
    assert len(b"".join(pieces())) > MOST_BYTES


async def test_the_refusal_of_a_large_head_is_told_to_whoever_listens() -> None:
    async with listening() as port:
        assert code(await said(port, BEGUN + b"x: y\r\n" * 1_200)) == (431, "HEAD_TOO_LARGE")


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"{}\r\n\r\n"])
async def test_what_is_no_http_is_answered_in_json(nonsense: bytes) -> None:
    async with listening() as port:
        assert code(await said(port, nonsense)) == (400, "HTTP_MALFORMED")


@pytest.mark.parametrize("begun", [b"", b"POST / HT", BEGUN], ids=["nothing", "a word", "two lines"])
async def test_a_head_that_does_not_come_is_not_waited_for(begun: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.1)
    async with listening() as port:
        assert code(await said(port, begun)) == (408, "HEAD_TOO_SLOW")


async def test_a_body_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.1)
    async with listening() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GOOD[:-1])
        await asyncio.sleep(0.3)
        writer.write(GOOD[-1:])

        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        writer.close()
