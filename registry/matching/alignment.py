"""Which word of one name meets which word of the other.

    peter wanjiku kamau  ·  kamau p wanjiko   →   kamau-kamau exact, wanjiku-wanjiko spelling, peter-p initial

The best meetings are taken first, each word once; what is left over is joined with its neighbour and tried again,
and then counts against.
"""

from collections.abc import Mapping
from itertools import pairwise
from math import log2
from typing import NamedTuple

from registry.matching import keys, weights
from registry.matching.agreement import agreement
from registry.matching.record import Name
from registry.matching.words import Word, word


class Meeting(NamedTuple):
    """Two words that met, or one that found nobody."""

    bits: float
    feature: str
    query: str
    record: str


class Alignment(NamedTuple):
    """How two names met, and what it is worth together."""

    bits: float
    meetings: tuple[Meeting, ...]


class Scale:
    """What words are worth on this register; remembers the pairs it has judged for one question."""

    def __init__(self, rarity: Mapping[int, int], register_size: int) -> None:
        self._rarity = rarity
        self._size = register_size
        self.ceiling = log2(register_size + 1) + weights.NAME_CEILING
        """Names that meet count in full up to here."""
        self._judged: dict[str, dict[str, Meeting | None]] = {}
        self._information: dict[str, float] = {}

    def meetings_of(self, one: Word) -> dict[str, Meeting | None]:
        """Give what is known already about a word of the question."""
        return self._judged.setdefault(one.text, {})

    def judge(self, one: Word, other: Word) -> Meeting | None:
        """Compare two words and weigh how they meet."""
        feature = agreement(one, other)
        met = feature and Meeting(self._worth(feature, one), feature, _shown(one), _shown(other))
        self._judged.setdefault(one.text, {})[other.text] = met or None
        return met or None

    def _worth(self, feature: str, one: Word) -> float:
        share, less = weights.NAME_SHARE[feature]
        return max(share * self._informs(feature, one) - less, 0.5)

    def _informs(self, feature: str, one: Word) -> float:
        if feature == "name.exact":
            return self._counted(keys.word_key(one.text))
        if feature == "name.spelling":
            return min(self._counted(keys.sound_key(one.skeleton)), self._counted(keys.word_key(one.text)))
        if feature == "name.form":
            return min(self._counted(keys.sound_key(sound)) for sound in keys.sounds(one))
        return min(weights.UNCOUNTED_INFORMATION, self._counted(keys.word_key(one.text)))

    def _counted(self, key: int) -> float:
        least, most = weights.NAME_INFORMATION
        return min(max(log2((self._size + 1) / (self._rarity.get(key, 0) + 1)), least), most)


def align(query: Name, record: Name, scale: Scale, conflict: str = "name.conflict") -> Alignment:
    """Let the words of two names meet, best first."""
    found = _meetings(query, record, scale)
    asked, held = dict(enumerate(query)), dict(enumerate(record))
    met = _taken([one for one in found if one[0].feature != "name.short"], asked, held)
    if asked and held:
        met += _joined(asked, held)
        met += _taken([one for one in found if one[0].feature == "name.short"], asked, held)
    bits = sum([m.bits for m in met])
    if bits > scale.ceiling:
        met.append(Meeting((scale.ceiling - bits) * (1 - weights.NAME_ABOVE), "name.shared", "", ""))
    if asked or held:
        met += _alone(asked, held, conflict)
    return Alignment(max(sum([m.bits for m in met]), weights.NAME_FLOOR), tuple(met))


def _meetings(query: Name, record: Name, scale: Scale) -> list[tuple[Meeting, int, int]]:
    found = []
    for i, one in enumerate(query):
        known = scale.meetings_of(one)
        for j, other in enumerate(record):
            meeting = known[other.text] if other.text in known else scale.judge(one, other)
            if meeting is not None:
                found.append((meeting, i, j))
    found.sort(reverse=True)
    return found


def _taken(found: list[tuple[Meeting, int, int]], asked: dict[int, Word], held: dict[int, Word]) -> list[Meeting]:
    """Take the best meetings whose words are both still free."""
    met: list[Meeting] = []
    for meeting, i, j in found:
        if i in asked and j in held:
            del asked[i], held[j]
            met.append(meeting)
    return met


def _joined(asked: dict[int, Word], held: dict[int, Word]) -> list[Meeting]:
    """Let Kip Limo meet Kiplimo, in either direction."""
    if len(asked) == len(held) == 1:
        return []
    met = [_join_meeting(apart, together) for apart, together in _joins(asked, held)]
    return met + [_join_meeting(together, apart) for apart, together in _joins(held, asked)]


def _joins(many: dict[int, Word], few: dict[int, Word]) -> list[tuple[str, str]]:
    """Take out neighbours that are one word on the other side."""
    joins = []
    for i, k in pairwise(tuple(many)):
        if i in many and k == i + 1:
            single = next((j for j, word_ in few.items() if _is_join(many[i], many[k], word_)), None)
            if single is not None:
                joins.append((f"{_shown(many.pop(i))} {_shown(many.pop(k))}", _shown(few.pop(single))))
    return joins


def _is_join(a: Word, b: Word, single: Word) -> bool:
    length = len(a.text) + len(b.text)
    if single.skeleton[0] != a.skeleton[0] or abs(length - len(single.text)) > 1 or length < 5:
        return False
    return agreement(word(a.text + b.text), single) is not None


def _join_meeting(asked: str, held: str) -> Meeting:
    share, less = weights.NAME_SHARE["name.joined"]
    return Meeting(share * weights.UNCOUNTED_INFORMATION - less, "name.joined", asked, held)


def _alone(asked: dict[int, Word], held: dict[int, Word], conflict: str) -> list[Meeting]:
    """Count words that met nobody: in pairs a conflict, otherwise a name more or a name less."""
    full = [a for a in asked.values() if not a.is_initial]
    others = [b for b in held.values() if not b.is_initial]
    clashes = min(len(full), len(others))
    alone = [_meeting(conflict, a, b) for a, b in zip(full, others, strict=False)]
    alone += [_meeting("name.extra", a, None) for a in full[clashes:]]
    alone += [_meeting("name.missing", None, b) for b in others[clashes:]]
    return alone


def _meeting(feature: str, one: Word | None, other: Word | None) -> Meeting:
    return Meeting(weights.BITS[feature], feature, _shown(one) if one else "", _shown(other) if other else "")


def _shown(one: Word) -> str:
    return one.written or one.text.capitalize()
