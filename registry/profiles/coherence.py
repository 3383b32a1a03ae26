"""Rules that look at several values of a record at once. Each is a function from a record to what it finds broken.

problems(record, edition)
[InputRefused("is not after the birth date.", field="convictions[0].convicted_on", …)]
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.editions import life
from registry.editions.edition import Edition
from registry.profiles.forms import members
from registry.profiles.parts import WITHDRAWN_APPEALS, Conviction
from registry.profiles.record import GROUPS, Record

Finding = Iterator[InputRefused]

PERIODS = (("since", "until"), ("first_seen", "last_seen"), ("issued_on", "expires_on"), ("made_on", "ends_on"),
           ("since", "ends_on"), ("departs_on", "returns_on"), ("since", "release_due_on"),
           ("committed_on", "convicted_on"), ("verified_on", "due_on"))  # fmt: skip
"""Members of one part of which the second can't lie before the first."""
MAY_LIE_AHEAD = frozenset({
    "until", "expires_on", "ends_on", "release_due_on", "departs_on", "returns_on", "due_on", "review_on",
})  # fmt: skip
"""Dates that speak of what is to come; all others have happened."""


def problems(record: Record, edition: Edition) -> list[InputRefused]:
    """Return every rule that the record breaks as a whole."""
    return [found for rule in RULES for found in rule(record, edition)]


def not_yet(record: Record, today: date) -> list[InputRefused]:
    """Return every date that can't lie in the future and does."""
    return [
        InputRefused("lies in the future.", field=place, code="DATE_IN_FUTURE", remedy="Correct it.")
        for place, name, value in _dates(record)
        if name not in MAY_LIE_AHEAD and value.earliest > today
    ]


def _dates(record: Record) -> Iterator[tuple[str, str, PartialDate]]:
    for name in GROUPS:
        value = getattr(record, name)
        if isinstance(value, PartialDate):
            yield name, name, value
        for place, part in _parts(name, value):
            for member in _DATED.get(type(part), ()):
                if isinstance(found := getattr(part, member), PartialDate):
                    yield f"{place}.{member}", member, found


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield each part of a group with its place."""
    if isinstance(value, tuple):
        for at, each in enumerate(value):
            yield f"{name}[{at}]", each
    elif type(value) in _DATED:
        yield name, value


_DATED = {
    group.part: tuple(each.name for each in members(group.part)
                      if each.name.endswith("_on") or each.name in ("since", "until", "first_seen", "last_seen"))
    for group in GROUPS.values() if group.part is not None
}  # fmt: skip
"""The members of each part that hold a date."""


def _periods_go_forward(record: Record, _edition: Edition) -> Finding:
    for name, group in GROUPS.items():
        if group.part is None:
            continue
        dated = _DATED[group.part]
        for place, part in _parts(name, getattr(record, name)):
            for first, last in PERIODS:
                if first in dated and last in dated:
                    begun, ended = getattr(part, first), getattr(part, last)
                    if begun and ended and ended.latest < begun.earliest:
                        yield InputRefused(f"lies before {first}.", field=f"{place}.{last}", code="DATE_OUT_OF_ORDER",
                                           remedy="Correct one of the two.")  # fmt: skip


def _born_before_convicted(record: Record, _edition: Edition) -> Finding:
    """A conviction of somebody not yet born: one of the two dates is wrong."""
    born = record.birth_date
    for at, each in enumerate(record.convictions):
        if born and each.convicted_on.year <= born.year:
            yield InputRefused("is not after the birth date.", field=f"convictions[{at}].convicted_on",
                               code="DATE_OUT_OF_ORDER", remedy="Correct one of the two.")  # fmt: skip


def _category_has_its_ground(record: Record, edition: Edition) -> Finding:
    """No entry without its court's decision: a conviction that stands, or the order that the category needs."""
    category = edition.categories[record.category]
    if category.needs_conviction and not record.convictions:
        yield InputRefused("is not a list of 1 to 50 values.", field="convictions", code="LIST_MALFORMED",
                           remedy="Give the conviction, or the category of those ordered without one.")  # fmt: skip
    elif category.needs_conviction and not any(stands(each) for each in record.convictions):
        yield InputRefused("hold none that stands.", field="convictions", code="CONVICTION_WITHDRAWN",
                           remedy="Propose to retire or remove the record.")  # fmt: skip
    if category.needs_order and not record.orders:
        yield InputRefused("holds no court order, which this category needs.", field="orders", code="ORDER_MISSING",
                           remedy="Give the court's order with its number.")  # fmt: skip


def stands(conviction: Conviction) -> bool:
    """Whether a conviction has not been quashed or expunged."""
    return conviction.appeal not in WITHDRAWN_APPEALS


