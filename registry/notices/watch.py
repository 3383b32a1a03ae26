"""A watch: an officer wants to be told, in one case, when a profile changes. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from registry.core.errors import LimitExceeded
from registry.notices.notice import News, Topic

LIFE = timedelta(days=90)
"""How long a watch lasts; whoever still needs it asks again, and so says that the case goes on."""
MOST = 100
"""Watches of one officer in one case. Whoever needs more watches a register, and not a case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who watches which profile, in which case, until when."""

    id: UUID
    agency: str
    officer: UUID
    case_reference: str
    profile: UUID
    reason: str
    begun_at: datetime
    until: datetime
    ended_at: datetime | None = None


def changed(watch: Watch, version: int) -> News:
    """Return the news that the watched profile has another version."""
    return News(Topic.WATCH, str(watch.officer), watch.id, watch.profile, {"version": version})


def ended(watch: Watch) -> News:
    """Return the news that a watch has ended, and nothing else: not why, and not what became of the profile."""
    return News(Topic.WATCH, str(watch.officer), watch.id)


def too_many() -> LimitExceeded:
    """Return the refusal of one watch more than an officer may keep in a case."""
    return LimitExceeded(
        f"More than {MOST} profiles can't be watched in one case.", field="profileId", code="TOO_MANY_WATCHES",
        remedy="End a watch that is not needed any more.",
    )  # fmt: skip
