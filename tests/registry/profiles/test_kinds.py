"""Kinds of values: read and show are inverse, a schema admits what is shown, and an error repeats nothing."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, strategies as st

from registry.profiles import kinds
from registry.profiles.forms import members
from registry.profiles.kinds import (
    COUNTRIES,
    COUNTRY,
    DATE,
    DAY,
    DIGEST,
    EMAIL,
    FLAG,
    NUMBER,
    PHONE,
    PLATFORM,
    PUBLIC_ID,
    Code,
    Kind,
    Line,
    Listed,
    Prose,
    Refused,
    Whole,
    is_plain,
)
from registry.profiles.parts import NamePart
from registry.profiles.record import GROUPS
from tests.factories import EDITION
from tests.registry.profiles.strategies import values


def described() -> Iterator[Kind]:
    """Yield every kind that stands in a record."""
    yield from (group.kind for group in GROUPS.values() if group.kind is not None)
    for part in (*(group.part for group in GROUPS.values() if group.part), NamePart):
        yield from (each.kind for each in members(part) if each.kind is not None)


KINDS = list({kind.words(): kind for kind in described()}.values())
"""Every kind once."""
SECRET = "Zxq9Secret"
"""A value that must not come back in an error."""
ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.lists(st.text(max_size=4))
)


def refusal(kind: Kind, value: object) -> Refused | None:
    try:
        kind.read(value, EDITION)
    except Refused as refused:
        return refused
    return None


# -- laws of every kind that stands in a record


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.words()[:40])
@given(data=st.data())
def test_what_is_shown_reads_and_revives_as_the_value_it_was(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(values(kind))

    shown = orjson.loads(orjson.dumps(kind.show(value)))

    assert kind.read(shown, EDITION) == value
    assert kind.revive(shown) == value


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.words()[:40])
@given(data=st.data())
def test_a_schema_admits_whatever_is_shown(kind: Kind, data: st.DataObject) -> None:

    assert admits(kind.schema(EDITION), kind.show(data.draw(values(kind))))


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.words()[:40])
@given(given_value=ANYTHING)
def test_whatever_is_given_is_read_or_refused_with_rule_and_remedy(kind: Kind, given_value: object) -> None:
    try:
        value = kind.read(given_value, EDITION)
    except Refused as refused:
        assert re.fullmatch(r"[A-Z]+(_[A-Z]+)+", refused.code)  # noqa: PT017  either outcome is right, and each is checked
        assert refused.rule.endswith(".")  # noqa: PT017
        assert refused.remedy.endswith(".")  # noqa: PT017
    else:
        assert kind.read(kind.show(value), EDITION) == value


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.words()[:40])
def test_an_error_never_repeats_the_value(kind: Kind) -> None:
    refused = refusal(kind, f"{SECRET}\x00")

    assert refused is not None
    assert SECRET not in f"{refused.rule} {refused.remedy} {refused}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda each: each.words()[:40])
def test_each_kind_says_to_people_what_it_is(kind: Kind) -> None:
    words = kind.words()

    assert words
    assert not words.endswith(".")
    assert "|" not in words  # it stands in a table of docs/dictionary.md


def admits(schema: dict[str, Any], value: Any) -> bool:
    """Say whether a schema admits a value: the few words of JSON Schema that kinds use."""
    known = {"type", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "format"}
    assert schema.keys() <= known
    if "enum" in schema:
        return value in schema["enum"]
    if schema["type"] == "string":
        return (
            isinstance(value, str)
            and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
            and re.search(schema.get("pattern", ""), value) is not None
        )
    if schema["type"] == "integer":
        return type(value) is int and schema["minimum"] <= value <= schema["maximum"]
    return schema["type"] == "boolean" and isinstance(value, bool)


# -- each kind

LINE, TEXT = Line(20), Prose(30)
HEIGHT = Whole(50, 250, "centimetres")
COLOUR = Code("red", "blue")
COUNTY = Listed("counties", lambda edition: edition.counties)
READ: list[tuple[Kind, Any, Any]] = [
    (LINE, "  Juma   Mwakio ", "Juma Mwakio"),
    (LINE, "Wanjiku\u0303", "Wanjikũ"),
    (LINE, "a\tb\nc", "a b c"),
    (LINE, "x" * 20, "x" * 20),
    (LINE, "\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
    (TEXT, " one \r\n  two  words\n\n three ", "one\ntwo words\n\nthree"),
    (COLOUR, "red", "red"),
    (COUNTY, "Kwale", "Kwale"),
    (NUMBER, " ak 123/4 ", "AK 123/4"),
    (NUMBER, "123", "123"),
    (PLATFORM, "invented.social_1", "invented.social_1"),
    (DIGEST, "0" * 64, "0" * 64),
    (COUNTRY, "KE", "KE"),
    (PHONE, "0712 345 678", "+254712345678"),
    (PHONE, "+1 650 253 0000", "+16502530000"),
    (EMAIL, " Juma@Mail.EXAMPLE ", "Juma@mail.example"),
    (EMAIL, "juma+ng'ombe@mail.example", "juma+ng'ombe@mail.example"),
    (HEIGHT, 50, 50),
    (HEIGHT, 250, 250),
    (FLAG, False, False),
]


@pytest.mark.parametrize(("kind", "given_value", "expected"), READ, ids=[str(number) for number in range(len(READ))])
def test_a_value_becomes_canonical(kind: Kind, given_value: Any, expected: Any) -> None:
    assert kind.read(given_value, EDITION) == expected


REFUSED: list[tuple[Kind, Any, str]] = [
    *[(LINE, each, "TEXT_MALFORMED") for each in ("", "  ", "x" * 21, 7, None, ["a"], "a\x00b", "a\u202eb", "a\u200bb",
                                                  "\ud800", "\ue000", "a\x1b[0m")],
    *[(TEXT, each, "TEXT_MALFORMED") for each in ("", "\n \n", "x" * 31, 7, "a\x00", "a\u202e")],
    (Line(200), "Victim: Asha Invented, aged 11", "VICTIM_DATA"),
    (Prose(200), "Defiled Asha Wanjiru\naged 11", "VICTIM_DATA"),
    *[(COLOUR, each, "CODE_UNKNOWN") for each in ("Red", "", None, 1, ["red"], {"a": 1})],
    *[(COUNTY, each, "CODE_UNKNOWN") for each in ("kwale", "Kampala", None, {"a": 1})],
    *[(NUMBER, each, "FORM_MALFORMED") for each in ("12", "x" * 41, "AKß12", "AK\u06612", "12#4", "/123", 1234, None)],
    *[(PLATFORM, each, "FORM_MALFORMED") for each in ("Invented", "", "a" * 41, ".a", None, 7, "a b")],
    *[(DIGEST, each, "FORM_MALFORMED") for each in ("0" * 63, "A" * 64, "g" * 64, None)],
    *[(kinds.ADDRESS, each, "FORM_MALFORMED") for each in ("javascript:alert(1)", "ftp://a.example", "https://",
                                                           "https://a.example/ä", "https://a.example/ x", None)],
    *[(PUBLIC_ID, each, "FORM_MALFORMED") for each in ("", "x" * 22, "x" * 24, "x" * 22 + "=", None)],
    *[(COUNTRY, each, "COUNTRY_UNKNOWN") for each in ("ke", "Kenya", "XX", "", None, ["KE"])],
    *[(PHONE, each, "PHONE_MALFORMED") for each in ("", "12", "0712-FLOWERS", "+254712345678 ext 5", "0" * 41, None,
                                                    254712345678, "+999 712345678")],
    *[(EMAIL, each, "FORM_MALFORMED") for each in ("", "a@", "a@host", "a@@b.example", "a b@c.example", "a@é.example",
                                                   "a@" + "b" * 250 + ".example", None, "a\u202e@b.example")],
    *[(HEIGHT, each, "NUMBER_MALFORMED") for each in (49, 251, 170.0, "170", True, None)],
    *[(FLAG, each, "FLAG_MALFORMED") for each in (0, 1, "true", None)],
    *[(DATE, each, "DATE_MALFORMED") for each in ("", "1971-13", "1971-02-29", 1971, None, "71", "1971/")],
    *[(DATE, each, "DATE_OUT_OF_RANGE") for each in ("1849", "2200", "0001-01-01")],
    *[(DATE, each, "DATE_OUT_OF_ORDER") for each in ("1972/1971", "1971/1971", "1971-05/1971")],
    *[(DAY, each, "DATE_MALFORMED") for each in ("1971", "1971-05", "1971-05-17/1972-01-01", "")],
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given_value", "code"), REFUSED, ids=[str(number) for number in range(len(REFUSED))])
def test_a_value_that_breaks_a_rule_is_refused(kind: Kind, given_value: Any, code: str) -> None:
    refused = refusal(kind, given_value)

    assert refused is not None
    assert refused.code == code


@given(st.text(max_size=20))
def test_plain_text_hides_nothing(text: str) -> None:
    if is_plain(text):
        text.encode()
        assert not {"\x00", "\x1b", "\u202e", "\u2066", "\u200b", "\ufeff"} & set(text)


def test_codes_are_countries_of_the_standard() -> None:
    assert {"KE", "TZ", "UG", "GB"} <= COUNTRIES
    assert "XX" not in COUNTRIES


def test_few_codes_are_told_and_many_are_named() -> None:
    few, many = refusal(COLOUR, "green"), refusal(COUNTY, "Kampala")

    assert few is not None
    assert many is not None
    assert few.remedy == "Write one of: red, blue."
    assert many.remedy == "Write one of: those of the country edition."
