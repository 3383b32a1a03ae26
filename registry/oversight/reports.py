"""Accesses counted: by day, weekday and hour, officer, agency, purpose and outcome, one or two of them at a time. Pure.

    report = made(counted, (By.WEEKDAY, By.HOUR), span, zone, least=5)
    report.rows          ("Monday", … "Sunday")
    report.columns       ("00", … "23")
    report.table         counts and totals, small ones not told (suppression.py)

The log is counted by quarters of an hour of UTC; days and hours are those of the edition's zone, and the offset of
every zone is whole quarters. Days, weekdays, hours and outcomes stand there also where nothing happened.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from registry.audit.events import Outcome
from registry.core.errors import InputRefused
from registry.core.ids import public_id
from registry.oversight.suppression import Cells, Table, suppressed

QUARTER = timedelta(minutes=15)
LONGEST = timedelta(days=366)
USUAL = timedelta(days=30)
"""How long a time is counted where the filter says none."""
NOBODY = "-"
"""Who or what an entry does not say."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(f"{hour:02}" for hour in range(24))


class By(StrEnum):
    """What accesses are counted by."""

    DAY = "day"
    WEEKDAY = "weekday"
    HOUR = "hour"
    OFFICER = "officer"
    AGENCY = "agency"
    PURPOSE = "purpose"
    OUTCOME = "outcome"


TIMES = frozenset({By.DAY, By.WEEKDAY, By.HOUR})
"""Made of the quarter of an hour; the others are columns of the log."""


class Span(NamedTuple):
    """From when until before when."""

    since: datetime
    until: datetime


class Counted(NamedTuple):
    """How many entries say the same."""

    quarter: int | None
    values: tuple[Any, ...]
    """Of what is counted by and no time, in its order."""
    times: int


@dataclass(frozen=True, slots=True)
class Report:
    """Accesses in a time, by one thing or by two."""

    since: datetime
    until: datetime
    by: tuple[By, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    """Of a report by one thing a single one, which is empty."""
    table: Table
    least: int
    """Counts below it are not told."""


def read_by(names: Sequence[str], field: str) -> tuple[By, ...]:
    """Return what is counted by. Raises InputRefused (REPORT_MALFORMED)."""
    try:
        by = tuple(By(name) for name in names)
    except ValueError:
        by = ()
    if not 1 <= len(by) <= 2 or len(set(by)) < len(by):
        raise InputRefused("is not one or two different things that are counted by.", field=field,
                           code="REPORT_MALFORMED", remedy=f"Take one or two of {', '.join(By)}.")  # fmt: skip
    return by


def too_wide(what: str, remedy: str) -> InputRefused:
    """Return the refusal of a report that would count too much."""
    return InputRefused(what, field="query", code="REPORT_TOO_WIDE", remedy=remedy)


def span(since: datetime | None, until: datetime | None, now: datetime) -> Span:
    """Return the time that is counted. Raises InputRefused (REPORT_TOO_WIDE)."""
    end = until or now
    begin = since or end - USUAL
    if end - begin > LONGEST or begin >= end:
        raise too_wide(f"has no time of at most {LONGEST.days} days.", "Write since: and until: into the filter.")
    return Span(begin, end)


def made(
    counted: Iterable[Counted], by: tuple[By, ...], of: Span, zone: tzinfo, *, least: int, most_cells: int
) -> Report:  # fmt: skip
    """Return the report of what was counted. Raises InputRefused (REPORT_TOO_WIDE)."""
    cells: Counter[tuple[str, ...]] = Counter()
    for each in counted:
        cells[_keys(each, by, of, zone)] += each.times
    axes = [_axis(one, {keys[place] for keys in cells}, of, zone) for place, one in enumerate(by)]
    rows, columns = axes[0], axes[1] if len(axes) > 1 else ("",)
    if len(rows) * len(columns) > most_cells:
        raise too_wide(f"would have more than {most_cells} cells.", "Narrow the filter, or count by less.")
    whole: Cells = tuple(
        tuple(cells[(row, column) if len(by) > 1 else (row,)] for column in columns) for row in rows
    )  # fmt: skip
    return Report(of.since, of.until, by, rows, columns, suppressed(whole, least), least)


def _keys(counted: Counted, by: Sequence[By], of: Span, zone: tzinfo) -> tuple[str, ...]:
    values = iter(counted.values)
    local = None if counted.quarter is None else _local(counted.quarter, of, zone)
    return tuple(_TIMES[each](local) if local and each in _TIMES else _text(each, next(values)) for each in by)


def _local(quarter: int, of: Span, zone: tzinfo) -> datetime:
    """Return the local time of a quarter; of a request from just before the time its beginning."""
    moment = _EPOCH + quarter * QUARTER
    return min(max(moment, of.since), of.until - timedelta.resolution).astimezone(zone)


_TIMES: dict[By, Callable[[datetime], str]] = {
    By.DAY: lambda local: local.date().isoformat(),
    By.WEEKDAY: lambda local: WEEKDAYS[local.weekday()],
    By.HOUR: lambda local: HOURS[local.hour],
}


def _text(by: By, value: Any) -> str:
    if value is None:
        return NOBODY
    return public_id("officer", value) if by is By.OFFICER and isinstance(value, UUID) else str(value)


def _axis(by: By, found: set[str], of: Span, zone: tzinfo) -> tuple[str, ...]:
    """Return the names of rows or columns: all there are of times and outcomes, and of the rest what was found."""
    match by:
        case By.DAY:
            first = of.since.astimezone(zone).date()
            last = (of.until - timedelta.resolution).astimezone(zone).date()
            return tuple((first + timedelta(days=each)).isoformat() for each in range((last - first).days + 1))
        case By.WEEKDAY:
            return WEEKDAYS
        case By.HOUR:
            return HOURS
        case By.OUTCOME:
            return tuple(each.value for each in Outcome)
        case _:
            return tuple(sorted(found))
