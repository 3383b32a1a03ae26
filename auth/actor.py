"""The one who asks, as policy and log see them."""

from dataclasses import dataclass
from uuid import UUID

from registry.disclosure.vocabulary import Purpose, Role


@dataclass(frozen=True, slots=True)
class Officer:
    """A person in an agency. ``reference`` is the agency's own mark for them, never reassigned."""

    id: UUID
    reference: str
    chain: str
    """Chain of command: whoever shares it can't vet this officer's proposals."""
    roles: frozenset[Role]


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

    @property
    def roles(self) -> frozenset[Role]:
        """Roles of the officer; without one, none."""
        return self.officer.roles if self.officer else frozenset()
