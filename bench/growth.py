"""How latency grows with the register: the same classes of questions on registers of several sizes.

    python -m bench.growth --sizes 100000 1000000 4000000 --keep DIR        sets of our own, kept for the next run
    python -m bench.growth --sets DIR100k DIR1m                             sets that are there already

The whole of candidates and score is timed, one thread, on each database. p95 may grow 1.5 times for each tenfold of
profiles; between sizes that are no tenfold apart the growth is put to that scale. On two cores a million profiles take
about two minutes to draw, four to prepare, one to load into SQLite and two into PostgreSQL.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from pathlib import Path

from bench import hostile, memory
from bench.labelled import people
from bench.matching import asking, quality, registers, sets, tables
from bench.matching.registers import Register

SIZES = (10_000, 100_000)
MOST_GROWTH = 1.5
MINUTES_A_MILLION = 9


@dataclass(frozen=True, slots=True)
class Point:
    """One register's latency."""

    dialect: str
    size: int
    p50: float
    p95: float
    p99: float
    cpu_p95: float


def measured(
    folders: Sequence[Path], databases: Sequence[str], keep: Path | None = None, *, limit: int | None = None,
    searches: int = memory.SEARCHES,
) -> Iterator[str]:  # fmt: skip
    """Yield latency at each size, with the worst hostile question and the memory, then the growth."""
    points: list[Point] = []
    for folder in folders:
        questions = sets.questions(folder, limit)
        with registers.opened(folder, databases=databases, keep=keep) as opened:
            for register in opened:
                points.append(_point(register, questions))
                yield tables.loaded(register)
                yield _line(points[-1])
                yield from _worst(folder, register)
                yield from memory.lines(register, folder, searches)
    yield from _growths(points)


def _point(register: Register, questions: Sequence[sets.Question]) -> Point:
    answers = asking.asked(register, questions)
    ms, cpu = [each.ms for each in answers], [each.cpu_ms for each in answers]
    marks = [quality.percentile(ms, share) for share in (0.5, 0.95, 0.99)]
    return Point(register.dialect, register.loaded.size, marks[0], marks[1], marks[2], quality.percentile(cpu, 0.95))


def _line(point: Point) -> str:
    return (
        f"  latency ms: p50 {point.p50:.2f}, p95 {point.p95:.2f}, p99 {point.p99:.2f}; "
        f"of this thread: p95 {point.cpu_p95:.2f}"
    )


def _worst(folder: Path, register: Register) -> Iterator[str]:
    *_, last = hostile.lines(folder, register)
    yield f"  hostile questions:{last.removeprefix('  worst')}"


def _growths(points: Sequence[Point]) -> Iterator[str]:
    for dialect in dict.fromkeys(point.dialect for point in points):
        of = sorted((point for point in points if point.dialect == dialect), key=lambda point: point.size)
        for small, large in pairwise(of):
            tenfolds = log10(large.size / small.size)
            if tenfolds <= 0:
                continue
            growth = (large.p95 / small.p95) ** (1 / tenfolds)
            verdict = "within" if growth <= MOST_GROWTH else "BEYOND"
            yield (
                f"{dialect}, {small.size:,} → {large.size:,}: p95 grows {growth:.2f} times a tenfold "
                f"({verdict} {MOST_GROWTH})"
            )


def drawn(sizes: Sequence[int], home: Path, each: int = people.EACH) -> Iterator[Path]:
    """Yield a set of our own for every size, made unless it is there."""
    for size in sizes:
        folder = home / f"own-{size}"
        if not (folder / sets.QUESTIONS).exists():
            print(f"  drawing {size:,} people, some {size * MINUTES_A_MILLION / 1e6:.0f} minutes until they are asked",
                  file=sys.stderr, flush=True)  # fmt: skip
            people.write(folder, size, each)
        yield folder


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.growth", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="sizes of sets of our own")
    parser.add_argument("--sets", nargs="+", type=Path, help="labelled sets that are there already")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    parser.add_argument("--keep", type=Path, help="keep sets and loaded registers here, and find them here again")
    parser.add_argument("--limit", type=int, help="ask the first so many questions only")
    options = parser.parse_args()
    with ExitStack() as leaving:
        home = options.keep or Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="registry-growth-")))
        folders = options.sets or list(drawn(options.sizes, home))
        for line in measured(folders, options.databases, options.keep, limit=options.limit):
            print(line, flush=True)


if __name__ == "__main__":
    main()
