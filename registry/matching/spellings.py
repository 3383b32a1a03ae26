"""Words that hardly anybody carries, as the register may write them: a letter away, or mistaken by a scanner.

    Segrey Andreev   →   segrey is carried by nobody   →   sergey, serge   →   pairs (sergey, andreev), …

The register keeps each distinct word once with a letter left out at each place, so that two words one slip apart share
such a form (Bocek, Hunter, Stein: Fast Similarity Search in Large Dictionaries, 2007), and once with the letters
that scanners confuse made one. Only doubtful words are looked up: those of a name that many carry are what they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product

from registry.matching import keys
from registry.matching.agreement import is_slip, looks, slips
from registry.matching.query import TRUST, PreparedQuery
from registry.matching.words import Word, word

DOUBTED_BELOW = 25e-6
"""Share of the profiles that carry a word, up to which it may be a slip: 25 of a million."""

FORMS = 6
"""Of one doubtful word that are looked for, the nearest and then the commonest first."""

MOST_KEYS = 64
"""Added to one question."""

_SHORTEST = 4
"""Letters; shorter words are a letter away from too many."""


def gap_keys(text: str) -> tuple[int, ...]:
    """Give the keys under which a word is kept, and looked for: as it is, with gaps, and as a scanner sees it."""
    if len(text) < _SHORTEST:
        return ()
    gaps = dict.fromkeys((text, *(text[:n] + text[n + 1 :] for n in range(len(text)))))
    return (*(keys.key("gap", gap) for gap in gaps), keys.key("looks", looks(text)))


def doubtful(prepared: PreparedQuery, rarity: Mapping[int, int], register_size: int) -> tuple[str, ...]:
    """Give the words of a question that so few profiles carry that they may be slips."""
    texts = dict.fromkeys(each.text for name in prepared.record.names for each in name if len(each.text) >= _SHORTEST)
    most = DOUBTED_BELOW * register_size
    return tuple(text for text in texts if rarity.get(keys.word_key(text), 0) <= most)


def forms(text: str, found: Iterable[tuple[str, int]]) -> tuple[Word, ...]:
    """Choose, among words of the register with the number who carry them, those the doubtful word may stand for."""
    near = {other: (slips(text, other), -carried, other) for other, carried in found
            if other != text and is_slip(text, other)}  # fmt: skip
    return tuple(word(other) for other in sorted(near, key=near.__getitem__)[:FORMS])


def widened(prepared: PreparedQuery, read_as: Mapping[str, tuple[Word, ...]]) -> PreparedQuery:
    """Give the question with the keys of its names, doubtful words read as the register writes them."""
    found: dict[int, float] = {}
    for kind, key in _keys(prepared, read_as):
        if key not in prepared.trust:
            found[key] = max(found.get(key, 0.0), TRUST[kind])
    best = sorted(found.items(), key=lambda item: -item[1])[:MOST_KEYS]
    return replace(prepared, trust=prepared.trust | dict(best))


def _keys(prepared: PreparedQuery, read_as: Mapping[str, tuple[Word, ...]]) -> Iterator[tuple[str, int]]:
    year = prepared.record.born[0]
    for name in prepared.record.names:
        words = tuple(each for each in name if not each.is_initial)
        for a, b in combinations(words, 2):
            for one, other in product((a, *read_as.get(a.text, ())), (b, *read_as.get(b.text, ()))):
                if (one is not a or other is not b) and one.text != other.text:
                    yield from _pair_keys(one, other, year)
        for each in words:
            for one in read_as.get(each.text, ()):
                yield from _single_keys(one, year, is_alone=len(words) == 1)


def _pair_keys(one: Word, other: Word, year: int) -> Iterator[tuple[str, int]]:
    yield "slip-names", keys.pair("names", one.text, other.text)
    yield "slip-sounds", keys.pair("sounds", one.skeleton, other.skeleton)
    if year:
        yield "slip-names", keys.pair_year_key(one.skeleton, other.skeleton, year)


def _single_keys(one: Word, year: int, *, is_alone: bool) -> Iterator[tuple[str, int]]:
    if year:
        yield "slip-year", keys.key("sound-year", one.skeleton, str(year))
    if is_alone:
        yield "slip-alone", keys.sound_key(one.skeleton)
