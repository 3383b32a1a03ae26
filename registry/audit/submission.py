"""What is handed to the log's writer: an entry, and what becomes durable together with it.

Submission(entry)                                     an entry and nothing else
Submission(entry, charge, once=proof.once)            and a charge, and a proof that is used up
Submission(entry, news=(News(Topic.ALERT, …),))       and word for others
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.audit.events import Entry
from registry.audit.quotas import Charge


@dataclass(frozen=True, slots=True)
class Once:
    """What may happen once, such as the use of a proof."""

    digest: bytes
    """SHA-256 of what it is known by."""
    expires_at: datetime
    """When it need not be remembered any more."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One entry, and what stands or falls with it."""

    entry: Entry
    charge: Charge | None = None
    once: Once | None = None
    news: tuple[Any, ...] = ()  # Any: notices stand on the same floor
    """What others are to be told."""
