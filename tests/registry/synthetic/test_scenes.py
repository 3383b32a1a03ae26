from datetime import date, timedelta

import phonenumbers
import pytest

from registry.core.partial_dates import PartialDate
from registry.editions import load
from registry.synthetic.register import person
from registry.synthetic.scenes import CONTESTED, DUPLICATES, EXPIRED, SCENES, SEALED, Scene


def test_the_first_people_are_scenes() -> None:
    assert list(SCENES) == list(range(1, 22))


@pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.names[0]["full"])
def test_a_scene_is_plausible(scene: Scene) -> None:
    assert scene.sentence.endswith(".")
    assert scene.county in load("ke").counties
    assert scene.dob is None or PartialDate.parse(scene.dob).year == scene.born
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in scene.phones)


def test_a_legal_name_is_its_parts_in_order() -> None:
    legal = [name for scene in SCENES.values() for name in scene.names if name["kind"] == "legal"]

    assert all(name["full"] == " ".join(name["parts"].values()) for name in legal)


def test_the_walk_through_finds_the_first() -> None:
    first = person(1)

    assert first["id"] == "DEMO-0000001"
    assert first["names"][0]["full"] == "Juma Hamisi Mwakio"
    assert first["dob"] == {"value": "1979-08-14", "precision": "day"}
    assert first["identifiers"][0]["value"] == "70000001"


def test_two_namesakes_differ_in_their_year_of_birth() -> None:
    one, other = person(2), person(3)

    assert one["names"] == other["names"]
    assert one["dob"] != other["dob"]


def test_one_is_known_by_aliases_only_and_without_a_birth_date() -> None:
    assert {name["kind"] for name in person(4)["names"]} == {"alias"}
    assert person(4)["dob"] == {"value": None, "precision": "unknown"}


def test_one_is_known_by_a_handle_and_no_number() -> None:
    known = person(5)

    assert [(each["platform"], each["handle"]) for each in known["handles"]] == [("telegram", "blue_rider_demo5")]
    assert not known["identifiers"]
    assert not known["phones"]


def test_one_has_a_birth_year_only() -> None:
    assert person(6)["dob"] == {"value": "1958", "precision": "year"}


def test_one_is_known_by_a_cyrillic_original_only() -> None:
    assert [name["script"] for name in person(8)["names"]] == ["Cyrl"]


@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_every_scene_but_that_of_the_order_is_of_somebody_convicted(seed: int) -> None:
    categories = {index: person(index, seed)["category"] for index in SCENES}

    assert {index for index, category in categories.items() if category != "convicted"} == {20}


def test_one_of_two_convictions_is_quashed_and_the_other_stands() -> None:
    assert [each["appeal"] for each in person(14)["convictions"]] == ["quashed", "dismissed"]
    assert person(14)["tier"] == "two"


def test_a_pair_is_one_man_in_two_spellings() -> None:
    one, other = (person(index) for index in DUPLICATES)

    assert one["names"][0]["full"] == "Hezekiah Mutua Musyoka"
    assert other["names"][0]["full"] == "Hezekia Mutwa Musioka"
    assert str(one["dob"]["value"]).startswith(str(other["dob"]["value"]))
    assert one["county"] == other["county"]


def test_one_is_overdue_by_most_of_a_year() -> None:
    today = date(2027, 5, 1)
    due = {each["due_on"] for each in person(18, today=today)["freshness"]}

    assert due == {(today - timedelta(days=308)).isoformat()}
    assert person(18)["tier"] == "three"


def test_one_has_notified_a_journey_more_than_three_weeks_ahead() -> None:
    today = date(2027, 5, 1)
    past, ahead = person(19, today=today)["travels"]

    assert past["state"] == "past"
    assert past["returns_on"] < today.isoformat() < ahead["departs_on"]
    notice = date.fromisoformat(ahead["departs_on"]) - date.fromisoformat(ahead["notified_on"])
    assert notice > timedelta(days=21)


def test_one_is_registered_by_an_order_without_a_conviction() -> None:
    ordered = person(20)

    assert ordered["convictions"] == []
    assert ordered["orders"][0]["number"].startswith("DEMO ")
    assert ordered["legal_basis"]["code"] == "KE-SOA-39-2"


def test_one_entry_has_expired() -> None:
    assert person(EXPIRED, today=date(2027, 5, 1))["expires_on"] == "2027-03-22"


def test_what_officers_do_stands_in_no_record() -> None:
    for index in (CONTESTED, SEALED):
        assert not {"standing", "contested"} & set(person(index))
