"""Streams from a node as an operator runs it: other people's clients, several workers, and processes that end."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.journeys.conftest import fresh_url
from tests.journeys.served import CLIENTS, ROOT, Served, free_port, prepare, serving
from tests.streams import Event, events

DECISIONS = "subscription { decisions { proposalId change state own } }"
FIRST = """{ search(criteria: {name: "Juma Mwakio", birthDate: "1979"}, first: 1) {
    edges { node { profile { id } } } } }"""
PROPOSE = """mutation ($input: ProfileChangeInput!) { profileChange(input: $input) {
    proposal { id } userErrors { code } } }"""
REJECT = """mutation ($input: ProposalRejectInput!) { proposalReject(input: $input) {
    proposal { id state } userErrors { code } } }"""
PATIENCE = 30


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, int]:
    """A demonstration that nobody serves yet."""
    port = free_port()
    url = fresh_url(request.getfixturevalue("postgres")) if request.param == "postgresql" else None
    prepare(tmp_path, port, url, profiles=50)
    return tmp_path, port


def decide(served: Served, count: int) -> list[str]:
    """Let the vetter reject so many proposals of the registrar; return them."""
    hits = served.ask("registrar", FIRST)["data"]["search"]["edges"]
    profile = hits[0]["node"]["profile"]["id"]
    made = []
    for _ in range(count):
        entry = {"profileId": profile, "change": "CONTEST", "reason": "An invented reason"}
        proposal = served.ask("registrar", PROPOSE, {"input": entry})["data"]["profileChange"]["proposal"]["id"]
        answer = served.ask("vetter", REJECT, {"input": {"proposalId": proposal, "note": "An invented note"}})
        assert answer["data"]["proposalReject"]["proposal"]["state"] == "REJECTED", answer
        made.append(proposal)
    return made


@dataclass
class Stream:
    """A stream over a connection of its own, as httpx reads it."""

    response: httpx.Response
    _lines: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._lines = self.response.iter_lines()

    @property
    def port(self) -> int:
        """Our own port of the connection."""
        network: Any = self.response.extensions["network_stream"]
        port: int = network.get_extra_info("client_addr")[1]
        return port

    def event(self) -> Event | None:
        """Return the next event; None when the stream has ended."""
        block: list[str] = []
        for line in self._lines:
            if line:
                block.append(line)
            elif block and not block[0].startswith(":"):
                return events("\n".join(block) + "\n\n")[0]
            else:
                block = []
        return None


@contextmanager
def reading(served: Served, last: str | None = None, player: str = "registrar") -> Iterator[Stream]:
    """Open a stream."""
    headers = served.headers(player) | {"accept": "text/event-stream"}
    headers |= {"last-event-id": last} if last else {}
    with (
        httpx.Client(timeout=PATIENCE) as http,
        http.stream("POST", f"{served.url}/graphql", json={"query": DECISIONS}, headers=headers) as response,
    ):
        assert response.status_code == 200
        yield Stream(response)


def opened(stream: Stream) -> str:
    """Read the first event, that nothing has happened yet; return its id."""
    first = stream.event()
    assert first is not None
    assert first.data == {"decisions": None}
    assert first.id
    return first.id


def proposals(told: list[Event | None]) -> list[str]:
    return [each.data["decisions"]["proposalId"] for each in told if each]


def worker_of(served: Served, stream: Stream) -> int:
    """Return the process that serves a stream, by the socket that it holds."""
    port = urlsplit(served.url).port or 0
    wanted = (f":{port:04X}", f":{stream.port:04X}")
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(each[9] for each in sockets if (each[1][8:], each[2][8:]) == wanted)
    for process in workers(served):
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            if descriptor.is_symlink() and descriptor.readlink().name == f"socket:[{inode}]":
                return process
    raise AssertionError("nobody serves it")


def workers(served: Served) -> list[int]:
    """Return the processes that serve."""
    main = served.process.pid
    return [int(each) for each in Path(f"/proc/{main}/task/{main}/children").read_text().split()]


def test_httpx_reads_decisions_as_they_are_made_and_goes_on_where_it_was(served: Served) -> None:
    with reading(served) as stream:
        opened(stream)
        made = decide(served, 2)
        told = [stream.event() for _ in made]
    assert told[-1] is not None
    made += decide(served, 2)
    with reading(served, told[-1].id) as stream:
        told += [stream.event() for _ in range(2)]

    assert proposals(told) == made


def followed(served: Served, count: int) -> subprocess.Popen[str]:
    """Let graphql-sse follow the decisions until it has got so many results."""
    shown = (served.token("registrar"), served.proof_key("registrar"))
    command = ["node", CLIENTS / "follow.mjs", f"{served.url}/graphql", *shown, DECISIONS]
    return subprocess.Popen([*map(str, command), str(count)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_graphql_sse_works_unchanged_and_goes_on_after_the_node_was_restarted(prepared: tuple[Path, int]) -> None:
    folder, port = prepared
    with ExitStack() as programs:
        with serving(folder, port) as served:
            client = programs.enter_context(followed(served, 6))
            assert client.stdout is not None
            assert json.loads(client.stdout.readline())["data"] == {"decisions": None}
            made = decide(served, 2)
            told = [json.loads(client.stdout.readline()) for _ in made]
        with serving(folder, port) as served:
            assert json.loads(client.stdout.readline()) == {"reconnected": True}
            made += decide(served, 2)
            rest = [json.loads(line) for line in client.stdout]

    assert client.returncode == 0
    told += [each for each in rest if each.get("data", {}).get("decisions")]
    assert [each["data"]["decisions"]["proposalId"] for each in told] == made


def test_told_to_stop_it_ends_streams_without_complete_and_leaves(prepared: tuple[Path, int]) -> None:
    folder, port = prepared
    with serving(folder, port) as served, reading(served) as stream:
        opened(stream)
        begun = time.monotonic()
        code = served.stop(signal.SIGTERM)

        assert stream.event() is None

    assert code == 0
    assert time.monotonic() - begun < 10


def test_a_change_at_one_worker_is_told_by_the_other_and_a_killed_one_loses_nothing(
    prepared: tuple[Path, int],
) -> None:
    folder, port = prepared
    with serving(folder, port, workers="2") as served, ExitStack() as streams:
        held: dict[int, Stream] = {}
        while len(held) < 2:
            stream = streams.enter_context(reading(served))
            opened(stream)
            held.setdefault(worker_of(served, stream), stream)
        made = decide(served, 2)
        told = {worker: [stream.event() for _ in made] for worker, stream in held.items()}
        assert all(proposals(each) == made for each in told.values())

        killed, stream = next(iter(held.items()))
        os.kill(killed, signal.SIGKILL)
        with pytest.raises(httpx.TransportError):
            stream.event()
        made += decide(served, 2)
        last = told[killed][-1]
        assert last is not None
        again = streams.enter_context(reading(served, last.id))
        after = told[killed] + [again.event() for _ in range(2)]

    assert proposals(after) == made
