"""The rules of a record's life as a country sets them: rows of ``life.toml``, each with its source.

    [[tiers]]
    code = "two"
    title = "Class two"
    verification_months = 6
    expires_after_years = 25          # or "never"
    source = "34 USC 20918 …"         # where the figure was read, or whose choice it is
    verified = true                   # false: a lawyer reads it first

The program knows the codes in ``KNOWN``; what they mean is the country's. ``life.py`` computes with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi, sqrt
from pathlib import Path
from typing import Any, Literal

from registry.editions import strict

SCHEMA_VERSION = 1
DeskKind = Literal["access", "correction", "objection"]
"""What a data subject may ask of the desk."""
RoleCode = Literal["investigator", "registrar", "supervisor", "partner_officer"]
"""Roles that may see a person's record at all; an auditor never does (``disclosure.vocabulary.Role``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A single number that the law, or this edition, sets."""

    code: str
    title: str
    value: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalField:
    """A field that may be filled only where a law asks for it; without an article it is refused."""

    code: str
    article: str | None = None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """Why a person is on the register, and what follows for access, expiry and review."""

    code: str
    title: str
    sentence: str
    needs_conviction: bool
    needs_order: bool
    expires_after_years: int | None
    """None: the category sets no end; its entries are reviewed all the same."""
    review_every_years: int
    roles: tuple[RoleCode, ...]
    """Who may see records of this category at all."""
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A class of the verification schedule; it follows the offence and says nothing of risk."""

    code: str
    title: str
    verification_months: int
    expires_after_years: int | None
    """None: for life."""
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How many days the data subject's desk has to answer."""

    code: str
    title: str
    days: int
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A legal ground on which the desk may refuse, and what it may refuse on it."""

    code: str
    article: str
    sentence: str
    kinds: tuple[DeskKind, ...]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Where a person who is refused may turn."""

    code: str
    article: str
    sentence: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A way of assessing risk, with the levels it can give, lowest first."""

    code: str
    title: str
    levels: tuple[str, ...]
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A coded value with the words a person reads."""

    code: str
    title: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """Where a county lies, roughly: the middle of its area. For a circle around it, never to find anybody's house."""

    code: str
    """Its name, as records write it."""
    latitude: float
    longitude: float
    area_km2: int

    @property
    def reach_km(self) -> float:
        """The radius of a circle of the same area."""
        return sqrt(self.area_km2 / pi)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingCode:
    """What a receiver may do with a record, or who may hold it."""

    code: str
    sentence: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The handling codes of a record."""

    onward: Mapping[str, HandlingCode]
    clearances: Mapping[str, HandlingCode]
    """Lowest first."""


_ROWS: Mapping[str, type[Any]] = {  # Any: each table has a row of its own
    "figures": Figure,
    "conditional_fields": ConditionalField,
    "categories": Category,
    "tiers": Tier,
    "desk": Clock,
    "refusal_grounds": Ground,
    "appeals": Appeal,
    "risk_instruments": Instrument,
    "modus_operandi": Term,
    "onward": HandlingCode,
    "clearances": HandlingCode,
}
KNOWN: Mapping[str, tuple[str, ...]] = {
    "figures": (
        "adult_age",
        "removal_grace_days",
        "correction_notice_months",
        "certificate_months",
        "certificate_most_months",
    ),
    "conditional_fields": ("parents_names",),
    "categories": ("convicted", "ordered", "juvenile"),
    "tiers": ("one", "two", "three"),
    "desk": ("access", "correction", "objection"),
    "onward": ("H0", "H1", "H2", "H3"),
    "clearances": ("open", "restricted", "secret", "covert", "witness_protection"),
}
"""Codes that the program itself writes: an edition has each of them and no other, in its own order."""


def read(path: Path) -> dict[str, Any]:  # keywords of Edition; each value has been checked
    """Read ``life.toml``; raise InputRefused with file, row and key for what is not expected."""
    place = strict.name_of(path)
    table = strict.document(path)
    known = {"schema_version", *_ROWS}
    strict.keys(table, known, known, place)
    strict.version(table, SCHEMA_VERSION, place)
    read = {name: strict.rows(kind, table[name], place, name) for name, kind in _ROWS.items()}
    for name, codes in KNOWN.items():
        strict.keys(read[name], codes, codes, place, name)
    _check_categories(read["categories"], place)
    handling = Handling(onward=read.pop("onward"), clearances=read.pop("clearances"))
    numbers = {code: figure.value for code, figure in read["figures"].items()}
    articles = {code: field.article for code, field in read["conditional_fields"].items()}
    return {**read, **numbers, **articles, "handling": handling}


def _check_categories(categories: Mapping[str, Category], place: str) -> None:
    """Nobody is on the register without a court: not in any category, whatever a file says."""
    for category in categories.values():
        if not (category.needs_conviction or category.needs_order):
            raise strict.refused("needs neither a conviction nor an order.", place, f"categories {category.code}")
