"""Every answer of a node closes what a browser would leave open, whichever route, refusal or failure it is."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from registry.headers import CLOSED, EVERY, HTTPS_ALONE, Headers
from tests.nodes import URL, Node, running

pytestmark = pytest.mark.anyio

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
async def node(sqlite_template: Path, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node that the world reaches by https."""
    shutil.copyfile(sqlite_template, tmp_path / "register.db")
    async with running(f"sqlite:///{tmp_path}/register.db", tmp_path / "keys") as started:
        yield started


def is_closed(answer: httpx.Response) -> bool:
    """Say whether an answer is kept by nobody, framed by nobody, taken for nothing else, and tells nothing onward."""
    named = {name: answer.headers.get_list(name) for name in (*EVERY, *HTTPS_ALONE)}
    policy = named.pop("content-security-policy")[0]
    expected = {name: [value] for name, value in (EVERY | HTTPS_ALONE).items() if name != "content-security-policy"}
    return (
        named == expected
        and policy.startswith("default-src 'none'")
        and "frame-ancestors 'none'" in policy
        and not {"server", "x-powered-by"} & set(answer.headers)
    )


async def test_every_route_by_every_method_answers_closed(node: Node) -> None:
    routes = {route.path.replace("{", "").replace("}", "") for route in node.app.routes if isinstance(route, Route)}
    asked = {(method, path): await node.http.request(method, path) for path in routes for method in METHODS}

    assert {"/graphql", "/oauth/token", "/healthz"} <= routes
    assert [where for where, answer in asked.items() if not is_closed(answer)] == []
    assert {answer.status_code for answer in asked.values()} >= {200, 401, 404, 405}


async def test_an_answer_to_a_question_is_closed(node: Node) -> None:
    answer = await node.ask("{ __typename }")

    assert (answer.status_code, is_closed(answer)) == (200, True)


@pytest.mark.parametrize(("path", "host", "status"), [
    ("/nowhere", "registry.example", 404),
    ("/graphql", "evil.example", 400),
    ("/" + "x" * 9000, "registry.example", 414),
])  # fmt: skip
async def test_a_refusal_at_the_doorstep_is_closed(node: Node, path: str, host: str, status: int) -> None:
    answer = await node.http.get(path, headers={"host": host})

    assert (answer.status_code, is_closed(answer)) == (status, True)


async def test_a_failure_of_ours_is_closed_and_told_in_json(node: Node) -> None:
    async def fail(_request: object) -> Response:
        raise ZeroDivisionError("invented")

    node.app.router.routes.append(Route("/fails", fail))
    transport = httpx.ASGITransport(node.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        answer = await http.get("/fails")

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (500, "INTERNAL")
    assert {name: answer.headers[name] for name in EVERY} == EVERY
    assert "invented" not in answer.text


# -- the middleware by itself


async def asked(public_url: str, **headers: str) -> httpx.Headers:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("ok", headers=headers)(scope, receive, send)

    transport = httpx.ASGITransport(Headers(app, public_url=public_url))
    async with httpx.AsyncClient(transport=transport, base_url=public_url) as http:
        return (await http.get("/")).headers


async def test_only_a_node_that_is_reached_by_https_says_that_it_always_will_be() -> None:
    assert (await asked("https://registry.example"))["strict-transport-security"] == "max-age=63072000"
    assert "strict-transport-security" not in await asked("http://127.0.0.1:8000")


async def test_what_an_answer_says_itself_stands() -> None:
    page = CLOSED.replace("default-src 'none'", "default-src 'self'")

    told = await asked("http://127.0.0.1:8000", **{"Content-Security-Policy": page, "Cache-Control": "public"})

    assert told.get_list("content-security-policy") == [page]
    assert told.get_list("cache-control") == ["public"]
    assert told["x-content-type-options"] == "nosniff"


async def test_what_is_no_request_passes() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def never() -> None:
        pytest.fail("nothing is received or sent")

    await Headers(app, public_url=URL)({"type": "lifespan"}, never, lambda _message: never())  # type: ignore[arg-type]

    assert seen == ["lifespan"]
