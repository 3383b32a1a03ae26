"""A node as an operator runs it: `registry demo --prepare-only`, then `registry serve` as a process of its own.

prepare(folder, port)
with serving(folder, port) as served:
    served.token("investigator")
    served.headers("investigator")                     a new token, and a proof for one question
    served.ask("investigator", "{ __typename }")
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.keys import make_proof
from registry.audit.models import entries
from registry.cli import asking
from registry.cli.asking import Client, Holder
from registry.core import config
from registry.core.clock import now
from registry.core.engines import open_database

T = TypeVar("T")
ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("registry")
CLIENTS = ROOT / "tests" / "clients"
READY_SECONDS = 90


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def run(*command: object, expected: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and require its exit code."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == expected, done.stdout + done.stderr
    return done


def prepare(folder: Path, port: int, database_url: str | None = None, profiles: int = 200) -> list[str]:
    """Set up a demonstration; return the lines of its walk-through as they are printed."""
    where = ["--database-url", database_url] if database_url else []
    size = ["--profiles", profiles, "--port", port]
    said = run(PROGRAM, "demo", "--folder", folder, *size, "--prepare-only", *where).stdout
    return [line for line in said.splitlines() if line and not line.startswith("#")]


@dataclass
class Served:
    """A process that serves."""

    folder: Path
    url: str
    process: subprocess.Popen[str]

    def token(self, player: str) -> str:
        """Get a token as this player's client does."""
        token: str = self.client(player).token()["access_token"]
        return token

    def client(self, player: str) -> Client:
        """Return this player's client, which asks this process."""
        described = asking.read(self.folder / f"{player}.toml")
        return replace(described, values={**described.values, "url": self.url})

    def proof_key(self, player: str) -> Path:
        """Return the file of the key that this player's tokens are bound to."""
        self.client(player).proof_key()
        return self.folder / f"{player}.proof.pem"

    def holder(self, player: str) -> Holder:
        """Return what shows a new token of this player's, with a proof for each request."""
        return Holder(self.client(player).proof_key(), self.token(player))

    def headers(self, player: str, token: str | None = None, *, path: str = "/graphql") -> dict[str, str]:
        """Return what one request by POST shows: a token, and a proof that is good once."""
        shown = token or self.token(player)
        proof = make_proof(self.client(player).proof_key(), "POST", f"{self.url}{path}", now(), token=shown)
        return {"authorization": f"DPoP {shown}", "dpop": proof}

    def ask(self, player: str, document: str, variables: dict[str, Any] | None = None) -> Any:
        """Return the answer to a document."""
        body = {"query": document, "variables": variables or {}}
        return httpx.post(f"{self.url}/graphql", json=body, headers=self.headers(player), timeout=30).json()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Signal the process and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def serving(folder: Path, port: int, **settings: str) -> Iterator[Served]:
    """Serve what has been prepared."""
    environment = os.environ | {"REGISTRY_SETTINGS": str(folder / "settings.toml")}
    for each in ("AT_ONCE", "ENTERED", "ENTERED_IN_ALL"):  # all that a test asks comes from one address
        environment[f"REGISTRY_LIMIT_REFUSALS_{each}"] = "1000000"
    environment |= {"REGISTRY_LOG_SECONDS": "20"}  # a disk that others keep busy is no failing log
    environment |= {"REGISTRY_NOTARY_BESIDE": "false"}  # most journeys don't look at what it publishes,
    environment |= {"REGISTRY_UNSIGNED_SECONDS": "0"}  # and go on without
    environment |= {"REGISTRY_MISUSE_REASON_EVERY": "0"}  # nor is anything asked by chance
    environment |= {f"REGISTRY_{name.upper()}": value for name, value in settings.items()}
    with (folder / "served.log").open("a") as log:
        process = subprocess.Popen([PROGRAM, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)
    served = Served(folder, f"http://127.0.0.1:{port}", process)
    try:
        _wait_until_ready(served)
        yield served
    finally:
        if process.poll() is None and served.stop() and process.poll() is None:
            process.kill()
        process.wait()


def _wait_until_ready(served: Served) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert served.process.poll() is None, (served.folder / "served.log").read_text()
        try:
            if httpx.get(f"{served.url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError((served.folder / "served.log").read_text())


async def log_of(folder: Path) -> list[dict[str, Any]]:
    """Return the log of a node that may serve meanwhile."""
    database = open_database(config.load({}, folder / "settings.toml")).keeper
    try:
        statement = sa.select(entries).order_by(entries.c["index"])
        rows = await database.read(lambda connection: connection.execute(statement).mappings().all())
        return [dict(row) for row in rows]
    finally:
        await database.close()


def changed(folder: Path, change: Callable[[Connection], T]) -> T:
    """Write to the database of a node that may serve meanwhile, and return what that returns."""

    async def written() -> T:
        database = open_database(config.load({}, folder / "settings.toml")).keeper
        try:
            return await database.write(change)
        finally:
            await database.close()

    return asyncio.run(written())
