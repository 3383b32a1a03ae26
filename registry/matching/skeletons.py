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
_SLAVIC_W = re.compile(r"(?<=[oe])(?:w|ff|f)(?=(?:a|i|sk.*)?$)")
_SOFT_J = re.compile(r"(?<=[bcfgklmprstvz])j")

_FOLDS = (
    ("chr", "K"), ("sch", "S"), ("tch", "S"), ("tsh", "S"), ("tzh", "S"), ("sh", "S"), ("ch", "S"), ("zh", "S"),
    ("ts", "S"), ("tz", "S"), ("cz", "S"), ("sz", "S"), ("ph", "F"), ("th", "T"), ("dh", "T"), ("kh", "K"),
    ("gh", "K"), ("ck", "K"), ("ce", "Se"), ("ci", "Si"), ("cy", "Sy"), ("nj", "J"), ("ny", "J"), ("dj", "J"),
    ("ng", "K"), ("nd", "T"), ("mb", "P"), ("ks", "KS"),
)  # fmt: skip

_FIRST = str.maketrans("aeiouyjwbpvdtfgkqcxszlrmnh", "AEEOOJJWPPPTTFKKKKSSSLLMNH")
_LATER = str.maketrans("bpvdtfgkqcjszlrmnx", "PPPTTFKKKKJSSLLMNS")
_VOWELS = str.maketrans("", "", "aeiouywh")

_AMBIGUOUS = (
    ("ch", "k"), ("kh", "ch"), ("c", "ch"), ("w", "v"), ("v", "w"), ("x", "h"), ("g", "j"), ("j", "g"), ("f", "v"),
    ("rn", "m"), ("m", "rn"), ("vv", "w"), ("cl", "d"), ("d", "cl"), ("ri", "n"), ("n", "ri"), ("li", "h"),
    ("ny", "n"), ("h", "b"), ("q", "g"), ("z", "j"), ("ie", "ye"), ("ji", "i"), ("e", "ye"),
)  # fmt: skip
"""Letters that are heard, written or scanned as others: tried on the side of the question only."""


@lru_cache(maxsize=16384)
def skeleton(text: str) -> str:
    """Give the skeleton of a word in lower-case Latin letters."""
    sound = _REPEATED.sub(r"\1", text)
    sound = _SERVANT.sub("abd", sound)
    sound = _SLAVIC_W.sub("v", sound)
    sound = _SOFT_J.sub("", sound)
    if sound[:1] == "u" and sound[1:2] in "aeio" and len(sound) > 2:
        sound = "w" + sound[1:]
    for written, heard in _FOLDS:
        if written in sound:
            sound = sound.replace(written, heard)
    sound = sound.lstrip("h") or "h"
    heard = sound[:1].translate(_FIRST) + sound[1:].translate(_LATER)
    bones = _REPEATED.sub(r"\1", heard).translate(_VOWELS)[:LENGTH]
    return bones if len(bones) > 1 else bones + next((c for c in text[1:] if c in "aeiou"), "")


def thinned(bones: str) -> tuple[str, ...]:
    """Give a longer skeleton with each of its later consonants left out: one of them may be a slip."""
    if len(bones) < 4:
        return ()
    return tuple(dict.fromkeys(bones[:n] + bones[n + 1 :] for n in range(1, len(bones))))


def alternatives(text: str, most: int) -> tuple[str, ...]:
    """Give other skeletons a word may stand for when its letters are heard or scanned differently."""
    own = skeleton(text)
    found: list[str] = []
    for letters, others in _AMBIGUOUS:
        if letters not in text:
            continue
        other = skeleton(text.replace(letters, others, 1))
        if other != own and other not in found:
            found.append(other)
            if len(found) == most:
                break
    return tuple(found)
