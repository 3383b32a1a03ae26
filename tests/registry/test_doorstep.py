"""The doorstep: what is refused before anything is looked at, and which connections end with the answer."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from registry.doorstep import MOST_URI, SHORT_BODY, Doorstep

pytestmark = pytest.mark.anyio
HOSTS = ("registry.example", "127.0.0.1", "[::1]")


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length of the body, or without a look at it where the address says so."""
    request = Request(scope, receive)
    length = 0 if request.url.path == "/unread" else len(await request.body())
    await PlainTextResponse(str(length))(scope, receive, send)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Doorstep(reading, HOSTS))
    async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as client:
        yield client


def code(answer: httpx.Response) -> str:
    found: str = answer.json()["errors"][0]["extensions"]["code"]
    return found


@pytest.mark.parametrize(
    "host", ["registry.example", "registry.example:443", "REGISTRY.example", "127.0.0.1:8000", "[::1]:1"]
)
async def test_the_nodes_own_names_are_let_in(http: httpx.AsyncClient, host: str) -> None:
    assert (await http.get("/", headers={"host": host})).text == "0"


FORGED = [
    "", "evil.example", "registry.example.evil", "registry.example@evil", "evil@registry.example", "registry.example/x",
    "registry.example, evil", "[::1", "[::2]", "registry.example#", "é",
]  # fmt: skip


@pytest.mark.parametrize("host", FORGED)
async def test_another_name_is_refused_in_json_and_not_repeated(http: httpx.AsyncClient, host: str) -> None:
    answer = await http.get("/", headers=[(b"host", host.encode("latin-1"))])

    assert (answer.status_code, code(answer)) == (400, "HOST_UNKNOWN")
    assert answer.headers["cache-control"] == "no-store"
    assert "evil" not in answer.text


async def test_two_hosts_are_none(http: httpx.AsyncClient) -> None:
    answer = await http.get("/", headers=[("host", "registry.example"), ("host", "registry.example")])

    assert code(answer) == "HOST_UNKNOWN"


async def test_an_address_may_be_so_long_and_no_longer(http: httpx.AsyncClient) -> None:
    longest = await http.get("/" + "x" * (MOST_URI - 1))
    longer = await http.get("/" + "x" * MOST_URI)

    assert longest.text == "0"
    assert (longer.status_code, code(longer)) == (414, "URI_TOO_LONG")
    assert code(await http.get("/?" + "x" * MOST_URI)) == "URI_TOO_LONG"


async def chunks(size: int) -> AsyncIterator[bytes]:
    yield b"x" * size


@pytest.mark.parametrize(
    ("path", "size", "closed"),
    [("/", 10, False), ("/", SHORT_BODY + 1, False), ("/unread", 10, False), ("/unread", SHORT_BODY + 1, True)],
)
async def test_a_connection_ends_where_much_of_a_body_is_not_read(
    http: httpx.AsyncClient, path: str, size: int, closed: bool
) -> None:
    answer = await http.post(path, content=b"x" * size)

    assert answer.headers.get("connection") == ("close" if closed else None)


@pytest.mark.parametrize(("path", "closed"), [("/", False), ("/unread", True)])
async def test_a_body_of_unknown_length_may_be_long(http: httpx.AsyncClient, path: str, closed: bool) -> None:
    answer = await http.post(path, content=chunks(10))

    assert answer.headers.get("connection") == ("close" if closed else None)


@pytest.mark.parametrize("length", ["x", "-1", "1e9", "9" * 4_000])
async def test_a_length_that_is_none_may_be_long(http: httpx.AsyncClient, length: str) -> None:
    answer = await http.post("/unread", content=b"x", headers={"content-length": length})

    assert answer.headers["connection"] == "close"


async def test_what_is_no_request_is_handed_on() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def never() -> Message:
        raise AssertionError

    await Doorstep(app, HOSTS)({"type": "lifespan"}, never, lambda _message: never())  # type: ignore[arg-type,return-value]

    assert seen == ["lifespan"]
