"""The published error rates of the bands: how far "strong", "possible" and "weak" may be relied on.

strong     0.75 and more     of hits in the band: how many were the wanted person
                             of people who are not on the register: how many got a hit of the band
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bench.matching import quality
from bench.matching.asking import Answer
from registry.matching import weights

BANDS = (
    ("strong", weights.STRONG_SCORE, 1.01),
    ("possible", weights.POSSIBLE_SCORE, weights.STRONG_SCORE),
    ("weak", weights.WEAK_SCORE, weights.POSSIBLE_SCORE),
)


class BandRate(NamedTuple):
    """What a hit of one band was worth."""

    band: str
    least: float
    hits: int
    """First hits of this band, of all questions about people on the register that can be decided."""
    right: float
    """How many of these were the wanted person."""
    strangers: int
    accused: float
    """How many of the clear strangers had a hit of this band as their best."""


def band_rates(answers: Sequence[Answer]) -> Iterator[BandRate]:
    """Yield the rates of each band; only the best hit of a question counts, which is what an officer looks at."""
    wanted = quality.clear(quality.about_somebody(answers))
    strangers = quality.clear(quality.about_nobody(answers))
    for band, least, below in BANDS:
        first = [each for each in wanted if least <= quality.top(each) < below]
        accused = [each for each in strangers if least <= quality.top(each) < below]
        right = sum(quality.place(each) == 1 for each in first) / max(len(first), 1)
        yield BandRate(band, least, len(first), right, len(strangers), len(accused) / max(len(strangers), 1))


def band_lines(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield the rates as a table."""
    yield f"{'band':12}{'from':>6}{'best hits':>11}{'the wanted person':>19}{'strangers':>11}{'with such a hit':>17}"
    for rate in band_rates(answers):
        yield (
            f"{rate.band:12}{rate.least:6.2f}{rate.hits:11}{rate.right:19.3f}{rate.strangers:11}{rate.accused:17.3f}"
        )
