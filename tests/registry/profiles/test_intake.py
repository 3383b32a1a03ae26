"""Reading a record that somebody hands in: strictly, and with every problem named."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings, strategies as st

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.profiles import intake, parts, rows
from registry.profiles.forms import members
from registry.profiles.intake import Problems
from registry.profiles.parts import Conviction, Email, Handle, Identifier, LegalBasis, Name, NamePart, Phone
from registry.profiles.record import GROUPS, Record
from registry.synthetic.register import people
from tests.factories import AGENCY, EDITION, conviction, named, read, record
from tests.registry.profiles.whole import EVERY_MEMBER

SECRET = "Zxq9Secret"
"""A value that must not come back in an error."""


def problems(value: object) -> list[tuple[str | None, str]]:
    """Return field and code of each problem."""
    with pytest.raises(Problems) as caught:
        read(value)
    for each in caught.value.found:
        assert each.field
        assert each.message.endswith(".")
        assert each.remedy
        assert each.remedy.endswith(".")
    return [(each.field, each.code) for each in caught.value.found]


# -- what is read


def test_a_whole_record_is_read_into_its_parts() -> None:
    found = read(record())

    assert found == Record(
        owner=AGENCY,
        legal_basis=LegalBasis("KE-SOA-39-13", "Sexual Offences Act 2006, section 39(13)"),
        names=(
            Name("Juma Hamisi Mwakio", (NamePart("given", "Juma"), NamePart("family", "Mwakio")), "Latn", "legal"),
            Name("Mwalimu Jay", (), "Latn", "alias"),
        ),
        birth_date=PartialDate(1971, 5, 17),
        sex="male",
        nationalities=("KE",),
        identifiers=(Identifier("national_id", "INV1234567", "KE"),),
        phones=(Phone("+254712345678"),),
        emails=(Email("juma@mail.example"),),
        handles=(Handle("mwakio_71", "invented"),),
        county="Kwale",
        convictions=(
            Conviction(next(iter(EDITION.offences)), "Invented Law Courts", "SO 12/2015", PartialDate(2015, 3, 9),
                       "Ten years", "12-15", "female", catalogue=EDITION.offence_catalogue_version),
        ),
    )  # fmt: skip


def test_names_convictions_and_a_legal_basis_are_enough() -> None:
    found = read({name: record()[name] for name in ("names", "convictions", "legal_basis")})

    assert (found.birth_date, found.sex, found.county) == (None, "unknown", None)
    for field in ("phones", "emails", "handles", "identifiers", "nationalities"):
        assert getattr(found, field) == ()


def test_null_stands_for_what_is_not_known() -> None:
    unknown = ("birth_date", "nationalities", "identifiers", "phones", "emails", "handles", "county")

    assert read(record() | dict.fromkeys(unknown)) == read(record(**dict.fromkeys(unknown)))


def test_the_owner_is_who_hands_in_unless_the_record_says_otherwise() -> None:
    assert read(record()).owner == AGENCY
    assert read(record(record_owner="ke-elsewhere")).owner == "ke-elsewhere"


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"names": [{"full": "  Wanjiku\u0303  wa\tKamau\n"}]}, "names",
         (Name("Wanjikũ wa Kamau", (), "Latn", "legal"),)),
        ({"names": [{"full": "محمد", "script": "Arab", "kind": "original"}]}, "names",
         (Name("محمد", (), "Arab", "legal"),)),
        ({"names": [{"full": "A B", "kind": "maiden"}]}, "names", (Name("A B", (), "Latn", "previous"),)),
        ({"names": [{"full": "A B"}, {"full": "A  B"}]}, "names", (Name("A B", (), "Latn", "legal"),)),
        ({"phones": ["0712 345 678", "+254 712-345678", "(0712) 345678"]}, "phones", (Phone("+254712345678"),)),
        ({"phones": ["+1 650 253 0000"]}, "phones", (Phone("+16502530000"),)),
        ({"emails": [" Juma@Mail.EXAMPLE "]}, "emails", (Email("Juma@mail.example"),)),
        ({"identifiers": [{"type": "passport", "value": " ak 123/4 "}]}, "identifiers",
         (Identifier("passport", "AK 123/4", None),)),
        ({"handles": [{"handle": " mwakio  71 "}]}, "handles", (Handle("mwakio 71"),)),
        ({"birth_date": None, "dob": {"value": "1971-05", "precision": "month"}}, "birth_date", PartialDate(1971, 5)),
        ({"birth_date": None, "dob": {"value": None, "precision": "unknown"}}, "birth_date", None),
        ({"sex": "other"}, "sex", "other"),
    ],
)  # fmt: skip
def test_values_become_canonical(changes: dict[str, Any], field: str, expected: object) -> None:
    assert getattr(read(record(**changes)), field) == expected


def test_of_a_victim_nothing_is_required() -> None:
    told = {name: value for name, value in conviction().items() if not name.startswith("victim")}

    (found,) = read(record(convictions=[told])).convictions

    assert (found.victim_age_band, found.victim_sex) == ("unknown", "unknown")


def test_what_is_read_reads_the_same_again() -> None:
    found = read(record())

    assert read(rows.shown(found)) == found


def test_the_synthetic_register_is_read_as_it_is() -> None:
    found = [read(person) for person in people(count=300)]

    assert len(found) == 300
    assert {each.owner for each in found} == {"DEMO-DCI"}


# -- what is refused


def over(changes: dict[str, Any]) -> dict[str, Any]:
    return record() | changes


TOO_LONG = SECRET * 100
CASES: list[tuple[dict[str, Any], str, str]] = [
    # the record
    ({SECRET.lower(): 1}, SECRET.lower(), "FIELD_UNKNOWN"),
    ({"a\nb": SECRET}, "?", "FIELD_UNKNOWN"),
    ({"": SECRET}, "?", "FIELD_UNKNOWN"),
    ({"x" * 100: SECRET}, "x" * 40, "FIELD_UNKNOWN"),
    ({"record_owner": ""}, "owner", "TEXT_MALFORMED"),
    ({"record_owner": TOO_LONG}, "owner", "TEXT_MALFORMED"),
    ({"owner": TOO_LONG}, "owner", "TEXT_MALFORMED"),
    # names
    ({"names": None}, "names", "LIST_MALFORMED"),
    ({"names": []}, "names", "LIST_MALFORMED"),
    ({"names": SECRET}, "names", "LIST_MALFORMED"),
    ({"names": {"full": SECRET}}, "names", "LIST_MALFORMED"),
    ({"names": [{"full": "A B"}] * 51}, "names", "LIST_MALFORMED"),
    ({"names": [SECRET]}, "names[0]", "NAME_MALFORMED"),
    ({"names": [None]}, "names[0]", "NAME_MALFORMED"),
    ({"names": [{}]}, "names[0].full", "FIELD_MISSING"),
    ({"names": [{"full": ""}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": "   "}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": 7}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": [SECRET]}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": TOO_LONG}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\x00"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\x1c"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\x85"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\u202e"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\u200b"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\ud800"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": f"{SECRET}\ue000"}]}, "names[0].full", "TEXT_MALFORMED"),
    ({"names": [{"full": "4711"}]}, "names[0].full", "NAME_MALFORMED"),
    ({"names": [{"full": "J."}]}, "names[0].full", "NAME_MALFORMED"),
    ({"names": [{"full": "A B", "kind": SECRET}]}, "names[0].kind", "CODE_UNKNOWN"),
    ({"names": [{"full": "A B", "kind": []}]}, "names[0].kind", "CODE_UNKNOWN"),
    ({"names": [{"full": "A B", "script": SECRET}]}, "names[0].script", "CODE_UNKNOWN"),
    ({"names": [{"full": "A B", "script": {}}]}, "names[0].script", "CODE_UNKNOWN"),
    ({"names": [{"full": "A B", "given": SECRET}]}, "names[0].given", "FIELD_UNKNOWN"),
    ({"names": [{"full": "A B", "parts": SECRET}]}, "names[0].parts", "NAME_MALFORMED"),
    ({"names": [{"full": "A B", "parts": []}]}, "names[0].parts", "NAME_MALFORMED"),
    ({"names": [{"full": "A B", "parts": {"title": SECRET}}]}, "names[0].parts.title", "FIELD_UNKNOWN"),
    ({"names": [{"full": "A B", "parts": {"given": ""}}]}, "names[0].parts.given", "TEXT_MALFORMED"),
    ({"names": [{"full": "A B", "parts": {"given": TOO_LONG}}]}, "names[0].parts.given", "TEXT_MALFORMED"),
    # birth date
    ({"birth_date": SECRET}, "birth_date", "DATE_MALFORMED"),
    ({"birth_date": 1971}, "birth_date", "DATE_MALFORMED"),
    ({"birth_date": ""}, "birth_date", "DATE_MALFORMED"),
    ({"birth_date": "1971-13"}, "birth_date", "DATE_MALFORMED"),
    ({"birth_date": "1971-00"}, "birth_date", "DATE_MALFORMED"),
    ({"birth_date": "1971-02-29"}, "birth_date", "DATE_MALFORMED"),
    ({"birth_date": "0001-01-01"}, "birth_date", "DATE_OUT_OF_RANGE"),
    ({"dob": {"value": "1971", "precision": "year"}}, "dob", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": None}, "dob", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": "1971"}, "dob", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": {"value": "1971"}}, "dob", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": {"value": "1971", "precision": "year", "note": SECRET}}, "dob", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": {"value": SECRET, "precision": "day"}}, "dob.value", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": {"value": "1971", "precision": "day"}}, "dob.precision", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": {"value": "1971", "precision": []}}, "dob.precision", "DATE_MALFORMED"),
    ({"birth_date": None, "dob": {"value": None, "precision": "day"}}, "dob.value", "DATE_MALFORMED"),
    # codes
    ({"sex": SECRET}, "sex", "CODE_UNKNOWN"),
    ({"sex": "MALE"}, "sex", "CODE_UNKNOWN"),
    ({"sex": ["male"]}, "sex", "CODE_UNKNOWN"),
    ({"county": SECRET}, "county", "CODE_UNKNOWN"),
    ({"county": "kwale"}, "county", "CODE_UNKNOWN"),
    ({"county": {}}, "county", "CODE_UNKNOWN"),
    ({"nationalities": "KE"}, "nationalities", "LIST_MALFORMED"),
    ({"nationalities": ["Kenya"]}, "nationalities[0]", "COUNTRY_UNKNOWN"),
    ({"nationalities": ["KE", "ke"]}, "nationalities[1]", "COUNTRY_UNKNOWN"),
    ({"nationalities": ["XX"]}, "nationalities[0]", "COUNTRY_UNKNOWN"),
    ({"nationalities": [None]}, "nationalities[0]", "COUNTRY_UNKNOWN"),
    ({"nationalities": [["KE"]]}, "nationalities[0]", "COUNTRY_UNKNOWN"),
    # identifiers
    ({"identifiers": [SECRET]}, "identifiers[0]", "IDENTIFIER_MALFORMED"),
    ({"identifiers": [{"value": "123456"}]}, "identifiers[0].type", "FIELD_MISSING"),
    ({"identifiers": [{"type": SECRET, "value": "123456"}]}, "identifiers[0].type", "CODE_UNKNOWN"),
    ({"identifiers": [{"type": "passport"}]}, "identifiers[0].value", "FIELD_MISSING"),
    ({"identifiers": [{"type": "passport", "value": 123456}]}, "identifiers[0].value", "FORM_MALFORMED"),
    ({"identifiers": [{"type": "passport", "value": "12"}]}, "identifiers[0].value", "FORM_MALFORMED"),
    ({"identifiers": [{"type": "passport", "value": TOO_LONG}]}, "identifiers[0].value", "FORM_MALFORMED"),
    ({"identifiers": [{"type": "passport", "value": f"{SECRET}#"}]}, "identifiers[0].value", "FORM_MALFORMED"),
    ({"identifiers": [{"type": "passport", "value": "AKß12"}]}, "identifiers[0].value", "FORM_MALFORMED"),
    ({"identifiers": [{"type": "passport", "value": "AK\u06612"}]}, "identifiers[0].value", "FORM_MALFORMED"),
    ({"identifiers": [{"type": "passport", "value": "AK12", "country": "Kenya"}]}, "identifiers[0].country",
     "COUNTRY_UNKNOWN"),
    ({"identifiers": [{"type": "passport", "value": "AK12", "number": SECRET}]}, "identifiers[0].number",
     "FIELD_UNKNOWN"),
    # phones and addresses
    ({"phones": [SECRET]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": [254712345678]}, "phones[0]", "PART_MALFORMED"),
    ({"phones": [""]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["12"]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["712345"]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["+999 712345678"]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["0712-FLOWERS"]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["+254712345678 ext 5"]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["+254712345678#5"]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": ["0" * 10_000]}, "phones[0].number", "PHONE_MALFORMED"),
    ({"phones": [None]}, "phones[0]", "PART_MALFORMED"),
    ({"emails": [SECRET]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}@"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}@host"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}@@mail.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET} x@mail.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}\u00a0x@mail.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}\x00@mail.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}\ud800@mail.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [f"{SECRET}\u202e@mail.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": ["a@" + "b" * 250 + ".example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": ["a@\u00e9.example"]}, "emails[0].address", "FORM_MALFORMED"),
    ({"emails": [{}]}, "emails[0].address", "FIELD_MISSING"),
    ({"handles": [SECRET]}, "handles[0]", "HANDLE_MALFORMED"),
    ({"handles": [{"platform": "invented"}]}, "handles[0].handle", "FIELD_MISSING"),
    ({"handles": [{"platform": SECRET, "handle": "a"}]}, "handles[0].platform", "FORM_MALFORMED"),
    ({"handles": [{"platform": 7, "handle": "a"}]}, "handles[0].platform", "FORM_MALFORMED"),
    ({"handles": [{"handle": TOO_LONG}]}, "handles[0].handle", "TEXT_MALFORMED"),
    ({"handles": [{"handle": "a", "url": SECRET}]}, "handles[0].url", "FIELD_UNKNOWN"),
    # convictions
    ({"convictions": None}, "convictions", "LIST_MALFORMED"),
    ({"convictions": []}, "convictions", "LIST_MALFORMED"),
    ({"convictions": [SECRET]}, "convictions[0]", "CONVICTION_MALFORMED"),
    ({"convictions": [conviction(offence=SECRET)]}, "convictions[0].offence", "CODE_UNKNOWN"),
    ({"convictions": [conviction(court="")]}, "convictions[0].court", "TEXT_MALFORMED"),
    ({"convictions": [conviction(case_number=TOO_LONG)]}, "convictions[0].case_number", "TEXT_MALFORMED"),
    ({"convictions": [conviction(convicted_on=None)]}, "convictions[0].convicted_on", "FIELD_MISSING"),
    ({"convictions": [conviction(convicted_on="2015-02-30")]}, "convictions[0].convicted_on", "DATE_MALFORMED"),
    ({"convictions": [conviction(sentence=TOO_LONG)]}, "convictions[0].sentence", "TEXT_MALFORMED"),
    ({"convictions": [conviction(victim_age_band="13")]}, "convictions[0].victim_age_band", "CODE_UNKNOWN"),
    ({"convictions": [conviction(victim_sex=SECRET)]}, "convictions[0].victim_sex", "CODE_UNKNOWN"),
    ({"convictions": [conviction(judge=SECRET)]}, "convictions[0].judge", "FIELD_UNKNOWN"),
    # legal basis
    ({"legal_basis": None}, "legal_basis", "LEGAL_BASIS_MISSING"),
    ({"legal_basis": SECRET}, "legal_basis", "LEGAL_BASIS_MISSING"),
    ({"legal_basis": {"code": "KE-SOA-39-13"}}, "legal_basis.article", "FIELD_MISSING"),
    ({"legal_basis": {"code": SECRET, "article": "s. 1"}}, "legal_basis.code", "CODE_UNKNOWN"),
    ({"legal_basis": {"code": "KE-SOA-39-13", "article": "s. 1", "x": SECRET}}, "legal_basis.x", "FIELD_UNKNOWN"),
    # of victims
    ({"victim": {"name": SECRET}}, "victim", "VICTIM_DATA"),
    ({"VictimName": SECRET}, "VictimName", "VICTIM_DATA"),
    ({"complainant": SECRET}, "complainant", "VICTIM_DATA"),
    ({"jina_la_mtoto": SECRET}, "jina_la_mtoto", "VICTIM_DATA"),
    ({"mwathiriwa": SECRET}, "mwathiriwa", "VICTIM_DATA"),
    ({"convictions": [conviction(victim_name=SECRET)]}, "convictions[0].victim_name", "VICTIM_DATA"),
    ({"convictions": [conviction(child=SECRET)]}, "convictions[0].child", "VICTIM_DATA"),
    ({"names": [{"full": "A B", "minor": SECRET}]}, "names[0].minor", "VICTIM_DATA"),
    ({"identifiers": [{"type": "passport", "value": "AK12", "victim": SECRET}]}, "identifiers[0].victim",
     "VICTIM_DATA"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "field", "code"), CASES, ids=[f"{each[1][:40]!r}-{each[2]}" for each in CASES])
def test_each_rule_names_its_field_and_never_repeats_the_value(changes: dict[str, Any], field: str, code: str) -> None:
    value = over(changes)

    assert problems(value) == [(field, code)]
    with pytest.raises(Problems) as caught:
        read(value)

    told = " ".join(f"{each.message} {each.remedy}" for each in caught.value.found)
    assert SECRET not in told


@pytest.mark.parametrize("value", [None, 7, "text", [], [record()], True])
def test_a_record_is_an_object(value: object) -> None:
    assert problems(value) == [("record", "RECORD_MALFORMED")]


def test_everything_that_is_wrong_is_told_at_once_and_the_first_leads() -> None:
    value = record(names=[{"full": ""}, {"full": "A B", "kind": "?"}], sex="?", phones=["?"], county="?")

    with pytest.raises(Problems) as caught:
        read(value)

    assert [each.field for each in caught.value.found] == [
        "names[0].full", "names[1].kind", "sex", "phones[0].number", "county",
    ]  # fmt: skip
    assert (caught.value.field, caught.value.code) == ("names[0].full", "TEXT_MALFORMED")


def test_fifty_of_each_are_taken() -> None:
    found = read(named(*[f"Name {number}" for number in range(50)]))

    assert len(found.names) == 50


# -- every member of every part, by its description

PARTS = {name: group for name, group in GROUPS.items() if group.part is not None}
ELSEWHERE = replace(EDITION, parents_names="Invented Act, section 1")
"""A country where a law asks for parents' names."""


