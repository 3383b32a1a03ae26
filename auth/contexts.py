"""The case context of a session: why its officer asks. Opened once, and part of every question until it is closed.

    {"purpose": "criminal_investigation", "case_reference": "OB 12/3/2026", "legal_basis": "KE-DPA-30-1-B"}

The same members as in a machine's ``authorization_details``, checked by the same rules of the country's edition
(details.py). A partner's officer names the ``agreement`` besides. Without a context a session opens no person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import details
from auth.actor import Actor
from auth.agreements import unheld
from auth.models import case_contexts
from registry.core.errors import InputRefused
from registry.core.ids import new_id

MEMBERS = ("purpose", "case_reference", "legal_basis", "agreement")
_PREFIX = f"{details.PARAMETER}[0]."


@dataclass(frozen=True, slots=True)
class CaseContext:
    """A purpose, a case and a ground that hold together."""

    purpose: str
    case_reference: str
    legal_basis: str
    agreement: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return it as it was sent."""
        return {name: getattr(self, name) for name in MEMBERS if getattr(self, name) is not None}


def read(given: Mapping[str, Any], actor: Actor, country: details.Country) -> CaseContext:  # Any: JSON
    """Read what an officer says of a case; raises InputRefused naming the member, the rule and the remedy."""
    assert actor.officer is not None
    item = {**given, "type": details.TYPE, "officer": actor.officer.reference}
    try:
        found = details.parse(json.dumps([item]), country)
    except InputRefused as refusal:
        raise InputRefused(
            refusal.message, field=(refusal.field or "").removeprefix(_PREFIX), code="CASE_REFUSED",
            remedy=refusal.remedy,
        ) from None  # fmt: skip
    assert found is not None
    return CaseContext(found.purpose.value, found.case_reference, found.legal_basis, found.agreement)


def check_agreement(connection: Connection, context: CaseContext, actor: Actor, now: datetime) -> None:
    """See that a partner's officer asks under an agreement in force that holds the purpose and the ground."""
    fault = unheld(connection, actor.agency, context, now, is_partner=actor.is_partner)
    if fault is not None:
        raise _no_agreement(*fault)


def open_case(connection: Connection, session: UUID, context: CaseContext, at: datetime) -> UUID:
    """Open a case in a session, in the place of one that may be open."""
    close(connection, session, at)
    number = new_id()
    connection.execute(sa.insert(case_contexts).values(id=number, session=session, opened_at=at, **context.as_json()))
    return number


def close(connection: Connection, session: UUID, at: datetime) -> bool:
    """Close the case of a session; False when none is open."""
    done = connection.execute(
        sa.update(case_contexts)
        .where(case_contexts.c.session == session, case_contexts.c.closed_at.is_(None))
        .values(closed_at=at)
    )
    return done.rowcount > 0


def _no_agreement(member: str, rule: str) -> InputRefused:
    return InputRefused(rule, field=member, code="CASE_REFUSED", remedy="Name what your agency's agreement allows.")
