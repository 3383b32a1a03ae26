"""A leaf commits to each field of an entry by itself: any of them can be shown, none changed, none guessed.

``commitments.json`` (version 1) and ``commitments2.json`` were written by another program, from the words of
registry/audit/commitments.py and the libraries hashlib and rfc8785 alone. They are never written again: what a version
says of an entry holds for ever.
"""

import json
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import shake_256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
import rfc8785
from hypothesis import given, settings, strategies as st

from registry.audit import commitments
from registry.audit.commitments import Opening, Uncommitted, canonical, commitment, is_of, leaf, opened
from registry.audit.events import Entry, Event, Outcome
from registry.audit.forms import FORMS, VERSION
from registry.audit.models import entries
from registry.audit.spelling import committed

VECTORS = [
    (v, vector)
    for v, file in ((1, "commitments.json"), (2, "commitments2.json"))
    for vector in json.loads((Path(__file__).parent / file).read_text())
]
NAMES = FORMS[VERSION].names
Row = dict[str, Any]  # Any: a column's value

# -- what may stand in an entry

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ABSENT_OR_TEXT = st.none() | TEXTS
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.fixed_dictionaries({
    "name": TEXTS, "records": st.lists(st.uuids().map(str), max_size=2),
    "details": st.dictionaries(TEXTS, JSON, max_size=3),
})  # fmt: skip
BODIES = st.fixed_dictionaries(
    {
        "fields": st.lists(TEXTS, max_size=3), "microseconds": st.integers(0, 10**9),
        "events": st.lists(EVENTS, max_size=2),
    },
    optional={"cost": st.integers(0, 10**6)},
)  # fmt: skip
ROWS = st.fixed_dictionaries({
    "at": st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    **dict.fromkeys(("kind", "operation", "outcome", "request_id"), TEXTS),
    **dict.fromkeys((
        "code", "client", "agency", "officer_reference", "purpose", "case_reference", "legal_basis", "token_id",
        "source", "document", "country", "on_behalf_of", "attribution", "justification", "policy", "program",
    ), ABSENT_OR_TEXT),
    "officer": st.none() | st.uuids(), "body": BODIES, "salt": st.binary(min_size=32, max_size=32),
    "v": st.just(VERSION),
})  # fmt: skip
SUBSETS = st.sets(st.sampled_from(NAMES))


def row_of(v: int, vector: Any) -> Row:
    row: Row = vector["row"]
    officer = row["officer"] and UUID(row["officer"])
    at = datetime.fromisoformat(row["at"])
    return row | {"at": at, "officer": officer, "salt": bytes.fromhex(vector["salt"]), "v": v}


def one_row() -> Row:
    return row_of(*VECTORS[-1])


# -- as it was written down


@pytest.mark.parametrize(
    ("v", "vector"), VECTORS, ids=[f"{v}-{each['title'].replace(' ', '-')}" for v, each in VECTORS]
)
def test_a_commitment_is_what_another_program_came_to(v: int, vector: Any) -> None:
    row = row_of(v, vector)

    shown = opened(row, FORMS[v].names).shown
    closed = opened(row, ()).closed

    assert {
        name: {"jcs": canonical(each.value).decode(), "salt": each.salt.hex(), "digest": closed[name].hex()}
        for name, each in shown.items()
    } == vector["fields"]
    assert tuple(vector["fields"]) == FORMS[v].names
    assert commitment(row, row["salt"]).hex() == vector["commitment"]
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=vector["milliseconds"])
    assert leaf(moment, commitment(row, row["salt"]), v).decode() == vector["leaf"]


def test_every_column_is_committed_to_but_its_place_its_salt_and_its_version() -> None:
    columns = {column.name for column in entries.c} - {"index", "salt", "v", "body", "kept"}
    members = {"fields", "microseconds", "cost", "events", "records", "details"}

    assert columns | members == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@given(JSON)
def test_a_value_is_spelt_as_the_library_of_rfc_8785_spells_it(value: Any) -> None:
    try:
        expected = rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        expected = canonical(orjson.loads(canonical(value)))  # what is read again is spelt the same way

    assert canonical(value) == expected


@pytest.mark.parametrize(("value", "spelt"), [
    (2**53 - 1, "9007199254740991"), (2**53, "9007199254740992"), (2.0**53, "9007199254740992"),
    ([{"a": -(2**53) - 1}, True], '[{"a":"-9007199254740993"},true]'), (2**63, '"9223372036854775808"'),
    (2.0**63, "9223372036854776000"), (9223372036854776000, "9223372036854776000"),
    (1.0, "1"), ([1e16, 1e-7, -0.0], "[10000000000000000,1e-7,0]"),
    ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
    ({"b": None, "a": "1.5"}, '{"a":"1.5","b":null}'), ("\u20ac\x00\x7f", '"\u20ac\\u0000\x7f"'), (None, "null"),
])  # fmt: skip
def test_a_number_that_not_everybody_reads_is_a_text_and_all_else_as_rfc_8785_has_it(value: Any, spelt: str) -> None:
    assert canonical(value).decode() == spelt


