"""All that scoring needs to know of a person, as one short line of JSON stored beside the profile.

    [[["wanjiku","WJK","","Wanjikũ"],["kamau","KM","",""]]],[1984,0,0],"female",["KE"],"kiambu",
     [["national_id","DJmNq5s0vQ2x","KE","0hW_9c 3kPzA1 …"]],["pX0v-3kQz_7a"],[],[["x","Lw8RmT2bYc4e",""]]]

Order of fields: names, birth date (0 where not known), sex, nationalities, county, identifiers, phones,
e-mails, handles. What else somebody is known by follows on a line of its own (`traits`), read only when it is asked
for. A change of this order, of the words' form or of the tokens' is a new FORM of the index (`form`).

Who reads the line without the index key learns no number, address or handle. What is left to see: that two profiles
hold the same value, or numbers one slip apart; a number's kind, country and length; a handle's platform.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

import orjson

from registry.matching import contacts, traits
from registry.matching.contacts import handle_letters
from registry.matching.limits import NAMES, VALUES
from registry.matching.slips import near_tokens
from registry.matching.types import Blind, Identity
from registry.matching.words import Word, name_words

Name = tuple[Word, ...]

Document = tuple[str, str, str, str]
"""Type, token of the number, country, tokens by which a number one slip away is told."""

Account = tuple[str, str, str]
"""Platform, token of the name, token of its letters where there are enough."""


class MatchRecord(NamedTuple):
    """A person in the form in which two persons are compared."""

    names: tuple[Name, ...]
    born: tuple[int, int, int]
    """Year, month, day; 0 for what is not known."""
    sex: str
    nationalities: tuple[str, ...]
    county: str
    identifiers: tuple[Document, ...]
    phones: tuple[str, ...]
    """Tokens, as are e-mails."""
    emails: tuple[str, ...]
    handles: tuple[Account, ...]
    traits: str = ""
    """Marks, plates, places, ways of acting, as `traits` writes them."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The tokens of the distinct document numbers."""
        return tuple(dict.fromkeys(number for _, number, _, _ in self.identifiers))


@dataclass(frozen=True, slots=True)
class Described:
    """A person read once, for what is stored and for the keys."""

    record: MatchRecord
    clear: dict[str, str] = field(repr=False)
    """From a token to the value it stands for. This is never stored."""


def describe(identity: Identity, *, region: str = "KE", blind: Blind, is_question: bool = False) -> Described:
    """Read an identity into the form that is compared; every token is made once. A question has no traits here."""
    day = identity.birth_date
    documents, accounts = _documents(identity), _accounts(identity)
    numbers = _tokens("document", (value for _, value, _ in documents), blind)
    phones = _tokens("phone", _phones(identity, region), blind)
    emails = _tokens("email", (contacts.email_address(e) for e in identity.emails[:VALUES]), blind)
    handles = _tokens("handle", (name for _, name in accounts), blind)
    near = {value: near_tokens(value, blind) for value in numbers}
    letters = {name: blind("handle-letters", text) if (text := handle_letters(name)) else "" for name in handles}
    record = MatchRecord(
        names=read_names(identity.names),
        born=(day.year, day.month or 0, day.day or 0) if day else (0, 0, 0),
        sex=contacts.plain(identity.sex or ""),
        nationalities=_distinct(contacts.plain(n).upper() for n in identity.nationalities[:VALUES]),
        county=traits.place_name(identity.county or ""),
        identifiers=tuple(sorted((kind, numbers[value], country, near[value]) for kind, value, country in documents)),
        phones=tuple(sorted(phones.values())),
        emails=tuple(sorted(emails.values())),
        handles=tuple(sorted((platform, handles[name], letters[name]) for platform, name in accounts)),
        traits="" if is_question else traits.write(traits.described(identity, blind)),
    )
    clear = {token: value for made in (numbers, phones, emails, handles) for value, token in made.items()}
    return Described(record, clear)


def read_names(names: Iterable[str]) -> tuple[Name, ...]:
    """Read names into their words, each name once."""
    return tuple(dict.fromkeys(words for name in islice(names, NAMES) if (words := name_words(name))))


def compact(identity: Identity, *, region: str = "KE", blind: Blind) -> str:
    """Write an identity as the line that is stored beside its profile."""
    return write(describe(identity, region=region, blind=blind).record)


def write(record: MatchRecord) -> str:
    """Write a record as compact JSON; `read` is its inverse."""
    line = orjson.dumps(record[:-1], default=tuple).decode()
    return f"{line}\n{record.traits}" if record.traits else line


def read(text: str) -> MatchRecord:
    """Read back what `write` wrote."""
    line, _, more = text.partition("\n")
    names, born, sex, nationalities, county, identifiers, phones, emails, handles = orjson.loads(line)
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
        more,
    )


def _documents(identity: Identity) -> set[tuple[str, str, str]]:
    return {
        (contacts.plain(i.type), value, contacts.plain(i.country or "").upper())
        for i in identity.identifiers[:VALUES]
        if (value := contacts.identifier_value(i.value))
    }


def _phones(identity: Identity, region: str) -> Iterator[str]:
    for written in identity.phones[:VALUES]:
        yield from contacts.phone_readings(written, region)


def _accounts(identity: Identity) -> set[tuple[str, str]]:
    return {
        (contacts.plain(h.platform or "").lower(), name)
        for h in identity.handles[:VALUES]
        if len(name := contacts.handle_name(h.handle)) > 2
    }


def _tokens(kind: str, values: Iterable[str], blind: Blind) -> dict[str, str]:
    """From each distinct value to its token."""
    return {value: blind(kind, value) for value in dict.fromkeys(values) if value}


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
