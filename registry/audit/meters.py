"""What a principal has spent: points of cost by the minute, records shown by the hour and by the day.

    charge = Charge("ke-dci 20417", cost=90, records=6, most=Most(records_per_hour=1_000, records_per_day=5_000))
    overdrawn(connection, [charge], now)       frozenset(): all of them are within what is allowed

A charge is part of the transaction that makes its entry durable, so nothing is shown that is not counted, however many
requests ask at once and whichever worker answers. What would go beyond is charged and not shown: whoever asks for more
than is left has spent it. Windows are whole minutes, hours and days of UTC.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import meters
from registry.core.engines import add_up

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Measure(StrEnum):
    """What is counted, and by which window."""

    COST_MINUTE = "cost:minute"
    RECORDS_HOUR = "records:hour"
    RECORDS_DAY = "records:day"


WINDOWS = {
    Measure.COST_MINUTE: timedelta(minutes=1),
    Measure.RECORDS_HOUR: timedelta(hours=1),
    Measure.RECORDS_DAY: timedelta(days=1),
}
KEPT = timedelta(days=2)
"""How long a window is kept that is over."""


@dataclass(frozen=True, slots=True)
class Most:
    """How many records a principal may be shown."""

    records_per_hour: int
    records_per_day: int


@dataclass(frozen=True, slots=True)
class Charge:
    """What one answer takes from its principal."""

    principal: str
    cost: int
    records: int
    most: Most


def since(measure: Measure, now: datetime) -> datetime:
    """Return the beginning of the window that a moment lies in."""
    return now - (now - _EPOCH) % WINDOWS[measure]


def seconds_left(measure: Measure, now: datetime) -> int:
    """Return when the next window begins, in whole seconds: at least one."""
    return max(1, -((now - since(measure, now) - WINDOWS[measure]) // timedelta(seconds=1)))


def spent(principal: sa.ColumnElement[str]) -> list[sa.Label[int]]:
    """Return columns for a statement that knows the principal: what is spent by each measure, ``since_…`` bound."""
    return [
        sa.func.coalesce(
            sa.select(meters.c.spent)
            .where(
                meters.c.principal == principal,
                meters.c.measure == measure.value,
                meters.c.since == sa.bindparam(f"since_{measure.name}", type_=meters.c.since.type),
            )
            .scalar_subquery(),
            0,
        ).label(measure.name.lower())
        for measure in Measure
    ]


def windows(now: datetime) -> dict[str, datetime]:
    """Return what the columns of ``spent`` are bound to."""
    return {f"since_{measure.name}": since(measure, now) for measure in Measure}


def overdrawn(connection: Connection, charges: Sequence[tuple[Charge, datetime]]) -> frozenset[int]:
    """Charge all, and return the places of those that go beyond what their principal may be shown."""
    added: dict[tuple[str, str, datetime], int] = {}
    for charge, moment in charges:
        for key, amount in _parts(charge, moment):
            added[key] = added.get(key, 0) + amount
    totals = add_up(connection, meters, [(*key, amount) for key, amount in added.items()])
    running = {key: totals[key] - amount for key, amount in added.items()}
    beyond = set()
    for place, (charge, moment) in enumerate(charges):
        for key, amount in _parts(charge, moment):
            running[key] += amount
            if running[key] > _most(charge, key[1]):
                beyond.add(place)
    return frozenset(beyond)


def _parts(charge: Charge, moment: datetime) -> Collection[tuple[tuple[str, str, datetime], int]]:
    amounts = {
        Measure.COST_MINUTE: charge.cost, Measure.RECORDS_HOUR: charge.records, Measure.RECORDS_DAY: charge.records
    }  # fmt: skip
    return [
        ((charge.principal, measure.value, since(measure, moment)), amount)
        for measure, amount in amounts.items()
        if amount
    ]


def _most(charge: Charge, measure: str) -> float:
    if measure == Measure.RECORDS_HOUR.value:
        return charge.most.records_per_hour
    # cost is looked at before anything is done; what it was in the end can't be taken back
    return charge.most.records_per_day if measure == Measure.RECORDS_DAY.value else float("inf")


def purge(connection: Connection, now: datetime) -> int:
    """Forget windows that are over; return how many."""
    return connection.execute(sa.delete(meters).where(meters.c.since < now - KEPT)).rowcount
