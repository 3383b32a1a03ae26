"""What somebody is told of when it happens: ids and codes, nothing of a person. Pure.

News(Topic.DECISION, "KE-DEMO-DCI", proposal, profile, {"change": "release", "state": "approved"})
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from registry.core.errors import Conflict

T_co = TypeVar("T_co", covariant=True)

KEPT = timedelta(days=7)
"""How long a notice waits for those who were away: a week, which a machine that is repaired needs at most."""


class Topic(StrEnum):
    """What is told of; each has its own kind of audience."""

    SCREENING = "screening"
    """How far a list has come. Audience: the screening's id."""
    DECISION = "decision"
    """A proposal was decided on. Audience: the code of the agency that proposed."""
    WATCH = "watch"
    """A watched profile has another version, or the watch has ended. Audience: the id of the officer who watches."""
    ALERT = "alert"
    """Somebody has met a record that they must not know of. Audience: the code of the agency that keeps it.

    It names the record by its register number alone: the row of the record says whose id that is, and who may know.
    """


class How(StrEnum):
    """What somebody did when they met a record whose owner is told."""

    SEARCH = "search"
    """A search found it, and left it out."""
    DUPLICATES = "duplicates"
    """A record that is entered was compared with it."""
    SCREENING = "screening"
    """Somebody on a list of people is like it."""
    EXPORT = "export"
    """An export of the own records left it out."""
    ID = "id"
    """Its id was asked for."""
    DESK = "desk"
    """The desk asked for it, for a person."""
    SHOWN = "shown"
    """It was shown, as a rule allows that says as well that the owner is told."""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened, before it has its number."""

    topic: Topic
    audience: str
    subject: UUID
    """The screening, the proposal, the watch."""
    profile: UUID | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    """Ids, codes and counts."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened, and its number: later ones have greater ones."""

    number: int
    at: datetime
    news: News


@dataclass(frozen=True, slots=True)
class Told(Generic[T_co]):
    """One turn of a stream: what is told next, if anything, and the number to go on behind."""

    number: int
    view: T_co | None = None
    is_over: bool = False
    """Whether nothing more can come."""


def last_event_gone() -> Conflict:
    """Return the refusal of whoever was away for too long."""
    return Conflict(
        "names an event behind which some are not kept any more.", field="Last-Event-ID", code="LAST_EVENT_GONE",
        remedy="Subscribe without it, then ask how things stand.",
    )  # fmt: skip
