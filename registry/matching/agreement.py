"""Whether two words are one name.

wanjiku, wanjiko → name.spelling     bill, william → name.form     onyango, onyagno → name.near
o, otieno → name.initial             otieno, atieno → nothing: brother and sister
"""

from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import OSA

from registry.matching.skeletons import heard_otherwise, sound
from registry.matching.twins import are_twins
from registry.matching.words import Word, bare, families

_SCANNED = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ri", "n"), ("li", "h"))
_LOOKS = str.maketrans("lbevfqj", "ihcutgi")
_VOWELS = frozenset("aeiouy")
_ALIKE_SHORT, _ALIKE = 0.55, 0.45
_HEARD = 0.65
_WRITTEN = 2 * _HEARD - 1
"""How alike two words are written at the least, if half of that and half of how they are heard make _HEARD."""
_SCANNED_APART = 3


def agreement(one: Word, other: Word) -> str | None:
    """Name the way in which two words meet, or nothing."""
    a, b = one.text, other.text
    if len(a) == 1 or len(b) == 1:
        return "name.initial" if a[0] == b[0] else None
    if a == b:
        return "name.exact"
    if _has_nothing_in_common(one, other):
        return None
    for feature, holds in _WAYS:
        if holds(one, other):
            return None if are_twins(a, b) else feature
    return None


def _has_nothing_in_common(one: Word, other: Word) -> bool:
    """Tell most pairs of words apart by one comparison: none of the ways below could hold."""
    return (
        one.skeleton != other.skeleton
        and OSA.normalized_similarity(one.text, other.text) < _WRITTEN
        and not are_forms(one, other)
        and not is_beginning(one, other)
    )


def are_spellings(one: Word, other: Word) -> bool:
    """Tell whether two words sound alike and look alike."""
    if one.skeleton == other.skeleton:
        return likeness(one.text, other.text) >= _least_alike(one)
    if OSA.normalized_similarity(one.text, other.text) < _WRITTEN or likeness(one.text, other.text) < _HEARD:
        return False
    return other.skeleton in _heard(one.text) or one.skeleton in _heard(other.text)


@lru_cache(maxsize=16384)
def likeness(a: str, b: str) -> float:
    """Tell how alike two words are, half as written and half as heard: 1 for the same, 0 for nothing in common."""
    return (OSA.normalized_similarity(a, b) + OSA.normalized_similarity(sound(a), sound(b))) / 2


def slips(a: str, b: str) -> int:
    """Count the slips between two words: a letter more, less, or another, or two neighbours swapped (OSA distance)."""
    return OSA.distance(a, b)


def are_forms(one: Word, other: Word) -> bool:
    """Tell whether two words are spellings or short forms of one name."""
    mine, theirs = families(one.text), families(other.text)
    return bool(mine and theirs) and not set(mine).isdisjoint(theirs)


def are_one_when_bare(one: Word, other: Word) -> bool:
    """Tell whether two words are one but for a particle or a word of respect written onto one of them."""
    a, b = bare(one.text), bare(other.text)
    return (a != one.text or b != other.text) and (a == b or is_slip(a, b))


def differ_by_slip(one: Word, other: Word) -> bool:
    """Tell whether a typing or scanning slip separates two words: one letter, or two in a long word."""
    return is_slip(one.text, other.text)


def is_beginning(one: Word, other: Word) -> bool:
    """Tell whether one word is the beginning of the other, as in Jack, Jackson or Abdi, Abdirahman."""
    return _is_short(one.text, other.text) or _is_short(other.text, one.text)


_WAYS: tuple[tuple[str, Callable[[Word, Word], bool]], ...] = (
    ("name.spelling", are_spellings),
    ("name.form", are_forms),
    ("name.spelling", are_one_when_bare),
    ("name.near", differ_by_slip),
    ("name.short", is_beginning),
)
"""Tried in this order, the closest first."""


def is_slip(a: str, b: str) -> bool:
    """Tell whether a slip or a scanner may have made one word of the other: one letter, two in a long word."""
    shorter = min(len(a), len(b))
    if shorter < 4:
        return False
    apart = OSA.distance(a, b, score_cutoff=_SCANNED_APART)
    return apart <= (1 if shorter < 7 else 2) or (apart <= _SCANNED_APART and looks(a) == looks(b))


def looks(text: str) -> str:
    """Give a word with the letters that scanners confuse made one: Ornondi, Omondi."""
    for seen, read in _SCANNED:
        text = text.replace(seen, read)
    return text.translate(_LOOKS)


def _is_short(a: str, b: str) -> bool:
    return 3 <= len(a) <= 5 and len(b) - len(a) > 1 and b.startswith(a)


def _least_alike(word: Word) -> float:
    if _VOWELS.isdisjoint(word.text[1:]):
        return 0.0  # from a script without vowels
    return _ALIKE_SHORT if len(word.skeleton) < 3 else _ALIKE


@lru_cache(maxsize=4096)
def _heard(text: str) -> tuple[str, ...]:
    return heard_otherwise(text, 4)
