"""The log's writer killed with -9 hundreds of times, while its database fails as well; no answer may lack its entry.

    python -m bench.lives --times 1000          on SQLite and on PostgreSQL; exits with 1 where anything is lost

A life is a process with the real writer on a real database. Ten tasks ask without end, seven as reads and three in
transactions of their own; what comes back durable is told through a pipe at once, with its receipt: that is the
answer that a client got. Meanwhile something fails, and then the process gets SIGKILL at a random moment:

    kill        nothing else fails
    cut         the connection to PostgreSQL ends after a random byte, three times
    ended       PostgreSQL ends the sessions of the node, or what they are doing
    stopped     PostgreSQL itself is killed, and started again
    full        no file can grow beyond a random byte, so writes of SQLite fail in the middle

At the end the notary signs the log, hashing every entry again, and each receipt that was told is looked up in what it
published. ``bench.kill`` does the same to whole servers, a second each; a life here takes some hundredths.
"""

import argparse
import asyncio
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import Writer, append
from registry.audit.promises import Promises
from registry.audit.receipts import PATIENCE
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import RegistryError
from registry.core.ids import new_id
from registry.core.telemetry import configure_logging
from registry.notary import checking, promised, queries
from registry.notary.running import Rounds
from registry.notary.signing import Notary
from registry.notary.store import Store
from registry.tlog.keys import ed25519
from tests.registers import migrated, new_register
from tests.servers import APP, NOTARY, SUPERUSER, PostgresServer, postgres_server

ORIGIN = "registry.example/log"
READERS, CHANGERS = 7, 3
FAULTS = {"sqlite": ("kill", "full"), "postgresql": ("kill", "cut", "ended", "kill", "cut", "ended", "stopped")}
MOST_STOPS = 10
"""Of PostgreSQL, for each takes seconds."""
LONGEST = 3.0
"""Seconds of a life that comes to nothing."""


@dataclass(slots=True)
class Kept:
    """What clients were told, over all lives."""

    receipts: list[str] = field(default_factory=list)
    lives: Counter[str] = field(default_factory=Counter)
    fruitless: int = 0
    refused: int = 0
    """Attempts that were answered with 503: nothing."""
    entries: int = 0
    problems: list[str] = field(default_factory=list)


# -- a life


def live(url: str, fault: str, seed: int, told: int) -> None:
    """Answer until killed; each answer is a line with its receipt."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123  what fails is meant to
    configure_logging("critical")
    asyncio.run(_live(url, fault, random.Random(seed), told))


async def _live(url: str, fault: str, dice: random.Random, told: int) -> None:
    if fault == "cut":
        url = await _behind_scissors(url, dice)
    if fault == "full":
        _no_longer_than(Path(url.removeprefix("sqlite:///")), dice)
    database = open_database(Settings(database_url=url, log_seconds=1.0)).keeper
    promises, writer = Promises(ORIGIN, now), Writer(database, patience=1.0)
    await promises.keep(database)
    writer.start()
    keeping = promises.keep_on(database, 0.01)
    async with asyncio.TaskGroup() as group:
        group.create_task(keeping)
        for place in range(READERS + CHANGERS):
            group.create_task(_ask(database if place >= READERS else None, writer, promises, told))
        if fault == "ended":
            group.create_task(_ended(url, dice))


async def _ask(database: Database | None, writer: Writer, promises: Promises, told: int) -> None:
    """Ask again and again: as a read, or with a database in a transaction of one's own."""
    while True:
        entry = Entry(now(), "query", "search", Outcome.ALLOWED, str(new_id()), events=(Event("profile:searched"),))
        try:
            if database is None:
                placed = await writer.submit(entry)
            else:
                (placed,) = await database.write(lambda connection, one=entry: append(connection, [one]))  # type: ignore[misc]  # mypy infers no lambda with defaults
        except Exception as refusal:  # noqa: BLE001  whatever it is, nothing is answered
            os.write(told, b"503\n")
            await asyncio.sleep(0.001 if isinstance(refusal, RegistryError) else 0.005)
            continue
        if promises.is_told:
            os.write(told, promises.receipt(placed).encode() + b"\n")


