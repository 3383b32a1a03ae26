"""What differs between two states of a record: nothing is passed over, and nothing invented."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given

from registry.core.partial_dates import PartialDate
from registry.profiles.differences import Difference, changed, differences, text
from registry.profiles.parts import Custody, Handling, Phone
from registry.profiles.record import GROUPS, Record
from tests.factories import conviction, read, record
from tests.registry.profiles.strategies import CHANGES, RECORDS

KNOWN = read(record())


def as_sets(known: Record) -> dict[str, object]:
    """Return a record without what says nothing: the order of its lists."""
    values = {name: getattr(known, name) for name in GROUPS}
    return {name: frozenset(value) if GROUPS[name].many else value for name, value in values.items()}


@given(CHANGES)
def test_two_states_without_a_difference_are_equal(change: tuple[Record, Record]) -> None:
    before, after = change

    assert (differences(before, after) == ()) == (as_sets(before) == as_sets(after))
    assert set(changed(before, after)) == {
        name for name in GROUPS if as_sets(before)[name] != as_sets(after)[name]
    }  # fmt: skip


@given(CHANGES)
def test_there_and_back_is_the_same_the_other_way_round(change: tuple[Record, Record]) -> None:
    before, after = change

    there = Counter((each.path, each.before, each.after) for each in differences(before, after))
    back = Counter((each.path, each.after, each.before) for each in differences(after, before))

    assert there == back


@given(CHANGES)
def test_whoever_has_the_one_and_the_differences_has_the_other(change: tuple[Record, Record]) -> None:
    """Of each list, what is gone taken out and what is new put in is what stands there now."""
    before, after = change
    found = differences(before, after)

    for name, group in GROUPS.items():
        if not group.many:
            continue
        held = Counter(text(each) for each in getattr(before, name))
        held.subtract(each.before for each in found if each.path == name and each.before is not None)
        held.update(each.after for each in found if each.path == name and each.after is not None)
        assert +held == Counter(text(each) for each in getattr(after, name))


@given(CHANGES)
def test_a_group_that_does_not_differ_is_not_told(change: tuple[Record, Record]) -> None:
    before, after = change

    for each in differences(before, after):
        assert each.path == each.group or each.path.startswith(f"{each.group}.")
        assert each.before != each.after
        assert getattr(before, each.group) != getattr(after, each.group)


@given(RECORDS)
def test_a_new_record_differs_from_nothing_by_all_that_it_holds(known: Record) -> None:
    found = differences(None, known)

    assert {each.group for each in found} == {
        name for name, group in GROUPS.items() if getattr(known, name) != group.default
    }
    assert differences(known, known) == differences(None, None) == ()
    assert changed(known, None) == changed(None, known)


def test_the_order_of_a_list_says_nothing() -> None:
    value = read(record(phones=["0712345678", "0733000000"]))

    assert differences(value, replace(value, phones=value.phones[::-1])) == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sex": "female"}, [Difference("sex", "sex", "male", "female")]),
        ({"birth_date": PartialDate(1971, 5)}, [Difference("birth_date", "birth_date", "1971-05-17", "1971-05")]),
        ({"birth_date": None}, [Difference("birth_date", "birth_date", "1971-05-17", None)]),
        ({"county": None}, [Difference("county", "county", "Kwale", None)]),
        ({"nationalities": ("KE", "TZ")}, [Difference("nationalities", "nationalities", None, "TZ")]),
        ({"phones": (Phone("+254712345678", verified=True),)},
         [Difference("phones", "phones", '{"number":"+254712345678"}', None),
          Difference("phones", "phones", None, '{"number":"+254712345678","verified":true}')]),
        ({"custody": Custody("at_liberty")},
         [Difference("custody", "custody", None, '{"state":"at_liberty"}')]),
        ({"handling": Handling(releasable_to=("TZ", "UG"), onward="H2")},
         [Difference("handling", "handling.releasable_to", None, '["TZ","UG"]'),
          Difference("handling", "handling.onward", None, "H2")]),
        ({"sex": "other", "emails": ()},
         [Difference("sex", "sex", "male", "other"),
          Difference("emails", "emails", '{"address":"juma@mail.example"}', None)]),
    ],
)  # fmt: skip
def test_a_difference_reads_like_this(changes: dict[str, object], expected: list[Difference]) -> None:
    assert list(differences(KNOWN, replace(KNOWN, **changes))) == expected  # type: ignore[arg-type]  # any group


def test_of_one_part_only_the_member_that_differs_is_told() -> None:
    before = replace(KNOWN, custody=Custody("in_custody", "An invented prison"))
    after = replace(KNOWN, custody=Custody("on_parole", "An invented prison", since=PartialDate(2026)))

    assert list(differences(before, after)) == [
        Difference("custody", "custody.state", "in_custody", "on_parole"),
        Difference("custody", "custody.since", None, "2026"),
    ]


def test_differences_stand_in_the_order_of_the_groups() -> None:
    after = read(record(convictions=[conviction(sentence="Twelve years")], sex="other", names=[{"full": "A B"}]))

    assert changed(KNOWN, after) == ("names", "sex", "convictions")
