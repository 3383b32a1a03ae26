"""Rules that look at several values of a record at once, and the days that a record is given."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.editions import life
from registry.profiles import coherence
from registry.profiles.intake import Problems
from registry.profiles.parts import APPEAL_STATES, WITHDRAWN_APPEALS, Parent
from registry.profiles.record import GROUPS, Record
from tests.factories import EDITION, conviction, read, record
from tests.registry.profiles.strategies import DATES, RECORDS

KNOWN = read(record())
TODAY = date(2026, 11, 21)
ORDER = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}
Broken = list[tuple[str | None, str]]


def broken(value: dict[str, Any]) -> Broken:
    """Return field and code of each rule that a record breaks as a whole."""
    try:
        read(value)
    except Problems as refused:
        return [(each.field, each.code) for each in refused.found]
    return []


# -- dates in order


@pytest.mark.parametrize(
    ("group", "part", "place"),
    [
        ("places", {"kind": "work", "since": "2019-06", "until": "2019-05"}, "places[0].until"),
        ("handles", {"handle": "a", "first_seen": "2020", "last_seen": "2019"}, "handles[0].last_seen"),
        ("phones", {"number": "0712345678", "first_seen": "2020-02", "last_seen": "2020-01"}, "phones[0].last_seen"),
        ("identifiers", {"type": "passport", "value": "AK12", "issued_on": "2020", "expires_on": "2019-12-31"},
         "identifiers[0].expires_on"),
        ("orders", ORDER | {"ends_on": "2024-02-04"}, "orders[0].ends_on"),
        ("restrictions", {"terms": "Stay away", "since": "2025", "ends_on": "2024"}, "restrictions[0].ends_on"),
        ("travels", {"direction": "outbound", "country": "TZ", "departs_on": "2026-02-02", "returns_on": "2026-02-01"},
         "travels[0].returns_on"),
        ("freshness", {"group": "places", "verified_on": "2026-02-02", "verified_by": "A B", "due_on": "2026-02-01"},
         "freshness[0].due_on"),
        ("convictions", conviction(committed_on="2015-03-10"), "convictions[0].convicted_on"),
    ],
)  # fmt: skip
def test_what_ends_does_not_end_before_it_began(group: str, part: dict[str, Any], place: str) -> None:
    assert broken(record(**{group: [part]})) == [(place, "DATE_OUT_OF_ORDER")]


@pytest.mark.parametrize(
    ("since", "until"),
    [("2019", "2019"), ("2019", "2019-01-01"), ("2019-12-31", "2019"), ("2018/2020", "2019"), ("2019", "2018/2019"),
     ("2019", None), (None, "2019")],
)  # fmt: skip
def test_dates_known_in_part_may_be_in_order_where_they_can_be(since: str | None, until: str | None) -> None:
    assert broken(record(places=[{"kind": "work", "since": since, "until": until}])) == []


def test_a_part_that_stands_alone_is_looked_at_too() -> None:
    custody = {"state": "in_custody", "since": "2020", "release_due_on": "2019"}

    assert broken(record(custody=custody)) == [("custody.release_due_on", "DATE_OUT_OF_ORDER")]


def test_nobody_is_convicted_before_birth() -> None:
    value = record(birth_date="1971-05-17", convictions=[conviction(convicted_on="1971")])

    assert ("convictions[0].convicted_on", "DATE_OUT_OF_ORDER") in broken(value)


# -- what has not happened yet


@given(RECORDS, st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_what_is_told_lies_in_the_past_and_only_plans_lie_ahead(known: Record, today: date) -> None:
    for problem in coherence.not_yet(known, today):
        assert problem.code == "DATE_IN_FUTURE"
        assert (problem.field or "").rpartition(".")[2] not in coherence.MAY_LIE_AHEAD
    assert coherence.not_yet(known, date(2300, 1, 1)) == []


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"convictions": [conviction(convicted_on="2027")]}, ["convictions[0].convicted_on"]),
        ({"convictions": [conviction(), conviction(convicted_on="2026-11-22")]}, ["convictions[1].convicted_on"]),
        ({"convictions": [conviction(convicted_on="2026-11-21")]}, []),
        ({"convictions": [conviction(convicted_on="2026-11")]}, []),
        ({"convictions": [conviction(convicted_on="2026")]}, []),
        ({"convictions": [conviction(convicted_on="2026/2027")]}, []),
        ({"orders": [ORDER | {"made_on": "2026-12", "ends_on": "2031"}]}, ["orders[0].made_on"]),
        ({"orders": [ORDER | {"ends_on": "2031"}]}, []),
        ({"travels": [{"direction": "outbound", "country": "TZ", "departs_on": "2027-01", "returns_on": "2027-02",
                       "notified_on": "2026-11-22"}]}, ["travels[0].notified_on"]),
        ({"phones": [{"number": "0712345678", "last_seen": "2026-12"}]}, ["phones[0].last_seen"]),
        ({"places": [{"kind": "work", "since": "2026-12", "until": "2027"}]}, ["places[0].since"]),
        ({"freshness": [{"group": "places", "verified_on": "2026-11-22", "verified_by": "A B",
                         "due_on": "2027-11-22"}]}, ["freshness[0].verified_on"]),
        ({"review_on": "2030-01-01", "expires_on": "2040-01-01"}, []),
        ({"custody": {"state": "in_custody", "since": "2027", "release_due_on": "2030"}}, ["custody.since"]),
    ],
    ids=str,
)  # fmt: skip
def test_today_is_no_future_however_vaguely_it_is_known(changes: dict[str, Any], places: list[str]) -> None:
    found = coherence.not_yet(read(record(**changes)), TODAY)

    assert [each.field for each in found] == places


def test_a_birth_date_lies_in_the_past() -> None:
    found = coherence.not_yet(replace(KNOWN, birth_date=PartialDate(2026, 11, 22)), TODAY)

    assert [each.field for each in found] == ["birth_date"]


# -- the ground of an entry


@pytest.mark.parametrize("appeal", APPEAL_STATES)
def test_a_conviction_that_was_quashed_or_expunged_carries_no_entry(appeal: str) -> None:
    found = broken(record(convictions=[conviction(appeal=appeal)]))

    assert found == ([("convictions", "CONVICTION_WITHDRAWN")] if appeal in WITHDRAWN_APPEALS else [])


def test_one_conviction_that_stands_is_enough() -> None:
    assert broken(record(convictions=[conviction(appeal="quashed"), conviction(case_number="SO 13/2015")])) == []


@pytest.mark.parametrize("missing", [None, []])
def test_whoever_is_registered_as_convicted_was_convicted(missing: object) -> None:
    assert broken(record() | {"convictions": missing}) == [("convictions", "LIST_MALFORMED")]


@pytest.mark.parametrize("category", ["ordered", "juvenile"])
def test_the_other_categories_need_the_order_of_a_court(category: str) -> None:
    without = record(category=category, convictions=None)

    assert broken(without) == [("orders", "ORDER_MISSING")]
    assert broken(without | {"orders": [ORDER]}) == []


def test_every_category_says_what_it_needs() -> None:
    for code, category in EDITION.categories.items():
        bare = record(category=code, convictions=None)
        assert broken(bare) != []
        assert category.needs_conviction or category.needs_order


# -- under age at the offence


@pytest.mark.parametrize(
    ("born", "committed", "convicted", "may_be_minor"),
    [
        ("1998-05-17", "2016-05-17", "2018-01-01", False),  # eighteen on that day
        ("1998-05-17", "2016-05-16", "2018-01-01", True),
        ("1998-05", "2016-05", "2018", True),
        ("1998-05", "2016-06", "2018", False),
        ("1998", "2016", "2018", True),
        ("1998", "2017", "2018", False),
        ("1997/1998", "2016", "2018", True),
        ("1997/1998", "2017", "2018", False),
        ("1998", "2014/2017", "2018", True),
        ("1998", None, "2016", True),  # the conviction is later than the offence, and even then
        ("1998", None, "2017", False),
        (None, "2016", "2018", False),  # nothing is known that speaks of an age
    ],
)
def test_a_person_who_may_have_been_under_age_needs_the_class_of_their_own(
    born: str | None, committed: str | None, convicted: str, may_be_minor: bool
) -> None:
    value = record(birth_date=born, convictions=[conviction(committed_on=committed, convicted_on=convicted)])

    assert broken(value) == ([("convictions[0]", "JUVENILE_CLASS")] if may_be_minor else [])
    assert broken(value | {"category": "juvenile", "orders": [ORDER]}) == []


@given(DATES, DATES)
def test_doubt_about_an_age_counts_for_the_class_of_minors(born: PartialDate, convicted: PartialDate) -> None:
    known = replace(
        KNOWN, birth_date=born, convictions=(replace(KNOWN.convictions[0], convicted_on=convicted),)
    )  # fmt: skip
    codes = {each.code for each in coherence.problems(known, EDITION)}

    assert ("JUVENILE_CLASS" in codes) == life.may_be_minor(EDITION, born, convicted)


def test_each_conviction_is_looked_at() -> None:
    value = record(birth_date="1998", convictions=[conviction(convicted_on="2020"), conviction(convicted_on="2015")])

    assert broken(value) == [("convictions[1]", "JUVENILE_CLASS")]


# -- what a law must ask for, levels, freshness


def test_parents_names_are_refused_where_no_law_asks_for_them() -> None:
    assert EDITION.parents_names is None
    assert broken(record(parents=[{"relation": "mother", "name": "Invented Mother"}])) == [("parents", "PARENTS_NAMES")]


def test_parents_names_are_taken_where_a_law_asks_for_them() -> None:
    elsewhere = replace(EDITION, parents_names="Invented Act, section 1")
    known = replace(KNOWN, parents=(Parent("mother", "Invented Mother"),))

    assert coherence.problems(known, elsewhere) == []


@pytest.mark.parametrize("instrument", sorted(EDITION.risk_instruments))
def test_a_level_is_one_of_its_instrument(instrument: str) -> None:
    told = {"instrument": instrument, "assessed_on": "2026", "assessor": "Invented assessor"}

    for level in EDITION.risk_instruments[instrument].levels:
        assert broken(record(risks=[told | {"level": level}])) == []
    assert broken(record(risks=[told | {"level": "an invented level"}])) == [("risks[0].level", "CODE_UNKNOWN")]


def test_freshness_of_a_group_is_told_once() -> None:
    told = {"group": "places", "verified_on": "2026-01-01", "verified_by": "Invented office"}

    assert broken(record(freshness=[told, told | {"verified_on": "2026-02-01"}, told | {"group": "phones"}])) == [
        ("freshness[1].group", "LIST_MALFORMED")
    ]


# -- review and expiry


@pytest.mark.parametrize(
    ("changes", "expires"),
    [
        ({"tier": "one"}, "2030-03-09"),
        ({"tier": "two"}, "2040-03-09"),
        ({"tier": "three"}, None),
        ({"tier": "three", "category": "ordered", "orders": [ORDER]}, "2029-02-05"),  # the category's own end
        ({"tier": "one", "orders": [ORDER]}, "2039-02-05"),  # from the latest conviction or order
        ({"convictions": [conviction(), conviction(convicted_on="2020-01")]}, "2035-01-31"),
        ({"convictions": [conviction(), conviction(convicted_on="2020", appeal="quashed")]}, "2030-03-09"),
        ({"tier": "one", "expires_on": "2028-01-01"}, "2028-01-01"),
        ({"tier": "three", "expires_on": "2028-01-01"}, "2028-01-01"),
    ],
    ids=str,
)
def test_a_record_without_an_end_gets_the_one_of_its_class(changes: dict[str, Any], expires: str | None) -> None:
    made = coherence.dated(read(record(**changes)), EDITION, TODAY)

    assert (str(made.expires_on) if made.expires_on else None) == expires


@pytest.mark.parametrize(
    ("changes", "review"),
    [
        ({}, "2031-11-21"), ({"tier": "three"}, "2031-11-21"), ({"review_on": "2027-01-01"}, "2027-01-01"),
        ({"category": "ordered", "orders": [ORDER]}, "2027-11-21"),
        ({"category": "juvenile", "orders": [ORDER]}, "2027-11-21"),
    ],
    ids=str,
)  # fmt: skip
def test_every_record_has_a_review_one_for_life_too(changes: dict[str, Any], review: str) -> None:
    assert str(coherence.dated(read(record(**changes)), EDITION, TODAY).review_on) == review


@given(RECORDS, st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_days_that_a_record_names_itself_stay_and_nothing_else_changes(known: Record, today: date) -> None:
    made = coherence.dated(known, EDITION, today)

    assert coherence.dated(made, EDITION, TODAY).review_on == made.review_on
    assert made.review_on is not None
    for name in GROUPS:
        if name not in ("review_on", "expires_on") or getattr(known, name) is not None:
            assert getattr(made, name) == getattr(known, name)
