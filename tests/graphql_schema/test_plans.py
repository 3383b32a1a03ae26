"""A plan is written from the schema's names alone, and only where nobody's code stands behind a field."""

from functools import partial
from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from graphene.types.resolver import attr_resolver, dict_or_attr_resolver, dict_resolver
from graphql import FieldNode, GraphQLArgument, GraphQLField, GraphQLObjectType, GraphQLSchema, GraphQLString, parse
from graphql.execution.collect_fields import collect_sub_fields

from graphql_schema.plans import NotPlainError, Plan, Plans, compile_plan, plain_attribute


class Kind(graphene.Enum):
    A = "A"
    B = "b"


class Part(graphene.ObjectType):
    kind = Kind()
    value = graphene.String(required=True)


class Thing(graphene.ObjectType):
    long_name = graphene.String()
    count = graphene.Int()
    part = graphene.Field(Part)
    parts = graphene.List(graphene.List(Part))
    items = graphene.String()
    guarded = graphene.String()

    @staticmethod
    def resolve_guarded(_root: Any, _info: Any) -> str:
        return "guarded"


SCHEMA: GraphQLSchema = graphene.Schema(query=Thing).graphql_schema


def compiled(selections: str) -> tuple[Plan | None, Plans]:
    operation = parse(f"{{ thing {selections} }}").definitions[0]
    node: FieldNode = operation.selection_set.selections[0]  # type: ignore[attr-defined]
    plans: Plans = {}

    def collect(type_: GraphQLObjectType, nodes: list[FieldNode]) -> dict[str, list[FieldNode]]:
        return collect_sub_fields(SCHEMA, {}, {}, type_, nodes)

    assert SCHEMA.query_type
    return compile_plan(plans, collect, SCHEMA.query_type, [node]), plans


def test_a_plan_reads_attributes_by_their_python_names() -> None:
    plan, _ = compiled("{ x: longName count __typename part { kind value } }")
    held = SimpleNamespace(long_name="n", count=2**31, part=SimpleNamespace(kind="b", value="v"))

    assert plan
    with pytest.raises(Exception, match="32-bit"):
        plan.run(held)
    held.count = 3
    assert plan.run(held) == {"x": "n", "count": 3, "__typename": "Thing", "part": {"kind": "B", "value": "v"}}


def test_each_selection_below_gets_a_plan_of_its_own() -> None:
    _, plans = compiled("{ part { kind } parts { value } }")

    assert sorted(type_.name for type_, _ in plans) == ["Part", "Part", "Thing"]


def test_a_list_of_lists_is_read_item_by_item() -> None:
    plan, _ = compiled("{ parts { value } }")
    part = SimpleNamespace(value="v")

    assert plan
    assert plan.run(SimpleNamespace(parts=[(part,), None, [None, part]])) == {
        "parts": [[{"value": "v"}], None, [None, {"value": "v"}]]
    }


def test_a_guarded_field_is_left_over_with_its_place_kept() -> None:
    plan, _ = compiled("{ guarded longName }")

    assert plan
    assert list(plan.rest) == ["guarded"]
    assert list(plan.run(SimpleNamespace(long_name="n"))) == ["guarded", "longName"]


def test_where_nothing_is_plain_there_is_no_plan() -> None:
    plan, plans = compiled("{ guarded }")

    assert plan is None
    assert list(plans.values()) == [None]


@pytest.mark.parametrize("value", [None, ValueError("x"), {"items": "read by key"}, {}], ids=repr)
@pytest.mark.parametrize("selections", ["{ __typename items }", "{ longName }"])
def test_a_plan_raises_where_it_is_not_sure(value: Any, selections: str) -> None:
    plan, _ = compiled(selections)

    assert plan
    with pytest.raises(NotPlainError):
        plan.run(value)


def test_a_missing_attribute_has_its_default_from_the_library() -> None:
    plan, _ = compiled("{ longName }")

    assert plan
    with pytest.raises(AttributeError):
        plan.run(SimpleNamespace())


@pytest.mark.parametrize(
    ("field", "attribute"),
    [
        (GraphQLField(GraphQLString, resolve=partial(attr_resolver, "long_name", None)), "long_name"),
        (GraphQLField(GraphQLString, resolve=partial(dict_or_attr_resolver, "long_name", None)), "long_name"),
        (GraphQLField(GraphQLString, resolve=partial(dict_resolver, "long_name", None)), None),
        (GraphQLField(GraphQLString, resolve=partial(attr_resolver, "class", None)), None),
        (GraphQLField(GraphQLString, resolve=partial(attr_resolver, "a b", None)), None),
        (GraphQLField(GraphQLString, resolve=lambda *_: "guarded"), None),
        (GraphQLField(GraphQLString), None),
        (
            GraphQLField(
                GraphQLString, {"a": GraphQLArgument(GraphQLString)}, resolve=partial(attr_resolver, "long_name", None)
            ),
            None,
        ),
    ],
)
def test_a_field_is_plain_only_with_graphenes_default_resolver_and_no_arguments(
    field: GraphQLField, attribute: str | None
) -> None:
    assert plain_attribute(field) == attribute


def test_no_field_with_a_resolver_is_ever_plain() -> None:
    assert SCHEMA.query_type
    plain = {name for name, field in SCHEMA.query_type.fields.items() if plain_attribute(field)}

    assert plain == set(SCHEMA.query_type.fields) - {"guarded"}
