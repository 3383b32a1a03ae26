"""The only place that reads the clock; rules are handed their moment."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return this moment, UTC and aware, to the microsecond."""
    return datetime.now(UTC)  # noqa: TID251  the one reader
