"""Between a record and its row: nothing is lost either way, and what is sensitive is stored sealed."""

import hashlib
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given

from registry.core.ids import new_id
from registry.core.sealing import DataKey, Tampered, WrappedKey
from registry.disclosure.vocabulary import FieldClass
from registry.profiles import rows
from registry.profiles.models import revisions
from registry.profiles.record import GROUPS, Record
from tests.factories import SEALER, read, record
from tests.registry.profiles.strategies import RECORDS

PROFILE = new_id()
KEY, WRAPPED = SEALER.new_key(PROFILE)
SEALED = {name for name, group in GROUPS.items() if group.column == "sealed"}


def stored(known: Record, key: DataKey = KEY) -> dict[str, Any]:  # Any: JSON
    """Return the columns as a database gives them back."""
    return {name: orjson.loads(orjson.dumps(value)) for name, value in rows.columns(known, key).items()}


def opening(key: DataKey = KEY) -> Callable[[], DataKey]:
    return lambda: key


def no_key() -> DataKey:
    raise AssertionError("nothing had to be opened")


# -- JSON


@given(RECORDS)
def test_what_is_shown_revives_as_the_record_it_was(known: Record) -> None:
    told = orjson.loads(orjson.dumps(rows.shown(known)))

    assert {name: rows.revived(GROUPS[name], value) for name, value in told.items()} == {
        name: getattr(known, name) for name in told
    }
    assert all(getattr(known, name) == group.default for name, group in GROUPS.items() if name not in told)


@given(RECORDS)
def test_a_record_has_one_canonical_form(known: Record) -> None:
    again = Record(**{name: getattr(known, name) for name in reversed(list(GROUPS))})

    assert rows.canonical(again) == rows.canonical(known)
    assert rows.digest(known) == hashlib.sha256(rows.canonical(known)).hexdigest()
    assert rows.canonical(known) == orjson.dumps(orjson.loads(rows.canonical(known)), option=orjson.OPT_SORT_KEYS)


def test_another_record_has_another_digest() -> None:
    known = read(record())

    assert rows.digest(replace(known, sex="female")) != rows.digest(known)


def test_the_digest_of_a_record_stays_what_it_is() -> None:
    """A tombstone keeps nothing else of a record, so what it was made from must be made again in fifty years."""
    assert rows.canonical(read(record())).decode() == CANONICAL


CANONICAL = (
    '{"birth_date":"1971-05-17","convictions":[{"case_number":"SO 12/2015","catalogue":"ke-2026-11",'
    '"convicted_on":"2015-03-09","court":"Invented Law Courts","offence":"KE-SOA-3","sentence":"Ten years",'
    '"victim_age_band":"12-15","victim_sex":"female"}],"county":"Kwale","emails":[{"address":"juma@mail.example"}],'
    '"handles":[{"handle":"mwakio_71","platform":"invented"}],"identifiers":[{"country":"KE","type":"national_id",'
    '"value":"INV1234567"}],"legal_basis":{"article":"Sexual Offences Act 2006, section 39(13)",'
    '"code":"KE-SOA-39-13"},"names":[{"full":"Juma Hamisi Mwakio","parts":{"family":"Mwakio","given":"Juma"}},'
    '{"full":"Mwalimu Jay","kind":"alias"}],"nationalities":["KE"],"owner":"ke-invented",'
    '"phones":[{"number":"+254712345678"}],"sex":"male"}'
)


# -- columns


@given(RECORDS)
def test_a_row_reads_back_as_the_record_it_was_written_from(known: Record) -> None:
    assert rows.record(stored(known), opening()) == known


@given(RECORDS)
def test_only_what_is_to_be_sealed_is_sealed_and_all_of_it(known: Record) -> None:
    row = stored(known)

    for name, group in GROUPS.items():
        assert (name in row[group.column]) == (getattr(known, name) != group.default)
    assert set(row["sealed"]) <= SEALED
    assert SEALED.isdisjoint({*row["identity"], *row["details"]})
    open_text = orjson.dumps([row["identity"], row["details"]]).decode()
    for each in (*known.phones, *known.emails, *known.photographs):
        secret = next(iter(rows.part_shown(each).values()))
        assert secret not in open_text
        assert secret not in orjson.dumps(row["sealed"]).decode()


def test_what_is_sensitive_is_sealed() -> None:
    """Addresses, phones, e-mails, handles, document numbers, photographs, notes and sources; parents too."""
    assert {
        "parents", "identifiers", "phones", "emails", "handles", "places", "vehicles", "licences", "travels",
        "photographs", "biometrics", "notes", "sources",
    } == SEALED  # fmt: skip
    contact = {FieldClass.CONTACT, FieldClass.ONLINE, FieldClass.IDENTIFIERS, FieldClass.WHEREABOUTS,
               FieldClass.TRAVEL, FieldClass.NOTES, FieldClass.BIOMETRIC}  # fmt: skip
    assert {name for name, group in GROUPS.items() if group.field_class in contact} - SEALED == {"county"}


def test_columns_stand_in_the_table_s_order_and_hold_every_group() -> None:
    assert [column.name for column in revisions.c][-len(rows.COLUMNS) :] == list(rows.COLUMNS)
    assert tuple(rows.columns(read(record()), KEY)) == rows.COLUMNS
    assert {group.column for group in GROUPS.values()} == set(rows.COLUMNS)


@pytest.mark.parametrize("name", sorted(SEALED))
def test_an_envelope_opens_in_its_own_place_with_its_own_key_only(name: str) -> None:
    envelope = rows.sealed([{"invented": name}], name, KEY)
    other, _ = SEALER.new_key(PROFILE)

    assert orjson.loads(KEY.open(b64decode(envelope), table=rows.TABLE, field=name)) == [{"invented": name}]
    for key, field in ((other, name), (KEY, "names")):
        with pytest.raises(Tampered):
            key.open(b64decode(envelope), table=rows.TABLE, field=field)


def test_the_key_of_a_row_opens_what_was_sealed_for_its_profile() -> None:
    known = read(record())
    row = stored(known) | {"key_id": WRAPPED.key_id, "content": WRAPPED.content}

    assert rows.record(row, rows.key_of(SEALER, PROFILE, row)) == known
    with pytest.raises(Tampered):
        rows.record(row, rows.key_of(SEALER, new_id(), row))
    assert WrappedKey(row["key_id"], row["content"]) == WRAPPED


# -- what is wanted


@given(RECORDS)
def test_only_wanted_groups_are_read_and_only_sealed_ones_opened(known: Record) -> None:
    row = stored(known)
    plain = [name for name in GROUPS if name not in SEALED]

    assert rows.read(row, plain, no_key) == {name: getattr(known, name) for name in plain}


def test_the_key_is_asked_for_once_and_when_something_has_to_be_opened() -> None:
    asked: list[DataKey] = []

    def key() -> DataKey:
        asked.append(KEY)
        return KEY

    row = stored(read(record()))

    rows.read(row, ("names", "notes", "travels"), key)
    assert asked == []
    rows.read(row, ("phones", "emails", "handles"), key)
    assert asked == [KEY]


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_needs_its_own_column_only(name: str) -> None:
    assert rows.needed([name]) == (GROUPS[name].column,)


def test_needed_columns_stand_in_order_and_once() -> None:
    assert rows.needed(GROUPS) == rows.COLUMNS
    assert rows.needed(["phones", "names", "emails"]) == ("identity", "sealed")
    assert rows.needed([]) == ()
