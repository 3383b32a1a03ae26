"""Whether two words are one name.

wanjiku, wanjiko → name.spelling     bill, william → name.form     onyango, onyagno → name.near
o, otieno → name.initial             otieno, atieno → nothing: brother and sister
"""

from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import OSA

from registry.matching.skeletons import alternatives
from registry.matching.words import Word, families, without_article

_MALE, _FEMALE = ("kip", "kib", "kim"), ("chep", "cheb", "chem", "jep", "jeb", "jem", "chel", "jel")
_TWIN_LETTERS = frozenset({frozenset("oa"), frozenset("wn")})
_SCANNED = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ri", "n"), ("li", "h"))
_LOOKS = str.maketrans("lbevfqj", "ihcutgi")
_VOWELS = frozenset("aeiouy")
_ALIKE_SHORT, _ALIKE = 0.6, 0.45
_HEARD = 0.6
_SCANNED_APART = 3


def agreement(one: Word, other: Word) -> str | None:
    """Name the way in which two words meet, or nothing."""
    a, b = one.text, other.text
    if len(a) == 1 or len(b) == 1:
        return "name.initial" if a[0] == b[0] else None
    if a == b:
        return "name.exact"
    if are_twins(a, b):
        return None
    return next((feature for feature, holds in _WAYS if holds(one, other)), None)


def are_spellings(one: Word, other: Word) -> bool:
    """Tell whether two words sound alike and look alike."""
    a, b = one.text, other.text
    alike = OSA.normalized_similarity(a, b)
    if one.skeleton == other.skeleton:
        return alike >= _least_alike(one)
    return alike >= _HEARD and (other.skeleton in _heard(a) or one.skeleton in _heard(b))


def are_forms(one: Word, other: Word) -> bool:
    """Tell whether two words are spellings or short forms of one name."""
    mine, theirs = families(one.text), families(other.text)
    return bool(mine and theirs) and not set(mine).isdisjoint(theirs)


def share_article(one: Word, other: Word) -> bool:
    """Tell whether two words are one but for the Arabic article."""
    a, b = without_article(one.text), without_article(other.text)
    return (a != one.text or b != other.text) and (a == b or _is_slip(a, b))


def differ_by_slip(one: Word, other: Word) -> bool:
    """Tell whether a typing or scanning slip separates two words: one letter, or two in a long word."""
    return _is_slip(one.text, other.text)


def is_beginning(one: Word, other: Word) -> bool:
    """Tell whether one word is the beginning of the other, as in Jack, Jackson or Abdi, Abdirahman."""
    return _is_short(one.text, other.text) or _is_short(other.text, one.text)


_WAYS: tuple[tuple[str, Callable[[Word, Word], bool]], ...] = (
    ("name.spelling", are_spellings),
    ("name.form", are_forms),
    ("name.spelling", share_article),
    ("name.near", differ_by_slip),
    ("name.short", is_beginning),
)
"""Tried in this order, the closest first."""


def are_twins(a: str, b: str) -> bool:
    """Tell names of brothers and sisters apart: Otieno and Atieno, Wafula and Nafula, Kiprono and Cheprono."""
    if a[1:] == b[1:]:
        return frozenset(a[0] + b[0]) in _TWIN_LETTERS
    return (a.startswith(_MALE) and b.startswith(_FEMALE)) or (b.startswith(_MALE) and a.startswith(_FEMALE))


def _is_slip(a: str, b: str) -> bool:
    shorter = min(len(a), len(b))
    if shorter < 4:
        return False
    apart = OSA.distance(a, b, score_cutoff=_SCANNED_APART)
    return apart <= (1 if shorter < 7 else 2) or (apart <= _SCANNED_APART and _looks(a) == _looks(b))


def _is_short(a: str, b: str) -> bool:
    return 3 <= len(a) <= 5 and len(b) - len(a) > 1 and b.startswith(a)


def _least_alike(word: Word) -> float:
    if _VOWELS.isdisjoint(word.text[1:]):
        return 0.0  # from a script without vowels
    return _ALIKE_SHORT if len(word.skeleton) < 3 else _ALIKE


@lru_cache(maxsize=4096)
def _heard(text: str) -> tuple[str, ...]:
    return alternatives(text, 4)


def _looks(text: str) -> str:
    for seen, read in _SCANNED:
        text = text.replace(seen, read)
    return text.translate(_LOOKS)
