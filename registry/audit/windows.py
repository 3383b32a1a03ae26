"""How long the log goes on without its notary, and without its witnesses: settings, each change of which is an entry.

    keep(connection, Windows(unsigned=60, unwitnessed=14_400), clock)       at each start of a node

What is in force is the last row of ``log_windows``, which the statement that reads where the log ends reads as well
(sequencing.py): so all processes of a register go by the same windows, whatever each of them was started with, and no
window is other than an entry says. Before the first node has started none is in force.

An entry that changes them gets its place whether the log is closed or not: it answers nobody. Or a log that has closed
because its notary is gone for good could not be opened again by saying so, and one that was never signed not be closed.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import LOCK
from registry.audit.models import leaves, windows
from registry.audit.sequencing import sequence
from registry.audit.spelling import committed
from registry.core.clock import Clock
from registry.core.engines import lock
from registry.core.ids import new_id

CHANGED = "settings:changed"
_IN_FORCE = (
    sa.select(windows.c.unsigned_seconds, windows.c.unwitnessed_seconds).order_by(windows.c.entry.desc()).limit(1)
)
_NEXT = sa.select(sa.func.coalesce(sa.func.max(leaves.c["index"]) + 1, 0))


@dataclass(frozen=True, slots=True)
class Windows:
    """Seconds; none is for ever."""

    unsigned: int = 0
    """How long an entry may wait for a checkpoint that holds it."""
    unwitnessed: int = 0
    """How long ago a quorum of witnesses may have cosigned."""


def in_force(connection: Connection) -> Windows:
    """Return the windows that the log goes by."""
    found = connection.execute(_IN_FORCE).one_or_none()
    return Windows(*found) if found else Windows()


def keep(connection: Connection, chosen: Windows, clock: Clock) -> bool:
    """Bring windows into force, with an entry that says what they were; say whether they were others. Raises Halted."""
    if in_force(connection) == chosen:  # most starts: nobody has to wait for the lock
        return False
    lock(connection, LOCK)
    old = in_force(connection)
    if old == chosen:
        return False
    row = {"entry": connection.execute(_NEXT).scalar_one(), "unsigned_seconds": chosen.unsigned,
           "unwitnessed_seconds": chosen.unwitnessed}  # fmt: skip
    connection.execute(sa.insert(windows), row)
    event = Event(CHANGED, details={"old": _told(old), "new": _told(chosen)})
    entry = Entry(clock(), "command", "settings", Outcome.ALLOWED, str(new_id()), source="local", events=(event,))
    sequence(connection, [committed(entry)], clock, whenever=True)
    return True


def _told(each: Windows) -> dict[str, int]:
    return {"unsigned_seconds": each.unsigned, "unwitnessed_seconds": each.unwitnessed}