def _minors_have_their_class(record: Record, edition: Edition) -> Finding:
    """Whoever may have been under age at the offence is registered by a court's own order only.

    Of somebody whose birth nobody knows, known by an alias alone, no age can be asked; the vetter reads the judgment.
    """
    if record.birth_date is None or record.category == "juvenile":
        return
    if record.category == "ordered" and not record.convictions:
        for at, order in enumerate(record.orders):
            if life.may_be_minor(edition, record.birth_date, order.made_on):
                yield InputRefused(
                    "is made on a person who may have been under age.", field=f"orders[{at}]", code="JUVENILE_CLASS",
                    remedy="Give the dates more exactly, or use the category juvenile.",
                )  # fmt: skip
    for at, each in enumerate(record.convictions):
        if life.may_be_minor(edition, record.birth_date, each.committed_on or each.convicted_on):
            yield InputRefused(
                "is of a person who may have been under age at the offence.", field=f"convictions[{at}]",
                code="JUVENILE_CLASS",
                remedy="Give the dates more exactly, or use the category juvenile with the court's order to register.",
            )  # fmt: skip


def _ends_in_time(record: Record, edition: Edition) -> Finding:
    """An entry without conviction, or of a minor, does not outlive what its category allows: its expiry is shorter.

    A convicted person's class sets an end where the record names none; a court may have set another.
    """
    start = begun(record)
    ends = life.expires_on(edition, record.category, None, start) if start else None
    if ends and record.expires_on and record.expires_on.latest > ends:
        yield InputRefused(f"lies after {ends.isoformat()}, the end of this category.", field="expires_on",
                           code="EXPIRY_TOO_LATE", remedy="Leave it out: it is then set.")  # fmt: skip


def _parents_only_by_law(record: Record, edition: Edition) -> Finding:
    if record.parents and edition.parents_names is None:
        yield InputRefused("are asked for by no law of this country.", field="parents", code="PARENTS_NAMES",
                           remedy="Leave them out.")  # fmt: skip


def _levels_are_the_instruments(record: Record, edition: Edition) -> Finding:
    for at, each in enumerate(record.risks):
        levels = edition.risk_instruments[each.instrument].levels
        if each.level not in levels:
            yield InputRefused("is no level of this instrument.", field=f"risks[{at}].level", code="CODE_UNKNOWN",
                               remedy=f"Write one of: {', '.join(levels)}.")  # fmt: skip


def _freshness_speaks_once(record: Record, _edition: Edition) -> Finding:
    seen: set[str] = set()
    for at, each in enumerate(record.freshness):
        if each.group in seen:
            yield InputRefused("is told twice.", field=f"freshness[{at}].group", code="LIST_MALFORMED",
                               remedy="Keep the latest verification.")  # fmt: skip
        seen.add(each.group)


RULES: tuple[Callable[[Record, Edition], Finding], ...] = (
    _born_before_convicted, _periods_go_forward, _category_has_its_ground, _minors_have_their_class,
    _ends_in_time, _parents_only_by_law, _levels_are_the_instruments, _freshness_speaks_once,
)  # fmt: skip


def too_long(record: Record, edition: Edition, today: date) -> list[InputRefused]:
    """Return what puts off the review beyond the country edition's interval."""
    latest = life.review_on(edition, record.category, today)
    if record.review_on is None or record.review_on.latest <= latest:
        return []
    return [InputRefused(f"lies after {latest.isoformat()}, when the review is due.", field="review_on",
                         code="REVIEW_TOO_LATE", remedy="Leave it out: it is then set.")]  # fmt: skip


def begun(record: Record) -> date | None:
    """Return the day from which a record's time runs: the latest conviction, order or release (34 USC 20915)."""
    days = [each.convicted_on.latest for each in record.convictions if stands(each)]
    days += [each.made_on.latest for each in record.orders]
    if record.custody and record.custody.release_due_on:
        days.append(record.custody.release_due_on.latest)
    return max(days, default=None)


def dated(record: Record, edition: Edition, today: date) -> Record:
    """Return the record with its review and expiry dates, where it doesn't name them itself.

    The time runs from the latest conviction or order, as 34 USC 20915 counts from sentence or release.
    """
    start = begun(record) or today
    expires = record.expires_on
    if expires is None and (ends := life.expires_on(edition, record.category, record.tier, start)):
        expires = PartialDate(ends.year, ends.month, ends.day)
    review = record.review_on
    if review is None:
        next_review = life.review_on(edition, record.category, today)
        review = PartialDate(next_review.year, next_review.month, next_review.day)
    return replace(record, review_on=review, expires_on=expires)
