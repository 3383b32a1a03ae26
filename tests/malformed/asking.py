"""How a malformed request is sent, and what its answer must not show."""

import re
from typing import Any

import httpx

from tests.malformed.cases import JSON, RESPONSE, SECRET, Case
from tests.nodes import Node, tables

INTERNALS = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|/usr/|/home/|sqlalchemy|sqlite3|asyncpg|graphql\.|orjson|SELECT |INSERT |"
    r"Exception|[a-z]Error\b|<class|object at 0x|line \d+, in",
)
"""What a trace of our insides would look like."""


def check_nothing_shows(text: str) -> None:
    """Require that an answer tells nothing of how we are made, nor what it was asked."""
    assert not INTERNALS.search(text), text
    assert not [name for name in tables() if "_" in name and name in text], text
    assert SECRET not in text


async def sent(node: Node, case: Case) -> httpx.Response:
    headers = {"accept": RESPONSE, "content-type": JSON} | node.headers(by=case.by) | case.headers
    given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items() if value]
    return await node.http.request(case.method, "/graphql", content=case.body, headers=given)


def errors_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the errors of an answer, or the userErrors of the only payload in it."""
    body = answer.json()
    if "errors" in body:
        return [error["extensions"] | {"message": error["message"]} for error in body["errors"]]
    (payload,) = body["data"].values()
    errors: list[dict[str, Any]] = payload["userErrors"]
    return errors
