"""The line stored beside a profile."""

import orjson
from hypothesis import given

from registry.core.partial_dates import PartialDate
from registry.matching.record import describe, read, write
from registry.matching.types import Handle, Identifier, Identity
from tests.registry.matching.strategies import identities
from tests.registry.matching.tokens import BLIND, compact, held


@given(identities())
def test_reading_is_the_inverse_of_writing(identity: Identity) -> None:
    line = compact(identity)

    assert read(line) == held(identity)
    assert write(read(line)) == line


def test_the_line_is_short_json() -> None:
    identity = Identity(("Wanjik\u0169 Kamau",), PartialDate(1984), "female", ("KE",), "Kiambu County")

    line = compact(identity)

    assert orjson.loads(line)[1:5] == [[1984, 0, 0], "female", ["KE"], "kiambu"]
    assert len(line) < 150


def test_values_are_kept_once_and_in_order() -> None:
    identity = Identity(
        names=("Peter Kamau", "PETER KAMAU"),
        identifiers=(Identifier("passport", "b1"), Identifier("passport", "A1"), Identifier("passport", "a-1")),
        phones=("0712345678", "+254712345678"),
        handles=(Handle("X", "@King"), Handle("x", "king"), Handle(None, "a")),
    )

    record, clear = (described := describe(identity, blind=BLIND)).record, described.clear

    assert len(record.names) == 1
    assert [token for _, token, _, _ in record.identifiers] == sorted(record.numbers)
    assert {clear[number] for number in record.numbers} == {"A1", "B1"}
    assert record.phones == (BLIND("phone", "+254712345678"),)
    assert record.handles == (("x", BLIND("handle", "king"), ""),)


def test_a_number_is_kept_as_tokens() -> None:
    identity = Identity(identifiers=(Identifier("passport", "AK583-4823", "ke"),))

    [(kind, number, country, near)] = held(identity).identifiers

    assert (kind, number, country) == ("passport", BLIND("document", "AK5834823"), "KE")
    assert BLIND("document-near", "AK*834823")[:6] in near.split()


def test_one_number_under_two_kinds_is_one_number() -> None:
    identity = Identity(identifiers=(Identifier("passport", "A1"), Identifier("alien_id", "a-1")))

    assert held(identity).numbers == (BLIND("document", "A1"),)


def test_broken_characters_are_left_out() -> None:
    broken = "\ud800x"
    identity = Identity((broken,), county=broken, identifiers=(Identifier(broken, broken),), emails=(f"a@{broken}",))

    assert read(compact(identity)) == held(identity)
