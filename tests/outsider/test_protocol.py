"""Outsider's checks 1, 4 and 5: what GraphQL over HTTP asks of a server, and what no request may do to it."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.journeys.served import CLIENTS, Served, run, serving
from tests.malformed.asking import check_nothing_shows
from tests.nodes import RESPONSE, code_of

JSON = "application/json"
GOOD = b'{"query":"{ __typename }"}'
GET_QUERIES = {"5A70", "D6D5", "6A70"}
"""Questions by GET: what is searched for would stand in addresses, and so in everybody's logs."""
DRAFT_DIFFERS = {"572B", "FDE2", "7B9B", "86EE"}
"""Audits that ask for 200 where the draft says 4xx and 294; with them eighteen MAYs that ask for 400, not 422."""
GIGABYTE = 2**30


@pytest.fixture(scope="module", autouse=True)
def node_clients() -> Path:
    """Require what deploy/bootstrap.sh installs."""
    installed = CLIENTS / "node_modules"
    if not installed.exists():
        run("npm", "ci", "--prefix", CLIENTS, "--ignore-scripts", "--no-audit", "--no-fund")
    return installed


def audited(served: Served) -> dict[str, dict[str, int]]:
    """Return what the published audit counts: passed and all, by level, and which failed."""
    shown = (served.token("investigator"), served.proof_key("investigator"))
    said = run("node", CLIENTS / "audit.mjs", f"{served.url}/graphql", *shown)
    report: dict[str, dict[str, int]] = json.loads(said.stdout)
    return report


def failed(report: dict[str, dict[str, int]]) -> set[str]:
    """Return the ids of the audits that failed."""
    return {each["id"] for each in report["failed"]}  # type: ignore[index]  # a list, as the script prints it


def test_check_01_all_audits_pass_but_the_three_that_ask_by_get(served: Served) -> None:
    report = audited(served)

    assert report["must"] == {"pass": 13, "total": 13}
    assert report["should"] == {"pass": 23, "total": 23}
    assert report["may"]["total"] == 25
    assert failed(report) <= GET_QUERIES


