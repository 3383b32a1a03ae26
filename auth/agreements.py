"""What an agreement with an agency holds at this moment: purposes, and grounds.

    unheld(connection, "nl-police", wanted, now, is_partner=True)     ("purpose", "is not one of the agreement's.")

Whether an agreement still is in force is read again with each request (directory.py).
"""

from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.directory import Scope, is_shut
from auth.models import agreements


class Wanted(Protocol):
    """What is asked for under an agreement: a token's details, or the case of a session."""

    @property
    def agreement(self) -> str | None:
        """Its code."""

    @property
    def purpose(self) -> str:
        """Why."""

    @property
    def legal_basis(self) -> str:
        """On which ground."""


def unheld(
    connection: Connection, agency: str, wanted: Wanted, now: datetime, *, is_partner: bool
) -> tuple[str, str] | None:
    """Return the member of ``wanted`` that no agreement of the agency holds, and why; None when all is well."""
    if wanted.agreement is None:
        return ("agreement", "is required of an agency abroad.") if is_partner else None
    row = connection.execute(
        sa.select(agreements.c.purposes, agreements.c.legal_bases).where(
            agreements.c.code == wanted.agreement, agreements.c.agency == agency, agreements.c.since <= now,
            agreements.c.until > now, ~is_shut(Scope.AGREEMENT, agreements.c.code),
        )
    ).first()  # fmt: skip
    if row is None:
        return "agreement", "is not in force with this agency."
    if wanted.purpose not in row.purposes:
        return "purpose", "is not one of the agreement's."
    if wanted.legal_basis not in row.legal_bases:
        return "legal_basis", "is not one of the agreement's."
    return None
