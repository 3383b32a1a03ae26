"""The one who asks, as policy and log see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from registry.audit.quotas import NOTHING_SPENT, Spent
from registry.disclosure.access import Access
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier

STEP_UP = timedelta(minutes=5)
"""How long ago an officer may have proved who they are, for what needs that anew."""


class Documents(StrEnum):
    """Which GraphQL documents a client may send (docs/decisions/0015-trusted-documents.md)."""

    OFF = "off"
    """Any."""
    LOG = "log"
    """Any; what is not approved is marked in the log and counted, so that a roll-out sees what it would refuse."""
    REQUIRE = "require"
    """Approved ones only."""


@dataclass(frozen=True, slots=True)
class Officer:
    """A person in an agency. ``reference`` is the agency's own mark for them, never reassigned."""

    id: UUID
    reference: str
    chain: str
    """Chain of command: whoever shares it can't vet this officer's proposals."""
    roles: frozenset[Role]
    clearance: str = "restricted"
    """By the edition's codes."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed with the actor's agency, and is in force."""

    code: str
    tier: Tier
    distinct_subjects: int
    """How many persons an officer may be shown in a day."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An authenticated client of an agency and, where a person is to be seen, the officer, purpose and case."""

    client: str
    agency: str
    token_id: str
    may_introspect: bool = False
    officer: Officer | None = None
    purpose: Purpose | None = None
    case_reference: str | None = None
    legal_basis: str | None = None
    principal: str = ""
    """Who is charged for what is asked."""
    spent: Spent = NOTHING_SPENT
    """What of each quota is spent: theirs, the case's and the agency's."""
    documents: Documents = Documents.OFF
    """The client's mode."""
    is_approved: bool = False
    """Whether the document of this request is approved for the client, at this moment."""
    country: str = ""
    """The agency's, ISO 3166-1."""
    is_partner: bool = False
    """Whether that is another country than the register's."""
    agreement: Agreement | None = None
    attribution: Attribution = Attribution.AGENCY
    actions: frozenset[str] = frozenset()
    """What the token is good for, by the words of details.py; without any, for whatever the officer may do."""
    closed: frozenset[FieldClass] = frozenset()
    """Field classes that are shut for everybody at this moment."""
    authenticated_at: datetime | None = None
    """When the officer last proved in person who they are."""
    nonces: bool = False
    """Whether the client's proofs need a nonce of ours."""
    must_sign: bool = False
    """Whether the client has agreed to sign its requests."""
    session: UUID | None = None
    """The officer's session, where they ask from a browser."""
    owes: str | None = None
    """For which request they owe a reason; until it is stated nothing about persons is answered."""

    @property
    def roles(self) -> frozenset[Role]:
        """Roles of the officer; without one, none."""
        return self.officer.roles if self.officer else frozenset()

    @property
    def said(self) -> dict[str, Any]:  # Any: the members of Entry, each with its own type
        """What every entry of theirs says of them, as the register knows it."""
        return {
            "agency": self.agency, "country": self.country or None, "attribution": self.attribution.name.lower(),
            "officer": self.officer.id if self.officer else None,
        }  # fmt: skip

    def access(self, now: datetime) -> Access | None:
        """Return what disclosure is decided by; None without an officer and a purpose."""
        if self.officer is None or self.purpose is None:
            return None
        proved = self.authenticated_at
        return Access(
            self.roles, self.purpose, self.agency, self.country, self.is_partner,
            self.agreement.tier if self.agreement else Tier.NONE, self.attribution, self.officer.clearance,
            proved is not None and now - proved <= STEP_UP, self.closed,
        )  # fmt: skip