def _no_longer_than(path: Path, dice: random.Random) -> None:
    """Let writes fail once a file would be longer than a random byte behind where the log's ends now."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    sizes = [each.stat().st_size for each in (path, path.with_name(path.name + "-wal")) if each.exists()]
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(sizes) + dice.randrange(1, 60_000), resource.RLIM_INFINITY))


async def _ended(url: str, dice: random.Random) -> None:
    """End the sessions of the node, or their statements, at random moments."""
    powerful = await asyncpg.connect(url.replace(f"{APP}@", f"{SUPERUSER}@"))
    while True:
        await asyncio.sleep(dice.uniform(0.002, 0.02))
        how = dice.choice(("pg_terminate_backend", "pg_cancel_backend"))
        await powerful.execute(f"SELECT {how}(pid) FROM pg_stat_activity WHERE usename = $1", APP)  # noqa: S608  our words


async def _behind_scissors(url: str, dice: random.Random) -> str:
    """Return the address of a line to PostgreSQL that is cut after some bytes, three times, and then no more."""
    there = urlsplit(url)
    left = [dice.randrange(1, 40_000) for _ in range(3)]

    async def carry(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, both: list[asyncio.StreamWriter]
    ) -> None:
        with suppress(ConnectionError):
            while part := await reader.read(4096):
                if left:
                    left[0] -= len(part)
                    if left[0] < 0:
                        left.pop(0)
                        for each in both:
                            each.transport.abort()
                        return
                writer.write(part)
                await writer.drain()
        writer.close()

    async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection(there.hostname, there.port)
        both = [writer, server]
        await asyncio.gather(carry(reader, server, both), carry(answers, writer, both))

    listening = await asyncio.start_server(met, "127.0.0.1")
    port = listening.sockets[0].getsockname()[1]
    return url.replace(f":{there.port}/", f":{port}/")


# -- many


def lives(url: str, faults: Sequence[str], times: int, seed: int, server: PostgresServer | None, stops: int) -> Kept:
    """Let so many processes live on one database, one after the other, and keep what they answered."""
    dice, kept = random.Random(seed), Kept()
    for life in range(times):
        fault = faults[life % len(faults)]
        if fault == "stopped" and kept.lives["stopped"] >= stops:
            fault = "kill"
        kept.lives[fault] += 1
        _one(url, fault, dice, kept, server)
    return kept


def _one(url: str, fault: str, dice: random.Random, kept: Kept, server: PostgresServer | None) -> None:
    there, here = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(there)
            live(url, fault, dice.randrange(2**32), here)
        finally:
            os._exit(1)
    os.close(here)
    said = _until(there, dice.randrange(1, 60), b"")
    if fault == "stopped" and server is not None:
        server.kill()
        said = _until(there, said.count(b"\n") + 5, said)
        server.start()
    time.sleep(dice.uniform(0, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while part := os.read(there, 65_536):
        said += part
    os.close(there)
    lines = said.decode("ascii").split("\n")[:-1]  # what is not whole, nobody got
    answered = [line for line in lines if line != "503"]
    kept.refused += len(lines) - len(answered)
    kept.fruitless += not answered
    kept.receipts += answered


def _until(there: int, count: int, said: bytes) -> bytes:
    """Return what is said until there are so many lines, or a life has come to nothing."""
    deadline = time.monotonic() + LONGEST
    while said.count(b"\n") < count and (left := deadline - time.monotonic()) > 0:
        if select.select([there], [], [], left)[0]:
            part = os.read(there, 65_536)
            if not part:
                break
            said += part
    return said


async def look(url: str, folder: Path, kept: Kept) -> None:
    """Let the notary sign all of it, and look each receipt up in what it published."""
    database = open_database(Settings(database_url=url.replace(f"{APP}@", f"{NOTARY}@"))).keeper
    store = Store(folder / "notary", folder / "published")
    store.open()
    try:
        signer = ed25519(ORIGIN, Ed25519PrivateKey.generate())
        rounds = Rounds(Notary(store, ORIGIN, (signer,)), store, database, timedelta(minutes=10))
        while await rounds.one(now()):
            pass
        ends = await database.read(queries.ends)
    finally:
        store.close()
        await database.close()
    source = checking.folder_source(store.published)
    log = checking.opened(source, [signer.key])
    checking.whole(log, lambda _done: None)
    kept.entries = log.size
    if not ends.leaves == ends.entries == log.size:
        kept.problems.append(f"{ends.leaves} leaves, {ends.entries} entries, {log.size} signed")
    given = promised.read("\n".join(kept.receipts))
    kept.problems += [f"entry {index} was promised twice" for index in promised.twice(given)]
    late = now() + PATIENCE
    certificates = {each.key: promised.fetched(source, each) for each in given}
    for each in given:
        try:
            promised.check(each, ORIGIN)
            promised.vouched(each, certificates[each.key], [signer.key], late)
            promised.proof_of(log, each, late)
        except RegistryError as problem:
            kept.problems.append(str(problem))


@contextmanager
def register(dialect: str) -> Iterator[tuple[str, PostgresServer | None]]:
    """Return the address of a fresh register, and its server where it has one."""
    with tempfile.TemporaryDirectory() as folder:
        if dialect == "sqlite":
            url = f"sqlite:///{folder}/register.db"
            asyncio.run(migrated(url))
            yield url, None
            return
        with postgres_server() as server:
            yield asyncio.run(new_register(server, "register")), server


def tried(dialect: str, times: int, seed: int, stops: int = MOST_STOPS) -> Kept:
    """Let so many live and die on a fresh register, and look what is left."""
    with register(dialect) as (url, server), tempfile.TemporaryDirectory() as folder:
        kept = lives(url, FAULTS[dialect], times, seed, server, stops)
        asyncio.run(look(url, Path(folder), kept))
    return kept


HEAD = f"{'database':12} {'lives':>5} {'answers':>8} {'503':>6} {'fruitless':>9} {'entries':>8} {'seconds':>8}  faults"


def row(dialect: str, kept: Kept, seconds: float) -> str:
    """Return what was kept on one database as a line."""
    faults = " ".join(f"{name} {count}" for name, count in sorted(kept.lives.items()))
    return (
        f"{dialect:12} {kept.lives.total():5} {len(kept.receipts):8} {kept.refused:6} {kept.fruitless:9}"
        f" {kept.entries:8} {seconds:8.1f}  {faults}:"
        f" {f'{len(kept.problems)} problems' if kept.problems else 'nothing lost'}"
    )


def measured(times: int, databases: Sequence[str], *, seed: int = 11, stops: int = MOST_STOPS) -> Iterator[str]:
    """Yield a line for each database, and one for each thing that was lost."""
    yield HEAD
    for dialect in databases:
        begun = time.monotonic()
        kept = tried(dialect, times, seed, stops)
        yield row(dialect, kept, time.monotonic() - begun)
        yield from (f"    LOST: {problem}" for problem in kept.problems[:20])


def main() -> None:
    """Print what was kept, and fail where anything was lost."""
    parser = argparse.ArgumentParser("python -m bench.lives", description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--databases", nargs="+", choices=list(FAULTS), default=list(FAULTS))
    parser.add_argument("--seed", type=int, default=11, help="of the random moments")
    parser.add_argument("--stops", type=int, default=MOST_STOPS, help="of PostgreSQL")
    options = parser.parse_args()
    configure_logging("critical")
    failed = False
    for line in measured(options.times, options.databases, seed=options.seed, stops=options.stops):
        failed |= "LOST" in line
        print(line, flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
