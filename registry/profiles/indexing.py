"""What search needs of a record: blocking keys, name tokens, and the compact match record. Pure."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.core.partial_dates import PartialDate
from registry.editions.edition import Edition
from registry.matching import keys, record as match_record, types
from registry.matching.types import Blind
from registry.profiles.points import coordinates
from registry.profiles.record import Record

WIDEST_RANGE = 2
"""Years that a range of birth dates may span and still say a year to the matcher, which knows no ranges."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is written beside a current revision."""

    keys: tuple[int, ...]
    tokens: tuple[int, ...]
    record: str
    words: tuple[str, ...] = ()
    """The distinct words of the names, as they are compared."""


NOTHING = Indexed((), (), "")
"""What is written beside a record that no search may find."""


def indexed(record: Record, edition: Edition, blind: Blind) -> Indexed:
    """Return what search needs of this record; sealed values stand in it as blind tokens only."""
    return index(known_by(record), edition, blind)


def index(person: types.Identity, edition: Edition, blind: Blind) -> Indexed:
    """Return what search needs of a person."""
    described = match_record.describe(person, region=edition.phone_region, blind=blind)
    return Indexed(
        keys=tuple(sorted(keys.record_keys(described, blind=blind))),
        tokens=tuple(sorted(keys.record_tokens(described))),
        record=match_record.write(described.record),
        words=tuple(sorted({word.text for name in described.record.names for word in name if not word.is_initial})),
    )


def identity(record: Record) -> types.Identity:
    """Return the record as the matcher sees a person."""
    return types.Identity(
        names=tuple(name.full for name in record.names),
        birth_date=_birth(record.birth_date),
        sex=None if record.sex == "unknown" else record.sex,
        nationalities=record.nationalities,
        county=record.county,
        identifiers=tuple(types.Identifier(each.type, each.value, each.country) for each in record.identifiers),
        phones=tuple(each.number for each in record.phones),
        emails=tuple(each.address for each in record.emails),
        handles=tuple(types.Handle(each.platform, each.handle) for each in record.handles),
    )


def known_by(record: Record) -> types.Identity:
    """Return the record as the matcher sees a person, with what they are known by without a name.

    It is written down to be found by. Whether two records are of one person it says too little about.
    """
    return replace(
        identity(record),
        marks=tuple(types.Mark(each.kind, each.place, each.description or "") for each in record.marks),
        plates=tuple(each.plate for each in record.vehicles),
        places=tuple(
            types.Place(coordinates(each.point) if each.point else None, each.county or "", each.sub_county or "")
            for each in record.places
        ),
        methods=record.modus_operandi,
    )


def _birth(born: PartialDate | None) -> PartialDate | None:
    """Return a date as the matcher knows it: of a range the year in its middle, of a wide one nothing."""
    if born is None or born.until is None:
        return born
    first, last = born.year, born.until.year
    return PartialDate((first + last) // 2) if last - first <= WIDEST_RANGE else None


def packed(numbers: Iterable[int]) -> bytes:
    """Pack 64-bit integers."""
    return array("q", numbers).tobytes()


def unpacked(content: bytes) -> list[int]:
    """Inverse of ``packed``."""
    return array("q", content).tolist()
