"""What a principal may still ask: points by the minute, records by the hour and by the day.

    with budgets.admitted(actor, 90, now, shows_records=True):    BudgetSpent, or the question is executed
        …

What is spent stands in the database and comes with the live state. Questions in flight are added by each worker, at
what they may cost; once answered they are charged what they did cost, so the rest is given back.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from auth.actor import Actor
from graphql_schema.limits import Limits
from registry.audit.log import Overdrawn
from registry.audit.meters import Charge, Measure, Most, seconds_left
from registry.core.errors import BudgetSpent


class Budgets:
    """The budgets of everybody who asks this worker."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._in_flight: Counter[str] = Counter()

    @contextmanager
    def admitted(self, actor: Actor, asked: int, now: datetime, *, shows_records: bool) -> Iterator[None]:
        """Hold so many points while a question is executed. Raises BudgetSpent (RATE_LIMITED, RECORDS_SPENT)."""
        self._check(actor, asked, now, shows_records=shows_records)
        self._in_flight[actor.principal] += asked
        try:
            yield
        finally:
            self._in_flight[actor.principal] -= asked
            if self._in_flight[actor.principal] <= 0:
                del self._in_flight[actor.principal]

    def _check(self, actor: Actor, asked: int, now: datetime, *, shows_records: bool) -> None:
        limits, spent = self._limits, actor.spent
        if shows_records and spent.records_day >= limits.records_per_day:
            raise Overdrawn(seconds_left(Measure.RECORDS_DAY, now))
        if shows_records and spent.records_hour >= limits.records_per_hour:
            raise Overdrawn(seconds_left(Measure.RECORDS_HOUR, now))
        if spent.cost_minute + self._in_flight[actor.principal] + asked > limits.cost_per_minute:
            raise BudgetSpent(
                f"The {limits.cost_per_minute} points of this minute are spent.", code="RATE_LIMITED",
                remedy="Wait as Retry-After says, or ask for less.",
                retry_after=seconds_left(Measure.COST_MINUTE, now),
            )  # fmt: skip

    def charge(self, actor: Actor, cost: int, records: int) -> Charge:
        """Return what an answer takes."""
        most = Most(self._limits.records_per_hour, self._limits.records_per_day)
        return Charge(actor.principal, cost, records, most)

    def told(self, actor: Actor, asked: int, charge: Charge) -> dict[str, Any]:
        """Return what ``extensions`` of an answer says of cost and records."""
        limits, spent = self._limits, actor.spent
        return {
            "cost": {
                "requested": asked, "actual": charge.cost, "limit": limits.cost,
                "leftThisMinute": max(0, limits.cost_per_minute - spent.cost_minute - charge.cost),
            },
            "records": {
                "shown": charge.records,
                "leftThisHour": max(0, limits.records_per_hour - spent.records_hour - charge.records),
                "leftToday": max(0, limits.records_per_day - spent.records_day - charge.records),
            },
        }  # fmt: skip
