"""What the register keeps of a record beside its versions, to list, limit and release by. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from registry.core.partial_dates import PartialDate
from registry.editions import life
from registry.editions.edition import Edition
from registry.profiles.record import Record

FOR_EVER = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Headline:
    """Category, owner, handling, and when the record is next verified, reviewed, and over; days as ISO texts."""

    category: str
    owner: str
    releasable_to: str
    """Countries, sorted, with spaces between."""
    onward: str
    clearance: str
    post: str | None
    verify_on: str
    review_on: str | None
    expires_on: str | None


def headline(record: Record, edition: Edition, let_in_at: datetime) -> Headline:
    """Return the headline of a record that is let in at a moment.

    Verification is due by the tier's interval after the last one of any group, or earlier where a group says so
    (34 USC 20918).
    """
    verified = [each.verified_on.latest for each in record.freshness]
    last = max(verified, default=let_in_at.date())
    due = [life.next_verification(edition, record.tier, last)]
    due += [each.due_on.earliest for each in record.freshness if each.due_on]
    return Headline(
        record.category, record.owner, " ".join(sorted(record.handling.releasable_to)), record.handling.onward,
        record.handling.clearance, record.owner_post, min(due).isoformat(), _day(record.review_on),
        _day(record.expires_on),
    )  # fmt: skip


def _day(value: PartialDate | None) -> str | None:
    return value.earliest.isoformat() if value else None


def day(text: str | None) -> date | None:
    """Return a day from its text."""
    return date.fromisoformat(text) if text else None
