"""Numbers one slip apart, told by tokens: the same answer as OSA distance 1 gives to the numbers themselves."""

from itertools import permutations, product

import pytest
from hypothesis import assume, given, strategies as st
from rapidfuzz.distance import OSA

from registry.matching.contacts import NEAR_LENGTH
from registry.matching.limits import NEAR_CHARACTERS
from registry.matching.slips import NEAR_TOKEN, are_near, near_tokens, slip_tokens
from tests.registry.matching.tokens import BLIND, OTHER_BLIND

Told = tuple[str, str, frozenset[str]]
"""Token, near tokens and slips of a number."""


def told(value: str) -> Told:
    near = near_tokens(value, BLIND)
    return BLIND("document", value), near, slip_tokens(value, near, BLIND)


def are_near_by_tokens(asked: Told, held: Told) -> bool:
    return are_near(asked[2], held[0], held[1])


def are_one_slip_apart(one: str, other: str) -> bool:
    lengths = sorted((len(one), len(other)))
    return lengths[0] >= NEAR_LENGTH and lengths[1] <= NEAR_CHARACTERS and OSA.distance(one, other) == 1


@pytest.mark.parametrize(
    "slipped",
    [
        "23456798", "32456789", "23456780", "93456789", "23466789", "2345678", "3456789", "2345789", "234567890",
        "123456789", "234556789",
    ],
)  # fmt: skip
def test_one_slip_is_near(slipped: str) -> None:
    assert are_near_by_tokens(told(slipped), told("23456789"))
    assert are_near_by_tokens(told("23456789"), told(slipped))


@pytest.mark.parametrize(
    "other",
    ["23456700", "24356798", "34567892", "23456987", "234567", "2345678999", "98765432", "25436789"],
)
def test_two_slips_are_not(other: str) -> None:
    assert not are_near_by_tokens(told(other), told("23456789"))


def test_of_all_numbers_of_two_digits_those_one_slip_apart_are_near() -> None:
    numbers = ["".join(digits) for length in range(NEAR_LENGTH - 1, 9) for digits in product("01", repeat=length)]
    tokens = {number: told(number) for number in numbers}

    wrong = [
        (asked, held)
        for asked, held in permutations(numbers, 2)
        if are_near_by_tokens(tokens[asked], tokens[held]) != are_one_slip_apart(asked, held)
    ]

    assert wrong == []


numbers = st.text("01A\u00c9", min_size=NEAR_LENGTH - 2, max_size=NEAR_CHARACTERS + 2)


@st.composite
def numbers_and_slips(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and what up to three slips made of it."""
    number = slipped = draw(numbers)
    for _ in range(draw(st.integers(1, 3))):
        cut = draw(st.integers(0, len(slipped)))
        before, after, new = slipped[:cut], slipped[cut:], draw(st.sampled_from("01A\u00c9"))
        swapped = after[1:2] + after[:1]
        ways = [new + after[1:], after[1:], new + after, swapped + after[2:]]
        slipped = before + draw(st.sampled_from(ways))
    return number, slipped


@given(numbers_and_slips() | st.tuples(numbers, numbers))
def test_two_numbers_are_near_where_their_osa_distance_is_one(pair: tuple[str, str]) -> None:
    one, other = pair
    assume(one != other)

    assert are_near_by_tokens(told(one), told(other)) == are_one_slip_apart(one, other)
    assert are_near_by_tokens(told(other), told(one)) == are_one_slip_apart(one, other)


@given(st.text("0123456789AB", max_size=40))
def test_a_number_has_a_short_token_for_each_place(value: str) -> None:
    near = near_tokens(value, BLIND).split()

    assert len(near) == (len(value) if NEAR_LENGTH <= len(value) <= NEAR_CHARACTERS else 0)
    assert {len(token) for token in near} <= {NEAR_TOKEN}
    assert near == sorted(near)


def test_without_the_key_nothing_is_near() -> None:
    near = near_tokens("23456789", OTHER_BLIND)
    slips_made_elsewhere = slip_tokens("23456789", near, OTHER_BLIND)

    assert not are_near(slips_made_elsewhere, *told("23456798")[:2])
