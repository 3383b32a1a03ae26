"""Any script into lower-case Latin words.

    Мария → mariya        محمد → mohamed        陈波平 → chen, boping        Wanjikũ → wanjiku

Arabic, Chinese, Devanagari and Ge'ez have tables of their own (`data/`), letters with marks lose the marks, everything
else is transliterated by anyascii.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from anyascii import anyascii

from registry.matching.data import arabic, devanagari, ethiopic, han
from registry.matching.data.lookalikes import LOOKALIKES
from registry.matching.limits import WORD_CHARACTERS

_DIGIT_LETTERS = str.maketrans("0134578", "oleastb")
_NOT_LETTERS = {code: None for code in range(128) if not chr(code).isalnum()}


@lru_cache(maxsize=16384)
def latin_words(written: str) -> tuple[str, ...]:
    """Put one written word into Latin letters; a Chinese or Arabic one may hold two."""
    if written.isascii():
        return _tidied((written,))
    return _tidied(_READINGS[_block(written)](written))


def without_marks(text: str) -> str:
    """Drop combining marks: accents, vowel points, and anything piled up to do harm."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M")


def _block(written: str) -> str:
    for letter in written:
        code = ord(letter)
        if 0x600 <= code <= 0x6FF or 0xFB50 <= code <= 0xFEFC:
            return "arabic"
        if 0x900 <= code <= 0x97F:
            return "devanagari"
        if ethiopic.FIRST <= code <= ethiopic.LAST:
            return "ethiopic"
        if 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF:
            return "han"
        if code > 0x24F and letter.isalpha() and not 0x1E00 <= code <= 0x1EFF:
            return "other"
    return "latin"


def _from_arabic(written: str) -> tuple[str, ...]:
    word = without_marks(written.replace("\u0622", "\u0627"))
    plain = unicodedata.normalize("NFKC", "".join(c for c in written if not unicodedata.combining(c)))
    for form in (plain, word):
        if form in arabic.NAMES:
            return (arabic.NAMES[form],)
        if form.endswith(arabic.FEMININE) and form[:-1] in arabic.NAMES:
            return (arabic.NAMES[form[:-1]] + "a",)
    if plain.startswith(arabic.SERVANT) and len(plain) > len(arabic.SERVANT) + 1:
        return ("abd" + _arabic_word(plain.removeprefix(arabic.SERVANT)),)
    if plain.startswith(arabic.ARTICLE) and len(plain) > 3:
        return ("al", _arabic_word(plain.removeprefix(arabic.ARTICLE)))
    return (_letters(plain),)


def _arabic_word(word: str) -> str:
    return arabic.NAMES.get(word) or _letters(word)


def _letters(word: str) -> str:
    first = "y" if word and word[0] in arabic.YA else ""  # marks alone leave no word
    letters = first + anyascii(word[len(first) :].translate(arabic.LETTERS))
    return "ha" + letters[1:] if letters[:1] == "h" and letters[1:2] not in "aiu" else letters


def _from_devanagari(written: str) -> tuple[str, ...]:
    """Speak the unwritten a of a consonant that no sign follows, except at the end."""
    spoken, silent = "", ""
    for letter in unicodedata.normalize("NFC", written):
        if letter in devanagari.CONSONANTS:
            spoken += silent + devanagari.CONSONANTS[letter]
            silent = "a"
        elif letter == devanagari.NUKTA:
            before = next((sound for sound in devanagari.DOTTED if spoken.endswith(sound)), "")
            spoken = spoken.removesuffix(before) + devanagari.DOTTED.get(before, "")
        elif letter in devanagari.SIGNS or letter == devanagari.VIRAMA:
            spoken += devanagari.SIGNS.get(letter, "")
            silent = ""
        else:
            other = devanagari.VOWELS.get(letter) or devanagari.NASALS.get(letter) or anyascii(letter)
            spoken, silent = spoken + silent + other, ""
    return (spoken,)


def _from_ethiopic(written: str) -> tuple[str, ...]:
    """Write each syllable; the vowel of the sixth column where two consonants begin or double."""
    spoken = ""
    for letter in written:
        row, column = divmod(ord(letter) - ethiopic.FIRST, 8)
        if not 0 <= row < len(ethiopic.ROWS):
            spoken += anyascii(letter)
            continue
        consonant, vowel = ethiopic.ROWS[row], ethiopic.VOWELS[column]
        if not column and row in ethiopic.THROAT:
            vowel = "a"
        elif column == ethiopic.SIXTH and not spoken:
            vowel = "e" if row in ethiopic.SILENT else "i"
        if consonant and spoken.endswith(consonant):
            consonant = "i" + consonant
        spoken += consonant + vowel
    return (spoken,)


def _from_han(written: str) -> tuple[str, ...]:
    cut = 2 if written[:2] in han.DOUBLE_SURNAMES else 1
    if not 2 <= len(written) <= 4:
        return (anyascii(written),)
    surname = written[:cut]
    return han.READINGS.get(surname) or anyascii(surname), anyascii(written[cut:])


def _tidied(words: tuple[str, ...]) -> tuple[str, ...]:
    clean = (_word(word.lower().translate(_NOT_LETTERS)) for word in words)
    return tuple(word[:WORD_CHARACTERS] for word in clean if word)


def _word(word: str) -> str:
    """Read digits that a scan put in the place of letters; a word that is mostly digits is no name."""
    if word.isalpha():
        return word
    letters = sum(c.isalpha() for c in word)
    return word.translate(_DIGIT_LETTERS) if letters * 2 > len(word) else ""


def _from_latin(written: str) -> tuple[str, ...]:
    return (anyascii(without_marks(written)),)


def _from_any(written: str) -> tuple[str, ...]:
    """Read by anyascii; a letter of another alphabet within a Latin word stands for the one it looks like."""
    mixed = any("A" <= letter <= "z" for letter in written)
    return (anyascii(written.translate(LOOKALIKES) if mixed else written),)


_READINGS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "arabic": _from_arabic,
    "devanagari": _from_devanagari,
    "ethiopic": _from_ethiopic,
    "han": _from_han,
    "latin": _from_latin,
    "other": _from_any,
}
"""How a word in a script is read. A script without a table of its own is left to anyascii."""
