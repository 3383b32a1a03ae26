"""Who could be meant as well: other people with all the words of a question and a birth date that can be the same.

    "George O. Okoth", 1962     George Otieno Okoth, 1962-01-01 · George Odhiambo Okoth · not George Ouma Okoth, 1964

Words count as they truly are and as they were said: where somebody else is called exactly what was said, no engine can
tell which of the two is meant. A single letter is any name that begins with it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Reading(NamedTuple):
    """One way to read a name: words that have to be there, and first letters of others."""

    question: int
    words: frozenset[str]
    initials: frozenset[str]


class Meant(NamedTuple):
    """What namesakes of one question are counted by."""

    names: tuple[tuple[str, ...], ...]
    """Ways to read the name; none where something else than a name decides."""
    born: str | None
    expected: str | None


def namesakes(asked: Iterable[Meant], people: Iterable[Mapping[str, Any]]) -> list[int]:
    """Return how many others of these lines of a set each question could mean."""
    meant = list(asked)
    waiting = _by_longest_word(meant)
    counted = [0] * len(meant)
    for line in people:
        for place in set(_read_as(line, waiting)):
            other = line["id"] != meant[place].expected
            counted[place] += other and are_compatible(meant[place].born, line["dob"]["value"])
    return counted


def _by_longest_word(meant: Iterable[Meant]) -> dict[str, list[Reading]]:
    waiting: dict[str, list[Reading]] = defaultdict(list)
    for place, each in enumerate(meant):
        for name in each.names:
            letters = frozenset(filter(None, map(plain, name)))
            words = frozenset(word for word in letters if len(word) > 1 or not word.isascii())
            if words:
                longest = max(words, key=lambda word: (len(word), word))
                waiting[longest].append(Reading(place, words, letters - words))
    return waiting


def _read_as(line: Mapping[str, Any], waiting: Mapping[str, list[Reading]]) -> Iterator[int]:
    for name in line["names"]:
        words = frozenset(map(plain, words_of(name["full"])))
        for word in words:
            for reading in waiting.get(word, ()):
                if reading.words <= words and _begin(words - reading.words, reading.initials):
                    yield reading.question


def _begin(words: frozenset[str], initials: frozenset[str]) -> bool:
    return all(any(word.startswith(initial) for word in words) for initial in initials)


def words_of(full: str) -> tuple[str, ...]:
    """Return the words of a name as clerks mean it: KAMAU, Peter is Peter Kamau."""
    family, comma, given = full.partition(",")
    text = f"{given} {family}" if comma else full
    return tuple(word.title() if word.isupper() and len(word) > 1 else word for word in text.split())


def plain(word: str) -> str:
    """Return the letters of a word without marks and capitals."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if c.isalnum())


def are_compatible(one: str | None, other: str | None) -> bool:
    """Say whether two dates can be the same day, as far as they are known; 1 January may be any."""
    if one is None or other is None:
        return True
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter] or ("-01-01" in (one[4:], other[4:]) and one[:4] == other[:4])
