"""The search query."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue, plain
from graphql_schema.context import context_of
from graphql_schema.paging import checked_size
from graphql_schema.search.types import HitConnection, SearchCriteriaInput
from registry.core.errors import InputRefused
from registry.matching import types
from registry.search import operations
from registry.search.query import SearchQuery

MOST_IDENTIFIERS = 5


class SearchQueries(graphene.ObjectType):
    """Finding people."""

    search = graphene.Field(
        HitConnection,
        criteria=SearchCriteriaInput(required=True),
        first=graphene.Int(required=True),
        after=graphene.String(),
        description="Search the register by what is known of a person. Permission: profile:search.",
    )

    @staticmethod
    def resolve_search(
        _root: Any, info: GraphQLResolveInfo, criteria: Any, first: int, after: str | None = None
    ) -> PageValue:
        """Search."""
        context = context_of(info)
        context.spend("searches")
        limit = checked_size(first)
        sought = search_query(plain(criteria))
        question = ["search", sought.to_json()]
        place = context.cursors.read(question, context.principal, after) if after is not None else None
        found = operations.search(
            context.work, sought, limit=limit, after=tuple(place) if place else None, wanted=context.wanted
        )
        edges = [
            EdgeValue(hit, context.cursors.make(question, context.principal, where))
            for hit, where in zip(found.hits, found.places, strict=True)
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)


def search_query(given: dict[str, Any]) -> SearchQuery:
    """Return the criteria as a value. Raises InputRefused."""
    identifiers = given.pop("identifiers", None) or []
    handle = given.pop("handle", None)
    if len(identifiers) > MOST_IDENTIFIERS:
        raise InputRefused(
            f"holds more than {MOST_IDENTIFIERS} numbers.", field="identifiers", code="CRITERION_MALFORMED",
            remedy="Search in several steps.",
        )  # fmt: skip
    return SearchQuery(
        **given,
        identifiers=tuple(types.Identifier(each["type"], each["value"], each.get("country")) for each in identifiers),
        handle=types.Handle(handle.get("platform"), handle["handle"]) if handle else None,
    )
