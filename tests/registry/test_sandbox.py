"""The page of a sandbox: its files, their headers, and the registers that have none. A browser uses it in
tests/journeys/test_sandbox.py."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from graphql import parse, validate
from sqlalchemy import Connection

from auth import directory
from graphql_schema import schema
from registry import app as application, sandbox
from registry.audit.log import append
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.headers import CLOSED
from registry.synthetic import marks
from tests import factories
from tests.nodes import URL, code_of, settings_for

pytestmark = pytest.mark.anyio

FILES = {
    "index.html": b"<!doctype html><title>invented</title>",
    "page-ABC12345.js": b"export {};",
    "page-DEF12345.css": b"html {}",
    "icon-GHI12345.svg": b"<svg/>",
}


def bundle(folder: Path, files: dict[str, bytes] = FILES) -> Path:
    """Write a bundle as deploy/sandbox/build.mjs does."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    named = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"files": named}))
    return folder


def begin(connection: Connection, operation: str = marks.SET_UP) -> None:
    append(connection, [factories.entry(operation=operation)])


def enrol(connection: Connection, code: str = "demo-dci", name: str = "DEMO Directorate") -> None:
    directory.enrol_agency(connection, code, name=name, country="KE")


def mark(connection: Connection) -> None:
    """Give a register what registry/demo/stage.py gives it."""
    begin(connection)
    enrol(connection)


@dataclass(frozen=True)
class Served:
    """A node with a bundle beside it, and its register."""

    http: httpx.AsyncClient
    database: Database

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)


@asynccontextmanager
async def serving(
    url: str, folder: Path, prepared: Callable[[Connection], None] | None = mark, **changes: str
) -> AsyncIterator[Served]:
    """Serve a register that has been prepared like this; None leaves it as it is."""
    bundled = str(bundle(folder / "bundle"))
    settings = settings_for(url, folder / "keys", **{"sandbox_folder": bundled} | changes)
    app = application.create(settings, alone=False)
    database: Database = app.state.node.database
    try:
        if prepared:
            await database.write(prepared)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as http:
            yield Served(http, database)
    finally:
        await database.close()


@pytest.fixture
async def page(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Served]:  # noqa: ARG001  brings the loop
    """A sandbox that shows its page."""
    async with serving(database_url, tmp_path) as served:
        yield served


# -- what is served


async def test_the_page_and_each_file_of_the_manifest_come_as_they_were_built(page: Served) -> None:
    for name, content in FILES.items():
        assert (await page.get(f"/sandbox/{name}")).content == content
    assert (await page.get("/sandbox")).content == FILES["index.html"]


@pytest.mark.parametrize(
    ("path", "kind", "lasting"),
    [
        ("", "text/html; charset=utf-8", "no-store"),
        ("/index.html", "text/html; charset=utf-8", "no-store"),
        ("/start.json", "application/json", "no-store"),
        ("/page-ABC12345.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/page-DEF12345.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"),
        ("/icon-GHI12345.svg", "image/svg+xml", "public, max-age=31536000, immutable"),
    ],
)
async def test_every_answer_bears_the_policy_and_its_own_type(page: Served, path: str, kind: str, lasting: str) -> None:
    answer = await page.get(f"/sandbox{path}")

    assert answer.status_code == 200
    assert answer.headers.items() >= sandbox.HEADERS.items()
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (kind, lasting)


async def test_the_policy_admits_nothing_from_elsewhere_and_nothing_inline() -> None:
    allowed = dict(each.split(" ", 1) for each in sandbox.POLICY.split("; "))

    assert {name for name, sources in allowed.items() if sources == "'none'"} == {
        "default-src", "base-uri", "form-action", "frame-ancestors",
    }  # fmt: skip
    assert set(allowed.values()) == {"'none'", "'self'", "'self' data:"}
    assert allowed["img-src"] == "'self' data:"


async def test_the_page_begins_with_our_schema_and_a_question_that_it_answers(page: Served) -> None:
    start = (await page.get("/sandbox/start.json")).json()

    assert start["schema"] == schema.sdl()
    assert validate(schema.build(), parse(start["query"])) == []
    assert start["query"].startswith("query Find(")
    assert start["variables"]["criteria"]["name"] == "Jumaa Khamis Mwakyo"


@pytest.mark.parametrize(
    "name",
    [
        "manifest.json", "stranger.js", ".stamp", "", "index.html/", "Index.html", "page-ABC12345.js.map", "%00",
        "..%2Fkeys%2Fsigning.pem", "%2e%2e/keys/signing.pem", "..\\keys\\signing.pem", "%2Fetc%2Fpasswd", "a/b",
    ],
)  # fmt: skip
async def test_what_the_manifest_does_not_name_does_not_exist(page: Served, tmp_path: Path, name: str) -> None:
    (tmp_path / "bundle" / "stranger.js").write_text("let it = 'in';")

    answer = await page.get(f"/sandbox/{name}")

    assert (answer.status_code, code_of(answer)) == (404, "ADDRESS_UNKNOWN")


