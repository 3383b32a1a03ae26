"""Why a token is wanted: ``authorization_details`` (RFC 9396).

    [{"type": "urn:registry:query:v1", "purpose": "criminal_investigation",
      "case_reference": "OB 12/3/2026", "legal_basis": "KE-DPA-30-1-B", "officer": "DCI/20417"}]

One item, so that one token stands for one officer, one purpose and one case. A type, a member or
a value that is not known is refused (section 5): what is not understood must not widen a token.
A token may come without details; it then names no officer and never opens a person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from auth import names, strict
from registry.core.errors import InputRefused
from registry.disclosure.vocabulary import Purpose

TYPE = "urn:registry:query:v1"
MEMBERS = ("type", "purpose", "case_reference", "legal_basis", "officer")
LONGEST = 4096
LONGEST_VALUE = 100
PARAMETER = "authorization_details"


class Country(Protocol):
    """What details need of a country edition."""

    @property
    def case_reference(self) -> re.Pattern[str]:
        """The form of a case reference."""

    @property
    def legal_bases(self) -> Mapping[str, object]:
        """Known legal bases by code."""


@dataclass(frozen=True, slots=True)
class Details:
    """Who asks in the agency, why, in which case, on which ground."""

    purpose: Purpose
    case_reference: str
    legal_basis: str
    officer: str
    """The agency's own reference of the officer."""

    def as_json(self) -> list[dict[str, str]]:
        """Return the details as they stand in a token and in an answer."""
        return [
            {
                "type": TYPE,
                "purpose": self.purpose.value,
                "case_reference": self.case_reference,
                "legal_basis": self.legal_basis,
                "officer": self.officer,
            }
        ]


def parse(text: str | None, country: Country) -> Details | None:
    """Read the parameter of a token request; raises InputRefused naming the member, the rule and the remedy."""
    if text is None:
        return None
    item = _item(text)
    for member in MEMBERS[1:]:
        if not isinstance(item.get(member), str) or len(item[member]) > LONGEST_VALUE:
            raise refused(member, f"is not a text of at most {LONGEST_VALUE} characters.", f"Add {member}.")
    if item["purpose"] not in list(Purpose):
        raise refused("purpose", "is not known.", f"Use one of {', '.join(Purpose)}.")
    if not country.case_reference.fullmatch(item["case_reference"]):
        raise refused(
            "case_reference",
            "has not the form of this country's references.",
            f"Match {country.case_reference.pattern}",
        )
    if item["legal_basis"] not in country.legal_bases:
        raise refused("legal_basis", "is not known.", f"Use one of {', '.join(country.legal_bases)}.")
    if not names.OFFICER.fullmatch(item["officer"]):
        raise refused("officer", "has not the form of a reference.", f"Match {names.OFFICER.pattern}")
    return of_item(item)


def of_item(item: Mapping[str, Any]) -> Details:  # Any: JSON; a value of another kind raises
    """Return the details of an item that has been checked, here or when the token was issued."""
    return Details(Purpose(item["purpose"]), item["case_reference"], item["legal_basis"], item["officer"])


def refused(member: str, rule: str, remedy: str) -> InputRefused:
    """Return the error for one member."""
    return InputRefused(rule, field=f"{PARAMETER}[0].{member}", code="DETAILS_REFUSED", remedy=remedy)


def _item(text: str) -> dict[str, Any]:
    found = _json(text)
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict):
        raise InputRefused(
            "is not a JSON array that holds one object.", field=PARAMETER, code="DETAILS_REFUSED",
            remedy="Ask for one token for each officer, purpose and case.",
        )  # fmt: skip
    item = found[0]
    if item.get("type") != TYPE:
        raise refused("type", "is not known.", f"Use {TYPE}.")
    for member in item:
        if member not in MEMBERS:
            raise refused(member[:40], "is not a member of this type.", f"Use {', '.join(MEMBERS)}.")
    return item


def _json(text: str) -> object:
    if len(text) > LONGEST:
        return None
    try:
        return strict.parse(text)
    except ValueError:
        return None
