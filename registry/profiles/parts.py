"""The parts of a record, as values, each member with its meaning and its source.

    Name(full="Juma Hamisi Mwakio", parts=(NamePart("given", "Juma"), …), script="Latn", kind="legal")

Together with record.py this is the one description of a record. What reads it in (intake), stores and seals it (rows),
compares it (differences), publishes it (schemas, docs/dictionary.md) and shows it (GraphQL) is made from the metadata
here, so a new member is written once. There is no member for a victim's data but age band and sex, and none may be
added.
"""

from dataclasses import dataclass, field

from registry.core.partial_dates import PartialDate
from registry.profiles import kinds
from registry.profiles.forms import member, optional
from registry.profiles.kinds import (
    COUNTRY,
    DATE,
    DAY,
    DIGEST,
    EMAIL,
    FLAG,
    NUMBER,
    PHONE,
    PLATFORM,
    PUBLIC_ID,
    Code,
    Line,
    Listed,
    Prose,
    Whole,
)
from registry.profiles.points import POINT

NAME_KINDS = ("legal", "previous", "alias", "nickname", "religious")
NAME_PARTS = ("given", "middle", "family", "patronymic", "particle", "clan", "nickname")
SCRIPTS = ("Latn", "Arab", "Cyrl", "Hani", "Deva", "Ethi", "Hang", "Grek")
"""ISO 15924."""
SEXES = ("male", "female", "other", "unknown")
IDENTIFIER_TYPES = (
    "national_id", "passport", "travel_document", "alien_id", "driving_licence", "court_number", "police_number",
)  # fmt: skip
VICTIM_AGE_BANDS = ("0-11", "12-15", "16-17", "adult", "unknown")
"""The bands of Sexual Offences Act 2006 s. 8(2)-(4)."""
VICTIM_SEXES = ("male", "female", "unknown")
MARK_KINDS = ("scar", "mark", "tattoo", "piercing", "amputation")
PLACE_KINDS = ("residence", "habitual", "temporary", "work", "school", "volunteering")
APPEAL_STATES = ("none", "in_time", "pending", "dismissed", "quashed", "expunged")
WITHDRAWN_APPEALS = frozenset({"quashed", "expunged"})
"""A conviction in one of these states supports nothing any more."""
CUSTODY_STATES = ("in_custody", "on_remand", "on_parole", "on_probation", "on_bail", "at_liberty", "deceased")
ORDER_KINDS = ("registration", "supervision", "prohibition", "treatment", "travel", "other")
USE_LIMITS = Line(1000)
"""Holds the limits of all handling codes of others together (markings.py), and words of its own."""
VERIFIED = (
    "names", "birth_date", "birth_place", "sex", "nationalities", "parents", "identifiers", "phones", "emails",
    "handles", "county", "places", "vehicles", "licences", "travels", "descriptions", "marks", "photographs",
    "biometrics", "convictions", "orders", "restrictions", "warrants", "custody", "risks", "modus_operandi", "notes",
)  # fmt: skip
"""The groups that say something of the person, and so are verified."""

SORNA, SORNA_B = "34 USC 20914(a)", "34 USC 20914(b)"
GUIDELINES = "SORNA Guidelines, required information"
ECRIS = "Regulation (EU) 2019/816 art. 5"
PRUM = "Regulation (EU) 2024/982"
ACT = "Australian Capital Territory, Crimes (Child Sex Offenders) Act 2005 s. 59"
NCIC = "NCIC validation, job aid"
VISOR = "UK ViSOR, as reported"
SOA = "Sexual Offences Act 2006"
DPA = "Data Protection Act 2019"
OWN = "own"
"""Our own design: no statute or standard that was read asks for it. docs/dictionary.md says how each was read."""


