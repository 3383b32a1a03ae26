"""What of a question may be counted and traced: names of the schema, never a caller's.

    observer = Observer(schema, tracer)
    observer.tell(exchange, 200)             registry_requests_total{kind="query",operation="search",status="200"} 1

A caller chooses the name of an operation, its aliases and its variables, and may write a person's name there
(`query Find_Juma_Mwakio`). So an operation is called by its root field. Its own name is told only where it stands in a
document that another officer approved for this client: there two people have read it.
"""

from time import perf_counter

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from graphql_schema.exchange import Exchange
from graphql_schema.executor import counters
from registry.core.metrics import PLAN_BAIL, PLAN_HIT
from registry.core.observing import NONE, SEVERAL, Answer, Tracer, tell

_META = frozenset({"__schema", "__type", "__typename"})
MOST_NAME = 64
"""Characters of an operation's name; a longer one is left out."""


class Observer:
    """Tells of each answer what may be told, by the names of one schema."""

    def __init__(self, schema: GraphQLSchema, tracer: Tracer | None) -> None:
        roots = (schema.query_type, schema.mutation_type, schema.subscription_type)
        self.operations = _META.union(*(root.fields for root in roots if root is not None))
        self.deprecated = frozenset(
            f"{each.name}.{name}"
            for each in schema.type_map.values()
            if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
            for name, field in each.fields.items()
            if field.deprecation_reason is not None
        )
        self._tracer = tracer
        self._plans = (counters.plan_hits, counters.plan_bails)

    def tell(self, exchange: Exchange, status: int) -> None:
        """Count an answer, write its line, trace it."""
        self._count_plans()
        tell(self.answer(exchange, status, perf_counter() - exchange.begun), self._tracer)

    def operation(self, told: str) -> str:
        """Return what the metrics call an operation: of the log's ``profile,search`` it is ``several``."""
        if told in self.operations:
            return told
        return SEVERAL if "," in told else NONE

    def answer(self, exchange: Exchange, status: int, seconds: float) -> Answer:
        """Return what may be told of an exchange."""
        entry, name = exchange.entry, exchange.reviewed_name
        return Answer(
            request_id=exchange.request_id, kind=entry.kind, operation=self.operation(entry.operation), status=status,
            seconds=seconds, code=entry.code, client=entry.client, agency=entry.agency, document=entry.document,
            name=name if name is not None and len(name) <= MOST_NAME else None,
            deprecated=sorted(self.deprecated.intersection(entry.fields)), stages=exchange.stages,
        )  # fmt: skip

    def _count_plans(self) -> None:
        """Hand on what the executor has counted since: it counts objects, thousands a second, and so counts plainly."""
        hits, bails = self._plans
        self._plans = (counters.plan_hits, counters.plan_bails)
        PLAN_HIT.inc(self._plans[0] - hits)
        PLAN_BAIL.inc(self._plans[1] - bails)
