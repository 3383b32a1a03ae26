"""Types made from the one description of a record: each field says which law or standard asks for it."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType

from graphql_schema import schema
from registry.profiles.forms import members
from registry.profiles.markings import as_given
from registry.profiles.parts import NamePart
from registry.profiles.record import GROUPS
from registry.profiles.views import CALLED, camel

SCHEMA = schema.build()
PARTS = (*dict.fromkeys(group.part for group in GROUPS.values() if group.part), NamePart)
RECORDS = ("Profile", "ProposedRecord", "RecordInput")


def told(type_: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a type with their descriptions."""
    found = SCHEMA.type_map[type_]
    assert isinstance(found, GraphQLObjectType | GraphQLInputObjectType)
    for name, field in found.fields.items():
        yield name, field.description or ""


@pytest.mark.parametrize("type_", RECORDS)
def test_each_group_of_a_record_says_which_law_or_standard_asks_for_it(type_: str) -> None:
    described = dict(told(type_))

    for name, group in GROUPS.items():
        field = camel(name if type_ == "RecordInput" else CALLED.get(name, name))
        if field != "owner":
            assert f"Source: {group.source}." in described[field], field


@pytest.mark.parametrize("type_", [name for part in PARTS for name in (part.__name__, f"{part.__name__}Input")])
def test_each_field_of_a_part_says_which_law_or_standard_asks_for_it(type_: str) -> None:
    part = next(each for each in PARTS if each.__name__ == type_.removesuffix("Input"))
    sources = {camel(each.name): each.source for each in members(as_given(part))}

    for name, description in told(type_):
        assert f"Source: {sources.get(name, '')}" in description, (type_, name)
