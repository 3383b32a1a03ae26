"""Chunks are worked on in processes, come back in order, and no process outlives the one that made it."""

import os
import signal
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry.bulk.verdicts import Verdict
from registry.bulk.workers import AHEAD, Chunk, chunks, ready, working
from registry.core.errors import Conflict

ROWS = [f"{number}".encode() for number in range(10)]


class Doubling:
    """A worker: numbers become twice as much, each told by which process."""

    def __init__(self, factor: int):
        self._factor = factor

    def __call__(self, chunk: Chunk) -> tuple[list[int], int]:
        if b"3" in chunk.rows and self._factor < 0:
            raise Conflict("An invented reason.", code="INVENTED", field="file", remedy="Begin again.")
        return [int(bytes(row)) * self._factor for row in chunk.rows], os.getpid()  # type: ignore[arg-type]


def test_rows_are_cut_into_chunks_from_where_one_stopped() -> None:
    cut = list(chunks(ROWS, first=3, size=4))

    assert [(each.first, each.rows) for each in cut] == [(3, ROWS[3:7]), (7, ROWS[7:])]
    assert list(chunks(ROWS, first=99)) == []


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_results_come_in_the_order_of_the_chunks(processes: int) -> None:
    with working(Doubling, 2, processes=processes) as work:
        done = list(work(chunks(ROWS, size=3)))

    assert [number for numbers, _ in done for number in numbers] == [2 * number for number in range(10)]
    assert (os.getpid() in {process for _, process in done}) == (processes == 0)


def test_no_more_than_a_few_chunks_are_ahead() -> None:
    taken = 0

    def counted() -> Iterator[Chunk]:
        nonlocal taken
        for each in chunks(ROWS, size=1):
            taken += 1
            yield each

    with working(Doubling, 2, processes=1) as work:
        next(work(counted()))
        assert taken <= AHEAD + 1


@pytest.mark.parametrize("processes", [0, 1])
def test_what_a_worker_refuses_is_raised_here_as_it_was(processes: int) -> None:
    with (
        pytest.raises(Conflict, match="An invented reason") as refused,
        working(Doubling, -1, processes=processes) as work,
    ):
        list(work(chunks(ROWS, size=2)))

    assert (refused.value.code, refused.value.field, refused.value.remedy) == ("INVENTED", "file", "Begin again.")


LONG = """
import sys
from registry.bulk.workers import chunks, working
from tests.registry.bulk.test_workers import Doubling

if __name__ == "__main__":
    with working(Doubling, 2, processes=2) as work:
        done = work(chunks([b"1"] * 1_000_000, size=1))
        for _ in range(50):
            print(next(done)[1], flush=True)
        sys.stdin.read()
"""


def test_workers_end_when_their_maker_is_killed(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(LONG, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, tmp_path / "long.py"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[3], env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
    ) as maker:  # fmt: skip
        assert maker.stdout is not None
        workers = {int(maker.stdout.readline()) for _ in range(50)}
        assert all(is_running(each) for each in workers)
        maker.send_signal(signal.SIGKILL)

    assert within(10, lambda: not any(is_running(each) for each in workers))


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def test_rows_to_be_entered_are_chosen_by_their_verdicts() -> None:
    verdicts = bytes([Verdict.EMPTY, Verdict.READY, Verdict.REFUSED, Verdict.DUPLICATE, Verdict.READY])
    chunk = Chunk(1, ROWS[1:5])  # type: ignore[arg-type]

    assert ready(verdicts, chunk) == array("I", [0, 3])
    assert ready(verdicts, chunk, also=Verdict.DUPLICATE) == array("I", [0, 2, 3])
