"""The published form of a record: what the reader accepts validates, what is malformed is refused by both."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, assume, given, settings
from jsonschema import Draft202012Validator

from registry.bulk import exported
from registry.core.ids import new_id
from registry.core.partial_dates import PartialDate
from registry.profiles import intake, rows, schemas
from registry.profiles.forms import members
from registry.profiles.intake import Problems
from registry.profiles.markings import as_given
from registry.profiles.parts import NAME_PARTS, NamePart, Order
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import Standing
from registry.synthetic.register import people
from tests.approved import assert_approved
from tests.factories import AGENCY, EDITION, MOMENT, conviction, read, record
from tests.registry.profiles.strategies import RECORDS

Json = dict[str, Any]
PUBLISHED = Path(__file__).parents[3] / "docs" / "schemas"
SCHEMAS = {"record": schemas.record(EDITION), "export": schemas.export(EDITION)}
READER, WRITER = (
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER) for schema in SCHEMAS.values()
)
PARTS = dict.fromkeys(group.part for group in GROUPS.values() if group.part)
MADE = PartialDate(2015, 3, 9)


def fields_of(name: str) -> Json:
    """Return the schema of the record itself, which stands within the lines of an export."""
    schema = SCHEMAS[name]
    return schema if name == "record" else schema["$defs"]["Record"]


def line(record: Json) -> Json:
    """Return the canonical line of an export that holds a record."""
    return {"contested": False, "record": record}


def everywhere(schema: Any) -> Iterator[Json]:
    """Yield every schema within a schema, the outermost first."""
    if isinstance(schema, dict):
        yield schema
    for each in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from everywhere(each)


def refusals(value: object) -> list[str]:
    """Return the codes of the reader; none when it accepts."""
    try:
        read(value)
    except Problems as problems:
        return [each.code for each in problems.found]
    return []


# -- as published


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_published_schema_is_what_the_code_says(name: str) -> None:
    assert_approved(PUBLISHED / f"{name}.json", schemas.printed(SCHEMAS[name]))


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_a_schema_is_one_of_the_draft_and_names_no_host(schema: Json) -> None:
    Draft202012Validator.check_schema(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].startswith("urn:")


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_whoever_reads_a_schema_is_told_what_each_field_means(schema: Json) -> None:
    for each in everywhere(schema):
        for told in (*each.get("properties", {}).values(), *each.get("$defs", {}).values()):
            if "if" not in each and told.keys() - {"minItems", "enum", "const"}:
                assert len(told["description"]) > 3, told


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_no_object_holds_a_member_that_is_not_described(schema: Json) -> None:
    objects = [each for each in everywhere(schema) if each.get("type") == "object"]

    assert len(objects) > len(PARTS)
    assert all(each["additionalProperties"] is False for each in objects)


@pytest.mark.parametrize("published", SCHEMAS)
def test_each_field_of_a_record_stands_in_it_with_the_law_or_standard_that_asks_for_it(published: str) -> None:
    for name, group in GROUPS.items():
        assert f"Source: {group.source}." in fields_of(published)["properties"][name]["description"]
    for part in PARTS:
        described = SCHEMAS[published]["$defs"][part.__name__]["properties"]
        stands = members(as_given(part) if published == "record" else part)
        assert list(described) == [each.name for each in stands]
        for each in stands:
            assert f"Source: {each.source}." in described[each.name]["description"]
    assert list(SCHEMAS[published]["$defs"]["Name"]["properties"]["parts"]["properties"]) == list(NAME_PARTS)
    assert all(each.source for each in members(NamePart))


def test_of_a_victim_no_schema_has_more_than_age_band_and_sex() -> None:
    named = {name for schema in SCHEMAS.values() for each in everywhere(schema) for name in each.get("properties", {})}

    assert {name for name in named if "victim" in name or "child" in name} == {"victim_age_band", "victim_sex"}


def test_the_codes_are_those_of_the_country_edition() -> None:
    codes = SCHEMAS["record"]["$defs"]

    assert codes["offences"]["enum"] == list(EDITION.offences)
    assert codes["counties"]["enum"] == list(EDITION.counties)
    assert EDITION.offence_catalogue_version in SCHEMAS["record"]["description"]


# -- what is accepted


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(RECORDS)
def test_every_record_that_the_reader_accepts_validates_in_canonical_form(known: Record) -> None:
    """Groups that would break a rule between values are made to fit, as far as that is simple."""
    levels = {code: each.levels[0] for code, each in EDITION.risk_instruments.items()}
    fit = replace(
        known, birth_date=None, parents=(), convictions=known.convictions or read(record()).convictions,
        orders=known.orders or (Order("registration", "Invented Law Courts", "MISC 7/2015", MADE),),
        risks=tuple(replace(each, level=levels[each.instrument]) for each in known.risks),
    )  # fmt: skip
    shown = rows.shown(fit)
    assume(not refusals(shown))

    canonical = rows.shown(intake.record(shown, EDITION, owner=fit.owner))

    READER.validate(canonical)
    WRITER.validate(line(canonical))


def test_the_synthetic_register_validates_as_it_is_and_in_canonical_form() -> None:
    for person in people(count=500):
        READER.validate(person)
        WRITER.validate(line(rows.shown(read(person))))


def test_the_least_record_validates() -> None:
    least = {name: record()[name] for name in ("names", "convictions", "legal_basis")}

    READER.validate(least)
    assert not WRITER.is_valid(line(least))
    WRITER.validate(line(rows.shown(read(least))))


OLDER: tuple[Json, ...] = (
    {"id": "OLD-1"},
    {"birth_date": None, "dob": {"value": "1971-05", "precision": "month"}},
    {"birth_date": None, "dob": {"value": None, "precision": "unknown"}},
    {"record_owner": "ke-elsewhere"},
    {"phones": ["0712 345 678"], "emails": ["juma@mail.example"]},
    {"names": [{"full": "Juma Mwakio", "kind": "primary"}]},
    {"names": [{"full": "Amina Mwakio", "kind": "maiden"}]},
)


@pytest.mark.parametrize("changes", OLDER, ids="-".join)
def test_what_older_files_write_is_read_marked_as_deprecated_and_never_written(changes: Json) -> None:
    older = record(**changes)

    assert not refusals(older)
    READER.validate(older)
    assert not WRITER.is_valid(line({**older, "owner": "ke-invented"}))
    WRITER.validate(line(rows.shown(read(older))))


def test_every_older_member_that_the_reader_knows_stands_in_the_schema_as_deprecated() -> None:
    properties = SCHEMAS["record"]["properties"]

    assert set(schemas.OLDER) == intake._OLDER
    assert {name for name, each in properties.items() if each.get("deprecated")} == intake._OLDER
    assert not any(each.get("deprecated") for each in everywhere(SCHEMAS["export"]))


# -- the lines of an export


def written(standing: Standing, **changes: Any) -> Any:  # Any: a row as the export reads it
    row = {
        "id": new_id(), "number": 17, "contested": 0, "other": new_id(), "removed_at": None, "order_number": None,
        "digest": None,
    }  # fmt: skip
    known = None if standing is Standing.REMOVED else read(record())
    return orjson.loads(exported.line(row | changes, known, standing))


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.ENTERED])
def test_a_line_of_an_export_validates_whatever_the_record_stands_as(standing: Standing) -> None:
    digest = rows.digest(read(record()))

    WRITER.validate(written(standing))
    WRITER.validate(written(standing, contested=1, removed_at=MOMENT, order_number="MISC 7/2026", digest=digest))


@pytest.mark.parametrize("exported_at", [None, MOMENT.isoformat()])
def test_the_first_line_of_an_export_validates_and_names_the_schema(exported_at: str | None) -> None:
    first = orjson.loads(exported.header(EDITION, AGENCY, exported_at=exported_at))

    WRITER.validate(first)
    assert first["register_export"]["schema"] == SCHEMAS["export"]["$id"]


def test_the_canonical_line_of_an_export_validates() -> None:
    row = {"id": new_id(), "contested": 0}

    canonical = exported.canonical_line(row, read(record()), Standing.VETTED)

    assert canonical
    WRITER.validate(orjson.loads(canonical))


@pytest.mark.parametrize("spoilt", [
    {}, {"record": {}}, {"contested": False}, {"register_export": {}}, written(Standing.VETTED) | {"name": "X"},
    written(Standing.VETTED) | {"standing": "removed"}, written(Standing.REMOVED) | {"standing": "vetted"},
    written(Standing.VETTED) | {"standing": "entered"}, written(Standing.VETTED) | {"profile": "1"},
], ids=["nothing", "no record", "no person", "no header", "more", "removed", "raised", "entered", "no id"])  # fmt: skip
def test_anything_else_is_no_line_of_an_export(spoilt: Json) -> None:
    assert not WRITER.is_valid(spoilt)


# -- what is refused


def one(group: str, /, **values: Any) -> Json:  # Any: JSON
    return {group: [values]}


ORDER = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 7/2015", "made_on": "2015-03-09"}
RISK = {"instrument": "static_99r", "level": "II", "assessed_on": "2026-01-10", "assessor": "Invented"}
MALFORMED: tuple[Json, ...] = (
    {"surname": "Mwakio"}, {"victim": {"name": "X"}}, {"complainant": "X"}, {"record": {}},
    {"names": []}, {"names": {}}, {"names": "Juma"}, {"names": [7]}, {"names": [{"full": "A B"}] * 51},
    one("names"), one("names", full=""), one("names", full=7), one("names", full="A" * 201),
    one("names", full="A B", kind="stage"), one("names", full="A B", script="Runr"),
    one("names", full="A B", parts=[]), one("names", full="A B", parts={"title": "Dr"}),
    one("names", full="A B", parts={"given": ""}), one("names", full="A B", since="1971-5"),
    {"birth_date": "17.5.1971"}, {"birth_date": 1971}, {"birth_date": "1971/"}, {"birth_date": "71"},
    {"birth_place": ["Voi"]}, {"birth_place": "V" * 201}, {"sex": "MALE"}, {"sex": ["male"]},
    {"nationalities": "KE"}, {"nationalities": ["Kenya"]}, {"nationalities": ["ke"]},
    {"parents": [{"relation": "mother", "name": "Amina Mwakio"}]},
    one("identifiers", value="INV123"), one("identifiers", type="passport"),
    one("identifiers", type="library_card", value="INV123"), one("identifiers", type="passport", value="#"),
    one("identifiers", type="passport", value="INV123", number="1"),
    {"phones": [254712345678]}, one("phones"), one("phones", number="0" * 41),
    one("phones", number="+254712345678", verified="yes"), one("phones", number="+254712345678", first_seen="soon"),
    {"emails": [{}]}, one("emails", address="nowhere"), one("handles", platform="invented"),
    one("handles", handle="a", platform="Invented Space"), one("handles", handle="a", profile_url="javascript:x"),
    {"county": "kwale"}, {"county": 2},
    one("places", address="Voi"), one("places", kind="prison"), one("places", kind="work", county="Nowhere"),
    one("vehicles", country="KE"), one("travels", direction="up", country="TZ", departs_on="2026"),
    one("travels", direction="outbound", country="TZ"), one("descriptions", described_on="2026", height_cm="180"),
    one("descriptions", described_on="2026", height_cm=20), one("descriptions", described_on="2026", weight_kg=70.5),
    one("marks", kind="scar"), one("photographs", id="1", taken_on="2026"),
    one("biometrics", kind="iris", system="AFIS", number="PCN 1"), one("biometrics", kind="dna", system="AFIS"),
    {"convictions": None}, {"convictions": []}, {"convictions": [conviction(offence="KE-NONE-1")]},
    {"convictions": [conviction(victim_name="X")]}, {"convictions": [conviction(victim_age_band="13")]},
    {"convictions": [conviction(dangerous_offender=True)]}, {"convictions": [conviction(appeal="lost")]},
    {"convictions": [{name: value for name, value in conviction().items() if name != "court"}]},
    {"category": "suspected"}, {"category": "ordered"}, {"category": "juvenile", "orders": []},
    one("orders", **{**ORDER, "kind": "wish"}), {"orders": [ORDER], "restrictions": [{}]},
    one("warrants", court="Invented Law Courts", number="W 1", issued_on="2026", state="lost"),
    {"custody": {}}, {"custody": {"state": "away"}}, {"custody": [{"state": "at_liberty"}]},
    one("risks", **{**RISK, "instrument": "tarot"}), one("risks", **{**RISK, "level": "high"}),
    {"modus_operandi": ["magic"]}, one("notes", text="A note"), one("sources", kind="rumour", reference="X"),
    one("sources", kind="judgment", reference="SO 12/2015", digest="abc"),
    {"tier": "four"}, {"tier": 1}, one("freshness", group="owner", verified_on="2026-01-10", verified_by="X"),
    one("freshness", group="names", verified_on="2026-01", verified_by="X"), {"review_on": "2026"},
    {"expires_on": "never"}, {"handling": {"onward": "H9"}}, {"handling": {"clearance": "cosmic"}},
    {"handling": {"releasable_to": "TZ"}}, {"legal_basis": None}, {"legal_basis": "KE-SOA-39-13"},
    {"legal_basis": {"code": "KE-SOA-39-13"}}, {"legal_basis": {"code": "KE-NONE", "article": "s. 1"}},
    {"owner": ""}, {"owner": 7}, {"owner": "K" * 81}, {"owner_post": ""},
    {"birth_date": None, "dob": "1971"}, {"birth_date": None, "dob": {"value": "1971"}},
    {"birth_date": None, "dob": {"value": "1971", "precision": "about"}},
)  # fmt: skip


@pytest.mark.parametrize("changes", MALFORMED, ids=[f"{at}-{'-'.join(each)}" for at, each in enumerate(MALFORMED)])
def test_what_is_malformed_is_refused_by_the_reader_and_by_the_schema(changes: Json) -> None:
    malformed = {name: value for name, value in (record() | changes).items() if value is not None}

    assert refusals(malformed)
    assert not READER.is_valid(malformed)


@pytest.mark.parametrize("value", [None, 7, "Juma", [], [record()]], ids=str)
def test_a_record_is_an_object(value: object) -> None:
    assert refusals(value)
    assert not READER.is_valid(value)


@pytest.mark.parametrize("category", [code for code, each in EDITION.categories.items() if each.needs_order])
def test_a_category_that_needs_an_order_validates_with_one(category: str) -> None:
    ordered = record(category=category, convictions=None, orders=[ORDER])

    assert not refusals(ordered)
    READER.validate(ordered)
