"""The lawyer's table: every pair gets the band it should."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from registry.matching.data.sentences import SENTENCES
from registry.matching.explain import sentence
from registry.matching.keys import sound_key, word_key
from registry.matching.score import score
from registry.matching.skeletons import skeleton
from registry.matching.types import Match
from tests.registry.matching import cases
from tests.registry.matching.tokens import held, prepare

SIZE = 1_000_000
ROWS = [pytest.param(band, *row[1:], id=row[0]) for band, rows in cases.VERDICTS.items() for row in rows]


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


def compare(asked: str, known: str) -> Match:
    return score(prepare(cases.identity(asked)), held(cases.identity(known)), RARITY, SIZE)


@pytest.mark.parametrize(("band", "asked", "known"), ROWS)
def test_a_pair_gets_its_band(band: str, asked: str, known: str) -> None:
    match = compare(asked, known)

    assert match.band == band, (match.score, [sentence(reason) for reason in match.reasons])


@pytest.mark.parametrize(("band", "asked", "known"), ROWS)
def test_a_pair_gets_its_band_the_other_way_round_too(band: str, asked: str, known: str) -> None:
    match = compare(known, asked)

    assert match.band == band, (match.score, [sentence(reason) for reason in match.reasons])


def test_the_table_holds_enough_pairs_of_every_kind() -> None:
    sizes = {band: len(rows) for band, rows in cases.VERDICTS.items()}

    assert sum(sizes.values()) >= 70
    assert min(sizes.values()) >= 8


def test_every_reason_of_every_pair_has_its_sentence() -> None:
    pairs = [row[1:] for rows in cases.VERDICTS.values() for row in rows]

    features = {reason.feature for asked, known in pairs for reason in compare(asked, known).reasons}

    assert features <= SENTENCES.keys()
    assert len(features) > 20