@given(ROWS)
@settings(max_examples=30)
def test_what_is_read_again_hashes_to_what_was_written(row: Row) -> None:
    again = row | {"body": orjson.loads(orjson.dumps(row["body"]))}

    assert commitment(again, row["salt"]) == commitment(row, row["salt"])


@given(ROWS)
def test_an_entry_is_spelt_as_it_is_read_again(row: Row) -> None:
    """The writer commits to the bytes that it writes; whoever reads them again comes to the same."""
    body = row["body"]
    events = tuple(Event(each["name"], tuple(map(UUID, each["records"])), each["details"]) for each in body["events"])
    said = {name: row[name] for name in row.keys() - {"body", "salt", "v", "outcome"}}
    entry = Entry(
        **said, outcome=Outcome.PARTIAL, fields=tuple(body["fields"]), microseconds=body["microseconds"],
        cost=body.get("cost"), events=events,
    )  # fmt: skip

    ready = committed(entry)
    denied = ready.refused("PROOF_REPLAYED")

    for each in (ready, denied):
        kept = dict(zip(entries.c.keys()[1:], each.columns, strict=True))
        assert commitment(kept | {"body": orjson.loads(each.body)}, each.salt) == each.commitment
    assert denied.entry == replace(entry, outcome=Outcome.DENIED, code="PROOF_REPLAYED")


class DriversId(UUID):
    """As PostgreSQL's driver hands ids over."""


def test_ids_of_a_kind_of_their_own_are_spelt_as_they_are_read_again() -> None:
    one = DriversId(int=7)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    ready = committed(Entry(at, "k", "o", Outcome.ALLOWED, "r", officer=one, events=(Event("e", (one, one)),)))
    kept = dict(zip(entries.c.keys()[1:], ready.columns, strict=True)) | {"body": orjson.loads(ready.body)}

    assert commitment(kept, ready.salt) == ready.commitment


@pytest.mark.parametrize("details", [
    {"at": datetime(2026, 1, 1, tzinfo=UTC), "of": UUID(int=7), "how": Outcome.ALLOWED, "t": (1, 2.5)},
    {"b": Opening(2, {}, {}), "a": {"z": 1, "y": 2**60}}, OrderedDict({"b": 1.0, "a": "\U0001f600"}),
], ids=["values", "dataclass", "ordered"])  # fmt: skip
def test_details_that_are_no_plain_json_are_spelt_as_they_are_read_again(details: dict[str, Any]) -> None:
    ready = committed(
        Entry(datetime(2026, 11, 22, tzinfo=UTC), "k", "o", Outcome.ALLOWED, "r", events=(Event("e", (), details),))
    )
    kept = dict(zip(entries.c.keys()[1:], ready.columns, strict=True)) | {"body": orjson.loads(ready.body)}

    assert commitment(kept, ready.salt) == ready.commitment


@given(st.binary(min_size=32, max_size=32), st.sampled_from(NAMES))
def test_the_salt_of_a_field_is_its_place_of_one_long_digest(salt: bytes, name: str) -> None:
    every = shake_256(b"roa2" + salt).digest(16 * 28)
    at = 16 * NAMES.index(name)

    assert opened(one_row() | {"salt": salt}, [name]).shown[name].salt == every[at : at + 16]


# -- opened


@given(ROWS, SUBSETS)
def test_any_fields_can_be_opened_and_hold(row: Row, names: set[str]) -> None:
    opening = opened(row, names)

    assert is_of(opening, commitment(row, row["salt"]))
    assert set(opening.shown) == names
    assert is_of(Opening.read(str(opening)), commitment(row, row["salt"]))


@given(ROWS, st.sampled_from(NAMES), JSON)
def test_a_field_that_is_shown_with_another_value_does_not_hold(row: Row, name: str, value: Any) -> None:
    opening = opened(row, [name])
    other = value if canonical(value) != canonical(opening.shown[name].value) else [value]

    changed = replace(opening, shown={name: replace(opening.shown[name], value=other)})

    assert not is_of(changed, commitment(row, row["salt"]))


@given(ROWS, SUBSETS, st.sampled_from(NAMES), st.integers(0, 127))
def test_an_opening_with_one_bit_changed_in_a_salt_or_digest_does_not_hold(
    row: Row, names: set[str], name: str, bit: int
) -> None:
    opening = opened(row, names)
    if name in names:
        salted = replace(opening.shown[name], salt=flipped(opening.shown[name].salt, bit))
        changed = replace(opening, shown={**opening.shown, name: salted})
    else:
        changed = replace(opening, closed={**opening.closed, name: flipped(opening.closed[name], bit)})

    assert not is_of(changed, commitment(row, row["salt"]))


