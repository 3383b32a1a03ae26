"""A node of two workers tells one set of numbers, whoever is asked, and whoever of them has died since."""

import asyncio
import os
import re
import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.journeys.conftest import fresh_url
from tests.journeys.served import Served, free_port, prepare, serving
from tests.journeys.test_process import crowd

ASKED = re.compile(r'^registry_requests_total\{kind="query",operation="search",status="200"\} (\S+)$', re.MULTILINE)


@pytest.fixture(params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, int]:
    """A demonstration that nobody serves yet."""
    port = free_port()
    url = fresh_url(request.getfixturevalue("postgres")) if request.param == "postgresql" else None
    prepare(tmp_path, port, url, profiles=50)
    return tmp_path, port


def asked(served: Served) -> float:
    """Return how many searches the node says it has answered; each time on a connection of its own."""
    answer = httpx.get(f"{served.url}/metrics")
    assert answer.status_code == 200
    found = ASKED.search(answer.text)
    return float(found[1]) if found else 0.0


def workers(served: Served) -> list[int]:
    """Return the processes that answer: those of the server that listen."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text(encoding="ascii")
    named = {int(each): Path(f"/proc/{each}/cmdline").read_bytes() for each in children.split()}
    return [pid for pid, command in named.items() if b"spawn_main" in command]


def test_two_workers_tell_one_set_of_numbers_and_leave_nothing(node: tuple[Path, int]) -> None:
    folder, port = node
    temporary = folder / "temporary"
    temporary.mkdir()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(temporary))
        with serving(folder, port, workers="2") as served:
            asyncio.run(crowd(served, 60))
            counts = [asked(served) for _ in range(20)]
            before = workers(served)
            os.kill(before[0], signal.SIGKILL)
            _wait_for_another(served, before)
            after = asked(served)
            asyncio.run(crowd(served, 10))
            last = asked(served)
            shared = list(temporary.glob("registry-metrics-*"))
            assert served.stop() == 0

    assert counts == [60.0] * 20
    assert (after, last) == (60.0, 70.0)
    assert len(shared) == 1
    assert not list(temporary.glob("registry-metrics-*"))


def _wait_for_another(served: Served, before: list[int]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        now = workers(served)
        if len(now) == 2 and now != before:
            return
        time.sleep(0.1)
    raise AssertionError("no worker was started in the place of the one that was killed")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via"])
def test_who_comes_through_a_proxy_finds_no_numbers(served: Served, header: str) -> None:
    answer = httpx.get(f"{served.url}/metrics", headers={header: "192.0.2.1"})

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (404, "ADDRESS_UNKNOWN")
