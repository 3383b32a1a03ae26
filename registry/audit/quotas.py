"""Who may ask how much, in which time: the quotas, and what one answer takes of them. Pure.

    charge = Charge("ke-dci 20417", cost=90, records=6, most={"records_per_day": 5_000}, agency=":agency ke-dci")

Three have quotas: the officer (whichever client asks for them; without one the client), the case and the agency.
Windows are whole minutes, hours and days of UTC. What is spent of them is counted by meters.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Measure(StrEnum):
    """What is counted, and by which window."""

    COST_MINUTE = "cost:minute"
    OPERATIONS_HOUR = "operations:hour"
    OPERATIONS_DAY = "operations:day"
    RECORDS_HOUR = "records:hour"
    RECORDS_DAY = "records:day"
    SUBJECTS_DAY = "subjects:day"


WINDOWS = {
    Measure.COST_MINUTE: timedelta(minutes=1),
    Measure.OPERATIONS_HOUR: timedelta(hours=1),
    Measure.OPERATIONS_DAY: timedelta(days=1),
    Measure.RECORDS_HOUR: timedelta(hours=1),
    Measure.RECORDS_DAY: timedelta(days=1),
    Measure.SUBJECTS_DAY: timedelta(days=1),
}
KEPT = timedelta(days=2)
"""How long a window is kept that is over."""


class Holder(StrEnum):
    """Who has a quota."""

    OFFICER = "officer"
    CASE = "case"
    AGENCY = "agency"


class Quota(NamedTuple):
    """One number that somebody may not go beyond; ``name`` is its row in docs/limits.md."""

    holder: Holder
    measure: Measure
    name: str


QUOTAS = (
    Quota(Holder.OFFICER, Measure.COST_MINUTE, "cost_per_minute"),
    Quota(Holder.OFFICER, Measure.OPERATIONS_HOUR, "operations_per_hour"),
    Quota(Holder.OFFICER, Measure.OPERATIONS_DAY, "operations_per_day"),
    Quota(Holder.OFFICER, Measure.RECORDS_HOUR, "records_per_hour"),
    Quota(Holder.OFFICER, Measure.RECORDS_DAY, "records_per_day"),
    Quota(Holder.OFFICER, Measure.SUBJECTS_DAY, "subjects_per_day"),
    Quota(Holder.CASE, Measure.OPERATIONS_HOUR, "case_operations_per_hour"),
    Quota(Holder.CASE, Measure.OPERATIONS_DAY, "case_operations_per_day"),
    Quota(Holder.CASE, Measure.RECORDS_HOUR, "case_records_per_hour"),
    Quota(Holder.CASE, Measure.RECORDS_DAY, "case_records_per_day"),
    Quota(Holder.AGENCY, Measure.OPERATIONS_HOUR, "agency_operations_per_hour"),
    Quota(Holder.AGENCY, Measure.OPERATIONS_DAY, "agency_operations_per_day"),
    Quota(Holder.AGENCY, Measure.RECORDS_HOUR, "agency_records_per_hour"),
    Quota(Holder.AGENCY, Measure.RECORDS_DAY, "agency_records_per_day"),
)
BY_NAME = {each.name: each for each in QUOTAS}
_PLACES = {each.name: place for place, each in enumerate(QUOTAS)}


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of each quota is spent, in the order of ``QUOTAS``."""

    amounts: tuple[int, ...] = (0,) * len(QUOTAS)

    def of(self, name: str) -> int:
        """Return what is spent of the quota in this row."""
        return self.amounts[_PLACES[name]]


NOTHING_SPENT = Spent()


Most = Mapping[str, int]
"""The quotas' numbers by their names; what stands in none is without end."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What one answer takes, and from whom."""

    principal: str
    """The officer; without one the client."""
    cost: int
    records: int
    most: Most
    case: str | None = None
    agency: str | None = None
    subjects: tuple[UUID, ...] = ()
    """The persons that the answer shows, once each."""
    seeks: bool = False
    """Whether it was asked for persons, whoever was found."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """That an answer goes beyond a quota."""

    quota: Quota
    is_first: bool = False
    """Whether the day's persons were not spent before it."""


def case_of(agency: str, reference: str) -> str:
    """Return who a case is among principals; no agency's code begins with a colon."""
    return f":case {agency} {reference}"


def agency_of(code: str) -> str:
    """Return who an agency is among principals."""
    return f":agency {code}"


def since(measure: Measure, now: datetime) -> datetime:
    """Return the beginning of the window that a moment lies in."""
    return now - (now - _EPOCH) % WINDOWS[measure]


def seconds_left(measure: Measure, now: datetime) -> int:
    """Return when the next window begins, in whole seconds: at least one."""
    return max(1, -((now - since(measure, now) - WINDOWS[measure]) // timedelta(seconds=1)))
