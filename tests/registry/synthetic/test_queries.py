"""Searches for load tests know their own answers."""

from collections import Counter

import pytest

from registry.synthetic import queries
from registry.synthetic.contacts import address, number
from registry.synthetic.draws import stream
from registry.synthetic.queries import STRANGERS_FROM, searches
from registry.synthetic.record import Profile, Search
from registry.synthetic.register import people, person
from registry.synthetic.scenes import EXPIRED, SEALED

SIZE = 500
EXACT = {"national_id", "passport", "phone", "email", "handle"}
KEYS = EXACT | {"name", "dob", "sex", "nationality", "county"}


@pytest.fixture(scope="module")
def asked() -> list[Search]:
    return list(searches(2026, 3000, SIZE))


@pytest.fixture(scope="module")
def register() -> dict[str, Profile]:
    return {profile["id"]: profile for profile in people(2026, SIZE)}


def values_of(profile: Profile) -> set[str]:
    return {
        *map(number, profile["phones"]),
        *map(address, profile["emails"]),
        *(handle["handle"] for handle in profile["handles"]),
        *(identifier["value"] for identifier in profile["identifiers"]),
    }


def is_exact(search: Search) -> bool:
    return bool(EXACT & set(search["fields"]))


def test_the_same_seed_asks_the_same(asked: list[Search]) -> None:
    assert list(searches(2026, 50, SIZE)) == asked[:50]
    assert list(searches(2026, 50, SIZE, start=50)) == asked[50:100]
    assert list(searches(2027, 50, SIZE)) != asked[:50]


def test_the_mix_is_the_one_promised(asked: list[Search]) -> None:
    mix = Counter((is_exact(search), search["expected"] is not None) for search in asked)

    assert mix[False, True] / 3000 == pytest.approx(0.35, abs=0.03)
    assert mix[True, True] / 3000 == pytest.approx(0.15, abs=0.03)
    assert (mix[False, False] + mix[True, False]) / 3000 == pytest.approx(0.50, abs=0.03)


def test_only_known_fields_are_asked_and_none_is_empty(asked: list[Search]) -> None:
    assert {key for search in asked for key in search["fields"]} == KEYS
    assert all(value for search in asked for value in search["fields"].values())


def test_an_exact_search_has_its_value_on_the_expected_record(
    asked: list[Search], register: dict[str, Profile]
) -> None:
    for search in asked:
        if is_exact(search) and search["expected"]:
            assert set(search["fields"].values()) <= values_of(register[search["expected"]])


def test_nobody_is_expected_whom_an_investigator_may_not_find(
    asked: list[Search], register: dict[str, Profile]
) -> None:
    expected = {search["expected"] for search in asked if search["expected"]}

    assert {register[each]["category"] for each in expected} == {"convicted"}
    assert not expected & {f"DEMO-{index:07d}" for index in (SEALED, EXPIRED)}


def test_somebody_born_in_a_range_of_years_is_described_by_the_year_within() -> None:
    assert queries._born({"value": "1967/1969", "precision": "range"}) == "1968"
    assert queries._born({"value": "1968-05", "precision": "month"}) == "1968-05"
    assert queries._born({"value": None, "precision": "unknown"}) is None


def test_an_unknown_number_is_on_no_record(asked: list[Search], register: dict[str, Profile]) -> None:
    known = {value for profile in register.values() for value in values_of(profile)}
    unknown = [search for search in asked if is_exact(search) and search["expected"] is None]

    assert unknown
    assert not [search for search in unknown if known & set(search["fields"].values())]


def test_a_partial_birth_date_agrees_with_the_record(asked: list[Search], register: dict[str, Profile]) -> None:
    for search in asked:
        if search["expected"] and "dob" in search["fields"]:
            dob = register[search["expected"]]["dob"]
            assert dob["value"]
            if dob["precision"] == "range":
                assert int(search["fields"]["dob"]) == int(dob["value"][:4]) + 1
            else:
                assert dob["value"].startswith(search["fields"]["dob"])


def test_names_are_seldom_written_as_on_the_record(asked: list[Search], register: dict[str, Profile]) -> None:
    named = [search for search in asked if search["expected"] and "name" in search["fields"]]
    same = sum(
        1
        for search in named
        if search["fields"]["name"] in {name["full"] for name in register[search["expected"] or ""]["names"]}
    )

    assert same / len(named) < 0.4


@pytest.mark.parametrize("size", [0, -1, STRANGERS_FROM])
def test_a_register_that_reaches_the_strangers_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="searches need a register"):
        searches(register_size=size)


def test_an_alien_number_is_no_field_of_a_search() -> None:
    profile = person(40)
    profile["identifiers"] = [{"type": "alien_id", "value": "81234567", "country": "KE"}]
    profile["phones"], profile["emails"], profile["handles"] = [], [], []

    assert queries._exact(profile) == []


def test_a_slip_changes_one_name_and_keeps_its_first_letter() -> None:
    slips = {queries._mistyped(["Otieno"], stream(1, index))[0] for index in range(100)}

    assert len(slips) > 8
    assert all(slip.startswith("O") and abs(len(slip) - 6) <= 1 for slip in slips)


def test_short_names_are_spared() -> None:
    assert queries._mistyped(["Ali"], stream(1, 1)) == ["Ali"]
    assert queries._shortened(["Ali", "Noor"], stream(1, 1)) == ["Ali", "Noor"]
