"""A program that asks a witness on two forks again and again, and kills it: between store and reply, and anywhere.

python tests/registry/witness/killed.py witness.db 200      prints as JSON what was cosigned and what remembered

It has one thread, so it may fork: each round is a process of its own that opens the memory, answers both forks for the
next size, and writes each cosignature into a pipe. What came through the pipe is what somebody outside holds for ever.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from registry.tlog.keys import Signer
from registry.tlog.tree import Tree
from registry.tlog.witnessing import Head
from registry.witness.memory import Memory
from tests.registry.tlog.signers import ORIGIN, POLICE, leaves
from tests.registry.witness.serving import asking, witness

LONGEST = 0.012
"""Seconds that a round takes about, with start and end."""
SIZE = 1_000
TREES = Tree(leaves(SIZE)), Tree(leaves(1) + leaves(SIZE - 1, first=5_000))


def dying(message: bytes) -> bytes:
    """Sign nothing: what is to be signed has just been stored."""
    os.kill(os.getpid(), signal.SIGKILL)
    return message


def head(file: Path) -> Head:
    with Memory(file).turn() as turn:
        return turn.head(ORIGIN) or Head()


def forked(act: Callable[[int], None]) -> tuple[int, int]:
    """Start a process; return its id and where it writes."""
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.close(reads)
        act(writes)
        os._exit(0)
    os.close(writes)
    return child, reads


def rounds(file: Path, count: int) -> dict[str, object]:
    chance = random.Random(7)
    cosigned: dict[int, set[str]] = {}
    killed = lost = 0
    for number in range(count):
        seen = head(file)
        order = TREES if chance.random() < 0.5 else TREES[::-1]
        size = seen.size + chance.choice([0, 1, 1, 2])
        signer = Signer(POLICE.key, dying) if number % 4 == 0 else POLICE

        def act(pipe: int, size: int = size, seen: Head = seen, order: tuple[Tree, ...] = order,
                signer: Signer = signer) -> None:  # fmt: skip
            answering = witness(file, signer)
            for tree in order:
                if answering.answer(asking(tree, seen.size, size).print()).status == 200:
                    os.write(pipe, f"{size} {tree.root_at(size).hex()}\n".encode())

        child, reads = forked(act)
        if number % 4:
            time.sleep(chance.random() * LONGEST)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        with os.fdopen(reads) as pipe:
            heard = [line.split() for line in pipe]
        for told, root in heard:
            cosigned.setdefault(int(told), set()).add(root)
        now = head(file)
        lost += not heard and now != seen
        if any(int(told) > now.size or (int(told) == now.size and root != now.root.hex()) for told, root in heard):
            raise SystemExit("something was cosigned that is not remembered")
    return {
        "killed": killed, "stored_but_not_told": lost, "cosigned": len(cosigned),
        "forks": [size for size, roots in cosigned.items() if len(roots) > 1], "size": head(file).size,
    }  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(rounds(Path(sys.argv[1]), int(sys.argv[2]))))
