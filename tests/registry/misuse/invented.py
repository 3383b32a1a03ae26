"""Accesses, persons and facts for the rules: small, invented, and the same every time."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from registry.misuse.access import Access, Subject
from registry.misuse.facts import Fact, Facts, Kind
from registry.misuse.seen import Seen

MOMENT = datetime.fromisoformat("2026-11-02T09:00:00+00:00")
OFFICER, OTHER, THIRD = (UUID(int=1 << 100 | number) for number in range(1, 4))
AGENCY, UNIT, CASE = "ke-invented", "child-protection", "CR 12/2026"


def person(number: int) -> UUID:
    """Return the person of this number."""
    return UUID(int=2 << 100 | number)


JUMA = person(0)


def access(index: int, *subjects: UUID, minutes: float = 0, days: float = 0, **changes: Any) -> Access:
    """Return an access about these persons."""
    usual: dict[str, Any] = {
        "officer": OFFICER, "agency": AGENCY, "unit": UNIT, "role": "investigator", "purpose": "criminal_investigation",
        "case": CASE, "is_of_persons": True, "subjects": subjects, "shown": subjects,
        "at": MOMENT + timedelta(days=days, minutes=minutes),
    }  # fmt: skip
    return Access(index=index, **usual | changes)


def fact(kind: Kind, **changes: Any) -> Fact:
    """Return a fact that holds for a year."""
    usual: dict[str, Any] = {"agency": AGENCY, "since": MOMENT - timedelta(days=100)}
    return Fact(kind=kind, **usual | changes)


def seen(accesses: Iterable[Access], *facts: Fact, subjects: dict[UUID, Subject] | None = None, **changes: Any) -> Seen:
    """Return all that a run sees."""
    return Seen(list(accesses), subjects or {}, Facts(facts), **changes)
