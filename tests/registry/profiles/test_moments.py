"""What was true when: the parts of a record that held on a day."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.profiles.moments import BEGINS, ENDS, held_on, true_on
from registry.profiles.parts import (
    Conviction,
    Custody,
    Description,
    Identifier,
    Name,
    Order,
    Phone,
    Photograph,
    Place,
    Restriction,
    Risk,
    Source,
    Travel,
    Warrant,
)
from registry.profiles.record import GROUPS, Record
from tests.registry.profiles.strategies import DAYS, RECORDS, group_values

DAY = date(2019, 6, 1)
MAY, JUNE, JULY = PartialDate(2019, 5, 31), PartialDate(2019, 6, 1), PartialDate(2019, 6, 2)
CASES: list[tuple[Any, bool]] = [
    (Place("residence"), True),
    (Place("residence", since=MAY), True),
    (Place("residence", since=JUNE), True),
    (Place("residence", since=JULY), False),
    (Place("residence", since=PartialDate(2019)), True),
    (Place("residence", since=PartialDate(2019, 6)), True),
    (Place("residence", since=PartialDate(2019, 7)), False),
    (Place("residence", until=MAY), False),
    (Place("residence", until=JUNE), True),
    (Place("residence", until=PartialDate(2019)), True),
    (Place("residence", until=PartialDate(2018)), False),
    (Place("residence", since=PartialDate(2017), until=PartialDate(2019, 5)), False),
    (Place("residence", since=PartialDate(2018, until=PartialDate(2020))), True),
    (Name("A B", since=JULY), False),
    (Name("A B", until=MAY), False),
    (Phone("+254712345678", first_seen=JULY), False),
    (Phone("+254712345678", last_seen=MAY), True),  # nobody looked since
    (Identifier("passport", "A 12", issued_on=MAY, expires_on=MAY), False),
    (Identifier("passport", "A 12", issued_on=MAY, expires_on=JUNE), True),
    (Travel("outbound", "TZ", MAY, JULY), True),
    (Travel("outbound", "TZ", JULY), False),
    (Travel("outbound", "TZ", MAY, MAY), False),
    (Description(JULY), False),
    (Photograph("an id", MAY), True),
    (Conviction("KE-SOA-3", "A court", "1", JULY, "A year"), False),
    (Conviction("KE-SOA-3", "A court", "1", MAY, "A year"), True),
    (Order("supervision", "A court", "1", MAY, MAY), False),
    (Order("supervision", "A court", "1", MAY), True),
    (Restriction("Stay away", ends_on=MAY), False),
    (Warrant("A court", "1", JULY), False),
    (Custody("in_custody", since=JULY), False),
    (Risk("static_99r", "I", JULY, "Somebody"), False),
    (Source("judgment", "1"), True),
]


@pytest.mark.parametrize(
    ("part", "held"), CASES, ids=[f"{number}-{type(each).__name__}" for number, (each, _) in enumerate(CASES)]
)
def test_a_part_held_from_its_beginning_to_its_end(part: Any, held: bool) -> None:
    assert held_on(part, DAY) is held


def test_every_part_with_dates_has_its_beginning_among_those_known() -> None:
    """A member that says since when, and isn't listed, would make a part hold always."""
    speak_of_something_else = {"notified_on", "dated_on", "last_seen", "due_on", "release_due_on", "committed_on"}
    for group in GROUPS.values():
        names = {each.name for each in fields(group.part)} if group.part else set()
        dated = {name for name in names if name.endswith(("_on", "_seen")) or name in ("since", "until")}

        assert dated - speak_of_something_else <= {*BEGINS, *ENDS}, group.name
        assert len(dated & set(BEGINS)) <= 1, group.name
        assert len(dated & set(ENDS)) <= 1, group.name


@given(RECORDS, DAYS)
def test_what_held_on_a_day_is_some_of_the_record_in_its_order(known: Record, day: date) -> None:
    values = {name: getattr(known, name) for name in GROUPS}

    kept = true_on(values, day)

    assert kept.keys() == values.keys()
    for name, group in GROUPS.items():
        if group.part is None:
            assert kept[name] == values[name]
        elif group.many:
            assert kept[name] == tuple(each for each in values[name] if held_on(each, day))
        else:
            assert kept[name] == (values[name] if values[name] and held_on(values[name], day) else None)
    assert true_on(kept, day) == kept


@given(group_values("places"), DAYS, DAYS)
def test_a_place_holds_on_every_day_between_two_on_which_it_held(
    places: tuple[Place, ...], one: date, two: date
) -> None:
    first, last = sorted((one, two))
    between = first + (last - first) / 2

    for each in places:
        if held_on(each, first) and held_on(each, last):
            assert held_on(each, between)


@given(st.dates(date(1950, 1, 1), date(2026, 1, 1)))
def test_without_dates_a_part_held_always(day: date) -> None:
    assert held_on(Place("residence"), day)
    assert held_on(Phone("+254712345678", last_seen=PartialDate(1950)), day + timedelta(days=1))


def test_only_groups_that_were_read_are_returned() -> None:
    assert true_on({"sex": "male", "custody": None}, DAY) == {"sex": "male", "custody": None}
    assert true_on({"custody": Custody("in_custody", since=JULY)}, DAY) == {"custody": None}
