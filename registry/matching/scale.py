"""What it is worth that two words meet, on this register.

wanjiku, wanjiku   as rare as the name, within its sound      onyango, onyagno   a slip: nobody is called onyagno
wanjiku, wanjiko   less, for being unlike                     mueni, mweni       hardly a slip: many are called either
"""

from collections.abc import Mapping
from math import log2
from typing import NamedTuple

from registry.matching import keys
from registry.matching.agreement import agreement, likeness, slips
from registry.matching.tables import PRESENT, Table
from registry.matching.twins import are_twins
from registry.matching.words import Word

_TWINS_ALIKE = 0.4
"""Words less alike than this are eased by next to nothing, twins or not."""

_UNALIKE = ("name.joined", "name.short")
"""How a word may meet that is not written alike, beside a slip."""


class Meeting(NamedTuple):
    """Two words that met, or one that found nobody."""

    bits: float
    feature: str
    query: str
    record: str


class Scale:
    """What words are worth on this register; remembers the pairs it has judged for one question."""

    def __init__(self, rarity: Mapping[int, int], register_size: int, table: Table = PRESENT) -> None:
        self.table = table
        """What observations are worth."""
        self._rarity = rarity
        self._size = register_size
        self.ceiling = log2(register_size + 1) + table.NAME_CEILING
        """Names that meet count in full up to here."""
        self._judged: dict[str, dict[str, Meeting | None]] = {}

    def meetings_of(self, one: Word) -> dict[str, Meeting | None]:
        """Give what is known already about a word of the question."""
        return self._judged.setdefault(one.text, {})

    def judge(self, one: Word, other: Word) -> Meeting | None:
        """Compare two words and weigh how they meet. What is no more than alike counts against."""
        met = None
        if feature := agreement(one, other):
            bits = self._worth(feature, one, other)
            met = Meeting(bits, feature if bits > 0 else "name.resembles", shown(one), shown(other))
        self._judged.setdefault(one.text, {})[other.text] = met
        return met

    def conflict(self, feature: str, one: Word, other: Word) -> Meeting:
        """Weigh two words that do not meet; less, where they are alike, as in a spelling that no rule foresaw."""
        alike = likeness(one.text, other.text)
        eased = 0.0 if alike > _TWINS_ALIKE and are_twins(one.text, other.text) else alike**2
        bits = self.table.BITS[feature] + eased * self.table.NAME_CONFLICT_ALIKE
        return Meeting(bits, feature, shown(one), shown(other))

    def _worth(self, feature: str, one: Word, other: Word) -> float:
        if feature == "name.near":
            return self._worth_of_slip(one, slips(one.text, other.text))
        share, less = self.table.NAME_SHARE[feature]
        bits = share * self._informs(feature, one) - less
        if feature == "name.exact":
            bits = min(bits, self._counted(keys.sound_key(one.skeleton)) + self.table.NAME_EXACT_ABOVE)
        if feature == "name.spelling":
            return max(bits + self.table.NAME_UNLIKE * (1 - likeness(one.text, other.text)), self.table.NAME_LEAST)
        return max(bits, 0.5)

    def _worth_of_slip(self, one: Word, apart: int) -> float:
        """A slip that makes a name many carry is more likely that name: the rarer the word, the likelier a slip."""
        most, less, second = self.table.NAME_SLIP
        rare = log2((self._size + 1) / (self._rarity.get(keys.word_key(one.text), 0) + 1))
        least, highest = self.table.NAME_SLIP_RANGE
        return min(max(min(rare, most) - less - second * (min(apart, 2) - 1), least), highest)

    def _informs(self, feature: str, one: Word) -> float:
        if feature == "name.exact":
            return self._counted(keys.word_key(one.text))
        if feature == "name.spelling":
            return min(self._counted(keys.sound_key(one.skeleton)), self._counted(keys.word_key(one.text)))
        if feature == "name.form":
            return min(self._counted(keys.sound_key(sound)) for sound in keys.sounds(one))
        return min(self.table.UNCOUNTED_INFORMATION, self._counted(keys.word_key(one.text)))

    def _counted(self, key: int) -> float:
        least, most = self.table.NAME_INFORMATION
        return min(max(log2((self._size + 1) / (self._rarity.get(key, 0) + 1)), least), most)


def most_of(names: tuple[tuple[Word, ...], ...], scale: Scale) -> float:
    """Give the most that any names can come to beside these: each word meets itself, or as well as any other can."""
    return max((_most_of(name, scale) for name in names), default=0.0)


def _most_of(name: tuple[Word, ...], scale: Scale) -> float:
    table = scale.table
    unalike = max(
        table.NAME_SLIP_RANGE[1],
        *(share * table.UNCOUNTED_INFORMATION - less for share, less in (table.NAME_SHARE[each] for each in _UNALIKE)),
    )
    bits = 0.0
    for word in name:
        met = scale.judge(word, word)
        bits += max(_most_alike(met.bits, table) if met else 0.0, unalike)
    above = max(bits - scale.ceiling, 0.0)
    return bits - above * (1.0 - table.NAME_ABOVE)


def _most_alike(exact: float, table: Table) -> float:
    """Give what a word may come to that weighs so much where it meets itself; a spelling of it loses less."""
    share, less = table.NAME_SHARE["name.exact"]
    informs = min((exact + less) / share, table.NAME_INFORMATION[1])
    otherwise = (table.NAME_SHARE[each] for each in ("name.spelling", "name.form"))
    return max(exact, *(share * informs - less for share, less in otherwise))


def shown(one: Word) -> str:
    """Give a word as somebody wrote it."""
    return one.written or one.text.capitalize()
