"""Marks on a body, read into what can be compared: what it is, where, on which side, what it shows.

    Mark("tattoo", "mkono wa kushoto", "nge mweusi")   →   tattoo · arm · left · scorpion, mweusi

Two marks agree the more of this agrees; what one side does not say is neither for nor against.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from registry.matching.data import bodies, motifs
from registry.matching.limits import LOOK_WORDS, VALUE_CHARACTERS, WORD_CHARACTERS
from registry.matching.types import Mark

ANY_KIND = "mark"
"""Who writes "mark" may mean a scar, a tattoo or anything else."""

_NEAR = 84
"""Likeness, of 100, from which two words of a description are one word with a slip."""
_SHORTEST_NEAR = 5
"""Shorter words with a slip are other words: star, scar."""
_WORD = re.compile(r"[^\W_]+")
_PLACE_WORDS = sorted({word for phrase in bodies.PHRASES for word in phrase if len(word) >= _SHORTEST_NEAR})
_LOOK_WORDS = sorted(word for word in motifs.CANONICAL if len(word) >= _SHORTEST_NEAR)


class Seen(NamedTuple):
    """A mark in the form in which two are compared."""

    kind: str
    """Empty where it is not known, as the others."""
    part: str
    side: str
    look: tuple[str, ...]
    """Words for what it shows, each in its one form."""


def seen(mark: Mark) -> Seen:
    """Read a mark."""
    part, side = placed(mark.place)
    return Seen(mark.kind, part, mark.side or side, looks(mark.look))


@lru_cache(maxsize=4096)
def placed(text: str) -> tuple[str, str]:
    """Read a place on the body: the code of the part, and the side, each empty where it is not told."""
    words = [word for word in _words(text) if word not in bodies.FILLERS]
    side = next((side for side, names in bodies.SIDES.items() if not set(names).isdisjoint(words)), "")
    rest = [_known(word, _PLACE_WORDS) for word in words if not any(word in names for names in bodies.SIDES.values())]
    for length in range(bodies.LONGEST_PHRASE, 0, -1):
        for start in range(len(rest) - length + 1):
            part = bodies.PHRASES.get(tuple(rest[start : start + length]))
            if part:
                return part, side
    return "", side


@lru_cache(maxsize=4096)
def looks(text: str) -> tuple[str, ...]:
    """Read what a mark shows: words that tell something, in one language and spelling, in order."""
    found = dict.fromkeys(_look(word) for word in _words(text) if word not in motifs.FILLERS and len(word) > 1)
    return tuple(found)[:LOOK_WORDS]


def larger(part: str) -> tuple[str, ...]:
    """Name the parts in which one lies, the nearest first."""
    found: list[str] = []
    while part in bodies.WITHIN:
        part = bodies.WITHIN[part]
        found.append(part)
    return tuple(found)


def agreement(asked: Seen, held: Seen) -> str | None:
    """Say how two marks agree, or nothing; the same in both directions."""
    if _kinds_differ(asked.kind, held.kind) or _differ(asked.side, held.side):
        return None
    here = _places_agree(asked.part, held.part)
    shows = _looks_agree(asked.look, held.look)
    if shows:
        return "mark.elsewhere" if here is False else "mark.same" if here else "mark.look"
    if here is False or shows is False:
        return None
    return "mark.place" if here else "mark.kind" if asked.kind and held.kind else None


ORDER = ("mark.same", "mark.look", "mark.place", "mark.elsewhere", "mark.kind")
"""The closest first."""


def told(mark: Seen) -> str:
    """Write a mark for people: ``tattoo, left forearm: scorpion``."""
    where = " ".join(filter(None, (mark.side, mark.part.replace("_", " "))))
    what = ", ".join(filter(None, (mark.kind, where)))
    return ": ".join(filter(None, (what, " ".join(mark.look))))


def _kinds_differ(asked: str, held: str) -> bool:
    return _differ(asked, held) and ANY_KIND not in (asked, held)


def _differ(asked: str, held: str) -> bool:
    return bool(asked and held) and asked != held


def _places_agree(asked: str, held: str) -> bool | None:
    """Whether one part is the other or lies in it; nothing where one is not told."""
    if not asked or not held:
        return None
    return asked == held or asked in larger(held) or held in larger(asked)


def _looks_agree(asked: tuple[str, ...], held: tuple[str, ...]) -> bool | None:
    """Whether one word is on both sides; nothing where one side has none."""
    if not asked or not held:
        return None
    return any(one == other or _are_near(one, other) for one in asked for other in held)


def _are_near(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SHORTEST_NEAR and fuzz.ratio(one, other) >= _NEAR


def _look(word: str) -> str:
    for form in (word, word.removesuffix("s")):
        if form in motifs.CANONICAL:
            return motifs.CANONICAL[form]
    return motifs.CANONICAL.get(_known(word, _LOOK_WORDS), word)


def _known(word: str, words: list[str]) -> str:
    """Give the known word of which one is a slip, or the word itself."""
    if len(word) < _SHORTEST_NEAR:
        return word
    found = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return found[0] if found else word


def _words(text: str) -> list[str]:
    whole = text[:VALUE_CHARACTERS].encode("utf-8", "ignore").decode().lower()
    bare = "".join(c for c in unicodedata.normalize("NFKD", whole[:VALUE_CHARACTERS]) if not unicodedata.combining(c))
    return [word[:WORD_CHARACTERS] for word in _WORD.findall(bare.replace("'", ""))]
