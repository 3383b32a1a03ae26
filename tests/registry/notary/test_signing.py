"""What the notary signs, and that a stop anywhere leaves one log."""

import asyncio
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from registry.audit.models import heads
from registry.core.errors import Conflict
from registry.notary.memory import parse_memory
from registry.tlog.tiles import Tile
from tests.registry.notary.conftest import KEYS, NOW, Desk, Faulty, Stopped
from tests.registry.notary.tampering import tampered

pytestmark = pytest.mark.anyio


async def test_what_is_signed_verifies_with_the_library_and_is_told_to_the_database(desk: Desk) -> None:
    await desk.enter(3)
    assert await desk.signed() == 3

    log = desk.log()
    assert log.size == 3
    assert set(log.signed) == set(KEYS)
    assert (await desk.heads())[3] == log.checkpoint.root
    assert desk.problems() == []


async def test_a_log_without_entries_is_signed_as_the_empty_one(desk: Desk) -> None:
    assert await desk.signed() == 0
    assert desk.log().size == 0
    assert desk.problems() == []


async def test_a_restart_goes_on_where_it_was_and_full_tiles_take_the_place_of_partial_ones(desk: Desk) -> None:
    for count, size in ((255, 255), (1, 256), (44, 300), (212, 512)):
        await desk.enter(count)
        assert await desk.signed() == size
        assert desk.problems() == []

    published = desk.folder / "published"
    assert sorted(path.name for path in (published / "tile" / "0").iterdir()) == ["000", "001"]
    assert desk.store.tile(Tile(1, 0, 2)) is not None


async def test_a_heartbeat_signs_the_same_tree_at_another_time(desk: Desk) -> None:
    await desk.enter(2)
    await desk.signed()
    before = desk.log()

    desk.at = NOW + timedelta(minutes=9)
    await desk.signed()
    assert desk.log().signed == before.signed
    desk.at = NOW + timedelta(minutes=10)
    await desk.signed()

    assert desk.log().checkpoint == before.checkpoint
    assert desk.log().signed[KEYS[1]] == before.signed[KEYS[1]] + 600


async def test_leaves_of_the_future_wait_until_it_is_now(desk: Desk) -> None:
    await desk.enter(2)
    await desk.enter(1, at=NOW + timedelta(minutes=5))

    assert await desk.signed() == 2
    desk.at = NOW + timedelta(minutes=4)
    assert await desk.signed() == 3


async def test_a_second_notary_on_the_same_folder_does_not_start(desk: Desk) -> None:
    first = desk.store
    first.open()

    with pytest.raises(Conflict) as refused:
        desk.store.open()

    assert refused.value.code == "NOTARY_RUNNING"
    first.close()
    assert await desk.signed() == 0


# -- stops


async def test_a_stop_at_any_call_to_the_disk_leaves_one_log(desk: Desk) -> None:
    """Each run ends one call further on, with more entries by then: what was ever published or remembered stays."""
    await desk.enter(250)
    await desk.signed()
    roots = {250: desk.log().checkpoint.root}
    stop, ended = 0, False
    while not ended:
        disk = Faulty(stop)
        try:
            await desk.signed(disk)
            ended = disk.done > 10
        except Stopped:
            pass
        stop += 1
        for size, root in {**seen(desk), **await desk.heads()}.items():
            assert roots.setdefault(size, root) == root
        await desk.enter(1)
        if stop % 4 == 0:
            await desk.signed()
            assert desk.problems() == []

    assert stop > 10
    await desk.signed()
    assert desk.problems() == []
    for size, root in roots.items():
        assert desk.log().reader.root_at(size) == root


def seen(desk: Desk) -> dict[int, bytes]:
    """Return what is remembered and what is published, by size; both are always whole."""
    memory = parse_memory(desk.store.memory() or b"")
    log = desk.log()
    return {memory.size: memory.checkpoint.root, log.size: log.checkpoint.root}


async def test_a_head_that_the_database_was_not_told_of_is_told_at_the_next_start(desk: Desk) -> None:
    await desk.enter(5)
    await desk.signed()
    root = (await desk.heads())[5]
    await tampered(desk.database, heads.delete())

    await desk.signed()

    assert await desk.heads() == {5: root}


@pytest.mark.parametrize("stop", [3, 9, 12])
async def test_a_killed_process_leaves_a_log_that_goes_on(desk: Desk, database_url: str, stop: int) -> None:
    await desk.enter(7)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", KILLED, database_url, str(desk.folder), str(stop)],
        cwd=Path(__file__).parents[3], check=False, capture_output=True, env=os.environ,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr

    assert await desk.signed() == 7
    assert desk.problems() == []


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.registry.notary.conftest import Faulty, at_desk
async def run(url, folder, stop):
    async with at_desk(url, Path(folder)) as desk:
        await desk.signed(Faulty(int(stop), kills=True))
asyncio.run(run(*sys.argv[1:]))
"""
