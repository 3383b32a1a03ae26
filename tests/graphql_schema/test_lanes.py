"""Documents that nobody has sent before are read one at a time, and everybody else goes first."""

import asyncio
import gc
import time

import pytest

from graphql_schema.lanes import REST, Lanes

pytestmark = pytest.mark.anyio


async def test_one_waits_for_the_other() -> None:
    lanes, inside, most = Lanes(), 0, 0

    async def read(client: str) -> None:
        nonlocal inside, most
        async with lanes(client):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(read(f"client-{place % 3}") for place in range(30)))

    assert most == 1


async def test_another_clients_document_waits_for_one_of_a_hundred_and_not_for_all() -> None:
    lanes, order = Lanes(), list[str]()

    async def read(client: str) -> None:
        async with lanes(client):
            order.append(client)
            await asyncio.sleep(0)

    crowd = [asyncio.create_task(read("crowd")) for _ in range(100)]
    await asyncio.sleep(0)
    other = asyncio.create_task(read("other"))
    await asyncio.gather(*crowd, other)

    assert order.index("other") <= 3
    assert len(order) == 101


async def test_after_a_document_others_have_the_loop_for_longer_than_it_took() -> None:
    lanes, took = Lanes(), 0.03

    async def read() -> None:
        async with lanes("client"):
            time.sleep(took)  # noqa: ASYNC251  what reading a document does

    begun = time.monotonic()
    await asyncio.gather(*(read() for _ in range(4)))

    assert time.monotonic() - begun >= 4 * took + 3 * REST * took


async def test_a_document_that_is_refused_gives_its_place_back() -> None:
    lanes = Lanes()
    for _ in range(3):
        with pytest.raises(ValueError, match="refused"):
            async with lanes("client"):
                raise ValueError("refused")


async def test_nothing_is_kept_of_clients_that_have_gone() -> None:
    lanes = Lanes()
    for place in range(50):
        async with lanes(f"client-{place}"):
            pass
    gc.collect()

    assert len(lanes._own) <= 1
