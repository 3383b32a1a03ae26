"""Dates known in part, in the calendar subset of EDTF (ISO 8601-2): level 0 dates and intervals of them.

    1970             a year
    1970-05          a month
    1970-05-17       a day
    1968/1971        some day from the first of 1968 to the last of 1971

Birth dates in the field are often known in part; what is not known is not invented.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, total_ordering

from registry.core.errors import InputRefused

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
EARLIEST_YEAR = 1850
LATEST_YEAR = 2199
_REMEDY = "Write YYYY, YYYY-MM or YYYY-MM-DD, or two of them with / between."


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A calendar date with year, month or day precision, or a range between two such dates."""

    year: int
    month: int | None = None
    day: int | None = None
    until: "PartialDate | None" = None
    """Of a range: its other end. Year, month and day are the first."""

    @classmethod
    def parse(cls, text: str, *, field: str = "date") -> "PartialDate":
        """Read one of the forms above; raise InputRefused for anything else.

        Codes: DATE_MALFORMED, DATE_OUT_OF_RANGE, DATE_OUT_OF_ORDER.
        """
        first, slash, last = text.partition("/")
        start = _read(first, field)
        if not slash:
            return start
        end = _read(last, field)
        if end.latest <= start.latest or end.earliest <= start.earliest:
            raise InputRefused(
                "is a range that doesn't go forward.", field=field, code="DATE_OUT_OF_ORDER",
                remedy="Write the earlier date first.",
            )  # fmt: skip
        return cls(start.year, start.month, start.day, end)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text if self.until is None else f"{text}/{self.until}"

    def __lt__(self, other: "PartialDate") -> bool:
        return _order(self) < _order(other)

    @property
    def precision(self) -> str:
        """``year``, ``month``, ``day`` or ``range``."""
        if self.until is not None:
            return "range"
        return "year" if self.month is None else "month" if self.day is None else "day"

    @property
    def earliest(self) -> date:
        """The first day that it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day that it may mean."""
        if self.until is not None:
            return self.until.latest
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])


def _order(when: PartialDate) -> tuple[int, ...]:
    """What dates are compared by: of a range its first end, then its second."""
    first = (when.year, when.month or 0, when.day or 0)
    return first if when.until is None else (*first, *_order(when.until))


def _read(text: str, field: str) -> PartialDate:
    try:
        return _date(text)
    except _Broken as broken:
        code, rule = broken.args
        raise InputRefused(rule, field=field, code=code, remedy=_REMEDY) from None


class _Broken(ValueError):
    """A code and the rule that is broken; whoever reads adds the field."""


@lru_cache(maxsize=32_768)
def _date(text: str) -> PartialDate:
    """Read one date; a register has few of them, read again and again."""
    found = _FORM.fullmatch(text)
    if not found:
        raise _Broken("DATE_MALFORMED", "is not a date known in part.")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise _Broken("DATE_OUT_OF_RANGE", f"has a year outside {EARLIEST_YEAR} to {LATEST_YEAR}.")
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        raise _Broken("DATE_MALFORMED", "is not a day of the calendar.") from None
    return PartialDate(year, month, day)