def part_of(name: str) -> dict[str, Any]:
    """Return one part in which every member is given."""
    value = EVERY_MEMBER[name]
    part: dict[str, Any] = value[0] if GROUPS[name].many else value
    return part


def with_part(name: str, part: object) -> tuple[dict[str, Any], str]:
    """Return a whole record with this part, and the part's place."""
    return EVERY_MEMBER | {name: [part] if GROUPS[name].many else part}, f"{name}[0]" if GROUPS[name].many else name


def told(value: object) -> list[tuple[str | None, str]]:
    try:
        intake.record(value, ELSEWHERE, owner=AGENCY)
    except Problems as refused:
        return [(each.field, each.code) for each in refused.found]
    return []


def test_a_record_with_every_member_is_read_into_all_of_them() -> None:
    found = intake.record(EVERY_MEMBER, ELSEWHERE, owner="somebody else")

    assert rows.shown(found) == EVERY_MEMBER
    assert set(EVERY_MEMBER) == set(GROUPS)
    for name, group in PARTS.items():
        assert group.part is not None
        assert set(part_of(name)) == {each.name for each in members(group.part)}, name


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_an_object(name: str) -> None:
    value, place = with_part(name, 7)

    codes = {"names": "NAME", "identifiers": "IDENTIFIER", "handles": "HANDLE", "convictions": "CONVICTION"}
    code = "LEGAL_BASIS_MISSING" if name == "legal_basis" else f"{codes.get(name, 'PART')}_MALFORMED"
    assert told(value) == [(place, code)]


