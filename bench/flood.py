"""A million calls of strangers: the log grows by less than a thousand entries, and none of the calls is lost.

    python -m bench.flood                       through the whole application, but without sockets (audit.md, A13)

Forty addresses call without a token that is one; every tenth call comes to another host's name. Then the node stops,
and the log is asked: calls with an entry of their own, and those that others count, are as many as there were.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from registry.audit.models import entries
from registry.audit.strangers import EVENT
from registry.core.config import Settings
from registry.core.engines import open_database
from tests.nodes import RESPONSE, running
from tests.registers import migrated

FLOODERS = 40
KNOWN = 5
LIMITS = {"refusals_at_once": 300, "refusals_entered": 20, "refusals_entered_in_all": 200}
"""As a node has them; those of tests know no flood."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the log says afterwards."""

    statuses: Counter[int]
    entered: int
    """Calls with an entry of their own."""
    counts: int
    """Entries that count others,"""
    counted: int
    """and how many they count."""
    known: int
    """Answers to somebody who proved who they are."""

    @property
    def entries(self) -> int:
        """How many entries the flood has added."""
        return self.entered + self.counts


async def flooded(url: str, folder: Path, calls: int) -> Told:
    """Let strangers call, from many addresses; return what the log says of it afterwards."""
    statuses: Counter[int] = Counter()
    async with running(url, folder, limits=LIMITS, log_level="error") as node:
        for _ in range(KNOWN):
            await node.ask("{ __typename }", accept=RESPONSE)
        for place in range(calls):
            statuses[await _called(node.app, place)] += 1
    database = open_database(Settings(database_url=url)).keeper  # the node has stopped: what it had counted is told
    rows = await database.read(lambda connection: connection.execute(sa.select(entries)).mappings().all())
    await database.close()
    counts = [event["details"]["count"] for row in rows for event in row["body"]["events"] if event["name"] == EVENT]
    entered = [row for row in rows if row["kind"] == "request" and row["operation"] != "flood"]
    known = [row for row in rows if row["kind"] == "query"]
    return Told(statuses, len(entered), len(counts), sum(counts), len(known))


async def _called(app: Any, place: int) -> int:  # Any: an ASGI application
    """Call as a server would, without a socket, and return the status."""
    host = b"registry.example" if place % 10 else b"evil.example"
    status = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    await app({
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "https",
        "path": "/graphql", "raw_path": b"/graphql", "query_string": b"", "root_path": "",
        "headers": [(b"host", host), (b"content-type", b"application/json"), (b"authorization", b"DPoP x.y.z")],
        "client": (f"203.0.113.{place % FLOODERS}", 1), "server": ("registry.example", 443),
    }, receive, send)  # fmt: skip
    return status


CALLS = 1_000_000


def measured(calls: int = CALLS) -> Iterator[str]:
    """Yield a line of what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/register.db"
        asyncio.run(migrated(url))
        begun = time.monotonic()
        told = asyncio.run(flooded(url, Path(folder) / "keys", calls))
    is_good = told.entered + told.counted == calls and told.entries < 1_000
    yield (f"{calls} calls of strangers in {time.monotonic() - begun:.0f} s: {told.entered} entered, {told.counted}"
           f" counted by {told.counts} entries: {'nothing lost' if is_good else 'LOST'}")  # fmt: skip


def main() -> None:
    """Print what came of it, and fail where the log grew too much, or a call was lost."""
    parser = argparse.ArgumentParser("python -m bench.flood", description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=CALLS)
    options = parser.parse_args()
    lines = list(measured(options.calls))
    print("\n".join(lines))
    sys.exit(1 if any("LOST" in line for line in lines) else 0)


if __name__ == "__main__":
    main()
