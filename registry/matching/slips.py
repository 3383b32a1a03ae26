"""Which document numbers are one slip apart, told without the register's number.

One slip is a character read as another, one too many, one too few, or two neighbours swapped: OSA distance 1.
The register keeps, beside the token of a number, a short token for each of its places left open:

    23456789   →   *3456789  2*456789  23*56789  …  2345678*

A question has its own number in clear and makes the tokens of whatever the register may hold one slip away:

| the register's number has | the question makes | and meets it in |
|---|---|---|
| another character in one place | its number with that place open | an open place |
| one character more | its number with an open place put in | an open place |
| one character less | its number with a character left out | the number itself |
| two neighbours swapped | its number with them swapped | the number itself |

An open place fixes all other characters, their places and the length, so this is neither wider nor narrower than
OSA distance 1. Two deviations: both numbers must be of NEAR_LENGTH to NEAR_CHARACTERS characters, and short tokens
fall together by chance once in 2^36 pairs.
"""

from itertools import pairwise

from registry.matching.contacts import NEAR_LENGTH
from registry.matching.limits import NEAR_CHARACTERS
from registry.matching.types import Blind

NEAR_TOKEN = 6
"""Characters kept of the token of a number with an open place."""

_OPEN = "*"
"""Not a letter or digit, so it stands in no number."""


def near_tokens(value: str, blind: Blind) -> str:
    """Give what is kept with a number, so that one a slip away can be told: in no order that tells the places."""
    if not _may_be_near(value):
        return ""
    return " ".join(sorted(_near(with_gap, blind) for with_gap in _places_open(value)))


def slip_tokens(value: str, near: str, blind: Blind) -> frozenset[str]:
    """Give the tokens of all numbers one slip away from that of a question; ``near`` are its own near tokens."""
    if not _may_be_near(value):
        return frozenset()
    longer = (_near(with_gap, blind) for with_gap in _place_added(value))
    wholes = _swapped(value) | (_shortened(value) if len(value) > NEAR_LENGTH else set())
    return frozenset((*near.split(), *longer, *(blind("document", whole) for whole in wholes)))


def are_near(slips: frozenset[str], token: str, near: str) -> bool:
    """Tell whether another number, as the register holds it, is one slip away from that of the question."""
    return bool(slips) and (token in slips or not slips.isdisjoint(near.split()))


def _may_be_near(value: str) -> bool:
    return NEAR_LENGTH <= len(value) <= NEAR_CHARACTERS


def _near(with_gap: str, blind: Blind) -> str:
    return blind("document-near", with_gap)[:NEAR_TOKEN]


def _places_open(value: str) -> list[str]:
    return [value[:n] + _OPEN + value[n + 1 :] for n in range(len(value))]


def _place_added(value: str) -> list[str]:
    return [value[:n] + _OPEN + value[n:] for n in range(len(value) + 1)]


def _shortened(value: str) -> set[str]:
    return {value[:n] + value[n + 1 :] for n in range(len(value))}


def _swapped(value: str) -> set[str]:
    return {value[:n] + b + a + value[n + 2 :] for n, (a, b) in enumerate(pairwise(value)) if a != b}
