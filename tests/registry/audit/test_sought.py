"""What stands in the open beside a sealed question: equal for equal questions and words, and nothing else."""

from typing import Any

import pytest

from registry.audit.sought import MOST_WORDS, WORD, digests, of_name
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer

BLIND = Sealer(FileKeys({"a": bytes(32)}), bytes(32)).blind
OTHER = Sealer(FileKeys({"a": bytes(32)}), bytes(range(32))).blind
QUESTION: dict[str, Any] = {
    "name": "Juma Hamisi Mwakio", "birthDate": "1971-05-17", "county": "Taita Taveta", "phone": "0712 345 678",
    "identifiers": [["national_id", "INV-1234567", "KE"]], "near": [3.0, [-1.29, 36.82], None, None],
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"name": "JUMA  HAMISI MWAKIO"},
        {"name": "Mwakio, Juma Hamisi"},
        {"phone": "0712-345678"},
        {"county": "taita-taveta"},
        {"identifiers": [["national_id", "inv 1234567", "ke"]]},
        {"email": None},
    ],
    ids=str,
)
def test_the_same_question_spelt_otherwise_has_the_same_digest(change: dict[str, Any]) -> None:
    assert digests(QUESTION | change, BLIND)["question"] == digests(QUESTION, BLIND)["question"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Juma Hamisi Mwakyo"},
        {"name": "Juma Mwakio"},
        {"birthDate": "1971"},
        {"phone": None},
        {"email": "demo@example.org"},
        {"near": [5.0, [-1.29, 36.82], None, None]},
    ],
    ids=str,
)
def test_another_question_has_another_digest(change: dict[str, Any]) -> None:
    assert digests(QUESTION | change, BLIND)["question"] != digests(QUESTION, BLIND)["question"]


@pytest.mark.parametrize("name", ["Juma Mwakio", "MWAKIO, Juma", "Wanjikũ  Kamaũ", "NG'ANG'A, Peter", "...", ""])
def test_whoever_asks_for_a_name_leaves_all_its_words(name: str) -> None:
    fuller = {"names": [f"{name} Hamisi", "Peter Otieno"]}

    for question in ({"name": name}, fuller):
        assert of_name(name, BLIND) <= set(_words(question))
    assert set(_words({"name": name})) == of_name(name, BLIND)


def test_which_word_is_the_surname_is_not_told() -> None:
    assert _words({"name": "Juma Mwakio"}) == _words({"name": "Mwakio Juma"}) == sorted(of_name("Juma Mwakio", BLIND))
    assert _words({"phone": "0712 345 678"}) == []


def test_no_question_leaves_more_words_than_are_told() -> None:
    many = {"names": [f"{first}asha {first}wakio" for first in "bdfghjklm"]}

    assert len(_words(many)) == MOST_WORDS


def test_without_the_key_no_digest_can_be_tried_out_nor_found_in_another_index() -> None:
    assert digests(QUESTION, OTHER) != digests(QUESTION, BLIND)
    assert of_name("mwakio", BLIND) == {BLIND(WORD, "mwakio")}
    assert BLIND(WORD, "mwakio") != BLIND("document", "mwakio")
    assert "mwakio" not in str(digests(QUESTION, BLIND)).lower()


def _words(question: dict[str, Any]) -> list[str]:
    found = digests(question, BLIND)["words"]
    assert isinstance(found, list)
    return found
