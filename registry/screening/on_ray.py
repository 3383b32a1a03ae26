"""Chunks checked on a Ray cluster: the same worker as everywhere, held by actors on as many machines as there are.

    with checking_on_ray(conditions, workers=2, address=None) as check: …      one of this machine, gone at the end
    … address="ray://head.example:10001"                                       one that is there

Each actor opens its own database, and reads the keys that the settings name where it runs. Ray moves chunks in the
clear, so a cluster of several machines runs with RAY_USE_TLS (docs/screening.md); usage statistics are switched off.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from registry.core.errors import InputRefused, Unavailable
from registry.screening.checking import Chunk, Conditions, Screened, Screener

AHEAD = 2
"""Chunks for each actor that may wait: one in work, one at hand."""


@contextmanager
def checking_on_ray(
    conditions: Conditions, *, workers: int, address: str | None
) -> Iterator[Callable[[Iterable[Chunk]], Iterator[Screened]]]:
    """Start actors; yield what hands them chunks. Raises InputRefused (ENGINE_MISSING, ENGINE_UNFIT), Unavailable."""
    ray = _ray()
    if address and conditions.settings.is_sqlite:
        raise InputRefused("is a file of this machine, which no other can open.", field="database_url",
                           code="ENGINE_UNFIT", remedy="Use PostgreSQL, or leave out the address.")  # fmt: skip
    try:
        ray.init(address=address or "local", log_to_driver=False, configure_logging=False, **({} if address else {
            "num_cpus": workers, "include_dashboard": False, "object_store_memory": 100 << 20,
        }))  # fmt: skip
    except (ConnectionError, RuntimeError) as problem:
        raise Unavailable("The Ray cluster does not answer.", field="--workers", remedy="Is it up?") from problem
    try:
        remote = ray.remote(num_cpus=1)(Remote)
        actors = [remote.remote(conditions) for _ in range(max(workers, 1))]
        yield lambda chunks: _in_order(ray, actors, chunks)
    finally:
        ray.shutdown()


class Remote:
    """What an actor holds: a worker."""

    def __init__(self, conditions: Conditions):
        self._screener = Screener(conditions)

    def check(self, chunk: Chunk) -> Screened:
        """Check a chunk."""
        return self._screener(chunk)


def _ray() -> Any:  # Any: ray is an extra, and may not be there to be looked at
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray  # noqa: PLC0415  an extra that few have installed
    except ImportError:
        raise InputRefused("is not installed.", field="--engine", code="ENGINE_MISSING",
                           remedy="Install it: pip install registry[screening-ray].") from None  # fmt: skip
    return ray


def _in_order(ray: Any, actors: list[Any], chunks: Iterable[Chunk]) -> Iterator[Screened]:  # Any: as above
    coming: deque[Any] = deque()
    for at, chunk in enumerate(chunks):
        coming.append(actors[at % len(actors)].check.remote(chunk))
        if len(coming) >= len(actors) * AHEAD:
            yield ray.get(coming.popleft())
    while coming:
        yield ray.get(coming.popleft())
