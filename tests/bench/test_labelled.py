"""A set of our own knows its answers, and is always the same."""

from collections import Counter
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench.labelled import distortions, people, questions
from bench.labelled.distortions import Known
from bench.labelled.namesakes import Meant, are_compatible, namesakes
from bench.matching import sets
from registry.synthetic.draws import stream

EACH, PROFILES = 8, 500


@pytest.fixture(scope="session")
def register(own_set: Path) -> list[dict[str, Any]]:
    with (own_set / sets.PROFILES).open("rb") as lines:
        return [orjson.loads(line) for line in lines]


def test_the_same_set_is_drawn_again(own_set: Path, tmp_path: Path) -> None:
    people.write(tmp_path, PROFILES, EACH)

    for name in (sets.PROFILES, sets.QUESTIONS):
        assert (tmp_path / name).read_bytes() == (own_set / name).read_bytes()


def test_every_class_is_asked_as_often_as_it_should_be(own_set: Path) -> None:
    counted = Counter(question.kind for question in sets.questions(own_set))

    assert set(counted) == set(questions.CLASSES)
    assert {kind for kind, times in counted.items() if times > EACH} == set()
    assert sum(counted.values()) >= 0.9 * EACH * len(questions.CLASSES)


def test_the_wanted_are_on_the_register_and_strangers_are_not(own_set: Path, register: list[dict[str, Any]]) -> None:
    known = {person["id"] for person in register}
    numbers = {each["value"] for person in register for each in person["identifiers"]}

    for question in sets.questions(own_set):
        assert (question.expected in known) == (not question.kind.startswith("stranger"))
        if question.kind == "stranger_unknown_number":
            assert not numbers & set(question.fields.values())


def test_every_line_can_be_read_as_a_person(own_set: Path, register: list[dict[str, Any]]) -> None:
    assert all(sets.profile_identity(line).names for line in register)
    assert all(question.identity() for question in sets.questions(own_set))


def line(key: str, name: str, born: str | None) -> dict[str, Any]:
    return {"id": key, "names": [{"full": name}], "dob": {"value": born}}


OTHERS = [
    line("1", "George Otieno Okoth", "1962"), line("2", "OKOTH, George Odhiambo", "1962-01-01"),
    line("3", "George Ouma Okoth", "1964"), line("4", "George Barasa Okoth", "1962"),
    line("5", "Giorgio Otieno Okoth", "1962-05-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "born", "expected", "counted"),
    [
        ([("George", "Otieno", "Okoth")], "1962-03-04", "1", 0),
        ([("George", "Okoth")], "1962-03-04", "1", 2),
        ([("George", "Otieno", "Okoth"), ("George", "O.", "Okoth")], "1962", "1", 1),
        ([("George", "Otieno", "Okoth"), ("Giorgio", "Otieno", "Okoth")], None, "1", 1),
        ([("George", "Okoth"), ("Okoth", "George")], None, None, 4),
        ([], "1962", "1", 0),
    ],
)
def test_namesakes_are_all_others_with_the_words_and_a_date_that_can_be_the_same(
    names: list[tuple[str, ...]], born: str | None, expected: str | None, counted: int
) -> None:
    assert namesakes([Meant(tuple(names), born, expected)], OTHERS) == [counted]


@pytest.mark.parametrize(
    ("one", "other", "compatible"),
    [
        ("1962", "1962-07-24", True), ("1962-07", "1962-08-24", False), ("1962-01-01", "1962-08-24", True),
        (None, "1962", True), ("1961-01-01", "1962-08-24", False),
    ],
)  # fmt: skip
def test_dates_are_compatible_as_far_as_they_are_known(one: str | None, other: str, compatible: bool) -> None:
    assert are_compatible(one, other) is compatible


@pytest.mark.parametrize("name", sorted({*questions.NAMED, *questions.DATED} - {"as_written"}))
def test_a_distortion_changes_what_is_said_and_only_that(name: str) -> None:
    change = {**questions.NAMED, **questions.DATED}[name]
    words = (
        ("Joseph", "arap", "Kipchumba-Otieno") if name == "without_particle" else ("Joseph", "Wanjiku", "Otienokimani")
    )
    known = Known(words, words, "1962-07-03", "female", "1962-07-03")

    changed = [made for number in range(200) if (made := change(known, stream(1, number)))]

    assert changed
    assert all((made.said, made.born) != (known.said, known.born) for made in changed)


def test_a_slip_in_a_number_is_one_slip() -> None:
    for number in range(200):
        slipped = distortions.number_slip("AK5834823", stream(2, number))
        assert slipped.startswith("AK")
        assert slipped != "AK5834823"
        assert len(slipped) in (8, 9)
