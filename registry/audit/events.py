"""What the log says: entries, and the events that a use case leaves in them.

An entry is one operation, answered, denied or failed:

    index 4711, 2026-11-21T09:14:03.120456Z, allowed, search, officer …, case CR 12/2026,
    criteria {"name": "Juma Mwakio"}, records [two profiles], fields [Profile.names, …], 7.1 ms
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from typing import Any
from uuid import UUID

from registry.core.errors import BudgetSpent, Forbidden, NotFound, Unauthenticated


class Outcome(StrEnum):
    """How an operation ended."""

    ALLOWED = "allowed"
    PARTIAL = "partial"
    """Some of it was answered, and some refused: what was released stands in the events."""
    DENIED = "denied"
    """A rule, or the lack of one, refused it."""
    FAILED = "failed"
    """Bad input, a state that has moved on, or an error of ours."""


def outcome_of(error: BaseException) -> Outcome:
    """Say how an operation ended that this error ended: what one may not know counts as denied."""
    return Outcome.DENIED if isinstance(error, Unauthenticated | Forbidden | NotFound | BudgetSpent) else Outcome.FAILED


PROGRAM = version("registry")
"""The version of this program: what it does today it may do otherwise tomorrow."""


def outcome_of_all(errors: Sequence[BaseException], *, released: bool) -> Outcome:
    """Say how an operation ended that met these errors, and released something beside them or nothing."""
    if not errors:
        return Outcome.ALLOWED
    if released:
        return Outcome.PARTIAL
    return Outcome.DENIED if Outcome.DENIED in map(outcome_of, errors) else Outcome.FAILED


REFUSED = ":refused"
"""How the name of an event ends that showed nothing."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a use case did."""

    name: str
    """In the past tense: ``profile:searched``, ``profile:change:approved``."""
    records: tuple[UUID, ...] = ()
    """Profiles that the answer holds, the change concerns, or a refused attempt was about."""
    details: dict[str, Any] = field(default_factory=dict)
    """What was asked or changed; values are JSON. Never leaves the log but to an auditor."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry before it has its place in the log. Who asked stands in ids and codes."""

    at: datetime
    kind: str
    """``query``, ``mutation``, ``subscription`` (one entry an event), ``token``, ``photograph``, ``export``,
    ``screening``, ``session``, ``command``, ``request`` (refused before it became one of these)."""
    operation: str
    """The root fields in alphabetical order, the grant type, or the command."""
    outcome: Outcome
    request_id: str
    code: str | None = None
    client: str | None = None
    agency: str | None = None
    country: str | None = None
    """The agency's, ISO 3166-1."""
    officer: UUID | None = None
    officer_reference: str | None = None
    """The agency's own mark of the officer, as the token says it: known even when the officer is suspended."""
    on_behalf_of: str | None = None
    """Ids of the officers whose delegate the officer was at that moment, apart by blanks, where a use case asked."""
    attribution: str | None = None
    """How surely it is known who asked: ``agency``, ``stated``, ``granted`` or ``signed``."""
    purpose: str | None = None
    case_reference: str | None = None
    legal_basis: str | None = None
    justification: str | None = None
    """Why, in the asker's own words, where somebody wanted to know."""
    policy: str | None = None
    """SHA-256 of the policy of disclosure that was in force (``registry.audit.policies`` keeps its text)."""
    program: str | None = PROGRAM
    token_id: str | None = None
    source: str | None = None
    """Address the request came from."""
    document: str | None = None
    """SHA-256 of the GraphQL document."""
    fields: tuple[str, ...] = ()
    """Schema coordinates that the document selects: ``Profile.names``."""
    events: tuple[Event, ...] = ()
    microseconds: int = 0
    cost: int | None = None
    """Points that the answer was charged."""

    @property
    def shown(self) -> int:
        """How many records the answer shows: each time that one is shown."""
        return sum(len(event.records) for event in self.events if not event.name.endswith(REFUSED))

    @property
    def shown_subjects(self) -> tuple[UUID, ...]:
        """Every profile that the answer shows, once each."""
        return tuple(dict.fromkeys(
            each for event in self.events if not event.name.endswith(REFUSED) for each in event.records
        ))  # fmt: skip

    @property
    def records(self) -> tuple[UUID, ...]:
        """Every profile that the entry is about, once each."""
        return tuple(dict.fromkeys(each for event in self.events for each in event.records))
