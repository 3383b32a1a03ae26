"""What the log keeps of a question: sealed, opened for an auditor, and told of where it does not open."""

from typing import Any

import orjson
import pytest

from registry.audit.sealed import ALTERED, CLOSED, closed, opened, sealed
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
INDEX = bytes(32)
SEALER = Sealer(FileKeys({"old": OLD}), INDEX)
QUESTION: dict[str, Any] = {
    "name": "Wanjikũ Invented", "birthDate": None, "county": "Kwale", "phone": "0712 345 678", "email": None,
    "handle": ["invented", "demo_71"], "identifiers": [["national_id", "INV1234567", "KE"]],
}  # fmt: skip


def stored(question: dict[str, Any], sealer: Sealer = SEALER) -> Any:  # Any: JSON
    """Return the question as it comes back from the log's table."""
    return orjson.loads(orjson.dumps(sealed(question, sealer)))


def test_all_that_is_given_is_sealed_and_only_which_it_was_is_told() -> None:
    kept = stored(QUESTION)

    assert kept.keys() == {"birthDate", "email", "sealed", "sought"}
    assert (kept["birthDate"], kept["email"]) == (None, None)
    assert sorted(kept["sealed"]["fields"]) == ["county", "handle", "identifiers", "name", "phone"]
    assert kept["sealed"]["key_id"] == "old"
    text = orjson.dumps(kept)
    for value in ("Wanjik", "Invented", "invented", "Kwale", "0712", "demo_71", "INV1234567", "KE"):
        assert f'"{value}'.encode() not in text


def test_a_question_that_gives_nothing_stays_as_it_is() -> None:
    question: dict[str, Any] = {"name": None, "identifiers": []}

    assert stored(question) == question


def test_words_that_nobody_looks_for_are_closed_without_a_digest() -> None:
    kept = closed({"reason": "Invented"}, SEALER)

    assert kept.keys() == {"sealed"}
    assert "Invented" not in str(kept)
    assert opened({"why": kept}, SEALER) == {"why": {"reason": "Invented"}}


def test_what_earlier_entries_left_in_clear_is_still_read() -> None:
    """Once names, dates and places stood beside the box; entries are never written anew."""
    kept = stored({"phone": "0712 345 678"})
    del kept["sought"]

    assert opened({"criteria": kept | {"name": "Juma"}}, SEALER)["criteria"] == {
        "name": "Juma", "phone": "0712 345 678",
    }  # fmt: skip


def test_no_two_questions_are_sealed_alike() -> None:
    """The same number asked twice must not show as the same."""
    one, two = stored(QUESTION)["sealed"], stored(QUESTION)["sealed"]

    assert not {one[name] for name in ("record", "key", "content")} & {
        two[name] for name in ("record", "key", "content")
    }


def test_an_auditor_reads_the_question_whole() -> None:
    details = {"criteria": stored(QUESTION), "scores": [0.9], "matcher": "7"}

    assert opened(details, SEALER) == {"criteria": QUESTION, "scores": [0.9], "matcher": "7"}


def test_a_key_that_is_not_current_any_more_still_opens() -> None:
    rotated = Sealer(FileKeys({"new": NEW, "old": OLD}), INDEX)

    assert opened({"criteria": stored(QUESTION)}, rotated)["criteria"] == QUESTION


def test_what_the_lost_key_sealed_is_said_to_be_sealed_and_the_rest_stays_readable() -> None:
    later = Sealer(FileKeys({"new": NEW}), INDEX)

    told = opened({"criteria": stored(QUESTION), "scores": []}, later)

    assert told["scores"] == []
    given = [name for name, value in QUESTION.items() if value]
    assert told["criteria"] == QUESTION | dict.fromkeys(given, CLOSED)


@pytest.mark.parametrize(
    "change",
    [
        {"record": "00000000-0000-0000-0000-000000000000"},
        {"record": "nonsense"},
        {"record": None},
        {"key": "AAAA"},
        {"key": "%%%%"},
        {"content": "AQ=="},
        {"content": 7},
        {"key_id": 7},
    ],
    ids=str,
)  # fmt: skip
def test_what_was_altered_is_said_to_be_and_does_not_hide_the_rest(change: dict[str, Any]) -> None:
    kept = stored(QUESTION)
    kept["sealed"] |= change

    told = opened({"criteria": kept, "scores": [1]}, SEALER)

    assert told["scores"] == [1]
    assert told["criteria"].get("sealed") == ALTERED or told["criteria"]["name"] == CLOSED
    assert "sought" not in told["criteria"]


def test_what_one_entry_sealed_does_not_open_in_another() -> None:
    one, two = stored(QUESTION), stored(QUESTION | {"phone": "0733 000 000"})
    one["sealed"]["content"] = two["sealed"]["content"]

    assert opened({"criteria": one}, SEALER)["criteria"]["sealed"] == ALTERED


def test_details_that_hold_nothing_sealed_are_left_alone() -> None:
    details = {"filter": {"officer": None}, "sealed": "a word", "count": 3, "list": [{"sealed": {}}]}

    assert opened(details, SEALER) == details
