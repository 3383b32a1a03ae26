"""Strangers: who asks without proving anything is entered one by one at first, and from then on by their number.

    strangers.admits("203.0.113.9", "TOKEN_INVALID")     whether this refusal has an entry of its own
    strangers.count("203.0.113.9", "TOO_MANY_REFUSALS")  it has not: it was turned away at the door
    await strangers.tell(writer)                         one entry for each source: how many, of which kinds, since when

So nobody fills the log by asking, and nobody knocks without leaving a trace (audit.md, 3.2). Of a minute so many
refusals of one source have their own entry, and so many of all sources together. The others are counted, by source for
the first ``SOURCES``, and those of all further ones together. Numbers are told each minute, and when the process stops;
one that is killed takes the last minute's numbers with it, and no answer that showed anything.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import Writer
from registry.core.clock import Clock
from registry.core.errors import Unavailable
from registry.core.ids import new_id

SOURCES = 50
"""Told one by one."""
MINUTE = timedelta(minutes=1)
OTHERS = "others"
"""The source of a row that stands for many."""
CODE = "TOO_MANY_REFUSALS"
EVENT = "request:flooded"


@dataclass(slots=True)
class Row:
    """How often somebody has come, between two moments."""

    since: datetime
    until: datetime
    codes: Counter[str] = field(default_factory=Counter)


class Strangers:
    """The refusals of one process that have no entry of their own yet."""

    def __init__(self, clock: Clock, *, each: int, in_all: int) -> None:
        self._clock = clock
        self._each = each
        self._in_all = in_all
        self._minute: datetime | None = None
        self._entered: Counter[str] = Counter()
        self._all = 0
        self._rows: dict[str, Row] = {}

    def admits(self, source: str | None, code: str) -> bool:
        """Say whether a refusal has an entry of its own; one that has none is counted."""
        at = self._clock()
        if self._minute is None or not self._minute <= at < self._minute + MINUTE:
            self._minute = at
            self._entered.clear()
            self._all = 0
        name = source or ""
        if self._entered[name] < self._each and self._all < self._in_all:
            self._entered[name] += 1
            self._all += 1
            return True
        self._count(source, code, at)
        return False

    def count(self, source: str | None, code: str) -> None:
        """Count a refusal that nobody looked at any further."""
        self._count(source, code, self._clock())

    def _count(self, source: str | None, code: str, at: datetime) -> None:
        self._add(source or "", Row(at, at, Counter((code,))))

    def _add(self, source: str, told: Row) -> None:
        named = source if source in self._rows or len(self._rows) < SOURCES else OTHERS
        row = self._rows.setdefault(named, Row(told.since, told.until))
        row.since, row.until = min(row.since, told.since), max(row.until, told.until)
        row.codes.update(told.codes)

    async def tell(self, writer: Writer) -> None:
        """Enter the numbers. What the log can't take is told the next time."""
        rows, self._rows = self._rows, {}
        for source, row in rows.items():
            try:
                await writer.submit(_entry(source, row))
            except Unavailable:
                self._add(source, row)

    async def keep_on(self, writer: Writer, pause: float = MINUTE.total_seconds()) -> None:
        """Tell each minute, and once more at the end."""
        with suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(pause)
                await self.tell(writer)
        await self.tell(writer)


def _entry(source: str, row: Row) -> Entry:
    details = {
        "count": row.codes.total(), "codes": dict(sorted(row.codes.items())), "source": source,
        "from": row.since.isoformat(), "to": row.until.isoformat(),
    }  # fmt: skip
    return Entry(
        row.until, "request", "flood", Outcome.DENIED, str(new_id()), code=CODE,
        source=None if source in ("", OTHERS) else source, events=(Event(EVENT, details=details),),
    )  # fmt: skip
