"""The process: it ends when it is told to and not before its answers are given, and two of them write one log."""

import asyncio
import json
import signal
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.journeys.conftest import fresh_url
from tests.journeys.served import Served, free_port, log_of, prepare, serving
from tests.servers import PostgresServer

SEARCH = """{ search(criteria: {name: "Juma Mwakio", birthDate: "1979"}, first: 5) {
    edges { node { score profile { id } } } } }"""


@pytest.fixture(params=["sqlite", "postgresql"])
def prepared(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, int]:
    """A demonstration that nobody serves yet."""
    port = free_port()
    url = fresh_url(request.getfixturevalue("postgres")) if request.param == "postgresql" else None
    prepare(tmp_path, port, url, profiles=50)
    return tmp_path, port


def opened(served: Served, body: bytes) -> socket.socket:
    """Begin a request: everything but the last byte of its body."""
    connection = socket.create_connection(("127.0.0.1", urlsplit(served.url).port or 0), timeout=30)
    shown = "".join(f"{name}: {value}\r\n" for name, value in served.headers("investigator").items())
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}Connection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body[:-1])
    return connection


def finished(connection: socket.socket, body: bytes) -> tuple[bytes, Any]:
    """Send the last byte; return the status line and the whole answer."""
    connection.sendall(body[-1:])
    received = b"".join(iter(lambda: connection.recv(65536), b""))
    connection.close()
    head, _, content = received.partition(b"\r\n\r\n")
    return head.split(b"\r\n")[0], json.loads(content)


def test_told_to_stop_it_gives_every_answer_it_owes_and_leaves_without_complaint(prepared: tuple[Path, int]) -> None:
    folder, port = prepared
    body = json.dumps({"query": SEARCH}).encode()

    with serving(folder, port) as served:
        connections = [opened(served, body) for _ in range(20)]
        time.sleep(0.3)  # the server has read what there is
        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        answers = [finished(each, body) for each in connections]
        code = served.process.wait(30)

    assert code == 0, (folder / "served.log").read_text()
    assert {status for status, _ in answers} == {b"HTTP/1.1 200 OK"}
    assert all(answer["data"]["search"]["edges"] for _, answer in answers)
    log = asyncio.run(log_of(folder))
    assert sum(each["operation"] == "search" for each in log) == 20
    assert [each["index"] for each in log] == list(range(len(log)))


def test_nobody_is_let_in_after_the_signal(prepared: tuple[Path, int]) -> None:
    folder, port = prepared
    body = json.dumps({"query": SEARCH}).encode()

    with serving(folder, port) as served:
        pending = opened(served, body)
        time.sleep(0.2)
        served.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{served.url}/healthz", timeout=5)
        status, _ = finished(pending, body)

    assert status == b"HTTP/1.1 200 OK"


def test_two_workers_write_one_log_without_gaps(postgres: PostgresServer, tmp_path: Path) -> None:
    port = free_port()
    prepare(tmp_path, port, fresh_url(postgres), profiles=50)

    with serving(tmp_path, port, workers="2") as served:
        before = len(asyncio.run(log_of(tmp_path)))
        answers = asyncio.run(crowd(served, 240))
        assert served.stop() == 0

    log = asyncio.run(log_of(tmp_path))
    said = [answer.headers["x-request-id"] for answer in answers]
    assert {answer.status_code for answer in answers} == {200}
    assert [each["index"] for each in log] == list(range(len(log)))
    entered = [each["request_id"] for each in log[before:] if each["kind"] in ("query", "mutation")]
    assert sorted(entered) == sorted(said)


async def crowd(served: Served, count: int) -> list[httpx.Response]:
    """Let many clients ask at once, each on a connection of its own so that both workers get some."""
    holder = served.holder("investigator")
    limits = httpx.Limits(max_connections=24, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=served.url, limits=limits, timeout=60, auth=holder) as http:
        return await asyncio.gather(*(http.post("/graphql", json={"query": SEARCH}) for _ in range(count)))
