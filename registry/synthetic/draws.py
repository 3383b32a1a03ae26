"""Chance that can be repeated: every person has a stream of their own, from seed and index.

    draw = stream(2026, 42)           the numbers of person 42 of register 2026, whoever asks and in whatever order
    pick(("Kamau", "Otieno"), draw)   one of them

Only ``random()`` is used: Python promises its sequence from version to version, and promises nothing of
``choice`` or ``randrange``. Numbers that must not repeat are not drawn but scrambled from the index.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Draw = Callable[[], float]
"""Returns the next number of a stream, 0 ≤ x < 1."""
T = TypeVar("T")
MOST_PEOPLE = 10_000_000
"""So many different numbers of seven digits are there; a register is smaller."""
_FACTORS = (  # prime to 10, so that no two indexes meet
    7_368_787, 3_141_593, 9_176_549, 5_772_157, 1_618_033, 2_718_281, 1_414_213, 6_931_471, 2_236_067,
)  # fmt: skip
LANES = len(_FACTORS)


def stream(seed: int, index: int) -> Draw:
    """Return the draws that belong to one person of one register."""
    return random.Random(seed * 2**40 + index).random  # noqa: S311 - invented people, nothing to guess


def pick(options: Sequence[T], draw: Draw) -> T:
    """Return one of the options, each as likely as its number of places."""
    return options[int(draw() * len(options))]


def between(first: int, last: int, draw: Draw) -> int:
    """Return a whole number from first to last, both included."""
    return first + int(draw() * (last - first + 1))


def weighted(weights: Iterable[tuple[T, float]], places: int = 1000) -> tuple[T, ...]:
    """Spread options over about so many places after their weights, so that one pick suffices."""
    rows = list(weights)
    total = sum(weight for _, weight in rows)
    return tuple(option for option, weight in rows for _ in range(max(1, round(places * weight / total))))


def scrambled(index: int, lane: int) -> str:
    """Return seven digits that no other index has in the same lane, without looking like a count."""
    return f"{(index * _FACTORS[lane] + 1_234_567 * lane) % MOST_PEOPLE:07d}"