def flipped(content: bytes, bit: int) -> bytes:
    return bytes(each ^ (1 << bit % 8 if place == bit // 8 else 0) for place, each in enumerate(content))


@given(ROWS, SUBSETS, ROWS)
@settings(max_examples=50)
def test_of_what_is_not_opened_nothing_is_told_but_its_digest(row: Row, names: set[str], other: Row) -> None:
    """Another entry that says the same in the opened fields is told by the same, but for the digests of the rest."""
    closed = set(NAMES) - names
    differing = {name: other[name] for name in closed if name in other} | {"salt": row["salt"]}
    opening = opened(row, names)
    same = opened(row | differing, names)

    assert same.shown == opening.shown
    assert set(opening.closed) == closed
    assert {len(each) for each in opening.closed.values()} <= {32}
    told = str(opening)
    assert row["salt"].hex() not in told
    assert not any(salt.hex() in told for salt in (opened(row, [name]).shown[name].salt for name in closed))


def test_equal_values_of_two_entries_have_other_digests() -> None:
    one, two = opened(one_row(), ()), opened(one_row() | {"salt": b"\x05" * 32}, ())

    assert set(one.closed.values()).isdisjoint(two.closed.values())


@pytest.mark.parametrize("change", [
    lambda opening: replace(opening, closed={name: each for name, each in opening.closed.items() if name != "kind"}),
    lambda opening: replace(opening, closed={**opening.closed, "at": bytes(32)}),
    lambda opening: replace(opening, closed={**opening.closed, "other": bytes(32)}),
    lambda opening: replace(opening, closed={**opening.closed, "kind": opening.closed["kind"] + b"\0"}),
    lambda opening: replace(opening, shown={"at": replace(opening.shown["at"], salt=opening.shown["at"].salt + b"a")}),
    lambda opening: Opening(opening.v, {}, {}), lambda opening: replace(opening, v=1),
    lambda opening: replace(opening, v=3),
], ids=["one-lacks", "one-twice", "one-more", "long-digest", "long-salt", "empty", "older", "newer"])  # fmt: skip
def test_an_opening_of_other_fields_or_lengths_does_not_hold(change: Any) -> None:
    row = one_row()

    assert not is_of(change(opened(row, ["at"])), commitment(row, row["salt"]))


@pytest.mark.parametrize("spoil", [
    lambda text: text + "\n", lambda text: " " + text, lambda text: text.replace('"v":2', '"v":02'),
    lambda text: text.replace('"v":2', '"v":2,"x":2'), lambda text: text.replace("closed", "shut"), lambda _text: "",
    lambda _text: "[]", lambda _text: '{"closed":{"at":7},"shown":{},"v":1}',
    lambda _text: '{"closed":{},"shown":[],"v":1}',
])  # fmt: skip
def test_an_opening_has_one_spelling(spoil: Any) -> None:
    text = str(opened(one_row(), ["at", "officer"]))

    with pytest.raises(ValueError):  # noqa: PT011  whatever it says
        Opening.read(spoil(text))
    assert str(Opening.read(text)) == text


@pytest.mark.parametrize(("names", "change"), [(["name"], {}), (["at"], {"salt": None})])
def test_neither_a_field_that_is_none_is_opened_nor_an_entry_that_is_erased(names: list[str], change: Row) -> None:
    with pytest.raises(ValueError, match="no such field"):
        opened(one_row() | change, names)


# -- what no leaf vouches for


@pytest.mark.parametrize("change", [
    {"v": 3}, {"body": {"fields": [], "microseconds": 1, "events": [], "more": 1}},
    {"body": {"fields": [], "microseconds": 1, "events": [{"name": "x", "records": [], "details": {}, "more": 1}]}},
], ids=["version", "member", "event"])  # fmt: skip
def test_an_entry_that_says_more_than_its_version_knows_has_no_commitment(change: Row) -> None:
    with pytest.raises(Uncommitted):
        commitment(one_row() | change, bytes(32))


def test_a_moment_without_an_offset_has_no_commitment() -> None:
    with pytest.raises(TypeError):
        commitment(one_row() | {"at": datetime(2026, 1, 1)}, bytes(32))  # noqa: DTZ001


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_leaf_says_the_whole_millisecond_that_a_moment_lies_in(moment: datetime) -> None:
    at = commitments.sequenced(moment)

    assert timedelta() <= moment - at < timedelta(milliseconds=1)
    assert leaf(at, bytes(32)) == leaf(moment, bytes(32))
