"""Where chunks are checked: in this process, in others of this machine, or on a Ray cluster. The code is the same.

with checking(Engine.PROCESSES, conditions, processes=2) as check:
for screened in check(chunks): …                  in their order, few ahead
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial

from registry.bulk.workers import working
from registry.screening.checking import Chunk, Conditions, Screened, Screener

Check = Callable[[Iterable[Chunk]], Iterator[Screened]]


class Engine(StrEnum):
    """Where the people of a list are checked."""

    INLINE = "inline"
    """In this process: for short lists."""
    PROCESSES = "processes"
    """In processes of this machine."""
    RAY = "ray"
    """On a Ray cluster, one of this machine where no address is given (docs/screening.md)."""


@contextmanager
def checking(engine: Engine, conditions: Conditions, *, processes: int, address: str | None = None) -> Iterator[Check]:
    """Make workers; yield what hands them chunks."""
    if engine is Engine.RAY:
        from registry.screening.on_ray import checking_on_ray  # noqa: PLC0415  an extra that few have installed

        with checking_on_ray(conditions, workers=processes, address=address) as check:
            yield check
    elif engine is Engine.PROCESSES:
        with working(Screener, conditions, processes=max(processes, 1)) as check:
            yield check
    else:
        screener = Screener(conditions)
        try:
            yield partial(map, screener)
        finally:
            screener.close()


def modest(conditions: Conditions) -> Screener:
    """Return a worker that leaves the cores to whoever answers people."""
    os.nice(10)
    return Screener(conditions)
