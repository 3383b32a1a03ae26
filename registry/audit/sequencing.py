"""Giving entries their places: index and leaf, in the transaction of what they are about.

    ready = [committed(entry)]                       before the log's lock: the commitments need no index
    first = sequence(connection, ready, clock)       under it

The next index follows the last leaf's. A leaf's moment is when its entry got its place, by the clock of the process
that holds the lock; where that is a little behind the last leaf's, it is the last leaf's again. Nothing is placed in a
log that is shorter than what the notary has signed (LogShortened), nor by a clock that is far behind (ClockBehind).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from secrets import token_bytes

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import commitments
from registry.audit.events import Entry, Outcome
from registry.audit.models import entries, heads, leaves, subjects
from registry.core.clock import Clock
from registry.core.engines import insert_together
from registry.core.errors import Unavailable

MOST_BEHIND = timedelta(seconds=5)
"""How far a clock may be behind the last leaf: more is no drift between clocks that are kept."""


class Halted(Unavailable):
    """Nothing gets a place in the log, until somebody has looked into it."""


class LogShortened(Halted):
    """The log holds less than the notary has signed: its end is gone, or an old backup stands in its place."""

    default_code = "LOG_SHORTENED"

    def __init__(self) -> None:
        super().__init__("The log is shorter than what has been signed.", remedy="Tell whoever runs the node.")


class ClockBehind(Halted):
    """This process's clock is so far behind the last leaf that entries would be dated wrongly."""

    default_code = "CLOCK_BEHIND"

    def __init__(self) -> None:
        super().__init__("The node's clock is behind its log.", remedy="Tell whoever runs the node.")


@dataclass(frozen=True, slots=True)
class Committed:
    """An entry as it will stand in the log, but for its place."""

    entry: Entry
    columns: tuple[object, ...]
    """Those of ``log_entries`` after the index, in their order."""
    commitment: bytes

    def refused(self, code: str) -> "Committed":
        """Return the same attempt as one that was denied."""
        return committed(replace(self.entry, outcome=Outcome.DENIED, code=code))


def committed(entry: Entry) -> Committed:
    """Draw an entry's salt, and commit to what it says. Raises what makes it unfit for any column."""
    body = {
        "fields": list(entry.fields),
        "microseconds": entry.microseconds,
        **({"cost": entry.cost} if entry.cost is not None else {}),
        "events": [
            {"name": event.name, "records": [str(each) for each in event.records], "details": event.details}
            for event in entry.events
        ],
    }
    salt = token_bytes(commitments.SALT_LENGTH)
    columns = (
        entry.at, entry.kind, entry.operation, entry.outcome.value, entry.code,
        entry.request_id, entry.client, entry.agency, entry.officer, entry.officer_reference, entry.purpose,
        entry.case_reference, entry.legal_basis, entry.token_id, entry.source, entry.document,
        orjson.loads(orjson.dumps(body)),  # as it will be read again: that is what is committed to
        salt, commitments.VERSION,
    )  # fmt: skip
    return Committed(entry, columns, commitments.commitment(dict(zip(_COLUMNS, columns, strict=True)), salt))


_COLUMNS = tuple(column.name for column in entries.c)[1:]
_LAST = sa.select(
    sa.select(sa.func.max(leaves.c["index"])).scalar_subquery().label("newest"),
    sa.select(leaves.c.at).order_by(leaves.c["index"].desc()).limit(1).scalar_subquery().label("at"),
    sa.select(sa.func.max(heads.c.size)).scalar_subquery().label("signed"),
)
"""One row, whatever stands there: the last leaf, and how many have been signed."""


def sequence(connection: Connection, waiting: Sequence[Committed], clock: Clock) -> int:
    """Number, date and insert entries with their leaves; return the first's index. Whoever calls holds the lock.

    Raises LogShortened and ClockBehind.
    """
    last = connection.execute(_LAST).one()
    first = 0 if last.newest is None else last.newest + 1
    moment = commitments.sequenced(clock())
    if last.signed is not None and first < last.signed:
        raise LogShortened
    if last.at is not None and moment < last.at - MOST_BEHIND:
        raise ClockBehind
    at = moment if last.at is None else max(moment, last.at)
    placed = list(enumerate(waiting, first))
    insert_together(
        connection,
        (entries, [(index, *each.columns) for index, each in placed]),
        (leaves, [(index, at, each.commitment) for index, each in placed]),
        (subjects, [(profile, index) for index, each in placed for profile in each.entry.records]),
    )
    return first
