"""An edition: the facts of one country, read once from two files.

    edition = load("ke")
    edition.offences["KE-SOA-8-2"].title      Defilement - child aged eleven years or less
    edition.is_case_reference("OB 12/3/2026") True

Nothing here interprets the law. What nobody has read is None, and what nobody has verified says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from registry.core.errors import NotFound
from registry.editions import strict

Answer = Literal["yes", "no", "possible"]
STATUSES = ("in_force", "reported_repealed", "unknown")
"""First word of an offence's status; a reservation may follow."""
SCHEMA_VERSION = 1
_CODE = re.compile(r"[a-z]{2}", re.ASCII)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """The ground on which a record is kept or leaves the country."""

    code: str
    article: str
    sentence: str


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

    code: str
    country: str
    phone_region: str
    counties: tuple[str, ...]
    case_reference: re.Pattern[str]
    legal_bases: Mapping[str, LegalBasis]
    schema_version: int
    jurisdiction: str
    compiled_from: str
    caveat: str
    offences: Mapping[str, Offence]
    misuse: Mapping[str, MisuseOffence]
    rules: Mapping[str, RelatedRule]

    def is_case_reference(self, text: str) -> bool:
        """Whether the text has the form of a police or court reference, as it stands and whole."""
        return self.case_reference.fullmatch(text) is not None


@cache
def load(code: str = "ke") -> Edition:
    """Return the edition of a country, or raise NotFound when there is none."""
    folder = _FOLDER / code
    if not _CODE.fullmatch(code) or not folder.is_dir():
        raise NotFound("There is no such edition.", field="edition", remedy="Use ke.")
    return read(folder)


def read(folder: Path) -> Edition:
    """Read the two files of an edition; raise InputRefused with file, row and key for what is not expected."""
    return Edition(**_country(folder / "edition.toml"), **_law(folder / "offences.toml"))


def _country(path: Path) -> dict[str, Any]:  # keywords of Edition; each value has been checked
    place = strict.name_of(path)
    table = strict.document(path)
    texts = {"code", "country", "phone_region", "case_reference"}
    strict.keys(table, texts | {"counties", "legal_bases"}, texts | {"counties", "legal_bases"}, place)
    for key in texts:
        strict.value(table[key], str, place, key)
    if table["code"] != path.parent.name:
        raise strict.refused("differs from the name of the folder.", place, "code")
    return table | {
        "counties": _counties(table["counties"], place),
        "case_reference": _pattern(table["case_reference"], place),
        "legal_bases": strict.rows(LegalBasis, table["legal_bases"], place, "legal_bases"),
    }


def _counties(found: object, place: str) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise strict.refused("is not an array.", place, "counties")
    names = tuple(strict.value(name, str, place, f"counties number {n}") for n, name in enumerate(found, 1))
    if len(set(names)) != len(names):
        raise strict.refused("name one county twice.", place, "counties")
    return names


def _pattern(text: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.ASCII)
    except re.error as error:
        raise strict.refused(f"is not a pattern ({error}).", place, "case_reference") from error


def _law(path: Path) -> dict[str, Any]:  # keywords of Edition; each value has been checked
    place = strict.name_of(path)
    table = strict.document(path)
    texts = {"jurisdiction", "compiled_from", "caveat"}
    known = texts | {"schema_version", "offences", "misuse", "rules"}
    strict.keys(table, known, known, place)
    for key in texts:
        strict.value(table[key], str, place, key)
    if strict.value(table["schema_version"], int, place, "schema_version") != SCHEMA_VERSION:
        raise strict.refused(f"is not {SCHEMA_VERSION}, the version read here.", place, "schema_version")
    return table | {
        "offences": _offences(table["offences"], place),
        "misuse": strict.rows(MisuseOffence, table["misuse"], place, "misuse"),
        "rules": strict.rows(RelatedRule, table["rules"], place, "rules"),
    }


def _offences(tables: object, place: str) -> Mapping[str, Offence]:
    offences = strict.rows(Offence, tables, place, "offences")
    for offence in offences.values():
        if offence.status.split()[0] not in STATUSES:
            message = f"begins with none of {', '.join(STATUSES)}."
            raise strict.refused(message, place, f"offences {offence.code}", "status")
    return offences
