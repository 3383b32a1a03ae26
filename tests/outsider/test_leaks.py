"""Outsider's checks 6, 7, 18 and 20, and what else somebody with a token might try to make the door talk."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLNonNull, Undefined, is_leaf_type
from packaging.requirements import Requirement
from packaging.version import Version

from graphql_schema.search import queries as searching
from registry.core.metrics import METRICS
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.graphql_schema.test_permissions import OPERATIONS, SCHEMA
from tests.malformed.asking import check_nothing_shows
from tests.nodes import Node, code_of, lines
from tests.outsider.conftest import Said

pytestmark = pytest.mark.anyio
SECRET = "SECRET-VALUE-123"
ROOT = Path(__file__).parents[2]
TYPES = sorted(name for name in SCHEMA.type_map if not name.startswith("__") and len(name) > 7)


# -- 6


@pytest.mark.parametrize(
    "document",
    [
        "{ serch(first: 1) { edges { cursor } } }",
        '{ search(criterias: {name: "x"}, first: 1) { edges { cursor } } }',
        '{ search(criteria: {nam: "x"}, first: 1) { edges { cursor } } }',
        '{ search(criteria: {name: "x"}, first: 1) { edge { cursor } } }',
        "{ profile(id: 1) { nme } }",
        "{ node(id: 1) { names { full } } }",
        "{ node(id: 1) { ... on Profil { id } } }",
        "{ ... on Profil { id } }",
        "query ($x: Profil) { profile(id: $x) { sex } }",
        "query ($x: SearchCriteria) { search(criteria: $x, first: 1) { edges { cursor } } }",
        "{ __typename @includ(if: true) }",
        "{ __typename @include(iff: true) }",
        '{ search(criteria: {sex: MALEE, name: "x"}, first: 1) { edges { cursor } } }',
        "mutation { proposalAprove(input: {proposalId: 1}) { userErrors { code } } }",
        "mutation { proposalApprove(input: {proposal: 1}) { userErrors { code } } }",
        "subscription { decision { id } }",
    ],
)
async def test_check_06_a_misspelt_name_gets_no_suggestion_and_no_list_of_what_there_is(
    shared: Node, document: str
) -> None:
    answer = await shared.ask(document, token=shared.token(agency=factories.ELSEWHERE))

    assert answer.status_code == 400, answer.text
    assert not [word for word in ("mean", "suggest", "or use", "Perhaps") if word in answer.text], answer.text
    unasked = [name for name in TYPES if re.search(rf"\b{name}\b", answer.text) and name not in document]
    named = re.findall(r"on type '(\w+)'|of type '(\w+)|by type '(\w+)|Enum '(\w+)|input type '(\w+)", answer.text)
    assert set(unasked) <= {each for found in named for each in found}, "types that the question has not reached"


# -- 7


def wrong(secret: str) -> Iterator[tuple[str, str, Any]]:
    """Yield a variable of each kind that holds what it must not: its type, how it is used, and its value."""
    search = "search(criteria: $v, first: 1) { edges { cursor } }"
    yield "SearchCriteriaInput!", search, secret
    yield "SearchCriteriaInput!", search, {"name": [secret]}
    yield "SearchCriteriaInput!", search, {secret: secret}
    yield "SearchCriteriaInput!", search, {"birthDate": secret}
    yield "SearchCriteriaInput!", search, {"nationality": secret}
    yield "SearchCriteriaInput!", search, {"sex": secret}
    yield "SearchCriteriaInput!", search, {"identifiers": [{"type": secret, "value": secret}]}
    yield "SearchCriteriaInput!", search, {"near": {"radiusKm": secret}}
    yield "SearchCriteriaInput!", search, {"plate": secret + "\0"}
    yield "Int!", 'search(criteria: {name: "x"}, first: $v) { edges { cursor } }', secret
    yield "Int!", 'search(criteria: {name: "x"}, first: $v) { edges { cursor } }', {secret: 1}
    yield "ID!", "profile(id: $v) { sex }", [secret]
    yield "ID!", "profile(id: $v) { sex }", secret
    yield "ID!", "node(id: $v) { id }", secret
    yield "PartialDate", 'profile(id: "x", asOf: $v) { sex }', secret
    yield "DateTime", 'profile(id: "x", knownAt: $v) { sex }', secret
    yield "Long!", "logExplanation(entry: $v) { __typename }", secret
    yield "Language", 'explanation(requestId: "x", language: $v) { __typename }', secret
    yield "String!", "explanation(requestId: $v) { __typename }", secret
    yield "Boolean!", "__typename @include(if: $v)", secret


@pytest.mark.parametrize("place", range(len(list(wrong("")))))
async def test_check_07_what_a_wrong_variable_holds_is_told_nowhere(shared: Node, said: Said, place: int) -> None:
    kind, field, value = list(wrong(SECRET))[place]

    answer = await shared.ask(f"query ($v: {kind}) {{ {field} }}", {"v": value})

    assert answer.json()["errors"]
    assert SECRET not in answer.text
    assert answer.headers["x-request-id"] in (text := said())
    assert SECRET not in text
    assert SECRET not in str(await shared.entry(answer))


@pytest.mark.parametrize(
    "document",
    [
        f'{{ search(criteria: "{SECRET}", first: 1) {{ edges {{ cursor }} }} }}',
        f'{{ search(criteria: {{birthDate: """{SECRET}"""}}, first: 1) {{ edges {{ cursor }} }} }}',
        f'{{ profile(id: "x", knownAt: "{SECRET}") {{ sex }} }}',
        f'{{ profile(id: "x", asOf: {{a: "{SECRET}"}}) {{ sex }} }}',
        f'{{ logExplanation(entry: "{SECRET}") {{ __typename }} }}',
        f'{{ __typename @include(if: "{SECRET}") }}',
        f'{{ __typename @skip(if: ["{SECRET}"]) }}',
        f'query ($v: Int = "{SECRET}") {{ search(criteria: {{name: "x"}}, first: $v) {{ edges {{ cursor }} }} }}',
        f'query ($v: PartialDate = "{SECRET}") {{ profile(id: "x", asOf: $v) {{ sex }} }}',
        f'{{ profile(id: "x") {{ sex(a: "{SECRET}") }} }}',
        f'{{ profile(id: ["{SECRET}"]) {{ sex }} }}',
        f'{{ a: profile(id: "{SECRET}") {{ id }} a: profile(id: "other") {{ id }} }}',
        f'query @deprecated(reason: "{SECRET}") {{ __typename }}',
        f'{{ profile(id: "{SECRET}\\q") {{ id }} }}',
        f'{{ profile(id: "{SECRET}',
    ],
)
async def test_check_07_what_a_wrong_literal_holds_is_told_nowhere(shared: Node, said: Said, document: str) -> None:
    answer = await shared.ask(document)

    assert answer.status_code == 400, answer.text
    assert SECRET not in answer.text
    assert SECRET not in said()
    assert SECRET not in str(await shared.entry(answer))
    check_nothing_shows(answer.text)


# -- 18


def test_check_18_no_argument_and_no_input_field_has_a_default_that_could_be_changed() -> None:
    given = [(name, key, arg.default_value) for name, field in OPERATIONS.items() for key, arg in field.args.items()]
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            given += [(type_.name, key, field.default_value) for key, field in type_.fields.items()]

    mutable = [each for each in given if each[2] is not Undefined and isinstance(each[2], list | dict | set)]

    assert len(given) > 100
    assert not mutable


async def test_check_18_a_list_that_is_left_out_is_as_empty_in_the_second_request_as_in_the_first(
    shared: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[dict[str, Any]] = []
    read = searching.search_query

    def spoil(given: dict[str, Any]) -> Any:
        handed.append({key: list(each) if isinstance(each, list) else each for key, each in given.items()})
        sought = read(dict(given))
        for each in given.values():
            if isinstance(each, list):
                each.append({"type": "PASSPORT", "value": "somebody else's"})
        return sought

    monkeypatch.setattr(searching, "search_query", spoil)
    document = """query ($i: [SearchIdentifierInput!]) {
        search(criteria: {name: "Juma Mwakio", identifiers: $i}, first: 1) { edges { cursor } } }"""
    left_out: dict[str, Any] = {}
    empty: dict[str, Any] = {"i": []}

    for variables in (left_out, left_out, empty, empty):
        assert "errors" not in (await shared.ask(document, variables)).json()

    assert handed[0] == handed[1]
    assert handed[2] == handed[3]
    assert not handed[1].get("identifiers")
    assert handed[3]["identifiers"] == []


# -- 20


def test_check_20_only_a_graphql_core_that_bounds_tokens_and_hides_suggestions_can_be_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = next(each for each in map(Requirement, project["dependencies"]) if each.name == "graphql-core")
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^graphql-core==([^\s;]+)", lock, re.MULTILINE)

    assert [each for each in ("3.2.13", "3.1.7", "3.3.0", "3.3.2") if asked.specifier.contains(each)] == []
    assert asked.specifier.contains("3.2.14")
    assert len(locked) == 1
    for found in (locked[0], version("graphql-core")):
        assert Version("3.2.14") <= Version(found) < Version("3.3")


# -- what else one might try


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "Q\n{}", "Q\r\nevent: forged", '","event":"forged"', "Q\u2028", "\x1b[2J", "Q\0"]
)
async def test_a_name_of_an_operation_writes_no_line_into_the_log(shared: Node, said: Said, name: str) -> None:
    answer = await shared.ask("query Q { __typename }", operationName=name)

    assert (answer.status_code, code_of(answer)) == (400, "OPERATION_UNKNOWN")
    text = said()
    assert [each["event"] for each in lines(text)] == ["answered"]
    assert "forged" not in text
    assert "\x1b" not in text
    assert len(text) < 1_000
    assert name not in answer.text


async def test_names_that_a_caller_chooses_make_no_new_series_of_metrics(shared: Node) -> None:
    def series() -> set[tuple[str, ...]]:
        return {
            (sample.name, *sorted(f"{key}={each}" for key, each in sample.labels.items()))
            for metric in METRICS.collect()
            for sample in metric.samples
        }

    await shared.ask("query First { __typename }")
    await shared.ask("{ nothing }")
    before = series()
    for place in range(30):
        await shared.ask(f"query Chosen{place} {{ alias{place}: __typename }}")
        await shared.ask(f"query Chosen{place} {{ nothing{place} }}", operationName=f"Other{place}")
        await shared.http.post(f"/graphql?x={place}", headers={"authorization": f"DPoP {place}"})

    new = series() - before

    assert not [each for each in new if re.search(r"Chosen|Other|alias|nothing", str(each))]
    assert len(new) < 60, new


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e-400", "9" * 400, "NaN", "Infinity", "-0", "1" + "0" * 5_000])
async def test_a_number_that_no_machine_holds_is_refused_or_read_as_none(shared: Node, number: str) -> None:
    asked = "query ($c: SearchCriteriaInput!, $n: Int!) { search(criteria: $c, first: $n) { edges { cursor } } }"
    body = f'{{"query": "{asked}", "variables": {{"c": {{"name": "Juma"}}, "n": {number}}}}}'
    headers = shared.headers() | {"content-type": "application/json"}
    literal = f'{{ search(criteria: {{name: "Juma"}}, first: {number}) {{ edges {{ cursor }} }} }}'

    for answer in (await shared.http.post("/graphql", content=body, headers=headers), await shared.ask(literal)):
        assert answer.status_code in (200, 400), answer.text
        assert answer.json()["errors"][0]["extensions"]["code"] != "INTERNAL", answer.text
        check_nothing_shows(answer.text)


LITERALS = {
    "PartialDate": ['profile(id: "x", asOf: %s) { sex }', ("1970", "true", "[]", "{}", "KE", '"\\u0000"', "-1", "1.5")],
    "DateTime": ['profile(id: "x", knownAt: %s) { sex }', ("0", "true", '"2026"', '"0001-01-01T00:00:00+14:00"')],
    "Long": ["logExplanation(entry: %s) { __typename }", ("1.0", '"1"', "9" * 60, "-" + "9" * 60, "true", "{}")],
    "CountryCode": ["search(criteria: {nationality: %s}, first: 1) { edges { cursor } }", ("KE", "1", '"ke"', "[[]]")],
    "ID": ["profile(id: %s) { sex }", ("1.5", "true", "{}", "[1]", "KE", "9" * 300)],
    "String": ["certificate(number: %s) { id }", ("1", "KE", "[]", '"""\n"""', '"\\u{110000}"', '"\\uD800"')],
}  # fmt: skip
"""Each scalar, where it stands, and literals that are none of its own."""


@pytest.mark.parametrize(
    ("field", "literal"), [(row[0], literal) for row in LITERALS.values() for literal in row[1]]
)  # fmt: skip
async def test_a_literal_that_is_none_of_its_scalars_is_refused_with_a_code(
    shared: Node, field: str, literal: str
) -> None:
    answer = await shared.ask(f"{{ {field % literal} }}")

    assert answer.json()["errors"], answer.text
    assert {each["extensions"]["code"] for each in answer.json()["errors"]} & {"INTERNAL"} == set()
    check_nothing_shows(answer.text)


def test_every_enum_has_values_that_are_names_so_that_none_can_be_made_of_text() -> None:
    enums = [each for each in SCHEMA.type_map.values() if isinstance(each, GraphQLEnumType)]

    assert len(enums) > 10
    for each in enums:
        assert all(re.fullmatch(r"_{0,2}[A-Z][A-Za-z0-9_]*", name) for name in each.values), each.name


@pytest.mark.parametrize("header", ["accept", "x-request-id", "traceparent", "x-forwarded-for", "user-agent"])
async def test_a_header_of_a_callers_own_making_is_repeated_nowhere(shared: Node, said: Said, header: str) -> None:
    own = shared.headers() | {"content-type": "application/json", header: f"x/{SECRET}, */*"}

    answer = await shared.http.post("/graphql", json={"query": "{ __typename }"}, headers=own)

    assert answer.status_code == 200
    assert SECRET not in answer.text + str(answer.headers) + said() + str(await shared.entry(answer))


async def test_what_is_hidden_and_what_is_missing_look_the_same(shared: Node) -> None:
    """A proposal exists for those who decide on it; for others its id is as good as any."""
    document = "query ($id: ID!) { %s(id: $id) { __typename } }"
    by = shared.token(Role.SUPERVISOR, agency=factories.ELSEWHERE)
    asked = [
        name
        for name, field in OPERATIONS.items()
        if [key for key, arg in field.args.items() if isinstance(arg.type, GraphQLNonNull)] == ["id"]
        and not is_leaf_type(field.type)
    ]

    assert {"profile", "proposal", "screening"} <= set(asked)
    for name in asked:
        told = [
            (await shared.ask(document % name, {"id": each}, token=by)).json()["errors"][0]
            for each in ("cAGh_5r4dneKmLS3ToglzoY", "cAGh_5r4dneKmLS3ToglzoU")
        ]
        for each in told:
            del each["extensions"]["requestId"]
        assert told[0] == told[1], name
