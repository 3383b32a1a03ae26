"""Rows are worked on in processes of their own, a chunk at a time, and come back in their order.

    with working(Checker, plan, settings, processes=2) as work:
        for checked in work(chunks): …

No more than a few chunks are ahead, so memory does not grow with the file. Processes are spawned, not forked: a sealer,
a connection or a thread of this one must not be copied into them. They end when this one does, even by SIGKILL.
"""

import gc
import multiprocessing
import os
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait
from threading import Thread
from typing import Any, TypeVar

from registry.bulk.files import Row
from registry.bulk.verdicts import Verdict

T = TypeVar("T")
CHUNK = 2_000
"""Rows of one chunk, which are also those of one transaction."""
AHEAD = 2
"""Chunks for each process that may wait: one in work, one at hand."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows, and the number of the first among those that hold records."""

    first: int
    rows: list[Row]


def chunks(rows: Iterable[Row], *, first: int = 0, size: int = CHUNK) -> Iterator[Chunk]:
    """Cut rows into chunks, from row ``first`` on."""
    left = islice(iter(rows), first, None)
    while taken := list(islice(left, size)):
        yield Chunk(first, taken)
        first += len(taken)


Worker = Callable[[Any], T]
"""What works on a chunk. Any: a chunk, or a chunk with what was found of it."""


@contextmanager
def working(make: Callable[..., Worker[T]], *given: object, processes: int) -> Iterator[Callable[..., Iterator[T]]]:
    """Make workers; yield what hands them chunks and returns what becomes of each. Without processes they work here."""
    if not processes:
        worker = make(*given)
        yield lambda each: map(worker, each)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawn, initializer=_become, initargs=(make, given)) as pool:
        try:
            yield lambda each: _in_order(pool, each, processes * AHEAD)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, given: Iterable[Any], ahead: int) -> Iterator[Any]:  # Any: chunks, and results
    coming: deque[Future[Any]] = deque()
    for each in given:
        coming.append(pool.submit(_work, each))
        if len(coming) > ahead:
            yield coming.popleft().result()
    while coming:
        yield coming.popleft().result()


_WORKER: list[Worker[Any]] = []
"""The worker of this process, once it has become one."""


def _become(make: Callable[..., Worker[Any]], given: tuple[object, ...]) -> None:
    """Make this process's worker. Everything made until then stays, so cycles are looked for in what comes after."""
    Thread(target=_end_with_parent, daemon=True).start()
    _WORKER[:] = [make(*given)]
    gc.collect()
    gc.freeze()
    gc.disable()


def _work(given: Any) -> Any:  # Any: as above
    done = _WORKER[0](given)
    gc.collect()
    return done


def _end_with_parent() -> None:
    """End this process when its parent is gone; a pool's processes would wait for ever."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def ready(verdicts: bytes, chunk: Chunk, *, also: Verdict | None = None) -> "array[int]":
    """Return the places in a chunk of the rows that are to be entered, by the verdicts on a whole file."""
    of_chunk = verdicts[chunk.first : chunk.first + len(chunk.rows)]
    wanted = {Verdict.READY, also}
    return array("I", [at for at, each in enumerate(of_chunk) if each in wanted])
