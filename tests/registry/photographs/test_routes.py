"""The address of photographs as a browser or a partner's program sees it, with the log beside it."""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy import Connection
from starlette.applications import Starlette
from starlette.types import Message

from registry.audit.log import Writer, log_unavailable
from registry.audit.models import subjects
from registry.audit.promises import Promises
from registry.audit.strangers import Strangers
from registry.core.clock import now
from registry.core.db import Database
from registry.core.ids import new_id, read_public_id
from registry.core.key_providers import FileKeys
from registry.core.observing import Tracer
from registry.core.sealing import Sealer
from registry.core.telemetry import configure_logging
from registry.photographs import image as image_module, limits, queries, routes as room, tickets
from registry.photographs.image import Image, read_image
from registry.photographs.models import photographs
from registry.photographs.views import PREFIX
from tests.auth.household import Watch, log_of
from tests.declaring import declaring
from tests.factories import AGENCY, CLIENT
from tests.registry.photographs.pictures import MEDIA_TYPES, encoded, exif, gradient, survives, with_exif
from tests.registry.photographs.scenes import begun, image, registrar, shown, viewing

pytestmark = pytest.mark.anyio
T = TypeVar("T")
ORIGIN = "https://registry.example"
JPEG = {"content-type": "image/jpeg"}


@dataclass
class InventedNode:
    database: Database
    writer: Writer
    sealer: Sealer
    clock: Watch = field(default_factory=Watch)
    tracer: Tracer | None = None
    promises: Promises = field(default_factory=lambda: Promises("registry.example/log", now))
    strangers: Strangers = field(default_factory=lambda: Strangers(now, each=10**6, in_all=10**6))


@dataclass
class Room:
    """The address, the node behind it, and its log."""

    node: InventedNode
    app: Starlette
    http: httpx.AsyncClient

    async def do(self, use: Callable[[Connection], T]) -> T:
        return await self.node.database.write(use)

    async def put_address(self) -> str:
        return (await self.do(begun)).path

    async def get_address(self) -> str:
        def see(connection: Connection) -> str:
            return viewing(connection, *shown(connection, self.node.sealer), at=self.node.clock())

        return PREFIX + await self.do(see)

    async def put(self, path: str, content: bytes | None = None, headers: Any = JPEG) -> httpx.Response:
        """Send a body as it is declared."""
        body = encoded(gradient()) if content is None else content
        return await self.http.put(path, content=body, headers=[*declaring(body).items(), *_pairs(headers)])

    async def send(self, path: str, content: Any, declared: bytes, **changes: str) -> httpx.Response:
        """Send a body that is declared as another."""
        return await self.http.put(path, content=content, headers=declaring(declared, JPEG) | changes)

    async def is_good(self, path: str) -> bool:
        digest = tickets.digest_of(path.removeprefix(PREFIX))
        return await self.node.database.read(lambda connection: queries.ticket(connection, digest)) is not None

    async def count(self) -> int:
        statement = sa.select(sa.func.count()).select_from(photographs)
        number: int = await self.node.database.read(lambda connection: connection.execute(statement).scalar_one())
        return number

    async def entry(self) -> dict[str, Any]:
        """Return the only entry in the log."""
        (entry,) = await log_of(self.node.database)
        return entry


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return list(headers.items()) if isinstance(headers, dict) else headers


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    yield
    structlog.configure(**before)
    logging.getLogger().handlers = handlers


@pytest.fixture
async def there(settled: Database, sealer: Sealer) -> AsyncIterator[Room]:
    writer = Writer(settled, patience=20.0)  # a disk that others keep busy is no failing log
    writer.start()
    node = InventedNode(settled, writer, sealer)
    app = Starlette(routes=room.routes(node))
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        yield Room(node, app, http)
    await writer.stop()


def code_of(answer: httpx.Response) -> str:
    code: str = answer.json()["errors"][0]["extensions"]["code"]
    return code


