"""What holds of every comparison, whoever is asked about: monotone, symmetric, and a name alone is never strong."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.matching.score import score
from registry.matching.types import Band, Handle, Identity, Match
from registry.matching.words import name_words
from tests.registry.matching import tokens
from tests.registry.matching.hostile import HOSTILE
from tests.registry.matching.strategies import NAMES, any_names, identities
from tests.registry.matching.tokens import prepare

SIZES = st.sampled_from([1, 10, 1_000, 100_000, 10_000_000, 10**9])
SCRIPTS = (
    "\u0645\u062d\u0645\u062f", "\u0635\u0627\u0644\u062d", "Мария", "Волкова", "陈波平", "राजेश", "शर्मा", "አበበ",
    "ተስፋዬ", "Γιώργος", "김민준",
)  # fmt: skip
written_names = st.lists(
    st.sampled_from([*NAMES, *SCRIPTS, "Ng'ang'a", "Al-Ghamdi", "Kuo-ch'iang", "K.", "bin", "ole"]),
    min_size=1, max_size=5, unique=True,
).map(" ".join)  # fmt: skip
days = st.dates(date(1930, 1, 1), date(2010, 12, 31))


def compare(asked: Identity, held: Identity, size: int = 100_000) -> Match:
    return score(prepare(asked), tokens.held(held), {}, size)


@given(written_names | any_names | st.sampled_from(sorted(HOSTILE.values())), SIZES)
def test_a_name_alone_is_never_strong(name: str, size: int) -> None:
    held = Identity((name,), sex="female", nationalities=("SO",), county="Kwale")

    assert compare(Identity((name,)), held, size).band != Band.STRONG
    assert compare(held, held, size).band != Band.STRONG


@given(written_names, identities(written_names))
def test_another_way_of_reaching_somebody_never_lowers_the_score(name: str, held: Identity) -> None:
    held = replace(held, phones=(*held.phones, "0712345678"), handles=(*held.handles, Handle("x", "kingkev254")))
    asked = Identity((name,))
    reached = replace(asked, phones=("+254712345678",))

    scores = [
        compare(each, held).score for each in (asked, reached, replace(reached, handles=(Handle("x", "king.kev_254"),)))
    ]

    assert scores == sorted(scores)


@given(written_names, identities(written_names), days)
def test_the_more_precise_a_birth_date_that_agrees_the_higher_the_score(name: str, held: Identity, day: date) -> None:
    """But for 1 January, which is written where the day is not known."""
    assume((day.month, day.day) != (1, 1))
    held = replace(held, birth_date=PartialDate(day.year, day.month, day.day))
    known = [None, PartialDate(day.year), PartialDate(day.year, day.month), held.birth_date]

    scores = [compare(Identity((name,), birth_date=each), held).score for each in known]

    assert scores == sorted(scores)


@given(written_names, st.integers(1930, 2010))
def test_1_january_on_both_sides_says_at_least_the_year(name: str, year: int) -> None:
    held = Identity((name,), birth_date=PartialDate(year, 1, 1))

    assert compare(held, held).score >= compare(replace(held, birth_date=PartialDate(year)), held).score


@given(identities(written_names), identities(written_names))
def test_where_no_name_is_left_over_the_score_has_no_direction(one: Identity, other: Identity) -> None:
    """Names too many weigh otherwise than names too few, and rarity is that of the asker's words: else it is one."""
    one, other = replace(one, names=one.names[:1], sex="male"), replace(other, names=other.names[:1], sex="male")
    sizes = {sum(not word.is_initial for word in name_words(name)) for each in (one, other) for name in each.names}
    assume(len(sizes) == 1)

    assert compare(one, other).score == compare(other, one).score


@given(written_names, written_names)
def test_a_name_meets_itself_at_least_as_well_as_another(name: str, other: str) -> None:
    assume(len(name_words(name)) >= len(name_words(other)))
    asked = Identity((name,))

    assert compare(asked, asked).score >= compare(asked, Identity((other,))).score
