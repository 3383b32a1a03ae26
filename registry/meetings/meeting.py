"""Who meets whom over a person, and who of them may learn of it. Pure.

    met(new, earlier)                        the newest look of each other unit's officer
    may_learn(look, facts, policy)           whether this side may know of the record, and of whom it is

Police call it de-confliction. Looks for the purposes of TELLING alone: keeping the register, oversight, administration
and the desk give nobody away, and nobody to them. Neither do looks of other countries' officers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from registry.disclosure import decided
from registry.disclosure.access import Access, Facts
from registry.disclosure.policy import Policy
from registry.disclosure.vocabulary import FieldClass, Purpose, Use

TELLING = frozenset({Purpose.CRIMINAL_INVESTIGATION, Purpose.MISSING_CHILD, Purpose.OFFENDER_SUPERVISION})
"""The purposes of work on a case."""
OPENED, FOUND = "profile:read", "profile:searched"
FEW = 3
"""A search that showed no more looked at them; one that showed more looked for somebody."""
ONCE_IN = timedelta(days=1)
"""How often two officers are told of each other over one person."""


@dataclass(frozen=True, slots=True)
class Look:
    """One officer was shown one person."""

    entry: int
    at: datetime
    profile: UUID
    officer: UUID
    agency: str
    reference: str
    case: str
    chain: str
    """The officer's chain of command: with the agency it is their unit."""
    access: Access


def look(row: Mapping[Any, Any]) -> Look | None:
    """Return the look that an entry tells of; none where it only listed the person, or to another country."""
    for event in row["body"]["events"]:
        records = event["records"] or ()
        is_look = event["name"] == OPENED or (event["name"] == FOUND and len(records) <= FEW)
        told = (event["details"] or {}).get("decision") if is_look and str(row["profile"]) in records else None
        if told is None:
            continue
        access = decided.access_of(told["access"])
        if access.is_partner:
            return None
        return Look(
            row["index"], row["at"], row["profile"], row["officer"], row["agency"], row["officer_reference"] or "",
            row["case_reference"] or "", row["chain"], access,
        )  # fmt: skip
    return None


def met(new: Look, earlier: Iterable[Look]) -> list[Look]:
    """Return the newest look of each officer of another unit, in a case of their own."""
    newest: dict[UUID, Look] = {}
    for each in earlier:
        is_other = (each.agency, each.chain) != (new.agency, new.chain) and each.officer != new.officer
        if is_other and (each.officer not in newest or newest[each.officer].entry < each.entry):
            newest[each.officer] = each
    return sorted(newest.values(), key=lambda each: each.entry)


def may_learn(look: Look, facts: Facts, policy: Policy) -> bool:
    """Say whether whoever looked may know today that there is such a record, and of whom it is."""
    decision = policy.decide(look.access, facts)
    return not decision.silent and FieldClass.IDENTITY in decision.may(Use.READ)
