"""A question is priced from its text, and again from its answer."""

from pathlib import Path
from typing import Any

import graphene
import pytest
from graphql import GraphQLSchema, build_schema

from graphql_schema import cost, limits_page, schema
from graphql_schema.documents import DocumentStore
from graphql_schema.limits import Limits
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
SCHEMA = schema.build()
STORE = DocumentStore(SCHEMA, Limits())
SEARCH = 'search(criteria: {name: "Invented"}, first: %s) { edges { node { %s } } }'


def cost_of(document: str) -> cost.Cost:
    return STORE.get(document, introspection=True).operation(None).cost


def asked(document: str, **variables: Any) -> int:
    return cost_of(document).asked(variables, page=100)


# -- what is asked


@pytest.mark.parametrize(
    ("document", "points"),
    [
        ("{ __typename }", 0),
        ("{ __schema { types { name } } }", cost.INTROSPECTION),
        ('{ profile(id: "x") { id sex } }', 1),
        ('{ profile(id: "x") { names { full } phones { number } } }', 1 + 1 + 1),
        ('{ profile(id: "x") { names { parts { __typename } } } }', 1 + (1 + 1)),
        (f"{{ {SEARCH % (20, 'score')} }}", 10 + 20),
        (f"{{ {SEARCH % (20, 'score profile { names { full } }')} }}", 10 + 20 * (1 + 1 + 1)),
        ('{ search(criteria: {name: "x"}, first: 20) { pageInfo { endCursor } } }', 10 + 1),
        ('{ profile(id: "x") { versions { version } duplicates { score } } }', 1 + (5 + 5) + (10 + 5)),
        ("mutation { screeningBegin(input: {}) { screening { id } userErrors { code } } }", 10 + 1 + 1 + 1),
    ],
)  # fmt: skip
def test_a_question_costs_what_the_tables_say(document: str, points: int) -> None:
    assert asked(document) == points


def test_a_size_in_a_variable_is_read_when_it_is_known_and_else_the_longest_page() -> None:
    document = (
        'query ($n: Int!) { search(criteria: {name: "x"}, first: $n) { edges { node { score } } } }'
    )  # fmt: skip

    assert [asked(document, n=n) for n in (1, 20, 100)] == [11, 30, 110]
    assert [asked(document, **given) for given in ({}, {"n": None}, {"n": 10**9})] == [110] * 3
    assert asked(document, n=-5) == 10


@pytest.mark.parametrize(
    "document",
    [
        '{ profile(id: "x") { names { full } ...F ...F } } fragment F on Profile { names { full } ... { sex } }',
        '{ ...Q ...Q } fragment Q on Query { profile(id: "x") { names { full } } }',
        '{ profile(id: "x") { names { full @include(if: false) } } }',
    ],
)
def test_what_merges_is_priced_once(document: str) -> None:
    assert asked(document) == 2


def test_an_alias_is_a_price_of_its_own() -> None:
    assert asked(f"{{ a: {SEARCH % (20, 'score')} b: {SEARCH % (10, 'score')} }}") == 30 + 20


def test_of_an_interface_each_of_its_types_is_priced() -> None:
    document = '{ node(id: "x") { id ... on Profile { names { full } } ... on Screening { state } } }'

    assert asked(document) == 1 + 1


def test_one_key_for_several_fields_of_an_interface_prices_each() -> None:
    fields = "... on Proposal { x: documents { __typename } } ... on Profile { x: duplicates { score } }"

    assert asked(f'{{ node(id: "x") {{ {fields} }} }}') == 1 + 2 + (10 + 5)


def test_a_bomb_of_fragments_is_priced_as_it_is_answered() -> None:
    fragments = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(15))
    bomb = '{ ...F0 } %s fragment F15 on Query { profile(id: "x") { id } }'

    assert asked(bomb % fragments) == 1


# -- what is answered


def test_nodes_that_were_not_there_are_given_back() -> None:
    priced = cost_of(f"{{ found: {SEARCH.replace('edges', 'them: edges') % (20, 'score profile { id }')} }}")

    assert priced.asked({}, page=100) == 10 + 20 * 2
    assert priced.answered({"found": {"them": [{}] * 3}}) == 10 + 3 * 2
    assert priced.answered({"found": {"them": []}}) == priced.answered({"found": None}) == priced.answered(None) == 10


def test_edges_that_were_not_asked_for_cost_nothing() -> None:
    priced = cost_of('{ search(criteria: {name: "x"}, first: 20) { __typename } }')

    assert priced.asked({}, page=100) == priced.answered({"search": {"__typename": "HitConnection"}}) == 10


# -- the tables


def test_the_page_of_limits_is_the_one_that_is_published() -> None:
    assert (ROOT / "docs" / "limits.md").read_text(encoding="utf-8") == limits_page.page()


def test_every_limit_has_its_line_on_the_page() -> None:
    page = limits_page.page()

    assert all(f"| `{name}` |" in page for name in Limits.__slots__)


def with_field(type_: str, field: str) -> GraphQLSchema:
    text = (
        schema.sdl()
        .replace(f"type {type_} {{", f"type {type_} {{\n  {field}\n", 1)
        .replace("type Query implements", "")
    )
    return build_schema(text)


@pytest.mark.parametrize(
    ("type_", "field", "told"),
    [
        ("Reason", "others: [Reason!]!", "Reason.others: a list without a size"),
        ("Query", "everybody: [Profile!]!", "Query.everybody: a list without a size"),
        ("Reason", "others(first: Int!): HitConnection", "Reason.others: a connection below the root"),
    ],
)
def test_a_node_does_not_start_with_a_list_that_nobody_priced(type_: str, field: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        cost.check(with_field(type_, field))


def test_a_node_does_not_start_with_a_price_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "SIZES", {**cost.SIZES, "Profile.nothing": 2})

    with pytest.raises(AssertionError, match=r"Profile\.nothing"):
        cost.check(SCHEMA)


def test_a_list_of_leaves_needs_no_price() -> None:
    class Query(graphene.ObjectType):
        words = graphene.List(graphene.String)

    with pytest.raises(AssertionError, match="prices of nothing"):  # and no other complaint before it
        cost.check(graphene.Schema(query=Query).graphql_schema)


# -- over HTTP


async def test_an_answer_says_what_it_cost_and_what_is_left(shared: Node) -> None:
    answer = await shared.ask(
        f"query ($n: Int!) {{ {SEARCH.replace('Invented', 'Achieng') % ('$n', 'score profile { id }')} }}", {"n": 20}
    )

    found = len(answer.json()["data"]["search"]["edges"])
    told = answer.json()["extensions"]
    assert 0 < found < 20
    assert (told["cost"]["requested"], told["cost"]["actual"], told["cost"]["limit"]) == (50, 10 + 2 * found, 1000)
    assert told["records"]["shown"] == found
    assert (await shared.entry(answer))["body"]["cost"] == 10 + 2 * found


async def test_a_question_that_may_cost_too_much_is_refused_before_the_register_is_touched(shared: Node) -> None:
    everything = (
        "reasons { sentence } profile { names { full } phones { number } places { county } versions { version } }"
    )
    with shared.statements() as statements:
        answer = await shared.ask(f"{{ {SEARCH % (100, everything)} }}")

    assert (answer.status_code, code_of(answer)) == (400, "COST_EXCEEDED")
    assert "1810 points; 1000 are allowed" in answer.json()["errors"][0]["message"]
    assert "data" not in answer.json()
    assert statements == []
    assert (await shared.entry(answer))["code"] == "COST_EXCEEDED"
