"""Marks: read from words of two languages, and compared so that what is not known is silent."""

import pytest
from hypothesis import given, strategies as st

from registry.matching import weights
from registry.matching.data import bodies, motifs
from registry.matching.data.sentences import SENTENCES
from registry.matching.limits import LOOK_WORDS
from registry.matching.marks import ORDER, Seen, agreement, larger, looks, placed, seen, told
from registry.matching.types import Mark

PLACES = [
    ("left forearm", "forearm", "left"),
    ("Forearm, L", "forearm", "left"),
    ("mkono wa kushoto", "arm", "left"),
    ("mkono wa kulia", "arm", "right"),
    ("upper arm", "upper_arm", ""),
    ("left upper arm", "upper_arm", "left"),
    ("upper left arm", "upper_arm", "left"),
    ("mkono wa juu", "upper_arm", ""),
    ("foream", "forearm", ""),
    ("back of the hand", "back", ""),
    ("shin", "lower_leg", ""),
    ("kidole cha mguu", "toe", ""),
    ("kidole", "finger", ""),
    ("usoni", "face", ""),
    ("upper_arm", "upper_arm", ""),
    ("LEFT", "", "left"),
    ("nowhere", "", ""),
    ("", "", ""),
]


@pytest.mark.parametrize(("text", "part", "side"), PLACES)
def test_a_place_on_the_body_is_read_in_english_and_swahili(text: str, part: str, side: str) -> None:
    assert placed(text) == (part, side)


LOOKS = [
    ("nge", ("scorpion",)),
    ("a large black scorpion", ("scorpion",)),
    ("scorpoin", ("scorpion",)),
    ("hearts", ("heart",)),
    ("NYOKA na moyo", ("snake", "heart")),
    ("Msalaba mwekundu", ("cross",)),
    ("initials JK", ("letter", "jk")),
    ("Sc\u00f3rpion", ("scorpion",)),
    ("ng'ombe", ("bull",)),
    ("a tattoo", ()),
]


@pytest.mark.parametrize(("text", "words"), LOOKS)
def test_what_a_mark_shows_is_read_into_one_word_for_one_thing(text: str, words: tuple[str, ...]) -> None:
    assert looks(text) == words


def test_no_word_stands_for_two_things() -> None:
    both = [other for others in motifs.MOTIFS.values() for other in others]

    assert len(both) == len(set(both))
    assert not set(both) & motifs.MOTIFS.keys()
    assert not set(motifs.CANONICAL) & motifs.FILLERS - {"long"}


def test_every_larger_part_is_a_part_and_none_lies_in_itself() -> None:
    assert bodies.WITHIN.keys() | set(bodies.WITHIN.values()) <= bodies.PARTS.keys()
    assert all(part not in larger(part) for part in bodies.PARTS)


SCORPION = Seen("tattoo", "forearm", "left", ("scorpion",))
AGREEMENTS = [
    ("mark.same", SCORPION),
    ("mark.same", Seen("", "arm", "", ("scorpion",))),
    ("mark.same", Seen("mark", "forearm", "left", ("scorpions", "snake"))),
    ("mark.look", Seen("tattoo", "", "", ("scorpion",))),
    ("mark.elsewhere", Seen("tattoo", "back", "", ("scorpion",))),
    ("mark.place", Seen("tattoo", "forearm", "left", ())),
    ("mark.place", Seen("", "arm", "", ())),
    ("mark.kind", Seen("tattoo", "", "left", ())),
    (None, Seen("tattoo", "forearm", "right", ("scorpion",))),
    (None, Seen("scar", "forearm", "left", ("scorpion",))),
    (None, Seen("tattoo", "forearm", "left", ("anchor",))),
    (None, Seen("tattoo", "upper_arm", "left", ())),
    (None, Seen("", "", "", ())),
]


@pytest.mark.parametrize(("feature", "asked"), AGREEMENTS)
def test_marks_agree_by_degrees(feature: str | None, asked: Seen) -> None:
    assert agreement(asked, SCORPION) == feature
    assert agreement(SCORPION, asked) == feature


def test_the_closer_two_marks_are_the_more_they_weigh() -> None:
    bits = [weights.BITS[feature] for feature in ORDER]

    assert bits == sorted(bits, reverse=True)
    assert set(ORDER) <= SENTENCES.keys()


ANY = st.builds(
    Seen,
    st.sampled_from(["", "scar", "mark", "tattoo"]),
    st.sampled_from(["", "arm", "forearm", "hand", "finger", "back"]),
    st.sampled_from(["", "left", "right"]),
    st.lists(st.sampled_from(["scorpion", "scorpions", "star", "scar", "snake"]), max_size=2).map(tuple),
)


@given(ANY, ANY)
def test_agreement_has_no_direction(one: Seen, other: Seen) -> None:
    assert agreement(one, other) == agreement(other, one)


@given(ANY, st.sampled_from(["kind", "part", "side", "look"]))
def test_to_know_more_that_agrees_never_weighs_less(held: Seen, field: str) -> None:
    silent = {"kind": held._replace(kind=""), "part": held._replace(part=""), "side": held._replace(side=""),
              "look": held._replace(look=())}  # fmt: skip

    whole, less = agreement(held, held), agreement(silent[field], held)

    assert weights.BITS.get(whole or "", 0.0) >= weights.BITS.get(less or "", 0.0)


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_read(place: str, look: str) -> None:
    read = seen(Mark("tattoo", place, look))

    assert len(read.look) <= LOOK_WORDS
    assert told(read).isprintable() or not (place + look).isprintable()


def test_ten_thousand_characters_cost_as_little_as_two_hundred() -> None:
    hostile = Mark("tattoo", "arm " * 2500, "a\u0301" * 5000)

    assert seen(hostile) == seen(Mark("tattoo", "arm", "a\u0301" * 60))
    assert sum(map(len, seen(hostile).look)) <= 200


def test_a_mark_is_told_in_words() -> None:
    assert told(SCORPION) == "tattoo, left forearm: scorpion"
    assert told(Seen("", "upper_arm", "", ())) == "upper arm"
