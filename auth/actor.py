"""The one who asks, as policy and log see them."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from registry.disclosure.vocabulary import Purpose, Role


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


@dataclass(frozen=True, slots=True)
class Spent:
    """What a principal has spent (registry/audit/meters.py)."""

    cost_minute: int = 0
    records_hour: int = 0
    records_day: int = 0


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
    spent: Spent = Spent()
    """What they have spent in this minute, hour and day."""
    documents: Documents = Documents.OFF
    """The client's mode."""
    is_approved: bool = False
    """Whether the document of this request is approved for the client, at this moment."""

    @property
    def roles(self) -> frozenset[Role]:
        """Roles of the officer; without one, none."""
        return self.officer.roles if self.officer else frozenset()
