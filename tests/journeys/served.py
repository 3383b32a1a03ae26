"""A node as an operator runs it: `registry demo --prepare-only`, then `registry serve` as a process of its own.

prepare(folder, port)
with serving(folder, port) as served:
    served.token("investigator")
    served.ask("investigator", "{ __typename }")
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from registry.audit.models import entries
from registry.cli.client import fetch_token
from registry.core import config
from registry.core.engines import open_database

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
        token: str = fetch_token(self.folder / f"{player}.toml")["access_token"]
        return token

    def ask(self, player: str, document: str, variables: dict[str, Any] | None = None) -> Any:
        """Return the answer to a document."""
        headers = {"authorization": f"Bearer {self.token(player)}"}
        body = {"query": document, "variables": variables or {}}
        return httpx.post(f"{self.url}/graphql", json=body, headers=headers, timeout=30).json()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Signal the process and return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)


@contextmanager
def serving(folder: Path, port: int, **settings: str) -> Iterator[Served]:
    """Serve what has been prepared."""
    environment = os.environ | {"REGISTRY_SETTINGS": str(folder / "settings.toml")}
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
    database = open_database(config.load({}, folder / "settings.toml"))
    try:
        statement = sa.select(entries).order_by(entries.c["index"])
        rows = await database.read(lambda connection: connection.execute(statement).mappings().all())
        return [dict(row) for row in rows]
    finally:
        await database.close()
