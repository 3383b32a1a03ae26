"""What search needs of a record."""

from hypothesis import given, strategies as st

from registry.matching import types
from registry.profiles.indexing import identity, indexed, packed, unpacked
from registry.profiles.parts import Record
from tests.factories import EDITION, named, read, record
from tests.registry.profiles.strategies import RECORDS

NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1))


@given(NUMBERS)
def test_packed_numbers_are_unpacked_as_they_were(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers
    assert len(packed(numbers)) == 8 * len(numbers)


@given(RECORDS)
def test_every_record_has_keys_that_a_database_takes_in_order_and_once(known: Record) -> None:
    found = indexed(known, EDITION)

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


def test_the_same_record_has_the_same_keys() -> None:
    assert indexed(read(record()), EDITION) == indexed(read(record()), EDITION)
