"""An auditor's pages of a large log: how long each filter takes, what it finds, and by which indexes.

    python -m bench.auditing --entries 10000000 --keep DIR      both databases; DIR holds the logs for the next run
    python -m bench.auditing --entries 1000000 --indexes        and what each index costs whoever writes

The log is drawn: officers, agencies, cases and profiles as unevenly used as people use them, three years of them, with
bodies as large as a search's. A fill that was broken off goes on where it stopped. What is measured is the use case:
the page read, opened or masked, and what its own entry says; without HTTP. A page goes on behind the last as an
auditor's would, and a plan that reads a whole table shows.
"""

import argparse
import asyncio
import math
import random
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from bench.drawn_log import AGENCIES, BEGUN, CHUNK, OFFICERS, Drawn, drawn, filled, rows, uneven
from bench.register import CLUSTER, DIALECTS
from registry.audit.models import entries
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import insert_together, open_database
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from registry.oversight import filters
from registry.oversight.operations import read_log
from tests.factories import EDITION, actor, work
from tests.registers import migrated, new_register
from tests.servers import APP, SUPERUSER, PostgresServer, postgres_server

ENTRIES, TIMES = FULL = (10_000_000, 60)
"""Of the log, and pages of each kind of filter: some 20 GB, filled in half an hour."""
QUICK = (2_000, 2)
BAR_MS = 200.0
ROUNDS = 5


# --- what is asked


class Question(NamedTuple):
    """One kind of filter, and how one is drawn."""

    name: str
    draw: Callable[[random.Random, Drawn, int], str]
    reason: str | None = None


def _day(pick: random.Random) -> str:
    return f"{BEGUN + timedelta(days=pick.randrange(3 * 365 - 31)):%Y-%m-%d}"


def _month(pick: random.Random) -> str:
    day = BEGUN + timedelta(days=pick.randrange(3 * 365 - 31))
    return f"since:{day:%Y-%m-%d} until:{day + timedelta(days=30):%Y-%m-%d}"


def _officer(pick: random.Random, found: Drawn) -> str:
    return f"officer:{public_id('officer', found.officers[uneven(pick, len(found.officers))])}"


def _profile(pick: random.Random, found: Drawn) -> str:
    return f"profile:{public_id('profile', found.profiles[uneven(pick, len(found.profiles))])}"


