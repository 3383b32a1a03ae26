"""Words that may be slips, and how they are looked for."""

import pytest
from hypothesis import given, strategies as st
from rapidfuzz.distance import OSA

from registry.matching import keys, spellings
from registry.matching.query import PreparedQuery, prepare
from registry.matching.types import Identity
from tests.registry.matching.tokens import BLIND


def asked(name: str) -> PreparedQuery:
    return prepare(Identity(names=(name,)), blind=BLIND)


@pytest.mark.parametrize(
    ("asked_for", "on_the_register"),
    [
        ("segrey", "sergey"), ("huasng", "huang"), ("knagek", "kangek"), ("onyano", "onyango"), ("onyangoo", "onyango"),
        ("salab", "salah"), ("tlwari", "tiwari"), ("arnit", "amit"), ("tbakvr", "thakur"),
    ],
)  # fmt: skip
def test_a_word_and_its_slip_share_a_key(asked_for: str, on_the_register: str) -> None:
    assert not set(spellings.gap_keys(asked_for)).isdisjoint(spellings.gap_keys(on_the_register))
    assert [each.text for each in spellings.forms(asked_for, [(on_the_register, 3)])] == [on_the_register]


@given(st.text("abcdeikmnoruw", min_size=4, max_size=12), st.data())
def test_every_single_slip_in_a_word_is_found(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abz"))
    slips = [word[:place] + word[place + 1 :], word[:place] + letter + word[place:],
             word[:place] + letter + word[place + 1 :],
             word[:place] + word[place : place + 2][::-1] + word[place + 2 :]]  # fmt: skip

    for slip in slips:
        assert OSA.distance(word, slip) <= 1
        if len(slip) >= 4:
            assert not set(spellings.gap_keys(word)).isdisjoint(spellings.gap_keys(slip)), (word, slip)


def test_only_words_that_hardly_anybody_carries_are_doubted() -> None:
    question = asked("Segrey Kamau Ali")
    rarity = {keys.word_key("kamau"): 400, keys.word_key("segrey"): 1}

    assert spellings.doubtful(question, rarity, 20_000) == ("segrey",) or spellings.DOUBTED_BELOW * 20_000 < 1
    assert spellings.doubtful(question, rarity, 1_000_000) == ("segrey",)
    assert "ali" not in spellings.doubtful(question, {}, 1_000_000)


def test_the_nearest_word_comes_first_then_the_commonest() -> None:
    found = [("sergei", 90), ("sergey", 10), ("segrei", 2), ("serge", 50), ("kamau", 999)]

    assert [each.text for each in spellings.forms("segrey", found)] == ["sergey", "segrei"]


def test_a_doubtful_word_is_looked_for_beside_the_other_names() -> None:
    question = asked("Segrey Andreev")

    wider = spellings.widened(question, {"segrey": spellings.forms("segrey", [("sergey", 10)])})

    added = set(wider.keys) - set(question.keys)
    assert keys.pair("names", "sergey", "andreev") in added
    assert set(question.keys) <= set(wider.keys)
    assert len(added) <= spellings.MOST_KEYS


def test_two_slips_in_one_question_are_looked_for_together() -> None:
    question = asked("Segrey Andrev")
    read_as = {
        "segrey": spellings.forms("segrey", [("sergey", 10)]),
        "andrev": spellings.forms("andrev", [("andreev", 4)]),
    }

    assert keys.pair("names", "sergey", "andreev") in spellings.widened(question, read_as).trust


def test_a_question_adds_no_more_keys_than_the_limit() -> None:
    question = asked(" ".join(f"abcde{letter}f" for letter in "ghijklmnop"))
    forms = {each.text: spellings.forms(each.text, [(each.text + letter, 5) for letter in "qrstuvwx"])
             for name in question.record.names for each in name}  # fmt: skip

    assert len(spellings.widened(question, forms).trust) - len(question.trust) == spellings.MOST_KEYS
