"""An edition: the facts of one country, read once from four files.

    edition = load("ke")
    edition.offences["KE-SOA-8-2"].title        Defilement - child aged eleven years or less
    edition.is_case_reference("OB 12/3/2026")   True
    edition.tiers["two"].verification_months    6

Nothing here interprets the law. What nobody has read is None, and what nobody has verified says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from zoneinfo import ZoneInfo

from registry.core.errors import NotFound
from registry.editions import strict, terms

Answer = Literal["yes", "no", "possible"]
STATUSES = ("in_force", "reported_repealed", "unknown")
"""First word of an offence's status; a reservation may follow."""
SCHEMA_VERSION = 1
_CODE = re.compile(r"[a-z]{2}", re.ASCII)
_CATALOGUE_VERSION = re.compile(r"([a-z]{2})-\d{4}-(0[1-9]|1[0-2])", re.ASCII)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The ground on which a record is kept or leaves the country."""

    code: str
    article: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a section threatens, in its own words, and whether anybody has verified them.

    It is shown, never computed with: the terms are text, many are unverified, and whether the minimum terms bind the
    courts is disputed (``Edition.caveat``). No expiry, class or access may follow from it.
    """

    minimum: str | None
    maximum: str | None
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence:
    """One offence, or one penalty band of it."""

    code: str
    statute: str
    section: str
    title: str
    min_imprisonment: str | None = None
    max_penalty: str | None = None
    involves_child: Answer
    online_element: Answer
    status: str
    verified: bool
    source: str
    note: str | None = None

    @property
    def penalty(self) -> Penalty:
        """What the section threatens, with its reservation."""
        return Penalty(self.min_imprisonment, self.max_penalty, self.verified, self.source)


@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseOffence:
    """An offence that a user of the register can commit by using it."""

    code: str
    statute: str
    section: str
    title: str
    max_penalty: str
    verified: bool
    source: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedRule:
    """A rule of law, not an offence, that the register has to carry."""

    code: str
    section: str
    rule: str
    verified: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Everything that differs from country to country."""

    # edition.toml
    code: str
    country: str
    phone_region: str
    time_zone: ZoneInfo
    """Whose days and hours people mean."""
    counties: tuple[str, ...]
    subcounties: Mapping[str, tuple[str, ...]]
    """Official sub-counties by county; of a county that is not here any name is taken."""
    case_reference: re.Pattern[str]
    legal_bases: Mapping[str, LegalBasis]

    # counties.toml
    centres: Mapping[str, terms.County]
    """Where each county lies, for searches around it."""

    # offences.toml
    schema_version: int
    jurisdiction: str
    compiled_from: str
    caveat: str
    offence_catalogue_version: str
    """Which catalogue a conviction's offence code was chosen from: ``ke-2026-11``."""
    offences: Mapping[str, Offence]
    misuse: Mapping[str, MisuseOffence]
    rules: Mapping[str, RelatedRule]

    # life.toml
    categories: Mapping[str, terms.Category]
    tiers: Mapping[str, terms.Tier]
    desk: Mapping[str, terms.Clock]
    refusal_grounds: Mapping[str, terms.Ground]
    appeals: Mapping[str, terms.Appeal]
    risk_instruments: Mapping[str, terms.Instrument]
    modus_operandi: Mapping[str, terms.Term]
    handling: terms.Handling
    figures: Mapping[str, terms.Figure]
    """The numbers below, each with its source."""
    adult_age: int
    removal_grace_days: int
    """Between an approved removal and the destruction of the record's keys."""
    correction_notice_months: int
    """Who received a record no longer ago than this is told of its correction."""
    certificate_months: int
    """How long a certificate of "not this person" is valid, where no other time is asked for."""
    certificate_most_months: int
    """And the longest."""
    conditional_fields: Mapping[str, terms.ConditionalField]
    parents_names: str | None
    """The article that asks for parents' names. None: no law does, and the fields are refused."""

    def is_case_reference(self, text: str) -> bool:
        """Whether the text has the form of a police or court reference, as it stands and whole."""
        return self.case_reference.fullmatch(text) is not None

    def is_subcounty(self, county: str, text: str) -> bool:
        """Whether the county has this sub-county, as far as the edition lists them."""
        return county not in self.subcounties or text in self.subcounties[county]


