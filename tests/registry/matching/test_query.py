"""A question made ready."""

import pytest
from hypothesis import given

from registry.core.partial_dates import PartialDate
from registry.matching.keys import born_key, key, sound_key, word_key
from registry.matching.limits import QUERY_KEYS, QUERY_WORDS
from registry.matching.query import TRUST
from registry.matching.skeletons import skeleton
from registry.matching.types import Handle, Identifier, Identity
from tests.registry.matching.strategies import identities
from tests.registry.matching.tokens import BLIND, prepare, profile_keys


@pytest.mark.parametrize("name", ["", "  ", "bin binti", "Dr. van der", "\u202e", "*%?_", "J."])
def test_nothing_usable_gives_no_keys(name: str) -> None:
    prepared = prepare(Identity(names=(name,)))

    assert prepared.keys == ()
    assert prepared.tokens == ()


def test_an_empty_question_gives_no_keys() -> None:
    assert prepare(Identity()).keys == ()


def test_the_best_kinds_come_first() -> None:
    prepared = prepare(Identity(names=("Peter Kamau",), identifiers=(Identifier("passport", "AK123456"),)))

    assert prepared.keys[0] == key("document", BLIND("document", "AK123456"))
    assert list(prepared.trust.values()) == sorted(prepared.trust.values(), reverse=True)


@given(identities())
def test_a_question_never_has_more_keys_than_the_limit(identity: Identity) -> None:
    prepared = prepare(identity)

    assert len(prepared.keys) <= QUERY_KEYS
    assert set(prepared.trust.values()) <= set(TRUST.values())


def test_swapped_and_neighbouring_birth_dates_are_looked_up() -> None:
    found = prepare(Identity(birth_date=PartialDate(1984, 5, 3))).keys

    years = (1983, 1984, 1985, 1974, 1994)  # one off, or the tens mistyped
    assert {born_key(1984, 3, 5), *(born_key(year, 5, 3) for year in years)} == set(found)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("Daniel Kip Limo", "Daniel Kiplimo"),
        ("Daniel Kiplimo", "Daniel Kip Limo"),
        ("Bill Odongo", "William Odongo"),
        ("Odongo William", "Bill Odongo"),
        ("Michail Orlov", "Mikhail Orlov"),
        ("Brian Ornondi", "Brian Omondi"),
        ("Oliver Wrtight", "Oliver Wright"),
        ("محمد حسين", "Mohamed Hussein"),
        ("Khalid Alghamdi", "Khalid al-Ghamdi"),
        ("Peter Mathengte", "Peter Mathenge"),
    ],
)
def test_a_question_meets_the_profile_in_a_key_of_two_words(asked: str, held: str) -> None:
    singles = {sound_key(skeleton(w)) for name in (asked, held) for w in name.lower().split()}

    assert (set(prepare(Identity((asked,))).keys) & profile_keys(Identity((held,)))) - singles


def test_handles_and_contacts_are_looked_up() -> None:
    asked = Identity(phones=("0712345678",), emails=("a@example.org",), handles=(Handle(None, "@king.kev254"),))

    assert len(set(prepare(asked).keys) & profile_keys(asked)) == 4


def test_the_words_of_a_question_are_counted_with_the_heads_of_their_families() -> None:
    tokens = prepare(Identity(("Bill Odongo",))).tokens

    assert {word_key("bill"), word_key("odongo"), sound_key(skeleton("william"))} <= set(tokens)


def test_a_question_with_too_many_names_keeps_the_first() -> None:
    names = tuple(f"Peter Kamau N{letter}oroge" for letter in "abcdefghijkl")

    kept = prepare(Identity(names)).record.names

    assert 0 < sum(map(len, kept)) <= QUERY_WORDS
    assert kept[0][0].text == "peter"
