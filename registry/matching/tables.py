"""Tables of weights by their version, so that an answer of the past is weighed as it was then.

    load("2026-11-1").BITS["born.same"]      13.0

The table in use is the module `weights`. One that was in use before stands in ``data/weights/`` as it was, a copy of
that module under its version's name, and is never changed. Whoever gives `weights` a new VERSION first copies the file:

    cp registry/matching/weights.py registry/matching/data/weights/v2026_11_1.py

Only rows are kept this way. Rules of comparing that have changed since are noticed by the digest of the reasons
(registry/search/replay.py), and told; a table that lacks a row of today's rules can't be weighed by.
"""

from functools import cache
from importlib import import_module
from inspect import get_annotations
from pkgutil import iter_modules
from typing import Any, Protocol

from registry.core.errors import Conflict
from registry.matching import weights
from registry.matching.data import weights as past


class Table(Protocol):
    """What scoring asks of a table, by the names that `weights` explains; that module is one."""

    VERSION: str
    BITS: dict[str, float]
    NAME_SHARE: dict[str, tuple[float, float]]
    NAME_EXACT_ABOVE: float
    NAME_UNLIKE: float
    NAME_LEAST: float
    NAME_SLIP: tuple[float, float, float]
    NAME_SLIP_RANGE: tuple[float, float]
    NAME_CONFLICT_ALIKE: float
    NAME_INFORMATION: tuple[float, float]
    UNCOUNTED_INFORMATION: float
    NAME_CEILING: float
    NAME_ABOVE: float
    NAME_FLOOR: float
    PRIOR: tuple[float, float]
    SLOPE: float
    WEAK_SCORE: float
    POSSIBLE_SCORE: float
    STRONG_SCORE: float
    BELOW_STRONG: float
    DISCRIMINATORS: frozenset[str]
    SUPPORTING: frozenset[str]


PRESENT: Table = weights
"""What answers are weighed by today."""


def versions() -> tuple[str, ...]:
    """Return the versions that stand beside the present one, in their order."""
    return tuple(sorted(each.name[1:].replace("_", "-") for each in iter_modules(past.__path__)))


@cache
def load(version: str) -> Table:
    """Return the table of a version.

    Raises Conflict (MATCHER_UNKNOWN) where there is none, or none that today's rules can weigh by.
    """
    if version == weights.VERSION:
        return PRESENT
    found: Any = None  # Any: a module of that form
    if version in versions():
        found = import_module(f"{past.__name__}.v{version.replace('-', '_')}")
    if found is None or version != found.VERSION or not all(hasattr(found, name) for name in _NAMES):
        raise Conflict("There is no such table of weights here.", code="MATCHER_UNKNOWN",
                       remedy="Ask a node that runs the program of that time.")  # fmt: skip
    table: Table = found
    return table


_NAMES = tuple(get_annotations(Table))
