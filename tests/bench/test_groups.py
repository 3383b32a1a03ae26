"""Who a question is about is told well enough to count by."""

from pathlib import Path

import pytest

from bench.matching.groups import NO_NAME, UNCLEAR, groups, likeliest, script_of
from bench.matching.sets import Question


@pytest.mark.parametrize(
    ("name", "county", "nation", "tradition"),
    [
        ("Peter Kipchumba arap Langat", "Kericho", "KE", "kalenjin"),
        ("John Mwangi Kamau", "Kiambu", "KE", "kikuyu"),
        ("George Otieno Ouma", "Siaya", "KE", "luo"),
        ("Joseph ole Sankale", "Kajiado", "KE", "maasai"),
        ("Abdi Hassan Warsame", "Garissa", "SO", "somali"),
        ("Сергей Волков", None, "RU", "russian"),
        ("محمد علي", None, "EG", "arabic"),
        ("Hans Schneider", None, "DE", "european"),
    ],
)
def test_a_tradition_is_told_by_words_county_and_nationality(
    name: str, county: str | None, nation: str, tradition: str
) -> None:
    assert likeliest((name,), county, (nation,)) == tradition


def test_what_several_traditions_share_is_called_unclear() -> None:
    assert likeliest(("Peter John",), None, ("KE",)) == UNCLEAR


def test_without_a_name_there_is_no_tradition() -> None:
    assert likeliest((), "Kiambu", ("KE",)) == NO_NAME


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Wanjikũ", "Latn"),
        ("李志强", "Hani"),
        ("አልማዝ", "Ethi"),
        ("Ivan Волков", "Cyrl"),
        ("अमित", "Deva"),
        ("", "Latn"),
    ],
)
def test_a_script_is_told_by_its_letters(name: str, script: str) -> None:
    assert script_of(name) == script


def test_what_the_set_says_comes_before_what_is_guessed(own_set: Path) -> None:
    asked = Question("1", "exact", {"name": "John Mwangi Kamau", "sex": "male"}, None, 0, "invented")

    assert groups(own_set, [asked])["1"].tradition == "invented"
