"""The laws of the score."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.matching import weights
from registry.matching.score import rank, score, without
from registry.matching.types import Band, Handle, Identifier, Identity, Match
from tests.registry.matching import tokens
from tests.registry.matching.strategies import NAMES, full_names, identities
from tests.registry.matching.tokens import prepare

SIZE = 100_000


def compare(asked: Identity, held: Identity) -> Match:
    return score(prepare(asked), tokens.held(held), {}, SIZE)


some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)


@given(some_names, identities(full_names), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(names: list[str], held: Identity, random: Random) -> None:
    shuffled = random.sample(names, len(names))

    assert compare(Identity((" ".join(names),)), held).score == compare(Identity((" ".join(shuffled),)), held).score


AGREEMENTS = {
    "birth_date": PartialDate(1984, 5, 13),
    "sex": "female",
    "nationalities": ("SO",),
    "county": "Kwale",
    "identifiers": (Identifier("passport", "AK123456", "KE"),),
    "phones": ("0712345678",),
    "emails": ("a@example.org",),
    "handles": (Handle("x", "kingkev254"),),
}


@pytest.mark.parametrize("field", AGREEMENTS)
@given(asked=identities(full_names), held=identities(full_names))
def test_more_agreement_never_lowers_the_score(field: str, asked: Identity, held: Identity) -> None:
    agreed = {field: AGREEMENTS[field]}
    silent = {field: type(AGREEMENTS[field])() if isinstance(AGREEMENTS[field], tuple) else None}
    held = replace(held, **agreed)  # type: ignore[arg-type] # the table above holds each field's own type

    without = compare(replace(asked, **silent), held)  # type: ignore[arg-type] # as above
    with_it = compare(replace(asked, **agreed), held)  # type: ignore[arg-type] # as above

    assert with_it.score >= without.score


@given(some_names, st.data())
def test_a_name_in_common_never_lowers_the_score(names: list[str], data: st.DataObject) -> None:
    held = Identity((" ".join(names),))
    fewer = data.draw(st.integers(1, len(names)))

    scores = [compare(Identity((" ".join(names[:n]),)), held).score for n in (fewer, len(names))]

    assert scores == sorted(scores)


@given(full_names, identities(full_names))
def test_the_closer_a_birth_date_the_higher_the_score(name: str, held: Identity) -> None:
    held = replace(held, birth_date=PartialDate(1984, 5, 3))
    dates = [PartialDate(1984, 5, 3), PartialDate(1984, 3, 5), PartialDate(1984, 11, 28), PartialDate(1971, 11, 28)]

    scores = [compare(Identity((name,), birth_date=date), held).score for date in dates]

    assert scores == sorted(scores, reverse=True)


@given(identities(full_names), identities(full_names))
def test_without_rarity_the_score_has_no_direction(one: Identity, other: Identity) -> None:
    one, other = replace(one, sex="male"), replace(other, sex="male")

    there, back = compare(one, other).score, compare(other, one).score

    assert there == pytest.approx(back, abs=0.25)


@given(identities(), identities())
def test_a_score_is_a_share_in_four_decimals_with_its_band(asked: Identity, held: Identity) -> None:
    match = compare(asked, held)

    assert 0 <= match.score <= 1
    assert match.score == round(match.score, 4)
    assert match.band in set(Band)


@given(identities(full_names))
def test_a_name_alone_is_never_strong(held: Identity) -> None:
    asked = Identity(names=held.names, sex=held.sex, nationalities=held.nationalities, county=held.county)

    assert compare(asked, held).band != Band.STRONG


@given(identities(full_names), identities(full_names))
def test_the_reasons_add_up_to_the_score(asked: Identity, held: Identity) -> None:
    match = compare(asked, held)

    bits = sum(reason.weight for reason in match.reasons)
    names = sum(reason.weight for reason in match.reasons if reason.feature.startswith("name."))

    bits += max(weights.NAME_FLOOR - names, 0)
    expected = 1 / (1 + 2 ** (-bits / weights.SLOPE))
    assert match.score == pytest.approx(expected, abs=0.01) or match.score == weights.BELOW_STRONG


def test_a_rare_name_counts_more_than_a_common_one() -> None:
    asked, held = prepare(Identity(("Peter Kirumba",))), tokens.held(Identity(("Peter Kirumba",)))
    crowd = dict.fromkeys(asked.tokens, 5000)

    assert score(asked, held, {}, SIZE).score > score(asked, held, crowd, SIZE).score


def test_women_s_names_change_with_marriage() -> None:
    asked, held = Identity(("Rose Kirumba Ouma",)), Identity(("Rose Kirumba Waweru",))

    assert compare(replace(asked, sex="female"), replace(held, sex="female")).score > compare(asked, held).score


def test_the_best_profiles_come_first_and_ties_keep_their_order() -> None:
    asked = prepare(Identity(("Peter Kirumba",)))
    records = [
        (n, tokens.held(Identity((name,)))) for n, name in enumerate(["Ali Juma", "Peter Kirumba", "Peter Kirumba"])
    ]

    ranked = rank(asked, records, {}, SIZE, limit=2)

    assert [number for number, _ in ranked] == [1, 2]
    assert ranked[0][1] == score(asked, records[1][1], {}, SIZE)


def test_hostile_values_stay_cheap() -> None:
    junk = "a\u0301" * 5000 + "\u202e" + " bin *%" * 500
    crowd = tuple(f"{junk} x{n} " + " ".join(f"kw{m}a{n}ra" for m in range(50)) for n in range(500))
    hostile = Identity(names=crowd, county=junk, phones=(junk,) * 500, emails=(junk,) * 500)
    record = tokens.held(hostile)

    ranked = rank(prepare(hostile), [(n, record) for n in range(3)], {}, SIZE)

    assert len(ranked) == 3
    assert len(record.names) <= 24
    assert sum(map(len, prepare(hostile).record.names)) <= 20


@given(asked=identities(), held=identities())
def test_without_what_may_not_be_asked_a_match_is_never_strong(asked: Identity, held: Identity) -> None:
    whole = compare(asked, held)
    kinds = {each.feature.partition(".")[0] for each in whole.reasons} - {"register"}

    assert without(whole, ()) is whole
    assert not kinds or without(whole, kinds) is None
    for kind in kinds:
        left = without(whole, {kind})
        if left is not None:
            assert left.band is not Band.STRONG
            assert not [each for each in left.reasons if each.feature.startswith(f"{kind}.")]
            assert left.score >= weights.WEAK_SCORE