@dataclass(frozen=True, slots=True)
class NamePart:
    """One part of a name, as the tradition has it."""

    kind: str = member(Code(*NAME_PARTS), "Which part it is.", f"{ECRIS}(1)(a)(i); own")
    text: str = member(Line(100, is_name=True), "The words of the part.", f"{ECRIS}(1)(a)(i); own")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one script and of one kind."""

    full: str = member(Line(200, is_name=True), "The whole name as recorded.", f"{SORNA}(1); {ECRIS}(1)(a)(i)")
    parts: tuple[NamePart, ...] = field(
        default=(),
        metadata={
            "part": NamePart,
            "meaning": "Its parts, as the tradition has them.",
            "source": f"{ECRIS}(1)(a)(i); own",
        },
    )
    script: str = member(Code(*SCRIPTS), "Script it is written in (ISO 15924).", "ISO 15924", default="Latn")
    kind: str = member(Code(*NAME_KINDS), "What kind of name it is.", f"{ECRIS}(1)(a)(i), (iii)", default="legal")
    transliterates: str | None = optional(
        Line(200, is_name=True), "The name in its script, where this is a transliteration.", OWN
    )
    since: PartialDate | None = optional(DATE, "First known use.", ACT)
    until: PartialDate | None = optional(DATE, "Last known use.", ACT)


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent's name; only where a law of the country edition asks for it."""

    relation: str = member(Code("mother", "father"), "Which parent.", f"{ECRIS}(1)(a)(ii), optional")
    name: str = member(Line(200, is_name=True), "The name.", f"{ECRIS}(1)(a)(ii), optional")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number on a document, or of a file at a court or the police."""

    type: str = member(Code(*IDENTIFIER_TYPES), "Which document or file carries the number.",
                       f"{SORNA}(2); {GUIDELINES}")  # fmt: skip
    value: str = member(NUMBER, "The number.", f"{SORNA}(2); {ECRIS}(1)(a)(iii)")
    country: str | None = optional(COUNTRY, "The country that issued it.", "ISO 3166-1")
    issuer: str | None = optional(Line(120), "The authority that issued it.", f"{ECRIS}(1)(a)(iii)")
    issued_on: PartialDate | None = optional(DATE, "When it was issued.", OWN)
    expires_on: PartialDate | None = optional(DATE, "When it expires.", OWN)


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone the person uses or used."""

    number: str = member(PHONE, "The number.", f"{GUIDELINES}; ITU-T E.164")
    first_seen: PartialDate | None = optional(DATE, "First known use.", OWN)
    last_seen: PartialDate | None = optional(DATE, "Last known use.", OWN)
    verified: bool = member(FLAG, "Whether somebody checked that it is theirs.", "NCMEC CyberTipline API: verified",
                            default=False)  # fmt: skip
    source: str | None = optional(Line(200), "Where it is known from.", OWN)


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address the person uses or used."""

    address: str = member(EMAIL, "The address.", GUIDELINES)
    first_seen: PartialDate | None = optional(DATE, "First known use.", OWN)
    last_seen: PartialDate | None = optional(DATE, "Last known use.", OWN)
    verified: bool = member(FLAG, "Whether somebody checked that it is theirs.", "NCMEC CyberTipline API: verified",
                            default=False)  # fmt: skip
    source: str | None = optional(Line(200), "Where it is known from.", OWN)


@dataclass(frozen=True, slots=True)
class Handle:
    """A presence on a platform."""

    handle: str = member(
        Line(100, is_name=True), "The name there.", f"{GUIDELINES}; NCMEC CyberTipline API: screenName"
    )
    platform: str | None = optional(PLATFORM, "The platform, in small letters.", GUIDELINES)
    profile_url: str | None = optional(kinds.ADDRESS, "Its page.", "NCMEC CyberTipline API: profileUrl")
    platform_id: str | None = optional(Line(100), "The platform's own id of the account.",
                                       "NCMEC CyberTipline API: espIdentifier")  # fmt: skip
    device: str | None = optional(Line(100), "Id of a device it was used from.", "NCMEC CyberTipline API: deviceId")
    first_seen: PartialDate | None = optional(DATE, "First known use.", OWN)
    last_seen: PartialDate | None = optional(DATE, "Last known use.", OWN)
    verified: bool = member(FLAG, "Whether somebody checked that it is theirs.", OWN, default=False)
    source: str | None = optional(Line(200), "Where it is known from.", OWN)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle owned or used."""

    plate: str = member(NUMBER, "Registration number as on the plate.", f"{SORNA}(6)")
    country: str | None = optional(COUNTRY, "Country of registration.", "ISO 3166-1")
    description: str | None = optional(Line(200), "Make, model and colour.", f"{SORNA}(6)")
    since: PartialDate | None = optional(DATE, "Since when.", OWN)
    until: PartialDate | None = optional(DATE, "Until when.", OWN)


