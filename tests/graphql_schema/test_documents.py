"""A document is read once, described once, and refused with a code."""

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query

from graphql_schema.documents import DocumentRefused, DocumentStore
from graphql_schema.executor import execute
from graphql_schema.limits import Limits
from registry.core.errors import InputRefused, LimitExceeded, RegistryError

SCHEMA = build_schema("""
    interface Node { id: ID! }
    type Profile implements Node { id: ID! name: String aliases: [Alias!]! owner: Agency }
    type Alias { full: String! }
    type Agency { name: String }
    enum Sex { MALE FEMALE }
    type Query { search(query: String, sex: Sex, first: Int): [Profile] node(id: ID!): Node }
    type Mutation { propose(name: String): Profile }
""")


def store(size: int = 512, **limits: int) -> DocumentStore:
    return DocumentStore(SCHEMA, Limits(**limits), size)


def refused(source: str, *, introspection: bool = False, **limits: int) -> RegistryError:
    kept = store(**limits)
    with pytest.raises(RegistryError) as caught:
        kept.get(source, introspection=introspection)
    assert len(kept) == 0
    return caught.value


# What is kept -------------------------------------------------------------------------------------------------


def test_a_document_is_read_once() -> None:
    kept = store()

    first = kept.get("{ search { id } }", introspection=False)

    assert kept.get("{ search { id } }", introspection=False) is first
    assert kept.get("{ search { name } }", introspection=False) is not first


def test_a_document_is_known_by_the_digest_of_its_text_once_it_was_read() -> None:
    kept, source = store(size=2), "{ search { id } }"
    digest = sha256(source.encode()).hexdigest()
    before = kept.known(digest, introspection=False)
    first = kept.get(source, introspection=False)
    kept.get("{ search { name } }", introspection=False)

    assert before is None
    assert kept.known(digest, introspection=False) is first
    assert kept.known(digest, introspection=True) is None
    kept.get("{ search { __typename } }", introspection=False)
    assert kept.known(digest, introspection=False) is first  # the other one was forgotten
    assert len(kept) == 2


def test_the_least_recently_used_document_is_forgotten_first() -> None:
    kept = store(size=2)
    first = kept.get("{ search { id } }", introspection=False)
    kept.get("{ search { name } }", introspection=False)
    kept.get("{ search { id } }", introspection=False)

    kept.get("{ search { __typename } }", introspection=False)

    assert len(kept) == 2
    assert kept.get("{ search { id } }", introspection=False) is first


def test_a_document_admitted_with_introspection_is_not_admitted_without() -> None:
    kept = store()
    source = get_introspection_query()
    kept.get(source, introspection=True)

    with pytest.raises(DocumentRefused, match="not valid") as caught:
        kept.get(source, introspection=False)

    assert "introspection has been disabled" in caught.value.errors[0].message


# What is known of it ------------------------------------------------------------------------------------------


def test_an_operation_lists_the_fields_it_asks_for_through_fragments() -> None:
    source = """
        query Find { search { ...Named __typename } }
        query Look { node(id: "1") { id ... on Profile { owner { name } } } }
        mutation Add { propose { name } }
        fragment Named on Profile { name ...Also aliases { full } }
        fragment Also on Profile { id }
    """

    document = store().get(source, introspection=False)

    asked = {name: sorted(operation.coordinates) for name, operation in document.operations.items()}
    assert asked == {
        "Find": ["Alias.full", "Profile.aliases", "Profile.id", "Profile.name", "Query.search"],
        "Look": ["Agency.name", "Node.id", "Profile.owner", "Query.node"],
        "Add": ["Mutation.propose", "Profile.name"],
    }
    assert [operation.kind for operation in document.operations.values()] == ["query", "query", "mutation"]


def test_a_document_names_the_variables_that_decide_its_selection() -> None:
    source = """query ($b: Boolean!, $a: Boolean = true, $q: String) {
        search(query: $q) { id @skip(if: $b) ...F @include(if: true) } }
        fragment F on Profile { name @include(if: $a) }"""

    document = store().get(source, introspection=False)

    assert document.directive_variables == ("a", "b")
    assert len(document.sha256) == 64


def test_the_only_operation_needs_no_name() -> None:
    kept = store()

    assert kept.get("{ search { id } }", introspection=False).operation(None).name is None
    assert kept.get("query Q { search { id } }", introspection=False).operation(None).name == "Q"
    assert kept.get("query Q { search { id } }", introspection=False).operation("Q").kind == "query"


@pytest.mark.parametrize(
    ("name", "code"), [(None, "OPERATION_AMBIGUOUS"), ("C", "OPERATION_UNKNOWN"), ("", "OPERATION_UNKNOWN")]
)
def test_an_operation_that_cannot_be_picked_is_refused_with_a_code(name: str | None, code: str) -> None:
    document = store().get("query A { search { id } } query B { search { name } }", introspection=False)

    with pytest.raises(InputRefused) as caught:
        document.operation(name)

    assert (caught.value.code, caught.value.field) == (code, "operationName")


