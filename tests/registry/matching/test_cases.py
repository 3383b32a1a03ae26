"""The lawyer's table: every pair gets the band it should, asked either way round."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from registry.core.errors import InputRefused
from registry.matching.data.sentences import SENTENCES
from registry.matching.explain import sentence
from registry.matching.keys import sound_key, word_key
from registry.matching.score import score
from registry.matching.skeletons import skeleton
from registry.matching.types import Identity, Match
from tests.registry.matching import cases
from tests.registry.matching.cases import CASES, SOURCES, Case
from tests.registry.matching.tokens import held, prepare

PAGE = Path(__file__).parents[3] / "docs" / "cases.md"
SIZE = 1_000_000
KEPT = [case for case in CASES if case.known_miss is None]
MISSED = [case for case in CASES if case.known_miss is not None]


class Counts(dict[int, int]):
    """A register on which the names of `cases.COMMON` are common and all others rare."""

    def get(self, key: int, default: int = 0) -> int:  # type: ignore[override] # the score asks with a default of 0
        return super().get(key, max(cases.RARE, default))


def rarity() -> Mapping[int, int]:
    counts = Counts({word_key(name): count for name, count in cases.COMMON.items()})
    for name, count in cases.COMMON.items():
        counts[sound_key(skeleton(name))] = counts.get(sound_key(skeleton(name))) + count
    return MappingProxyType(counts)


RARITY = rarity()


def compare(asked: Identity, known: Identity) -> Match:
    return score(prepare(asked), held(known), RARITY, SIZE)


def both_ways(case: Case) -> tuple[Match, Match]:
    return compare(case.asked, case.held), compare(case.held, case.asked)


@pytest.mark.parametrize("case", KEPT, ids=str)
def test_a_pair_gets_its_band_both_ways_round(case: Case) -> None:
    there, back = both_ways(case)

    assert there.band == case.band, (there.score, [sentence(reason) for reason in there.reasons])
    assert back.band == case.band, (back.score, [sentence(reason) for reason in back.reasons])


@pytest.mark.parametrize("case", MISSED, ids=str)
def test_a_known_miss_is_still_missed(case: Case) -> None:
    """Where this fails the matcher has learned: take the mark off the case."""
    bands = {match.band for match in both_ways(case)}

    assert bands != {case.band}


def test_the_table_holds_enough_pairs_of_every_kind() -> None:
    kinds = Counter(case.band for case in CASES)
    traditions = Counter(case.tradition for case in CASES)

    assert len(CASES) >= 400
    assert min(kinds.values()) >= 35
    assert min(traditions.values()) >= 10
    assert len(traditions) >= 17


def test_no_two_cases_are_one() -> None:
    assert len({str(case) for case in CASES}) == len(CASES)
    assert len({(case.asked, case.held) for case in CASES}) == len(CASES)


def test_known_misses_are_few() -> None:
    assert len(MISSED) <= len(CASES) // 20


def test_the_known_misses_stand_in_the_documentation() -> None:
    _, _, table = PAGE.read_text().partition("## Known misses")
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]

    assert rows == [["case", "why"], *([str(case), case.known_miss] for case in MISSED)]


def test_every_source_is_named_with_its_licence_and_used() -> None:
    assert {case.source for case in CASES if case.source} == SOURCES.keys()
    assert all(source.keys() == {"title", "url", "licence"} for source in SOURCES.values())


@pytest.mark.parametrize(
    "change",
    [
        {"says": "strong"}, {"sentence": ""}, {"note": "x"}, {"asked": "Ann; 1990-13-01"}, {"source": 5},
        {"held": "Ann;; colour: red"}, {"held": "Ann;; sex"}, {"held": "Ann;; sex: male; sex: female"},
    ],
    ids=str,
)  # fmt: skip
def test_a_slip_in_a_case_is_not_passed_over(change: dict[str, object]) -> None:
    row: dict[str, object] = {"sentence": "Two names.", "says": "different", "asked": "Ann", "held": "Eve"}

    assert cases.read("test", row).band == "weak"
    with pytest.raises((ValueError, InputRefused), match=r".+"):
        cases.read("test", row | change)


def test_every_reason_of_every_pair_has_its_sentence() -> None:
    features = {reason.feature for case in CASES for reason in compare(case.asked, case.held).reasons}

    assert features <= SENTENCES.keys()
    assert len(features) > 20
