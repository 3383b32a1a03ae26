"""Whatever stands in a row, it becomes a record, or an error that names field, rule and remedy."""

import copy
import csv
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from hypothesis import given, strategies as st

from registry.bulk.mapping import from_json
from registry.bulk.reading import Plan, Read, RowReader
from registry.profiles.forms import members
from registry.profiles.record import GROUPS
from tests import factories

TODAY = date(2026, 11, 21)
BAD: tuple[Any, ...] = ({}, [[]], 12.5, "", "\u202egnp.exe", "x" * 3_000, "\x00", "2027-13-45", "=HYPERLINK(1)", -1)
PLAN = Plan("jsonl", (), None, factories.AGENCY, "ke")


def mutations() -> Iterator[dict[str, Any]]:
    """Yield a good record with one bad value, in every place where one may stand."""
    for name, group in GROUPS.items():
        for bad in BAD:
            yield factories.record() | {name: bad}
            if group.many:
                yield factories.record() | {name: [bad]}
            for member in members(group.part) if group.part else ():
                good = copy.deepcopy(factories.record().get(name))
                first = good[0] if isinstance(good, list) and good and isinstance(good[0], dict) else {}
                part = (good if isinstance(good, dict) else first) | {member.name: bad}
                yield factories.record() | {name: [part] if group.many else part}
    for name in ("victim", "victim_name", "Child's name", "mtoto", "", "__proto__", "names "):
        yield factories.record() | {name: "x"}


def check_told(read: Read) -> None:
    for problem in read.problems:
        assert problem.field
        assert problem.code.isupper()
        assert problem.rule.endswith(".")
        assert problem.remedy.endswith((".", "…"))
    assert (read.record is None) == bool(read.problems)


def test_a_bad_value_in_any_place_is_named_with_rule_and_remedy() -> None:
    reader = RowReader(PLAN)
    refused = 0
    for each in mutations():
        read = reader.read(json.dumps(each).encode(), TODAY)
        assert read is not None
        check_told(read)
        refused += bool(read.problems)

    assert refused > 1_500


HEADINGS = ("names[0].full", "birth_date", "sex", "county", "identifiers[0].value", "phones[]",
            "convictions[0].offence", "convictions[0].convicted_on", "descriptions[0].height_cm",
            "nationalities[]")  # fmt: skip
TABLE = RowReader(Plan("xlsx", HEADINGS, from_json({"columns": {each: each for each in HEADINGS}}), "a", "ke"))


@given(
    st.lists(st.none() | st.text(max_size=20) | st.integers() | st.floats() | st.booleans() | st.dates(), max_size=12)
)
def test_whatever_a_sheet_holds_is_read_or_refused(cells: list[Any]) -> None:
    read = TABLE.read(cells, TODAY)

    if read is not None:
        check_told(read)


@given(st.text(max_size=60))
def test_whatever_a_line_of_csv_holds_is_read_or_refused(line: str) -> None:
    for row in csv.reader([" ".join(line.splitlines())]):
        read = TABLE.read(list(row), TODAY)
        if read is not None:
            check_told(read)


@given(st.binary(max_size=60))
def test_whatever_bytes_a_line_of_json_holds_are_read_or_refused(line: bytes) -> None:
    read = RowReader(PLAN).read(line, TODAY)

    if read is not None:
        check_told(read)
