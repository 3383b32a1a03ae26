"""A record: everything the register holds of a person at one moment, in groups that are released together.

    record = Record(names=(Name("Juma Hamisi Mwakio"),), legal_basis=LegalBasis("KE-SOA-39-13", "…"), owner="ke-dci")
    GROUPS["phones"].column        "sealed"

The groups stand in the order in which they are shown. What is sealed is stored encrypted, with a key of the record's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass
from registry.profiles.forms import Group, group, groups, several
from registry.profiles.kinds import COUNTRY, DATE, DAY, Code, Line, Listed
from registry.profiles.parts import (
    DPA,
    ECRIS,
    GUIDELINES,
    NCIC,
    OWN,
    PRUM,
    SEXES,
    SOA,
    SORNA,
    SORNA_B,
    VISOR,
    Biometric,
    Conviction,
    Custody,
    Description,
    Email,
    Freshness,
    Handle,
    Handling,
    Identifier,
    LegalBasis,
    Licence,
    Mark,
    Name,
    Note,
    Order,
    Parent,
    Phone,
    Photograph,
    Place,
    Restriction,
    Risk,
    Source,
    Travel,
    Vehicle,
    Warrant,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything the register holds of a person at one moment. What is sealed is stored encrypted, key by record."""

    names: tuple[Name, ...] = group(
        "Names: legal, previous, aliases, nicknames, religious.",
        FieldClass.IDENTITY,
        source=f"{SORNA}(1); {ECRIS}(1)(a)(i), (iii)",
        part=Name,
        column="identity",
        many=True,
    )
    birth_date: PartialDate | None = group(
        "Date of birth, as far as it is known.",
        FieldClass.IDENTITY,
        source=f"{GUIDELINES}; {ECRIS}(1)(a)(i)",
        value=DATE,
        column="identity",
        default=None,
    )
    birth_place: str | None = group(
        "Place of birth.", FieldClass.IDENTITY, source=f"{ECRIS}(1)(a)(i)", value=Line(200), default=None
    )
    sex: str = group(
        "Sex as recorded.",
        FieldClass.IDENTITY,
        source=f"{ECRIS}(1)(a)(i); LN 132/2008",
        value=Code(*SEXES),
        column="identity",
        default="unknown",
    )
    nationalities: tuple[str, ...] = group(
        "Nationalities.", FieldClass.IDENTITY, source=f"{ECRIS}(1)(a)(i)", value=COUNTRY, column="identity", default=()
    )
    parents: tuple[Parent, ...] = several(
        "Parents, only where a law asks for them.",
        FieldClass.IDENTITY,
        Parent,
        f"{ECRIS}(1)(a)(ii), optional",
        sealed=True,
    )
    identifiers: tuple[Identifier, ...] = several(
        "Numbers of documents and files.",
        FieldClass.IDENTIFIERS,
        Identifier,
        f"{SORNA}(2); {GUIDELINES}; {ECRIS}(1)(a)(iii)",
        sealed=True,
    )
    phones: tuple[Phone, ...] = several("Phones.", FieldClass.CONTACT, Phone, GUIDELINES, sealed=True)
    emails: tuple[Email, ...] = several("E-mail addresses.", FieldClass.CONTACT, Email, GUIDELINES, sealed=True)
    handles: tuple[Handle, ...] = several("Presences on platforms.", FieldClass.ONLINE, Handle, GUIDELINES, sealed=True)
    county: str | None = group(
        "County of the main residence.",
        FieldClass.CONTACT,
        source=OWN,
        column="identity",
        default=None,
        value=Listed("country edition's counties", lambda edition: edition.counties),
    )
    places: tuple[Place, ...] = several(
        "Residences, stays, work, school, volunteering.",
        FieldClass.WHEREABOUTS,
        Place,
        f"{SORNA}(3)-(5); {GUIDELINES}",
        sealed=True,
    )
    vehicles: tuple[Vehicle, ...] = several("Vehicles.", FieldClass.WHEREABOUTS, Vehicle, f"{SORNA}(6)", sealed=True)
    licences: tuple[Licence, ...] = several(
        "Professional licences.", FieldClass.WHEREABOUTS, Licence, GUIDELINES, sealed=True
    )
    travels: tuple[Travel, ...] = several(
        "Journeys, both directions.", FieldClass.TRAVEL, Travel, f"{SORNA}(7)", sealed=True
    )
    descriptions: tuple[Description, ...] = several(
        "Physical descriptions, dated.", FieldClass.PHYSICAL, Description, f"{SORNA_B}(1); LN 132/2008"
    )
    marks: tuple[Mark, ...] = several("Scars, marks, tattoos.", FieldClass.PHYSICAL, Mark, f"{SORNA_B}(1)")
    photographs: tuple[Photograph, ...] = several(
        "Photographs, dated.", FieldClass.PHYSICAL, Photograph, f"{SORNA_B}(4)", sealed=True
    )
    biometrics: tuple[Biometric, ...] = several(
        "References to biometric data.", FieldClass.BIOMETRIC, Biometric, f"{SORNA_B}(5)-(6)", sealed=True
    )
    convictions: tuple[Conviction, ...] = several(
        "Convictions.", FieldClass.CONVICTIONS, Conviction, f"{SORNA_B}(2)-(3); {SOA} s. 39(13)"
    )
    orders: tuple[Order, ...] = several(
        "Court orders, supervision among them.", FieldClass.SUPERVISION, Order, f"{SOA} s. 39(2)-(5)"
    )
    restrictions: tuple[Restriction, ...] = several(
        "Restrictions in force.", FieldClass.SUPERVISION, Restriction, f"{SOA} s. 39(4)"
    )
    warrants: tuple[Warrant, ...] = several("Warrants of arrest.", FieldClass.SUPERVISION, Warrant, f"{SORNA_B}(3)")
    custody: Custody | None = group(
        "State of custody.", FieldClass.SUPERVISION, source=f"{SORNA_B}(3)", part=Custody, default=None
    )
    risks: tuple[Risk, ...] = several("Assessments of risk.", FieldClass.RISK, Risk, VISOR)
    modus_operandi: tuple[str, ...] = group(
        "Modus operandi, as coded values.",
        FieldClass.RISK,
        source=f"{VISOR}; INTERPOL purple notice",
        default=(),
        value=Listed("country edition's modus operandi", lambda edition: edition.modus_operandi),
    )
    notes: tuple[Note, ...] = several("Free notes.", FieldClass.NOTES, Note, OWN, sealed=True)
    sources: tuple[Source, ...] = several(
        "Documents that the record rests on.", FieldClass.PROVENANCE, Source, NCIC, sealed=True
    )
    category: str = group(
        "Convicted, ordered without conviction, or under age at the offence.",
        FieldClass.STANDING,
        source=f"{SOA} s. 39(13); own",
        column="identity",
        value=Listed("country edition's categories", lambda edition: edition.categories),
        default="convicted",
    )
    tier: str = group(
        "Class of the verification schedule.",
        FieldClass.STANDING,
        source="34 USC 20915, 20918",
        default="one",
        value=Listed("country edition's tiers", lambda edition: edition.tiers),
    )
    freshness: tuple[Freshness, ...] = several(
        "When each group was verified.", FieldClass.STANDING, Freshness, f"{DPA} s. 25(f); 34 USC 20918"
    )
    review_on: PartialDate | None = group(
        "When the entry is next reviewed; life entries too.",
        FieldClass.STANDING,
        source=f"{DPA} s. 34, 39",
        value=DAY,
        default=None,
    )
    expires_on: PartialDate | None = group(
        "When the entry expires; none for life.",
        FieldClass.STANDING,
        source=f"34 USC 20915; {DPA} s. 39",
        value=DAY,
        default=None,
    )
    handling: Handling = group(
        "What a receiver may do with it.",
        FieldClass.STANDING,
        source=f"{PRUM} art. 50, 60; SIENA handling codes",
        part=Handling,
        default=Handling(),
    )
    legal_basis: LegalBasis = group(
        "Why the record may be held.", FieldClass.PROVENANCE, source=f"{DPA} s. 30", part=LegalBasis
    )
    owner: str = group("Agency that answers for the record.", FieldClass.PROVENANCE, source=NCIC, value=Line(80))
    owner_post: str | None = group(
        "Post in that agency that answers for it.", FieldClass.PROVENANCE, source=OWN, value=Line(120), default=None
    )


GROUPS: Mapping[str, Group] = MappingProxyType({each.name: each for each in groups(Record)})
"""Every group of a record by its name, in order."""
