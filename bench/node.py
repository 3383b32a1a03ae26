"""A node under load: its processes, its tokens, its metrics, its memory."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from bench.holder import Holder
from bench.register import Register

START_SECONDS = 60
SERVE = "from registry.cli.main import main; main(['serve'])"
TWINS = "from bench.twins import serve; serve()"


@dataclass(slots=True)
class Node:
    """A running server, of ours or its twin."""

    register: Register
    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def holder(self, player: str = "investigator") -> Holder:
        """Return a new access token with its key, good for five minutes."""
        return Holder.of(self.register.folder / f"{player}.toml")

    def metrics(self) -> dict[str, float]:
        """Return the counters of the node, of all its workers."""
        text = httpx.get(f"{self.url}/metrics", trust_env=False).text
        return {name: float(value) for name, value in re.findall(r"^(registry_\S+) (\S+)$", text, re.MULTILINE)}

    def megabytes(self) -> float:
        """Return the resident memory of the server's processes, each page shared between them counted in part."""
        return sum(_proportional(pid) for pid in _family(self.process.pid)) / 1024

    def stop(self) -> None:
        """Ask it to finish."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start(
    register: Register,
    *,
    program: str = SERVE,
    workers: int = 1,
    port: int = 0,
    log: IO[bytes] | int = subprocess.DEVNULL,
) -> Node:
    """Start a server and wait until it is ready; on the register's own port, unless another is given."""
    own = {"REGISTRY_WORKERS": str(workers), "REGISTRY_LISTEN_PORT": str(port or register.port)}
    process = subprocess.Popen([sys.executable, "-c", program], env=os.environ | register.environment | own, stderr=log)
    node = Node(register, process, port or register.port)
    try:
        wait_until_ready(node)
    except BaseException:
        node.process.kill()
        node.process.wait()
        raise
    return node


def wait_until_ready(node: Node) -> None:
    """Return once ``/readyz`` says so."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if node.process.poll() is not None:
            raise RuntimeError(f"the server ended with {node.process.returncode}")
        try:
            if httpx.get(f"{node.url}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.02)
    raise RuntimeError("the server did not become ready in time")


@contextmanager
def running(register: Register, *, program: str = SERVE, workers: int = 1, port: int = 0) -> Iterator[Node]:
    """Run a server; its own log lines go to a file beside the register, as they would to a journal."""
    with (register.folder / f"server-{port}.log").open("wb") as log:
        node = start(register, program=program, workers=workers, port=port, log=log)
        try:
            yield node
        finally:
            node.stop()


def processor_ticks(pid: int) -> int:
    """Return the processor time that a process and its children have taken, in the kernel's ticks."""
    return sum(_ticks(each) for each in _family(pid))


def busy_ticks() -> int:
    """Return the processor time that everything on this machine has taken, in the kernel's ticks."""
    user, nice, system, _idle, _waiting, *rest = Path("/proc/stat").read_text(encoding="ascii").split()[1:9]
    return sum(map(int, (user, nice, system, *rest)))


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11:15]))  # its own, and that of children that have ended


def _family(pid: int) -> Iterator[int]:
    yield pid
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for child in children.read_text(encoding="ascii").split() if children.exists() else ():
        yield from _family(int(child))


def _proportional(pid: int) -> float:
    """Return kilobytes."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
    return float(found[1]) if found else 0.0
