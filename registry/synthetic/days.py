"""Days of the synthetic register, counted from one day on which it is looked at.

    iso(AS_OF.toordinal() - 30)      2026-10-02

What a person did and what courts did has fixed dates. What is known of today (the last verification, who is
in prison, the journey next month) is told from ``AS_OF``, unless somebody gives another day, as ``make demo`` does: an
invented register that aged would have every verification overdue within a few months.
"""

from datetime import date
from functools import lru_cache

AS_OF = date(2026, 11, 1)
YEAR = 365


@lru_cache(maxsize=32_768)
def iso(ordinal: int) -> str:
    """Return a day as the register writes it; all of them fit into the cache."""
    return date.fromordinal(ordinal).isoformat()


def ordinal(day: str) -> int:
    """Return the number of a day."""
    return date.fromisoformat(day).toordinal()