@dataclass(frozen=True, slots=True)
class Licence:
    """A professional licence."""

    profession: str = member(Line(120), "For what.", GUIDELINES)
    number: str | None = optional(NUMBER, "Its number.", GUIDELINES)
    authority: str | None = optional(Line(120), "Who gave it.", GUIDELINES)
    since: PartialDate | None = optional(DATE, "Valid from.", OWN)
    until: PartialDate | None = optional(DATE, "Valid until.", OWN)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the person lives, habitually stays, lodges, works, learns or volunteers."""

    kind: str = member(Code(*PLACE_KINDS), "What the person does there.", f"{SORNA}(3)-(5); {GUIDELINES}")
    name: str | None = optional(Line(200), "Employer, school or organisation.", f"{SORNA}(4)-(5)")
    address: str | None = optional(Line(300), "Address or description.", f"{SORNA}(3)")
    county: str | None = optional(
        Listed("country edition's counties", lambda edition: edition.counties), "County.", OWN
    )
    sub_county: str | None = optional(Line(80), "Sub-county.", OWN)
    point: str | None = optional(
        POINT, "Where it is on the map, as exactly as somebody knows: a geo URI, geo:latitude,longitude.", "RFC 5870"
    )
    country: str | None = optional(COUNTRY, "Country; without it, the register's own.", "ISO 3166-1")
    since: PartialDate | None = optional(DATE, "From.", OWN)
    until: PartialDate | None = optional(DATE, "To.", OWN)


@dataclass(frozen=True, slots=True)
class Travel:
    """A journey abroad or into the country, intended or past."""

    direction: str = member(Code("outbound", "inbound"), "Out of the country, or into it.", f"{SORNA}(7); own")
    country: str = member(COUNTRY, "Destination, or for an inbound journey where it began.", f"{SORNA}(7)")
    departs_on: PartialDate = member(DATE, "Departure.", f"{SORNA}(7)")
    returns_on: PartialDate | None = optional(DATE, "Return.", f"{SORNA}(7)")
    carrier: str | None = optional(Line(120), "Carrier with flight or vessel number.", f"{SORNA}(7)")
    place: str | None = optional(Line(200), "Place of departure or arrival.", f"{SORNA}(7)")
    contact: str | None = optional(Line(300), "Address or contact at the destination.", f"{SORNA}(7)")
    purpose: str | None = optional(Line(200), "Purpose.", f"{SORNA}(7)")
    notified_on: PartialDate | None = optional(DAY, "When the person gave notice.", "SMART: 21 days before travel")
    state: str = member(Code("intended", "past", "cancelled"), "Whether it has happened.", OWN, default="intended")


@dataclass(frozen=True, slots=True)
class Description:
    """How the person looked on a day."""

    described_on: PartialDate = member(DATE, "When.", "34 USC 20914(b)(1)")
    height_cm: int | None = optional(Whole(50, 250, "centimetres"), "Height.", "34 USC 20914(b)(1); LN 132/2008")
    weight_kg: int | None = optional(Whole(20, 400, "kilograms"), "Weight.", "34 USC 20914(b)(1); LN 132/2008")
    build: str | None = optional(Line(80), "Build.", "34 USC 20914(b)(1)")
    eyes: str | None = optional(Line(40), "Colour of the eyes.", "LN 132/2008")
    hair: str | None = optional(Line(80), "Hair.", "LN 132/2008")
    complexion: str | None = optional(Line(80), "Complexion.", "34 USC 20914(b)(1)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A scar, mark or tattoo."""

    kind: str = member(Code(*MARK_KINDS), "What it is.", "34 USC 20914(b)(1)")
    place: str = member(Line(80), "Where on the body.", "34 USC 20914(b)(1)")
    description: str | None = optional(Line(200), "What it looks like.", f"{SORNA_B}(1)")
    seen_on: PartialDate | None = optional(DATE, "When it was seen.", OWN)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph; the picture itself is kept apart, sealed, and served once by a ticket."""

    id: str = member(PUBLIC_ID, "Its id, from the upload.", OWN)
    taken_on: PartialDate = member(DATE, "When it was taken.", "34 USC 20914(b)(4), 20918")
    view: str = member(Code("face", "left", "right", "body", "mark"), "What it shows.", OWN, default="face")


@dataclass(frozen=True, slots=True)
class Biometric:
    """Where biometric data are kept elsewhere. A reference, never a template."""

    kind: str = member(Code("fingerprints", "palm_prints", "dna", "face"), "Of what kind.",
                       "34 USC 20914(b)(5)-(6); LN 133/2008")  # fmt: skip
    system: str = member(Line(80), "The system that keeps them.", f"{PRUM} art. 7, 12")
    number: str = member(NUMBER, "Their number there.", f"{PRUM} art. 7, 12")
    taken_on: PartialDate | None = optional(DATE, "When they were taken.", f"{PRUM} art. 47(4)(h)")


@dataclass(frozen=True, slots=True)
class Conviction:
    """A court's conviction; the Judiciary's register is the authority for it. Of the victim, age band and sex only."""

    offence: str = member(Listed("country edition's offences", lambda edition: edition.offences),
                          "Code in the offence catalogue of the country edition.", "34 USC 20914(b)(2)")  # fmt: skip
    court: str = member(Line(200), "The court.", f"{SOA} s. 39(13)")
    case_number: str = member(Line(80), "Its number of the case.", f"{SOA} s. 39(13)")
    convicted_on: PartialDate = member(DATE, "Date of the conviction.", "34 USC 20914(b)(3)")
    sentence: str = member(Line(500), "The sentence.", "34 USC 20914(b)(3)")
    victim_age_band: str = member(Code(*VICTIM_AGE_BANDS), "Age band of the victim.", f"{SOA} s. 8(2)-(4)",
                                  default="unknown")  # fmt: skip
    victim_sex: str = member(Code(*VICTIM_SEXES), "Sex of the victim; nothing else of a victim is held.", OWN,
                             default="unknown")  # fmt: skip
    provision: str | None = optional(Prose(2000), "Text of the provision of law.", "34 USC 20914(b)(2)")
    catalogue: str | None = optional(Line(40), "Version of the offence catalogue that the code is of.", OWN)
    register_entry: str | None = optional(Line(80), "Entry in the Judiciary's register (CSOER).", f"{SOA} s. 39(13)")
    committed_on: PartialDate | None = optional(DATE, "Date of the offence, or the range of dates.", OWN)
    appeal: str = member(Code(*APPEAL_STATES), "Where an appeal stands.", OWN, default="none")
    dangerous_offender: str = member(
        Code("yes", "no", "not_considered"), "The court's own declaration; never derived from anything.",
        f"{SOA} s. 39(1)", default="not_considered",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """A court's order."""

    kind: str = member(Code(*ORDER_KINDS), "What it orders.", f"{SOA} s. 39(2)-(5)")
    court: str = member(Line(200), "The court.", f"{SOA} s. 39(2)-(5)")
    number: str = member(Line(80), "The order's number.", OWN)
    made_on: PartialDate = member(DATE, "When it was made.", f"{SOA} s. 39(2)-(5)")
    ends_on: PartialDate | None = optional(DATE, "When it ends.", f"{SOA} s. 39(2)-(5)")
    terms: str | None = optional(Prose(2000), "What it demands.", f"{SOA} s. 39(2)-(5)")


