"""Dates known in part, in the calendar subset of EDTF level 0 (ISO 8601-2).

    1970          a year
    1970-05       a month
    1970-05-17    a day

Birth dates in the field are often known in part; what is not known is not invented.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import total_ordering

from registry.core.errors import InputRefused

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
EARLIEST_YEAR = 1850
LATEST_YEAR = 2199


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date with year, month or day precision."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str, *, field: str = "date") -> "PartialDate":
        """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; raise InputRefused for anything else."""
        found = _FORM.fullmatch(text)
        remedy = "Write YYYY, YYYY-MM or YYYY-MM-DD."
        if not found:
            raise InputRefused("is not a date known in part.", field=field, code="DATE_MALFORMED", remedy=remedy)
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        if not EARLIEST_YEAR <= year <= LATEST_YEAR:
            raise InputRefused(
                f"has a year outside {EARLIEST_YEAR} to {LATEST_YEAR}.",
                field=field,
                code="DATE_OUT_OF_RANGE",
                remedy=remedy,
            )
        try:
            date(year, 1 if month is None else month, 1 if day is None else day)
        except ValueError:
            raise InputRefused(
                "is not a day of the calendar.", field=field, code="DATE_MALFORMED", remedy=remedy
            ) from None
        return cls(year, month, day)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    def __lt__(self, other: "PartialDate") -> bool:
        return (self.year, self.month or 0, self.day or 0) < (other.year, other.month or 0, other.day or 0)

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``."""
        return "year" if self.month is None else "month" if self.day is None else "day"