# What is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["", "{", "{ search( }", '{ search(query: "', "query Q", "{ a } }", "#only"])
def test_what_is_not_graphql_is_refused_with_its_place(source: str) -> None:
    error = refused(source)

    assert isinstance(error, DocumentRefused)
    assert error.code == "GRAPHQL_PARSE_FAILED"
    assert [(told.extensions, bool(told.locations)) for told in error.errors] == [({"code": error.code}, True)]


@pytest.mark.parametrize(
    "source",
    [
        "{ serch { id } }",
        "{ search(qury: 1) { id } }",
        "{ search { nme } }",
        "{ search(sex: FEMAL) { id } }",
        "{ search { ... on Profil { id } } }",
        "query ($x: Strin) { search(query: $x) { id } }",
        "{ __schema { types { name } } }",
        "{ search { ...F } } fragment F on Profile { ...F }",
        "type A { b: Int }",
        "subscription { search { id } }",
    ],
)
def test_what_the_schema_cannot_answer_is_refused_without_suggestions(source: str) -> None:
    error = refused(source)

    assert isinstance(error, DocumentRefused)
    assert error.code == "GRAPHQL_VALIDATION_FAILED"
    assert all(told.extensions == {"code": error.code} for told in error.errors)
    assert "Did you mean" not in str(error.errors)


def test_no_more_errors_are_told_than_the_limit_says() -> None:
    error = refused("{ " + " ".join(f"x{n}" for n in range(9)) + " }")

    assert isinstance(error, DocumentRefused)
    assert len(error.errors) == Limits().validation_errors + 1


def test_nul_in_a_literal_is_refused() -> None:
    error = refused(r'{ search(query: "a\u0000b") { id } }')

    assert isinstance(error, DocumentRefused)
    assert error.errors[0].extensions == {"code": "NUL_CHARACTER_REFUSED"}


def test_a_block_string_knows_no_escape_that_could_make_nul() -> None:
    kept = store()

    kept.get(r'{ search(query: """a\u0000b""") { id } }', introspection=False)

    assert len(kept) == 1


def fields(count: int, text: str = "__typename ") -> str:
    return "{ " + text * count + "}"


def chain(fragments: int) -> str:
    """Fragments that each spread the next one."""
    parts = (f"fragment F{n} on Profile {{ id ...F{n + 1} }}" for n in range(fragments))
    return "{ search { ...F0 } } " + " ".join(parts)


HOSTILE: dict[str, Any] = {
    "10,000 aliases": fields(10_000, "a: __typename "),
    "499 aliases": "{ " + " ".join(f"a{n}: __typename" for n in range(300)) + " }",
    "200 searches with lists": fields(200, "search { aliases { full } owner { name } id } "),
    "60 searches": fields(60, "search { id name } "),
    "400 fragments": chain(400),
    "100 fragments": chain(100),
    "498 times one field": fields(498),
    "10,000 directives": "{ search { id" + " @a" * 10_000 + " } }",
    "300 directives": "{ search { id" + " @include(if: true)" * 130 + " } }",
    "a megabyte of comments": "#\n" * 500_000 + "{ search { id } }",
    "60 comments": "#\n" * 60 + "{ search { id } }",
    "inline fragments, 1,000 deep": "{" + "...{" * 1_000 + "__typename" + "}" * 1_000 + "}",
    "inline fragments, 300 deep": "{" + "...{" * 300 + "__typename" + "}" * 300 + "}",
    "lists, 1,000 deep": "{ search(query: " + "[" * 1_000 + "]" * 1_000 + ") { id } }",
    "lists, 400 deep": "{ search(query: " + "[" * 400 + "]" * 400 + ") { id } }",
    "fields, 150 deep": "{ search " + "{ owner " * 150 + "{ name }" + "}" * 150 + "}",
    "a bomb of 2^25": "{ search { ...F0 } } " + " ".join(
        f"fragment F{n} on Profile {{ a: owner {{ ...F{n + 1} }} b: owner {{ ...F{n + 1} }} }}" for n in range(25)
    ) + " fragment F25 on Profile { id }",
    "a long string": '{ search(query: "' + "x" * 20_000 + '") { id } }',
    "two mutations": "mutation { propose { id } b: propose { id } }",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_as_too_complex(name: str) -> None:
    error = refused(HOSTILE[name])

    assert isinstance(error, LimitExceeded)
    assert error.code == "DOCUMENT_TOO_COMPLEX"


def test_a_bomb_within_the_limits_is_answered() -> None:
    source = "{ search { ...F0 } } " + " ".join(
        f"fragment F{n} on Profile {{ id ...F{n + 1} ...F{n + 1} }}" for n in range(15)
    )
    document = store().get(source + " fragment F15 on Profile { name }", introspection=False)

    root = {"search": [SimpleNamespace(id="1", name="Example")]}
    result = execute(document, document.operation(None), root=root, context=None, variables={}, schema=SCHEMA)

    assert result.data == {"search": [{"id": "1", "name": "Example"}]}


def test_values_nested_within_the_tokens_are_validated_without_a_crash() -> None:
    error = refused("{ search(query: " + "[" * 150 + "]" * 150 + ") { id } }")

    assert error.code == "GRAPHQL_VALIDATION_FAILED"
