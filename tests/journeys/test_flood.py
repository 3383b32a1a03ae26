"""A real server under flood: whoever floods is turned away before any work, and an honest client is served as ever.

The server stands behind a proxy here: by what it forwards, flood and honest client come from different addresses.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tests.journeys.served import Served, free_port, prepare, serving

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
FLOOD, HONEST = "203.0.113.9", "198.51.100.7"
ALLOWED, FLOODERS, EACH, QUESTIONS = 20, 8, 60, 15
PER_MINUTE = 60
QUESTION = {"query": "{ __typename }"}
BAD = {"authorization": "DPoP x.y.z", "dpop": "x.y.z"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A demonstration, ready to be served."""
    folder, port = tmp_path_factory.mktemp("flood") / "demo", free_port()
    prepare(folder, port, profiles=20)
    return folder, port


@pytest.fixture
def behind_proxy(prepared: tuple[Path, int]) -> Iterator[Served]:
    """It is served, and believes what the proxy on this machine forwards."""
    with _limited(prepared, proxy="127.0.0.1") as served:
        yield served


@pytest.fixture
def in_the_open(prepared: tuple[Path, int]) -> Iterator[Served]:
    """It is served, and believes nobody."""
    with _limited(prepared) as served:
        yield served


def _limited(prepared: tuple[Path, int], *, proxy: str = "") -> AbstractContextManager[Served]:
    folder, port = prepared
    return serving(
        folder, port, trusted_proxy=proxy, limit_refusals_at_once=str(ALLOWED),
        limit_refusals_per_minute=str(PER_MINUTE),
    )  # fmt: skip


async def test_an_honest_client_is_served_while_another_floods(behind_proxy: Served) -> None:
    token, told, over = behind_proxy.token("investigator"), Counter[int](), asyncio.Event()

    async def flood(client: httpx.AsyncClient) -> None:
        for _ in range(EACH):
            for path, body in (("/graphql", {"json": QUESTION}), ("/oauth/token", {"data": {"grant_type": "x"}})):
                answer = await client.post(path, headers=BAD | {"x-forwarded-for": FLOOD}, **body)  # type: ignore[arg-type]
                told[answer.status_code] += 1

    async with httpx.AsyncClient(base_url=behind_proxy.url, timeout=30) as client:
        flooding = asyncio.gather(*(flood(client) for _ in range(FLOODERS)))
        flooding.add_done_callback(lambda _done: over.set())
        answers = []
        for _ in range(QUESTIONS):
            shown = behind_proxy.headers("investigator", token) | {"x-forwarded-for": HONEST}
            answers.append(await client.post("/graphql", json=QUESTION, headers=shown))
        was_flooded = not over.is_set() or told[429] > 0
        await flooding
        last = await client.post("/graphql", json=QUESTION, headers=BAD | {"x-forwarded-for": FLOOD})

    assert was_flooded
    assert [each.status_code for each in answers] == [200] * QUESTIONS
    assert (
        told[429] > 2 * FLOODERS * EACH - ALLOWED - FLOODERS - 2 * PER_MINUTE
    )  # two minutes' worth may have come back
    assert last.status_code in {401, 429}


async def test_without_a_proxy_nobody_says_themselves_where_they_come_from(in_the_open: Served) -> None:
    async with httpx.AsyncClient(base_url=in_the_open.url, timeout=30) as client:
        statuses = [
            (
                await client.post("/graphql", json=QUESTION, headers=BAD | {"x-forwarded-for": f"203.0.113.{n}"})
            ).status_code
            for n in range(ALLOWED + 10)
        ]

    assert statuses[:ALLOWED] == [401] * ALLOWED
    assert 429 in statuses[ALLOWED:]


async def test_a_flood_leaves_no_more_entries_than_it_had_failures(behind_proxy: Served) -> None:
    async with httpx.AsyncClient(base_url=behind_proxy.url, timeout=30) as client:
        answers = [
            await client.post("/graphql", json=QUESTION, headers=BAD | {"x-forwarded-for": FLOOD})
            for _ in range(3 * ALLOWED)
        ]

    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) >= ALLOWED
    assert {each.text for each in refused} == {refused[0].text}
    assert all(1 <= int(each.headers["retry-after"]) <= 2 for each in refused)
    assert not any("x-request-id" in each.headers for each in refused)