# -- good answers


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
async def test_a_photograph_is_handed_in(there: Room, media_type: str) -> None:
    content = with_exif(media_type, encoded(gradient(), media_type), exif(6))
    path = await there.put_address()

    answer = await there.put(path, content, {"content-type": media_type})

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told == {
        "photograph": told["photograph"], "digest": read_image(content).digest, "width": 200, "height": 320,
        "mediaType": "image/jpeg",
    }  # fmt: skip
    identifier = read_public_id("photograph", told["photograph"])
    facts = await there.node.database.read(lambda connection: queries.described(connection, [identifier]))
    assert facts[identifier].digest == told["digest"]
    assert answer.headers["cache-control"] == "no-store"
    assert not await there.is_good(path)


async def test_a_photograph_is_shown_as_a_picture_and_nothing_else(there: Room) -> None:
    answer = await there.http.get(await there.get_address())

    assert answer.status_code == 200
    assert answer.content == image().content
    headers = dict(answer.headers)
    assert headers.pop("x-request-id")
    assert headers.pop("log-receipt")
    assert headers == {
        "content-type": "image/jpeg",
        "content-length": str(len(image().content)),
        "content-digest": declaring(image().content)["content-digest"],
        "cache-control": "no-store",
        "content-disposition": 'inline; filename="photograph.jpg"',
        "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


async def test_what_is_handed_in_is_what_is_shown(there: Room) -> None:
    told = (await there.put(await there.put_address())).json()
    photograph, profile = read_public_id("photograph", told["photograph"]), new_id()

    def see(connection: Connection) -> str:
        queries.attach(connection, profile, [photograph])
        return viewing(connection, photograph, profile)

    answer = await there.http.get(PREFIX + await there.do(see))

    assert answer.content == read_image(encoded(gradient())).content


# -- the log


async def test_handing_in_leaves_an_entry_that_says_who_and_why(there: Room) -> None:
    answer = await there.put(await there.put_address())

    entry = await there.entry()
    officer = (await there.do(registrar)).officer
    assert officer
    assert (entry["kind"], entry["operation"], entry["outcome"], entry["code"]) == (
        "photograph", "upload", "allowed", None,
    )  # fmt: skip
    assert (entry["client"], entry["agency"], entry["officer"]) == (CLIENT, AGENCY, officer.id)
    assert (entry["officer_reference"], entry["token_id"]) == (officer.reference, "token-1")
    assert (entry["purpose"], entry["case_reference"], entry["legal_basis"]) == (
        "register_maintenance", "CR 12/2026", "KE-SOA-39-13",
    )  # fmt: skip
    assert entry["request_id"] == answer.headers["x-request-id"]
    assert entry["source"] == "127.0.0.1"
    (event,) = entry["body"]["events"]
    assert (event["name"], event["records"]) == ("photograph:uploaded", [])
    assert set(event["details"]) == {"photograph", "digest", "source_digest"}
    assert entry["body"]["microseconds"] > 0


async def test_showing_counts_as_a_disclosure_of_the_profile(there: Room) -> None:
    def see(connection: Connection) -> tuple[str, str, str]:
        photograph, profile = shown(connection, there.node.sealer)
        return viewing(connection, photograph, profile), str(photograph), str(profile)

    secret, photograph, profile = await there.do(see)

    await there.http.get(PREFIX + secret)

    entry = await there.entry()
    assert (entry["kind"], entry["operation"], entry["outcome"]) == ("photograph", "delivery", "allowed")
    assert (entry["purpose"], entry["case_reference"]) == ("criminal_investigation", "CR 12/2026")
    assert entry["body"]["events"] == [
        {"name": "photograph:delivered", "records": [profile],
         "details": {"photograph": photograph, "digest": image().digest}}
    ]  # fmt: skip
    looked = await there.node.database.read(lambda connection: connection.execute(sa.select(subjects.c.profile)).all())
    assert [str(each.profile) for each in looked] == [profile]


async def test_the_secret_stands_in_no_entry_no_line_and_no_answer(
    there: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging("debug")
    put, get = await there.put_address(), await there.get_address()
    answers = [
        await there.put(put, b"no picture"), await there.put(put), await there.put(put),
        await there.http.get(get), await there.http.get(get),
    ]  # fmt: skip

    assert [each.status_code for each in answers] == [415, 201, 404, 200, 404]
    told = repr(await log_of(there.node.database)) + capsys.readouterr().err
    told += "".join(each.text + repr(each.headers) for each in answers)
    assert "photograph" in told
    for path in (put, get):
        assert not survives(path.removeprefix(PREFIX).encode(), told.encode(), run=8)


async def test_an_answer_that_can_not_be_entered_is_not_given(there: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise log_unavailable()

    put, get = await there.put_address(), await there.get_address()
    monkeypatch.setattr(room, "append", refuse)

    answers = [await there.put(put), await there.http.get(get)]

    assert [(each.status_code, code_of(each)) for each in answers] == [(503, "LOG_UNAVAILABLE")] * 2
    assert all(each.headers["retry-after"] == "1" for each in answers)
    assert await there.count() == 1
    assert await there.is_good(put)
    assert await there.is_good(get)


async def test_nothing_is_begun_and_no_refusal_told_when_the_log_takes_nothing(
    there: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: object) -> None:
        raise log_unavailable()

    path = await there.put_address()
    monkeypatch.setattr(there.node.writer, "submit", refuse)
    unentered = await there.put(path, b"no picture")
    monkeypatch.setattr(Writer, "is_full", True)
    full = await there.put(path)

    assert [(each.status_code, code_of(each)) for each in (unentered, full)] == [(503, "LOG_UNAVAILABLE")] * 2
    assert await there.is_good(path)


# -- refusals


async def test_addresses_that_are_not_good_are_told_alike(there: Room) -> None:
    used, late, put, get = [await there.get_address() for _ in range(2)] + [
        await there.put_address(), await there.get_address(),
    ]  # fmt: skip
    await there.http.get(used)
    unknown, malformed = PREFIX + tickets.new_secret(), PREFIX + "x"
    answers = [
        await there.http.get(used), await there.http.get(unknown), await there.http.get(malformed),
        await there.http.get(put), await there.put(get),
    ]  # fmt: skip
    there.node.clock.wait(60)
    answers.append(await there.http.get(late))

    told = []
    for answer in answers:
        assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
        body = answer.json()
        assert body["errors"][0]["extensions"].pop("requestId") == answer.headers["x-request-id"]
        told.append(body)
    assert all(each == told[0] for each in told)
    assert told[0]["errors"][0]["extensions"]["code"] == "TICKET_UNKNOWN"
    entries = (await log_of(there.node.database))[1:]
    assert {(each["outcome"], each["code"]) for each in entries} == {("denied", "TICKET_UNKNOWN")}
    assert [each["client"] for each in entries] == [None, None, None, CLIENT, CLIENT, CLIENT]
    assert entries[-1]["body"]["events"][0]["name"] == "photograph:delivery:refused"
    assert len(entries[-1]["body"]["events"][0]["records"]) == 1


def moving() -> bytes:
    return encoded(gradient(), "image/png", save_all=True, append_images=[gradient().rotate(90)])


REFUSED: dict[str, tuple[int, str, Any, Any]] = {
    "no media type": (415, "CONTENT_TYPE_UNSUPPORTED", None, {}),
    "another media type": (415, "CONTENT_TYPE_UNSUPPORTED", None, {"content-type": "image/gif"}),
    "a form": (415, "CONTENT_TYPE_UNSUPPORTED", None, {"content-type": "multipart/form-data; boundary=x"}),
    "a parameter": (415, "CONTENT_TYPE_UNSUPPORTED", None, {"content-type": "image/jpeg; q=1"}),
    "two media types": (400, "HEADER_REPEATED", None, [("content-type", "image/jpeg"), ("content-type", "image/png")]),
    "declared otherwise": (415, "IMAGE_FORMAT", None, {"content-type": "image/png"}),
    "no picture": (415, "IMAGE_FORMAT", b"<html>", JPEG),
    "nothing": (415, "IMAGE_FORMAT", b"", JPEG),
    "cut": (422, "IMAGE_DAMAGED", encoded(gradient())[:-40], JPEG),
    "moving": (422, "IMAGE_ANIMATED", moving(), {"content-type": "image/png"}),
    "tiny": (422, "IMAGE_TOO_SMALL", encoded(gradient(8, 8)), JPEG),
    "too long": (413, "IMAGE_TOO_LARGE", bytes(limits.BYTES + 1), JPEG),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refused_picture_leaves_an_entry_and_its_address_good(there: Room, name: str) -> None:
    status, code, content, headers = REFUSED[name]
    path = await there.put_address()

    answer = await there.put(path, content, headers)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.json()["errors"][0]["extensions"]["remedy"]
    entry = await there.entry()
    assert (entry["outcome"], entry["code"], entry["client"]) == ("failed", code, CLIENT)
    assert entry["body"]["events"][0]["name"] == "photograph:upload:refused"
    assert await there.count() == 0
    assert (await there.put(path)).status_code == 201


async def test_a_body_is_held_to_its_length_while_it_comes(there: Room) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1_000
            yield bytes(1_000)

    answer = await there.send(await there.put_address(), endless(), bytes(2_500))

    assert (answer.status_code, code_of(answer)) == (422, "LENGTH_DIFFERS")
    assert sent <= 5_000


PICTURE = encoded(gradient())
UNDECLARED: dict[str, tuple[int, str, dict[str, str]]] = {
    "chunked": (411, "LENGTH_REQUIRED", {"transfer-encoding": "chunked"}),
    "a length in words": (400, "LENGTH_MALFORMED", {"content-length": "many"}),
    "too long": (413, "IMAGE_TOO_LARGE", {"content-length": str(limits.BYTES + 1)}),
    "a digest of the old kind": (400, "DIGEST_MALFORMED", {"content-digest": hashlib.sha256(PICTURE).hexdigest()}),
}


@pytest.mark.parametrize("name", UNDECLARED)
async def test_nothing_is_read_of_a_body_that_is_not_declared(there: Room, name: str) -> None:
    asked = []

    async def body() -> AsyncIterator[bytes]:
        asked.append(1)
        yield PICTURE

    status, code, changes = UNDECLARED[name]
    path = await there.put_address()

    answer = await there.send(path, body(), PICTURE, **changes)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert not asked
    assert (await there.put(path)).status_code == 201


@pytest.mark.parametrize("missing", ["content-length", "content-digest"])
async def test_a_body_says_its_length_and_its_digest(there: Room, missing: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield PICTURE

    path = await there.put_address()
    declared = {name: value for name, value in declaring(PICTURE, JPEG).items() if name != missing}

    answer = await there.http.put(path, content=body(), headers=declared)

    expected = {"content-length": (411, "LENGTH_REQUIRED"), "content-digest": (400, "DIGEST_MISSING")}
    assert (answer.status_code, code_of(answer)) == expected[missing]
    assert (await there.entry())["code"] == expected[missing][1]
    assert (await there.put(path)).status_code == 201


@pytest.mark.parametrize(
    ("sent", "code"),
    [(PICTURE[:-1], "LENGTH_DIFFERS"), (PICTURE + b"x", "LENGTH_DIFFERS"), (PICTURE[:-1] + b"x", "DIGEST_DIFFERS")],
    ids=["shorter", "longer", "another"],
)
async def test_a_body_that_is_not_as_declared_leaves_nothing_and_its_address_good(
    there: Room, sent: bytes, code: str
) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield sent

    path = await there.put_address()

    answer = await there.send(path, body(), PICTURE)

    assert (answer.status_code, code_of(answer)) == (422, code)
    assert answer.json()["errors"][0]["extensions"]["field"] == "body"
    assert ((await there.entry())["code"], await there.count()) == (code, 0)
    assert (await there.put(path)).status_code == 201


async def test_the_log_says_what_was_declared(there: Room) -> None:
    await there.put(await there.put_address(), PICTURE)

    (event,) = (await there.entry())["body"]["events"]
    assert event["details"]["source_digest"] == hashlib.sha256(PICTURE).hexdigest()


async def test_a_body_that_does_not_come_is_not_waited_for(there: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        await asyncio.sleep(30)
        yield b""

    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    answer = await there.send(await there.put_address(), slow(), PICTURE)

    assert (answer.status_code, code_of(answer)) == (408, "BODY_TOO_SLOW")


async def test_nothing_is_read_of_a_stranger_s_body(there: Room) -> None:
    asked = []

    async def body() -> AsyncIterator[bytes]:
        asked.append(1)
        yield b""

    answer = await there.send(PREFIX + tickets.new_secret(), body(), PICTURE)

    assert answer.status_code == 404
    assert not asked


async def test_who_hangs_up_leaves_an_entry(there: Room) -> None:
    path = await there.put_address()
    scope = {
        "type": "http", "method": "PUT", "path": path, "query_string": b"", "root_path": "", "scheme": "https",
        "headers": [(name.encode(), value.encode()) for name, value in declaring(PICTURE, JPEG).items()],
        "client": ("127.0.0.1", 1), "server": ("registry.example", 443),
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    await there.app(scope, receive, send)

    entry = await there.entry()
    assert (entry["outcome"], entry["code"], entry["client"]) == ("failed", "LENGTH_DIFFERS", CLIENT)
    assert await there.is_good(path)


@pytest.mark.parametrize("method", ["HEAD", "POST", "DELETE", "OPTIONS", "PATCH"])
async def test_other_methods_use_no_address_up(there: Room, method: str) -> None:
    path = await there.get_address()

    answer = await there.http.request(method, path)

    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "PUT"}
    assert await there.is_good(path)


async def test_a_mistake_of_ours_tells_nothing_and_uses_no_address_up(
    there: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here the node has lost its key."""
    configure_logging("info")
    path = await there.get_address()
    there.node.sealer = Sealer(FileKeys({"another": bytes(32)}), bytes(32))

    answer = await there.http.get(path)

    assert (answer.status_code, code_of(answer)) == (500, "INTERNAL")
    assert answer.json()["errors"][0]["message"] == "Internal error."
    entry = await there.entry()
    assert (entry["outcome"], entry["code"]) == ("failed", "INTERNAL")
    assert await there.is_good(path)
    assert "photograph_failed" in capsys.readouterr().err


# -- many at once


async def test_of_many_who_fetch_at_once_one_sees(there: Room) -> None:
    path = await there.get_address()

    answers = await asyncio.gather(*(there.http.get(path) for _ in range(6)))

    assert sorted(each.status_code for each in answers) == [200, 404, 404, 404, 404, 404]
    assert len(await log_of(there.node.database)) == 6


async def test_pictures_are_read_one_after_the_other_beside_the_loop(
    there: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, most, ticks = 0, 0, 0

    def slowly(content: bytes, *, declared: str | None = None) -> Image:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        time.sleep(0.1)
        reading -= 1
        return read_image(content, declared=declared)

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    paths = [await there.put_address() for _ in range(3)]
    monkeypatch.setattr(image_module, "read_image", slowly)
    ticking = asyncio.create_task(tick())
    answers = await asyncio.gather(*(there.put(path) for path in paths))
    ticking.cancel()

    assert [each.status_code for each in answers] == [201] * 3
    assert most == limits.DECODERS
    assert ticks >= 10


async def test_more_bodies_than_there_is_room_for_come_again_later(
    there: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await there.put_address()
    monkeypatch.setattr(limits, "UPLOADS", 0)
    full = await there.put(path)
    monkeypatch.undo()
    later = await there.put(path)

    assert (full.status_code, code_of(full), full.headers["retry-after"]) == (503, "UNAVAILABLE", "1")
    assert later.status_code == 201
    assert [each["code"] for each in await log_of(there.node.database)] == ["UNAVAILABLE", None]


async def test_a_place_is_given_back_however_an_upload_ends(there: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOADS", 1)
    path = await there.put_address()

    answers = [await there.put(path, b"no picture") for _ in range(3)] + [await there.put(path)]

    assert [each.status_code for each in answers] == [415, 415, 415, 201]


async def test_an_upload_that_ends_after_its_address_is_refused(there: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(content: bytes, *, declared: str | None = None) -> Image:
        there.node.clock.wait(600)
        return read_image(content, declared=declared)

    path = await there.put_address()
    monkeypatch.setattr(image_module, "read_image", late)

    answer = await there.put(path)

    assert (answer.status_code, code_of(answer)) == (404, "TICKET_UNKNOWN")
    assert await there.count() == 0
