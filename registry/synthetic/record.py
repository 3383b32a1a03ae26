"""The form of one record: the import format of the register, and of the searches asked of it.

    {"id": "DEMO-0000042", "names": [{"full": "Peter Otieno Ouma", "parts": {"given": "Peter", …}, "script": "Latn",
     "kind": "legal"}], "dob": {"value": "1970-05", "precision": "month"}, "sex": "male", "nationalities": ["KE"], …}

An original in another script is one more legal name; what is not known is null or an empty list.
"""

from typing import Literal, NotRequired, TypedDict

Sex = Literal["male", "female"]
Kind = Literal["legal", "previous", "alias", "nickname", "religious"]
Role = Literal["given", "middle", "family", "patronymic"]
Script = Literal["Latn", "Arab", "Cyrl", "Hani", "Deva", "Ethi"]


class Name(TypedDict):
    """One name a person has, had, or goes by."""

    full: str
    parts: dict[str, str]
    script: Script
    kind: Kind


class Dob(TypedDict):
    """A birth date as far as it is known."""

    value: str | None
    precision: Literal["day", "month", "year", "unknown"]


class Identifier(TypedDict):
    """A number on a document."""

    type: Literal["national_id", "passport", "alien_id"]
    value: str
    country: str


class Handle(TypedDict):
    """A name on a platform."""

    platform: str
    handle: str


class Conviction(TypedDict):
    """A judgment that is final."""

    offence: str
    court: str
    case_number: str
    convicted_on: str
    sentence: str
    victim_age_band: Literal["0-11", "12-15", "16-17"]
    victim_sex: Literal["male", "female", "unknown"]


class Basis(TypedDict):
    """The ground on which the record is kept."""

    code: str
    article: str


class Profile(TypedDict):
    """One person on the register."""

    id: str
    names: list[Name]
    dob: Dob
    sex: Sex
    nationalities: list[str]
    identifiers: list[Identifier]
    phones: list[str]
    emails: list[str]
    handles: list[Handle]
    county: str
    convictions: list[Conviction]
    legal_basis: Basis
    record_owner: str


class Fields(TypedDict):
    """What a searcher happens to know."""

    name: NotRequired[str]
    dob: NotRequired[str]
    sex: NotRequired[Sex]
    nationality: NotRequired[str]
    county: NotRequired[str]
    national_id: NotRequired[str]
    passport: NotRequired[str]
    phone: NotRequired[str]
    email: NotRequired[str]
    handle: NotRequired[str]


class Search(TypedDict):
    """A search, and whom it is about: an id, or nobody on the register."""

    fields: Fields
    expected: str | None
