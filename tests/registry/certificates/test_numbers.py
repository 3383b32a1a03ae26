"""Numbers of certificates: one spelling, and a slip is always found."""

import re
from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from registry.certificates.numbers import ALPHABET, DRAWN, EXAMPLE, check_character, new_number, printed, read
from registry.core.errors import InputRefused

DRAWS = st.text(ALPHABET, min_size=DRAWN, max_size=DRAWN)


def characters(number: str) -> str:
    return number.removeprefix("CERT").replace("-", "")


def refused(text: str) -> str:
    with pytest.raises(InputRefused) as caught:
        read(text)
    return caught.value.code


@given(DRAWS)
def test_what_is_printed_is_read(drawn: str) -> None:
    number = printed(drawn + check_character(drawn))

    assert read(number) == number


@given(DRAWS, st.integers(0, DRAWN), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(drawn: str, place: int, other: str) -> None:
    right = drawn + check_character(drawn)
    wrong = right[:place] + other + right[place + 1 :]

    assert wrong == right or refused(printed(wrong)) == "FORM_MALFORMED"


@given(DRAWS)
def test_any_two_characters_exchanged_are_always_found(drawn: str) -> None:
    right = drawn + check_character(drawn)

    for one, other in combinations(range(DRAWN + 1), 2):
        swapped = list(right)
        swapped[one], swapped[other] = right[other], right[one]
        assert right[one] == right[other] or refused(printed("".join(swapped))) == "FORM_MALFORMED"


@pytest.mark.parametrize(
    "text",
    [
        "", "CERT", EXAMPLE.lower(), EXAMPLE.replace("-", ""), EXAMPLE.replace("-", " "), f" {EXAMPLE}", f"{EXAMPLE}\n",
        EXAMPLE.replace("CERT", "CART"), EXAMPLE[:-1], f"{EXAMPLE}1", EXAMPLE.replace("D", "O"),
        EXAMPLE.replace("-", "\u2010"), EXAMPLE.translate({ord("M"): "\u041c"}),
    ],
)  # fmt: skip
def test_another_spelling_is_no_number(text: str) -> None:
    assert refused(text) == "FORM_MALFORMED"


def test_the_example_is_one() -> None:
    assert read(EXAMPLE) == EXAMPLE


def test_a_number_fits_the_alphanumeric_mode_of_a_qr_code() -> None:
    """ISO/IEC 18004, table 5: digits, capitals, space and $ % * + - . / :"""
    assert all(re.fullmatch(r"[0-9A-Z $%*+\-./:]+", new_number()) for _ in range(50))


def test_numbers_are_drawn_and_not_counted() -> None:
    drawn = {characters(new_number()) for _ in range(200)}

    assert len(drawn) == 200
    assert len({each[0] for each in drawn}) > 10