async def test_the_page_is_only_read(page: Served) -> None:
    assert (await page.http.post("/sandbox")).status_code == 405


# -- where there is none


@pytest.mark.parametrize("path", ["/sandbox", "/sandbox/start.json", "/sandbox/page-ABC12345.js"])
async def test_without_the_setting_the_address_is_like_any_other(tmp_path: Path, database_url: str, path: str) -> None:
    async with serving(database_url, tmp_path, sandbox_folder="") as node:
        answer, other = await node.get(path), await node.get("/nothing")

    assert answer.status_code == 404
    assert (answer.content, answer.headers) == (other.content, other.headers)


def nobody(connection: Connection) -> None:
    begin(connection)


def begun_otherwise(connection: Connection) -> None:
    begin(connection, "enrol")
    begin(connection)
    enrol(connection)


def without_log(connection: Connection) -> None:
    enrol(connection)


def real_agency(connection: Connection) -> None:
    mark(connection)
    enrol(connection, "ke-dci", "Directorate")


def real_name(connection: Connection) -> None:
    begin(connection)
    enrol(connection, "demo-dci", "Directorate")


@pytest.mark.parametrize("prepared", [nobody, begun_otherwise, without_log, real_agency, real_name])
async def test_beside_a_register_that_lacks_a_mark_the_page_does_not_exist_and_the_setting_is_refused(
    database_url: str, tmp_path: Path, prepared: Callable[[Connection], None]
) -> None:
    async with serving(database_url, tmp_path, prepared) as node:
        for path in ("/sandbox", "/sandbox/start.json", "/sandbox/page-ABC12345.js"):
            answer = await node.get(path)
            assert (answer.status_code, code_of(answer)) == (404, "ADDRESS_UNKNOWN")
            assert answer.headers["content-security-policy"] == CLOSED
        with pytest.raises(InputRefused) as caught:
            await sandbox.prove(node.database)

    assert (caught.value.code, caught.value.field) == ("SETTING_INVALID", "sandbox_folder")


async def test_a_marked_register_is_proved(page: Served) -> None:
    assert await page.database.read(sandbox.is_invented)
    await sandbox.prove(page.database)


async def test_a_real_agency_takes_the_page_away_with_the_next_request(page: Served) -> None:
    assert (await page.get("/sandbox")).status_code == 200

    await page.database.write(lambda connection: enrol(connection, "ke-dci", "Directorate"))

    assert (await page.get("/sandbox")).status_code == 404


@pytest.mark.parametrize("url", ["sqlite:///{folder}/without-tables.db", "postgresql://nobody@127.0.0.1:1/nowhere"])
async def test_a_register_that_cannot_be_asked_shows_no_page(tmp_path: Path, url: str) -> None:
    async with serving(url.format(folder=tmp_path), tmp_path, prepared=None) as node:
        assert (await node.get("/sandbox")).status_code == 404


# -- the bundle


def missing(folder: Path) -> None:
    (folder / "page-ABC12345.js").unlink()


def changed(folder: Path) -> None:
    (folder / "page-ABC12345.js").write_bytes(b"export { stranger };")


def unnamed(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def written(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "manifest.json").write_text(text)

    return write


def naming(name: str) -> Callable[[Path], None]:
    digest = hashlib.sha256(b"outside").hexdigest()
    index = hashlib.sha256(FILES["index.html"]).hexdigest()

    def write(folder: Path) -> None:
        (folder / name).write_bytes(b"outside")
        (folder / "manifest.json").write_text(json.dumps({"files": {name: digest, "index.html": index}}))

    return write


BROKEN = {
    "a file is gone": missing,
    "a file was changed": changed,
    "no manifest": unnamed,
    "no JSON": written("{"),
    "no object": written("[]"),
    "no files": written("{}"),
    "files in a list": written('{"files": ["index.html"]}'),
    "no page": written('{"files": {}}'),
    "out of the folder": naming("../outside.js"),
    "a type nobody serves": naming("outside.exe"),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_folder_that_is_no_whole_bundle_is_refused_at_start(tmp_path: Path, broken: str) -> None:
    folder = bundle(tmp_path / "bundle")
    assert sandbox.load(folder).keys() == {*FILES, "start.json"}

    BROKEN[broken](folder)

    settings = settings_for(f"sqlite:///{tmp_path}/register.db", tmp_path / "keys", sandbox_folder=str(folder))
    with pytest.raises(InputRefused, match="no whole bundle") as caught:
        application.create(settings)
    assert (caught.value.code, caught.value.field) == ("SETTING_INVALID", "sandbox_folder")