@dataclass(frozen=True, slots=True)
class Restriction:
    """What the person may not do."""

    terms: str = member(Prose(1000), "What is forbidden.", f"{SOA} s. 39(4)")
    order: str | None = optional(Line(80), "Number of the order it stands in.", OWN)
    since: PartialDate | None = optional(DATE, "From.", OWN)
    ends_on: PartialDate | None = optional(DATE, "Until.", OWN)


@dataclass(frozen=True, slots=True)
class Warrant:
    """A warrant of arrest."""

    court: str = member(Line(200), "The court.", "34 USC 20914(b)(3)")
    number: str = member(Line(80), "Its number.", OWN)
    issued_on: PartialDate = member(DATE, "When it was issued.", OWN)
    state: str = member(
        Code("outstanding", "executed", "withdrawn"), "Where it stands.", f"{SORNA_B}(3)", default="outstanding"
    )


@dataclass(frozen=True, slots=True)
class Custody:
    """Whether the person is held, and where."""

    state: str = member(Code(*CUSTODY_STATES), "The state.", "34 USC 20914(b)(3)")
    institution: str | None = optional(Line(200), "Where.", OWN)
    since: PartialDate | None = optional(DATE, "Since when.", OWN)
    release_due_on: PartialDate | None = optional(DATE, "When release is due.", OWN)


