"""What a search answers: reasons are masked like the fields they speak of."""

from itertools import combinations

import pytest

from registry.disclosure.vocabulary import FieldClass
from registry.matching import types, weights
from registry.profiles.reasons import FEATURE_CLASSES
from registry.search.views import reasons

FEATURES = [*weights.BITS, *weights.NAME_SHARE]
MATCH = types.Match(0.5, "possible", tuple(types.Reason(each, 1.234, "asked", "held") for each in FEATURES))
CLASS_SETS = [frozenset(each) for size in range(len(FieldClass) + 1) for each in combinations(FieldClass, size)]


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_of_the_matcher_has_its_class(feature: str) -> None:
    assert feature.partition(".")[0] in FEATURE_CLASSES


def test_reasons_are_told_of_readable_fields_only() -> None:
    for readable in CLASS_SETS:
        told = {each.feature for each in reasons(MATCH, readable)}

        assert told == {each for each in FEATURES if FEATURE_CLASSES[each.partition(".")[0]] in readable}


def test_a_reason_has_a_sentence_and_its_weight_in_hundredths() -> None:
    found = reasons(MATCH, frozenset(FieldClass))

    assert len(found) == len(FEATURES)
    assert all(each.sentence and each.weight == 1.23 for each in found)
    assert {(each.query_value, each.record_value) for each in found} == {("asked", "held")}
