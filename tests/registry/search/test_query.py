"""What is known of the person sought, read strictly."""

from typing import Any

import orjson
import pytest

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass
from registry.matching import types
from registry.search.query import CLASSES, LONGEST, SearchQuery

WHOLE = SearchQuery(
    name="Juma Mwakio",
    birth_date=PartialDate(1971, 5),
    sex="male",
    nationality="KE",
    county="Kwale",
    identifiers=(types.Identifier("national_id", "INV1234567", "KE"),),
    phone="0712 345 678",
    email="juma@mail.example",
    handle=types.Handle("invented", "mwakio_71"),
    marks=(types.Mark("tattoo", "Left forearm", "An invented anchor"),),
    plate="KXX 00?X",
    near=types.Near(5.0, (-4.18, 39.46)),
    modus_operandi=("online_grooming",),
    handle_part=types.Handle("invented", "mwakio"),
    platform="invented",
)


def test_the_matcher_sees_every_criterion() -> None:
    assert WHOLE.identity() == types.Identity(
        names=("Juma Mwakio",),
        birth_date=PartialDate(1971, 5),
        sex="male",
        nationalities=("KE",),
        county="Kwale",
        identifiers=WHOLE.identifiers,
        phones=("0712 345 678",),
        emails=("juma@mail.example",),
        handles=(types.Handle("invented", "mwakio_71"),),
        marks=WHOLE.marks,
        plates=("KXX 00?X",),
        methods=("online_grooming",),
        near=WHOLE.near,
        handle_parts=(types.Handle("invented", "mwakio"),),
        platforms=("invented",),
    )
    assert SearchQuery(name="Juma").identity() == types.Identity(names=("Juma",))


@pytest.mark.parametrize(
    "criteria", [{}, {"sex": "male"}, {"nationality": "KE"}, {"county": "Kwale"}, {"sex": "male", "county": "Kwale"}]
)
def test_a_search_for_nobody_in_particular_is_refused(criteria: dict[str, Any]) -> None:
    with pytest.raises(InputRefused) as caught:
        SearchQuery(**criteria)

    assert (caught.value.code, caught.value.field) == ("CRITERIA_TOO_FEW", "criteria")


@pytest.mark.parametrize(
    "criteria",
    [
        {"name": "Juma"}, {"birth_date": PartialDate(1971)}, {"phone": "0712"}, {"email": "a@b.example"},
        {"handle": types.Handle(None, "a")}, {"identifiers": (types.Identifier("passport", "A1"),)},
    ],
)  # fmt: skip
def test_one_criterion_that_names_somebody_is_enough(criteria: dict[str, Any]) -> None:
    assert SearchQuery(**criteria).classes()


def with_text(field: str, text: str) -> dict[str, Any]:
    values: dict[str, Any] = {"name": "Juma", field: text}
    if field == "identifier":
        values = {"identifiers": (types.Identifier("passport", text),)}
    if field == "handle":
        values = {"handle": types.Handle(None, text)}
    return values


@pytest.mark.parametrize("field", LONGEST)
@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "a\x7fb", "a\u202eb", "\ud800", "\x1b[0m", "too long"])
def test_a_criterion_is_a_line_of_text(field: str, text: str) -> None:
    text = "a" * (LONGEST[field] + 1) if text == "too long" else text

    with pytest.raises(InputRefused) as caught:
        SearchQuery(**with_text(field, text))

    assert (caught.value.code, caught.value.field) == ("CRITERION_MALFORMED", field)
    assert caught.value.remedy
    assert text.strip() == "" or text not in str(caught.value)


@pytest.mark.parametrize("field", LONGEST)
def test_the_longest_line_is_taken(field: str) -> None:
    text = "a" * LONGEST[field]

    assert text in str(SearchQuery(**with_text(field, text)).to_json())


def test_each_criterion_has_the_class_of_the_field_it_searches() -> None:
    assert WHOLE.classes() == CLASSES
    assert SearchQuery(phone="0712").classes() == {"phone": FieldClass.CONTACT}


def test_criteria_are_written_down_whole_and_as_given() -> None:
    written = orjson.loads(orjson.dumps(WHOLE.to_json()))

    assert written == {
        "name": "Juma Mwakio",
        "birthDate": "1971-05",
        "sex": "male",
        "nationality": "KE",
        "county": "Kwale",
        "identifiers": [["national_id", "INV1234567", "KE"]],
        "phone": "0712 345 678",
        "email": "juma@mail.example",
        "handle": ["invented", "mwakio_71"],
        "marks": [["tattoo", "Left forearm", "An invented anchor", ""]],
        "plate": "KXX 00?X",
        "near": [5.0, [-4.18, 39.46], "", ""],
        "modusOperandi": ["online_grooming"],
        "handlePart": ["invented", "mwakio"],
        "platform": "invented",
    }
    assert SearchQuery(name="Juma").to_json()["handle"] is None
