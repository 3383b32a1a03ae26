"""What has been spent of each quota (quotas.py): points of cost, questions, records shown, and distinct persons shown.

    overdrawn(connection, [(charge, now)])       {}: all of it is within what is allowed

A charge is part of the transaction that makes its entry durable, so nothing is shown that is not counted, however many
requests ask at once and whichever worker answers. What would go beyond is charged and not shown: whoever asks for more
than is left has spent it. Of persons, distinct.py says who is new.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit import distinct
from registry.audit.distinct import Shown
from registry.audit.models import meters
from registry.audit.quotas import BY_NAME, KEPT, QUOTAS, Beyond, Charge, Holder, Measure, Quota, Spent, since
from registry.core.engines import add_up


def principals(officer: Any, agency: Any, case_reference: Any) -> dict[Holder, sa.ColumnElement[str]]:  # Any: columns
    """Return who has quotas, as a statement knows them."""
    return {
        Holder.OFFICER: officer,
        Holder.CASE: sa.literal(":case ", sa.Text) + agency + " " + case_reference,
        Holder.AGENCY: sa.literal(":agency ", sa.Text) + agency,
    }


def spent(principals: Mapping[Holder, sa.ColumnElement[str]]) -> list[sa.Label[int]]:
    """Return columns for a statement that knows the principals: what is spent of each quota, ``since_…`` bound."""
    return [
        sa.func.coalesce(
            sa.select(meters.c.spent)
            .where(
                meters.c.principal == principals[quota.holder],
                meters.c.measure == quota.measure.value,
                meters.c.since == sa.bindparam(f"since_{quota.measure.name}", type_=meters.c.since.type),
            )
            .scalar_subquery(),
            0,
        ).label(f"spent_{quota.name}")
        for quota in QUOTAS
    ]


def windows(now: datetime) -> dict[str, datetime]:
    """Return what the columns of ``spent`` are bound to."""
    return {f"since_{measure.name}": since(measure, now) for measure in Measure}


def read_spent(row: Any) -> Spent:  # Any: a row with the columns of ``spent``
    """Return what the columns of ``spent`` say."""
    return Spent(tuple(getattr(row, f"spent_{quota.name}") for quota in QUOTAS))


_Key = tuple[str, str, datetime]
_Part = tuple[Quota, _Key, int]


def overdrawn(connection: Connection, charges: Sequence[tuple[Charge, datetime]]) -> dict[int, Beyond]:
    """Charge all, and return the places of those that go beyond a quota. The log's lock is held: nobody else counts."""
    if not charges:
        return {}
    shown = Shown(connection, [
        (charge.principal, since(Measure.SUBJECTS_DAY, moment), charge.subjects) for charge, moment in charges
    ])  # fmt: skip
    parts = [list(_parts(charge, moment, shown.new(place))) for place, (charge, moment) in enumerate(charges)]
    running = _added(connection, parts)
    refused: dict[int, Beyond] = {}
    for place, (charge, _) in enumerate(charges):
        beyond = _beyond(charge, parts[place], running)
        if beyond is None and shown.is_withdrawn(place):  # new to an answer beside it that is refused: it is new still
            beyond = Beyond(BY_NAME["subjects_per_day"])
        if beyond is not None:
            refused[place] = beyond
            shown.withdraw(place)
    shown.forget()
    crossed = [key for place in refused if refused[place].is_first for quota, key, amount in parts[place]
               if quota.measure is Measure.SUBJECTS_DAY and not amount]  # fmt: skip
    add_up(connection, meters, [(*key, 1) for key in crossed])  # or every question that finds nobody would be the first
    return refused


def _parts(charge: Charge, moment: datetime, new: int) -> Iterator[_Part]:
    """Yield what a charge takes of each quota; of persons also nothing, because what is left of them decides."""
    principals = {Holder.OFFICER: charge.principal, Holder.CASE: charge.case, Holder.AGENCY: charge.agency}
    amounts = {
        Measure.COST_MINUTE: charge.cost, Measure.OPERATIONS_HOUR: 1, Measure.OPERATIONS_DAY: 1,
        Measure.RECORDS_HOUR: charge.records, Measure.RECORDS_DAY: charge.records, Measure.SUBJECTS_DAY: new,
    }  # fmt: skip
    for quota in QUOTAS:
        principal, amount = principals[quota.holder], amounts[quota.measure]
        if principal and (amount or (charge.seeks and quota.measure is Measure.SUBJECTS_DAY)):
            yield quota, (principal, quota.measure.value, since(quota.measure, moment)), amount


def _added(connection: Connection, parts: Sequence[Sequence[_Part]]) -> dict[_Key, int]:
    """Add everything to the meters, and return where each stood before."""
    added: dict[_Key, int] = {}
    for _, key, amount in (part for each in parts for part in each):
        added[key] = added.get(key, 0) + amount
    totals = add_up(connection, meters, [(*key, amount) for key, amount in added.items()])
    return {key: totals[key] - amount for key, amount in added.items()}


def _beyond(charge: Charge, parts: Sequence[_Part], running: dict[_Key, int]) -> Beyond | None:
    """Take one charge, and return the first quota that it goes beyond, if any."""
    found: Beyond | None = None
    for quota, key, amount in parts:
        before, most = running[key], charge.most.get(quota.name, sys.maxsize)
        running[key] += amount
        is_of_persons = quota.measure is Measure.SUBJECTS_DAY
        # Once persons are spent, only who was shown before is shown again. Nobody found is refused as somebody new is:
        # else whoever goes on asking would be told by the refusal that there is somebody.
        if (amount and before + amount > most) or (is_of_persons and before >= most and not charge.subjects):
            is_first = is_of_persons and before <= most
            running[key] += is_first and not amount
            found = Beyond(found.quota if found else quota, is_first or (found is not None and found.is_first))
    return found


def purge(connection: Connection, now: datetime) -> int:
    """Forget windows that are over, and who was shown in them; return how many windows."""
    distinct.purge(connection, now - KEPT)
    return connection.execute(sa.delete(meters).where(meters.c.since < now - KEPT)).rowcount