def test_check_01_in_the_draft_profile_only_those_fail_that_the_draft_contradicts(served: Served) -> None:
    port = urlsplit(served.url).port or 0
    settings = {"status_profile": "draft", "listen_port": str(port + 1), "public_url": f"http://127.0.0.1:{port + 1}"}
    with serving(served.folder, port + 1, **settings) as drafted:
        report = audited(drafted)

    assert report["must"] == {"pass": 13, "total": 13}
    levels = {each["id"]: each["level"] for each in report["failed"]}  # type: ignore[index]  # a list
    assert {each for each, level in levels.items() if level == "should"} <= DRAFT_DIFFERS
    assert failed(report) - DRAFT_DIFFERS - GET_QUERIES == {
        each for each, level in levels.items() if level == "may"
    } - (GET_QUERIES | DRAFT_DIFFERS)
    assert len(report["failed"]) <= len(GET_QUERIES) + 22


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({}, b'{"query":5}', 400, "PARAMETERS_MALFORMED"),
        ({}, b"[]", 400, "BATCH_REFUSED"),
        ({}, b"null", 400, "PARAMETERS_MALFORMED"),
        ({}, b'{"query":"{a}","variables":[1]}', 400, "PARAMETERS_MALFORMED"),
        ({}, b'{"query":"\xff\xfe"}', 400, "BODY_NOT_JSON"),
        ({"content-type": "text/plain"}, GOOD, 415, "CONTENT_TYPE_UNSUPPORTED"),
        ({}, b'{"query":"' + b"x" * 200_000 + b'"}', 413, "BODY_TOO_LARGE"),
    ],
    ids=["a number", "a batch", "null", "variables in a list", "invalid UTF-8", "plain text", "200 kB"],
)
def test_check_04_what_is_no_question_gets_a_4xx_in_json_and_no_stack_trace(
    served: Served, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    usual = served.headers("investigator") | {"content-type": JSON, "accept": RESPONSE}

    answer = httpx.post(f"{served.url}/graphql", content=body, headers=usual | headers)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.headers["content-type"] == f"{RESPONSE}; charset=utf-8"
    check_nothing_shows(answer.text)


def lines(headers: dict[str, str]) -> str:
    """Return headers as they stand in a request."""
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def memory(served: Served) -> int:
    """Return the megabytes that the server's process keeps in memory."""
    text = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    return int(text.partition("VmRSS:")[2].split()[0]) // 1024


def chunked(size: int) -> Iterator[bytes]:
    """Yield a body of so many bytes in chunks of 64 kB, as HTTP/1.1 frames them."""
    chunk = b" " * 65_536
    for _ in range(size // len(chunk)):
        yield b"10000\r\n" + chunk + b"\r\n"
    yield b"0\r\n\r\n"


def poured(served: Served, head: str, body: Iterator[bytes]) -> tuple[bytes, int]:
    """Send a request for as long as the server listens; return its answer and how many bytes it let in."""
    sent = 0
    with socket.create_connection(("127.0.0.1", urlsplit(served.url).port or 0), timeout=20) as connection:
        connection.sendall(head.encode())
        with suppress(ConnectionError):
            for chunk in body:
                connection.sendall(chunk)
                sent += len(chunk)
        received = b""
        with suppress(ConnectionError):
            received = b"".join(iter(lambda: connection.recv(65_536), b""))
    return received, sent


@pytest.mark.parametrize("authorized", [True, False], ids=["a client", "a stranger"])
def test_check_04_a_gigabyte_in_chunks_ends_with_the_first_hundred_kilobytes(served: Served, authorized: bool) -> None:
    shown = lines(served.headers("investigator") if authorized else {"authorization": "DPoP nonsense"})
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}Accept: {RESPONSE}\r\n"
        f"Content-Type: {JSON}\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    before = memory(served)

    answer, sent = poured(served, head, chunked(GIGABYTE))

    status = b"HTTP/1.1 413" if authorized else b"HTTP/1.1 401"
    assert answer.startswith(status), answer[:200]
    assert b"connection: close" in answer.lower()
    assert sent < GIGABYTE // 16, "the server went on reading"
    assert memory(served) - before < 32


@pytest.mark.parametrize("length", [GIGABYTE, 10**18])
def test_check_04_a_length_that_is_too_large_is_refused_and_the_connection_closed(served: Served, length: int) -> None:
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines(served.headers('investigator'))}"
        f"Content-Type: {JSON}\r\nContent-Length: {length}\r\n\r\n"
    )

    answer, sent = poured(served, head, (b" " * 65_536 for _ in range(GIGABYTE // 65_536)))

    assert answer.startswith(b"HTTP/1.1 413"), answer[:200]
    assert sent < GIGABYTE // 16


FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=x"}
MUTATION = "mutation { proposalApprove(input: {proposalId: 1}) { userErrors { code } } }"


@pytest.mark.parametrize(
    ("method", "headers", "status", "code"),
    [
        ("GET", {}, 405, "METHOD_NOT_ALLOWED"),
        ("POST", FORM, 415, "CONTENT_TYPE_UNSUPPORTED"),
        ("POST", MULTIPART, 415, "CONTENT_TYPE_UNSUPPORTED"),
        ("POST", {"accept": "text/html"}, 406, "NOT_ACCEPTABLE"),
    ],
    ids=["by GET", "a form", "multipart", "for a browser"],
)
def test_check_05_a_change_by_any_other_way_than_a_json_post_changes_nothing(
    served: Served, method: str, headers: dict[str, str], status: int, code: str
) -> None:
    usual = served.headers("vetter") | {"content-type": JSON}
    body = str(httpx.QueryParams({"query": MUTATION})).encode() if headers is FORM else GOOD
    address = httpx.URL(f"{served.url}/graphql", params={"query": MUTATION})

    answer = httpx.request(method, address, content=None if method == "GET" else body, headers=usual | headers)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)
    assert "data" not in answer.json()


LONG = "/graphql?query=" + "x" * 9_000


@pytest.mark.parametrize("target", [LONG, "/" + "x" * 9_000, "/oauth/token?" + "x" * 60_000])
def test_an_address_that_is_too_long_is_refused_in_json(served: Served, target: str) -> None:
    answer = httpx.get(served.url + target)

    assert (answer.status_code, code_of(answer)) == (414, "URI_TOO_LONG")
    assert answer.headers["cache-control"] == "no-store"
    assert "xxx" not in answer.text


def test_a_forged_host_is_refused_in_json(served: Served) -> None:
    answer = httpx.post(f"{served.url}/graphql", headers={"host": "evil.example"}, content=GOOD)

    assert (answer.status_code, code_of(answer)) == (400, "HOST_UNKNOWN")
    assert answer.headers["content-type"] == JSON
    assert "evil" not in answer.text


SMUGGLED = {
    "two lengths": "Content-Length: 26\r\nContent-Length: 5\r\n",
    "a length and chunks": "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    "chunks twice over": "Transfer-Encoding: chunked, identity\r\n",
    "chunks disguised": "Transfer-Encoding: xchunked\r\nContent-Length: 26\r\n",
    "a length that is none": "Content-Length: +26\r\n",
    "a negative length": "Content-Length: -1\r\n",
    "a folded header": "X-Note: a\r\n b\r\nContent-Length: 26\r\n",
    "a blank before the colon": "Content-Length : 26\r\n",
}


@pytest.mark.parametrize("trick", SMUGGLED)
def test_a_request_whose_end_two_servers_could_see_differently_is_not_answered_as_a_question(
    served: Served, trick: str
) -> None:
    shown = lines(served.headers("investigator"))
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}Content-Type: {JSON}\r\n"
        f"Connection: close\r\n{SMUGGLED[trick]}\r\n"
    )

    answer, _ = poured(served, head, iter([GOOD + b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]))

    assert answer.count(b"HTTP/1.1 ") <= 1, "one request became two"
    assert b"registry_requests" not in answer
    assert b'"data"' not in answer or trick == "a folded header", answer[:300]
    assert served.process.poll() is None


def test_the_process_has_no_more_files_open_after_all_that(served: Served) -> None:
    """Connections that were closed half-way are given back."""
    head = "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n"
    for _ in range(3):
        poured(served, head, iter([b"12345678901"]))

    assert len(list(Path(f"/proc/{served.process.pid}/fd").iterdir())) < 100
