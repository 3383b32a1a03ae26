"""Dates of a record's life: spans of months at the ends of months, the earlier of two ends, and ages in doubt."""

import calendar
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.editions import load
from registry.editions.life import (
    Ages,
    add_months,
    age_years,
    desk_due,
    expires_on,
    is_surely_adult,
    keys_destroyed_on,
    may_be_minor,
    next_verification,
    notice_since,
    refusal_grounds,
    review_on,
)

KE = load("ke")
DAYS = st.dates(date(1850, 1, 1), date(2199, 12, 31))
MONTHS = st.integers(-1200, 1200)
FORWARD = st.integers(0, 600)


def partly(day: date, precision: int) -> PartialDate:
    return PartialDate(day.year, day.month if precision > 1 else None, day.day if precision > 2 else None)


PARTLY = st.builds(partly, DAYS, st.integers(1, 3))
RANGES = st.tuples(PARTLY, PARTLY).filter(
    lambda pair: pair[0].earliest < pair[1].earliest and pair[0].latest < pair[1].latest
)
KNOWN = PARTLY | RANGES.map(lambda pair: PartialDate.parse(f"{pair[0]}/{pair[1]}"))


def between(known: PartialDate) -> st.SearchStrategy[date]:
    return st.dates(known.earliest, known.latest)


# -- months


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2096, 2, 29), 48, date(2100, 2, 28)),
        (date(2026, 11, 15), 2, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -12, date(2025, 1, 15)),
        (date(2026, 5, 5), 0, date(2026, 5, 5)),
    ],
)
def test_a_span_ends_on_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(DAYS, MONTHS)
def test_the_month_is_exact_and_the_day_never_later(day: date, months: int) -> None:
    there = add_months(day, months)

    assert (there.year - day.year) * 12 + there.month - day.month == months
    assert there.day <= day.day
    assert there.day == day.day or there.day == calendar.monthrange(there.year, there.month)[1]


@given(DAYS, DAYS, MONTHS)
def test_who_comes_first_ends_first(one: date, other: date, months: int) -> None:
    first, last = sorted((one, other))

    assert add_months(first, months) <= add_months(last, months)


@given(DAYS, FORWARD, FORWARD)
def test_two_spans_in_a_row_never_outlast_one_of_their_sum(day: date, one: int, other: int) -> None:
    in_steps, at_once = add_months(add_months(day, one), other), add_months(day, one + other)

    assert in_steps <= at_once
    assert at_once - in_steps <= timedelta(days=3)
    assert in_steps == at_once or day.day > 28


@given(DAYS, MONTHS)
def test_up_to_the_28th_a_span_can_be_undone(day: date, months: int) -> None:
    there = add_months(day.replace(day=min(day.day, 28)), months)

    assert add_months(there, -months) == day.replace(day=min(day.day, 28))


# -- verification, expiry, review


@pytest.mark.parametrize(
    ("tier", "expected"), [("one", date(2027, 5, 31)), ("two", date(2026, 11, 30)), ("three", date(2026, 8, 31))]
)
def test_a_record_is_verified_after_12_6_or_3_months(tier: str, expected: date) -> None:
    assert next_verification(KE, tier, date(2026, 5, 31)) == expected


@pytest.mark.parametrize(
    ("category", "tier", "expected"),
    [
        ("convicted", "one", date(2041, 3, 1)),
        ("convicted", "two", date(2051, 3, 1)),
        ("convicted", "three", None),
        ("convicted", None, None),
        ("ordered", None, date(2031, 3, 1)),
        ("ordered", "three", date(2031, 3, 1)),
        ("juvenile", "one", date(2031, 3, 1)),
    ],
)
def test_a_record_ends_with_the_earlier_of_category_and_class(
    category: str, tier: str | None, expected: date | None
) -> None:
    assert expires_on(KE, category, tier, date(2026, 3, 1)) == expected


def test_the_class_ends_a_record_before_its_category_where_it_is_the_earlier() -> None:
    short = replace(KE, tiers={"one": replace(KE.tiers["one"], expires_after_years=2)})

    assert expires_on(short, "ordered", "one", date(2024, 2, 29)) == date(2026, 2, 28)


@pytest.mark.parametrize("category", KE.categories)
@given(from_=DAYS)
def test_every_entry_has_a_review_also_one_for_life(category: str, from_: date) -> None:
    review = review_on(KE, category, from_)

    assert review > from_
    assert review == add_months(from_, 12 * KE.categories[category].review_every_years)


