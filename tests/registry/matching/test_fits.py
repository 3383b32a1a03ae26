"""What is known without a name: found by its keys, compared for and never against, and never enough alone."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import InputRefused
from registry.editions.edition import load
from registry.matching import candidates, crowds, query, traits, weights
from registry.matching.fits import FITS
from registry.matching.query import PreparedQuery
from registry.matching.record import describe, read, write
from registry.matching.score import score
from registry.matching.types import Band, Handle, Identity, Mark, Match, Near, Place
from tests.registry.matching import tokens
from tests.registry.matching.strategies import full_names, identities
from tests.registry.matching.tokens import BLIND, OTHER_BLIND, profile_keys

COUNTIES = load("ke").centres
NAIROBI, MOMBASA = (-1.2921, 36.8219), (-4.0435, 39.6682)
HELD = Identity(
    names=("Juma Mwakio",),
    county="Nairobi",
    handles=(Handle("tiktok", "king.kev254"),),
    marks=(Mark("tattoo", "Left forearm", "scorpion"), Mark("scar", "left cheek", "burn")),
    plates=("KBZ 437D",),
    places=(Place(NAIROBI, "Nairobi", "Westlands"), Place(None, "Kwale")),
    methods=("online_grooming", "force"),
)


def prepare(asked: Identity) -> PreparedQuery:
    return query.prepare(asked, blind=BLIND, counties=COUNTIES)


def compare(asked: Identity, held: Identity = HELD, size: int = 100_000) -> Match:
    return score(prepare(asked), tokens.held(held), {}, size)


def person(**fields: Any) -> Identity:  # Any: the fields' own types
    return Identity(**fields)


FOUND = [
    ("mark.same", person(marks=(Mark("tattoo", "mkono wa kushoto", "nge"),))),
    ("mark.look", person(marks=(Mark("", "", "scorpoin"),))),
    ("mark.place", person(marks=(Mark("tattoo", "forearm"),))),
    ("mark.place", person(marks=(Mark("", "arm", "", "left"),))),
    ("mark.elsewhere", person(marks=(Mark("tattoo", "back", "nge"),))),
    ("mark.second", person(marks=(Mark("tattoo", "", "nge"), Mark("scar", "face")))),
    ("plate.same", person(plates=("kbz-437d",))),
    ("plate.same", person(plates=("K8Z 437D",))),
    ("plate.part_long", person(plates=("KBZ 4?7",))),
    ("plate.part", person(plates=("BZ43",))),
    ("plate.part", person(plates=("437",))),
    ("plate.part", person(plates=("KBZ*",))),
    ("plate.part", person(plates=("*7D",))),
    ("place.near", person(near=Near(5.0, (-1.30, 36.83)))),
    ("place.around", person(near=Near(50.0, (-1.40, 36.90)))),
    ("place.region", person(near=Near(150.0, (-1.90, 37.20)))),
    ("place.county", person(near=Near(5.0, county="kwale county"))),
    ("place.county", person(near=Near(5.0, (-4.2, 39.2)))),
    ("place.sub_county", person(near=Near(5.0, county="Nairobi", sub_county="westlands"))),
    ("method.same", person(methods=("force",))),
    ("method.several", person(methods=("force", "online_grooming", "live_streaming"))),
    ("handle.part", person(handle_parts=(Handle(None, "g.kev"),))),
    ("handle.part_long", person(handle_parts=(Handle("tiktok", "king.kev"),))),
    ("handle.part_elsewhere", person(handle_parts=(Handle("x", "king.kev"),))),
]


@pytest.mark.parametrize(("feature", "asked"), FOUND)
def test_what_fits_is_found_by_a_key_and_named(feature: str, asked: Identity) -> None:
    assert not profile_keys(HELD).isdisjoint(prepare(asked).keys)
    assert feature in {each.feature for each in compare(asked).reasons}


OTHERS = [
    person(marks=(Mark("tattoo", "right forearm", "anchor"),)),
    person(plates=("KBZ 438D",)),
    person(plates=("437Z",)),
    person(near=Near(5.0, MOMBASA)),
    person(near=Near(5.0, county="Turkana")),
    person(methods=("live_streaming",)),
    person(handle_parts=(Handle(None, "kevking"),)),
    person(platforms=("x",)),
]


@pytest.mark.parametrize("asked", OTHERS)
def test_what_does_not_fit_speaks_against_nobody(asked: Identity) -> None:
    assert {each.feature for each in compare(asked).reasons} == {"register.size"}


def test_a_platform_supports_and_finds_nobody() -> None:
    asked = person(platforms=("TikTok",))

    assert prepare(asked).keys == ()
    assert "platform.same" in {each.feature for each in compare(asked).reasons}


def test_where_a_point_is_known_the_county_does_not_stand_for_it() -> None:
    far = person(places=(Place((-1.10, 36.65), "Nairobi"),))

    assert [each.feature for each in compare(person(near=Near(1.0, NAIROBI)), far).reasons] == ["register.size"]


def test_a_sealed_value_is_never_told_unless_it_is_the_asker_s() -> None:
    for asked in (person(plates=("KBZ 4?7",)), person(handle_parts=(Handle(None, "gkev"),))):
        (reason,) = (each for each in compare(asked).reasons if each.feature != "register.size")
        assert reason.record is None
        assert "437D" not in (reason.query or "")


EVERYTHING = [asked for _, asked in FOUND]


def together(*parts: Identity) -> Identity:
    return Identity(
        marks=tuple(each for part in parts for each in part.marks),
        plates=tuple(each for part in parts for each in part.plates),
        near=next((part.near for part in parts if part.near), None),
        methods=tuple(dict.fromkeys(each for part in parts for each in part.methods)),
        handle_parts=tuple(each for part in parts for each in part.handle_parts),
    )


@given(st.lists(st.sampled_from(EVERYTHING), max_size=8), st.integers(1, 10**7))
def test_nothing_of_this_makes_a_match_strong_alone_or_together(parts: list[Identity], size: int) -> None:
    assert compare(together(*parts), size=size).band != Band.STRONG


@given(st.lists(st.sampled_from(EVERYTHING), max_size=5), full_names, st.integers(1, 10**6))
def test_nor_with_a_name(parts: list[Identity], name: str, size: int) -> None:
    held = replace(HELD, names=(name,))

    assert compare(replace(together(*parts), names=(name,)), held, size).band != Band.STRONG


@given(identities(full_names), identities(full_names), st.lists(st.sampled_from(EVERYTHING), max_size=3),
       st.sampled_from(EVERYTHING))  # fmt: skip
def test_more_that_fits_never_lowers_the_score(
    asked: Identity, held: Identity, parts: list[Identity], more: Identity
) -> None:
    held = replace(HELD, names=held.names, birth_date=held.birth_date, sex=held.sex, county=held.county)
    less, all_of_it = together(*parts), together(*parts, more)

    def with_traits(of: Identity) -> Identity:
        return replace(of, names=asked.names, birth_date=asked.birth_date, sex=asked.sex)

    assert compare(with_traits(all_of_it), held).score >= compare(with_traits(less), held).score


@pytest.mark.parametrize("comparison", FITS)
@pytest.mark.parametrize("asked", EVERYTHING)
def test_silence_on_either_side_is_neither_for_nor_against(comparison: Any, asked: Identity) -> None:
    assert comparison(prepare(asked), tokens.held(Identity())) is None
    assert comparison(prepare(Identity()), tokens.held(HELD)) is None


def test_every_row_of_a_comparison_stands_in_the_weights_and_none_is_against() -> None:
    mine = {feature for feature, _ in FOUND} | {"platform.same", "mark.kind"}

    assert mine - {"plate.same"} == weights.SUPPORTING
    assert all(weights.BITS[feature] > 0 for feature in mine)
    assert not weights.DISCRIMINATORS & mine


# -- what is stored


traits_held = st.builds(
    Identity,
    handles=st.lists(st.builds(Handle, st.none(), st.text("abc1", max_size=40)), max_size=3).map(tuple),
    marks=st.lists(st.builds(Mark, st.just("scar"), st.text(max_size=20), st.text(max_size=40)), max_size=3).map(tuple),
    plates=st.lists(st.text(max_size=12), max_size=3).map(tuple),
    places=st.lists(
        st.builds(Place, st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)), st.text(max_size=9)),
        max_size=3,
    ).map(tuple),
    methods=st.lists(st.text(max_size=8), max_size=3).map(tuple),
)


@given(traits_held)
def test_reading_is_the_inverse_of_writing(identity: Identity) -> None:
    record = describe(identity, blind=BLIND).record

    assert read(write(record)) == record
    assert traits.write(traits.read(record.traits)) == record.traits


def test_who_is_known_by_nothing_else_has_the_same_short_line() -> None:
    line = tokens.compact(Identity(("Peter Kamau",)))

    assert "\n" not in line
    assert read(line).traits == ""


@given(traits_held)
def test_another_key_finds_none_of_what_is_sealed(identity: Identity) -> None:
    sealed = replace(identity, marks=(), methods=(), names=())

    assert profile_keys(sealed).isdisjoint(profile_keys(sealed, blind=OTHER_BLIND))


def test_a_profile_with_very_much_of_everything_stays_within_the_limit() -> None:
    crowd = Identity(
        marks=tuple(Mark("tattoo", "arm", f"word{n} sign{n} more{n}") for n in range(500)),
        plates=tuple(f"K{n:09d}" for n in range(500)),
        places=tuple(Place((n / 9, n / 9), f"c{n}") for n in range(500)),
        methods=tuple(f"m{n}" for n in range(500)),
        handles=tuple(Handle("x", f"handle{n}" * 9) for n in range(500)),
    )

    assert len(profile_keys(crowd)) <= 1400
    assert len(tokens.compact(crowd)) < 20_000


# -- crowds

RURAL, CITY = 7, 8


def test_keys_of_one_observation_are_set_aside_together() -> None:
    prepared = prepare(person(near=Near(5.0, (-3.0, 38.0)), marks=(Mark("", "", "nge"),)))
    (cells, *_) = prepared.together
    full, other = sorted(cells)[:2]
    alone = next(key for key in prepared.keys if not any(key in each for each in prepared.together))

    left = crowds.without(prepared, {other: [1], alone: [2]}, [full])

    assert dict(left) == {alone: [2]}
    assert crowds.without(prepared, {other: [1], alone: [2]}, []) == {other: [1], alone: [2]}


def test_a_description_that_a_crowd_fits_is_refused() -> None:
    described = prepare(person(marks=(Mark("tattoo", "arm"),)))
    key = described.keys[0]
    many = list(range(candidates.CANDIDATE_CAP))

    for postings, overfull, chosen in (({}, [key], []), ({key: [*many, 999]}, [], many)):
        with pytest.raises(InputRefused) as refused:
            crowds.check(described, postings, overfull, chosen)
        assert (refused.value.code, refused.value.field) == ("CRITERIA_TOO_FEW", "criteria")
        assert refused.value.remedy


def test_a_question_with_a_name_or_with_few_who_fit_is_answered() -> None:
    named = prepare(person(names=("Juma Mwakio",), marks=(Mark("tattoo", "arm"),)))
    described = prepare(person(marks=(Mark("tattoo", "arm"),)))
    many = list(range(candidates.CANDIDATE_CAP))

    crowds.check(named, {}, [1], [])
    crowds.check(described, {1: [3]}, [2], [3])
    crowds.check(described, {1: many[:-1]}, [], many)
    assert not named.is_description
    assert described.is_description
