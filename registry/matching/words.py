"""A written name as the words that tell people apart.

    "NG'ANG'A, Peter"           →   nganga · peter
    "Hassan bin Abd al-Rahman"  →   hassan · abdrahman

Order is kept for reading and for neighbours written together; nothing depends on it otherwise.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from registry.matching.data.families import FAMILIES
from registry.matching.data.particles import JOINED, PARTICLES, SOFT_PARTICLES
from registry.matching.limits import NAME_CHARACTERS, WORDS
from registry.matching.romanised import given_names
from registry.matching.scripts import latin_words
from registry.matching.skeletons import skeleton

_APOSTROPHES = "'`\u00b4\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u02bf\u02be\u2032\uff07"
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord("'"): None, ord("`"): None}

_WRITTEN_ON = (("al", 3), ("el", 3), ("ole", 3))
"""Particles written onto a name, and more letters than so many that have to be left."""
_RESPECT = re.compile(r"(?<=\w{4})(?:bhai|behn|ben|kumar)$")
"""What Gujarati adds to a first name in respect."""


class Word(NamedTuple):
    """One word of a name: its letters, its sound, the sound of the name it is a form of, and how it was written."""

    text: str
    skeleton: str
    family: str
    written: str

    @property
    def is_initial(self) -> bool:
        """One letter stands for a name that is not known."""
        return len(self.text) == 1


def name_words(name: str) -> tuple[Word, ...]:
    """Split a written name into its words, particles and titles left out."""
    pairs = [(word, written) for written in _written_words(name) for word in latin_words(written)]
    pairs = [pair for pair in pairs if pair[0] not in PARTICLES]
    firm = [pair for pair in pairs if pair[0] not in SOFT_PARTICLES]
    kept = _joined(firm if len(firm) > 1 else pairs)
    return tuple(word(text, written) for text, written in kept[:WORDS])


@lru_cache(maxsize=16384)
def word(text: str, written: str = "") -> Word:
    """Give a word its sounds. ``written`` is kept only where it says more than the letters."""
    own = skeleton(text)
    forms = (*families(text), bare(text))
    family = next((s for s in map(skeleton, forms) if s != own), "")
    return Word(text, own, family, "" if written.lower() == text else written)


@lru_cache(maxsize=16384)
def bare(text: str) -> str:
    """Take off what was written onto the name: alghamdi, ghamdi; olekoikai, koikai; rameshbhai, ramesh."""
    for prefix, follows in _WRITTEN_ON:
        if text.startswith(prefix) and len(text) - len(prefix) > follows and text[len(prefix)] not in "aeiouy":
            return text[len(prefix) :]
    ending = _RESPECT.search(text)
    return text[: ending.start()] if ending else text


@lru_cache(maxsize=16384)
def families(text: str) -> tuple[str, ...]:
    """Name the families of spellings a word belongs to."""
    return FAMILIES.get(text) or given_names(text)


def _written_words(name: str) -> list[str]:
    name = name[:NAME_CHARACTERS]
    if name.isascii():
        return name.translate(_ASCII).split()
    return "".join(map(_kept, unicodedata.normalize("NFC", name))).split()


def _kept(character: str) -> str:
    if character.isalnum():
        return character
    kind = unicodedata.category(character)
    if kind[0] == "M":
        return character
    return "" if kind == "Cf" or character in _APOSTROPHES else " "


def _joined(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Write Abd Rahman, Abu Bakr and Mac Donald as the one word they are."""
    kept: list[tuple[str, str]] = []
    for text, written in pairs:
        if kept and kept[-1][0] in JOINED and len(text) > 1:
            before, shown = kept.pop()
            kept.append((before + text, f"{shown} {written}"))
        else:
            kept.append((text, written))
    return kept
