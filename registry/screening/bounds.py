"""The most that a comparison can come to, told before the names are compared. Pure.

    bound = Bound(question, rarity, register_size, contacts)
    bound.glance(number, glance)      from birth date and sex, which are in memory

    Peter Kamau, 1984-05-03, a register of 1,000,000    names at most 17.0, needed 21.1
        born 1991-02-11: 17.0 - 9.0 + sex 0.3 = 8.3     never told, and not read
        born 1984-05-03: 17.0 + 13.0 + 0.3 = 30.3       read, and compared word by word

Nothing is left to chance: who could be told is compared. So a list gets the answers that a search would give, and the
many namesakes of those who are on no register cost little.
"""

from array import array
from collections.abc import Collection, Mapping
from math import log2

from registry.matching import weights
from registry.matching.compare import birth_dates, sexes
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord
from registry.matching.scale import Scale, most_of
from registry.matching.score import prior_bits

_NOBODY = MatchRecord((), (0, 0, 0), "", (), "", (), (), (), ())
_SEXES = ("", "male", "female", "other")
_ELSEWHERE = ("document", "phone", "email", "handle")
"""First words of features by which only those agree who share a key of that kind."""
_NEARBY = ("nationality", "county")
"""First words of features that no key tells."""
_SLACK = 0.01
"""Of rounding: a score has four places."""


class Glances:
    """Birth date and sex of everybody on the register, four bytes each, for as long as they are young."""

    def __init__(self) -> None:
        self._packed = array("I", [0])

    def put(self, number: int, born: tuple[int, int, int], sex: str) -> None:
        """Note a profile; numbers come in their order."""
        self._packed.extend([0] * (number + 1 - len(self._packed)))
        place = _SEXES.index(sex) if sex in _SEXES else 0
        self._packed[number] = 1 << 31 | born[0] << 11 | born[1] << 7 | born[2] << 2 | place

    def get(self, number: int) -> int:
        """Return what is known of a profile, packed; nought for nothing."""
        return self._packed[number] if number < len(self._packed) else 0


def seen(packed: int) -> MatchRecord:
    """Return a glance as a record of which nothing else is known."""
    born = (packed >> 11 & 0xFFF, packed >> 7 & 0xF, packed >> 2 & 0x1F)
    return _NOBODY._replace(born=born, sex=_SEXES[packed & 3])


class Bound:
    """What one question may come to at most."""

    def __init__(
        self, prepared: PreparedQuery, rarity: Mapping[int, int], register_size: int, *, least: float,
        contacts: Collection[int], are_overfull: bool,
    ):  # fmt: skip
        """Take a question, and who shares one of its numbers, phones, addresses or handles.

        ``are_overfull`` says that not all of those are known.
        """
        self._prepared = prepared
        self._contacts = contacts
        needed = prior_bits(register_size) + weights.SLOPE * log2(least / (1.0 - least)) - _SLACK
        self._needed = needed - most_of(prepared.record.names, Scale(rarity, register_size))
        self._else = sum(_most(kind) for kind in _NEARBY if _asks(prepared, kind))
        if are_overfull or prepared.record.handles:  # handles also meet in part, which no key tells
            self._else += sum(_most(kind) for kind in _ELSEWHERE)
        self._judged: dict[int, bool] = {}

    def glance(self, number: int, packed: int) -> bool:
        """Say whether somebody of whom only birth date and sex are known may be told."""
        if not packed or number in self._contacts:
            return True
        known = self._judged.get(packed)
        if known is None:
            record = seen(packed)
            found = [each(self._prepared, record) for each in (birth_dates, sexes)]
            bits = sum([weights.BITS[each[0]] for each in found if each is not None])
            known = self._judged[packed] = bits + self._else >= self._needed
        return known


def _most(kind: str) -> float:
    return max(bits for feature, bits in weights.BITS.items() if feature.partition(".")[0] == kind)


def _asks(prepared: PreparedQuery, kind: str) -> bool:
    return bool(prepared.record.nationalities if kind == "nationality" else prepared.record.county)
