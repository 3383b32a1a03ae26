"""The setting `compiled_plans`: without it the library executes everything, and every answer is the same."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graphql_schema.executor import counters
from registry.core.metrics import METRICS
from tests.graphql_schema.asking import PROFILE, SEARCH
from tests.nodes import Node, running

pytestmark = pytest.mark.anyio
QUESTION = (
    '{ search(criteria: {name: "Achieng"}, first: 5) { edges { node { band profile { names { full } sex } } } } }'
)


def counted() -> tuple[int, float]:
    """Return what plans have answered: as the executor counts it, and as the metrics tell it."""
    told = METRICS.get_sample_value("registry_plans_total", {"end": "hit"})
    return counters.plan_hits, told or 0.0


async def answered(node: Node) -> list[object]:
    asked: list[tuple[str, dict[str, Any]]] = [
        (SEARCH, {"c": {"name": "Juma Mwakio"}}),
        (PROFILE, {"id": node.profile_id()}),
        (QUESTION, {}),
    ]
    answers = [(await node.ask(document, variables)).json() for document, variables in asked]
    return [{"data": each["data"], "cost": each["extensions"]["cost"]["actual"]} for each in answers]


@pytest.mark.parametrize("compiled", [True, False])
async def test_plans_answer_and_are_counted_unless_they_are_switched_off(
    database_url: str, tmp_path: Path, *, compiled: bool
) -> None:
    async with running(database_url, tmp_path / "keys", compiled_plans=compiled) as node:
        before = counted()
        first = await answered(node)
        after = counted()

        node.endpoint.service = replace(node.endpoint.service, compiled=not compiled)
        second = await answered(node)

    assert first == second
    assert [late > early for early, late in zip(before, after, strict=True)] == [compiled, compiled]
