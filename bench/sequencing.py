"""How many entries a second get a place, a leaf and a tree, and how long each waits: beside a lock for each request.

    python -m bench.sequencing --seconds 3          both databases, 1 to 512 clients, one process and two

A client is a task that hands in an entry, waits until it is durable, and hands in the next. ``ours`` is the log's own
writer; ``two processes`` are two of them on one database, on two cores beside its server. ``lock and chain`` is what
most write: each request takes the lock, reads the last row's hash, inserts its own row with a hash over both, commits;
the same columns and indexes, the driver itself, nothing of a leaf or a tree.

Afterwards the log is read again: no gap, every entry that was acknowledged stands where it was said to, with the leaf
that was said. The tree over all leaves is then built, and its time is added to that of the writing.
"""

import argparse
import asyncio
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import asyncpg
import orjson
import sqlalchemy as sa
import uvloop

from bench.register import bare
from registry.audit import commitments
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import LOCK, Writer
from registry.audit.models import leaves
from registry.audit.spelling import committed
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.ids import new_id
from registry.tlog import tree
from tests.registers import owned
from tests.servers import APP

CLIENTS, QUICK_CLIENTS = (1, 8, 32, 128, 512), (8, 32)
SECONDS, QUICK_SECONDS = 3.0, 0.5
BAR_RATE, BAR_RATIO = 15_000, 15
WARM_UP = 0.3
HEADS = (("a second", 10), ("with tree", 11), ("p50 ms", 9), ("p99 ms", 9), ("ratio", 8), ("cpu µs", 8))
FIELDS = tuple(f"Some.field{number:02d}" for number in range(16))
DETAILS = {
    "criteria": {"sealed": {"key_id": "DEMO", "wrapped": "D" * 80, "content": "E" * 120}}, "scores": [],
    "matcher": "2026-11-21", "register": 20_000, "rarity": [12, 3],
}  # fmt: skip
WORKER = (sys.executable, "-m", "bench.sequencing")
Submit = Callable[[Entry], Awaitable[tuple[int, bytes]]]


OFFICER, TOKEN = new_id(), str(new_id())


def entry_of(number: int) -> Entry:
    """Return the entry of a search that finds nobody, as the node makes it."""
    return Entry(
        at=now(), kind="query", operation="search", outcome=Outcome.ALLOWED, request_id=f"{TOKEN}-{number}",
        client="ke-demo-console", agency="ke-demo", country="KE", officer=OFFICER, officer_reference="DEMO/1",
        attribution="stated", purpose="criminal_investigation", case_reference=f"DEMO {number}/2026",
        legal_basis="KE-SOA-39-13", policy="0" * 64, token_id=TOKEN, source="127.0.0.1", document="0" * 64,
        fields=FIELDS, events=(Event("profile:searched", (), DETAILS),), microseconds=7100, cost=12,
    )  # fmt: skip


@dataclass(slots=True)
class Ran:
    """What clients saw in one run."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    placed: list[tuple[int, str]] = field(default_factory=list)
    """Index and commitment of each entry that was acknowledged, also while warming up."""
    cpu_seconds: float = 0.0
    """Of the writing processes."""

    @property
    def rate(self) -> float:
        """Entries a second."""
        return len(self.milliseconds) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return a percentile of the waiting, in milliseconds."""
        values = sorted(self.milliseconds)
        return values[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


async def _run(submit: Submit, clients: int, seconds: float) -> Ran:
    ran = Ran(seconds)
    counted_from = perf_counter() + WARM_UP
    until = counted_from + seconds
    spent = 0.0

    async def ask(number: int) -> None:
        while (begun := perf_counter()) < until:
            index, leaf = await submit(entry_of(number))
            ended = perf_counter()
            ran.placed.append((index, leaf.hex()))
            if begun >= counted_from and ended <= until:
                ran.milliseconds.append((ended - begun) * 1000)

    async def count() -> None:
        nonlocal spent
        await asyncio.sleep(WARM_UP)
        spent = process_time()

    await asyncio.gather(count(), *(ask(number) for number in range(clients)))
    ran.cpu_seconds = process_time() - spent
    return ran


# -- how it is written


async def ours(url: str, clients: int, seconds: float) -> Ran:
    """Hand entries to the log's writer."""
    database = open_database(Settings(database_url=url, lock_seconds=20)).keeper
    writer = Writer(database, patience=20)
    writer.start()

    async def submit(entry: Entry) -> tuple[int, bytes]:
        placed = await writer.submit(entry)
        return placed.index, placed.commitment

    ran = await _run(submit, clients, seconds)
    await writer.stop()
    await database.close()
    return ran


_COLUMNS = (
    "at", "kind", "operation", "outcome", "code", "request_id", "client", "agency", "officer", "officer_reference",
    "purpose", "case_reference", "legal_basis", "token_id", "source", "document", "body", "salt", "v", "country",
    "on_behalf_of", "attribution", "justification", "policy", "program",
)  # fmt: skip
_NAMES = ", ".join(("hash", '"index"', *_COLUMNS))
_LAST = 'SELECT hash, "index" FROM chained ORDER BY "index" DESC LIMIT 1'


def _row(entry: Entry) -> tuple[list[Any], bytes]:
    body = orjson.dumps({"fields": entry.fields, "microseconds": entry.microseconds, "cost": entry.cost, "events": [
        {"name": each.name, "records": each.records, "details": each.details} for each in entry.events
    ]})  # fmt: skip
    said = {name: getattr(entry, name, None) for name in _COLUMNS}
    said |= {"outcome": entry.outcome.value, "body": body.decode(), "v": 1}
    values = list(said.values())
    return values, orjson.dumps([str(each) for each in values])


async def chained(url: str, clients: int, seconds: float) -> Ran:
    """Take the lock, read the last hash, insert, commit: for each request by itself."""
    pool = await asyncpg.create_pool(url, min_size=min(clients, 64), max_size=min(clients, 64))
    places = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 3))
    insert = f"INSERT INTO chained ({_NAMES}) VALUES ({places})"  # noqa: S608  our names

    async def submit(entry: Entry) -> tuple[int, bytes]:
        values, told = _row(entry)
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            last = await connection.fetchrow(_LAST)
            before, index = (last[0], last[1] + 1) if last else (bytes(32), 0)
            link = sha256(before + told).digest()
            await connection.execute(insert, link, index, *values)
        return index, link

    ran = await _run(submit, clients, seconds)
    await pool.close()
    return ran


