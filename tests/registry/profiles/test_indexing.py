"""What search needs of a record."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.matching import types
from registry.profiles.indexing import NOTHING, identity, indexed, packed, unpacked
from registry.profiles.record import Record
from tests.factories import EDITION, SEALER, named, read, record
from tests.registry.profiles.strategies import RECORDS

NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1))


@given(NUMBERS)
def test_packed_numbers_are_unpacked_as_they_were(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers
    assert len(packed(numbers)) == 8 * len(numbers)


@given(RECORDS)
def test_every_record_has_keys_that_a_database_takes_in_order_and_once(known: Record) -> None:
    found = indexed(known, EDITION, SEALER.blind)

    for numbers in (found.keys, found.tokens):
        assert list(numbers) == sorted(set(numbers))
        assert all(-(2**63) <= each < 2**63 for each in numbers)
    assert "\x00" not in found.record


def test_the_matcher_sees_every_part_by_which_a_person_is_found() -> None:
    assert identity(read(record())) == types.Identity(
        names=("Juma Hamisi Mwakio", "Mwalimu Jay"),
        birth_date=read(record()).birth_date,
        sex="male",
        nationalities=("KE",),
        county="Kwale",
        identifiers=(types.Identifier("national_id", "INV1234567", "KE"),),
        phones=("+254712345678",),
        emails=("juma@mail.example",),
        handles=(types.Handle("invented", "mwakio_71"),),
    )


def test_an_unknown_sex_is_not_compared() -> None:
    assert identity(read(named("A B", sex="unknown"))).sex is None


@pytest.mark.parametrize(
    ("born", "seen"),
    [
        ("1971", PartialDate(1971)), ("1971-05", PartialDate(1971, 5)), ("1971-05-17", PartialDate(1971, 5, 17)),
        ("1970/1972", PartialDate(1971)), ("1971-02/1971-08", PartialDate(1971)), ("1971/1972", PartialDate(1971)),
        ("1969/1972", None), ("1900/1980", None), (None, None),
    ],
)  # fmt: skip
def test_of_a_range_of_birth_dates_the_middle_year_is_compared_and_of_a_wide_one_nothing(
    born: str | None, seen: PartialDate | None
) -> None:
    assert identity(read(named("A B", birth_date=born, convictions=record()["convictions"]))).birth_date == seen


def test_the_same_record_has_the_same_keys() -> None:
    assert indexed(read(record()), EDITION, SEALER.blind) == indexed(read(record()), EDITION, SEALER.blind)


@pytest.mark.parametrize("group", ["identifiers", "phones", "emails", "handles"])
def test_what_is_sealed_stands_in_the_index_as_blind_tokens_only(group: str) -> None:
    known = read(record())
    secrets: dict[str, Any] = {
        "identifiers": "INV1234567", "phones": "712345678", "emails": "juma@mail", "handles": "mwakio_71",
    }  # fmt: skip

    found = indexed(known, EDITION, SEALER.blind)

    assert secrets[group].casefold() not in found.record.casefold()
    assert indexed(known, EDITION, lambda kind, value: f"{kind}{value}"[::-1]) != found


def test_nothing_is_written_beside_a_record_that_no_search_may_find() -> None:
    assert (NOTHING.keys, NOTHING.tokens, NOTHING.record) == ((), (), "")
