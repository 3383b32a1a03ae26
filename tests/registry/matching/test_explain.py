"""A reason in plain words."""

import pytest

from registry.matching.data.sentences import SENTENCES, SIDES
from registry.matching.explain import sentence
from registry.matching.types import Reason


def test_a_sentence_names_both_values_and_the_side_it_speaks_for() -> None:
    reason = Reason("name.spelling", 6.5, "Maxamed", "Mohamed")

    assert sentence(reason) == 'For: "Maxamed" and "Mohamed" are spellings of one name.'
    assert sentence(reason, "sw") == 'Inaunga mkono: "Maxamed" na "Mohamed" ni tahajia za jina moja.'


def test_what_weighs_less_than_nought_speaks_against() -> None:
    reason = Reason("born.differs", -9.0, "1984", "1971-11-28")

    assert sentence(reason) == "Against: The dates of birth differ (1984, 1971-11-28)."


def test_a_language_without_a_catalogue_is_answered_in_english() -> None:
    assert sentence(Reason("sex.same", 0.3), "fr") == "For: The sex is the same."


@pytest.mark.parametrize("feature", SENTENCES)
@pytest.mark.parametrize("language", SIDES)
def test_every_feature_has_a_sentence_in_every_language(feature: str, language: str) -> None:
    text = sentence(Reason(feature, 1.0, "QUERY", "RECORD"), language)

    assert text.endswith(".")
    assert "{" not in text


@pytest.mark.parametrize("feature", [f for f in SENTENCES if f.startswith(("document", "phone", "email", "handle"))])
@pytest.mark.parametrize("language", SIDES)
def test_of_numbers_and_handles_a_sentence_does_without_the_register_s_value(feature: str, language: str) -> None:
    text = sentence(Reason(feature, 1.0, "QUERY"), language)

    assert text == sentence(Reason(feature, 1.0, "QUERY", "RECORD"), language)
    assert "QUERY" in text


def test_a_number_that_differs_is_told_in_both_languages() -> None:
    reason = Reason("document.differs", -4.0, "23456789")

    assert sentence(reason) == "Against: The document number 23456789 was asked for, the register has another."
    assert sentence(reason, "sw") == "Inapinga: Nambari ya hati 23456789 iliulizwa, rejista ina nyingine."


def test_values_cannot_turn_the_line_around_or_bring_templates() -> None:
    text = sentence(Reason("name.exact", 5.0, "Ka\u202emau\n{record}", "x"))

    assert text == 'For: The name "Kamau{record}" is on the register.'
