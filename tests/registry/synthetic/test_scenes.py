import phonenumbers
import pytest

from registry.core.partial_dates import PartialDate
from registry.editions import load
from registry.synthetic.register import person
from registry.synthetic.scenes import SCENES, Scene


def test_the_first_twelve_people_are_scenes() -> None:
    assert list(SCENES) == list(range(1, 13))


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

    assert known["handles"] == [{"platform": "telegram", "handle": "blue_rider_demo5"}]
    assert not known["identifiers"] + [phone for phone in known["phones"] if phone]


def test_one_has_a_birth_year_only() -> None:
    assert person(6)["dob"] == {"value": "1958", "precision": "year"}


def test_one_is_known_by_a_cyrillic_original_only() -> None:
    assert [name["script"] for name in person(8)["names"]] == ["Cyrl"]