async def chained_in_file(url: str, clients: int, seconds: float) -> Ran:
    """Do the same on SQLite: one writer, one transaction for each request."""
    threads = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()
    insert = f"INSERT INTO chained ({_NAMES}) VALUES ({', '.join('?' * (len(_COLUMNS) + 2))})"  # noqa: S608  our names

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    connection = await loop.run_in_executor(threads, opened)

    def write(values: list[Any], told: bytes) -> tuple[int, bytes]:
        connection.execute("BEGIN IMMEDIATE")
        last = connection.execute(_LAST).fetchone()
        before, index = (last[0], last[1] + 1) if last else (bytes(32), 0)
        link = sha256(before + told).digest()
        connection.execute(insert, (link, index, *values))
        connection.execute("COMMIT")
        return index, link

    async def submit(entry: Entry) -> tuple[int, bytes]:
        values, told = _row(entry)
        values[0], values[8] = int(entry.at.timestamp() * 1e6), entry.officer.bytes if entry.officer else None
        return await loop.run_in_executor(threads, write, values, told)

    ran = await _run(submit, clients, seconds)
    await loop.run_in_executor(threads, connection.close)
    threads.shutdown()
    return ran


def in_processes(url: str, processes: int, clients: int, seconds: float) -> Ran:
    """Run ``ours`` in processes of their own, all at once."""
    share = [clients // processes + (place < clients % processes) for place in range(processes)]
    with tempfile.TemporaryDirectory(prefix="registry-sequencing-") as passing:
        files = [Path(passing) / str(place) for place in range(processes)]
        started = [
            subprocess.Popen(
                [*WORKER, "--work", url, "--clients", str(each), "--seconds", str(seconds), "--out", str(file)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )
            for each, file in zip(share, files, strict=True)
        ]  # fmt: skip
        for each in started:
            assert each.stdout is not None
            each.stdout.readline()  # ready
        for each in started:
            assert each.stdin is not None
            each.stdin.write(b"\n")
            each.stdin.flush()
        for each in started:
            each.communicate()
        told = [orjson.loads(file.read_bytes()) for file in files]
    ran = Ran(seconds)
    for each in told:
        ran.milliseconds += each["milliseconds"]
        ran.placed += [(index, leaf) for index, leaf in each["placed"]]
        ran.cpu_seconds += each["cpu_seconds"]
    return ran


def work(url: str, clients: int, seconds: float, out: Path) -> None:
    """Be one of these processes; what it saw goes to a file."""
    committed(entry_of(0))  # imports are done
    print("ready", flush=True)
    sys.stdin.readline()
    ran = uvloop.run(ours(url, clients, seconds))  # as the node runs
    out.write_bytes(orjson.dumps(ran))


# -- what stands there afterwards


@dataclass(frozen=True, slots=True)
class Checked:
    """What was read again."""

    entries: int
    gaps: int
    lost: int
    """Entries that were acknowledged, and do not stand where and as it was said."""
    root: bytes
    tree_microseconds: float
    """For each entry: its leaf hashed and put into the tree."""


async def checked(url: str, acknowledged: Sequence[tuple[int, str]]) -> Checked:
    """Read the log again, and build its tree."""
    database = open_database(Settings(database_url=url, statement_seconds=60)).keeper
    chosen = sa.select(leaves).order_by(leaves.c["index"])
    rows = await database.read(lambda connection: connection.execute(chosen).all())
    await database.close()
    held = {row[0]: row for row in rows}
    begun = perf_counter()
    log = tree.Tree(tree.leaf_hash(commitments.leaf(row.at, row.commitment, row.v)) for row in rows)
    grown = perf_counter() - begun
    return Checked(
        len(rows), sum(row[0] != place for place, row in enumerate(rows)),
        sum(index not in held or held[index].commitment.hex() != leaf for index, leaf in acknowledged),
        log.root, grown / max(len(rows), 1) * 1e6,
    )  # fmt: skip


# -- the table


async def _prepare(url: str) -> None:
    database = open_database(Settings(database_url=owned(url)))

    def make(connection: sa.Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("CREATE TABLE chained (LIKE log_entries INCLUDING INDEXES, hash bytea NOT NULL)")
            connection.exec_driver_sql(f"GRANT SELECT, INSERT ON chained TO {APP}")
        else:
            kinds = {"at": "INTEGER", "v": "INTEGER", "officer": "BLOB", "salt": "BLOB"}
            rows = ", ".join(f"{name} {kinds.get(name, 'TEXT')}" for name in _COLUMNS)
            connection.exec_driver_sql(
                f'CREATE TABLE chained (hash BLOB NOT NULL, "index" INTEGER PRIMARY KEY, {rows}) STRICT'
            )
            for name in ("officer", "agency", "case_reference", "purpose"):
                connection.exec_driver_sql(f'CREATE INDEX chained_{name} ON chained ({name}, "index")')

    await database.write(make)
    await database.close()


def on(dialect: str, clients: Sequence[int], seconds: float) -> Iterator[str]:
    """Yield the lines of one database."""
    with tempfile.TemporaryDirectory(prefix="registry-sequencing-") as passing:
        Path(passing).chmod(0o755)  # PostgreSQL may run as another account, which has to pass
        with bare(dialect, Path(passing)) as url:
            asyncio.run(_prepare(url))
            yield from _measured(dialect, url, clients, seconds)


def _measured(dialect: str, url: str, clients: Sequence[int], seconds: float) -> Iterator[str]:
    acknowledged: list[tuple[int, str]] = []
    rows: list[tuple[int, str, Ran]] = []
    chain = chained if dialect == "postgresql" else chained_in_file
    for many in clients:
        rows.append((many, "lock and chain", uvloop.run(chain(url, many, seconds))))
        for processes in (1, 2):
            if processes > many:
                continue
            ran = in_processes(url, processes, many, seconds)
            rows.append((many, f"ours, {processes} process{'es' * (processes > 1)}", ran))
            acknowledged += ran.placed
    found = asyncio.run(checked(url, acknowledged))
    yield f"{dialect}: the entry of a search that finds nobody"
    heads = "".join(f"{word:>{width}}" for word, width in HEADS)
    yield f"  {'clients':>8}  {'':18}{heads}"
    for many, what, ran in rows:
        base = next(each.rate for clients, name, each in rows if (clients, name) == (many, "lock and chain"))
        treed = ran.rate if what == "lock and chain" else _treed(ran.rate, found)
        yield (
            f"  {many:>8}  {what:18}{ran.rate:10,.0f}{treed:11,.0f}{ran.percentile(0.5):9.2f}"
            f"{ran.percentile(0.99):9.2f}{treed / base if base else 0:8.1f}"
            f"{ran.cpu_seconds / max(len(ran.milliseconds), 1) * 1e6:8.0f}"
        )
    yield (
        f"  read again: {found.entries:,} entries, {found.gaps} gaps, {found.lost} of {len(acknowledged):,} "
        f"acknowledged lost; tree {found.tree_microseconds:.1f} µs an entry, root {found.root.hex()[:16]}…"
    )
    if dialect == "postgresql":
        yield _verdict(rows, found)


def _verdict(rows: Sequence[tuple[int, str, Ran]], found: Checked) -> str:
    """Say whether both bars are held in one row: beside the lock for each request with as many clients."""
    locked = {clients: ran.rate for clients, what, ran in rows if what == "lock and chain"}
    told = [
        (rate, rate / locked[clients] if locked[clients] else 0.0, f"{what}, {clients} clients")
        for clients, what, ran in rows if what != "lock and chain"
        for rate in [_treed(ran.rate, found)]
    ]  # fmt: skip
    rate, ratio, where = max(told, key=lambda each: min(each[0] / BAR_RATE, each[1] / BAR_RATIO))
    held = rate >= BAR_RATE and ratio >= BAR_RATIO and not found.lost and not found.gaps
    return (
        f"  {BAR_RATE:,} a second and {BAR_RATIO} times the lock for each request: {'' if held else 'NOT '}held "
        f"({rate:,.0f} and {ratio:.1f}, {where})"
    )


def _treed(rate: float, found: Checked) -> float:
    """Return the rate with the tree built by the same hand, one entry after the other."""
    return 1 / (1 / rate + found.tree_microseconds / 1e6) if rate else 0.0


def measured(*, quick: bool, databases: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a whole run."""
    for dialect in databases:
        yield from on(dialect, QUICK_CLIENTS if quick else CLIENTS, QUICK_SECONDS if quick else SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.sequencing", description=__doc__)
    parser.add_argument("--clients", nargs="+", type=int, default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--databases", nargs="+", default=["postgresql", "sqlite"])
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work, options.clients[0], options.seconds, options.out)
        return
    for dialect in options.databases:
        for line in on(dialect, options.clients, options.seconds):
            print(line, flush=True)


if __name__ == "__main__":
    main()
