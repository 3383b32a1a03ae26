"""What the log keeps of a question: sealed, opened for an auditor, and told of where it does not open."""

from typing import Any

import orjson
import pytest

from registry.audit.sealed import ALTERED, CLOSED, opened, sealed
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
INDEX = bytes(32)
SEALER = Sealer(FileKeys({"old": OLD}), INDEX)
FIELDS = frozenset({"identifiers", "phone", "email", "handle"})
QUESTION: dict[str, Any] = {
    "name": "Wanjikũ Invented", "birthDate": None, "county": "Kwale", "phone": "0712 345 678", "email": None,
    "handle": ["invented", "demo_71"], "identifiers": [["national_id", "INV1234567", "KE"]],
}  # fmt: skip


def stored(question: dict[str, Any], sealer: Sealer = SEALER) -> Any:  # Any: JSON
    """Return the question as it comes back from the log's table."""
    return orjson.loads(orjson.dumps(sealed(question, FIELDS, sealer)))


def test_names_dates_and_places_stay_and_numbers_and_addresses_are_sealed() -> None:
    kept = stored(QUESTION)

    assert {name: kept[name] for name in ("name", "birthDate", "county", "email")} == {
        "name": "Wanjikũ Invented", "birthDate": None, "county": "Kwale", "email": None,
    }  # fmt: skip
    assert sorted(kept["sealed"]["fields"]) == ["handle", "identifiers", "phone"]
    assert kept["sealed"]["key_id"] == "old"
    text = orjson.dumps(kept)
    for value in (b"0712", b"demo_71", b"INV1234567"):
        assert value not in text


def test_a_question_without_numbers_and_addresses_stays_as_it_is() -> None:
    question = QUESTION | {"phone": None, "handle": None, "identifiers": []}

    assert stored(question) == question


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
    assert told["criteria"] == QUESTION | dict.fromkeys(("handle", "identifiers", "phone"), CLOSED)


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
    assert told["criteria"]["name"] == "Wanjikũ Invented"
    assert told["criteria"].get("sealed") == ALTERED or told["criteria"]["phone"] == CLOSED


def test_what_one_entry_sealed_does_not_open_in_another() -> None:
    one, two = stored(QUESTION), stored(QUESTION | {"phone": "0733 000 000"})
    one["sealed"]["content"] = two["sealed"]["content"]

    assert opened({"criteria": one}, SEALER)["criteria"]["sealed"] == ALTERED


def test_details_that_hold_nothing_sealed_are_left_alone() -> None:
    details = {"filter": {"officer": None}, "sealed": "a word", "count": 3, "list": [{"sealed": {}}]}

    assert opened(details, SEALER) == details
