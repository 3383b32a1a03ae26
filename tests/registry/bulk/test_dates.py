"""Dates are read as the file is said to write them, and never guessed."""

import pytest

from registry.bulk import dates


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("17/05/1971", "DD/MM/YYYY", "1971-05-17"),
        ("7/5/1971", "DD/MM/YYYY", "1971-05-07"),
        ("05/17/1971", "MM/DD/YYYY", "1971-05-17"),
        ("04/05/1971", "DD/MM/YYYY", "1971-05-04"),
        ("04/05/1971", "MM/DD/YYYY", "1971-04-05"),
        ("17.05.1971", "DD.MM.YYYY", "1971-05-17"),
        ("1971/05/17", "YYYY/MM/DD", "1971-05-17"),
        ("17 Mei 1971", "DD MMM YYYY", "1971-05-17"),
        ("17 August 1971", "DD MMM YYYY", "1971-08-17"),
        ("05/1971", "DD/MM/YYYY", "1971-05"),
        ("1971/05", "YYYY/MM/DD", "1971-05"),
        ("Desemba 1971", "DD MMM YYYY", "1971-12"),
        ("1971", "DD/MM/YYYY", "1971"),
        ("1971-05-17", "DD/MM/YYYY", "1971-05-17"),
        ("1971-05", None, "1971-05"),
        ("1968/1971", None, "1968/1971"),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(text: str, form: str | None, expected: str) -> None:
    assert dates.iso(text, form) == expected


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("17/05/1971", None), ("17/05/71", "DD/MM/YYYY"), ("17-05-1971", "DD/MM/YYYY"), ("17 Foo 1971", "DD MMM YYYY"),
        ("about 1971", "DD/MM/YYYY"), ("", "DD/MM/YYYY"),
        ("\u0661\u0667/\u0660\u0665/\u0661\u0669\u0667\u0661", "DD/MM/YYYY"),
    ],
)  # fmt: skip
def test_another_form_is_none_that_is_known(text: str, form: str | None) -> None:
    assert dates.iso(text, form) is None


@pytest.mark.parametrize("form", ["DD/MM/YYYY", "MM/DD/YYYY", "YYYY-MM-DD", "DD MMM YYYY", "DDMMYYYY", "DD. MM. YYYY"])
def test_a_form_names_day_month_and_year(form: str) -> None:
    assert dates.is_form(form)


@pytest.mark.parametrize(
    "form", ["", "DD/MM", "DD/MM/YY", "DD/DD/YYYY", "D/M/YYYY", "DD/MM/YYYY HH", "%d/%m/%Y", "YYYY"]
)
def test_anything_else_is_no_form(form: str) -> None:
    assert not dates.is_form(form)