WHY = "DEMO complaint of a subject"
QUESTIONS = (
    Question("everything", lambda *_: ""),
    Question("a month, newest first", lambda pick, *_: _month(pick)),
    Question("officer", lambda pick, found, _: _officer(pick, found)),
    Question("officer in a month", lambda pick, found, _: f"{_officer(pick, found)} {_month(pick)}"),
    Question("officer, refused", lambda pick, found, _: f"{_officer(pick, found)} outcome:denied"),
    Question("officer who never asked", lambda *_: f"officer:{public_id('officer', UUID(int=1))}"),
    Question("agency", lambda pick, *_: f"agency:demo-{pick.randrange(AGENCIES)}"),
    Question("agency and purpose", lambda pick, *_: f"agency:demo-{pick.randrange(AGENCIES)} purpose:oversight"),
    Question("case", lambda pick, _, most: f'case:"CR {uneven(pick, most // 8 + 1)}/2026"'),
    Question("profile", lambda pick, found, _: _profile(pick, found), WHY),
    Question("profile, refused", lambda pick, found, _: f"{_profile(pick, found)} -outcome:allowed", WHY),
    Question("purpose", lambda *_: "purpose:missing_child"),
    Question("purpose, rare", lambda pick, *_: f"purpose:oversight {_month(pick)}"),
    Question("outcome", lambda *_: "outcome:denied,failed"),
    Question("outcome and code", lambda pick, *_: f"outcome:denied code:RATE_LIMITED {_month(pick)}"),
    Question("action", lambda *_: "action:search"),
    Question("action, rare", lambda pick, *_: f"action:export {_month(pick)}"),
    Question("client", lambda pick, *_: f"client:demo-desk-{pick.randrange(80)}"),
    Question("source nobody has", lambda *_: "source:198.51.100.1"),
    Question("a word", lambda pick, *_: f"DEMO-{pick.randrange(OFFICERS)}"),
    Question("a word nobody said", lambda pick, *_: f"nowhere {_month(pick)}"),
    Question("a word, in what is sealed", lambda pick, *_: f"nowhere {_month(pick)}", WHY),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What one kind of filter took."""

    name: str
    ms: tuple[float, ...]
    shown: float
    """Entries of a page, on the average."""
    empty: float
    """Share of pages that showed none and were not the last."""
    plans: tuple[str, ...]

    @property
    def p95(self) -> float:
        """The ninety-fifth of a hundred."""
        return percentile(self.ms)

    def __str__(self) -> str:
        verdict = "" if self.p95 <= BAR_MS else "  BEYOND"
        return (f"  {self.name:28}{median(self.ms):8.1f}{self.p95:8.1f}{max(self.ms):8.1f}{self.shown:7.1f}"
                f"{self.empty:7.0%}  {', '.join(self.plans)}{verdict}")  # fmt: skip


def percentile(took: Sequence[float], share: float = 0.95) -> float:
    """Return the least time that so many of them did not go beyond."""
    return sorted(took)[math.ceil(len(took) * share) - 1]


async def asked(database: Database, question: Question, most: int, times: int) -> Line:
    """Ask one kind of filter so many times; half of the pages go on behind another."""
    pick, found = random.Random(question.name), drawn(most)
    texts = [question.draw(pick, found, most) for _ in range(times)]
    took, shown, empty, plans = [], 0, 0, frozenset[str]()
    before: int | None = None
    for text in texts:
        chosen = filters.read(text, EDITION)

        def page(connection: Connection, chosen: Any = chosen, before: Any = before) -> tuple[float, int, int | None]:
            reading = work(connection, actor(role=Role.AUDITOR))
            begun = time.perf_counter()
            read = read_log(reading, chosen, before=before, limit=20, reason=question.reason)
            return (time.perf_counter() - begun) * 1000, len(read.entries), read.looked_until

        ms, count, until = await database.read(page)
        took.append(ms)
        shown += count
        empty += until is not None and not count
        before = until if before is None else None
    last = filters.read(texts[-1], EDITION)
    plans = await database.read(lambda connection: explained(connection, lambda: read_log(
        work(connection, actor(role=Role.AUDITOR)), last, limit=20, reason=question.reason)))  # fmt: skip
    return Line(question.name, tuple(took), shown / times, empty / times, tuple(sorted(plans)))


def explained(connection: Connection, use: Callable[[], object]) -> frozenset[str]:
    """Return the indexes by which the statements of a use case find their rows; a whole table shows as one."""
    told: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        told.append((statement, parameters))

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        use()
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    found = set()
    is_sqlite = connection.dialect.name == "sqlite"
    for statement, parameters in told:
        how = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        for row in connection.exec_driver_sql(how + statement, parameters):
            found |= _named(str(row[-1]))
    return frozenset(found)


def _named(line: str) -> set[str]:
    words = line.replace("(", " ").split()
    if "Seq" in words:
        return {f"ALL of {words[words.index('on') + 1]}"}
    if words[:1] == ["SCAN"] and words[1].startswith("log_") and "USING" not in words:
        return {f"ALL of {words[1]}"}
    if "PRIMARY" in words:  # SQLite's words
        return {_short(f"{words[1]}_pkey")}
    for sign in ("using", "INDEX"):
        if sign in words and ("log_" in line or "entries_" in line):
            return {_short(words[words.index(sign) + 1])}
    return set()


def _short(index: str) -> str:
    """Return what an index leads by, whichever partition's it is."""
    plain = re.sub(r"^(log_entries|entries_\w+?)_(?=[a-z]+(_reference)?_index_idx|pkey)", "", index).removesuffix(
        "_idx"
    )
    return {"pkey": "place", "log_leaves_pkey": "time", "log_subjects_pkey": "profile"}.get(plain, plain)


async def measured(database: Database, most: int, times: int) -> AsyncIterator[str]:
    """Yield the lines of a run."""
    yield f"  {'page of 20, by':28}{'p50 ms':>8}{'p95 ms':>8}{'most':>8}{'shown':>7}{'empty':>7}  by"
    lines = []
    for question in QUESTIONS:
        lines.append(await asked(database, question, most, times))
        yield str(lines[-1])
    every = [ms for line in lines for ms in line.ms]
    worst = max(lines, key=lambda line: line.p95)
    verdict = "held" if worst.p95 <= BAR_MS else "NOT held"
    yield (f"  p95 of all pages {percentile(every):.1f} ms; of the slowest filter ({worst.name}) "
           f"{worst.p95:.1f} ms; at most {BAR_MS:.0f} ms: {verdict}")  # fmt: skip


# --- what an index costs


def costs(connection: Connection, most: int = 5_120, size: int = 256) -> Iterator[str]:
    """Yield how long an entry takes to insert without an index of auditors, and with each alone, and with all."""
    found = drawn(CHUNK)
    names = [str(index.name) for index in sorted(entries.indexes, key=lambda each: str(each.name))]
    again = {str(index.name): sa.schema.CreateIndex(index) for index in entries.indexes}
    for name in names:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    first = 0
    sets = [[], *([name] for name in names), names]
    took: list[list[float]] = [[] for _ in sets]
    for place in [*range(len(sets))] * ROUNDS:  # by turns: whatever else the machine does meets them alike
        for name in sets[place]:
            connection.execute(again[name])
        for _ in range(most // size):
            said, *_ = rows(found, first, size, ENTRIES)
            begun = time.perf_counter()
            insert_together(connection, (entries, said))
            took[place].append((time.perf_counter() - begun) / size * 1e6)
            first += size
        for name in sets[place]:
            connection.exec_driver_sql(f"DROP INDEX {name}")
    least = [percentile(times, 0.2) for times in took]  # the rest waited for whatever else ran
    for chosen, each in zip(sets, least, strict=True):
        words = "none" if not chosen else "all" if chosen == names else _short(chosen[0])
        yield f"  {words:28}{each:8.1f} µs an entry{each - least[0]:+8.1f}"


# --- running


@asynccontextmanager
async def log_of(dialect: str, most: int, home: Path) -> AsyncIterator[tuple[Database, PostgresServer | None]]:
    """Open a log of so many entries, filled first where it is not."""
    folder = home / f"log-{dialect}-{most}"
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as leaving:
        server = None
        if dialect == "sqlite":
            url = f"sqlite:///{folder}/register.db"
            await migrated(url)
        else:
            server = leaving.enter_context(
                postgres_server(directory=folder / "cluster", **CLUSTER | {"max_wal_size": "1GB"})
            )
            made = folder / "made"
            url = server.url("log", APP).replace("+asyncpg", "") if made.exists() else await new_register(server, "log")
            made.touch()
        database = open_database(Settings(database_url=url, statement_seconds=60)).keeper
        try:
            print(f"== {dialect}", file=sys.stderr, flush=True)
            took = await filled(database, most)
            if took > 1:
                print(f"  filled in {took:,.0f} s", file=sys.stderr, flush=True)
            if server is not None:
                await _as_superuser(server, _settle)
            yield database, server
        finally:
            await database.close()


def _settle(connection: Connection) -> None:
    """Do what autovacuum does by and by."""
    for table in ("log_entries", "log_leaves", "log_subjects"):
        connection.exec_driver_sql(f"VACUUM (ANALYZE) {table}")


async def _as_superuser(server: PostgresServer, use: Callable[[Connection], Any], name: str = "log") -> Any:
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415  PostgreSQL alone needs it

    engine = create_async_engine(server.url(name, SUPERUSER), isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(use)
    finally:
        await engine.dispose()


def lines(
    databases: Sequence[str], most: int, times: int, keep: Path | None = None, *, indexes: bool = False
) -> Iterator[str]:
    """Yield the lines of each database: its pages, and what its indexes cost."""
    for dialect in databases:
        with ExitStack() as leaving:
            home = keep or _passing(leaving)
            home.mkdir(parents=True, exist_ok=True)
            home.chmod(0o755)
            yield f"{dialect}, {most:,} entries"
            yield from asyncio.run(_pages(dialect, most, times, home.resolve()))
            if indexes:
                yield f"{dialect}, what an index costs: batches of 256, without commit"
                yield from asyncio.run(_indexes(dialect, _passing(leaving)))


def _passing(leaving: ExitStack) -> Path:
    passing = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="registry-auditing-")))
    passing.chmod(0o755)  # PostgreSQL may run as another account, which has to pass
    return passing


async def _pages(dialect: str, most: int, times: int, home: Path) -> list[str]:
    async with log_of(dialect, most, home) as (database, _):
        return [line async for line in measured(database, most, times)]


async def _indexes(dialect: str, home: Path) -> list[str]:
    async with log_of(dialect, 0, home) as (database, server):
        told: list[str] = await (_as_superuser(server, _costs) if server else database.write(_costs))
        return told


def _costs(connection: Connection) -> list[str]:
    return list(costs(connection))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.auditing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--times", type=int, default=TIMES, help="pages of each kind of filter")
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--keep", type=Path, help="keep the logs here, and find them here again")
    parser.add_argument("--indexes", action="store_true", help="measure what each index costs as well")
    given = parser.parse_args()
    for line in lines(given.databases, given.entries, given.times, given.keep, indexes=given.indexes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
