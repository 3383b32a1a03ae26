"""An entry that the register makes by itself when nobody has asked anything: so that silence is seen to be silence.

    await keep(database, clock, timedelta(minutes=10))      for as long as a process serves

A log in which nothing stands for an hour may be of an idle register, of one that was down, or of one from which an hour
was cut before it was signed. With a heartbeat every ten minutes it is of one that was down: ``registry audit verify``
tells each longer gap between two leaves. Whichever process comes first makes it, under the log's lock; the others find
a young leaf then.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Entry, Outcome
from registry.audit.log import LOCK, append
from registry.audit.models import leaves
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.engines import lock
from registry.core.ids import new_id
from registry.core.telemetry import log, problem_of

OPERATION = "heartbeat"
EARLY = 0.9
"""After which part of the time one is made: the rest is for looking in turns, and for a busy machine."""
LOOKS = 20
"""How often within that time a process looks."""
_LAST = sa.select(leaves.c.at).order_by(leaves.c["index"].desc()).limit(1)


def is_due(connection: Connection, moment: datetime, every: timedelta) -> bool:
    """Say whether the last leaf is old. A log in which nothing stands yet has nothing to be silent about."""
    last = connection.execute(_LAST).scalar_one_or_none()
    return last is not None and moment >= last + every * EARLY


def beat(connection: Connection, clock: Clock, every: timedelta) -> bool:
    """Make the entry where it is due; say whether it was. Raises Halted."""
    lock(connection, LOCK)
    moment = clock()
    is_silent = is_due(connection, moment, every)
    if is_silent:
        append(connection, [Entry(moment, "command", OPERATION, Outcome.ALLOWED, str(new_id()), source="local")],
               clock=clock)  # fmt: skip
    return is_silent


async def keep(database: Database, clock: Clock, every: timedelta) -> None:
    """Look again and again."""
    while True:
        await asyncio.sleep(every / timedelta(seconds=LOOKS))
        try:
            if await database.read(partial(is_due, moment=clock(), every=every)):
                await database.write(partial(beat, clock=clock, every=every))
        except Exception as problem:  # noqa: BLE001  the next turn tries again, whatever it was
            log.warning("heartbeat_failed", problem=problem_of(problem))
