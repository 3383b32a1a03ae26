"""Handling codes of others: laws of their combination, and that no code ever opens anything."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import InputRefused
from registry.disclosure import handling
from registry.disclosure.handling import CLEARANCES, CODES, LIMITS, ONWARD, VOCABULARIES, Terms, code, sentences, terms
from registry.disclosure.vocabulary import Purpose, Role, Use
from registry.editions.terms import KNOWN
from tests.registry.disclosure.cases import ABROAD, KE, case

COUNTRIES = st.frozensets(st.sampled_from(["KE", "NL", "UG"]))
CODE = st.sampled_from(list(CODES))
TERMS = st.builds(
    Terms, st.none() | COUNTRIES, st.sampled_from(ONWARD), st.frozensets(st.sampled_from(list(LIMITS))),
    st.sampled_from(CLEARANCES),
)  # fmt: skip


@given(TERMS, TERMS, TERMS)
def test_terms_combine_to_the_most_restrictive_in_any_order(one: Terms, other: Terms, third: Terms) -> None:
    """A semilattice: commutative, associative, idempotent, with "no terms" as its top."""
    assert one.meet(other) == other.meet(one)
    assert one.meet(other).meet(third) == one.meet(other.meet(third))
    assert one.meet(one) == one
    assert one.meet(Terms()) == one
    assert one.meet(other).is_as_strict_as(one)
    assert one.meet(other).is_as_strict_as(other)


@given(st.lists(CODE), CODE)
def test_one_more_code_never_loosens_anything(codes: list[str], one_more: str) -> None:
    fewer, more = terms(codes), terms([*codes, one_more])

    assert more.is_as_strict_as(fewer)
    assert ONWARD.index(more.onward) >= ONWARD.index(fewer.onward)
    assert CLEARANCES.index(more.clearance) >= CLEARANCES.index(fewer.clearance)
    assert more.limits >= fewer.limits
    assert fewer.countries is None or (more.countries is not None and more.countries <= fewer.countries)


@given(st.lists(CODE, max_size=3), CODE, COUNTRIES, st.sampled_from(["open", "restricted", "secret"]))
def test_one_more_code_never_opens_a_cell_to_a_partner(
    codes: list[str], one_more: str, named: frozenset[str], officer: str
) -> None:
    access, facts = case(Role.PARTNER_OFFICER, Purpose.MISSING_CHILD, ABROAD)
    access = replace(access, clearance=officer)
    opened = []
    for given_codes in (codes, [*codes, one_more]):
        held = terms(given_codes, among=named)
        assert held.countries is not None
        marked = replace(facts, releasable_to=held.countries, onward=held.onward, clearance=held.clearance)
        decision = KE.decide(access, marked)
        opened.append({(use, kind) for use in Use for kind in decision.may(use)})

    assert opened[1] <= opened[0]


@pytest.mark.parametrize(("codes", "countries", "onward", "clearance"), [
    ([], None, "H0", "open"),
    (["TLP:CLEAR"], None, "H0", "open"),
    (["SIENA:H1"], None, "H1", "open"),
    (["siena:h1 ", "SIENA:H2"], None, "H2", "open"),
    (["SIENA:H3"], frozenset(), "H3", "open"),
    (["SIENA:H0", "INTERPOL:RESTRICTED"], None, "H2", "restricted"),
    (["TLP:GREEN", "INTERPOL:CONFIDENTIAL"], frozenset(), "H2", "secret"),
    (["TLP:RED", "SIENA:H0"], frozenset(), "H3", "secret"),
])  # fmt: skip
def test_codes_mean_what_the_table_says(
    codes: list[str], countries: frozenset[str] | None, onward: str, clearance: str
) -> None:
    held = terms(codes)

    assert (held.countries, held.onward, held.clearance) == (countries, onward, clearance)


def test_what_the_source_excludes_gets_nothing_and_nobody_is_added() -> None:
    assert terms(["SIENA:H1"], among=["NL", "UG"], without=["UG"]).countries == frozenset({"NL"})
    assert terms(["SIENA:H1"], without=["UG"]).countries == frozenset()
    assert terms(["TLP:RED"], among=["NL"], without=["UG"]).countries == frozenset()
    assert terms([], among=["NL"]).countries == frozenset({"NL"})


def test_a_code_that_nobody_knows_is_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        terms(["TLP:PURPLE"])

    assert refused.value.code == "HANDLING_CODE_UNKNOWN"
    assert "PURPLE" not in str(refused.value)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_each_vocabulary_goes_from_loose_to_strict(vocabulary: str) -> None:
    held = [terms for name, terms in CODES.items() if name.startswith(vocabulary)]

    for loose, strict in pairwise(held):
        assert ONWARD.index(strict.onward) >= ONWARD.index(loose.onward)
        assert CLEARANCES.index(strict.clearance) >= CLEARANCES.index(loose.clearance)
        assert not loose.is_as_strict_as(strict)


@given(TERMS, st.sampled_from(VOCABULARIES))
def test_a_code_that_goes_out_allows_no_more_than_the_record_where_the_vocabulary_can_say_it(
    held: Terms, vocabulary: str
) -> None:
    said = CODES[code(vocabulary, held)]
    strictest = [terms for name, terms in CODES.items() if name.startswith(vocabulary)][-1]

    if said != strictest:
        assert ONWARD.index(said.onward) >= ONWARD.index(held.onward)
        assert CLEARANCES.index(said.clearance) >= CLEARANCES.index(held.clearance)
        assert held.countries != frozenset() or said.countries == frozenset()


@pytest.mark.parametrize("name", [name for name in CODES if name != "TLP:AMBER+STRICT"])
def test_a_code_comes_back_as_it_went(name: str) -> None:
    """But for codes that differ from one another in their limits only: those are told beside them."""
    again = code(name.split(":", maxsplit=1)[0], CODES[name])

    assert replace(CODES[again], limits=frozenset()) == replace(CODES[name], limits=frozenset())


def test_limits_are_told_in_sentences() -> None:
    assert sentences({"not_in_court", "crime_only"}) == (
        "For preventing and fighting crime only. Not for use in court without the provider's permission."
    )
    assert sentences([]) == ""
    assert {limit for held in CODES.values() for limit in held.limits} == set(LIMITS)


def test_marks_are_those_of_a_record() -> None:
    assert KNOWN["onward"] == handling.ONWARD
    assert set(CLEARANCES) < set(KNOWN["clearances"])
