"""Which profiles are worth scoring: those that share the rarest keys with the question.

    postings {pair(kamau, peter): [812, 9044], sound(KM): [… 1,001 numbers]}   →   [812, 9044]

A key shared by more than POSTING_CAP profiles tells nobody apart. It is set aside unless nothing else was found.
"""

from collections.abc import Iterator, Mapping, Sequence
from heapq import nlargest
from math import log2

from registry.matching.query import PreparedQuery

POSTING_CAP = 1000
"""Profile numbers read for one key. One more is asked for, to see that there are more."""

CANDIDATE_CAP = 120
"""Profiles scored for one question."""

WORTH = 0.3
"""Candidates with less than this share of the best one's weight are not scored."""


def choose(prepared: PreparedQuery, postings: Mapping[int, Sequence[int]], register_size: int) -> list[int]:
    """Give the numbers of the profiles to score, best first."""
    weights: dict[int, float] = {}
    for weight, numbers in _weighed(prepared, postings, register_size, overfull=False):
        _add(weights, weight, numbers)
    if not weights:
        for weight, numbers in _weighed(prepared, postings, register_size, overfull=True):
            _add(weights, weight, numbers)
    least = max(weights.values(), default=0.0) * WORTH
    worth = [number for number, weight in weights.items() if weight >= least]
    return nlargest(CANDIDATE_CAP, worth, key=weights.__getitem__)


def _add(weights: dict[int, float], weight: float, numbers: Sequence[int]) -> None:
    known = weights.get
    for number in numbers:
        weights[number] = known(number, 0.0) + weight


def _weighed(
    prepared: PreparedQuery, postings: Mapping[int, Sequence[int]], register_size: int, *, overfull: bool
) -> Iterator[tuple[float, Sequence[int]]]:
    for key, numbers in postings.items():
        if numbers and (len(numbers) > POSTING_CAP) == overfull and key in prepared.trust:
            rarity = log2((register_size + 1) / len(numbers))
            yield max(rarity, 0.1) * prepared.trust[key], numbers[:POSTING_CAP]
