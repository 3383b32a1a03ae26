"""Whether something beside the name tells a person apart, and what a page asks for next."""

from itertools import combinations
from typing import Any

import pytest

from registry.core.partial_dates import PartialDate
from registry.matching import discriminators, record, score, weights
from registry.matching.query import PreparedQuery, prepare
from registry.matching.types import Handle, Identifier, Identity, Match, Reason
from tests.registry.matching.tokens import keyed

BLIND = keyed(b"an invented key")
GIVEN: dict[str, Any] = {
    "birthDate": {"birth_date": PartialDate(1971, 5, 17)},
    "identifiers": {"identifiers": (Identifier("national_id", "DEMO7777771", "KE"),)},
    "phone": {"phones": ("+254712345678",)},
    "email": {"emails": ("demo@mail.example",)},
    "handle": {"handles": (Handle("invented", "demo_71x"),)},
}
"""Each criterion, given in full."""
NOBODY = Match(0.5, "weak", (Reason("name.exact", 7.0),))


def question(*criteria: str, **more: Any) -> PreparedQuery:
    known = {name: value for each in criteria for name, value in GIVEN[each].items()}
    return prepare(Identity(names=("Juma Hamisi Mwakio",), **known | more), blind=BLIND)


def test_each_discriminator_is_come_to_by_one_criterion() -> None:
    met = [each for features in discriminators.CRITERIA.values() for each in features]

    assert sorted(met) == sorted(weights.DISCRIMINATORS)
    assert list(discriminators.CRITERIA) == list(GIVEN)


@pytest.mark.parametrize("feature", sorted(weights.BITS))
def test_one_of_them_is_enough_and_nothing_else_is(feature: str) -> None:
    match = Match(0.5, "weak", (*NOBODY.reasons, Reason(feature, 1.0)))

    assert discriminators.has_one(match) == (feature in weights.DISCRIMINATORS)


def test_what_was_given_is_not_asked_for_again() -> None:
    for size in range(len(GIVEN) + 1):
        for given in combinations(GIVEN, size):
            needed = discriminators.needed(question(*given).record, NOBODY)
            assert needed == tuple(each for each in GIVEN if each not in given)


@pytest.mark.parametrize("born", [PartialDate(1971), PartialDate(1971, 5)])
def test_a_birth_date_known_in_part_is_asked_for_whole(born: PartialDate) -> None:
    assert "birthDate" in discriminators.needed(question(birth_date=born).record, NOBODY)


def test_where_somebody_is_told_apart_nothing_more_is_needed() -> None:
    asked = question("birthDate")
    held = record.describe(Identity(names=("Juma Mwakio",), **GIVEN["birthDate"]), blind=BLIND).record

    found = score.score(asked, held, {}, 20_000)

    assert discriminators.has_one(found)
    assert discriminators.needed(asked.record, found) == ()
