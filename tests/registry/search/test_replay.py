"""What the log keeps of a search: enough to ask it again, and little."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, strategies as st

from registry.audit import sealed
from registry.core.errors import Conflict
from registry.core.partial_dates import PartialDate
from registry.matching import weights
from registry.matching.form import FORM
from registry.matching.query import prepare
from registry.matching.types import Match, Reason
from registry.search import replay
from registry.search.query import SearchQuery
from tests.factories import SEALER
from tests.registry.search.test_query import WHOLE

QUESTION = prepare(SearchQuery(name="Juma Hamisi Mwakio").identity(), blind=SEALER.blind)
REASONS = (Reason("name.exact", 7.1, "Juma", "Juma"), Reason("phone.same", 25.0, "+254712345678", "+254712345678"))
MATCH = Match(0.9312, "strong", REASONS)


def test_a_question_is_asked_again_as_it_was() -> None:
    assert replay.question(WHOLE.to_json()) == WHOLE
    assert replay.question(orjson.loads(orjson.dumps(WHOLE.to_json()))) == WHOLE


@given(st.sampled_from(sorted(WHOLE.to_json())))
def test_each_criterion_is_read_again_alone(name: str) -> None:
    asked = {each: value for each, value in WHOLE.to_json().items() if each in ("name", name)}

    assert {k: v for k, v in replay.question(asked).to_json().items() if v} == {k: v for k, v in asked.items() if v}


@pytest.mark.parametrize(
    "criteria",
    [
        {"name": "Juma", "shoe": "41"}, {"name": "Juma", "phone": sealed.CLOSED}, {"name": "Juma", "sealed": "altered"},
        {"birthDate": "long ago"}, {"name": "Juma", "identifiers": [["passport"]]}, {"name": "Juma", "handle": 7}, {},
    ],
)  # fmt: skip
def test_a_question_that_does_not_open_is_refused(criteria: dict[str, object]) -> None:
    with pytest.raises(Conflict) as caught:
        replay.question(criteria)

    assert caught.value.code == "NOT_REPRODUCIBLE"


def test_names_read_in_another_form_are_refused() -> None:
    counted = [1] * len(QUESTION.tokens)

    assert replay.rarity(QUESTION, counted, FORM) == dict.fromkeys(QUESTION.tokens, 1)
    for wrong, form in ((counted[1:], FORM), ([*counted, 1], FORM), (counted, FORM + 1)):
        with pytest.raises(Conflict) as caught:
            replay.rarity(QUESTION, wrong, form)
        assert caught.value.code == "NOT_REPRODUCIBLE"


def test_equal_reasons_have_one_digest_and_others_another() -> None:
    digest = replay.digest(MATCH, SEALER.blind)
    others = [
        replace(MATCH, reasons=REASONS[::-1]), replace(MATCH, reasons=REASONS[:1]), replace(MATCH, reasons=()),
        replace(MATCH, reasons=(REASONS[0], replace(REASONS[1], record=None))),
        replace(MATCH, reasons=(replace(REASONS[0], weight=7.2), REASONS[1])),
    ]  # fmt: skip

    assert replay.digest(replace(MATCH, score=0.1), SEALER.blind) == digest
    assert digest not in {replay.digest(each, SEALER.blind) for each in others}


def test_a_digest_is_keyed_and_so_no_number_can_be_tried_out() -> None:
    assert replay.digest(MATCH, SEALER.blind) != replay.digest(MATCH, lambda kind, value: f"{kind}{value}"[:12])


def test_without_a_hit_nothing_more_is_kept() -> None:
    assert replay.kept(QUESTION, {}, 20_000, [], SEALER.blind) == {"scores": [], "matcher": weights.VERSION}


def test_a_page_of_ten_hits_adds_less_than_three_hundred_bytes_to_its_entry() -> None:
    """On a name of three words with a birth date, at a million profiles."""
    asked = SearchQuery(name="Juma Hamisi Mwakio", birth_date=PartialDate(1971, 5, 17))
    question = prepare(asked.identity(), blind=SEALER.blind)

    told = replay.kept(question, dict.fromkeys(question.tokens, 48_211), 1_000_000, [(3, MATCH)] * 10, SEALER.blind)

    added = {name: told[name] for name in ("form", "size", "rarity", "versions", "reasons")}
    assert told.keys() - added.keys() == {"scores", "matcher"}
    assert len(orjson.dumps(added)) < 300
