"""A run of the rules: from the last tree that was looked at to a newer one that the notary has signed.

    1  prove     the new entries hash to their leaves, and the leaves, behind those of the last run, to the signed root
    2  read      them, and those before them as far as the window goes, as accesses; persons as digests
    3  weigh     the rules, what explains, the budget
    4  keep      findings, the run and its entry in one transaction, unless somebody else was faster

So no entry is passed over: whoever left one out could not come to the root. What a run has seen is never seen as new
again, so a run that dies is begun again, and the same tree twice makes no second finding. The window behind the last
run was proved by the runs before; that it is still what was signed the notary looks after.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from registry.core import engines
from registry.core.db import Database
from registry.core.errors import Conflict, ProofFailed
from registry.misuse import queries, reading
from registry.misuse.access import Access, Subject
from registry.misuse.facts import Facts
from registry.misuse.names import Digest
from registry.misuse.queries import Head, Run
from registry.misuse.reading import Person
from registry.misuse.seen import Seen
from registry.misuse.thresholds import Thresholds
from registry.misuse.weighing import Scored, Weighed, weigh
from registry.notary import bodies, judging, queries as log
from registry.notary.erasures import Accounted
from registry.notary.leaves import Row
from registry.tlog.tiles import Edge
from registry.tlog.tree import leaf_hash

BATCH = 2_000
"""Rows that are read at once."""
_SUBJECTS = 500
MONTH = timedelta(days=30)
Advance = Callable[[int, int], None]
"""Told how many entries have been read, and of how many."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a run has found, not kept yet."""

    before: Run
    head: Head
    edge: Edge
    weighed: Weighed
    looked_back_to: int
    """The first entry of the window."""

    def to_json(self) -> dict[str, object]:
        """Return it for the log: from where to where, by which root, and what became of the hits."""
        told = self.weighed
        return {
            "first": self.before.size, "size": self.head.size, "root": self.head.root.hex(),
            "window": self.looked_back_to, "accesses": told.accesses, "findings": len(told.findings),
            "paid": told.paid, "sampled": told.sampled,
            "month": {"accesses": told.recent + told.accesses, "paid": told.spent + told.paid},
            "explained_per_mille": round(told.explained_share * 1000), "idle": list(told.idle),
            "left": sum(each.left for each in told.counts.values()),
            "counts": {rule: each.to_json() for rule, each in told.counts.items() if each.hits},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looking:
    """How one register is looked at."""

    database: Database
    digest: Digest
    home: str
    """The register's country."""
    thresholds: Thresholds

    async def next(
        self, at: datetime, *, since: datetime | None = None, advance: Advance = lambda _done, _of: None
    ) -> Look | None:
        """Look at what was signed since the last run; None where nothing was. Raises ProofFailed (MISUSE_UNPROVED).

        ``since`` has entries from before count as new, for somebody who tries thresholds: such a look can't be kept.
        """
        read, thresholds = self.database.read, self.thresholds
        before = await read(queries.last_run)
        head = await read(partial(queries.next_head, size=before.size, most=thresholds.run_entries))
        if head is None and since is None:
            return None
        if head is None:
            head = Head(before.size, before.edge.root)
        first = await self._window(before.size, at)
        officers = await read(queries.people)
        edge, accesses = before.edge, list[Access]()
        for place in range(first, head.size, BATCH):
            rows = await read(partial(log.rows, first=place, most=min(BATCH, head.size - place)))
            erased = await bodies.accounted(self.database, rows)
            edge = await asyncio.to_thread(_extended, edge, rows, at, erased)
            accesses += await asyncio.to_thread(_accesses, rows, officers, self.home)
            advance(min(place + BATCH, head.size) - first, head.size - first)
        if edge.size != head.size or edge.root != head.root:
            raise ProofFailed(f"The entries before {head.size} do not hash to the root that was signed.",
                              code="MISUSE_UNPROVED", remedy="registry audit verify names the entry.")  # fmt: skip
        seen = await self._seen(accesses, head, before.size)
        if since is not None:
            earliest = await read(partial(queries.first_since, moment=since))
            seen = replace(seen, first_new=before.size if earliest is None else earliest)
        recent, spent = await read(partial(queries.spent_since, moment=at - MONTH))
        every = await asyncio.to_thread(weigh, seen, thresholds)
        known = await read(partial(queries.known_keys, chosen={each.hit.key for each in every.ranked}))
        weighed = await asyncio.to_thread(
            weigh, seen, thresholds, recent=recent, spent=spent, known=frozenset() if since else known
        )
        return Look(before, head, edge, weighed, first)

    async def _window(self, size: int, at: datetime) -> int:
        """Return the first entry that the rules look back to."""
        moment = at - timedelta(days=self.thresholds.window_days)
        first = await self.database.read(partial(queries.first_since, moment=moment))
        return min(size, max(0 if first is None else first, size - self.thresholds.window_entries))

    async def _seen(self, accesses: list[Access], head: Head, first_new: int) -> Seen:
        oldest = [min(each.at for each in accesses)] if accesses else []
        facts = [
            each for moment in oldest for each in await self.database.read(partial(queries.facts_since, moment=moment))
        ]
        decoys = await self.database.read(queries.known_decoys)
        wanted = list(dict.fromkeys(subject for each in accesses for subject in each.subjects))
        known: dict[UUID, Subject] = {}
        for place in range(0, len(wanted), _SUBJECTS):
            some = wanted[place : place + _SUBJECTS]
            known |= await self.database.read(partial(queries.subjects, chosen=some, digest=self.digest))
        return Seen(accesses, known, Facts(facts), first_new, decoys, head.root)


def _extended(edge: Edge, rows: list[Row], at: datetime, erased: Accounted) -> Edge:
    """Return the tree with the leaves of new rows behind it; rows of the window are passed over."""
    new = [each for each in rows if each.index >= edge.size]
    texts = judging.continued(new, edge.size, None, at, erased)
    return edge.extended([leaf_hash(each) for each in texts])[0] if texts else edge


def _accesses(rows: Iterable[Row], officers: dict[UUID, Person], home: str) -> list[Access]:
    return [reading.access(each.entry, officers, home) for each in rows if each.entry and each.entry.get("body")]


def keep(connection: Connection, look: Look, thresholds: Thresholds, at: datetime) -> list[UUID]:
    """Keep what a run has found; return the findings' ids. Raises Conflict (MISUSE_OVERTAKEN) if another was faster."""
    engines.lock(connection, queries.LOCK)
    if queries.last_run(connection).size != look.before.size or look.head.size == look.before.size:
        raise Conflict("Another run has looked at these entries meanwhile.", code="MISUSE_OVERTAKEN",
                       remedy="Run it again.")  # fmt: skip

    def due(each: Scored) -> datetime | None:
        return at + timedelta(hours=thresholds.glass_hours) if each.hit.rule == "break_glass" else None

    return queries.add_run(connection, look.before.size, look.head.root, look.edge, look.weighed, at, due)
