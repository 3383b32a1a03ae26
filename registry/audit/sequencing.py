"""Giving entries their places: index and leaf, in the transaction of what they are about.

    ready = [committed(entry)]                       before the log's lock (spelling.py): this needs no index
    placed = sequence(connection, ready, clock)      under it: where each stands, as a receipt says it

The next index follows the last leaf's. A leaf's moment is when its entry got its place, by the clock of the process
that holds the lock; where that is a little behind the last leaf's, it is the last leaf's again. Nothing is placed in a
log that is shorter than what the notary has signed (LogShortened), nor by a clock that is far behind (ClockBehind), nor
while entries have waited for a checkpoint for too long (LogUnsigned), or a checkpoint for witnesses (LogUnwitnessed):
how long is too long stands in the log itself (windows.py). One statement tells all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import commitments
from registry.audit.forms import VERSION
from registry.audit.models import entries, heads, leaves, quorums, subjects, windows
from registry.audit.spelling import Committed
from registry.core.clock import Clock
from registry.core.columns import Moment
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


class LogUnsigned(Halted):
    """An entry has waited for its checkpoint for longer than the window: nobody outside vouches for the log."""

    default_code = "LOG_UNSIGNED"

    def __init__(self) -> None:
        super().__init__("The log has not been signed for too long.", remedy="Tell whoever runs the node.")


class LogUnwitnessed(Halted):
    """No quorum of witnesses has cosigned the log for longer than the window."""

    default_code = "LOG_UNWITNESSED"

    def __init__(self) -> None:
        super().__init__("The log has not been witnessed for too long.", remedy="Tell whoever runs the node.")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entry stands in the log, and its leaf: what a receipt is made of."""

    index: int
    at: datetime
    """The leaf's moment: when the entry got its place."""
    commitment: bytes

    @property
    def leaf(self) -> bytes:
        """The leaf's text: its hash in the tree is ``registry.tlog.tree.leaf_hash`` of it."""
        return commitments.leaf(self.at, self.commitment)


_SIGNED = sa.select(sa.func.max(heads.c.size)).scalar_subquery()
_FIRST = sa.select(leaves.c.at).where(leaves.c["index"] == 0).scalar_subquery()


def _in_force(window: sa.Column[int]) -> sa.ScalarSelect[int]:
    return sa.select(window).order_by(windows.c.entry.desc()).limit(1).scalar_subquery()


_LAST = sa.select(
    sa.select(sa.func.max(leaves.c["index"])).scalar_subquery().label("newest"),
    sa.select(leaves.c.at).order_by(leaves.c["index"].desc()).limit(1).scalar_subquery().label("at"),
    _SIGNED.label("signed"),
    sa.select(leaves.c.at).where(leaves.c["index"] == sa.func.coalesce(_SIGNED, 0)).scalar_subquery().label("waiting"),
    sa.func.coalesce(sa.select(sa.func.max(quorums.c.at)).scalar_subquery(), _FIRST, type_=Moment).label("witnessed"),
    _in_force(windows.c.unsigned_seconds).label("unsigned_seconds"),
    _in_force(windows.c.unwitnessed_seconds).label("unwitnessed_seconds"),
)
"""One row, whatever stands there: the last leaf, how many have been signed, since when the next one waits, when there
was a quorum last (a log that never had one counts from its first leaf), and the windows that are in force."""


def closed(connection: Connection, moment: datetime) -> Halted | None:
    """Say why nothing gets a place in the log at a moment, if nothing does."""
    return _closed(connection.execute(_LAST).one(), commitments.sequenced(moment))


def _closed(last: sa.Row[Any], moment: datetime) -> Halted | None:  # Any: columns of several types
    if last.signed is not None and _next(last) < last.signed:
        return LogShortened()
    if last.at is not None and moment < last.at - MOST_BEHIND:
        return ClockBehind()
    if _is_over(last.waiting, last.unsigned_seconds, moment):
        return LogUnsigned()
    if _is_over(last.witnessed, last.unwitnessed_seconds, moment):
        return LogUnwitnessed()
    return None


def _next(last: sa.Row[Any]) -> int:
    return 0 if last.newest is None else int(last.newest) + 1


def _is_over(since: datetime | None, seconds: int | None, moment: datetime) -> bool:
    """Whether a window has closed; one of no seconds stays open."""
    return since is not None and bool(seconds) and moment > since + timedelta(seconds=seconds or 0)


def sequence(
    connection: Connection, waiting: Sequence[Committed], clock: Clock, *, whenever: bool = False
) -> tuple[Placed, ...]:  # fmt: skip
    """Number, date and insert entries with their leaves; return where they stand. Whoever calls holds the lock.

    Raises what is Halted. An entry that answers nobody may be placed ``whenever``: then no window holds it up.
    """
    last = connection.execute(_LAST).one()
    moment = commitments.sequenced(clock())
    refusal = _closed(last, moment)
    if refusal and not (whenever and isinstance(refusal, LogUnsigned | LogUnwitnessed)):
        raise refusal
    first = _next(last)
    at = moment if last.at is None else max(moment, last.at)
    numbered = list(enumerate(waiting, first))
    insert_together(
        connection,
        (entries, [(index, *each.columns) for index, each in numbered]),
        (leaves, [(index, at, each.commitment, VERSION) for index, each in numbered]),
        (subjects, [(profile, index) for index, each in numbered for profile in each.entry.records]),
    )
    return tuple(Placed(index, at, each.commitment) for index, each in numbered)
