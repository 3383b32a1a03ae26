"""Names that look alike and are those of different people: brother and sister, rhymes, one part of two in common.

    otieno, atieno     kiprono, cheprono     karim, karima     ramesh, rakesh     gebremariam, gebremedhin

Slips and spellings are not looked at for such a pair: the letters in common are those of the language.
"""

import re
from functools import lru_cache
from itertools import permutations

from registry.matching.data.families import FAMILIES
from registry.matching.data.twins import COMPOUNDS, FEMININE, FEMININE_IN_A, LINES
from registry.matching.skeletons import skeleton

_REPEATED = re.compile(r"(.)\1+")
_MALE, _FEMALE = ("ki",), ("che", "je", "chip", "chib")
_SEXES = (frozenset("oa"), frozenset("wn"))
_LINK = 2
"""Letters that may stand between the parts of a compound: Abd-ul-Karim, Gebre-e-Mariam."""


def are_twins(a: str, b: str) -> bool:
    """Tell whether two words are known as different names, however alike they look."""
    apart = _differ_by_sex(a, b) or plain(b) in APART.get(plain(a), ()) or _share_a_part_only(a, b)
    return apart and set(FAMILIES.get(a, ())).isdisjoint(FAMILIES.get(b, ()))


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Write a word without what spellers add: double letters, ee, oo and ou, h at the end."""
    short = _REPEATED.sub(r"\1", text.replace("ee", "i").replace("oo", "u").replace("ou", "u"))
    return short.removesuffix("h") if len(short) > 3 else short


def _differ_by_sex(a: str, b: str) -> bool:
    """Luo men have O, women A; Luhya men Wa, women Na; Kalenjin men Kip, women Chep or Jep."""
    if frozenset((a[0], b[0])) in _SEXES:
        return a[1:] == b[1:] or (len(a) > 4 and len(b) > 4 and skeleton(a[1:]) == skeleton(b[1:]))
    return (a.startswith(_MALE) and b.startswith(_FEMALE)) or (b.startswith(_MALE) and a.startswith(_FEMALE))


def _share_a_part_only(a: str, b: str) -> bool:
    mine, theirs = _parts(plain(a)), _parts(plain(b))
    return any(mine[kind] != theirs[kind] for kind in mine.keys() & theirs.keys())


@lru_cache(maxsize=16384)
def _parts(text: str) -> dict[int, tuple[str, str]]:
    """Take a compound apart: from the number of its kind to the heads of its two parts."""
    found = {}
    for kind, (firsts, lasts) in enumerate(_COMPOUNDS):
        for first in (text[:n] for n in range(5, 1, -1) if text[:n] in firsts):
            rest = text[len(first) :]
            last = next((rest[n:] for n in range(_LINK + 1) if rest[n:] in lasts), None)
            if last is not None:
                found[kind] = firsts[first], lasts[last]
                break
    return found


def _heads(lines: tuple[str, ...]) -> dict[str, str]:
    return {spelling: line.split()[0] for line in lines for spelling in line.split()}


_COMPOUNDS = tuple((_heads(firsts), _heads(lasts)) for firsts, lasts in COMPOUNDS)


def _apart() -> dict[str, frozenset[str]]:
    lines = [[name.split("=") for name in line.split()] for line in LINES.replace("\n  ", " ").splitlines()]
    lines += [[[stem], [stem + "a", stem + "o"]] for stem in FEMININE.split()]
    lines += [[[stem], [stem + "a"]] for stem in FEMININE_IN_A.split()]
    found: dict[str, set[str]] = {}
    for line in lines:
        names = [{plain(spelling) for spelling in name} for name in line]
        for one, other in permutations(names, 2):
            for spelling in one - other:
                found.setdefault(spelling, set()).update(other - one)
    return {name: frozenset(others) for name, others in found.items()}


APART = _apart()
"""From a name, plainly written, to those that look like it and are others."""
