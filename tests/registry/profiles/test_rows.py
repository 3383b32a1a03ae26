"""Between a record and its row: nothing is lost either way."""

from dataclasses import fields

import orjson
from hypothesis import given

from registry.profiles import rows
from registry.profiles.models import revisions
from registry.profiles.parts import Record
from tests.factories import read, record
from tests.registry.profiles.strategies import RECORDS


@given(RECORDS)
def test_a_row_reads_back_as_the_record_it_was_written_from(known: Record) -> None:
    row = {name: orjson.loads(orjson.dumps(value)) for name, value in rows.columns(known).items()}

    assert rows.record(row) == known


def test_columns_stand_in_the_table_s_order_and_hold_the_whole_record() -> None:
    assert [column.name for column in revisions.c][-len(rows.COLUMNS) :] == list(rows.COLUMNS)
    assert {each.name for each in fields(Record)} == set(rows.COLUMNS)
    assert tuple(rows.columns(read(record()))) == rows.COLUMNS


def test_only_wanted_columns_are_read() -> None:
    row = rows.columns(read(record()))

    assert set(rows.read({"sex": row["sex"], "names": row["names"]}, ("sex", "names"))) == {"sex", "names"}
