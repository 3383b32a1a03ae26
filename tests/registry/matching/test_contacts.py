"""Numbers, phones, e-mails and handles in one form."""

import pytest
from hypothesis import given, strategies as st

from registry.matching.contacts import (
    email_address,
    handle_letters,
    handle_name,
    identifier_parts,
    identifier_parts_asked,
    identifier_value,
    phone_readings,
    plain,
)
from registry.matching.limits import VALUE_CHARACTERS


@pytest.mark.parametrize(
    "written",
    [
        "0712345678",
        "0712 345 678",
        "+254712345678",
        "00254 712-345-678",
        "(+254) 712 345678",
        "254712345678",
        "712345678",
    ],
)
def test_a_kenyan_phone_is_one_number_however_written(written: str) -> None:
    assert "+254712345678" in phone_readings(written, "KE")


def test_a_number_from_abroad_without_its_plus_is_understood() -> None:
    assert "+442071838750" in phone_readings("442071838750", "KE")


@pytest.mark.parametrize("written", ["", "12", "no phone", "+", "()"])
def test_too_few_digits_are_no_phone(written: str) -> None:
    assert phone_readings(written, "KE") == ()


def test_a_number_no_plan_knows_is_compared_as_it_is() -> None:
    assert phone_readings("99999999999999999999", "KE") == ("+99999999999999999999",)
    assert phone_readings("+99999999999999999999", "KE") == ("+99999999999999999999",)


def test_identifiers_keep_letters_and_digits() -> None:
    assert identifier_value(" ak-583 4823 ") == "AK5834823"


@pytest.mark.parametrize("damaged", ["23456798", "23456788", "2345689", "32456789", "23546789", "234567899"])
def test_one_slip_leaves_a_part_of_the_number(damaged: str) -> None:
    assert set(identifier_parts_asked(damaged)) & set(identifier_parts("23456789"))


def test_a_part_is_asked_for_once_and_the_number_s_own_first() -> None:
    asked = identifier_parts_asked("23456789")

    assert asked[:3] == identifier_parts("23456789") == ("<2345", ">6789", "234~789")
    assert len(asked) == len(set(asked))


def test_short_numbers_have_no_parts() -> None:
    assert identifier_parts("12345") == ()


def test_email_addresses_lose_case_tags_and_the_dots_of_gmail() -> None:
    assert email_address(" Asha.Ali+x@Example.ORG ") == "asha.ali@example.org"
    assert email_address("a.sha@gmail.com") == email_address("asha@gmail.com")


@pytest.mark.parametrize("written", ["", "asha", "@example.org", "asha@"])
def test_half_an_address_is_none(written: str) -> None:
    assert email_address(written) == ""


@pytest.mark.parametrize(
    "written", ["King.Otieno_7", "@kingotieno7", "https://x.com/King.Otieno_7/", "t.me/king_otieno7"]
)
def test_a_handle_is_its_letters_and_digits(written: str) -> None:
    assert handle_name(written) == "kingotieno7"


def test_the_letters_of_a_handle_count_where_there_are_enough() -> None:
    assert handle_letters("kingotieno7") == "kingotieno"
    assert handle_letters("king7") == ""


@given(st.text(max_size=1000))
def test_what_is_compared_is_bounded_and_can_be_stored(written: str) -> None:
    value = plain(written)

    assert len(value) <= VALUE_CHARACTERS
    assert value.encode().decode() == value