@pytest.mark.parametrize("name", PARTS)
def test_a_part_has_no_members_but_its_own(name: str) -> None:
    value, place = with_part(name, part_of(name) | {"invented": SECRET})

    assert told(value) == [(f"{place}.invented", "FIELD_UNKNOWN")]


@pytest.mark.parametrize("name", PARTS)
def test_no_part_has_a_place_for_a_victim(name: str) -> None:
    value, place = with_part(name, part_of(name) | {"victim_name": SECRET})

    assert told(value) == [(f"{place}.victim_name", "VICTIM_DATA")]


@pytest.mark.parametrize("absent", ["left out", "null"])
@pytest.mark.parametrize("name", PARTS)
def test_each_required_member_is_given_and_each_other_may_be_unknown(name: str, absent: str) -> None:
    part = PARTS[name].part
    assert part is not None
    for each in members(part):
        without = {key: value for key, value in part_of(name).items() if key != each.name}
        value, place = with_part(name, without if absent == "left out" else without | {each.name: None})

        assert told(value) == ([(f"{place}.{each.name}", "FIELD_MISSING")] if each.required else [])


@pytest.mark.parametrize("name", PARTS)
def test_each_member_is_read_strictly(name: str) -> None:
    part = PARTS[name].part
    assert part is not None
    for each in members(part):
        for spoilt_value in ({"a": SECRET}, -1, 7.5, SECRET * 300, f"{SECRET}\x00"):
            value, place = with_part(name, part_of(name) | {each.name: spoilt_value})

            ((field, _),) = told(value)
            assert field is not None
            assert field.startswith(f"{place}.{each.name}"), (each.name, spoilt_value)


