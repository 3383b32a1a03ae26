"""Headings are understood in English and Swahili, or not at all; those of victims end the reading."""

from typing import Any

import pytest

from registry.bulk import headings
from registry.bulk.headings import KNOWN
from registry.bulk.mapping import MOST_COLUMNS
from registry.bulk.paths import target
from registry.core.errors import InputRefused
from registry.profiles import victims
from tests.factories import EDITION


def paths(*given: str) -> list[str]:
    return [each.path for each in headings.guessed(list(given), EDITION).columns.values()]


@pytest.mark.parametrize(
    ("heading", "path"),
    [
        ("Full name", "names[0].full"), ("FULL_NAME", "names[0].full"), ("Jina kamili", "names[0].full"),
        ("Surname", "names[0].parts.family"), ("DOB", "birth_date"), ("D.O.B.", "birth_date"),
        ("Tarehe ya kuzaliwa", "birth_date"), ("ID No", "identifiers[0].value"),
        ("Namba ya kitambulisho", "identifiers[0].value"), ("Phone 1", "phones[]"), ("Namba ya simu", "phones[]"),
        ("E-mail", "emails[]"), ("Jinsia", "sex"), ("Kaunti", "county"), ("Case No.", "convictions[0].case_number"),
        ("Case no 2", "convictions[1].case_number"), ("convictions[0].court", "convictions[0].court"),
        ("TLP", "handling.codes[]"), ("Handling codes", "handling.codes[]"),
        ("Victim age band", "convictions[0].victim_age_band"), ("Shoe size", ""),
    ],
)  # fmt: skip
def test_a_heading_means_what_it_says(heading: str, path: str) -> None:
    assert paths("Name" if path != "names[0].full" else "DOB", heading)[1] == path


def test_numbers_of_documents_get_an_entry_each_with_its_type() -> None:
    mapping = headings.guessed(["Name", "ID No", "Passport", "Alias", "Nickname"], EDITION)

    assert [each.path for each in mapping.columns.values()] == [
        "names[0].full", "identifiers[0].value", "identifiers[1].value", "names[1].full", "names[2].full",
    ]  # fmt: skip
    assert mapping.constants == {
        "identifiers[0].type": "national_id", "identifiers[0].country": "KE", "identifiers[1].type": "passport",
        "names[1].kind": "alias", "names[2].kind": "nickname",
    }  # fmt: skip


def test_what_would_lead_where_another_column_leads_is_not_taken_over() -> None:
    assert paths("Name", "Full name", "DOB") == ["names[0].full", "", "birth_date"]


def test_how_dates_are_written_is_never_guessed() -> None:
    assert headings.guessed(["Name", "DOB"], EDITION).dates is None


def test_the_columns_of_a_dry_run_are_passed_over() -> None:
    assert paths("Name", "status", "reason") == ["names[0].full"]


def test_rows_without_headings_are_not_taken_for_some() -> None:
    with pytest.raises(InputRefused) as refused:
        paths("Juma Mwakio", "17/05/1971", "12345678")

    assert refused.value.code == "HEADINGS_MISSING"


@pytest.mark.parametrize("known", KNOWN, ids=lambda each: each.path)
def test_every_row_of_the_table_leads_into_a_record(known: Any) -> None:
    for path in (known.path, *known.constants):
        target(path.replace("{n}", "3").replace("{at}", "0"))


def test_no_word_of_the_table_is_a_victims() -> None:
    words = [word for known in KNOWN for word in known.words.split(";")]

    assert not [each for each in words if victims.is_about_victim(each)]
    assert len(words) == len({headings._squeezed(each) for each in words})


@pytest.mark.parametrize(
    ("given", "cell"),
    [(["Name", "Victim"], "B1"), (["Mtoto", "Name"], "A1"), (["Name", *["x"] * 26, "complainant_dob"], "AB1")],
)
def test_a_victims_column_is_refused_with_its_cell(given: list[str], cell: str) -> None:
    with pytest.raises(InputRefused) as refused:
        headings.checked(given)

    assert (refused.value.code, refused.value.field) == ("VICTIM_DATA", cell)
    assert "age_band" in (refused.value.remedy or "")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (["Name", "DOB", "name"], "HEADING_TWICE", "C1"),
        (["", "  "], "HEADINGS_MISSING", "file"),
        ([], "HEADINGS_MISSING", "file"),
        ([f"h{each}" for each in range(MOST_COLUMNS + 1)], "FILE_REFUSED", "file"),
    ],
)
def test_headings_that_say_nothing_for_certain_are_refused(given: list[str], code: str, field: str) -> None:
    with pytest.raises(InputRefused) as refused:
        headings.checked(given)

    assert (refused.value.code, refused.value.field) == (code, field)
