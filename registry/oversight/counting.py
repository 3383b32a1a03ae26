"""Counting entries of the log for a report: one statement, over so many entries at most.

counted = counts(connection, chosen, (By.DAY, By.AGENCY), span, most=2_000_000)
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from registry.audit.models import entries
from registry.oversight import queries
from registry.oversight.filters import LogFilter
from registry.oversight.reports import TIMES, By, Counted, Span, too_wide

MOST_GROUPS = 300_000
"""What a month has of quarters of an hour, for a hundred agencies."""


class _Quarter(FunctionElement[int]):
    """The quarter of an hour that a moment lies in, counted from 1970."""

    type = sa.Integer()
    inherit_cache = True


@compiles(_Quarter, "postgresql")
def _quarter(element: _Quarter, compiler: Any, **options: Any) -> str:  # Any: SQLAlchemy's own border
    moment = compiler.process(element.clauses, **options)
    return f"CAST(floor(date_part('epoch', {moment}) / 900) AS integer)"  # extract would count in decimals


@compiles(_Quarter, "sqlite")
def _quarter_of_microseconds(element: _Quarter, compiler: Any, **options: Any) -> str:  # Any: as above
    return f"{compiler.process(element.clauses, **options)} / 900000000"


def counts(connection: Connection, chosen: LogFilter, by: Sequence[By], of: Span, *, most: int) -> list[Counted]:
    """Count entries that got their places in a time. Raises InputRefused (REPORT_TOO_WIDE)."""
    low, high, _ = queries.places(connection, of.since, of.until)
    if high - low > most:
        raise too_wide(f"would count more than {most} entries.", "Write a shorter time into the filter.")
    quarter = [_Quarter(entries.c.at).label("quarter")] if TIMES & set(by) else []
    values = [queries.column(each) for each in by if each not in TIMES]
    statement = (
        sa.select(*quarter, *values, sa.func.count().label("times"))
        .where(entries.c["index"] >= low, entries.c["index"] < high)
        .where(*map(queries.holds, chosen.terms))
        .group_by(*quarter, *values)
        .limit(MOST_GROUPS + 1)
    )
    found = connection.execute(statement).all()
    if len(found) > MOST_GROUPS:
        raise too_wide("would have too many rows and columns.", "Narrow the filter, or count by less.")
    return [Counted(row[0] if quarter else None, tuple(row[len(quarter) : -1]), row[-1]) for row in found]
