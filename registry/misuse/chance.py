"""How likely something is by chance: an exact tail, and percentiles. Pure.

    at_least(9, of=10, share=0.5)      0.0107…: nine or ten of ten, where half are expected
    percentile([1, 2, 3, 4], 0.5)      2: nearest rank

The tail of the binomial distribution is summed term by term from logarithms of factorials (Clopper and Pearson,
Biometrika 26, 1934, use the same tails): an officer's year has some thousand persons, so nothing is approximated.
"""

from collections.abc import Sequence
from math import ceil, exp, lgamma, log, log1p


def at_least(count: int, *, of: int, share: float) -> float:
    """Return how likely ``count`` or more of so many are, each with probability ``share``."""
    if count <= 0:
        return 1.0
    if count > of or share <= 0.0:
        return 0.0
    if share >= 1.0:
        return 1.0
    return min(1.0, sum(_exactly(each, of, share) for each in range(count, of + 1)))


def _exactly(count: int, of: int, share: float) -> float:
    choices = lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1)
    return exp(choices + count * log(share) + (of - count) * log1p(-share))


def percentile(values: Sequence[int], share: float) -> int:
    """Return the smallest value that so many of all do not exceed (nearest rank); 0 of none."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)] if values else 0
