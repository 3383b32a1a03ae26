import phonenumbers
import pytest

from registry.synthetic.contacts import (
    PHONE_PREFIXES,
    address,
    complete,
    emails_of,
    handles_of,
    identifiers_of,
    number,
    phones_of,
    plain,
)
from registry.synthetic.draws import stream
from registry.synthetic.register import person


@pytest.mark.parametrize("prefix", PHONE_PREFIXES.values())
def test_every_prefix_with_any_seven_digits_is_a_number(prefix: str) -> None:
    for digits in range(0, 10_000_000, 98_765):
        assert phonenumbers.is_valid_number(phonenumbers.parse(f"{prefix}{digits:07d}"))


@pytest.mark.parametrize(("country", "prefix"), PHONE_PREFIXES.items())
def test_a_prefix_belongs_to_its_country(country: str, prefix: str) -> None:
    code = phonenumbers.parse(f"{prefix}1234567").country_code

    assert code == phonenumbers.country_code_for_region(country)


def test_people_of_a_country_without_room_use_a_kenyan_number() -> None:
    phones = [number(phone) for index in range(200) for phone in phones_of(index, "US", stream(1, index))]

    assert phones
    assert all(phone.startswith("+254") for phone in phones)


def test_the_prefix_of_the_scenes_is_nobody_elses() -> None:
    phones = [number(phone) for index in range(2000) for phone in phones_of(index, "KE", stream(1, index))]

    assert not [phone for phone in phones if phone.startswith("+25479")]


def test_a_kenyan_has_a_national_number_and_a_visitor_has_not() -> None:
    kenyan = [found for index in range(300) for found in identifiers_of(index, ["KE"], stream(1, index))]
    visitor = [found for index in range(300) for found in identifiers_of(index, ["UG"], stream(1, index))]

    assert {found["type"] for found in kenyan} == {"national_id", "passport"}
    assert {found["type"] for found in visitor} == {"passport", "alien_id"}
    assert {found["country"] for found in visitor if found["type"] == "passport"} == {"UG"}


def test_addresses_and_handles_carry_the_name_without_its_marks() -> None:
    emails = [
        address(email) for index in range(100) for email in emails_of(index, "Günther", "O'Brien", stream(1, index))
    ]
    handles = [found for index in range(100) for found in handles_of(index, "Günther", "O'Brien", stream(1, index))]

    assert all(email.startswith("gunther") and "obrien" in email for email in emails)
    assert {True, False} == {"gunther" in found["handle"] for found in handles}


def test_plain_letters_are_what_remains() -> None:
    assert plain("Ng'ang'a Ũ") == "nganga" + "u"


def test_what_is_known_of_a_number_goes_forward_and_lies_in_the_past() -> None:
    seen = []
    for index in range(1, 1500):
        profile = person(index)
        seen += [each for each in (*profile["phones"], *profile["emails"], *profile["handles"]) if "first_seen" in each]

    assert seen
    for each in seen:
        assert not isinstance(each, str)
        assert each["first_seen"][:4] <= each.get("last_seen", "2026") <= "2026"


def test_a_passport_runs_for_ten_years() -> None:
    profile = person(11)
    complete(profile, 2025, lambda: 0.0)

    (passport,) = profile["identifiers"]
    assert passport["issuer"] == "DEMO passport office, DE"
    assert int(passport["expires_on"][:4]) == int(passport["issued_on"][:4]) + 10


def test_whichever_way_it_is_written_it_is_the_same_number() -> None:
    assert number("+254790000001") == number({"number": "+254790000001"}) == "+254790000001"
    assert address("a@example.org") == address({"address": "a@example.org"}) == "a@example.org"
