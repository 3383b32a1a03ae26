"""Witnesses that really serve, on loopback: honest ones, and any program in the place of one. All keys are invented."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from registry.core.clock import Clock, now
from registry.heads import BoundedHeads
from registry.tlog.keys import Signer
from registry.tlog.tree import Tree
from registry.tlog.witnessing import Request
from registry.witness.memory import Memory, create
from registry.witness.server import create as server
from registry.witness.witness import Witness
from tests.registry.tlog.signers import ABROAD, LATER_LOG, LOG, ORIGIN, POLICE, checkpoint, leaves, signed

LOGS = {ORIGIN: (LOG.key, LATER_LOG.key)}
TREE = Tree(leaves(40))
FORK = Tree(leaves(12) + leaves(28, first=900))
"""The same up to the twelfth leaf."""


def remembering(folder: Path, name: str = "witness.db") -> Path:
    """Return the file of an empty memory."""
    create(folder / name)
    return folder / name


def witness(file: Path, *signers: Signer, clock: Clock = now) -> Witness:
    return Witness(LOGS, signers or (POLICE, ABROAD), Memory(file), clock)


def asking(tree: Tree, old: int, size: int) -> Request:
    return Request(old, tuple(tree.consistency(old, size)), signed(checkpoint(tree, size), LOG))


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve an application, and return its address. The port listens from the first moment, so nobody waits for it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        program = uvicorn.Server(
            uvicorn.Config(
                app, http=BoundedHeads, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1
            )
        )
        thread = threading.Thread(target=program.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            program.should_exit = True
            thread.join()


@contextmanager
def served_witness(file: Path, *signers: Signer, clock: Clock = now) -> Iterator[str]:
    with served(server(witness(file, *signers, clock=clock))) as address:
        yield address
