"""A question made ready: what to look up, and what it is worth when found.

    prepare(Identity(names=("Peter Kamau",)), blind=…)   →   keys (31, best kinds first), tokens (4)

The database answers one statement: for every key at most `candidates.POSTING_CAP` + 1 profile numbers, and for
every token the number of profiles that have it.

Of documents, phones, e-mails and handles the register holds tokens only. The question is the one side that knows its
own values, so all tokens that a comparison may need are made here, once, and none for each candidate.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, combinations, pairwise
from types import MappingProxyType

from registry.matching import asked as traits_asked, keys
from registry.matching.asked import Asked, County
from registry.matching.contacts import identifier_parts_asked
from registry.matching.data.families import FAMILIES
from registry.matching.limits import QUERY_KEYS, QUERY_NAMES, QUERY_WORDS
from registry.matching.record import Described, MatchRecord, Name, describe
from registry.matching.skeletons import alternatives, skeleton, thinned
from registry.matching.slips import slip_tokens
from registry.matching.types import Blind, Identity
from registry.matching.words import Word, word as read_word

TRUST = {
    "document": 2.0,
    "phone": 1.5,
    "email": 1.5,
    "handle": 1.5,
    "born": 1.0,
    "names": 1.0,
    "sounds-year": 1.0,
    "document-part": 1.0,
    "sounds": 0.8,
    "sound-year": 0.8,
    "names-joined": 0.8,
    "handle-letters": 0.7,
    "born-swapped": 0.7,
    "sounds-year-near": 0.7,
    "born-near": 0.6,
    "sounds-wide": 0.6,
    "sound-year-wide": 0.5,
    "thinned": 0.5,
    "slip-names": 0.7,
    "slip-sounds": 0.6,
    "slip-year": 0.5,
    "slip-alone": 0.3,
    "sound": 0.4,
    "sound-wide": 0.3,
    "plate": 1.5,
    "plate-part": 0.9,
    "handle-part": 0.9,
    "mark-look-part": 0.9,
    "mark-look-county": 0.8,
    "mark-look": 0.7,
    "mark-part-county": 0.6,
    "mark-side": 0.5,
    "mark-part": 0.45,
    "place-sub-county": 0.45,
    "method-county": 0.4,
    "methods": 0.4,
    "place": 0.35,
    "method": 0.25,
    "place-county": 0.2,
}
"""By how much the rarity of a key of this kind counts when candidates are chosen."""

_ALTERNATIVES = 3
_SPLIT_LENGTH, _SPLIT_EDGE = 7, 3


@dataclass(frozen=True, slots=True)
class PreparedQuery:
    """A question in the form that is compared, with the keys to look up and the words to count."""

    record: MatchRecord
    """The person asked for, as the register would hold them."""
    clear: dict[str, str] = field(repr=False)
    """From a token of the record to the asker's own value."""
    slips: dict[str, frozenset[str]]
    """From the token of a document number to the tokens of all that are one slip away."""
    trust: dict[int, float]
    """From a key to what its kind is worth."""
    tokens: tuple[int, ...]
    asked: Asked = field(default=traits_asked.NOTHING, repr=False)
    """What is sought beside names, numbers and birth."""
    together: tuple[frozenset[int], ...] = ()
    """Keys that stand for one observation: one of them is met, it is not known which."""

    @property
    def is_description(self) -> bool:
        """Whether somebody is sought by what is known without name, number, contact or birth date."""
        record = self.record
        named = record.names or record.identifiers or record.phones or record.emails or record.handles
        return bool(self.asked) and not named and not record.born[2]

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys to look up, best kinds first."""
        return tuple(self.trust)


def prepare(
    identity: Identity, *, region: str = "KE", blind: Blind, counties: Mapping[str, County] = MappingProxyType({})
) -> PreparedQuery:
    """Make a question ready. One with nothing usable has no keys."""
    described = describe(identity, region=region, blind=blind, is_question=True)
    record = described.record._replace(names=_first_names(described.record.names))
    words = _distinct_words(record)
    found: dict[int, float] = {}
    for kind, key in (*contact_keys(described, blind), *_personal_keys(record, words)):
        found[key] = max(found.get(key, 0.0), TRUST[kind])
    asked = traits_asked.asked(identity, record.county, counties, blind)
    together = tuple(_trait_keys(asked, found))
    best = sorted(found.items(), key=lambda item: -item[1])[:QUERY_KEYS]
    slips = {number: slip_tokens(described.clear[number], near, blind) for _, number, _, near in record.identifiers}
    return PreparedQuery(record, described.clear, slips, dict(best), _tokens(words), asked, together)


def _trait_keys(asked: Asked, found: dict[int, float]) -> Iterator[frozenset[int]]:
    """Add the keys of traits; give those that stand for one observation together."""
    for kind, each in traits_asked.alternatives(asked):
        made = frozenset(keys.key(*parts) for parts in each)
        for key in made:
            found[key] = max(found.get(key, 0.0), TRUST[kind])
        if len(made) > 1:
            yield made


def _distinct_words(record: MatchRecord) -> tuple[Word, ...]:
    words = {word.text: word for name in record.names for word in name if not word.is_initial}
    return tuple(words.values())


def _first_names(names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Keep as many names as are worth comparing with every candidate."""
    sizes = accumulate(len(name) for name in names)
    return tuple(name for name, words in zip(names[:QUERY_NAMES], sizes, strict=False) if words <= QUERY_WORDS)