@pytest.mark.parametrize("category", KE.categories)
@pytest.mark.parametrize("tier", [*KE.tiers, None])
@given(from_=DAYS)
def test_an_entry_is_reviewed_before_it_ends(category: str, tier: str | None, from_: date) -> None:
    end = expires_on(KE, category, tier, from_)

    assert end is None or from_ < review_on(KE, category, from_) <= end


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: next_verification(KE, "four", date(2026, 1, 1)), "tier"),
        (lambda: expires_on(KE, "suspected", None, date(2026, 1, 1)), "category"),
        (lambda: expires_on(KE, "convicted", "four", date(2026, 1, 1)), "tier"),
        (lambda: review_on(KE, "", date(2026, 1, 1)), "category"),
        (lambda: desk_due(KE, "erasure", date(2026, 1, 1)), "kind"),
        (lambda: refusal_grounds(KE, "erasure"), "kind"),
    ],
)
def test_a_code_the_edition_does_not_have_is_refused(call: Callable[[], object], field: str) -> None:
    with pytest.raises(InputRefused) as caught:
        call()

    assert (caught.value.code, caught.value.field) == ("CODE_UNKNOWN", field)
    assert (caught.value.remedy or "").startswith("Write one of ")


# -- the desk, removal, notice


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("access", date(2027, 1, 4)), ("correction", date(2027, 1, 11)), ("objection", date(2027, 1, 4))],
)
def test_the_desk_counts_every_day_after_receipt(kind: str, expected: date) -> None:
    assert desk_due(KE, kind, date(2026, 12, 28)) == expected


def test_each_kind_of_request_has_grounds_of_its_own() -> None:
    grounds = {kind: set(refusal_grounds(KE, kind)) for kind in KE.desk}

    assert grounds["access"] == {"KE-DPA-27", "KE-DPA-51-2-B"}
    assert grounds["correction"] == grounds["access"] | {"KE-DPA-40-1-A", "KE-DPA-40-3", "KE-DPA-39-1-A"}
    assert grounds["objection"] == grounds["access"] | {"KE-DPA-39-1-A", "KE-DPA-36"}


def test_keys_outlive_an_approved_removal_for_the_days_of_grace() -> None:
    assert keys_destroyed_on(KE, date(2026, 2, 1)) == date(2026, 3, 3)


def test_a_correction_is_told_to_receivers_of_the_last_twelve_months() -> None:
    assert notice_since(KE, date(2028, 2, 29)) == date(2027, 2, 28)


# -- ages


@pytest.mark.parametrize(
    ("birth", "on", "expected"),
    [
        ("1990-06-15", "2008-06-14", (17, 17)),
        ("1990-06-15", "2008-06-15", (18, 18)),
        ("1990-06", "2008-06-15", (17, 18)),
        ("1990", "2008", (17, 18)),
        ("1990", "2008-12-31", (18, 18)),
        ("1990", "2009", (18, 19)),
        ("1988/1991", "2008", (16, 20)),
        ("1990-06-15", "2008-01/2008-07-01", (17, 18)),
        ("2000-02-29", "2018-02-28", (17, 17)),
        ("2000-02-29", "2018-03-01", (18, 18)),
        ("2008", "2008", (-1, 0)),
    ],
)
def test_dates_known_in_part_give_a_range_of_ages(birth: str, on: str, expected: tuple[int, int]) -> None:
    assert age_years(PartialDate.parse(birth), PartialDate.parse(on)) == Ages(*expected)


@given(KNOWN, KNOWN, st.data())
def test_the_true_age_always_lies_in_the_range(birth: PartialDate, on: PartialDate, data: st.DataObject) -> None:
    born, then = data.draw(between(birth)), data.draw(between(on))

    ages = age_years(birth, on)

    true = age_years(partly(born, 3), partly(then, 3))
    assert ages.least <= true.least == true.most <= ages.most


@given(DAYS, DAYS)
def test_full_days_leave_no_doubt_about_the_age(born: date, then: date) -> None:
    """Against another way of counting: birthdays that have come, one by one."""
    years = age_years(partly(born, 3), partly(then, 3)).least

    def birthday(age: int) -> date:
        year = born.year + age
        if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
            return date(year, 3, 1)
        return born.replace(year=year)

    assert birthday(years) <= then < birthday(years + 1)


@pytest.mark.parametrize(
    ("birth", "on", "adult"),
    [
        ("1990-06-15", "2008-06-15", True),
        ("1990-06-15", "2008-06-14", False),
        ("1990", "2008", False),
        ("1990", "2009", True),
        ("1988/1991", "2009", False),
        (None, "2009", False),
        ("1950", None, False),
        (None, None, False),
    ],
)
def test_only_an_age_beyond_doubt_makes_an_adult(birth: str | None, on: str | None, adult: bool) -> None:
    born, then = (None if text is None else PartialDate.parse(text) for text in (birth, on))

    assert is_surely_adult(KE, born, then) is adult
    assert may_be_minor(KE, born, then) is not adult


def test_the_age_of_majority_is_the_editions() -> None:
    birth, on = PartialDate.parse("1990-01-01"), PartialDate.parse("2009-01-01")

    assert is_surely_adult(KE, birth, on)
    assert not is_surely_adult(replace(KE, adult_age=21), birth, on)


@given(KNOWN, KNOWN, st.data())
def test_more_precise_dates_never_turn_an_adult_into_a_minor(
    birth: PartialDate, on: PartialDate, data: st.DataObject
) -> None:
    born, then = partly(data.draw(between(birth)), 3), partly(data.draw(between(on)), 3)

    assert not is_surely_adult(KE, birth, on) or is_surely_adult(KE, born, then)