@dataclass(frozen=True, slots=True)
class Risk:
    """An assessment of risk. It says nothing about the offence class, and the offence class nothing about it."""

    instrument: str = member(Listed("country edition's risk instruments", lambda edition: edition.risk_instruments),
                             "With what.", f"{VISOR}; own")  # fmt: skip
    level: str = member(Line(40), "The level it gave.", VISOR)
    assessed_on: PartialDate = member(DATE, "When.", OWN)
    assessor: str = member(Line(120), "Who assessed.", OWN)


@dataclass(frozen=True, slots=True)
class Note:
    """A free note, for the roles that need one."""

    text: str = member(Prose(2000), "The note.", OWN)
    written_on: PartialDate = member(DATE, "When.", OWN)


@dataclass(frozen=True, slots=True)
class Source:
    """A document that the record rests on."""

    kind: str = member(Code("judgment", "order", "court_register", "identity_document", "report", "statement", "other"),
                       "What it is.", NCIC)  # fmt: skip
    reference: str = member(Line(200), "Its number or title.", NCIC)
    digest: str | None = optional(DIGEST, "SHA-256 of the document.", OWN)
    dated_on: PartialDate | None = optional(DATE, "Its date.", OWN)


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a field group was last verified."""

    group: str = member(Listed("groups of a record", lambda _: VERIFIED), "Which group of fields.", OWN)
    verified_on: PartialDate = member(DAY, "When it was verified.", f"{DPA} s. 25(f)")
    verified_by: str = member(Line(120), "By whom: agency and officer.", NCIC)
    source_digest: str | None = optional(DIGEST, "SHA-256 of the document it was verified against.", NCIC)
    due_on: PartialDate | None = optional(DAY, "When it is next due.", "34 USC 20918")


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Why this record may be held."""

    code: str = member(Listed("country edition's legal bases", lambda edition: edition.legal_bases),
                       "Code of the legal basis.", f"{DPA} s. 30")  # fmt: skip
    article: str = member(Line(200), "Its article.", f"{DPA} s. 30")


@dataclass(frozen=True, slots=True)
class Handling:
    """What a receiver may do with it."""

    releasable_to: tuple[str, ...] = field(
        default=(), metadata={"kind": COUNTRY, "meaning": "Countries it may go to.",
                              "source": f"{PRUM} art. 60"},
    )  # fmt: skip
    onward: str = member(Listed("country edition's handling codes", lambda edition: edition.handling.onward),
                         "Onward use.", "SIENA handling codes", default="H1")  # fmt: skip
    use_limits: str | None = optional(USE_LIMITS, "Limits on use.", f"{PRUM} art. 50")
    clearance: str = member(Listed("country edition's clearances", lambda edition: edition.handling.clearances),
                            "Clearance.", OWN, default="restricted")  # fmt: skip
