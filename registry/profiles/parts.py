"""The parts of a record, as values.

Record(names=(Name(full="Juma Hamisi Mwakio", parts=(NamePart("given", "Juma"), …), script="Latn",
       kind="legal"),), birth_date=PartialDate(1971, 5), sex="male", …)
"""

from dataclasses import dataclass

from registry.core.partial_dates import PartialDate

NAME_KINDS = ("legal", "previous", "alias", "nickname", "religious")
NAME_PARTS = ("given", "middle", "family", "patronymic", "particle", "clan", "nickname")
SCRIPTS = ("Latn", "Arab", "Cyrl", "Hani", "Deva", "Ethi", "Hang", "Grek")
"""ISO 15924."""
SEXES = ("male", "female", "other", "unknown")
IDENTIFIER_TYPES = ("national_id", "passport", "alien_id", "driving_licence", "court_number", "police_number")
VICTIM_AGE_BANDS = ("0-11", "12-15", "16-17", "adult", "unknown")
"""The bands of Sexual Offences Act 2006 s. 8(2)-(4)."""
VICTIM_SEXES = ("male", "female", "unknown")


@dataclass(frozen=True, slots=True)
class NamePart:
    """One part of a name, as the tradition has it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one script and of one kind."""

    full: str
    parts: tuple[NamePart, ...]
    script: str
    kind: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """A document's number."""

    type: str
    value: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Handle:
    """A name on a platform."""

    platform: str | None
    handle: str


@dataclass(frozen=True, slots=True)
class Conviction:
    """A court's conviction. Of the victim, age band and sex only."""

    offence: str
    court: str
    case_number: str
    convicted_on: PartialDate
    sentence: str
    victim_age_band: str
    victim_sex: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Why this record may be held."""

    code: str
    article: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything the register holds of a person at one moment."""

    owner: str
    legal_basis: LegalBasis
    names: tuple[Name, ...]
    birth_date: PartialDate | None
    sex: str
    nationalities: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    handles: tuple[Handle, ...]
    county: str | None
    convictions: tuple[Conviction, ...]
