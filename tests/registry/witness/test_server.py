"""C2SP's tlog-witness over HTTP, on a real server: each status, replays, races, forks, and what is too long or slow."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from registry.core.clock import now
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import signed_by
from registry.tlog.note import Note, Signature, parse_signatures
from registry.tlog.witnessing import PLAIN, SIZE, Head, Request
from registry.witness.memory import Memory
from registry.witness.server import MOST_BYTES, create
from tests.registry.tlog.signers import ABROAD, AT, LATER_LOG, LOG, ORIGIN, POLICE, STRANGER, checkpoint, signed
from tests.registry.witness.serving import FORK, TREE, asking, remembering, served, served_witness, witness


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return remembering(tmp_path)


@pytest.fixture
def address(file: Path) -> Iterator[str]:
    with served_witness(file) as url:
        yield f"{url}/add-checkpoint"


def head(file: Path) -> Head | None:
    with Memory(file).turn() as turn:
        return turn.head(ORIGIN)


def seen(address: str, tree_size: int = 20) -> None:
    assert httpx.post(address, content=asking(TREE, 0, tree_size).print()).status_code == 200


def test_a_consent_is_a_line_by_each_key_and_is_remembered(address: str, file: Path) -> None:
    request = asking(TREE, 0, 20)

    answer = httpx.post(address, content=request.print())

    note = request.note.with_signatures(parse_signatures(answer.text))
    moments = signed_by(note, [POLICE.key, ABROAD.key])
    assert (answer.status_code, answer.headers["content-type"]) == (200, PLAIN)
    assert moments.keys() == {POLICE.key, ABROAD.key}
    assert all(abs(at - now().timestamp()) < 60 for at in moments.values())
    assert head(file) == Head(20, TREE.root_at(20))


GOING_ON = asking(TREE, 20, 40)
EXTENDED = f"{checkpoint(TREE, 40).text}an extension of another log\n"
FORGED = Note(checkpoint(TREE).text, (Signature(ORIGIN, LOG.key.key_id, bytes(64)),))
ELSEWHERE = replace(checkpoint(TREE), origin="another.example")

ASKED: dict[str, tuple[Request, int]] = {
    "goes on": (GOING_ON, 200),
    "the same again": (asking(TREE, 20, 20), 200),
    "another key of the log": (replace(GOING_ON, note=signed(checkpoint(TREE), LATER_LOG)), 200),
    "strangers beside the log": (replace(GOING_ON, note=signed(checkpoint(TREE), STRANGER, LOG, POLICE)), 200),
    "extension lines": (replace(GOING_ON, note=Note(EXTENDED, (LOG.sign(EXTENDED, AT),))), 200),
    "old size above the checkpoint's": (Request(41, (), signed(checkpoint(TREE), LOG)), 400),
    "strangers only": (replace(GOING_ON, note=signed(checkpoint(TREE), STRANGER)), 403),
    "forged": (replace(GOING_ON, note=FORGED), 403),
    "unknown log": (replace(GOING_ON, note=signed(ELSEWHERE, LOG)), 404),
    "older": (asking(TREE, 12, 40), 409),
    "from nothing": (asking(TREE, 0, 40), 409),
    "newer": (asking(TREE, 21, 40), 409),
    "smaller": (asking(TREE, 0, 12), 409),
    "another tree of that size": (Request(20, (), signed(checkpoint(FORK, 20), LOG)), 409),
    "a fork": (asking(FORK, 20, 40), 422),
    "a root that is none": (replace(GOING_ON, note=signed(Checkpoint(ORIGIN, 40, bytes(32)), LOG)), 422),
    "no proof": (replace(GOING_ON, path=()), 422),
    "a longer proof": (replace(GOING_ON, path=(*GOING_ON.path, bytes(32))), 422),
    "proof of the same": (Request(20, (bytes(32),), signed(checkpoint(TREE, 20), LOG)), 422),
}  # fmt: skip


@pytest.mark.parametrize(("request_", "status"), ASKED.values(), ids=ASKED)
def test_a_witness_that_saw_twenty_leaves_answers(address: str, file: Path, request_: Request, status: int) -> None:
    seen(address)

    answer = httpx.post(address, content=request_.print())

    assert answer.status_code == status
    if status == 409:
        assert (answer.headers["content-type"], answer.text) == (SIZE, "20\n")
    else:
        assert answer.headers["content-type"] == PLAIN
    assert answer.text.startswith("— ") == (status == 200)
    assert head(file) == Head(*(request_.checkpoint.size, request_.checkpoint.root) if status == 200
                              else (20, TREE.root_at(20)))  # fmt: skip


def test_what_is_malformed_is_400_and_changes_nothing(address: str, file: Path) -> None:
    right = asking(TREE, 0, 20).print()
    lines = right.split(b"\n")
    wrong = [
        b"", b"\n", right[:-1], right + b"\n", right.replace(b"\n", b"\r\n"), right.replace(b"old 0", b"old 00"),
        right.replace(b"old 0", b"old -1"), right.replace(b"old 0", b"old 9223372036854775808"), b"\n".join(lines[1:]),
        right.replace(b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n" * 1 + b"x\n"),
        right.replace(b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64), b"old 0\n\n", right[: right.rindex(b"\n\n")],
        b"\xff" + right,
    ]  # fmt: skip

    with httpx.Client() as client:
        answers = [client.post(address, content=each).status_code for each in wrong]

    assert answers == [400] * len(wrong)
    assert head(file) is None


def test_a_replay_is_a_conflict_that_tells_how_to_go_on(address: str) -> None:
    request = asking(TREE, 0, 20)
    seen(address)

    again = httpx.post(address, content=request.print())
    named = replace(request, old=int(again.text))

    assert again.status_code == 409
    assert httpx.post(address, content=named.print()).status_code == 200


def test_a_body_that_is_too_long_is_not_read_on(address: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MOST_BYTES // 4096 + 2):
            yield b"x" * 4096

    said = httpx.post(address, content=b"x" * (MOST_BYTES + 1))
    streamed = httpx.post(address, content=endless())

    assert [said.status_code, streamed.status_code] == [413, 413]
    assert httpx.post(address, content=b"x" * MOST_BYTES).status_code == 400


def test_a_body_that_does_not_come_is_given_up(file: Path) -> None:
    with served(create(witness(file), body_seconds=0.05)) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nold")
            answer = connection.recv(4096)

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_body_that_ends_early_is_nothing(address: str, file: Path) -> None:
    host, port = address.removeprefix("http://").partition("/")[0].split(":")
    body = asking(TREE, 0, 20).print()
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"POST /add-checkpoint HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        said = connection.recv(4096)

    assert b"200" not in said
    assert head(file) is None


def test_there_is_nothing_else(address: str) -> None:
    answers = [httpx.get(address), httpx.put(address), httpx.get(address.replace("add-checkpoint", ""))]

    assert [each.status_code for each in answers] == [405, 405, 404]
    assert answers[0].headers["allow"] == "POST"
    assert {each.text for each in answers} == {"There is only POST /add-checkpoint.\n"}


def test_of_two_forks_at_once_one_wins_also_between_two_servers_on_one_memory(file: Path) -> None:
    """The roll-back race of the specification, and a fork: round by round both trees ask from what was signed last."""
    cosigned: dict[int, set[bytes]] = {}
    with (
        served_witness(file) as one, served_witness(file) as other,
        ThreadPoolExecutor(8) as threads, httpx.Client() as client,
    ):  # fmt: skip

        def ask(case: tuple[str, Request]) -> tuple[int, Checkpoint]:
            url, request = case
            status = client.post(f"{url}/add-checkpoint", content=request.print(), timeout=30).status_code
            return status, request.checkpoint

        for old, size in [(0, 20), *((size, size + 1) for size in range(20, 32))]:
            cases = [(url, asking(tree, old, size)) for tree in (TREE, FORK, TREE, FORK) for url in (one, other)]
            for status, asked in threads.map(ask, cases):
                assert status in {200, 409, 422}
                if status == 200:
                    cosigned.setdefault(asked.size, set()).add(asked.root)

    assert cosigned.keys() == {20, *range(21, 33)}
    assert all(len(roots) == 1 for roots in cosigned.values())


def test_a_larger_tree_is_not_rolled_back_by_a_smaller_one_at_once(file: Path) -> None:
    """N and N + K from the same old size: whoever is second learns the size of the first."""
    with served_witness(file) as url, ThreadPoolExecutor(2) as threads, httpx.Client() as client:
        seen(f"{url}/add-checkpoint", 12)
        cases = [asking(TREE, 12, 20), asking(TREE, 12, 40)]

        answers = list(threads.map(lambda each: client.post(f"{url}/add-checkpoint", content=each.print()), cases))

    won = [each.checkpoint for each, answer in zip(cases, answers, strict=True) if answer.status_code == 200]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert len(won) == len(lost) == 1
    assert lost[0].text == f"{won[0].size}\n"
    assert head(file) == Head(won[0].size, won[0].root)
