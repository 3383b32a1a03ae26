"""Check 14: with plans everything is answered as the library alone answers it, and the fuzz that says so can tell.

A seed that found something is tried again by ``python -m bench.fuzz --seed N --executions 2000``.
"""

import random
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from graphql import ExecutionContext, GraphQLSchema, parse, validate

from graphql_schema import executor, plans
from graphql_schema.documents import Document
from graphql_schema.executor import counters
from tests.graphql_schema import invented, stubbed
from tests.graphql_schema.differential import Writer, differences

EXECUTIONS = 1_250
PARTS = 16
"""So that the workers of the suite share them: 20,000 executions over the invented schema."""
PARTS_OF_OURS = 4
SCHEMAS = {"invented": invented.SCHEMA, "the register's": stubbed.SCHEMA}


@pytest.mark.parametrize("part", range(PARTS))
def test_check_14_random_documents_on_random_and_broken_data_are_answered_as_the_library_answers(part: int) -> None:
    assert differences(invented.SCHEMA, EXECUTIONS, secrets.randbits(32)) == [], part


@pytest.mark.parametrize("part", range(PARTS_OF_OURS))
def test_check_14_so_are_random_documents_over_the_registers_own_types(part: int) -> None:
    assert differences(stubbed.SCHEMA, EXECUTIONS, secrets.randbits(32)) == [], part


def test_check_14_counts_at_least_twenty_thousand_executions() -> None:
    assert PARTS * EXECUTIONS >= 20_000


# Can it fail? --------------------------------------------------------------------------------------------------


def by_document_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Document, "plans", lambda document, _variables: document._plans.setdefault((), {}))


def without_a_look_at_the_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plans._GLOBALS, "admit_object", lambda _class: None)


def without_a_look_at_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "admit_value", lambda _class: None)


def null_for_any_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plans._GLOBALS, "refuse", lambda _value: None)


def any_sequence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plans._GLOBALS, "sequences", plans.SEQUENCES | {dict, str})


def numbers_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = {each: (test.partition(" and ")[0], printed) for each, (test, printed) in plans.EXACT.items()}
    monkeypatch.setattr(plans, "EXACT", exact)


def nothing_serialised_is_something(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "_leaf", lambda serialize, *, nullable: serialize)  # noqa: ARG005  its name is called


def values_of_enums_for_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = plans._known
    monkeypatch.setattr(plans, "_known", lambda type_: {text: text for text in usual(type_)})


def impostors_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = executor._attempt
    monkeypatch.setattr(
        executor.PlanContext,
        "complete_object_value",
        lambda run, type_, nodes, info, path, value: (
            ((plan := run._plan(type_, nodes)) and not plan.rest and usual(plan.run, value))
            or ExecutionContext.complete_object_value(run, type_, nodes, info, path, value)
        ),
    )


def arguments_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = plans.plain_attribute
    monkeypatch.setattr(plans, "plain_attribute", lambda field: usual(field) or (field.args and "family_name") or None)


BREAKS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    by_document_only, without_a_look_at_the_object, without_a_look_at_the_value, null_for_any_list, any_sequence,
    numbers_of_any_size, nothing_serialised_is_something, values_of_enums_for_their_names, impostors_are_believed,
    arguments_are_ignored,
)  # fmt: skip


@pytest.mark.parametrize("broken", BREAKS)
def test_a_rule_of_the_plans_that_is_broken_is_found(
    broken: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_values", set())
    monkeypatch.setattr(plans, "_objects", set())
    monkeypatch.setitem(plans._GLOBALS, "objects", plans._objects)
    broken(monkeypatch)

    found = differences(invented.SCHEMA, EXECUTIONS, seed=14)

    assert found
    assert found[0].startswith("seed 14: ")


def test_the_fuzz_reaches_plans_and_bails() -> None:
    hits, bails = counters.plan_hits, counters.plan_bails

    assert differences(invented.SCHEMA, 400, seed=1) == []

    assert counters.plan_hits - hits > 400
    assert counters.plan_bails - bails > 100


@pytest.mark.parametrize("kind", ["query", "mutation"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_what_the_fuzz_writes_is_valid(name: str, kind: str) -> None:
    schema: GraphQLSchema = SCHEMAS[name]
    writer = Writer(schema, random.Random(14), kind if schema.mutation_type else "query")

    mistakes: list[Any] = [validate(schema, parse(writer.document())) for _ in range(20)]

    assert mistakes == [[]] * 20
