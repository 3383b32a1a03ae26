"""Variables are coerced, or refused without a word of what was sent."""

from typing import Any

import graphene
import pytest
from graphql import GraphQLError, GraphQLSchema, build_schema, parse

from graphql_schema.coercion import coerce
from graphql_schema.documents import _describe
from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate

SECRET = "SECRET-VALUE-123"


class Born(graphene.Scalar):
    """A date known in part."""

    @staticmethod
    def parse_value(value: Any) -> PartialDate:
        return PartialDate.parse(value)


class Strict(graphene.Scalar):
    """Repeats what it refuses, as the library's own scalars do."""

    @staticmethod
    def parse_value(value: Any) -> Any:
        raise ValueError(f"not strict: {value}")


class Sex(graphene.Enum):
    MALE = "MALE"
    FEMALE = "FEMALE"


class Name(graphene.InputObjectType):
    full = graphene.String(required=True)
    rank = graphene.Int()


class Search(graphene.InputObjectType):
    names = graphene.List(graphene.NonNull(Name))
    born = Born()
    sex = Sex()
    strict = Strict()
    listed = graphene.Boolean()


class Query(graphene.ObjectType):
    search = graphene.String(
        search=Search(), ids=graphene.List(graphene.NonNull(graphene.ID)), first=graphene.Int(), text=graphene.String()
    )


SCHEMA: GraphQLSchema = graphene.Schema(query=Query).graphql_schema
ONE_OF = build_schema("input Key @oneOf { id: ID name: String } type Query { find(key: Key): String }")


def attempt(definitions: str, raw: dict[str, Any], schema: GraphQLSchema = SCHEMA, **more: int) -> Any:
    document = _describe(schema, parse(f"query ({definitions}) {{ __typename }}"), "")
    return coerce(document.operation(None), raw, **more)


def told(errors: list[GraphQLError]) -> list[tuple[str, Any, Any]]:
    extensions = [error.extensions or {} for error in errors]
    return [(e.message, more["code"], more["field"]) for e, more in zip(errors, extensions, strict=True)]


def test_values_arrive_as_resolvers_see_them() -> None:
    search = {"names": {"full": "Ann Example"}, "born": "1970-05", "sex": "MALE", "listed": True}

    coerced = attempt("$s: Search!, $f: Int = 20, $ids: [ID!], $t: String", {"s": search, "ids": [1, "b"], "other": 1})

    assert coerced["s"].names == [{"full": "Ann Example"}]
    assert coerced["s"].born == PartialDate(1970, 5)
    assert (coerced["f"], coerced["ids"]) == (20, ["1", "b"])
    assert "t" not in coerced


def test_null_and_left_out_are_two_things() -> None:
    assert attempt("$t: String, $f: Int = 3", {"t": None, "f": None}) == {"t": None, "f": None}
    assert attempt("$t: String, $f: Int = 3", {}) == {"f": 3}


@pytest.mark.parametrize(
    ("definitions", "raw", "message", "field"),
    [
        ("$f: Int!", {}, "Variable '$f' of type 'Int!' is required.", "f"),
        ("$f: Int!", {"f": None}, "Variable '$f' expects a value of type 'Int!'.", "f"),
        ("$f: Int", {"f": SECRET}, "Variable '$f' expects a value of type 'Int'.", "f"),
        ("$t: String", {"t": {SECRET: SECRET}}, "Variable '$t' expects a value of type 'String'.", "t"),
        ("$i: [ID!]", {"i": ["a", None]}, "Variable '$i' at 'i[1]' expects a value of type 'ID!'.", "i[1]"),
        ("$i: [Int]", {"i": SECRET}, "Variable '$i' expects a value of type '[Int]'.", "i"),
        ("$s: Search", {"s": SECRET}, "Variable '$s': Expected type 'Search' to be a mapping.", "s"),
        ("$s: Search", {"s": {"sex": SECRET}}, "Variable '$s' at 's.sex' expects a value of type 'Sex'.", "s.sex"),
        ("$s: Search", {"s": {"strict": SECRET}},
         "Variable '$s' at 's.strict' expects a value of type 'Strict'.", "s.strict"),
        ("$s: Search", {"s": {SECRET: 1}}, "Variable '$s' has a field that type 'Search' does not define.", "s"),
        ("$s: Search", {"s": {"names": [{"rank": 1}]}},
         "Variable '$s' at 's.names[0]': Field 'full' of required type 'String!' was not provided.", "s.names[0]"),
        ("$s: Search", {"s": {"names": {"full": 5}}},
         "Variable '$s' at 's.names.full' expects a value of type 'String!'.", "s.names.full"),
        ("$s: Search", {"s": {"names": [{"full": "x", SECRET: 1}]}},
         "Variable '$s' at 's.names[0]' has a field that type 'Name' does not define.", "s.names[0]"),
    ],
)  # fmt: skip
def test_a_refusal_names_variable_path_and_type_and_never_the_value(
    definitions: str, raw: dict[str, Any], message: str, field: str
) -> None:
    errors = attempt(definitions, raw)

    assert told(errors) == [(message, "BAD_USER_INPUT", field)]
    assert errors[0].locations
    assert SECRET not in repr(errors)


def test_a_scalar_of_the_register_says_itself_what_is_wrong() -> None:
    errors = attempt("$s: Search", {"s": {"born": SECRET}})

    assert told(errors) == [("Variable '$s' at 's.born' is not a date known in part.", "DATE_MALFORMED", "s.born")]
    assert (errors[0].extensions or {})["remedy"] == "Write YYYY, YYYY-MM or YYYY-MM-DD, or two of them with / between."


@pytest.mark.parametrize("key", [{}, {"id": "1", "name": "x"}, {"name": None}])
def test_one_of_several_keys_is_asked_for_by_the_schemas_names(key: dict[str, Any]) -> None:
    errors = attempt("$k: Key", {"k": key}, ONE_OF)

    assert [error.message.split(":")[0].split(" expects")[0] for error in errors] in (
        ["Variable '$k'"],
        ["Variable '$k' at 'k.name'"],
    )


@pytest.mark.parametrize("value", ["a\0", ["a", "\0"], {"full": "a\0b"}, {"\0": 1}, [{"deep": ["\0"]}]])
def test_nul_is_refused_wherever_it_hides(value: Any) -> None:
    errors = attempt("$s: Search, $n: Int", {"s": value, "n": 1})

    assert told(errors) == [("Variable '$s' must not contain U+0000.", "NUL_CHARACTER_REFUSED", "s")]


def test_no_more_errors_are_told_than_the_limit_says() -> None:
    raw = {"i": [None] * 50}

    assert len(attempt("$i: [ID!]", raw)) == 5
    assert len(attempt("$i: [ID!]", raw, most=2)) == 2


def test_variables_nested_beyond_the_stack_are_refused() -> None:
    schema = build_schema("input In { in: In } type Query { a(in: In): Int }")
    value: dict[str, Any] = {}
    for _ in range(5_000):
        value = {"in": value}

    errors = attempt("$v: In", {"v": value}, schema)

    assert told(errors) == [("Variables are nested too deeply.", "BAD_USER_INPUT", "variables")]


def test_the_code_is_the_one_of_refused_input() -> None:
    assert InputRefused.default_code == "BAD_USER_INPUT"
