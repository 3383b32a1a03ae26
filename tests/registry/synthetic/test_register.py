"""The synthetic register is always the same, visibly synthetic, and plausible enough to be searched."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import islice

import phonenumbers
import pytest

from registry.core.partial_dates import PartialDate
from registry.editions import load
from registry.synthetic.contacts import address, number
from registry.synthetic.days import AS_OF
from registry.synthetic.draws import MOST_PEOPLE
from registry.synthetic.record import Profile
from registry.synthetic.register import BIRTH_YEARS, people, person
from registry.synthetic.scenes import SCENES

KE = load("ke")
MANY = 6000
DIGEST = "import hashlib, json; from registry.synthetic.register import people;"
DIGEST += "print(hashlib.sha256(json.dumps(list(people(7, 300))).encode()).hexdigest())"


@pytest.fixture(scope="module")
def register() -> list[Profile]:
    return list(people(count=MANY))


def full_names(profile: Profile) -> list[str]:
    return [name["full"] for name in profile["names"]]


def test_the_same_seed_gives_the_same_bytes_in_another_process() -> None:
    here = hashlib.sha256(json.dumps(list(people(7, 300))).encode()).hexdigest()
    command = [sys.executable, "-c", DIGEST]

    there = subprocess.run(
        command,
        env={**os.environ, "PYTHONHASHSEED": "11", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )

    assert there.stdout.strip() == here


def test_another_seed_gives_another_register_with_the_same_scenes() -> None:
    one, other = list(people(1, 40)), list(people(2, 40))

    played = len(SCENES)
    assert one[played:] != other[played:]
    assert [full_names(profile) for profile in one[:played]] == [full_names(profile) for profile in other[:played]]


def test_a_larger_register_begins_with_the_smaller_one(register: list[Profile]) -> None:
    assert list(people(count=200)) == register[:200]


def test_ranges_join_without_a_seam(register: list[Profile]) -> None:
    parts = [*people(count=70), *people(count=50, start=70), *people(count=30, start=120)]

    assert parts == register[:150]


def test_people_come_one_by_one() -> None:
    endless = people(count=MOST_PEOPLE - 1)

    assert [profile["id"] for profile in islice(endless, 2)] == ["DEMO-0000001", "DEMO-0000002"]


@pytest.mark.parametrize(("count", "start"), [(MOST_PEOPLE, 0), (1, -1), (2, MOST_PEOPLE - 2)])
def test_a_register_beyond_its_numbers_is_refused(count: int, start: int) -> None:
    with pytest.raises(ValueError, match="fewer than 10000000 people"):
        people(count=count, start=start)


def test_a_profile_that_is_changed_does_not_change_the_next_one() -> None:
    first = person(1)
    first["names"][0]["parts"]["given"] = "Changed"
    second_judgment = person(14)["convictions"][1]
    second_judgment["appeal"] = "quashed"

    assert person(1)["names"][0]["parts"]["given"] == "Juma"
    assert person(14)["convictions"][1]["appeal"] == "dismissed"


def test_every_record_is_json(register: list[Profile]) -> None:
    assert json.loads(json.dumps(register)) == register


def test_every_record_looks_synthetic(register: list[Profile]) -> None:
    for profile in register:
        assert profile["id"].startswith("DEMO-")
        assert profile["record_owner"] == "DEMO-DCI"
        for conviction in profile["convictions"]:
            assert conviction["court"].startswith("DEMO ")
            assert conviction["sentence"].startswith("DEMO ")
            assert conviction["case_number"].startswith("DEMO ")
        for identifier in profile["identifiers"]:
            assert identifier["value"][:2] in {"ZZ", "ZX"} or identifier["value"][0] in "789"


def test_the_record_owner_is_the_one_asked_for() -> None:
    assert {profile["record_owner"] for profile in people(count=20, record_owner="DEMO-ODPP")} == {"DEMO-ODPP"}


def test_addresses_end_in_reserved_domains_only(register: list[Profile]) -> None:
    addresses = [address(email) for profile in register for email in profile["emails"]]

    assert addresses
    assert {email.split("@")[1] for email in addresses} == {"example.org", "example.com", "example.net"}
    assert all(email.isascii() and email == email.lower() for email in addresses)


def test_phones_are_valid_and_already_in_international_form(register: list[Profile]) -> None:
    phones = [number(phone) for profile in register for phone in profile["phones"]]

    assert phones
    for phone in phones:
        parsed = phonenumbers.parse(phone)
        assert phonenumbers.is_valid_number(parsed), phone
        assert phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164) == phone


@pytest.mark.parametrize("name", ["phones", "emails"])
def test_they_are_plain_for_some_and_described_for_others(register: list[Profile], name: str) -> None:
    plain = Counter(isinstance(each, str) for profile in register for each in profile[name])  # type: ignore[literal-required]

    assert min(plain[True], plain[False]) > MANY / 100


def test_no_two_people_share_a_number_or_an_address(register: list[Profile]) -> None:
    seen = Counter(
        value
        for profile in register
        for value in (
            profile["id"],
            *map(number, profile["phones"]),
            *map(address, profile["emails"]),
            *(identifier["value"] for identifier in profile["identifiers"]),
            *(handle["handle"] for handle in profile["handles"]),
            *(vehicle["plate"] for vehicle in profile.get("vehicles", [])),
            *(each["register_entry"] for each in profile["convictions"] if "register_entry" in each),
            *(each["number"] for each in profile.get("orders", [])),
            *(each["number"] for each in profile.get("biometrics", [])),
        )
    )

    assert max(seen.values()) == 1


def test_counties_are_those_of_the_edition(register: list[Profile]) -> None:
    assert {profile["county"] for profile in register} == set(KE.counties)


def test_birth_dates_have_the_precision_they_claim(register: list[Profile]) -> None:
    for profile in register:
        dob = profile["dob"]
        if dob["value"] is None:
            assert dob["precision"] == "unknown"
        else:
            known = PartialDate.parse(dob["value"])
            assert known.precision == dob["precision"]
            assert BIRTH_YEARS[0] <= known.latest.year <= BIRTH_YEARS[1] + 2
            assert BIRTH_YEARS[0] <= known.earliest.year + (known.precision == "range")


def test_every_precision_and_the_first_of_january_occur(register: list[Profile]) -> None:
    precisions = Counter(profile["dob"]["precision"] for profile in register)
    placeholders = sum(1 for profile in register if (profile["dob"]["value"] or "").endswith("-01-01"))

    assert 0.75 < precisions["day"] / MANY < 0.83
    assert min(precisions[precision] for precision in ("month", "year", "unknown")) > MANY / 100
    assert 0.003 < precisions["range"] / MANY < 0.02
    assert 0.06 < placeholders / MANY < 0.12


def test_convictions_are_of_adults_and_in_order(register: list[Profile]) -> None:
    for profile in register:
        days = [date.fromisoformat(conviction["convicted_on"]) for conviction in profile["convictions"]]
        assert days == sorted(days)
        assert len(days) <= 3
        assert bool(days) == (profile["category"] == "convicted")
        if (born := profile["dob"]["value"]) and days:
            assert days[0].year > int(born[:4]) + 18


def test_offences_and_legal_bases_are_those_of_the_edition(register: list[Profile]) -> None:
    for profile in register:
        basis = profile["legal_basis"]
        assert KE.legal_bases[basis["code"]].article == basis["article"]
        for conviction in profile["convictions"]:
            assert KE.offences[conviction["offence"]].involves_child in {"yes", "possible"}
            assert KE.is_case_reference(conviction["case_number"])


def test_namesakes_exist_and_most_names_are_single(register: list[Profile]) -> None:
    names = Counter(profile["names"][0]["full"].casefold() for profile in register)

    with_namesake = sum(count for count in names.values() if count > 1)

    assert 0.005 < with_namesake / MANY < 0.4


def test_every_script_and_every_kind_of_name_occurs(register: list[Profile]) -> None:
    names = [name for profile in register for name in profile["names"]]

    assert {name["script"] for name in names} == {"Latn", "Arab", "Cyrl", "Hani", "Deva", "Ethi"}
    assert {name["kind"] for name in names} == {"legal", "previous", "alias", "nickname", "religious"}
    assert {role for name in names for role in name["parts"]} == {"given", "middle", "family", "patronymic"}


def test_men_and_women_and_several_nationalities_occur(register: list[Profile]) -> None:
    women = sum(1 for profile in register if profile["sex"] == "female")

    assert 0.08 < women / MANY < 0.16
    assert Counter(code for profile in register for code in profile["nationalities"])["KE"] > MANY / 2
    assert any(len(profile["nationalities"]) == 2 for profile in register)


def test_another_day_moves_verifications_and_nothing_that_courts_did(register: list[Profile]) -> None:
    later = list(people(count=300, today=AS_OF + timedelta(days=90)))

    assert [each["convictions"] for each in later] == [each["convictions"] for each in register[:300]]
    assert [each["orders"] for each in later if "orders" in each] == [
        each["orders"] for each in register[:300] if "orders" in each
    ]
    assert [each.get("freshness") for each in later] != [each.get("freshness") for each in register[:300]]
