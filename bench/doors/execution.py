"""What GraphQL itself costs, in one process: the same objects answered by our executor and by the stock one.

    ours     the document from the store, coercion, compiled plans, orjson
    stock    schema.execute(document text) as graphene's users call it, json.dumps

The objects are a page of the register's own views, found once; no database and no HTTP are in these figures.
"""

import gc
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from time import process_time
from typing import Any

import graphene
import orjson
from graphql import execute as stock_execute, parse, validate

from bench.doors.questions import PAGE
from graphql_schema.base import PageValue
from graphql_schema.documents import DocumentStore
from graphql_schema.executor import coerce, counters, execute
from graphql_schema.limits import Limits
from graphql_schema.search.types import HitConnection, SearchCriteriaInput

VARIABLES = {"criteria": {"name": "Anybody"}}


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor milliseconds of one step."""

    what: str
    ms: float


def measured(page: PageValue, runs: int) -> list[Cost]:
    """Return what each step costs, both answers compared first."""
    schema = _schema(page)
    core = schema.graphql_schema
    store = DocumentStore(core, Limits())

    def ours(*, compiled: bool = True) -> bytes:
        document = store.get(PAGE, introspection=False)
        operation = document.operation(None)
        variables = coerce(operation, VARIABLES)
        assert isinstance(variables, dict)
        result = execute(
            document, operation, root=None, context=None, variables=variables, schema=core, compiled=compiled
        )
        return orjson.dumps({"data": result.data})

    def stock() -> bytes:
        return json.dumps({"data": schema.execute(PAGE, variable_values=VARIABLES).data}).encode()

    bails = counters.plan_bails
    if orjson.loads(ours()) != orjson.loads(stock()):
        raise AssertionError("the two executors answer differently")
    if counters.plan_bails != bails:
        raise AssertionError("a plan was not sure of a plain object")
    ast = parse(PAGE)
    data = schema.execute(PAGE, variable_values=VARIABLES).data
    steps: dict[str, Callable[[], object]] = {
        "ours": ours,
        "ours without plans": lambda: ours(compiled=False),
        "stock": stock,
        "  its parsing": lambda: parse(PAGE),
        "  its validation": lambda: validate(core, ast),
        "  its execution": lambda: stock_execute(core, ast, variable_values=VARIABLES),
        "  its json.dumps": lambda: json.dumps(data),
    }
    return [Cost(what, _ms(step, runs)) for what, step in steps.items()]


def _schema(page: PageValue) -> graphene.Schema:
    """Return our types over a query that finds the page at once."""

    class Query(graphene.ObjectType):
        search = graphene.Field(
            HitConnection, criteria=SearchCriteriaInput(required=True), first=graphene.Int(required=True)
        )

        @staticmethod
        def resolve_search(_root: Any, _info: Any, **_arguments: Any) -> PageValue:
            return page

    return graphene.Schema(query=Query)


def _ms(step: Callable[[], object], runs: int) -> float:
    """Return the processor time of one step: the median of five rounds, garbage collected as it comes."""
    rounds = []
    for _ in range(5):
        gc.collect()
        begun = process_time()
        for _ in range(runs):
            step()
        rounds.append((process_time() - begun) / runs * 1000)
    return median(rounds)


def lines(page: PageValue, runs: int) -> Iterator[str]:
    """Yield the table."""
    costs = {each.what: each.ms for each in measured(page, runs)}
    yield f"execution only, in process, {len(page.edges)} people with eight lists (processor ms, answers equal):"
    yield from (f"  {what:24} {ms:8.3f}" for what, ms in costs.items())
    yield f"  stock / ours             {costs['stock'] / costs['ours']:8.1f} times"
    yield f"  execution alone, stock / ours whole {costs['  its execution'] / costs['ours']:.1f} times"
