"""What may still be asked: the quotas of the officer, of the case and of the agency (registry/audit/quotas.py).

    with budgets.admitted(actor, 90, now, shows_records=True):    BudgetSpent, or the question is executed
        …

What is spent stands in the database and comes with the live state. Questions in flight are added by each worker, at
what they may cost; once answered they are charged what they did cost, so the rest is given back. Of persons nothing is
looked at here: who was shown today is shown again, and who will be shown is not known yet.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from auth.actor import Actor
from graphql_schema.limits import Limits
from registry.audit import quotas
from registry.audit.log import Overdrawn
from registry.audit.quotas import QUOTAS, Charge, Measure, seconds_left
from registry.core.errors import BudgetSpent

_OF_RECORDS = frozenset({Measure.RECORDS_HOUR, Measure.RECORDS_DAY})
_OF_OPERATIONS = frozenset({Measure.OPERATIONS_HOUR, Measure.OPERATIONS_DAY})
_LATER = frozenset({"cost_per_minute", "subjects_per_day"})
"""Quotas whose number is not a row of the limits as it is: points are refused beforehand, persons are by agreement."""


class Budgets:
    """The budgets of everybody who asks this worker."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = {quota.name: getattr(limits, quota.name) for quota in QUOTAS if quota.name not in _LATER}
        self._longest_first = sorted(QUOTAS, key=lambda quota: quota.measure.endswith("hour"))
        self._in_flight: Counter[str] = Counter()

    @contextmanager
    def admitted(self, actor: Actor, asked: int, now: datetime, *, shows_records: bool) -> Iterator[None]:
        """Hold so many points while a question is executed.

        Raises BudgetSpent (RATE_LIMITED, OPERATIONS_SPENT, RECORDS_SPENT).
        """
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
        looked_at = _OF_OPERATIONS | _OF_RECORDS if shows_records else _OF_OPERATIONS
        for quota in self._longest_first:  # so that Retry-After names the later moment
            if quota.measure in looked_at and spent.of(quota.name) >= self._most[quota.name]:
                raise Overdrawn(quota, now)
        if spent.of("cost_per_minute") + self._in_flight[actor.principal] + asked > limits.cost_per_minute:
            raise BudgetSpent(
                f"The {limits.cost_per_minute} points of this minute are spent.", code="RATE_LIMITED",
                remedy="Wait as Retry-After says, or ask for less.",
                retry_after=seconds_left(Measure.COST_MINUTE, now),
            )  # fmt: skip

    def charge(
        self, actor: Actor, cost: int, records: int, *, subjects: tuple[UUID, ...] = (), seeks: bool = False
    ) -> Charge:  # fmt: skip
        """Return what an answer takes, and from whom: so many records, of these persons."""
        case = quotas.case_of(actor.agency, actor.case_reference) if actor.case_reference else None
        most = self._most | {"subjects_per_day": self._subjects(actor)}
        return Charge(actor.principal, cost, records, most, case, quotas.agency_of(actor.agency), subjects, seeks=seeks)

    def _subjects(self, actor: Actor) -> int:
        """Return how many different persons an actor may be shown in a day."""
        if not actor.is_partner:
            return self._limits.subjects_per_day
        return actor.agreement.distinct_subjects if actor.agreement else self._limits.partner_subjects_per_day

    def told(self, actor: Actor, asked: int, charge: Charge) -> dict[str, Any]:
        """Return what ``extensions`` of an answer says of cost and records."""

        def left(name: str, amount: int) -> int:
            most: int = getattr(self._limits, name)
            return max(0, most - actor.spent.of(name) - amount)

        return {
            "cost": {
                "requested": asked, "actual": charge.cost, "limit": self._limits.cost,
                "leftThisMinute": left("cost_per_minute", charge.cost),
            },
            "records": {
                "shown": charge.records,
                "leftThisHour": left("records_per_hour", charge.records),
                "leftToday": left("records_per_day", charge.records),
            },
        }  # fmt: skip
