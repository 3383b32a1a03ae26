"""The verdict of evenness: Welch's t, and what it is told of."""

import random
from math import inf

import pytest

from bench import evenness
from bench.evenness import KINDS, PEOPLE, Seen


def test_t_is_what_its_formula_says() -> None:
    """By hand: means 2 and 5, variances 1 and 4, three and three."""
    assert evenness.welch([1, 2, 3], [3, 5, 7]) == pytest.approx(-3 / (1 / 3 + 4 / 3) ** 0.5)


def test_what_never_varies_is_told_apart_by_any_difference() -> None:
    assert evenness.welch([4, 4], [4, 4]) == 0
    assert evenness.welch([4, 4], [5, 5]) == inf


def test_a_difference_by_size_alone_is_beyond() -> None:
    dice = random.Random(1)

    def seen(kind: str, size: int) -> list[Seen]:
        return [Seen(kind, "Invented", kind == "hit", dice.gauss(0.25, 0.001), size) for _ in range(50)]

    even = [*seen("hit", 4096), *seen("no hit", 4096), *seen("silent", 4096)]
    uneven = [*seen("hit", 4097), *seen("no hit", 4096), *seen("silent", 4096)]

    assert sum("within" in line for line in evenness.lines(even)) == 3
    assert sum("BEYOND" in line for line in evenness.lines(uneven)) == 2


def test_each_name_is_asked_for_as_one_kind() -> None:
    named = evenness.names(random.Random(1))

    assert list(named) == list(KINDS)
    assert len({name for each in named.values() for name in each}) == len(KINDS) * PEOPLE
