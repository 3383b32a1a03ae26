"""The form of one record: the import format of the register, and of the searches asked of it.

    {"id": "DEMO-0000042", "names": [{"full": "Peter Otieno Ouma", "parts": {"given": "Peter", …}, "script": "Latn",
     "kind": "legal"}], "dob": {"value": "1970-05", "precision": "month"}, "sex": "male", "nationalities": ["KE"], …}

An original in another script is one more legal name; what is not known is null or an empty list. Groups of
``Groups`` of which nothing is known are left out.
"""

from typing import Literal, NotRequired, TypedDict

Sex = Literal["male", "female"]
Kind = Literal["legal", "previous", "alias", "nickname", "religious"]
Role = Literal["given", "middle", "family", "patronymic"]
Script = Literal["Latn", "Arab", "Cyrl", "Hani", "Deva", "Ethi"]
Category = Literal["convicted", "ordered", "juvenile"]
Tier = Literal["one", "two", "three"]


class Name(TypedDict):
    """One name a person has, had, or goes by."""

    full: str
    parts: dict[str, str]
    script: Script
    kind: Kind
    transliterates: NotRequired[str]
    since: NotRequired[str]
    until: NotRequired[str]


class Dob(TypedDict):
    """A birth date as far as it is known."""

    value: str | None
    precision: Literal["day", "month", "year", "range", "unknown"]


class Identifier(TypedDict):
    """A number on a document."""

    type: Literal["national_id", "passport", "alien_id"]
    value: str
    country: str
    issuer: NotRequired[str]
    issued_on: NotRequired[str]
    expires_on: NotRequired[str]


class Phone(TypedDict):
    """A number, when it was in use, and whether somebody checked it."""

    number: str
    first_seen: NotRequired[str]
    last_seen: NotRequired[str]
    verified: NotRequired[bool]
    source: NotRequired[str]


class Email(TypedDict):
    """An address, when it was in use, and whether somebody checked it."""

    address: str
    first_seen: NotRequired[str]
    last_seen: NotRequired[str]
    verified: NotRequired[bool]
    source: NotRequired[str]


class Handle(TypedDict):
    """A name on a platform."""

    platform: str
    handle: str
    profile_url: NotRequired[str]
    first_seen: NotRequired[str]
    last_seen: NotRequired[str]
    verified: NotRequired[bool]
    source: NotRequired[str]


class Place(TypedDict):
    """Where somebody lives, works, lodges or helps."""

    kind: Literal["residence", "temporary", "work", "volunteering"]
    name: NotRequired[str]
    address: NotRequired[str]
    county: str
    point: NotRequired[str]
    since: NotRequired[str]
    until: NotRequired[str]


class Vehicle(TypedDict):
    """A vehicle."""

    plate: str
    country: str
    description: str
    since: str


class Licence(TypedDict):
    """A licence to practise."""

    profession: str
    number: str
    authority: str
    since: str
    until: NotRequired[str]


class Travel(TypedDict):
    """A journey."""

    direction: Literal["outbound", "inbound"]
    country: str
    departs_on: str
    returns_on: NotRequired[str]
    carrier: str
    place: NotRequired[str]
    contact: NotRequired[str]
    purpose: NotRequired[str]
    notified_on: NotRequired[str]
    state: Literal["intended", "past", "cancelled"]


class Description(TypedDict):
    """How somebody looked."""

    described_on: str
    height_cm: int
    weight_kg: int
    build: str
    eyes: str
    hair: NotRequired[str]


class Mark(TypedDict):
    """A scar, mark or tattoo."""

    kind: Literal["scar", "mark", "tattoo"]
    place: str
    description: str
    seen_on: str


class Biometric(TypedDict):
    """Where another system keeps fingerprints or a DNA profile."""

    kind: Literal["fingerprints", "dna"]
    system: str
    number: str
    taken_on: str


class Conviction(TypedDict):
    """A judgment that is final."""

    offence: str
    court: str
    case_number: str
    convicted_on: str
    sentence: str
    victim_age_band: Literal["0-11", "12-15", "16-17"]
    victim_sex: Literal["male", "female", "unknown"]
    register_entry: NotRequired[str]
    committed_on: NotRequired[str]
    appeal: NotRequired[Literal["pending", "dismissed", "quashed"]]
    dangerous_offender: NotRequired[Literal["yes", "no"]]


class Order(TypedDict):
    """A court's order."""

    kind: Literal["registration", "supervision", "prohibition", "treatment"]
    court: str
    number: str
    made_on: str
    ends_on: NotRequired[str]
    terms: str


class Restriction(TypedDict):
    """What somebody may not do."""

    terms: str
    order: str
    since: str
    ends_on: NotRequired[str]


class Warrant(TypedDict):
    """A warrant of arrest."""

    court: str
    number: str
    issued_on: str
    state: Literal["outstanding", "executed", "withdrawn"]


class Custody(TypedDict):
    """Whether somebody is held."""

    state: Literal["in_custody", "on_parole", "on_probation", "at_liberty"]
    institution: NotRequired[str]
    since: str
    release_due_on: NotRequired[str]


class Risk(TypedDict):
    """An assessment of risk."""

    instrument: str
    level: str
    assessed_on: str
    assessor: str


class Note(TypedDict):
    """A free note."""

    text: str
    written_on: str


class Source(TypedDict):
    """A document that the record rests on."""

    kind: Literal["judgment", "order", "court_register"]
    reference: str
    digest: NotRequired[str]
    dated_on: str


class Freshness(TypedDict):
    """When a group of fields was last verified."""

    group: str
    verified_on: str
    verified_by: str
    source_digest: NotRequired[str]
    due_on: str


class Handling(TypedDict, total=False):
    """What a receiver may do with the record."""

    releasable_to: list[str]
    onward: Literal["H0", "H1", "H2", "H3"]
    use_limits: str
    clearance: Literal["open", "restricted", "secret"]


class Basis(TypedDict):
    """The ground on which the record is kept."""

    code: str
    article: str


class Groups(TypedDict, total=False):
    """What is known of some people only."""

    birth_place: str
    places: list[Place]
    vehicles: list[Vehicle]
    licences: list[Licence]
    travels: list[Travel]
    descriptions: list[Description]
    marks: list[Mark]
    biometrics: list[Biometric]
    orders: list[Order]
    restrictions: list[Restriction]
    warrants: list[Warrant]
    custody: Custody
    risks: list[Risk]
    modus_operandi: list[str]
    notes: list[Note]
    sources: list[Source]
    category: Category
    tier: Tier
    freshness: list[Freshness]
    expires_on: str
    handling: Handling
    owner_post: str


class Profile(Groups):
    """One person on the register."""

    id: str
    names: list[Name]
    dob: Dob
    sex: Sex
    nationalities: list[str]
    identifiers: list[Identifier]
    phones: list[str | Phone]
    emails: list[str | Email]
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
