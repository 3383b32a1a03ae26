"""Pairs that a lawyer can read, and extend: what was asked, what the register holds, and what may be said of it.

    [[case]]
    sentence = "The vowels of Kikuyu with and without their marks."
    says = "same"
    asked = "Wanjikũ Mũthoni; 1990-11-30"
    held = "Wanjiku Muthoni; 1990-11-30"

    same         strong: the name is borne out by something else
    can't tell   possible: an officer must look further
    different    weak: not to be held against anybody

A person is written "names; birth date; kind: value; …", names separated by " / ". Every person is invented. What is
read here is read strictly: a slip in a file fails, it is not passed over (docs/cases.md).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.core.partial_dates import PartialDate
from registry.matching.types import Handle, Identifier, Identity

FOLDER = Path(__file__).parent / "pairs"
BANDS = {"same": "strong", "can't tell": "possible", "different": "weak"}
_NEEDED, _ALLOWED = {"sentence", "says", "asked", "held"}, {"source", "known_miss"}
_KINDS = {"sex", "county", "nationality", "id", "phone", "mail", "handle"}


@dataclass(frozen=True)
class Case:
    """Two people, and what may be said of them."""

    tradition: str
    sentence: str
    band: str
    asked: Identity
    held: Identity
    source: str | None
    known_miss: str | None
    """Why the matcher does not get it right; such a case is kept, and the test sees when it comes right."""

    def __str__(self) -> str:
        return f"{self.tradition}: {self.sentence}"


def read(tradition: str, row: Mapping[str, Any]) -> Case:
    """Read one case, or say what is wrong with it."""
    keys = row.keys()
    if not keys >= _NEEDED or not keys <= _NEEDED | _ALLOWED or not all(isinstance(v, str) and v for v in row.values()):
        message = f"{tradition}: a case has {sorted(_NEEDED)} and may have {sorted(_ALLOWED)}, all of them text: {row}"
        raise ValueError(message)
    if row["says"] not in BANDS:
        message = f"{tradition}: says is one of {list(BANDS)}: {row}"
        raise ValueError(message)
    return Case(
        tradition, row["sentence"], BANDS[row["says"]], identity(row["asked"]), identity(row["held"]),
        row.get("source"), row.get("known_miss"),
    )  # fmt: skip


def identity(text: str) -> Identity:
    """Read a person as they are written in a case."""
    names, born, *more = [part.strip() for part in (text + ";").split(";")][: text.count(";") + 2]
    values: dict[str, str] = {}
    for part in filter(None, more):
        kind, colon, value = part.partition(":")
        if not colon or kind not in _KINDS or kind in values or not value.strip():
            message = f"after the birth date come kind: value, each of {sorted(_KINDS)} once: {text!r}"
            raise ValueError(message)
        values[kind] = value.strip()
    return Identity(
        names=tuple(name for name in names.split(" / ") if name),
        birth_date=PartialDate.parse(born) if born else None,
        sex=values.get("sex"),
        county=values.get("county"),
        nationalities=tuple(values["nationality"].split(",")) if "nationality" in values else (),
        identifiers=(Identifier("national_id", values["id"], "KE"),) if "id" in values else (),
        phones=(values["phone"],) if "phone" in values else (),
        emails=(values["mail"],) if "mail" in values else (),
        handles=(Handle(None, values["handle"]),) if "handle" in values else (),
    )


def _cases() -> tuple[Case, ...]:
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(read(path.stem, row) for path in files for row in tomllib.loads(path.read_text())["case"])


CASES = _cases()
SOURCES = tomllib.loads((FOLDER.parent / "sources.toml").read_text())

COMMON = {
    "john": 30000, "peter": 25000, "james": 22000, "mary": 20000, "kamau": 9000, "mwangi": 12000, "njoroge": 6000,
    "mohamed": 40000, "ali": 25000, "hassan": 20000, "hussein": 9000, "juma": 9000, "wanjiku": 5000, "joseph": 20000,
    "otieno": 9000, "njeri": 5000, "omar": 8000, "maina": 7000, "mutua": 6000, "barasa": 4000, "singh": 9000,
    "patel": 5000, "ahmed": 9000,
}  # fmt: skip
"""How many of a million profiles bear a name; others are borne by RARE."""
RARE = 300
