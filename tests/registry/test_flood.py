"""Floods: a source that fails again and again is refused before any work; nobody else is, nor who proves themselves."""

import asyncio
from collections import Counter

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry.flood import DOORS, Bounds, Flood, source_of

pytestmark = pytest.mark.anyio
BOUNDS = Bounds(at_once=5, per_minute=60, sources=3, proofs=2)


class Door:
    """A door that answers with the status that it is asked for, and counts who got so far."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.arrived: asyncio.Queue[str] = asyncio.Queue()
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen[scope["client"][0]] += 1
        self.arrived.put_nowait(scope["path"])
        await self.gate.wait()
        status = int(scope["query_string"] or b"401")
        await PlainTextResponse("", status)(scope, receive, send)

    async def come(self, count: int) -> None:
        """Wait until so many more stand before the door."""
        for _ in range(count):
            await self.arrived.get()


class Hour:
    """A clock that is put forward."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Street:
    """A door behind the guard, and people of any address before it."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self.door, self.hour = Door(), Hour()
        self.guard = Flood(self.door, bounds, self.hour)

    async def ask(self, source: str = "203.0.113.9", path: str = "/graphql", status: int = 401) -> httpx.Response:
        app: ASGIApp = self.guard
        transport = httpx.ASGITransport(app, client=(source, 1))
        async with httpx.AsyncClient(transport=transport, base_url="https://registry.example") as client:
            return await client.post(f"{path}?{status}")

    async def statuses(self, times: int, source: str = "203.0.113.9") -> list[int]:
        return [(await self.ask(source)).status_code for _ in range(times)]


async def test_who_has_failed_often_enough_is_refused_before_any_work() -> None:
    street = Street()

    assert await street.statuses(8) == [401] * 5 + [429] * 3
    assert street.door.seen == {"203.0.113.9": 5}


async def test_the_refusal_is_the_same_at_each_door_and_says_when_to_come_again() -> None:
    street = Street()
    await street.statuses(5)

    told = [await street.ask(path=path) for path in ("/graphql", "/oauth/token", "/session/passkey/begin")]

    message = "Too many requests from your address have proved nothing."
    expected = {"errors": [{"message": message, "extensions": {"code": "TOO_MANY_REFUSALS"}}]}
    assert [each.json() for each in told] == [expected] * 3
    assert [each.headers["retry-after"] for each in told] == ["1"] * 3
    assert told[0].headers["cache-control"] == "no-store"


async def test_failures_come_back_with_time_and_not_more_than_there_were() -> None:
    street = Street()
    await street.statuses(5)

    street.hour.now += 2
    assert await street.statuses(3) == [401, 401, 429]
    street.hour.now += 3_600
    assert await street.statuses(6) == [401] * 5 + [429]


async def test_another_source_is_served_meanwhile() -> None:
    street = Street()
    await street.statuses(9)

    assert (await street.ask("198.51.100.7", status=200)).status_code == 200


async def test_who_proves_themselves_is_not_held_up_however_much_they_ask() -> None:
    street = Street()

    assert [(await street.ask(status=200)).status_code for _ in range(50)] == [200] * 50


FAILURES = [(door.path, status) for door in DOORS for status in sorted(door.failures)]


@pytest.mark.parametrize(("path", "status"), FAILURES)
async def test_each_failure_of_each_door_is_counted(path: str, status: int) -> None:
    street = Street()

    answers = [(await street.ask(path=path, status=status)).status_code for _ in range(6)]

    assert answers == [status] * 5 + [429]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/graphql", 400), ("/graphql", 429), ("/graphql", 503), ("/oauth/token", 503), ("/readyz", 404), ("/", 401)],
)
async def test_what_is_no_failure_to_prove_is_not_counted(path: str, status: int) -> None:
    street = Street()

    assert [(await street.ask(path=path, status=status)).status_code for _ in range(7)] == [status] * 7


async def test_so_many_sources_are_remembered_and_no_more() -> None:
    street = Street()
    await street.statuses(6, "203.0.113.1")
    for number in range(2, 5):
        await street.statuses(6, f"203.0.113.{number}")

    assert await street.statuses(1, "203.0.113.4") == [429]
    assert await street.statuses(1, "203.0.113.1") == [401]  # failed longest ago: forgotten


async def test_a_source_has_few_proofs_looked_at_at_once() -> None:
    street = Street()
    street.door.gate.clear()
    waiting = [asyncio.create_task(street.ask(path="/oauth/token", status=200)) for _ in range(2)]
    await street.door.come(2)

    third = await street.ask(path="/oauth/token", status=200)
    elsewhere = asyncio.create_task(street.ask("198.51.100.7", path="/oauth/token", status=200))
    question = asyncio.create_task(street.ask(path="/graphql", status=200))
    street.door.gate.set()
    statuses = [each.status_code for each in await asyncio.gather(*waiting, elsewhere, question)]

    assert (third.status_code, third.headers["retry-after"]) == (429, "1")
    assert statuses == [200] * 4
    assert (await street.ask(path="/oauth/token", status=200)).status_code == 200


async def test_many_failures_at_once_are_paid_for_afterwards() -> None:
    street = Street()
    street.door.gate.clear()
    waiting = [asyncio.create_task(street.ask()) for _ in range(9)]
    await street.door.come(9)
    street.door.gate.set()
    await asyncio.gather(*waiting)

    assert (await street.ask()).headers["retry-after"] == "5"


async def test_what_is_no_request_is_handed_on() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def never() -> Message:
        raise AssertionError

    async def nothing(_message: Message) -> None:
        raise AssertionError

    await Flood(app, BOUNDS)({"type": "lifespan"}, never, nothing)

    assert seen == ["lifespan"]


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("2001:db8:1:3::9", "2001:db8:1:3::"),
        ("", ""),
        ("/run/registry.sock", ""),
    ],
)
def test_a_source_is_what_one_subscriber_gets(address: str, source: str) -> None:
    assert source_of(address) == source
