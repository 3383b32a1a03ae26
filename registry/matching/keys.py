"""The keys under which a profile is found: written with it, looked up by a question.

    key("names", "kamau", "peter")   →   a signed 64-bit number, the same on every machine

| kind | made of | finds |
|---|---|---|
| names | two exact words | any order, names dropped or added |
| sounds | two skeletons | spellings, nicknames, scripts |
| sounds-year | two skeletons, year of birth | common names, of which too many have the pair alone |
| sound-year | skeleton, year of birth | one name known well and the other not at all |
| born | full birth date | single names, names that changed |
| sound | one skeleton | last resort |
| document, document-part | tokens of the number; of its halves and ends | numbers, also with one slip |
| phone, email, handle, handle-letters | token of the normal form | the same |
| plate, place-…, plate-part, handle-part | token of the plate, cell, county, piece | vehicles, nearness, parts |
| mark-…, method… | words and codes of marks and modus operandi | people known without a name (`traits`) |

A key is the first eight bytes of BLAKE2b over kind and parts. A number could be found out by trying all of them, so
the keys of numbers, addresses, plates and places are made of tokens (`types.Blind`), which nobody makes without the
index key.
What equal keys still tell: of eight digits there are only 10,000 halves, so whoever holds the table and knows the
numbers of many people on the register can name the halves of others.

Where one side must be wider than the other (neighbours written together, days swapped, years off by one), the question
is: profiles are written a million times.
"""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations, islice

from registry.matching import traits
from registry.matching.contacts import identifier_parts
from registry.matching.limits import PROFILE_KEYS, TRAIT_KEYS, WORDS
from registry.matching.record import Described, Name, describe, read_names
from registry.matching.types import Blind, Identity
from registry.matching.words import Word


def key(kind: str, *parts: str) -> int:
    """Give the signed 64-bit key of some parts of a kind."""
    digest = blake2b("\x1f".join((kind, *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def pair(kind: str, one: str, other: str) -> int:
    """Give the key of two parts in any order."""
    return key(kind, one, other) if one <= other else key(kind, other, one)


def profile_keys(identity: Identity, *, region: str = "KE", blind: Blind) -> frozenset[int]:
    """Give the keys to be written with a profile."""
    return record_keys(describe(identity, region=region, blind=blind), blind=blind)


def record_keys(described: Described, *, blind: Blind) -> frozenset[int]:
    """Give the keys to be written with a profile that was described already."""
    known_by = traits.keys(traits.read(described.record.traits), described.record.county)
    more = (key(*parts) for parts in known_by)
    return frozenset((*islice(_record_keys(described, blind), PROFILE_KEYS), *islice(more, TRAIT_KEYS)))


def name_tokens(identity: Identity) -> frozenset[int]:
    """Give the keys of the distinct words and sounds of a person's names, by which the register counts rarity."""
    return _name_tokens(read_names(identity.names))


def record_tokens(described: Described) -> frozenset[int]:
    """Give the same of a person who was described already."""
    return _name_tokens(described.record.names)


def token_keys(word: Word) -> tuple[int, ...]:
    """Give the keys by which a word is counted: itself, and its sound."""
    return () if word.is_initial else (word_key(word.text), sound_key(word.skeleton))


def word_key(text: str) -> int:
    """Give the key of one exact word."""
    return key("word", text)


def sound_key(skeleton: str) -> int:
    """Give the key of one skeleton."""
    return key("sound", skeleton)


def born_key(year: int, month: int, day: int) -> int:
    """Give the key of a full birth date."""
    return key("born", f"{year:04d}-{month:02d}-{day:02d}")


def pair_year_key(one: str, other: str, year: int) -> int:
    """Give the key of two skeletons in any order with a year of birth."""
    return key("sounds-year", *sorted((one, other)), str(year))


def sounds(word: Word) -> tuple[str, ...]:
    """Give the skeletons of a word: its own, and that of the name it is a form of."""
    return (word.skeleton, word.family) if word.family else (word.skeleton,)


def _name_tokens(names: tuple[Name, ...]) -> frozenset[int]:
    return frozenset(key for name in names for word in name for key in token_keys(word))


def _record_keys(described: Described, blind: Blind) -> Iterator[int]:
    record = described.record
    yield from _contact_keys(described, blind)
    if record.born[2]:
        yield born_key(*record.born)
    for name in record.names:
        yield from _name_keys(name, record.born[0])


def _name_keys(name: Name, year: int) -> Iterator[int]:
    words = tuple({w.text: w for w in name if not w.is_initial}.values())[:WORDS]
    for a, b in combinations(words, 2):
        yield pair("names", a.text, b.text)
        for one in sounds(a):
            for other in sounds(b):
                yield pair("sounds", one, other)
        if year:
            yield pair_year_key(a.skeleton, b.skeleton, year)
    for word in words:
        for sound in sounds(word):
            yield sound_key(sound)
            if year:
                yield key("sound-year", sound, str(year))


def _contact_keys(described: Described, blind: Blind) -> Iterator[int]:
    record = described.record
    for number in record.numbers:
        yield key("document", number)
        for part in identifier_parts(described.clear[number]):
            yield key("document-part", blind("document-part", part))
    for phone in record.phones:
        yield key("phone", phone)
    for address in record.emails:
        yield key("email", address)
    for _, name, letters in record.handles:
        yield key("handle", name)
        if letters:
            yield key("handle-letters", letters)
