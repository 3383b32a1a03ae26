"""How a notary that has refused for good is let go on: only where the log is again, entry by entry, what it signed.

    log = await proved(store, published, database, at, advance)     raises what keeps it frozen; changes nothing
    store.thaw(…)                                                   then the next start signs again

What it asks for: its own memory, the published files under it, every entry of the database hashed up to its leaf, a
tail that it would sign, no head that it does not remember. And in that tail an entry of the node's, ``log:restored``,
which says who has put what right: so the thaw stands in the log before anything is signed again.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from registry.core.db import Database
from registry.core.errors import Conflict, ProofFailed
from registry.notary import bodies, checking, judging, queries
from registry.notary.checking import Log
from registry.notary.judging import Refusal
from registry.notary.leaves import Row
from registry.notary.memory import parse_memory
from registry.notary.store import Store
from registry.tlog.reader import Reader
from registry.tlog.strict import Malformed
from registry.tlog.tiles import WIDTH

RESTORED = "log:restored"
"""What the entry says of which a thaw is made."""
TAIL = 4_096
"""How many entries behind the signed ones are looked at for it."""
Advance = Callable[[int], None]


async def proved(store: Store, published: Log, database: Database, at: datetime, advance: Advance) -> Log:
    """Return the log that may go on. Raises what keeps it frozen."""
    if store.refusal() is None:
        raise Conflict("This notary has not refused.", code="NOT_FROZEN", field="notary_folder",
                       remedy="Nothing needs to be done.")  # fmt: skip
    log = _as_remembered(store, published)
    checking.whole(log, advance)
    for bundle in range(log.bundles):
        first, texts = bundle * WIDTH, checking.leaves(log, bundle)
        rows = await database.read(partial(queries.rows, first=first, most=len(texts)))
        checking.compared(first, rows, texts, await bodies.accounted(database, rows, log.reader))
        advance(1)
    ends = await database.read(queries.ends)
    judging.ended(ends.leaves, ends.entries, log.size)
    newest = await database.read(queries.newest_head)
    is_other = newest is not None and newest.size == log.size and newest.root != log.checkpoint.root
    if newest is not None and (newest.size > log.size or is_other):
        raise Refusal("HEAD_UNKNOWN", newest.size - 1)
    tail = await database.read(partial(queries.rows, first=log.size, most=TAIL))
    judging.continued(tail, log.size, log.reader.entry(log.size - 1) if log.size else None, at)
    if not any(_is_announced(row) for row in tail):
        raise Conflict(
            "No entry says that the log was restored.", code="RESTORE_NOT_ENTERED", field="log",
            remedy="Run registry audit restore on the node first: docs/backup.md.",
        )  # fmt: skip
    return log


def _as_remembered(store: Store, published: Log) -> Log:
    """Return the log that is remembered: what is published, or a little more where a stop came between."""
    try:
        memory = parse_memory(store.memory() or b"")
        log = replace(
            published, checkpoint=memory.checkpoint,
            reader=Reader(memory.size, memory.checkpoint.root, store.tile),
        )  # fmt: skip
    except Malformed as problem:
        raise ProofFailed(f"The notary's files are not what it signed: {problem}.", code="NOTARY_DAMAGED",
                          remedy="Restore its two folders: docs/notary.md.") from problem  # fmt: skip
    checking.goes_on(log, published.note.print())
    return log


def _is_announced(row: Row) -> bool:
    entry = row.entry or {}
    events: Iterable[dict[str, object]] = entry.get("body", {}).get("events", ())
    is_done = (entry.get("kind"), entry.get("outcome")) == ("command", "allowed")
    return is_done and any(event["name"] == RESTORED for event in events)
