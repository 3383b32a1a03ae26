"""Dates known in part: read and printed alike, and never invented."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import InputRefused
from registry.core.partial_dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate

DAYS = st.dates(date(EARLIEST_YEAR, 1, 1), date(LATEST_YEAR, 12, 31))
DATES = st.one_of(
    DAYS.map(lambda day: PartialDate(day.year)),
    DAYS.map(lambda day: PartialDate(day.year, day.month)),
    DAYS.map(lambda day: PartialDate(day.year, day.month, day.day)),
)


@given(DATES)
def test_a_date_that_is_printed_reads_back(known: PartialDate) -> None:
    assert PartialDate.parse(str(known)) == known


@given(st.from_regex(r"\d{4}(-\d{2}(-\d{2})?)?", fullmatch=True))
def test_what_is_read_prints_as_it_was_written(text: str) -> None:
    try:
        read = PartialDate.parse(text)
    except InputRefused as refused:
        assert refused.code in {"DATE_MALFORMED", "DATE_OUT_OF_RANGE"}  # noqa: PT017  either outcome is right
    else:
        assert str(read) == text


@given(st.text(max_size=12))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        read = PartialDate.parse(text, field="birthDate")
    except InputRefused as refused:
        assert refused.field == "birthDate"  # noqa: PT017  either outcome is right, and each is checked
    else:
        assert str(read) == text


@pytest.mark.parametrize(
    ("text", "precision"), [("1971", "year"), ("1971-05", "month"), ("1971-05-17", "day"), ("2000-02-29", "day")]
)
def test_a_date_knows_how_much_of_it_is_known(text: str, precision: str) -> None:
    assert PartialDate.parse(text).precision == precision


@pytest.mark.parametrize(
    "text",
    [
        "", "71", "197", "19711", "1971-", "1971-5", "1971-13", "1971-00", "1971-05-", "1971-05-1", "1971-05-00",
        "1971-05-32", "1971-02-29", "1900-02-29", "1971-04-31", "05-1971", "17.05.1971", "1971/05/17", "1971-05-17Z",
        " 1971", "1971\n", "-1971", "+1971", "١٩٧١", "\uff11\uff19\uff17\uff11", "1971-05-17T00:00", "197x",
        "1971?", "19XX", "1971~",
    ],
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        PartialDate.parse(text, field="dob")

    assert (caught.value.code, caught.value.field) == ("DATE_MALFORMED", "dob")
    assert caught.value.remedy
    assert not text.strip() or text not in str(caught.value)


@pytest.mark.parametrize("text", ["0000", "0001-01-01", "1849", "1849-12-31", "2200", "9999"])
def test_a_year_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        PartialDate.parse(text)

    assert caught.value.code == "DATE_OUT_OF_RANGE"


def test_dates_stand_in_order_the_vaguer_first() -> None:
    texts = ["1970", "1970-01", "1970-01-01", "1970-01-02", "1970-02", "1971"]

    assert [str(each) for each in sorted(map(PartialDate.parse, reversed(texts)))] == texts


@given(DATES, DATES)
def test_two_dates_are_the_same_or_one_is_before_the_other(one: PartialDate, other: PartialDate) -> None:
    assert [one == other, one < other, one > other].count(True) == 1
