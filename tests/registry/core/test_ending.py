"""A signal to end is told first to who would hold the process up."""

import asyncio
import os
import signal
from types import FrameType

import pytest

from registry.core.ending import told_of_end

pytestmark = pytest.mark.anyio


async def test_whoever_listened_before_hears_it_as_well_and_alone_afterwards() -> None:
    heard: list[int] = []
    told = asyncio.Event()

    def server(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    before = signal.signal(signal.SIGTERM, server)
    try:
        with told_of_end(told.set):
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.wait_for(told.wait(), 10)
        assert heard == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is server
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_the_systems_own_way_to_end_is_left_alone() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with told_of_end(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


async def test_in_another_thread_nothing_is_listened_to() -> None:
    listening = signal.getsignal(signal.SIGINT)

    def elsewhere() -> None:
        async def run() -> None:
            with told_of_end(lambda: None):
                assert signal.getsignal(signal.SIGINT) is listening

        asyncio.run(run())

    await asyncio.to_thread(elsewhere)
    assert signal.getsignal(signal.SIGINT) is listening
