"""The schema is what stands in git, it explains itself, and every mutation has the same shape."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    validate_schema,
)

from graphql_schema import schema
from registry.disclosure.vocabulary import Action
from registry.work import OPERATIONS

SCHEMA = schema.build()
OURS: list[GraphQLNamedType] = [
    each for name, each in sorted(SCHEMA.type_map.items()) if not name.startswith("__")
]  # fmt: skip
SPECIFIED = {"Boolean", "Float", "ID", "Int", "String"}
assert SCHEMA.mutation_type is not None
assert SCHEMA.query_type is not None
MUTATIONS = sorted(SCHEMA.mutation_type.fields)
CONNECTIONS = [each for each in OURS if each.name.endswith("Connection")]


def test_the_schema_in_git_is_the_programs_own() -> None:
    committed = Path(schema.__file__).with_name("schema.graphql").read_bytes()

    assert committed == schema.sdl().encode(), "registry schema print > graphql_schema/schema.graphql"


def test_the_printed_schema_is_valid_and_complete() -> None:
    read = build_schema(schema.sdl())

    assert validate_schema(read) == []
    assert {name for name in read.type_map if not name.startswith("__")} == {each.name for each in OURS}


@pytest.mark.parametrize("type_", [each for each in OURS if each.name not in SPECIFIED], ids=str)
def test_every_type_says_what_it_is(type_: GraphQLNamedType) -> None:
    assert type_.description
    assert type_.description.strip() not in ("", "An enumeration.")
    assert type_.description.strip().endswith((".", "`"))


@pytest.mark.parametrize("name", sorted({*SCHEMA.query_type.fields} - {"node"}) + MUTATIONS)
def test_every_operation_names_the_permission_it_needs(name: str) -> None:
    assert SCHEMA.query_type is not None
    assert SCHEMA.mutation_type is not None
    field = SCHEMA.query_type.fields.get(name) or SCHEMA.mutation_type.fields[name]

    assert field.description
    permission = field.description.rpartition("Permission: ")[2].rstrip(".")
    assert permission in list(Action)
    assert permission in OPERATIONS.values()


@pytest.mark.parametrize("type_", [each for each in OURS if isinstance(each, GraphQLScalarType)], ids=str)
def test_every_scalar_of_ours_names_its_specification(type_: GraphQLScalarType) -> None:
    assert type_.name in SPECIFIED or (type_.specified_by_url or "").startswith("https://")


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_has_one_input_a_payload_and_user_errors_with_codes_of_its_own(name: str) -> None:
    assert SCHEMA.mutation_type is not None
    field = SCHEMA.mutation_type.fields[name]
    capital = name[0].upper() + name[1:]

    assert list(field.args) == ["input"]
    assert str(field.args["input"].type) == f"{capital}Input!"
    assert str(field.type) == f"{capital}Payload!"
    payload: Any = get_named_type(field.type)
    assert str(payload.fields["userErrors"].type) == f"[{capital}Error!]!"
    error: Any = get_named_type(payload.fields["userErrors"].type)
    assert {name: str(each.type) for name, each in error.fields.items()} == {
        "code": f"{capital}ErrorCode!", "field": "String", "message": "String!", "remedy": "String",
    }  # fmt: skip


def test_no_two_mutations_share_their_code_enum() -> None:
    enums = [each.name for each in OURS if isinstance(each, GraphQLEnumType) and each.name.endswith("ErrorCode")]

    assert len(enums) == len(set(enums)) == len(MUTATIONS)


MORE = {"LogEntryConnection": {"lookedUntil": "Long"}}
"""What a connection says beside: of the log, how far a page with few entries has looked for them."""


@pytest.mark.parametrize("type_", CONNECTIONS, ids=str)
def test_a_connection_follows_relay(type_: GraphQLNamedType) -> None:
    assert isinstance(type_, GraphQLObjectType)
    node = type_.name.removesuffix("Connection")

    assert {name: str(each.type) for name, each in type_.fields.items()} == {
        "edges": f"[{node}Edge!]!", "pageInfo": "PageInfo!", **MORE.get(type_.name, {}),
    }  # fmt: skip
    edge: Any = SCHEMA.type_map[f"{node}Edge"]
    assert {name: str(each.type) for name, each in edge.fields.items()} == {"cursor": "String!", "node": f"{node}!"}


def test_whatever_answers_a_connection_takes_a_page() -> None:
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        if get_named_type(field.type) in CONNECTIONS:
            assert str(field.args["first"].type) == "Int!", name
            assert str(field.args["after"].type) == "String", name


def test_no_list_holds_null_and_no_argument_has_a_default_that_requests_could_share() -> None:
    for type_ in OURS:
        fields: dict[str, Any] = getattr(type_, "fields", {})
        for name, field in fields.items():
            inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
            if isinstance(inner, GraphQLList):
                assert isinstance(inner.of_type, GraphQLNonNull), f"{type_}.{name}"
            for given in [field, *getattr(field, "args", {}).values()]:
                assert not isinstance(getattr(given, "default_value", None), list | dict), f"{type_}.{name}"


def test_what_a_refusal_may_hide_is_nullable() -> None:
    """A field that fails answers null for itself, never for what stands around it."""
    assert SCHEMA.query_type is not None
    for name, field in SCHEMA.query_type.fields.items():
        assert not isinstance(field.type, GraphQLNonNull), name


def test_no_input_takes_anything_of_a_victim_but_age_band_and_sex() -> None:
    asked = {
        name for type_ in OURS if isinstance(type_, GraphQLInputObjectType) for name in type_.fields
    }  # fmt: skip

    assert {name for name in asked if "victim" in name.lower()} == {"victimAgeBand", "victimSex"}
