"""Do the doors answer the same? Asked of some questions before anything is measured, field by field.

The twin must answer exactly what the node answers: same records, same fields, same values, same order. The stock
service's own search finds others, so it must only fill its page; where it is handed the node's, it must answer the
same people, but for what each register gives itself (ids, moments, versions, standing) and parts of a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from bench.doors.questions import PAGE_SIZE, Question
from bench.holder import Holder
from bench.node import Node

NODE, TWIN, STOCK, SAME_WORK = "node", "twin", "stock", "stock, same work"
OWN = frozenset({"id", "recordedAt", "version", "standing", "contested"})
"""Fields whose values are not the person's but the register's."""


@dataclass(frozen=True, slots=True)
class Door:
    """A running server and the address that is asked."""

    what: str
    server: Node
    path: str


def compared(question: Question, doors: Sequence[Door], most: int) -> int:
    """Return how many answers were found equal. Raises AssertionError at the first that is not."""
    node, twin, *rivals = doors
    holder = node.server.holder()
    for variables in question.variables[:most]:
        whole = {"query": question.document, "variables": variables}
        ours = disclosed(_ask(node, holder, whole)["data"])
        theirs = _ask(twin, holder, variables)
        if ours != [theirs["profile"]] if "profile" in theirs else ours != theirs["hits"]:
            raise AssertionError(f"the twin answers otherwise: {variables}")
        for rival in rivals:
            found = disclosed(_ask(rival, holder, whole)["data"])
            is_short = len(ours) == PAGE_SIZE > len(found)
            if is_short or (rival.what == SAME_WORK and _persons(found) != _persons(ours)):
                raise AssertionError(f"{rival.what} answers otherwise: {variables}")
    return len(question.variables[:most])


def disclosed(data: dict[str, Any]) -> list[Any]:
    """Return what an answer discloses, without the shape of edges: hits, or people."""
    if "profile" in data:
        return [data["profile"]]
    nodes = [edge["node"] for edge in data["search"]["edges"]]
    return [each["profile"] if set(each) == {"profile"} else each for each in nodes]


def _persons(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in each.items() if name not in OWN} for each in found]


def _ask(door: Door, holder: Holder, body: dict[str, Any]) -> dict[str, Any]:
    headers = holder.headers() | {"content-type": "application/json"}
    answer = httpx.post(
        f"{door.server.url}{door.path}", content=orjson.dumps(body), headers=headers, trust_env=False, timeout=30
    )
    told: dict[str, Any] = orjson.loads(answer.content) if answer.content else {}
    if answer.status_code != 200 or "errors" in told:
        raise AssertionError(f"{door.what}: {answer.status_code} {answer.text[:300]}")
    return told
