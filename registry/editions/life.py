"""When a record is next verified, reviewed and ended, when the desk answers, and who may have been under age.

    next_verification(ke, "two", date(2026, 8, 31))                  2027-02-28
    expires_on(ke, "convicted", "one", date(2012, 2, 29))            2027-02-28
    age_years(PartialDate(1990), PartialDate(2008, 6))               Ages(least=17, most=18)

Pure: values in, values out. Days are those of the calendar. A span of months or years ends on the day of the same
number or, where that month has none, on its last day: always the earlier, never the later. Each span is counted from
the day that really was (the last verification, the last review), so nothing drifts to the 28th.
"""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.editions.edition import Edition
from registry.editions.terms import Ground

Row = TypeVar("Row")


class Ages(NamedTuple):
    """The ages, in full years, that fit dates known in part.

    A negative number: the moment may lie before the birth. Whoever takes the two dates in refuses that.
    """

    least: int
    most: int


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later (or earlier), or the last day of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_verification(edition: Edition, tier: str, last: date) -> date:
    """Return the last day on which the record is verified in time, counted from its last verification."""
    return add_months(last, _row(edition.tiers, tier, "tier").verification_months)


def expires_on(edition: Edition, category: str, tier: str | None, from_: date) -> date | None:
    """Return the first day on which the record has expired, or None where it is kept for life.

    Category and class may each set an end; the earlier counts. ``from_`` is the day from which the country counts:
    release or, without custody, sentence (34 USC 20915(a) leaves out time in custody); the order's day for an order.
    """
    limits = [_row(edition.categories, category, "category").expires_after_years]
    if tier is not None:
        limits.append(_row(edition.tiers, tier, "tier").expires_after_years)
    years = [limit for limit in limits if limit is not None]
    return add_months(from_, 12 * min(years)) if years else None


def review_on(edition: Edition, category: str, from_: date) -> date:
    """Return the day by which somebody asks whether the entry is still needed; entries for life have one too."""
    return add_months(from_, 12 * _row(edition.categories, category, "category").review_every_years)


def desk_due(edition: Edition, kind: str, received: date) -> date:
    """Return the last day on which the desk answers in time.

    The day of receipt is not counted. Sundays and holidays are: a clock that runs short breaks no one's right.
    """
    return received + timedelta(days=_row(edition.desk, kind, "kind").days)


def refusal_grounds(edition: Edition, kind: str) -> Mapping[str, Ground]:
    """Return the grounds on which a request of this kind may be refused, by code."""
    _row(edition.desk, kind, "kind")
    return {code: ground for code, ground in edition.refusal_grounds.items() if kind in ground.kinds}


def keys_destroyed_on(edition: Edition, removed: date) -> date:
    """Return the first day on which the keys of a removed record may be destroyed: until then a mistake is undone."""
    return removed + timedelta(days=edition.removal_grace_days)


def notice_since(edition: Edition, corrected: date) -> date:
    """Return the day since when those who received the record are told that it was corrected."""
    return add_months(corrected, -edition.correction_notice_months)


def age_years(birth: PartialDate, on: PartialDate) -> Ages:
    """Return the least and the most full years a person born then can have had at that time."""
    return Ages(_age(birth.latest, on.earliest), _age(birth.earliest, on.latest))


def is_surely_adult(edition: Edition, birth: PartialDate | None, on: PartialDate | None) -> bool:
    """Whether every day that the two dates may mean makes the person an adult; not when one is unknown."""
    return birth is not None and on is not None and age_years(birth, on).least >= edition.adult_age


def may_be_minor(edition: Edition, birth: PartialDate | None, on: PartialDate | None) -> bool:
    """Whether the person may have been under age: doubt counts as yes, and sends the entry to the juvenile category."""
    return not is_surely_adult(edition, birth, on)


def _age(birth: date, on: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _row(rows: Mapping[str, Row], code: str, field: str) -> Row:
    if code in rows:
        return rows[code]
    remedy = f"Write one of {', '.join(rows)}."
    raise InputRefused("is not one of the edition's codes.", field=field, code="CODE_UNKNOWN", remedy=remedy)