@pytest.mark.parametrize("name", [name for name, group in GROUPS.items() if group.many])
def test_of_each_list_at_most_fifty_are_taken_and_a_list_it_is(name: str) -> None:
    values = EVERY_MEMBER[name]

    assert told(EVERY_MEMBER | {name: (values * 50)[:50]}) == []
    assert told(EVERY_MEMBER | {name: values[:1] * 51}) == [(name, "LIST_MALFORMED")]
    assert told(EVERY_MEMBER | {name: values[0]}) == [(name, "LIST_MALFORMED")]


def test_a_conviction_without_its_catalogue_is_of_the_edition_s() -> None:
    (found,) = read(record()).convictions

    assert found.catalogue == EDITION.offence_catalogue_version


@pytest.mark.parametrize(("group", "member"), [("phones", "number"), ("emails", "address")])
def test_older_files_write_phones_and_addresses_as_texts(group: str, member: str) -> None:
    text = EVERY_MEMBER[group][0][member]

    assert read(record(**{group: [text]})) == read(record(**{group: [{member: text}]}))


# -- a corpus of spoilt records


def spoilt(seed: int) -> dict[str, Any]:
    """Return a whole record in which one to three places hold something else."""
    draw = Random(seed)
    value = copy.deepcopy(record())
    for _ in range(draw.randint(1, 3)):
        container, key = draw.choice(list(_places(value)))
        container[key] = draw.choice(
            [
                None,
                "",
                0,
                -1.5,
                True,
                [],
                {},
                [[]],
                "\x00",
                "\ud800",
                SECRET * 60,
                {"a": SECRET},
                [SECRET],
                [None],
                "💀",
            ]
        )
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(items):
        yield value, key
        yield from _places(each)


