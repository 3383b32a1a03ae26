"""Cells become a record in the import format, and each path knows the column it came from."""

import pytest

from registry.bulk.assembly import Assembly, check_fits
from registry.bulk.mapping import from_json
from registry.core.errors import InputRefused
from tests import factories

COLUMNS = {
    "Name": "names[0].full", "Surname": "names[1].parts.family", "First": "names[1].parts.given", "DOB": "birth_date",
    "ID": "identifiers[0].value", "Phone 1": "phones[]", "Phone 2": "phones[]", "Court 3": "convictions[2].court",
    "To": {"path": "handling.releasable_to[]", "split": ","}, "Remarks": "",
    "TLP": "handling.codes[]", "Codes": {"path": "handling.codes[]", "split": ";"},
}  # fmt: skip
CONSTANTS = {
    "identifiers[0].type": "national_id", "identifiers[0].country": "KE", "legal_basis.code": "KE-SOA-39-13",
    "convictions[2].sentence": "Ten years", "nationalities[]": "KE", "names[1].kind": "alias",
}  # fmt: skip
ASSEMBLY = Assembly(from_json({"columns": COLUMNS, "constants": CONSTANTS, "dates": "DD/MM/YYYY"}), list(COLUMNS))
EMPTY = dict.fromkeys(COLUMNS)


def row(**cells: object) -> list[object]:
    return list((EMPTY | {name.replace("_", " "): cell for name, cell in cells.items()}).values())


def test_every_shape_of_a_path_is_filled() -> None:
    cells = row(Name="Juma Mwakio", Surname="Jay", First="Mwalimu", DOB="17/05/1971", ID="INV1",
                Phone_1="+254700000001", Phone_2="+254700000002", Court_3="Invented Court",
                To="UG, TZ", Remarks="passed over", TLP="TLP:GREEN", Codes="SIENA:H1; ")  # fmt: skip

    record, columns, problems = ASSEMBLY.record(cells)  # type: ignore[arg-type]

    assert problems == []
    assert record == {
        "names": [{"full": "Juma Mwakio"},
                  {"parts": {"family": "Jay", "given": "Mwalimu"}, "full": "Mwalimu Jay", "kind": "alias"}],
        "birth_date": "1971-05-17",
        "identifiers": [{"value": "INV1", "type": "national_id", "country": "KE"}],
        "phones": [{"number": "+254700000001"}, {"number": "+254700000002"}],
        "convictions": [{"court": "Invented Court", "sentence": "Ten years"}],
        "handling": {"releasable_to": ["UG", "TZ"], "codes": ["TLP:GREEN", "SIENA:H1"]},
        "legal_basis": {"code": "KE-SOA-39-13"},
        "nationalities": ["KE"],
    }  # fmt: skip
    assert columns["convictions[0].court"] == list(COLUMNS).index("Court 3")
    assert columns["phones[1].number"] == list(COLUMNS).index("Phone 2")
    assert columns["handling.codes[1]"] == list(COLUMNS).index("Codes")


def test_a_constant_in_a_list_is_for_entries_that_are_there() -> None:
    record, _, _ = ASSEMBLY.record(row(Name="Juma Mwakio"))  # type: ignore[arg-type]

    assert record == {
        "names": [{"full": "Juma Mwakio"}], "legal_basis": {"code": "KE-SOA-39-13"}, "nationalities": ["KE"],
    }  # fmt: skip


def test_a_row_may_end_before_its_headings() -> None:
    record, _, problems = ASSEMBLY.record(["Juma Mwakio"])

    assert record["names"] == [{"full": "Juma Mwakio"}]
    assert problems == []


def test_a_cell_that_can_not_be_read_is_a_problem_of_its_column() -> None:
    _, _, problems = ASSEMBLY.record(row(Name="=1+1", DOB="1971, May"))  # type: ignore[arg-type]

    assert [(each.field, each.code, each.column) for each in problems] == [
        ("names[0].full", "FORMULA_REFUSED", 0), ("birth_date", "DATE_MALFORMED", 3),
    ]  # fmt: skip


def test_a_whole_record_is_one_that_the_register_reads() -> None:
    headings = ["names[0].full", "convictions[0].offence", "convictions[0].court", "convictions[0].case_number",
                "convictions[0].convicted_on", "convictions[0].sentence", "legal_basis.code",
                "legal_basis.article"]  # fmt: skip
    assembly = Assembly(from_json({"columns": {each: each for each in headings}}), headings)
    one = factories.conviction()

    record, _, _ = assembly.record([
        "Juma Mwakio", one["offence"], one["court"], one["case_number"], "2015", "Ten years",
        "KE-SOA-39-13", "An article",
    ])  # fmt: skip

    assert factories.read(record).names[0].full == "Juma Mwakio"


@pytest.mark.parametrize(
    ("headings", "field"),
    [(["Name", "Shoe size"], "B1"), (["Name"], 'columns."DOB"')],
)
def test_a_mapping_speaks_of_each_column_and_of_no_other(headings: list[str], field: str) -> None:
    mapping = from_json({"columns": {"Name": "names[0].full", "DOB": "birth_date"}})

    with pytest.raises(InputRefused) as refused:
        check_fits(mapping, headings)

    assert (refused.value.code, refused.value.field) == ("MAPPING_MALFORMED", field)


def test_blank_headings_and_those_of_a_dry_run_need_no_mapping() -> None:
    check_fits(from_json({"columns": {"Name": "names[0].full"}}), ["Name", "", "status", "reason"])