def _tokens(words: tuple[Word, ...]) -> tuple[int, ...]:
    """Count also the heads of a short form's families: Bill is rare, William is not."""
    found = dict.fromkeys(key for word in words for key in keys.token_keys(word))
    for word in words:
        for head in FAMILIES.get(word.text, ()):
            found[keys.sound_key(skeleton(head))] = None
    return tuple(found)


def _personal_keys(record: MatchRecord, words: tuple[Word, ...]) -> Iterator[tuple[str, int]]:
    yield from _date_keys(record.born)
    wide = {word.text: alternatives(word.text, _ALTERNATIVES) for word in words}
    for name in record.names:
        yield from _name_keys(tuple(w for w in name if not w.is_initial), wide, record.born[0])
    yield from _sound_keys(words, wide, record.born[0])


def contact_keys(described: Described, blind: Blind) -> Iterator[tuple[str, int]]:
    """Give the keys of numbers, phones, addresses and handles: whoever agrees in one shares one."""
    record = described.record
    for number in record.numbers:
        yield "document", keys.key("document", number)
        for part in identifier_parts_asked(described.clear[number]):
            yield "document-part", keys.key("document-part", blind("document-part", part))
    for phone in record.phones:
        yield "phone", keys.key("phone", phone)
    for address in record.emails:
        yield "email", keys.key("email", address)
    for _, name, letters in record.handles:
        yield "handle", keys.key("handle", name)
        if letters:
            yield "handle-letters", keys.key("handle-letters", letters)


def _date_keys(born: tuple[int, int, int]) -> Iterator[tuple[str, int]]:
    year, month, day = born
    if not day:
        return
    yield "born", keys.born_key(year, month, day)
    if day <= 12 and day != month:
        yield "born-swapped", keys.born_key(year, day, month)
    for near in (year - 1, year + 1, year - 10, year + 10):
        yield "born-near", keys.born_key(near, month, day)


def _name_keys(name: tuple[Word, ...], wide: dict[str, tuple[str, ...]], year: int) -> Iterator[tuple[str, int]]:
    for a, b in combinations(name, 2):
        yield "names", keys.pair("names", a.text, b.text)
        for one in keys.sounds(a):
            for other in keys.sounds(b):
                yield "sounds", keys.pair("sounds", one, other)
        for one in wide.get(a.text, ()):
            yield "sounds-wide", keys.pair("sounds", one, b.skeleton)
        for other in wide.get(b.text, ()):
            yield "sounds-wide", keys.pair("sounds", a.skeleton, other)
        for doubted, sure in ((a, b), (b, a)):
            for bones in thinned(doubted.skeleton):
                yield "thinned", keys.pair("sounds", bones, sure.skeleton)
        if year:
            yield "sounds-year", keys.pair_year_key(a.skeleton, b.skeleton, year)
            yield "sounds-year-near", keys.pair_year_key(a.skeleton, b.skeleton, year - 1)
            yield "sounds-year-near", keys.pair_year_key(a.skeleton, b.skeleton, year + 1)
    yield from _joined_keys(name)
    for word in name:
        yield from _split_keys(word.text)


def _joined_keys(name: tuple[Word, ...]) -> Iterator[tuple[str, int]]:
    """Two neighbours may be one word on the register: Kip Limo, Kiplimo."""
    for a, b in pairwise(name):
        for joined in keys.sounds(read_word(a.text + b.text)):
            yield "sound", keys.sound_key(joined)
            for other in name:
                if other is not a and other is not b:
                    for sound in keys.sounds(other):
                        yield "names-joined", keys.pair("sounds", joined, sound)


def _split_keys(text: str) -> Iterator[tuple[str, int]]:
    """One word may be two on the register: Abdimahad, Abdi Mahad."""
    if len(text) < _SPLIT_LENGTH:
        return
    for cut in range(_SPLIT_EDGE, len(text) - _SPLIT_EDGE + 1):
        yield "names-joined", keys.pair("names", text[:cut], text[cut:])


def _sound_keys(words: tuple[Word, ...], wide: dict[str, tuple[str, ...]], year: int) -> Iterator[tuple[str, int]]:
    for word in words:
        for sound in keys.sounds(word):
            yield "sound", keys.sound_key(sound)
            if year:
                yield "sound-year", keys.key("sound-year", sound, str(year))
                yield "sound-year-wide", keys.key("sound-year", sound, str(year - 1))
                yield "sound-year-wide", keys.key("sound-year", sound, str(year + 1))
        for sound in wide[word.text]:
            yield "sound-wide", keys.sound_key(sound)
            if year:
                yield "sound-year-wide", keys.key("sound-year", sound, str(year))
        if year:
            for bones in thinned(word.skeleton):
                yield "thinned", keys.key("sound-year", bones, str(year))
