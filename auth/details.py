"""Why a token is wanted: ``authorization_details`` (RFC 9396).

    [{"type": "urn:registry:query:v1", "purpose": "criminal_investigation",
      "case_reference": "OB 12/3/2026", "legal_basis": "KE-DPA-30-1-B", "officer": "DCI/20417"}]

A partner's officer names the ``agreement`` too, which then says what purposes and grounds there are: case and ground
are those of the officer's own country. ``actions`` narrows what the token is good for.

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
REQUIRED = ("type", "purpose", "case_reference", "legal_basis", "officer")
MEMBERS = (*REQUIRED, "agreement", "actions")
ACTIONS = ("search", "read", "export")
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
    agreement: str | None = None
    """Code of the agreement that a partner asks under."""
    actions: tuple[str, ...] = ()
    """What the token is good for; without any, for whatever the officer may do."""

    def as_json(self) -> list[dict[str, Any]]:  # Any: JSON
        """Return the details as they stand in a token and in an answer."""
        item: dict[str, Any] = {
            "type": TYPE,
            "purpose": self.purpose.value,
            "case_reference": self.case_reference,
            "legal_basis": self.legal_basis,
            "officer": self.officer,
        }
        if self.agreement is not None:
            item["agreement"] = self.agreement
        if self.actions:
            item["actions"] = list(self.actions)
        return [item]


def parse(text: str | None, country: Country) -> Details | None:
    """Read the parameter of a token request; raises InputRefused naming the member, the rule and the remedy."""
    return None if text is None else checked(_json(text), country)


def checked(value: object, country: Country) -> Details:
    """Return the details that a JSON value holds, from a parameter or an officer's grant; raises InputRefused."""
    item = _item(value)
    for member in REQUIRED[1:]:
        if not isinstance(item.get(member), str) or len(item[member]) > LONGEST_VALUE:
            raise refused(member, f"is not a text of at most {LONGEST_VALUE} characters.", f"Add {member}.")
    if item["purpose"] not in list(Purpose):
        raise refused("purpose", "is not known.", f"Use one of {', '.join(Purpose)}.")
    _check_case(item, country)
    if not names.OFFICER.fullmatch(item["officer"]):
        raise refused("officer", "has not the form of a reference.", f"Match {names.OFFICER.pattern}")
    _check_bounds(item)
    return of_item(item)


def _check_case(item: Mapping[str, Any], country: Country) -> None:
    """Case and ground are of this country, or, under an agreement, of the form that any country's may have."""
    is_abroad = "agreement" in item
    form = names.CASE_ABROAD if is_abroad else country.case_reference
    if not form.fullmatch(item["case_reference"]):
        raise refused("case_reference", "has not the form of such references.", f"Match {form.pattern}")
    if is_abroad and not names.GROUND.fullmatch(item["legal_basis"]):
        raise refused("legal_basis", "has not the form of a ground.", f"Match {names.GROUND.pattern}")
    if not is_abroad and item["legal_basis"] not in country.legal_bases:
        raise refused("legal_basis", "is not known.", f"Use one of {', '.join(country.legal_bases)}.")


def _check_bounds(item: Mapping[str, Any]) -> None:
    agreement, actions = item.get("agreement", ""), item.get("actions", [])
    if "agreement" in item and not (isinstance(agreement, str) and names.AGREEMENT.fullmatch(agreement)):
        raise refused("agreement", "has not the form of a code.", f"Match {names.AGREEMENT.pattern}")
    known = isinstance(actions, list) and all(each in ACTIONS for each in actions) and len({*actions}) == len(actions)
    if "actions" in item and not (known and actions):
        raise refused("actions", f"is not a list of some of {', '.join(ACTIONS)}.", "Name each once, or leave it out.")


def of_item(item: Mapping[str, Any]) -> Details:  # Any: JSON; a value of another kind raises
    """Return the details of an item that has been checked, here or when the token was issued."""
    return Details(
        Purpose(item["purpose"]), item["case_reference"], item["legal_basis"], item["officer"],
        item.get("agreement"), tuple(item.get("actions", ())),
    )  # fmt: skip


def refused(member: str, rule: str, remedy: str) -> InputRefused:
    """Return the error for one member."""
    return InputRefused(rule, field=f"{PARAMETER}[0].{member}", code="DETAILS_REFUSED", remedy=remedy)


def _item(found: object) -> dict[str, Any]:
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
