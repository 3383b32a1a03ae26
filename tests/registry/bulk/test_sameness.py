"""Rows that look like one person are found, and nothing of them can be read in what is kept."""

from array import array
from typing import Any

from hypothesis import given, strategies as st

from registry.bulk import digests
from registry.bulk.digests import Of
from registry.bulk.sameness import BEFORE, Sameness
from registry.profiles import rows
from tests import factories
from tests.factories import SEALER

KEY = b"k" * 32


def of(**changes: Any) -> set[int]:
    return set(digests.of_person(factories.read(factories.record(**changes)), KEY))


def test_numbers_phones_and_names_with_whole_birth_dates_make_rows_alike() -> None:
    other = factories.named("Somebody Else")
    alike: dict[Of, dict[str, Any]] = {
        Of.IDENTIFIER: {"identifiers": [{"type": "national_id", "value": "inv 1234567", "country": "KE"}]},
        Of.PHONE: {"phones": ["0712 345 678"]},
        Of.PERSON: {"names": [{"full": "mwakio  JUMA Hamisi"}], "birth_date": "1971-05-17"},
    }

    for kind, changes in alike.items():
        shared = of() & set(digests.of_person(factories.read(other | changes), KEY))
        assert {Of(each & 0b11) for each in shared} == {kind}


def test_a_name_with_a_birth_date_known_in_part_makes_nobody_alike() -> None:
    assert not of(birth_date="1971-05", identifiers=None, phones=None)


def test_digests_say_nothing_under_another_key() -> None:
    record = factories.read(factories.record())

    assert set(digests.of_person(record, KEY)).isdisjoint(digests.of_person(record, b"other" * 6))


def test_a_row_is_known_again_by_what_it_says() -> None:
    one, two = (rows.shown(factories.read(factories.record(sex=sex))) for sex in ("male", "female"))

    assert digests.of_row(one, SEALER.blind) == digests.of_row(dict(one), SEALER.blind)
    assert digests.of_row(one, SEALER.blind) != digests.of_row(two, SEALER.blind)
    assert digests.of_row(one, SEALER.blind) & 0b11 == Of.ROW


def test_what_is_kept_is_read_back() -> None:
    kept = array("Q", [0, 1, 2**64 - 1])

    assert digests.revived(digests.stored(kept)) == kept


def test_the_first_row_stands_and_the_later_ones_are_told_of_it() -> None:
    seen = Sameness()
    for digest, row in ((4 | Of.PHONE, 3), (8 | Of.PHONE, 3), (4 | Of.PHONE, 7), (4 | Of.PHONE, 9), (8, 9), (8, 10)):
        seen.add(digest, row)

    assert seen.doubles() == {7: (Of.PHONE, 3), 9: (Of.PHONE, 3), 10: (Of.ROW, 9)}


def test_a_row_that_an_import_before_has_entered_is_told_so() -> None:
    seen = Sameness()
    for digest, row in ((4, BEFORE), (4, BEFORE), (4, 0), (4, 5)):
        seen.add(digest, row)

    assert seen.doubles() == {0: (Of.ROW, BEFORE), 5: (Of.ROW, BEFORE)}


def test_a_row_is_no_double_of_itself() -> None:
    seen = Sameness()
    seen.add(4, 1)
    seen.add(4, 1)

    assert seen.doubles() == {}


@given(st.lists(st.tuples(st.integers(0, 2**64 - 1) | st.sampled_from([5, 9, 2**63]), st.integers(0, 20)), max_size=40))
def test_doubles_are_those_that_a_plain_search_finds(given_rows: list[tuple[int, int]]) -> None:
    seen = Sameness()
    in_order = sorted(given_rows, key=lambda each: each[1])
    for digest, row in in_order:
        seen.add(digest, row)

    expected = {
        row for digest, row in in_order if any(other == digest and earlier < row for other, earlier in in_order)
    }
    assert set(seen.doubles()) == expected
