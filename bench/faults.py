"""The notary under strace: each of its calls to the file system fails once with EIO, and once is its last.

    python -m bench.faults               every call of a round that crosses the end of a bundle; 1 at the first finding

As Tessera is tested (https://github.com/transparency-dev/tessera, fault injection). A register with 255 signed entries
and three that wait is kept aside. For each call a copy of it gets a notary, a process of its own, in which strace lets
that one call fail (EIO) or kills the process there. What is remembered and published then must be of the one tree; the
next start must go on by itself, refuse nothing, and leave files that fsck has nothing to say about.
"""

import argparse
import asyncio
import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from registry.core.errors import Unavailable
from registry.notary.memory import parse_memory
from tests.registers import migrated
from tests.registry.notary.conftest import Desk, at_desk

SIGNED, WAITING = 255, 3
TRACED = (
    "openat", "write", "fsync", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "unlink", "unlinkat", "rmdir",
    "close", "flock", "newfstatat", "read", "getdents64", "lseek", "fstat", "stat",
)  # fmt: skip
FAULTS = {"EIO": "error=EIO", "KILL": "signal=SIGKILL"}
FAILED = os.EX_TEMPFAIL
ENDS = {"EIO": {0, FAILED}, "KILL": {0, -signal.SIGKILL}}
"""How a notary may end; with 0 where nothing hung on the call, or threads made another number of calls this time."""
ANYBODY = ctypes.c_ulong(-1)
SET_PTRACER = 0x59616D61
_CALL = re.compile(r"^(\w+)\(")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a round: which of those of its name it is."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Bed:
    """A register and its notary's folders, put back before each fault."""

    folder: Path

    @property
    def url(self) -> str:
        """The register in use."""
        return f"sqlite:///{self.desk}/register.db"

    @property
    def desk(self) -> Path:
        """The folders in use: always the same name, so that each run makes the same calls."""
        return self.folder / "desk"

    async def prepare(self) -> None:
        """Make it once."""
        self.desk.mkdir()
        await migrated(self.url)
        async with at_desk(self.url, self.desk) as desk:
            await desk.enter(SIGNED)
            await desk.signed()
            await desk.enter(WAITING)
        self.desk.rename(self.folder / "aside")

    def put_back(self) -> None:
        """Begin again."""
        shutil.rmtree(self.desk, ignore_errors=True)
        shutil.copytree(self.folder / "aside", self.desk)


# -- the process that is traced


def nursery(url: str, folder: str) -> None:
    """Start notaries that have loaded all they need: for each line a child, which waits until strace is there."""
    while os.read(0, 1):  # unbuffered: the child reads on
        if not (child := os.fork()):
            _traced(url, Path(folder))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _traced(url: str, folder: Path) -> None:
    with suppress(AttributeError):
        ctypes.CDLL(None).prctl(SET_PTRACER, ANYBODY, 0, 0, 0)  # where a kernel asks for it
    os.read(0, 1)
    try:
        asyncio.run(_signed(url, folder))
    except (OSError, Unavailable):
        os._exit(FAILED)
    except BaseException as problem:  # noqa: BLE001  whatever it is, nothing of the nursery may run on here
        print(repr(problem), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


async def _signed(url: str, folder: Path) -> None:
    async with at_desk(url, folder) as desk:
        await desk.signed()


class Nursery:
    """The nursery, as the one who injects faults sees it."""

    def __init__(self, process: subprocess.Popen[bytes]):
        self._process = process

    def run(self, trace: Sequence[str]) -> int:
        """Let one notary work under strace with these arguments; return its exit code."""
        told, says = _pipes(self._process)
        told.write(b"\n")
        child = int(says.readline())
        with subprocess.Popen(["strace", "-p", str(child), *trace], stderr=subprocess.PIPE) as strace:
            assert strace.stderr is not None
            _ = strace.stderr.readline()  # that it is attached
            told.write(b".")
            code = int(says.readline())
            strace.stderr.read()
        return code


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


@contextmanager
def opened(bed: Bed) -> Iterator[Nursery]:
    """Start the nursery."""
    program = f"from bench.faults import nursery; nursery({bed.url!r}, {str(bed.desk)!r})"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as process:  # fmt: skip
        try:
            yield Nursery(process)
        finally:
            _pipes(process)[0].close()


# -- calls and faults


def calls(bed: Bed, nursery: Nursery) -> list[Call]:
    """Return the calls of one round that touch the notary's folders."""
    bed.put_back()
    output = bed.folder / "calls"
    code = nursery.run(["-y", "-e", f"trace={','.join(f'?{name}' for name in TRACED)}", "-o", str(output)])
    assert code == 0, "a round without a fault"
    ours = tuple(str(bed.desk / name) for name in ("notary", "published"))
    found, counted = [], dict.fromkeys(TRACED, 0)
    for line in output.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := _CALL.match(line):
            name = match[1]
            counted[name] += 1
            if any(each in line for each in ours):
                found.append(Call(name, counted[name]))
    return found


def sample(found: Sequence[Call]) -> list[Call]:
    """Return the middle and the last call of each name."""
    chosen: dict[Call, None] = {}
    for name in dict.fromkeys(each.name for each in found):
        those = [each for each in found if each.name == name]
        chosen |= dict.fromkeys((those[len(those) // 2], those[-1]))
    return list(chosen)


async def roots(desk: Desk) -> dict[int, bytes]:
    """Return what is remembered, published and told, by size: each of it is always whole."""
    memory, log = parse_memory(desk.store.memory() or b""), desk.log()
    found = await desk.heads()
    for size, root in ((memory.size, memory.checkpoint.root), (log.size, log.checkpoint.root)):
        assert found.setdefault(size, root) == root, f"size {size} has two roots"
    return found


async def after(bed: Bed, expected: dict[int, bytes]) -> dict[int, bytes]:
    """See that what a fault has left is of one tree, and that the next start makes all good; return the trees."""
    async with at_desk(bed.url, bed.desk) as desk:
        left = await roots(desk)
        assert left.items() <= (expected or left).items(), "another tree was signed"
        assert desk.store.refusal() is None, "a fault of the disk is no reason to refuse for good"
        assert await desk.signed() == SIGNED + WAITING
        assert desk.problems() == []
        return await roots(desk)


async def inject(bed: Bed, nursery: Nursery, chosen: Sequence[Call], faults: Sequence[str]) -> dict[str, int]:
    """Let each call fail in each way; return how often the notary ended as it should, by way. Raises AssertionError."""
    bed.put_back()
    expected = await after(bed, {})
    ended = dict.fromkeys(faults, 0)
    for call in chosen:
        for fault in faults:
            bed.put_back()
            how = f"inject={call.name}:{FAULTS[fault]}:when={call.number}"
            code = await asyncio.to_thread(nursery.run, ["-e", f"trace={call.name}", "-e", how, "-o", os.devnull])
            try:
                assert code in ENDS[fault], f"ended with {code}"
                await after(bed, expected)
            except Exception as problem:
                raise AssertionError(f"{fault} at {call.name} {call.number}: {problem!r}") from problem
            ended[fault] += code != 0
    return ended


async def main() -> int:
    """Inject all faults, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bed = Bed(Path(folder))
        await bed.prepare()
        with opened(bed) as nursery:
            found = await asyncio.to_thread(calls, bed, nursery)
            ended = await inject(bed, nursery, found, tuple(FAULTS))
    told = ", ".join(f"{fault}: ended by {count}" for fault, count in ended.items())
    print(f"{len(found)} calls of a round, each failed in {len(FAULTS)} ways ({told}): one tree, and nothing to mend.")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