def penalty_shown(offence: Offence) -> str:
    """Return the penalty as a sentence for people; what is unread or unverified says so."""
    penalty = offence.penalty
    bounds = (("Minimum term", penalty.minimum), ("Maximum penalty", penalty.maximum))
    read = " ".join(f"{label}: {text}." for label, text in bounds if text is not None)
    if not read:
        return "Penalty not read."
    return read if penalty.verified else f"{read} Not verified."


@cache
def load(code: str = "ke") -> Edition:
    """Return the edition of a country, or raise NotFound when there is none."""
    folder = _FOLDER / code
    if not _CODE.fullmatch(code) or not folder.is_dir():
        raise NotFound("There is no such edition.", field="edition", remedy="Use ke.")
    return read(folder)


def read(folder: Path) -> Edition:
    """Read the four files of an edition; raise InputRefused with file, row and key for what is not expected."""
    country, law = _country(folder / "edition.toml"), _law(folder / "offences.toml")
    centres = _centres(folder / "counties.toml", country["counties"])
    return Edition(**country, **law, **terms.read(folder / "life.toml"), centres=centres)


def _centres(path: Path, counties: tuple[str, ...]) -> Mapping[str, terms.County]:
    place = strict.name_of(path)
    table = strict.document(path)
    strict.keys(table, {"centres"}, {"centres"}, place)
    centres = strict.rows(terms.County, table["centres"], place, "centres")
    strict.keys(centres, counties, counties, place, "centres")
    for county in centres.values():
        if not (abs(county.latitude) <= 90 and abs(county.longitude) <= 180):  # also where it is no number
            raise strict.refused("lies nowhere on earth.", place, f"centres {county.code}")
    return centres


def _country(path: Path) -> dict[str, Any]:  # keywords of Edition; each value has been checked
    place = strict.name_of(path)
    table = strict.document(path)
    texts = {"code", "country", "phone_region", "time_zone", "case_reference"}
    known = texts | {"counties", "subcounties", "legal_bases"}
    strict.keys(table, known, known, place)
    for key in texts:
        strict.value(table[key], str, place, key)
    if table["code"] != path.parent.name:
        raise strict.refused("differs from the name of the folder.", place, "code")
    counties = strict.array(table["counties"], str, place, "counties")
    return table | {
        "time_zone": _zone(table["time_zone"], place),
        "counties": counties,
        "subcounties": _subcounties(table["subcounties"], counties, place),
        "case_reference": _pattern(table["case_reference"], place),
        "legal_bases": strict.rows(LegalBasis, table["legal_bases"], place, "legal_bases"),
    }


def _subcounties(found: object, counties: tuple[str, ...], place: str) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(found, dict):
        raise strict.refused("is not a table.", place, "subcounties")
    strict.keys(found, (), counties, place, "subcounties")
    read = {county: strict.array(names, str, place, "subcounties", county) for county, names in found.items()}
    return MappingProxyType(read)


def _zone(name: str, place: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, LookupError, OSError) as error:
        raise strict.refused("is no time zone that this machine knows.", place, "time_zone") from error


def _pattern(text: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise strict.refused(f"is not a pattern ({error}).", place, "case_reference") from error


def _law(path: Path) -> dict[str, Any]:  # keywords of Edition; each value has been checked
    place = strict.name_of(path)
    table = strict.document(path)
    texts = {"jurisdiction", "compiled_from", "caveat", "catalogue_version"}
    known = texts | {"schema_version", "offences", "misuse", "rules"}
    strict.keys(table, known, known, place)
    for key in texts:
        strict.value(table[key], str, place, key)
    strict.version(table, SCHEMA_VERSION, place)
    catalogue = _catalogue_version(table.pop("catalogue_version"), path.parent.name, place)
    return table | {
        "offence_catalogue_version": catalogue,
        "offences": _offences(table["offences"], place),
        "misuse": strict.rows(MisuseOffence, table["misuse"], place, "misuse"),
        "rules": strict.rows(RelatedRule, table["rules"], place, "rules"),
    }


def _catalogue_version(text: str, code: str, place: str) -> str:
    found = _CATALOGUE_VERSION.fullmatch(text)
    if found is None or found[1] != code:
        raise strict.refused(f"is not {code}, a year and a month: {code}-2026-11.", place, "catalogue_version")
    return text


def _offences(tables: object, place: str) -> Mapping[str, Offence]:
    offences = strict.rows(Offence, tables, place, "offences")
    for offence in offences.values():
        if offence.status.split()[0] not in STATUSES:
            message = f"begins with none of {', '.join(STATUSES)}."
            raise strict.refused(message, place, f"offences {offence.code}", "status")
    return offences
