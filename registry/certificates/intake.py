"""What is taken in for a certificate, read strictly, and the least by which the person is known again. Pure.

    read(Asked(against=(…,), names=("DEMO Juma Mwakio",), birth_date=PartialDate(1990, 2, 3), …), edition, today)
        →   Holder(names, birth date, reason), and the document numbers as blind tokens within a match record

A document's number is kept as a token only: it can be met, and never read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.editions.edition import Edition
from registry.matching import types
from registry.matching.record import read_names
from registry.profiles import kinds
from registry.profiles.kinds import Line
from registry.profiles.operations.text import sentence
from registry.profiles.parts import IDENTIFIER_TYPES

MOST_NAMES = 5
MOST_DOCUMENTS = 5
MOST_PROFILES = 10
"""Beyond it, it is no confusion of two people."""
_NAME, _TYPE = Line(200, is_name=True), kinds.Code(*IDENTIFIER_TYPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as a document shows them, not read yet."""

    names: tuple[str, ...]
    birth_date: PartialDate
    identifiers: tuple[types.Identifier, ...] = ()

    def identity(self) -> types.Identity:
        """Return them as the matcher sees a person."""
        return types.Identity(names=self.names, birth_date=self.birth_date, identifiers=self.identifiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A certificate as it is proposed, not read yet."""

    against: tuple[UUID, ...]
    person: Person
    reason: str
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a certificate, and why they got it. It is kept sealed."""

    names: tuple[str, ...]
    birth_date: PartialDate
    reason: str
    match: str = field(repr=False)
    """Their match record (registry/matching/record.py): document numbers stand in it as tokens."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A number that somebody shows, and what their document says of them: a question that the log keeps sealed."""

    number: str
    shown: Person | None = None

    def to_json(self) -> dict[str, object]:
        """Return it for the log."""
        shown = self.shown
        return {
            "number": self.number,
            "names": list(shown.names) if shown else None,
            "birthDate": str(shown.birth_date) if shown else None,
            "identifiers": [[each.type, each.value, each.country] for each in shown.identifiers] if shown else None,
        }


def person(given: Person, edition: Edition, today: date, *, least_documents: int = 0) -> Person:
    """Return somebody as a document shows them.

    Raises InputRefused (LIST_MALFORMED, TEXT_MALFORMED, NAME_MALFORMED, DATE_MALFORMED, DATE_IN_FUTURE, CODE_UNKNOWN,
    FORM_MALFORMED, COUNTRY_UNKNOWN).
    """
    _check_length(given.names, 1, MOST_NAMES, "holder.names")
    _check_length(given.identifiers, least_documents, MOST_DOCUMENTS, "holder.identifiers")
    names = tuple(_read(_NAME, each, edition, f"holder.names[{place}]") for place, each in enumerate(given.names))
    if not all(read_names((each,)) for each in names):
        raise InputRefused("has no letters to know somebody by.", field="holder.names", code="NAME_MALFORMED",
                           remedy="Write the name as the document has it.")  # fmt: skip
    born = given.birth_date
    if born.precision != "day":
        raise InputRefused("is not a whole day.", field="holder.birthDate", code="DATE_MALFORMED",
                           remedy="Write YYYY-MM-DD, as the document has it.")  # fmt: skip
    if born.earliest > today:
        raise InputRefused("lies in the future.", field="holder.birthDate", code="DATE_IN_FUTURE", remedy="Correct it.")
    return Person(names=names, birth_date=born, identifiers=tuple(
        _document(each, edition, f"holder.identifiers[{place}]") for place, each in enumerate(given.identifiers)
    ))  # fmt: skip


def _document(given: types.Identifier, edition: Edition, place: str) -> types.Identifier:
    country = None if given.country is None else _read(kinds.COUNTRY, given.country, edition, f"{place}.country")
    return types.Identifier(
        _read(_TYPE, given.type, edition, f"{place}.type"),
        _read(kinds.NUMBER, given.value, edition, f"{place}.value"), country,
    )  # fmt: skip


def against(asked: Asked) -> tuple[UUID, ...]:
    """Return the profiles, each once. Raises InputRefused (LIST_MALFORMED)."""
    _check_length(asked.against, 1, MOST_PROFILES, "profileIds")
    return tuple(sorted(set(asked.against)))


def months(asked: Asked, edition: Edition) -> int:
    """Return how long it is to be valid; by itself as the edition says. Raises InputRefused (NUMBER_MALFORMED)."""
    most = edition.certificate_most_months
    wanted = edition.certificate_months if asked.months is None else asked.months
    if not 1 <= wanted <= most:
        raise InputRefused(f"is not between 1 and {most}.", field="months", code="NUMBER_MALFORMED",
                           remedy="Ask for a shorter time; a certificate can be proposed anew.")  # fmt: skip
    return wanted


def reason(asked: Asked) -> str:
    """Return the reason. Raises InputRefused (REASON_MALFORMED, VICTIM_DATA)."""
    return sentence(asked.reason)


def shown(holder: Holder) -> dict[str, Any]:
    """Return a holder as JSON; inverse of ``revived``."""
    return {"names": holder.names, "birth_date": str(holder.birth_date), "reason": holder.reason, "match": holder.match}


def revived(values: Mapping[str, Any]) -> Holder:
    """Return a holder from JSON."""
    born = PartialDate.parse(values["birth_date"])
    return Holder(tuple(values["names"]), born, values["reason"], values["match"])


def _check_length(values: tuple[object, ...], least: int, most: int, place: str) -> None:
    if not least <= len(values) <= most:
        raise InputRefused(f"is not a list of {least} to {most}.", field=place, code="LIST_MALFORMED",
                           remedy="Write such a list.")  # fmt: skip


def _read(kind: kinds.Kind, value: object, edition: Edition, place: str) -> Any:  # Any: what the kind reads
    try:
        return kind.read(value, edition)
    except kinds.Refused as refused:
        raise InputRefused(refused.rule, field=place, code=refused.code, remedy=refused.remedy) from None
