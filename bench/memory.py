"""What matching holds in memory, whatever the register's size: measured in a process of its own.

    python -m bench.memory --set DIR            before the register is opened, and after 2,000 searches on it

The process imports what a node imports, then opens the register as a node does and searches. What it gained is what
matching takes: caches of words, SQLite's pages, PostgreSQL's connections. PostgreSQL's own shared buffers are not in
it: they are the database's, and of a size that its owner sets.
"""

import argparse
import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import orjson

import registry.app  # what a node imports: its weight is not matching's
from bench.matching import registers, runs, sets
from bench.matching.asking import found_for
from bench.matching.registers import Register

LIMIT_MIB = 200
SEARCHES = 2_000
_ = registry.app


@dataclass(frozen=True, slots=True)
class Held:
    """Resident memory of a searching process, in MiB."""

    before: float
    after: float

    @property
    def gained(self) -> float:
        """What opening the register and searching added."""
        return self.after - self.before


def held(register: Register, folder: Path, searches: int = SEARCHES) -> Held:
    """Let a new process search, and return what it held."""
    command = [sys.executable, "-m", "bench.memory", "--inside", register.url, "--set", str(folder.resolve())]
    done = subprocess.run(
        [*command, "--searches", str(searches)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the searching process failed: {done.stderr.strip()}")
    return Held(**orjson.loads(done.stdout))


def lines(register: Register, folder: Path, searches: int = SEARCHES) -> Iterator[str]:
    """Yield what a register of that size takes."""
    found = held(register, folder, searches)
    verdict = "within" if found.gained <= LIMIT_MIB else "BEYOND"
    yield (
        f"{register.dialect}, {register.loaded.size:,} profiles: {found.before:.0f} MiB before, {found.after:.0f} MiB "
        f"after {searches:,} searches; matching takes {found.gained:.0f} MiB ({verdict} {LIMIT_MIB})"
    )


def _inside(url: str, folder: Path, searches: int) -> Held:
    asked = [question.identity() for question in sets.questions(folder)]
    before = _resident()
    asyncio.run(found_for(url, list(islice(cycle(asked), searches)), keep=False))
    return Held(round(before, 1), round(_resident(), 1))


def _resident() -> float:
    """Return the memory of this process that is in use now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser("python -m bench.memory", description=__doc__.partition("\n")[0])
    parser.add_argument("--set", type=Path, dest="folder", help="a labelled set; without one, a set of our own is made")
    parser.add_argument("--profiles", type=int, default=20_000, help="size of a set of our own (20,000)")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite",))
    parser.add_argument("--searches", type=int, default=SEARCHES)
    parser.add_argument("--scratch", type=Path, help="keep the loaded registers here, and find them here again")
    parser.add_argument("--inside", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        found = _inside(options.inside, options.folder, options.searches)
        sys.stdout.buffer.write(orjson.dumps({"before": found.before, "after": found.after}))
        return
    with (
        runs.chosen(options.folder, options.profiles) as folder,
        registers.opened(folder, databases=options.databases, keep=options.scratch) as opened,
    ):
        for register in opened:
            print("\n".join(lines(register, folder, options.searches)), flush=True)


if __name__ == "__main__":
    main()
