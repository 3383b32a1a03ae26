"""The filter's text: what is written is read again, and every mistake says where, why and what instead."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import InputRefused
from registry.core.ids import public_id
from registry.oversight import filters
from registry.oversight.filters import FIELDS, LogFilter, Term, Word, read, written
from tests.factories import EDITION

PRINTABLE = st.text(min_size=1, max_size=20).filter(str.isprintable)
VALUES = {
    "profile": st.uuids(), "officer": st.uuids(),
    "purpose": st.sampled_from(["oversight", "missing_child"]), "outcome": st.sampled_from(["denied", "allowed"]),
    "code": st.from_regex(r"\A[A-Z][A-Z0-9_]{0,8}\Z"), "kind": st.from_regex(r"\A[a-z_]{1,8}\Z"),
    "country": st.from_regex(r"\A[A-Z]{2}\Z"),
}  # fmt: skip
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  given below


@st.composite
def chosen(draw: st.DrawFn) -> LogFilter:
    terms = []
    for field in FIELDS:
        for is_not in (False, True):
            if draw(st.integers(0, 3)) == 0:
                values = draw(st.lists(VALUES.get(field.name, PRINTABLE), min_size=1, max_size=3, unique=True))
                terms.append(Term(field.name, tuple(values), is_not))
    since, until = draw(st.sampled_from([(False, False), (True, False), (False, True), (True, True)]))
    times = sorted(draw(st.lists(MOMENTS, min_size=2, max_size=2, unique=True)))
    words = draw(st.lists(st.builds(Word, PRINTABLE, st.booleans()), max_size=3))
    return LogFilter(tuple(terms), times[0] if since else None, times[1] if until else None, tuple(words))


@given(chosen())
def test_what_is_written_is_read_again(filter_: LogFilter) -> None:
    assert read(written(filter_), EDITION) == filter_


@given(st.text(max_size=60))
def test_whatever_is_written_it_is_refused_in_its_place_or_means_what_it_is_printed_as(text: str) -> None:
    refused = None
    try:
        found = read(text, EDITION)
    except InputRefused as refusal:
        refused = refusal

    if refused is None:
        assert read(written(found), EDITION) == found
    else:
        assert refused.code == "FILTER_MALFORMED"
        assert refused.remedy
        assert str(refused.field).startswith("query, character ")


OFFICER = public_id("officer", UUID(int=7))


def test_a_filter_says_who_what_when_and_in_which_words() -> None:
    text = f'case:"CR 12/2026" officer:{OFFICER} -outcome:allowed,partial action:search "night shift" -Juma'

    found = read(text, EDITION)

    assert found == LogFilter(
        (Term("case", ("CR 12/2026",)), Term("officer", (UUID(int=7),)), Term("outcome", ("allowed", "partial"), True),
         Term("action", ("search",))),
        words=(Word("night shift"), Word("Juma", True)),
    )  # fmt: skip
    assert written(found) == text
    assert found.to_json()["words"] == 2
    assert "Juma" not in str(found.to_json())
    assert found.spoken == '"night shift" -Juma'


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("since:2026-11-01", "2026-10-31T21:00:00", None),  # a day of Nairobi begins at nine in the evening, UTC
        ("until:2026-11-21", None, "2026-11-21T21:00:00"),  # and counts whole
        ("since:2026-11-21 until:2026-11-21", "2026-11-20T21:00:00", "2026-11-21T21:00:00"),
        ("until:2026-11-21T09:00Z", None, "2026-11-21T09:00:00"),
        ("until:2026-11-21T09:00", None, "2026-11-21T06:00:00"),
        ("since:2026-11-21T09:00:00.5-02:00", "2026-11-21T11:00:00.5", None),
    ],
)
def test_days_and_hours_are_the_editions_unless_they_say_otherwise(
    text: str, since: str | None, until: str | None
) -> None:
    found = read(text, EDITION)

    assert (found.since, found.until) == tuple(
        each and datetime.fromisoformat(each.ljust(26, "0") if "." in each else each).replace(tzinfo=UTC)
        for each in (since, until)
    )


@pytest.mark.parametrize(
    ("text", "character", "rule"),
    [
        ("colour:red", 1, "is no name"),
        ("outcome:allowed outcome:denied", 17, "once more"),
        ("outcome:", 9, "has nothing here"),
        ("outcome:good", 9, "is none of allowed, partial"),
        ("purpose:oversight,love", 19, "is none of"),
        ("code:forbidden", 6, "is not a code"),
        ("officer:DEMO-4001", 9, "is no officer's id"),
        (f"profile:{OFFICER}", 9, "is no profile's id"),
        ('case:"CR 12', 6, "never ends"),
        ('case:"CR"x', 10, "no space before"),
        ("9:00", 2, "no space before"),
        ("--limit", 2, "has nothing here"),
        ("since:yesterday", 7, "neither a day nor a moment"),
        ("since:2026-02-30", 7, "neither a day nor a moment"),
        ("until:9999-12-31", 7, "neither a day nor a moment"),
        ("-since:2026-01-01", 1, "or not"),
        ("since:2026-11-21 until:2026-11-20", 1, "ends before it begins"),
        ("agency:a,b,c,d,e,f,g,h,i,j,k", 28, "one more than 10"),
        ("agency:a,a", 10, "is said twice"),
        (" ".join("abcdefghijk"), 21, "one word more"),
    ],
)
def test_a_mistake_is_told_with_its_place_its_rule_and_a_remedy(text: str, character: int, rule: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read(text, EDITION)

    assert caught.value.field == f"query, character {character}"
    assert rule in caught.value.message
    assert caught.value.remedy
    assert "DEMO" not in str(caught.value)


def test_a_filter_is_no_book() -> None:
    with pytest.raises(InputRefused, match="longer than"):
        read("x" * (filters.MOST_CHARACTERS + 1), EDITION)


def test_two_filters_are_one_unless_they_say_the_same_in_two_ways() -> None:
    one = LogFilter.where(outcome="denied", until=datetime(2026, 1, 1, tzinfo=UTC))

    assert written(one.narrowed(read("agency:demo-dci x", EDITION))) == (
        "agency:demo-dci outcome:denied until:2026-01-01T00:00:00Z x"
    )
    for text in ("outcome:failed", "until:2026-01-01"):
        with pytest.raises(InputRefused, match="two ways"):
            one.narrowed(read(text, EDITION))
    with pytest.raises(TypeError, match="colour"):
        LogFilter.where(colour="red")
