"""All that scoring needs to know of a person, as one short line of JSON stored beside the profile.

    [[["wanjiku","WJK","","Wanjikũ"],["kamau","KM","",""]]],[1984,0,0],"female",["KE"],"kiambu",[],[],[],[]]

Order of fields: names, birth date (0 where not known), sex, nationalities, county, identifiers, phones,
e-mails, handles. A change of this order or of the words' form is a new VERSION of the weights.
"""

from collections.abc import Iterable
from typing import NamedTuple

import orjson

from registry.matching import contacts
from registry.matching.limits import NAMES, VALUES
from registry.matching.types import Identity
from registry.matching.words import Word, name_words

Name = tuple[Word, ...]


class MatchRecord(NamedTuple):
    """A person in the form in which two persons are compared."""

    names: tuple[Name, ...]
    born: tuple[int, int, int]
    """Year, month, day; 0 for what is not known."""
    sex: str
    nationalities: tuple[str, ...]
    county: str
    identifiers: tuple[tuple[str, str, str], ...]
    """Type, value, country."""
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    handles: tuple[tuple[str, str], ...]
    """Platform, letters and digits."""


def describe(identity: Identity, *, region: str = "KE") -> MatchRecord:
    """Read an identity into the form that is compared."""
    names = dict.fromkeys(words for name in identity.names[:NAMES] if (words := name_words(name)))
    day = identity.birth_date
    return MatchRecord(
        names=tuple(names),
        born=(day.year, day.month or 0, day.day or 0) if day else (0, 0, 0),
        sex=contacts.plain(identity.sex or ""),
        nationalities=_distinct(contacts.plain(n).upper() for n in identity.nationalities[:VALUES]),
        county=" ".join(contacts.plain(identity.county or "").lower().replace("-", " ").split()).removesuffix(
            " county"
        ),
        identifiers=_identifiers(identity),
        phones=_distinct(number for p in identity.phones[:VALUES] for number in contacts.phone_readings(p, region)),
        emails=_distinct(contacts.email_address(e) for e in identity.emails[:VALUES]),
        handles=_handles(identity),
    )


def compact(identity: Identity, *, region: str = "KE") -> str:
    """Write an identity as the line that is stored beside its profile."""
    return write(describe(identity, region=region))


def write(record: MatchRecord) -> str:
    """Write a record as compact JSON; `read` is its inverse."""
    return orjson.dumps(record, default=tuple).decode()


def read(text: str) -> MatchRecord:
    """Read back what `write` wrote."""
    names, born, sex, nationalities, county, identifiers, phones, emails, handles = orjson.loads(text)
    return MatchRecord(
        tuple([tuple([Word(*word) for word in name]) for name in names]),
        tuple(born),
        sex,
        tuple(nationalities),
        county,
        tuple([tuple(i) for i in identifiers]),
        tuple(phones),
        tuple(emails),
        tuple([tuple(h) for h in handles]),
    )


def _identifiers(identity: Identity) -> tuple[tuple[str, str, str], ...]:
    found = {
        (contacts.plain(i.type), value, contacts.plain(i.country or "").upper())
        for i in identity.identifiers[:VALUES]
        if (value := contacts.identifier_value(i.value))
    }
    return tuple(sorted(found))


def _handles(identity: Identity) -> tuple[tuple[str, str], ...]:
    found = {
        (contacts.plain(h.platform or "").lower(), name)
        for h in identity.handles[:VALUES]
        if len(name := contacts.handle_name(h.handle)) > 2
    }
    return tuple(sorted(found))


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
