"""A row becomes a record, or everything that is wrong with it."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, strategies as st

from auth import strict
from registry.bulk import reading
from registry.bulk.json_rows import LONGEST
from registry.bulk.mapping import from_json
from registry.bulk.reading import Plan, Read, RowReader
from registry.bulk.verdicts import Verdict, verdict
from tests import factories

TODAY = date(2026, 11, 21)


def plan(kind: str = "jsonl", columns: dict[str, Any] | None = None) -> Plan:
    mapping = from_json({"columns": columns}) if columns else None
    return Plan(kind, tuple(columns or ()), mapping, factories.AGENCY, "ke")


def of_json(value: object, kind: str = "jsonl") -> Read:
    read = RowReader(plan(kind)).read(value if isinstance(value, bytes) else json.dumps(value).encode(), TODAY)
    assert read is not None
    return read


def codes(read: Read) -> list[tuple[str, str]]:
    return [(each.field, each.code) for each in read.problems]


def test_a_line_in_the_registers_own_format_is_a_record() -> None:
    assert of_json(factories.record()).record == factories.read(factories.record())


def test_what_a_dry_run_has_added_is_passed_over() -> None:
    assert of_json(factories.record(status="ready", reason="")).record == factories.read(factories.record())


@pytest.mark.parametrize("row", [b"", b"  ", [], [None, ""], ["", ""]])
def test_an_empty_row_is_none(row: Any) -> None:
    assert RowReader(plan("csv", {"Name": "names[0].full"})).read(row, TODAY) is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{bad", "RECORD_MALFORMED"), (b'{"a": NaN}', "RECORD_MALFORMED"), (b'{"a": 1, "a": 2}', "RECORD_MALFORMED"),
        (b"\xff", "RECORD_MALFORMED"), (b"[]", "RECORD_MALFORMED"), (b"{" + b" " * LONGEST + b"}", "RECORD_TOO_LONG"),
        (b"[" * 60_000 + b"]" * 30_000, "RECORD_MALFORMED"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_object_is_to_be_fixed(line: bytes, code: str) -> None:
    read = of_json(line)

    assert [each for _, each in codes(read)] == [code]
    assert verdict(read.problems) is Verdict.NEEDS_FIXING


def _members(children: Any) -> Any:
    keys = st.text(alphabet='a":\\\u00e9', max_size=2)
    return st.lists(st.tuples(keys, children), max_size=4).map(lambda pairs: ("object", pairs))


VALUES = st.recursive(st.text(alphabet='a":,{ \\\u00e9', max_size=5) | st.integers() | st.booleans(), lambda children:
                      _members(children) | st.lists(children, max_size=3), max_leaves=8)  # fmt: skip


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63) - 1, 2**64, 10**30])
def test_a_long_number_is_not_rounded(number: int) -> None:
    assert reading._each_member_once(f'{{"a": {number}}}'.encode()) == {"a": number}


@given(st.data(), VALUES)
def test_a_member_that_stands_twice_is_seen_however_it_is_written(data: st.DataObject, value: Any) -> None:
    """As the strict reader sees it, which reads every pair."""
    blank = st.sampled_from(["", "", " ", "\t"])

    def escaped(text: str) -> str:
        return "".join(f"\\u{ord(each):04x}" if data.draw(st.booleans()) else json.dumps(each)[1:-1] for each in text)

    def written(part: Any) -> str:
        if isinstance(part, tuple):
            pairs = [f'"{escaped(key)}"{data.draw(blank)}:{data.draw(blank)}{written(each)}' for key, each in part[1]]
            return "{" + ",".join(pairs) + "}"
        if isinstance(part, list):
            return "[" + ",".join(map(written, part)) + "]"
        return f'"{escaped(part)}"' if isinstance(part, str) else json.dumps(part)

    line = written(value)
    try:
        expected = strict.parse(line)
    except ValueError:
        with pytest.raises(ValueError, match="twice"):
            reading._each_member_once(line.encode())
    else:
        assert reading._each_member_once(line.encode()) == expected


# -- what may not be held, and whose


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"victim_name": "x"}, "VICTIM_DATA"),
        ({"convictions": [factories.conviction() | {"complainant": "x"}]}, "VICTIM_DATA"),
        ({"convictions": None}, "LIST_MALFORMED"),
        ({"category": "ordered", "convictions": None}, "ORDER_MISSING"),
        ({"birth_date": "2001", "convictions": [factories.conviction()]}, "JUVENILE_CLASS"),
        ({"owner": factories.ELSEWHERE}, "NOT_OWNER"),
    ],
)
def test_what_the_register_may_not_hold_is_refused(changes: dict[str, Any], code: str) -> None:
    read = of_json(factories.record(**changes))

    assert code in [each for _, each in codes(read)]
    assert verdict(read.problems) is Verdict.REFUSED
    assert read.record is None


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"county": "Atlantis"}, "county", "CODE_UNKNOWN"),
        ({"phones": [{"number": "+254712345678", "first_seen": "2027"}]}, "phones[0].first_seen", "DATE_IN_FUTURE"),
        ({"photographs": [{"id": "f" * 23, "taken_on": "2020"}]}, "photographs", "PHOTOGRAPH_UNKNOWN"),
        ({"legal_basis": None}, "legal_basis", "LEGAL_BASIS_MISSING"),
    ],
)
def test_what_breaks_a_rule_of_form_is_to_be_fixed(changes: dict[str, Any], field: str, code: str) -> None:
    read = of_json(factories.record(**changes))

    assert codes(read) == [(field, code)]
    assert verdict(read.problems) is Verdict.NEEDS_FIXING


# -- tables


COLUMNS = {"Name": "names[0].full", "DOB": "birth_date", "Phone": "phones[]", "County": "county"}


def test_a_problem_knows_the_column_it_came_from() -> None:
    read = RowReader(plan("xlsx", COLUMNS)).read(["Juma Mwakio", "1971", "12", "Atlantis"], TODAY)

    assert read is not None
    found = {each.field: each.column for each in read.problems}
    assert (found["phones[0].number"], found["county"], found["legal_basis"]) == (2, 3, None)


def test_a_handling_code_that_nobody_knows_is_told_with_its_column() -> None:
    columns = COLUMNS | {"TLP": "handling.codes[]", "SIENA": {"path": "handling.codes[]", "values": {"H1": "SIENA:H1"}}}
    read = RowReader(plan("xlsx", columns)).read(["Juma Mwakio", "", "", "", "TLP:PURPLE", "h1"], TODAY)
    both = RowReader(plan("xlsx", columns)).read(["Juma Mwakio", "", "", "", "TLP:RED", "H9"], TODAY)

    assert read is not None
    assert both is not None
    told = [(each.field, each.column) for found in (read, both) for each in found.problems
            if each.code == "HANDLING_CODE_UNKNOWN"]  # fmt: skip
    assert told == [("handling.codes[0]", 4), ("handling.codes[1]", 5)]


def test_what_a_record_lacks_because_of_a_cell_is_not_told_as_well() -> None:
    read = RowReader(plan("xlsx", COLUMNS)).read(["=1+1"], TODAY)

    assert read is not None
    assert [each.code for each in read.problems if each.field.startswith("names")] == ["FORMULA_REFUSED"]


@pytest.mark.parametrize(
    ("kind", "row"),
    [("csv", ["Juma", "1971"]), ("csv", ["Juma", "1971", "", "", "more"]), ("xlsx", ["Juma", "", "", "", "more"])],
)
def test_a_row_of_another_width_is_not_read_as_if_it_fitted(kind: str, row: list[Any]) -> None:
    read = RowReader(plan(kind, COLUMNS)).read(row, TODAY)

    assert read is not None
    assert codes(read) == [("row", "ROW_RAGGED")]


def test_objects_may_be_mapped_like_rows() -> None:
    reader = RowReader(plan("jsonl", COLUMNS))

    read = reader.read(json.dumps({"Name": "Juma Mwakio", "County": "Atlantis"}).encode(), TODAY)
    odd = reader.read(json.dumps({"Name": {"full": "x"}, "mother_of_victim": "x", "Shoe": 1}).encode(), TODAY)

    assert read is not None
    assert odd is not None
    assert ("county", "CODE_UNKNOWN") in codes(read)
    assert codes(odd) == [("mother_of_victim", "VICTIM_DATA"), ("Shoe", "FIELD_UNKNOWN"), ("Name", "FIELD_UNKNOWN")]


# -- exports


def exported(**changes: Any) -> dict[str, Any]:
    return {
        "profile": "p",
        "number": 1,
        "standing": "vetted",
        "contested": False,
        "record": factories.record(),
    } | changes


def test_a_line_of_an_export_is_its_record() -> None:
    """The codes beside it are coarser than the record's own handling, and say nothing of it."""
    read = of_json(exported(contested=True, handling_codes=["SIENA:H3", "TLP:RED"]), "export")

    assert read.record == factories.read(factories.record())
    assert read.contested


def test_photographs_stay_where_they_are_and_are_told() -> None:
    pictures = [{"id": "f" * 23, "taken_on": "2020"}]

    read = of_json(exported(record=factories.record() | {"photographs": pictures}), "export")

    assert read.record == factories.read(factories.record())
    assert read.left_behind


@pytest.mark.parametrize(
    "changes",
    [*({"standing": each} for each in ("sealed", "retired", "merged", "removed", "entered")), {"record": None}],
    ids=str,
)
def test_what_was_closed_where_it_comes_from_does_not_come_back(changes: dict[str, Any]) -> None:
    read = of_json(exported(**changes), "export")

    assert codes(read) == [("standing", "STANDING_NOT_CARRIED")]
    assert verdict(read.problems) is Verdict.REFUSED
