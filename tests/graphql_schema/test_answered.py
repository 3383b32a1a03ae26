"""An entry says which fields the answer holds: recomputed by watching the library execute, and from real answers."""

import random
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import FieldNode, GraphQLObjectType, GraphQLSchema, default_field_resolver, default_type_resolver
from graphql.execution.execute import CollectedErrors
from graphql.pyutils import Path

from graphql_schema import answered
from graphql_schema.coercion import coerce
from graphql_schema.documents import Document
from graphql_schema.executor import PlanContext, execute, refuse_awaitable
from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Role
from tests.graphql_schema import invented, stubbed
from tests.graphql_schema.differential import VARIABLES, Inventor, Writer, read
from tests.nodes import Node

pytestmark = pytest.mark.anyio

SCHEMAS = {"invented": invented.SCHEMA, "the register's": stubbed.SCHEMA}
DOCUMENTS = 40


class Watching(PlanContext):
    """The library alone, which tells each field that it executes, with its object's place."""

    executed: list[tuple[list[str | int], list[FieldNode]]]

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_nodes: list[FieldNode], path: Path
    ) -> Any:  # fmt: skip
        self.executed.append((path.as_list(), field_nodes))
        return super().execute_field(parent_type, source, field_nodes, path)


def stands(data: Any, path: list[str | int]) -> bool:
    """Say whether a field is in the answer: nothing that it is part of has become null."""
    for key in path:
        if data is None:
            return False
        data = data[key]
    return True


def watched(schema: GraphQLSchema, document: Document, root: Any, variables: dict[str, Any]) -> tuple[str, ...]:
    """Execute by the library, and name what was executed and stands in its answer."""
    operation = document.operation(None)
    run = Watching(
        schema, document.fragments, root, None, operation.node, variables, default_field_resolver,
        default_type_resolver, default_field_resolver, CollectedErrors(), None, refuse_awaitable,
    )  # fmt: skip
    run.executed = []
    try:
        data = run.execute_operation(operation.node, root)
    except Exception:  # noqa: BLE001  null has risen to the top
        return ()
    return tuple(sorted({
        document.coordinates[id(node)]
        for path, nodes in run.executed if stands(data, path)
        for node in nodes if id(node) in document.coordinates
    }))  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("seed", range(2))
def test_the_fields_of_an_answer_are_those_that_were_executed_and_stand_in_it(schema: str, seed: int) -> None:
    drawn, definition = random.Random(seed), SCHEMAS[schema]
    compared = told = 0
    for _ in range(DOCUMENTS):
        source = Writer(definition, drawn, "query").document()
        document = read(source, definition)
        operation = document.operation(None)
        for broken in (0.0, 0.1):
            inventor = Inventor(definition, drawn, operation.coordinates, broken, False)
            assert definition.query_type is not None
            root = inventor.root(definition.query_type)
            for given in VARIABLES if "$" in source else VARIABLES[:1]:
                variables = coerce(operation, given)
                assert isinstance(variables, dict)
                context = SimpleNamespace(met={})
                result = execute(
                    document, operation, root=root, context=context, variables=variables, schema=definition
                )  # fmt: skip
                found = answered.fields(document, operation, variables, result.data, context.met, schema=definition)
                if result.data is None:
                    assert found == ()
                    continue
                assert found == watched(definition, document, root, variables), f"{source}\n{given}"
                assert operation.coordinates.issuperset(found)
                compared += 1
                told += len(found) < len(operation.coordinates)

    assert compared > DOCUMENTS
    assert told > DOCUMENTS / 10  # documents select more than answers hold


ASKED = """
query Ask($id: ID!, $names: Boolean!, $none: Boolean = true) {
  one: node(id: $id) { id ... on Profile { ...Names @include(if: $names) handles @skip(if: $none) { handle } }
                       ... on Proposal { state } }
  none: search(criteria: {name: "Nobody Atall"}, first: 2) { edges { node { score profile { sex } } } }
}
fragment Names on Profile { called: names { full } photographs { id } }
"""


@pytest.mark.parametrize(("names", "expected"), [
    (True, {"Profile.names", "Name.full", "Profile.photographs"}), (False, set()),
])  # fmt: skip
async def test_an_entry_names_what_was_shown_and_not_what_might_have_been(
    shared: Node, names: bool, expected: set[str]
) -> None:
    """Aliases, fragments, @skip, @include and an open type; of nobody found nothing is named."""
    profile = shared.profile_id()

    answer = await shared.ask(ASKED, {"id": profile, "names": names})

    entry = await shared.entry(answer)
    shown = {"Query.node", "Node.id", "Query.search", "HitConnection.edges", *expected}
    assert set(entry["body"]["fields"]) == shown, answer.text
    assert {each for event in entry["body"]["events"] for each in event["records"]} == {
        str(read_public_id("profile", profile))
    }


async def test_an_attempt_that_shows_nothing_names_what_it_asked_for(shared: Node) -> None:
    answer = await shared.ask(ASKED, {"id": shared.profile_id(), "names": True}, by=Role.AUDITOR)

    entry = await shared.entry(answer)
    assert entry["outcome"] == "denied"
    assert {"Proposal.state", "Name.full", "Profile.sex"} <= set(entry["body"]["fields"])
