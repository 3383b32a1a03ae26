"""The node's own runs: when the last one is long enough ago, the rules look at what was signed since.

Each run is one transaction with its entry; a node that is ended in the middle begins that run again. Several processes
may try: one of them keeps what it found, the others are told that they were overtaken.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

from registry.core.clock import Clock
from registry.core.errors import Conflict
from registry.core.telemetry import log, problem_of
from registry.misuse import queries
from registry.misuse.looking import Looking
from registry.misuse.operations import keep_by_itself

PAUSE = 300.0
"""Seconds between two looks whether a run is due."""


async def serve(looking: Looking, clock: Clock, pause: float = PAUSE) -> None:
    """Run, again and again, what is due, until cancelled. What fails is told and tried again."""
    hours = looking.thresholds.run_hours
    while hours:
        await asyncio.sleep(pause)
        try:
            if await is_due(looking, clock(), hours):
                await run(looking, clock)
        except Conflict as problem:
            log.info("misuse_overtaken", code=problem.code)
        except Exception as problem:  # noqa: BLE001  the next turn tries again, whatever it was
            log.error("misuse_run_failed", problem=problem_of(problem))


async def is_due(looking: Looking, at: datetime, hours: int) -> bool:
    """Say whether the last run is so many hours ago, or there was none."""
    last = await looking.database.read(queries.last_run)
    return last.at is None or at - last.at >= timedelta(hours=hours)


async def run(looking: Looking, clock: Clock) -> int:
    """Look until nothing is left that is signed; return how many findings were made."""
    made = 0
    while look := await looking.next(clock()):
        at = clock()
        made += await looking.database.write(partial(keep_by_itself, look=look, thresholds=looking.thresholds, at=at))
        log.info("misuse_looked", size=look.head.size, count=len(look.weighed.findings))
    return made
