"""A mapping is read strictly, printed as it was meant, and known again by its digest."""

from typing import Any

import pytest

from registry.bulk.mapping import Column, Mapping, fingerprint, from_json, from_toml, own, to_toml
from registry.core.errors import InputRefused

TOML = """
dates = "DD/MM/YYYY"

[constants]
"legal_basis.code" = "KE-SOA-39-13"
"identifiers[0].type" = "national_id"

[columns]
"Full name" = "names[0].full"
"Sex" = {path = "sex", values = {M = "male", "F \\"x\\"" = "female"}}
"Convicted" = {path = "convictions[0].convicted_on", dates = "YYYY/MM/DD"}
"Countries" = {path = "nationalities[]", split = ";"}
"Remarks" = ""
"""


def test_what_is_printed_is_read_again_as_it_was() -> None:
    mapping = from_toml(TOML)

    assert from_toml(to_toml(mapping)) == mapping
    assert from_json(mapping.to_json()) == mapping
    assert from_toml(to_toml(mapping)).digest == mapping.digest


def test_a_column_is_read_by_its_own_form_of_dates_or_the_files() -> None:
    mapping = from_toml(TOML)

    readings = [mapping.reading(each) for each in ("Full name", "Convicted", "Remarks", "Unknown")]
    assert [each.date if each else None for each in readings] == ["DD/MM/YYYY", "YYYY/MM/DD", None, None]


def test_whatever_changes_what_rows_become_changes_the_digest() -> None:
    mapping = from_toml(TOML)
    others = [
        TOML.replace("DD/MM/YYYY", "MM/DD/YYYY", 1), TOML.replace("KE-SOA-39-13", "KE-SOA-39-2"),
        TOML.replace('"Remarks" = ""', '"Remarks" = "birth_place"'), TOML.replace('"male"', '"other"'),
    ]  # fmt: skip

    assert len({mapping.digest, *(from_toml(each).digest for each in others)}) == 5


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("dates = ", "mapping"),
        ("x = 1\n[columns]\nA = 'birth_date'", "mapping"),
        ("", "columns"),
        ("[columns]", "columns"),
        ("columns = 1", "columns"),
        ("constants = 1\n[columns]\nA = 'birth_date'", "constants"),
        ("[constants]\nbirth_date = []\n[columns]\nA = 'sex'", "constants"),
        ("dates = 'DD/MM/YY'\n[columns]\nA = 'birth_date'", "dates"),
        ("[columns]\nA = 1", 'columns."A"'),
        ("[columns]\nA = {}", 'columns."A"'),
        ("[columns]\nA = {path = 'sex', more = 1}", 'columns."A"'),
        ("[columns]\nA = {path = 'sex', values = {M = 1}}", 'columns."A".values'),
        ("[columns]\nA = {path = 'sex', split = ''}", 'columns."A".split'),
        ("[columns]\nA = {path = 'sex', split = ';'}", 'columns."A".split'),
        ("[columns]\nA = {path = 'birth_date', dates = 'D'}", 'columns."A"'),
        ("[columns]\nA = 'no.path'", 'columns."A"'),
        ("[columns]\nA = 'sex'\nB = 'sex'", 'columns."B"'),
        ("[constants]\nsex = 'male'\n[columns]\nA = 'sex'", 'constants."sex"'),
        ("[constants]\n'no.path' = 'male'\n[columns]\nA = 'sex'", 'constants."no.path"'),
    ],
)
def test_a_mapping_that_breaks_a_rule_is_refused_with_its_place(content: str, field: str) -> None:
    with pytest.raises(InputRefused) as refused:
        from_toml(content)

    assert (refused.value.code, refused.value.field) == ("MAPPING_MALFORMED", field)


@pytest.mark.parametrize("heading", ["Victim's name", "Jina la mtoto", "complainant_phone"])
def test_no_column_of_a_victims_can_be_mapped(heading: str) -> None:
    """Not even to be passed over: the file that holds it is not read."""
    content: dict[str, Any] = {"columns": {heading: "", "Name": "names[0].full"}}

    with pytest.raises(InputRefused) as refused:
        from_json(content)

    assert refused.value.code == "VICTIM_DATA"


def test_two_columns_may_each_be_one_more_of_a_list() -> None:
    mapping = Mapping({"Phone 1": Column("phones[]"), "Phone 2": Column("phones[]")})

    assert from_json(mapping.to_json()) == mapping


def test_files_with_the_same_headings_know_each_other() -> None:
    assert fingerprint(["Full name", "DOB"]) == fingerprint([" full  NAME", "dob"])
    assert fingerprint(["Full name", "DOB"]) == fingerprint(["Full name", "DOB", "status", "reason"])
    assert fingerprint(["Full name", "DOB"]) != fingerprint(["DOB", "Full name"])
    assert own(["status", "reason", "x"]) == 3
