"""The sound of a word with its vowels left out, so that spellings of one name meet.

    Njoroge, Njorogi   →   JLK          Wacera, Wachera   →   WSL          Phillip, Filipo   →   FLP

The first letter keeps its class (vowels: A, E for e and i, O for o and u, so that Otieno and
Atieno stay apart), later vowels go, h is never heard. Prenasalised and plain consonants fall
together (mb/b, nd/d, ng/g, nj/ny/j), and so do c/k/g/q, l/r, b/p/v, th/t/d and the sibilants.
A skeleton finds candidates; whether two words are one name is judged by `agreement`.
"""

import re
from functools import lru_cache

LENGTH = 8
"""Consonants kept. Longer names differ early or not at all."""

_REPEATED = re.compile(r"(.)\1+")
_SERVANT = re.compile(r"^[ck]?abd[aeiou]*[lrs]?(?=[bcdfghjkmnpqrstvwxyz])")
_SLAVIC_W = re.compile(r"(?<=[oe])(?:w|ff|f)(?=(?:a|i|sk.*|na|itsch|itch|its|ich)?$)")
_SOFT_J = re.compile(r"(?<=[bcfgklmprstvz])j")

_FOLDS = (
    ("schtsch", "S"), ("shch", "S"), ("chtch", "S"), ("stch", "S"), ("tsch", "S"), ("chr", "K"), ("sch", "S"),
    ("tch", "S"), ("tsh", "S"), ("tzh", "S"), ("sh", "S"), ("ch", "S"), ("zh", "S"), ("ts", "S"), ("tz", "S"),
    ("cz", "S"), ("sz", "S"), ("ph", "F"), ("th", "T"), ("dh", "T"), ("kh", "K"), ("gh", "K"), ("ck", "K"),
    ("ce", "Se"), ("ci", "Si"), ("cy", "Sy"), ("nj", "J"), ("ny", "J"), ("dj", "J"), ("ng", "K"), ("nd", "T"),
    ("mb", "P"), ("ks", "KS"),
)  # fmt: skip

_FIRST = str.maketrans("aeiouyjwbpvdtfgkqcxszlrmnh", "AEEOOJJWPPPTTFKKKKSSSLLMNH")
_LATER = str.maketrans("bpvdtfgkqcjszlrmnx", "PPPTTFKKKKJSSLLMNS")
_VOWELS = str.maketrans("", "", "aeiouywh")
_THREE_VOWELS = str.maketrans("eyow", "iiuu", "h")

_HEARD_AS = (
    ("ch", "k"), ("kh", "ch"), ("c", "ch"), ("w", "v"), ("v", "w"), ("x", "h"), ("g", "j"), ("j", "g"), ("f", "v"),
    ("ny", "n"), ("q", "g"), ("z", "j"), ("ie", "ye"), ("ji", "i"), ("e", "ye"),
)  # fmt: skip
"""Letters that are heard as others, or stand for others in another language's spelling."""

_SEEN_AS = (
    ("rn", "m"), ("m", "rn"), ("vv", "w"), ("cl", "d"), ("d", "cl"), ("ri", "n"), ("n", "ri"), ("li", "h"), ("h", "b"),
)  # fmt: skip
"""Letters that are scanned as others."""


@lru_cache(maxsize=16384)
def skeleton(text: str) -> str:
    """Give the skeleton of a word in lower-case Latin letters."""
    heard = _consonants_heard(text)
    bones = _REPEATED.sub(r"\1", heard[:1].translate(_FIRST) + heard[1:]).translate(_VOWELS)[:LENGTH]
    return bones if len(bones) > 1 else bones + next((c for c in text[1:] if c in "aeiou"), "")


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """Give a word as it is heard: the consonants of its skeleton, and its vowels as three.

    Khoury, خوري (khwri)   →   KuLi        Chahine, Shaheen   →   SaiNi, SaiN
    """
    heard = _consonants_heard(text)
    return _REPEATED.sub(r"\1", (heard[:1].translate(_LATER) + heard[1:]).translate(_THREE_VOWELS))


def _consonants_heard(text: str) -> str:
    """Fold the consonants of a word but for the first letter; vowels stay as they are."""
    heard = _REPEATED.sub(r"\1", text)
    heard = _SERVANT.sub("abd", heard)
    slavic = _SLAVIC_W.sub("v", heard)
    if slavic != heard:
        heard = slavic.replace("j", "y").replace("w", "v")
    heard = _SOFT_J.sub("", heard)
    if heard[:1] == "u" and heard[1:2] in "aeio" and len(heard) > 2:
        heard = "w" + heard[1:]
    if heard[:1] == "i" and heard[1:2] in "aou" and len(heard) > 3:
        heard = "y" + heard[1:]  # Russian passports: Iuliia
    for written, spoken in _FOLDS:
        if written in heard:
            heard = heard.replace(written, spoken)
    heard = heard.lstrip("h") or "h"
    return heard[:1] + heard[1:].translate(_LATER)


def thinned(bones: str) -> tuple[str, ...]:
    """Give a longer skeleton with each of its later consonants left out: one of them may be a slip."""
    if len(bones) < 4:
        return ()
    return tuple(dict.fromkeys(bones[:n] + bones[n + 1 :] for n in range(1, len(bones))))


def alternatives(text: str, most: int) -> tuple[str, ...]:
    """Give other skeletons a word may stand for when its letters are heard or scanned differently."""
    return _read_otherwise(text, (*_HEARD_AS, *_SEEN_AS), most)


def heard_otherwise(text: str, most: int) -> tuple[str, ...]:
    """Give other skeletons a word may stand for when its letters are heard differently."""
    return _read_otherwise(text, _HEARD_AS, most)


def _read_otherwise(text: str, table: tuple[tuple[str, str], ...], most: int) -> tuple[str, ...]:
    own = skeleton(text)
    found: list[str] = []
    for letters, others in table:
        if letters not in text:
            continue
        other = skeleton(text.replace(letters, others, 1))
        if other != own and other not in found:
            found.append(other)
            if len(found) == most:
                break
    return tuple(found)
