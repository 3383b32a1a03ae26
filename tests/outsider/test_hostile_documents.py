"""Outsider's check 3: documents that cost far more than they weigh are refused for what they would cost.

How long that takes is measured by ``python -m bench.hostile_documents``; here it is counted what was done.
"""

import asyncio

import httpx
import pytest
from graphql import OverlappingFieldsCanBeMergedRule, parse, specified_rules, validate
from graphql.validation.rules import overlapping_fields_can_be_merged as merging

from graphql_schema import schema
from graphql_schema.documents import DocumentStore
from graphql_schema.limits import Limits
from registry.core.errors import RegistryError
from tests.journeys.served import Served
from tests.nodes import RESPONSE, Node, code_of
from tests.outsider.documents import HOSTILE, Hostile, between_fragments, bomb
from tests.outsider.test_protocol import memory

pytestmark = pytest.mark.anyio
SCHEMA = schema.build()
LIMITS = Limits()


PLAIN = {"content-type": "application/json", "accept": RESPONSE}


def usual(served: Served) -> dict[str, str]:
    """Return the headers of a good request."""
    return served.headers("investigator") | PLAIN


def check_refused(hostile: Hostile, answer: httpx.Response) -> None:
    """Require the refusal that the table of documents says."""
    assert answer.status_code == hostile.status, answer.text
    errors = answer.json()["errors"]
    assert {error["extensions"]["code"] for error in errors} == {hostile.code}, answer.text
    if hostile.limit:
        assert [error["message"].partition("limit ")[2].partition(":")[0] for error in errors] == [hostile.limit]
    assert "data" not in answer.json()
    assert len(answer.content) < 3_000


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_check_03_each_hostile_document_is_refused_by_the_limit_that_it_meets(served: Served, hostile: Hostile) -> None:
    answer = httpx.post(f"{served.url}/graphql", content=hostile.body(), headers=usual(served))

    check_refused(hostile, answer)


async def test_check_03_a_hundred_at_once_are_refused_while_others_are_answered(served: Served) -> None:
    bodies = [HOSTILE[place % len(HOSTILE)] for place in range(100)]
    holder, probes = served.holder("investigator"), 0
    limits = httpx.Limits(max_connections=120)
    async with httpx.AsyncClient(base_url=served.url, limits=limits, timeout=60, headers=PLAIN, auth=holder) as http:
        await asyncio.gather(*(http.post("/graphql", content=each.body()) for each in bodies))
        before = memory(served)

        crowd = asyncio.gather(*(http.post("/graphql", content=each.body()) for each in bodies))
        while not crowd.done():
            probe = await http.post("/graphql", json={"query": "{ __typename }"})
            assert probe.status_code == 200, probe.text
            probes += 1

    for hostile, answer in zip(bodies, await crowd, strict=True):
        check_refused(hostile, answer)
    assert probes > 5, "nobody else was answered meanwhile"
    assert memory(served) - before < 32


async def test_check_03_a_document_that_is_not_read_leaves_one_entry_like_any_other(shared: Node) -> None:
    for hostile in HOSTILE:
        length = await shared.length()

        answer = await shared.http.post(
            "/graphql",
            content=hostile.body(),
            headers=shared.headers() | {"content-type": "application/json"},
        )

        entry = await shared.entry(answer)
        assert (entry["outcome"], entry["code"]) == ("failed", hostile.code)
        assert await shared.length() == length + 1


def steps(document: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Count how often fields are compared until a document is accepted or refused."""
    spent = 0
    spend = merging.spend_complexity_budget

    def count(context: merging.RuleContext, cost: int) -> None:
        nonlocal spent
        spent += cost
        spend(context, cost)

    monkeypatch.setattr(merging, "spend_complexity_budget", count)
    try:
        DocumentStore(SCHEMA, LIMITS).get(document, introspection=True)
    except RegistryError:
        pass
    finally:
        monkeypatch.undo()
    return spent


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
def test_check_03_no_document_has_more_compared_than_the_limit_says(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert steps(hostile.document(), monkeypatch) <= LIMITS.merge_steps + 2


def test_check_03_without_that_limit_a_document_of_two_kilobytes_has_far_more_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A control: the library's own rule goes on."""
    document = between_fragments(20)
    spent: list[int] = []
    monkeypatch.setattr(merging, "spend_complexity_budget", lambda _context, cost: spent.append(cost))
    assert OverlappingFieldsCanBeMergedRule in specified_rules

    validate(SCHEMA, parse(document, max_lexical_tokens=LIMITS.tokens), max_errors=LIMITS.validation_errors)

    assert len(document) < 3_000
    assert sum(spent) > 2 * LIMITS.merge_steps


@pytest.mark.parametrize("value", [{}, [], "", None], ids=["objects", "lists", "texts", "nulls"])
async def test_check_03_variables_that_are_many_and_empty_are_not_read_one_by_one(shared: Node, value: object) -> None:
    document = "query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) { edges { cursor } } }"

    answer = await shared.ask(document, {"c": {"marks": [value] * 15_000}})

    assert (answer.status_code, code_of(answer)) == (400, "TOO_MUCH_AT_ONCE")
    assert "variable_values" in answer.text


async def test_check_03_a_bomb_that_fits_is_answered_and_costs_what_its_text_costs(shared: Node) -> None:
    answer = await shared.ask(bomb(19))

    assert answer.json()["data"] == {"__typename": "Query"}
