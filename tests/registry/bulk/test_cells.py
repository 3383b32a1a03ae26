"""A cell is data where its form allows it, and is disarmed on its way out."""

from datetime import date, datetime, time

import pytest
from hypothesis import given, strategies as st

from registry.bulk.cells import ERRORS, EXECUTED, Cell, Reading, disarmed, plain, text_of
from registry.bulk.paths import target
from registry.profiles.kinds import Refused

DAY = datetime(1971, 5, 17)  # noqa: DTZ001  spreadsheets know no zones


def read(path: str, cell: Cell, **more: str) -> list[object]:
    return Reading(target(path), **more).read(cell)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" Juma\u00a0", "Juma"), (None, ""), (True, "true"), (12345678, "12345678"), (12345678.0, "12345678"),
        (1.5, "1.5"), (DAY, "1971-05-17"), (date(1971, 5, 17), "1971-05-17"),
        (DAY.replace(hour=8, minute=30), "1971-05-17 08:30:00"), (time(8, 30), "08:30:00"), ("'+254712", "+254712"),
        ("'tis", "'tis"),
    ],
)  # fmt: skip
def test_a_cell_has_one_text(cell: Cell, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize("number", [10**15, 1e15, -1e16, float("inf"), float("nan")])
def test_a_number_that_a_spreadsheet_has_rounded_is_refused(number: float) -> None:
    with pytest.raises(Refused) as refused:
        text_of(number)

    assert refused.value.code == "CELL_MALFORMED"


@pytest.mark.parametrize("begin", EXECUTED)
@pytest.mark.parametrize("path", ["names[0].full", "identifiers[0].value", "convictions[0].sentence"])
def test_text_that_a_spreadsheet_would_execute_is_no_data(path: str, begin: str) -> None:
    with pytest.raises(Refused) as refused:
        read(path, f"{begin}1+1")

    assert refused.value.code == "FORMULA_REFUSED"


def test_where_the_form_begins_so_it_is_data() -> None:
    assert read("phones[]", "+254 712 345 678") == ["+254 712 345 678"]
    assert read("phones[]", "'+254712345678") == ["+254712345678"]
    assert read("handles[0].handle", "@mwakio") == ["@mwakio"]


@pytest.mark.parametrize(("path", "cell"), [("phones[]", "=1+1"), ("phones[]", "@x"), ("handles[0].handle", "=x")])
def test_and_another_beginning_is_not(path: str, cell: str) -> None:
    with pytest.raises(Refused):
        read(path, cell)


@pytest.mark.parametrize("error", sorted(ERRORS))
def test_an_error_of_the_spreadsheet_is_refused(error: str) -> None:
    with pytest.raises(Refused) as refused:
        read("names[0].full", error)

    assert refused.value.code == "CELL_MALFORMED"


def test_values_are_read_by_their_kind() -> None:
    assert read("descriptions[0].height_cm", "172") == [172]
    assert read("descriptions[0].height_cm", "tall") == ["tall"]
    assert read("descriptions[0].height_cm", 172.0) == [172]
    assert [read("emails[0].verified", each) for each in ("Ndiyo", "no", "perhaps")] == [[True], [False], ["perhaps"]]
    assert read("birth_date", "17/05/1971", date="DD/MM/YYYY") == ["1971-05-17"]
    assert read("birth_date", DAY) == ["1971-05-17"]


def test_a_date_of_another_form_is_refused_with_the_way_out() -> None:
    with pytest.raises(Refused) as refused:
        read("birth_date", "17/05/1971")

    assert refused.value.code == "DATE_MALFORMED"
    assert "--dates DD/MM/YYYY" in refused.value.remedy


def test_a_table_of_codes_translates_whatever_the_capitals() -> None:
    reading = Reading(target("sex"), values=(("m", "male"), ("mke", "female")))

    assert [reading.read(each) for each in ("M", "Mke", "male", "Q")] == [["male"], ["female"], ["male"], ["Q"]]


def test_one_cell_may_hold_several_values() -> None:
    assert read("nationalities[]", "KE; UG;;", split=";") == ["KE", "UG"]
    assert read("nationalities[]", "", split=";") == []


def test_an_empty_cell_holds_nothing() -> None:
    assert [read("names[0].full", each) for each in ("", "  ", None)] == [[], [], []]


@given(st.text(max_size=30))
def test_nothing_that_is_disarmed_begins_like_a_formula(text: str) -> None:
    assert not disarmed(text).lstrip(" ").startswith(EXECUTED)
    assert plain(disarmed(text)) == text or plain(text) != text
