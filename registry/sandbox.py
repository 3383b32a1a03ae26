"""The page of a sandbox: GraphiQL from our own origin, for a register of invented people only.

GET /sandbox               the page
GET /sandbox/start.json    schema, first question and its variables
GET /sandbox/<file>        what the manifest of ``sandbox_folder`` names, as deploy/sandbox/build.mjs left it

Without the setting there is none of this. With it, each request asks the register anew whether it bears the marks of
an invented one (registry/synthetic/marks.py); where it does not, or can't be asked, the address does not exist.
Files are read once, at start: no request reaches the file system. Why GraphiQL 4, and this policy: docs/decisions/0017.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphql import parse, print_ast
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import directory
from graphql_schema import schema
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.oversight import queries as log
from registry.synthetic import marks
from registry.synthetic.first_question import CRITERIA, SEARCH

PAGE, START, MANIFEST = "index.html", "start.json", "manifest.json"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Fonts and workers have none of their own: default-src forbids them."""
UNUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone",
          "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "usb")  # fmt: skip
"""Powers of a browser that the page has no use for."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{each}=()" for each in UNUSED),
}
FOREVER, NEVER = "public, max-age=31536000, immutable", "no-store"
"""A file whose name holds its hash never changes; the page and its start do with the program."""

Files = Mapping[str, tuple[bytes, Mapping[str, str]]]
"""Content and headers by name."""


def routes(settings: Settings) -> list[Route]:
    """Return the page's routes: none where no sandbox is set. Raises InputRefused when the folder is no bundle."""
    if not settings.sandbox_folder:
        return []
    files = load(Path(settings.sandbox_folder))

    async def show(request: Request) -> Response:
        name = request.path_params.get("name", PAGE)
        if name not in files or not await _is_invented(request.app.state.node.database):
            raise HTTPException(404)
        content, headers = files[name]
        return Response(content, 200, headers)

    return [Route("/sandbox", show), Route("/sandbox/{name}", show)]


def load(folder: Path) -> Files:
    """Read the bundle: all that its manifest names and nothing else, each with the hash that stands there."""
    try:
        named = json.loads((folder / MANIFEST).read_bytes())["files"]
        contents = {name: _read(folder, name, digest) for name, digest in named.items()}
        contents[PAGE]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as problem:
        raise _refused("holds no whole bundle.", "Run: make sandbox") from problem
    return {name: (content, _headers(name)) for name, content in (contents | {START: _start()}).items()}


def _read(folder: Path, name: str, digest: str) -> bytes:
    if Path(name).name != name or Path(name).suffix not in TYPES:
        raise ValueError(name)
    content = (folder / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(name)
    return content


def _headers(name: str) -> dict[str, str]:
    lasting = NEVER if name in (PAGE, START) else FOREVER
    return HEADERS | {"content-type": TYPES[Path(name).suffix], "cache-control": lasting}


def _start() -> bytes:
    """Return what the page begins with. The schema is the program's own, so a token needs no introspection scope."""
    start: dict[str, Any] = {  # Any: variables are JSON of any form
        "schema": schema.sdl(), "query": print_ast(parse(SEARCH)), "variables": json.loads(CRITERIA),
    }  # fmt: skip
    return json.dumps(start).encode()


def is_invented(connection: Connection) -> bool:
    """Say whether all marks of an invented register are there."""
    first = log.entry(connection, 0)
    begun = first is not None and first["operation"] == marks.SET_UP
    return begun and marks.are_invented(directory.agency_names(connection))


async def _is_invented(database: Database) -> bool:
    try:
        return await database.read(is_invented)
    except Exception:  # noqa: BLE001  whatever it was: a register that can't be asked has not shown its marks
        return False


async def prove(database: Database) -> None:
    """Raise InputRefused where a sandbox is set beside a register that is not an invented one."""
    if not await _is_invented(database):
        raise _refused(
            "is set beside a register that shows no marks of an invented one.",
            "Remove the setting; a sandbox is made by registry demo.",
        )  # fmt: skip


def _refused(rule: str, remedy: str) -> InputRefused:
    return InputRefused(rule, field="sandbox_folder", remedy=remedy, code="SETTING_INVALID")