@pytest.mark.parametrize("seed", range(150))
def test_a_spoilt_record_is_a_record_or_refused_with_codes(seed: int) -> None:
    value = spoilt(seed)

    try:
        found = read(value)
    except Problems as refused:
        assert all(each.code.isupper() and each.field and each.remedy for each in refused.found)  # noqa: PT017
        assert SECRET not in str(refused)  # noqa: PT017  either outcome is right, and each is checked
    else:
        assert read(orjson.loads(rows.canonical(found))) == found


# -- anything at all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {}, optional={name: JSON | st.just(value) for name, value in (record() | {"dob": {}, "id": "1"}).items()}
)


@given(JSON | NEARLY)
@settings(max_examples=300)
def test_whatever_is_handed_in_is_a_record_or_problems(value: object) -> None:
    try:
        found = intake.record(value, EDITION, owner=AGENCY)
    except Problems as refused:
        assert refused.found  # noqa: PT017  either outcome is right, and each is checked
        assert isinstance(refused, InputRefused)  # noqa: PT017
    else:
        assert isinstance(found, Record)
        assert intake.record(orjson.loads(rows.canonical(found)), EDITION, owner=AGENCY) == found


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=300)
def test_a_line_that_is_taken_can_be_stored_and_is_taken_as_it_is(text: str) -> None:
    values = named(text, emails=[text], handles=[{"handle": text}], phones=[text])
    taken: list[str] = []

    for field in ("names", "emails", "handles", "phones"):
        try:
            found = read(named("A B", **{field: values[field]}))
        except Problems:
            continue
        line = getattr(found, field)[0]
        taken.append(getattr(line, "full", None) or getattr(line, "handle", None) or str(line))

    for line in taken:
        assert line.encode()
        assert "\x00" not in line
        assert line.isprintable() or "\u200c" in line or "\u200d" in line
        assert parts.SEXES
