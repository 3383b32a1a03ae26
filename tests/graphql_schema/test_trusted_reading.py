"""What a text asks, for whoever is to approve it; and which texts nobody is asked to approve."""

import pytest

from graphql_schema import schema
from graphql_schema.limits import Limits
from graphql_schema.trusted import reading
from graphql_schema.trusted.mutations import PROPOSE_CODES
from graphql_schema.trusted.reading import TextRefused
from registry.core.errors import LimitExceeded
from registry.documents.approval import Question

SCHEMA = schema.build()
LIMITS = Limits()
PERSON = """query Open($id: ID!) { profile(id: $id) { ...Shown versions { version } } }
fragment Shown on Profile { names { full } }"""


def read(text: str) -> tuple[Question, ...]:
    return reading.reader(SCHEMA, LIMITS)(text)


def refused(text: str) -> list[tuple[str, str | None]]:
    with pytest.raises(TextRefused) as caught:
        read(text)
    assert caught.value.code == caught.value.found[0].code
    return [(each.code, each.field) for each in caught.value.found]


def test_an_operation_is_told_with_its_fields_its_permissions_and_its_cost() -> None:
    (asked,) = read(PERSON)

    assert (asked.name, asked.kind, asked.permissions) == ("Open", "query", ("profile:read",))
    assert asked.fields == ("Name.full", "Profile.names", "Profile.versions", "Query.profile", "Version.version")
    assert asked.cost > 1


def test_a_page_whose_length_is_a_variable_is_priced_as_the_longest() -> None:
    asked = (
        "query ($c: SearchCriteriaInput!, $n: Int!) { search(criteria: $c, first: %s) { edges { node { score } } } }"
    )
    spoken = "{ __typename @skip(if: true) @include(if: false) }"

    (open_,), (longest,), (short,) = (
        read(asked % "$n"), read(asked.replace(", $n: Int!", "") % "100"), read(asked.replace(", $n: Int!", "") % "1"),
    )  # fmt: skip

    assert open_.cost == longest.cost > short.cost
    assert read(spoken)[0].cost == 0


def test_each_operation_of_a_document_is_told() -> None:
    asked = read(
        "query A { __typename } mutation B($i: ProfileProposeInput!) { profilePropose(input: $i) { __typename } }"
    )

    assert [each.title for each in asked] == ["query A", "mutation B"]
    assert asked[1].permissions == ("profile:change:propose",)


def test_the_schema_is_asked_for_like_anything_else() -> None:
    (asked,) = read("query ($n: String!) { __schema { types { name } } __type(name: $n) { name } }")

    assert asked.permissions == ()
    assert "Query.__schema" in asked.fields


@pytest.mark.parametrize(
    "text",
    [
        '{ search(criteria: {name: "DEMO Juma Mwakio"}, first: 1) { edges { cursor } } }',
        '{ search(criteria: {name: """DEMO Juma Mwakio"""}, first: 1) { edges { cursor } } }',
        'query ($id: ID = "DEMO Juma Mwakio") { profile(id: $id) { sex } }',
        '{ search(criteria: {birthDate: "1971-05-17"}, first: 1) { edges { cursor } } }',
        '{ search(criteria: {identifiers: [{type: PASSPORT, value: "DEMO7777"}]}, first: 1) { edges { cursor } } }',
    ],
)
def test_a_text_within_a_document_is_refused_and_not_repeated(text: str) -> None:
    assert set(refused(text)) == {("DOCUMENT_HOLDS_TEXT", "text")}
    with pytest.raises(TextRefused) as caught:
        read(text)
    assert not [each for each in caught.value.found if "DEMO" in str(each) or "1971" in str(each)]


def test_an_enum_a_number_and_a_truth_may_stand_in_a_document() -> None:
    text = "{ proposals(state: PENDING, first: 5) { edges { cursor @include(if: true) } } }"

    assert read(text)[0].kind == "query"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{ a", "GRAPHQL_PARSE_FAILED"),
        ("", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("type A { b: Int }", "GRAPHQL_VALIDATION_FAILED"),
        ('{ profile(id: "\\u0000") { sex } }', "NUL_CHARACTER_REFUSED"),
    ],
)
def test_what_the_schema_refuses_has_its_code_and_its_place(text: str, code: str) -> None:
    assert refused(text)[0] == (code, "text")
    with pytest.raises(TextRefused, match=r"Line 1, column \d"):
        read(text)


def test_every_mistake_is_told_up_to_a_few() -> None:
    assert len(refused("{ " + " ".join(f"nothing{n}" for n in range(9)) + " }")) <= LIMITS.validation_errors + 1
    texts = " ".join(f'a{n}: profile(id: "DEMO") {{ sex }}' for n in range(9))
    assert len(refused(f"{{ {texts} }}")) == 5


def test_a_text_beyond_the_limits_is_refused_as_a_request_would_be() -> None:
    with pytest.raises(LimitExceeded) as caught:
        read("{ " + "__typename " * 6 + "}")

    assert caught.value.code == "DOCUMENT_TOO_COMPLEX"


def test_every_code_of_a_text_is_one_that_the_mutation_knows() -> None:
    assert reading.CODES <= PROPOSE_CODES
