"""What may leave: ids and codes, and when. Nothing of a person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class WatchView:
    """A profile that an officer watches in a case."""

    id: str
    profile_id: str
    begun_at: datetime
    until: datetime
    """Until when, unless it is renewed; of an ended watch, when it ended."""


@dataclass(frozen=True, slots=True)
class WatchNoticeView:
    """A watched profile has another version, or the watch has ended: then that is all."""

    watch_id: str
    profile_id: str | None
    version: int | None
    ended: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionNoticeView:
    """A proposal was decided on."""

    proposal_id: str
    change: str
    state: str
    own: bool
    """Whether whoever is told proposed it."""
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertView:
    """Somebody has met a record of the own agency: which one, how, and with whom to speak."""

    id: str
    profile_id: str
    register_number: int
    at: datetime
    how: str
    """What they did (notice.How)."""
    agency: str
    officer_id: str | None
    officer_reference: str | None
    case_reference: str | None


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far a screening had come at a moment."""

    id: str
    state: str
    people: int | None
    done: int
    refused: int
    hits: int
    at: datetime
