"""Proofs of a large log: how long one takes to make, and to check.

    python -m bench.proofs --leaves 1000000

The tree stands in memory, as the notary's files would give it: what is measured is the algorithm. Each proof made is
also checked, so a fast proof that proves nothing shows. A linear chain over the same leaves is hashed in the same run:
that is what proving one entry would cost without a tree.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from hashlib import sha256
from statistics import median, quantiles
from time import perf_counter

from registry.tlog import tree

LEAVES, QUICK_LEAVES = 1_000_000, 20_000
TIMES = 2_000
BAR_US = 100.0
"""Most a proof may take, in microseconds."""


def measured(leaves: int, times: int = TIMES, seed: int = 11) -> Iterator[str]:
    """Yield the lines of a run over so many leaves."""
    hashes = [tree.leaf_hash(b"roa1 %d DEMO" % place) for place in range(leaves)]
    begun = perf_counter()
    log = tree.Tree(hashes)
    grown = perf_counter() - begun
    drawn = random.Random(seed)
    places = [drawn.randrange(leaves) for _ in range(times)]
    olds = [drawn.randrange(1, leaves) for _ in range(times)]
    roots = {old: log.root_at(old) for old in olds}
    inclusions = [log.inclusion(place) for place in places]
    consistencies = [log.consistency(old) for old in olds]
    yield f"{leaves} leaves; put into the tree at {leaves / grown:,.0f} a second"
    yield f"{'':28}{'median µs':>10}{'p99 µs':>10}   bar {BAR_US:.0f}"
    yield _line("inclusion proof made", lambda i: log.inclusion(places[i]) == inclusions[i], times)
    yield _line(
        "inclusion proof checked",
        lambda i: tree.is_included(hashes[places[i]], places[i], leaves, inclusions[i], log.root), times,
    )  # fmt: skip
    yield _line("consistency proof made", lambda i: log.consistency(olds[i]) == consistencies[i], times)
    yield _line(
        "consistency proof checked",
        lambda i: tree.is_consistent(olds[i], roots[olds[i]], leaves, log.root, consistencies[i]), times,
    )  # fmt: skip
    begun, link = perf_counter(), b""
    for each in hashes:
        link = sha256(link + each).digest()
    yield f"{'a chain, hashed to its end':28}{(perf_counter() - begun) * 1e6:10,.0f}{'':>10}   a proof there"


def _line(words: str, holds: Callable[[int], bool], times: int) -> str:
    took = []
    for place in range(times):
        begun = perf_counter()
        is_right = holds(place)
        took.append((perf_counter() - begun) * 1e6)
        if not is_right:
            raise AssertionError(f"{words}: not the proof it should be")
    p99 = quantiles(took, n=100)[98]
    return f"{words:28}{median(took):10.1f}{p99:10.1f}   {'holds' if median(took) <= BAR_US else 'DOES NOT HOLD'}"


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.proofs", description=__doc__)
    parser.add_argument("--leaves", type=int, default=LEAVES)
    for line in measured(parser.parse_args().leaves):
        print(line, flush=True)


if __name__ == "__main__":
    main()
