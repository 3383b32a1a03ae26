"""The part of ``make bench`` that asks whether the right person is found: quality, peers, FEBRL4, growth, memory.

    python -m bench --only matching peers febrl growth

One set, one run: ours and the other engines answer the same questions. With ``--set`` it is any labelled set; without,
one of our own is drawn, so that the project needs no other folder.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import febrl, growth, hostile, memory
from bench.matching import asking, registers, runs, sets
from bench.matching.registers import IN_FILE_ORDER, SHUFFLED
from bench.peers import comparison
from bench.peers.engines.names import NAMES


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked, and where."""

    folder: Path
    """The labelled set."""
    databases: Sequence[str]
    sizes: Sequence[int]
    """Of the registers on which growth is measured."""
    keep: Path
    """Where registers are loaded once for all parts, and sets are drawn."""
    searches: int = memory.SEARCHES
    each: int = 50
    """Questions of each class in sets of our own."""
    most: int | None = None
    """Of FEBRL4, the first so many records only and no peers, for a quick look."""
    peers: Sequence[str] = NAMES


def matching(scope: Scope) -> Iterator[str]:
    """Yield how well people are found, with both ways of numbering them, and the worst questions and memory."""
    plan = runs.Plan(scope.databases, (SHUFFLED, IN_FILE_ORDER), scope.keep)
    yield from runs.lines(scope.folder, runs.ask(scope.folder, plan))
    with registers.opened(scope.folder, databases=scope.databases, keep=scope.keep) as opened:
        for register in opened:
            yield ""
            yield from hostile.lines(scope.folder, register)
            yield from memory.lines(register, scope.folder, scope.searches)


def peers(scope: Scope) -> Iterator[str]:
    """Yield ours and the other engines side by side."""
    questions = sets.questions(scope.folder)
    with (
        TemporaryDirectory(prefix="registry-peers-") as passing,
        registers.opened(scope.folder, databases=scope.databases, keep=scope.keep) as opened,
    ):
        ours = [comparison.Row(f"ours, {each.dialect}", asking.asked(each, questions)) for each in opened]
        yield from comparison.table(ours, comparison.compared(scope.folder, questions, scope.peers, Path(passing)))


def linkage(scope: Scope) -> Iterator[str]:
    """Yield how well FEBRL4 is linked."""
    yield from febrl.measured(most=scope.most)


def grown(scope: Scope) -> Iterator[str]:
    """Yield latency, the worst question and memory on registers of several sizes."""
    folders = list(growth.drawn(scope.sizes, scope.keep, scope.each))
    yield from growth.measured(folders, scope.databases, scope.keep, searches=scope.searches)


PARTS: Mapping[str, Callable[[Scope], Iterator[str]]] = {
    "matching": matching, "peers": peers, "febrl": linkage, "growth": grown,
}  # fmt: skip
