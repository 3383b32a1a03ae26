"""What every resolver is handed, and how it reaches its one use case."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import GraphQLResolveInfo

from graphql_schema.limits import Limits, exceeded
from graphql_schema.paging import Cursors
from registry.core.errors import RegistryError
from registry.work import Work


@dataclass
class Context:
    """One operation in execution."""

    work: Work
    cursors: Cursors
    limits: Limits
    coordinates: frozenset[str]
    """``Type.field`` of everything the operation selects."""
    refused: list[RegistryError] = field(default_factory=list)
    """Refusals that a payload tells as userErrors: whatever was written is rolled back."""

    used: Counter[str] = field(default_factory=Counter)
    met: dict[tuple[str | int, ...], str] = field(default_factory=dict)
    """The types of objects where the schema leaves them open, by path."""

    def spend(self, name: str) -> None:
        """Count what costs much. Raises LimitExceeded beyond the row ``name`` of the limits table."""
        self.used[name] += 1
        if self.used[name] > getattr(self.limits, name):
            raise exceeded(name, self.limits, code="TOO_MUCH_AT_ONCE")

    @property
    def wanted(self) -> frozenset[str]:
        """Record columns that the operation reads of profiles, by look-ahead."""
        return _wanted(self.coordinates)

    @property
    def principal(self) -> str:
        """Who a cursor belongs to."""
        officer = self.work.actor.officer
        return f"{self.work.actor.client} {officer.id if officer else ''} {self.work.actor.case_reference}"


@lru_cache(maxsize=1024)
def _wanted(coordinates: frozenset[str]) -> frozenset[str]:
    """Say it once for each document: to spell fifty names costs as much as to execute a profile."""
    names = (each.partition(".") for each in coordinates)
    return frozenset(_snake(name) for type_name, _, name in names if type_name == "Profile")


def _snake(name: str) -> str:
    """Return a field's name as Python writes it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def context_of(info: GraphQLResolveInfo) -> Context:
    """Return the context of the operation being executed."""
    context: Any = info.context  # Any: graphql-core leaves the type open
    assert isinstance(context, Context)
    return context
