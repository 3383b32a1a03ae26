"""Several processes write one log at once, each for many clients: one order, no gap, and no place taken twice.

    python -m bench.together                    4 processes, 128 clients each, on one PostgreSQL (audit.md, A6)

Each client asks one question after the other and keeps the receipts. Then the notary signs, which hashes every entry
again, and the root that it signed is made once more from the entries alone. A place that two had taken would make the
second one's commit fail: any commit that fails is told.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bench.lives import ORIGIN, Kept, look, register
from registry.audit import commitments
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import Writer
from registry.audit.promises import Promises
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.ids import new_id
from registry.core.telemetry import configure_logging
from registry.notary import queries
from registry.tlog.tree import leaf_hash, root
from tests.servers import APP, NOTARY

T = TypeVar("T")
PROCESSES, CLIENTS, EACH = 4, 128, 10


@dataclass
class Counting:
    """A database that tells which of its commits failed."""

    database: Database
    failed: list[str] = field(default_factory=list)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Write, and remember what failed."""
        try:
            return await self.database.write(work)
        except Exception as problem:
            self.failed.append(repr(problem))
            raise


@dataclass(slots=True)
class Outcomes:
    """What came of it."""

    kept: Kept
    seconds: float
    failed: list[str]
    size: int
    is_root: bool
    """Whether the signed root is that of the entries."""


def together(processes: int = PROCESSES, clients: int = CLIENTS, each: int = EACH) -> Outcomes:
    """Let them write, and look what stands there."""
    with register("postgresql") as (url, _), tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        pipes = [_started(url, clients, each) for _ in range(processes)]
        said = [line for child, there in pipes for line in _heard(child, there)]
        seconds = time.monotonic() - begun
        kept = Kept(receipts=[line for line in said if not line.startswith("!")])
        asyncio.run(look(url, Path(folder), kept))
        size, is_root = asyncio.run(_again(url))
    return Outcomes(kept, seconds, [line for line in said if line.startswith("!")], size, is_root)


def _started(url: str, clients: int, each: int) -> tuple[int, int]:
    there, here = os.pipe()
    child = os.fork()
    if child:
        os.close(here)
        return child, there
    try:
        os.close(there)
        told = asyncio.run(_asked(url, clients, each))
        with os.fdopen(here, "w") as pipe:
            pipe.writelines(f"{line}\n" for line in told)
    except BaseException as problem:  # noqa: BLE001  the parent is to know, whatever it is
        os.write(here, f"!{problem!r}\n".encode())
    finally:
        os._exit(0)


def _heard(child: int, there: int) -> list[str]:
    with os.fdopen(there) as pipe:
        said = pipe.read().splitlines()
    os.waitpid(child, 0)
    return said


async def _asked(url: str, clients: int, each: int) -> list[str]:
    database = Counting(open_database(Settings(database_url=url)).keeper)
    promises, writer = Promises(ORIGIN, now), Writer(database, patience=60)  # type: ignore[arg-type]  # a Database as far as a writer needs one
    await promises.keep(database.database)
    writer.start()

    async def ask() -> list[str]:
        return [promises.receipt(await writer.submit(_entry())) for _ in range(each)]

    answers = await asyncio.gather(*(ask() for _ in range(clients)))
    await writer.stop()
    await database.database.close()
    return [*(line for some in answers for line in some), *(f"!{problem}" for problem in database.failed)]


def _entry() -> Entry:
    return Entry(now(), "query", "search", Outcome.ALLOWED, str(new_id()), events=(Event("profile:searched"),))


async def _again(url: str) -> tuple[int, bool]:
    """Make the root once more, from the entries alone; say whether it was signed."""
    database = open_database(Settings(database_url=url.replace(f"{APP}@", f"{NOTARY}@"))).keeper
    try:
        rows = await database.read(lambda connection: queries.rows(connection, 0, 10_000_000))
        head = await database.read(queries.newest_head)
    finally:
        await database.close()
    assert head is not None
    made = [commitments.leaf(row.at, commitments.commitment(row.entry, row.entry["salt"]), row.entry["v"])
            for row in rows if row.entry]  # fmt: skip
    is_gapless = [row.index for row in rows] == list(range(head.size))
    return head.size, is_gapless and root([leaf_hash(each) for each in made]) == head.root


def measured(each: int = EACH) -> Iterator[str]:
    """Yield a line of what came of it."""
    told = together(each=each)
    answers = len(told.kept.receipts)
    problems = [*told.kept.problems, *told.failed, *([] if told.is_root else ["another root"])]
    if told.size != answers:
        problems.append(f"{told.size} entries of {answers} answers")
    yield (f"{PROCESSES} processes, {CLIENTS} clients each: {answers} answers, {told.size} entries,"
           f" {answers / told.seconds:,.0f} a second with the start:"
           f" {f'LOST: {problems[:20]}' if problems else 'one order, no gap, nothing lost'}")  # fmt: skip


def main() -> None:
    """Print what came of it, and fail where anything is wrong."""
    parser = argparse.ArgumentParser("python -m bench.together", description=__doc__.partition("\n")[0])
    parser.add_argument("--each", type=int, default=EACH, help="questions of each client")
    options = parser.parse_args()
    configure_logging("critical")
    lines = list(measured(options.each))
    print("\n".join(lines))
    sys.exit(1 if any("LOST" in line for line in lines) else 0)


if __name__ == "__main__":
    main()
