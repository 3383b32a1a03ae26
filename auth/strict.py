"""JSON from outside, read so that two readers can't understand it differently."""

import json
from typing import Any


def parse(text: str) -> object:
    """Read JSON; raises ValueError for a member that stands twice, NaN, and nesting without end."""
    try:
        value: object = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON values
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice")
    return members


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
