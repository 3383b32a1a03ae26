"""The kill switch on a node of three workers: closed by one person, all refuse within a second; opened by two."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from registry.cli.asking import Holder
from tests.journeys.conftest import fresh_url
from tests.journeys.served import PROGRAM, Served, free_port, prepare, run, serving
from tests.journeys.test_streams import Stream, opened, reading, worker_of, workers

WORKERS = 3
AT_ONCE = 1.0
"""Seconds within which a closing counts everywhere."""
CLOSE = """mutation ($input: AccessCloseInput!) { accessClose(input: $input) {
    closure { scope key } userErrors { code } } }"""
SEARCH = '{ search(criteria: {name: "Juma Mwakio", birthDate: "1979"}, first: 1) { edges { cursor } } }'
ATTEMPTS = 200


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration that three workers serve."""
    folder, port = tmp_path_factory.mktemp("closing"), free_port()
    url = fresh_url(request.getfixturevalue("postgres")) if request.param == "postgresql" else None
    prepare(folder, port, url, profiles=50)
    with serving(folder, port, workers=str(WORKERS)) as served:
        yield served


@dataclass
class Line:
    """A connection that stays with one worker, over which an officer asks."""

    http: httpx.Client
    url: str
    holder: Holder

    def ask(self) -> httpx.Response:
        """Ask once more; the token is the same, the proof a new one."""
        return self.http.post(f"{self.url}/graphql", json={"query": SEARCH}, auth=self.holder)


def lines(node: Served, stack: ExitStack) -> dict[int, Line]:
    """Return a connection to each worker, all with one token."""
    held: dict[int, Line] = {}
    holder = node.holder("investigator")
    for _ in range(ATTEMPTS):
        line = Line(stack.enter_context(httpx.Client(timeout=30)), node.url, holder)
        answer = line.ask()
        assert answer.status_code == 200, answer.text
        held.setdefault(worker_of(node, Stream(answer)), line)
        if len(held) == WORKERS:
            return held
    raise AssertionError("a worker takes no connection")


def streams(node: Served, stack: ExitStack) -> dict[int, Stream]:
    """Return a stream of the registrar's at each worker; one who may have three."""
    held: dict[int, Stream] = {}
    for _ in range(ATTEMPTS):
        with ExitStack() as trying:
            stream = trying.enter_context(reading(node))
            opened(stream)
            worker = worker_of(node, stream)
            if worker not in held:
                held[worker] = stream
                stack.push(trying.pop_all())
        if len(held) == WORKERS:
            return held
    raise AssertionError("a worker takes no stream")


def refused(line: Line) -> str:
    """Return the code with which a worker refuses; an answer must not hold data."""
    answer = line.ask()
    assert answer.status_code == 401, answer.text
    assert "data" not in answer.json()
    code: str = answer.json()["errors"][0]["extensions"]["code"]
    return code


def command(node: Served, *words: object) -> Any:
    """Run a command on the node, and return what it says to programs."""
    done = run(PROGRAM, *words, "--json", REGISTRY_SETTINGS=str(node.folder / "settings.toml"))
    return json.loads(done.stdout)


def opened_by_two(node: Served, folder: Path, scope: str, key: str) -> None:
    """Let one administrator propose the opening, and another decide."""
    act = folder / "opening.json"
    act.write_text(json.dumps({"opening": {"scope": scope, "key": key}}))
    first, second = (node.folder / f"{name}.toml" for name in ("administrator", "second-administrator"))
    waiting = command(node, "administer", "propose", act, "--reason", "An invented reason", "--as", first)
    (listed,) = command(node, "administer", "waiting", "--as", second)
    assert listed["id"] == waiting["id"]
    assert command(node, "administer", "approve", waiting["id"], "--as", second)["state"] == "APPROVED"


def test_one_person_closes_and_three_workers_refuse_and_end_streams_within_a_second(
    node: Served, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        held, told = lines(node, stack), streams(node, stack)
        assert len(workers(node)) >= WORKERS
        given = {"scope": "AGENCY", "key": "demo-dci", "reason": "An invented reason"}

        closed = node.ask("vetter", CLOSE, {"input": given})
        begun = time.monotonic()
        codes = [refused(line) for line in held.values()]
        asked = time.monotonic() - begun
        ends = [stream.event() for stream in told.values()]
        ended = time.monotonic() - begun

        assert closed["data"]["accessClose"]["userErrors"] == []
        assert codes == ["TOKEN_REVOKED"] * WORKERS
        assert [each.code for each in ends if each] == ["TOKEN_REVOKED"] * WORKERS
        assert asked < AT_ONCE
        assert ended < AT_ONCE

        opened_by_two(node, tmp_path, "AGENCY", "demo-dci")

        assert [line.ask().status_code for line in held.values()] == [200] * WORKERS


def test_the_operator_closes_on_the_node_and_three_workers_refuse_with_the_next_request(
    node: Served, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        held = lines(node, stack)

        command(node, "close", "client", "demo-investigator", "--reason", "An invented reason")
        codes = [refused(line) for line in held.values()]

        assert codes == ["TOKEN_REVOKED"] * WORKERS

        opened_by_two(node, tmp_path, "CLIENT", "demo-investigator")

        assert [line.ask().status_code for line in held.values()] == [200] * WORKERS
