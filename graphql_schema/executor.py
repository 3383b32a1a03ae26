"""Execution: the library's executor, with plans where nothing but attributes is read.

    result = execute(document, document.operation(None), root=None, context=work, variables=coerced, schema=schema)
    result.data, result.errors     exactly what graphql-core answers
    counters.plan_hits, counters.plan_bails

Everything here is synchronous: a resolver that waits for the database does so inside a greenlet. An
awaitable met on the way is therefore a mistake of ours, and is refused rather than printed.

A plan is tried for an object, or for a list of objects at once. If it raises, whatever the reason, the
library executes that object from the start, and plans are tried again below it. Attributes are read
twice then, so reading one must change nothing; resolvers run only after the plain fields have succeeded,
and never twice.
"""

from dataclasses import dataclass
from types import CoroutineType
from typing import Any

from graphql import (
    ExecutionContext,
    ExecutionResult,
    FieldNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    Undefined,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.execute import CollectedErrors
from graphql.pyutils import Path

from graphql_schema.coercion import coerce
from graphql_schema.documents import Document, Operation
from graphql_schema.plans import SEQUENCES, Plan, Plans, Read, compile_plan, selection

__all__ = ["coerce", "counters", "execute"]


@dataclass(slots=True)
class Counters:
    """How often plans answered since the process started; read by the metrics."""

    plan_hits: int = 0
    plan_bails: int = 0


counters = Counters()


def execute(
    document: Document,
    operation: Operation,
    *,
    root: Any,
    context: Any,
    variables: dict[str, Any],
    schema: GraphQLSchema,
    compiled: bool = True,
) -> ExecutionResult:
    """Execute a valid operation with coerced variables; ``compiled=False`` leaves everything to the library.

    A context that has ``met`` is told the types of objects where the schema leaves them open, by path.
    """
    run = PlanContext(
        schema,
        document.fragments,
        root,
        context,
        operation.node,
        variables,
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
        CollectedErrors(),
        None,
        refuse_awaitable,
    )
    run.plans = document.plans(variables) if compiled else None
    run.met = getattr(context, "met", None)
    try:
        data: Any = run.execute_operation(operation.node, root)  # never awaitable here
    except GraphQLError as error:  # null has risen to the top
        run.collected_errors.add(error, None)
        data = None
    return run.build_response(data, run.collected_errors.errors)


def refuse_awaitable(value: Any) -> bool:
    """Say that nothing needs awaiting; if something does, it is an error of the field that holds it."""
    if type(value) in _settled:  # the library asks three times per field
        return False
    if hasattr(type(value), "__await__"):
        if isinstance(value, CoroutineType):
            value.close()
        raise TypeError("A resolver answered with an awaitable; resolvers are synchronous.")
    _settled.add(type(value))
    return False


_settled: set[type] = set()


class PlanContext(ExecutionContext):
    """One execution, trying plans before the library's own steps."""

    plans: Plans | None = None
    met: dict[tuple[str | int, ...], str] | None = None
    _at: Path

    def complete_abstract_value(
        self,
        return_type: GraphQLAbstractType,
        field_nodes: list[FieldNode],
        info: GraphQLResolveInfo,
        path: Path,
        result: Any,
    ) -> Any:
        """Note where the type is left open; of which it is the library finds next."""
        self._at = path
        return super().complete_abstract_value(return_type, field_nodes, info, path, result)

    def ensure_valid_runtime_type(
        self,
        runtime_type_name: Any,
        return_type: GraphQLAbstractType,
        field_nodes: list[FieldNode],
        info: GraphQLResolveInfo,
        result: Any,
    ) -> GraphQLObjectType:
        """Tell which type the library has found there."""
        found = super().ensure_valid_runtime_type(runtime_type_name, return_type, field_nodes, info, result)
        if self.met is not None:
            self.met[tuple(self._at.as_list())] = found.name
        return found

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_nodes: list[FieldNode],
        info: GraphQLResolveInfo,
        path: Path,
        result: Any,
    ) -> Any:
        """Answer an object by its plan, and the fields that have code behind them one by one."""
        plan = self._plan(return_type, field_nodes)
        if plan is not None and (not return_type.is_type_of or return_type.is_type_of(result, info)):
            answer = _attempt(plan.run, result)
            if answer is not Undefined:
                for key, nodes in plan.rest.items():
                    answer[key] = self.execute_field(return_type, result, nodes, Path(path, key, return_type.name))
                return answer
        return super().complete_object_value(return_type, field_nodes, info, path, result)

    def complete_list_value(
        self,
        return_type: GraphQLList[GraphQLOutputType],
        field_nodes: list[FieldNode],
        info: GraphQLResolveInfo,
        path: Path,
        result: Any,
    ) -> Any:
        """Answer a list of objects at once if all its items are plain."""
        item = return_type.of_type
        item = item.of_type if isinstance(item, GraphQLNonNull) else item
        if type(result) in SEQUENCES and isinstance(item, GraphQLObjectType) and not item.is_type_of:
            plan = self._plan(item, field_nodes)
            if plan is not None and not plan.rest:
                run = plan.run
                answer = _attempt(lambda items: [run(item) for item in items], result)
                if answer is not Undefined:
                    return answer
        return super().complete_list_value(return_type, field_nodes, info, path, result)

    def _plan(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Plan | None:
        if self.plans is None:
            return None
        try:
            return self.plans[selection(type_, nodes)]
        except KeyError:
            return compile_plan(self.plans, self.collect_subfields, type_, nodes)


def _attempt(run: Read, value: Any) -> Any:
    """Run a plan; Undefined if it is not sure, for whatever reason."""
    try:
        answer = run(value)
    except Exception:  # noqa: BLE001  # the library meets the same value again and tells what is wrong with it
        counters.plan_bails += 1
        return Undefined
    counters.plan_hits += 1
    return answer
