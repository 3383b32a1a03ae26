"""A Chinese given name of two syllables, whoever wrote it in Latin letters.

    kinkwok, chienkuo → jianguo          boryuk → boyu          peter → nothing

One syllable is a line of `data.families`; two are too many to list, so they are read syllable by syllable. Only a
word of two known syllables and nothing else is read, and it is one name with another only where both are read alike.
"""

from functools import lru_cache
from itertools import product

from registry.matching.data.han import GIVEN

_LONGEST = 6
_LENGTHS = range(4, 2 * _LONGEST + 1)


def _syllables() -> dict[str, tuple[str, ...]]:
    read: dict[str, dict[str, None]] = {}
    for line in GIVEN:
        head, *others = line.split()
        for spelling in (head, *others):
            read.setdefault(spelling, {})[head] = None
    return {spelling: tuple(heads) for spelling, heads in read.items()}


SYLLABLES = _syllables()
"""From a syllable, however written, to the syllables of pinyin it may be."""


@lru_cache(maxsize=4096)
def given_names(text: str) -> tuple[str, ...]:
    """Read a word as Chinese given names of two syllables in pinyin."""
    if len(text) not in _LENGTHS:
        return ()
    cuts = ((text[:n], text[n:]) for n in range(2, min(_LONGEST, len(text) - 2) + 1))
    found = (
        one + other
        for first, second in cuts
        for one, other in product(SYLLABLES.get(first, ()), SYLLABLES.get(second, ()))
    )
    return tuple(dict.fromkeys(found))
