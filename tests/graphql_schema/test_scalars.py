"""Scalars read strictly, print canonically, and what one prints the same one reads."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from graphql import GraphQLError, IntValueNode, StringValueNode
from hypothesis import given, strategies as st

from graphql_schema.scalars import MOST_EXACT, CountryCode, DateTime, LanguageTag, Long, PartialDate
from registry.core.errors import InputRefused
from registry.core.partial_dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate as PartialDateValue
from registry.profiles.kinds import COUNTRIES

DAYS = st.dates(datetime(EARLIEST_YEAR, 1, 1).date(), datetime(LATEST_YEAR, 12, 31).date())  # noqa: DTZ001  days have no offset
PARTIAL_DATES = st.one_of(
    DAYS.map(lambda day: PartialDateValue(day.year)),
    DAYS.map(lambda day: PartialDateValue(day.year, day.month)),
    DAYS.map(lambda day: PartialDateValue(day.year, day.month, day.day)),
)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  the strategy adds it
SCALARS = (PartialDate, DateTime, CountryCode)


@given(PARTIAL_DATES)
def test_a_partial_date_reads_what_it_prints(value: PartialDateValue) -> None:
    assert PartialDate.parse_value(PartialDate.serialize(value)) == value


@given(MOMENTS)
def test_a_moment_reads_what_it_prints(value: datetime) -> None:
    assert DateTime.parse_value(DateTime.serialize(value)) == value


@pytest.mark.parametrize("code", sorted(COUNTRIES))
def test_a_country_reads_what_it_prints(code: str) -> None:
    assert CountryCode.parse_value(CountryCode.serialize(code)) == code


def test_a_moment_is_printed_in_utc_whatever_its_offset() -> None:
    value = datetime(2026, 11, 21, 12, 14, 3, tzinfo=timezone(timedelta(hours=3)))

    assert DateTime.serialize(value) == "2026-11-21T09:14:03Z"


@pytest.mark.parametrize(
    "text", ["2026-11-21T09:14:03Z", "2026-11-21T12:14:03+03:00", "2026-11-21T09:14:03.000000+00:00"]
)
def test_the_same_moment_may_be_written_with_any_offset(text: str) -> None:
    assert DateTime.parse_value(text) == datetime(2026, 11, 21, 9, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["1970-13", "1970-02-30", "70", "1970/05", "1970-5", "19700517", " 1970", "1970 ", "", "1849", "2200", "abcd",
     "1970-05-17T00:00:00Z", "١٩٧٠", 1970, 1970.0, True, None, ["1970"], {"year": 1970}],
)  # fmt: skip
def test_anything_but_a_partial_date_is_refused_with_its_code(value: Any) -> None:
    with pytest.raises(InputRefused) as caught:
        PartialDate.parse_value(value)

    assert caught.value.code in ("DATE_MALFORMED", "DATE_OUT_OF_RANGE")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "value",
    ["2026-11-21", "2026-11-21T09:14:03", "2026-11-21 09:14:03Z", "09:14:03Z", "now", "", "2026-13-01T00:00:00Z",
     "2026-11-21T25:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 0, 1e12, True, None, []],
)  # fmt: skip
def test_anything_but_a_moment_with_its_offset_is_refused_with_its_code(value: Any) -> None:
    with pytest.raises(InputRefused) as caught:
        DateTime.parse_value(value)

    assert caught.value.code == "MOMENT_MALFORMED"


@pytest.mark.parametrize("value", ["ke", "KEN", "XX", "K", "", "254", 254, None, ["KE"], True])
def test_anything_but_a_country_is_refused_with_its_code(value: Any) -> None:
    with pytest.raises(InputRefused) as caught:
        CountryCode.parse_value(value)

    assert caught.value.code == "COUNTRY_UNKNOWN"


@pytest.mark.parametrize(
    ("scalar", "text"), [(PartialDate, "1970-05"), (DateTime, "2026-11-21T09:14:03Z"), (CountryCode, "KE")]
)
def test_a_literal_is_read_like_a_variable_and_only_from_a_string(scalar: Any, text: str) -> None:
    assert scalar.parse_literal(StringValueNode(value=text)) == scalar.parse_value(text)
    with pytest.raises(InputRefused):
        scalar.parse_literal(IntValueNode(value="1970"))


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        (PartialDate, "1970"), (PartialDate, None), (PartialDate, 1970),
        (DateTime, datetime(2026, 11, 21)), (DateTime, "2026-11-21T00:00:00Z"), (DateTime, None),  # noqa: DTZ001  the point
        (CountryCode, 254), (CountryCode, b"KE"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_not_printed(scalar: Any, value: Any) -> None:
    with pytest.raises(GraphQLError, match="cannot represent this value"):
        scalar.serialize(value)


@pytest.mark.parametrize("value", [0, -1, 2**31, MOST_EXACT, -MOST_EXACT])
def test_a_long_reads_what_it_prints(value: int) -> None:
    assert Long.parse_value(Long.serialize(value)) == value
    assert Long.parse_literal(IntValueNode(value=str(value))) == value


@pytest.mark.parametrize("value", [MOST_EXACT + 1, -MOST_EXACT - 1, 1.0, "1", True, None])
def test_a_long_is_a_whole_number_that_json_keeps_exact(value: Any) -> None:
    with pytest.raises(GraphQLError):
        Long.serialize(value)
    with pytest.raises(GraphQLError):
        Long.parse_value(value)


def test_a_long_is_no_text() -> None:
    with pytest.raises(GraphQLError):
        Long.parse_literal(StringValueNode(value="1"))


@pytest.mark.parametrize(
    ("tag", "language"), [("sw", "sw"), ("EN", "en"), ("sw-KE", "sw"), ("zh-Hant-TW", "zh"), ("es-419", "es")]
)  # fmt: skip
def test_of_a_language_tag_the_language_counts(tag: str, language: str) -> None:
    assert LanguageTag.parse_value(tag) == LanguageTag.parse_literal(StringValueNode(value=tag)) == language
    assert LanguageTag.serialize(language) == language


@pytest.mark.parametrize("value", ["", "s", "swahili", "sw_KE", "sw-", "-KE", "sw-KE-", "sw KE", "sw\n", 7, None])
def test_what_is_no_language_tag_is_refused_with_its_code(value: Any) -> None:
    with pytest.raises(InputRefused) as caught:
        LanguageTag.parse_value(value)

    assert caught.value.code == "LANGUAGE_MALFORMED"
    with pytest.raises(GraphQLError):
        LanguageTag.serialize(7)
