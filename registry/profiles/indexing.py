"""What search needs of a record: blocking keys, name tokens, and the compact match record. Pure."""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from registry.editions.edition import Edition
from registry.matching import keys, record as match_record, types
from registry.profiles.parts import Record


@dataclass(frozen=True, slots=True)
class Indexed:
    """What is written beside a current revision."""

    keys: tuple[int, ...]
    tokens: tuple[int, ...]
    record: str


def indexed(record: Record, edition: Edition) -> Indexed:
    """Return what search needs of this record."""
    person = identity(record)
    return Indexed(
        keys=tuple(sorted(keys.profile_keys(person, region=edition.phone_region))),
        tokens=tuple(sorted(keys.name_tokens(person))),
        record=match_record.compact(person, region=edition.phone_region),
    )


def identity(record: Record) -> types.Identity:
    """Return the record as the matcher sees a person."""
    return types.Identity(
        names=tuple(name.full for name in record.names),
        birth_date=record.birth_date,
        sex=None if record.sex == "unknown" else record.sex,
        nationalities=record.nationalities,
        county=record.county,
        identifiers=tuple(types.Identifier(each.type, each.value, each.country) for each in record.identifiers),
        phones=record.phones,
        emails=record.emails,
        handles=tuple(types.Handle(each.platform, each.handle) for each in record.handles),
    )


def packed(numbers: Iterable[int]) -> bytes:
    """Pack 64-bit integers."""
    return array("q", numbers).tobytes()


def unpacked(content: bytes) -> list[int]:
    """Inverse of ``packed``."""
    return array("q", content).tolist()
