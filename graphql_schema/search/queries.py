"""The search query."""

from functools import partial
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue, plain
from graphql_schema.context import context_of
from graphql_schema.paging import checked_size
from graphql_schema.scalars import LanguageTag
from graphql_schema.search.types import HitConnection, SearchCriteriaInput
from registry.core.errors import InputRefused
from registry.matching import types
from registry.matching.explain import FALLBACK
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
        language=LanguageTag(description="Of the sentences; without it, English."),
        description="Search the register by what is known of a person. Permission: profile:search.",
    )

    @staticmethod
    def resolve_search(
        _root: Any,
        info: GraphQLResolveInfo,
        criteria: Any,
        first: int,
        after: str | None = None,
        language: str | None = None,
    ) -> PageValue:
        """Search."""
        context = context_of(info)
        context.spend("searches")
        limit = checked_size(first)
        sought = search_query(plain(criteria))
        question = ["search", sought.to_json()]
        place = context.cursors.read(question, context.principal, after) if after is not None else None
        found = operations.search(
            context.work, sought, limit=limit, after=tuple(place) if place else None, wanted=context.wanted,
            language=language or FALLBACK,
        )  # fmt: skip
        make = partial(context.cursors.make, question, context.principal)
        edges = [EdgeValue(hit, partial(make, where)) for hit, where in zip(found.hits, found.places, strict=True)]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)


def search_query(given: dict[str, Any]) -> SearchQuery:
    """Return the criteria as a value. Raises InputRefused."""
    identifiers = given.pop("identifiers", None) or []
    handle = given.pop("handle", None) or {}
    marks, near = given.pop("marks", None) or [], given.pop("near", None)
    methods = given.pop("modus_operandi", None) or []
    if len(identifiers) > MOST_IDENTIFIERS:
        raise InputRefused(
            f"holds more than {MOST_IDENTIFIERS} numbers.", field="identifiers", code="CRITERION_MALFORMED",
            remedy="Search in several steps.",
        )  # fmt: skip
    return SearchQuery(
        **given,
        identifiers=tuple(types.Identifier(each["type"], each["value"], each.get("country")) for each in identifiers),
        **_handle(**handle),
        marks=tuple(map(_mark, marks)),
        near=_near(**near) if near is not None else None,
        modus_operandi=tuple(methods),
    )


def _handle(platform: str | None = None, handle: str | None = None, part: bool | None = None) -> dict[str, Any]:
    """Return whichever of three criteria it is: a handle, a part of one, or a platform alone."""
    if handle is None:
        return {"platform": platform}
    return {"handle_part" if part else "handle": types.Handle(platform, handle)}


def _mark(given: dict[str, Any]) -> types.Mark:
    return types.Mark(*(given.get(name) or "" for name in ("kind", "place", "description", "side")))


def _near(
    radius_km: float, latitude: float | None = None, longitude: float | None = None, county: str | None = None,
    sub_county: str | None = None,
) -> types.Near:  # fmt: skip
    if (latitude is None) != (longitude is None):
        raise InputRefused("is half a point.", field="near", code="CRITERION_MALFORMED",
                           remedy="Give latitude and longitude.")  # fmt: skip
    point = (latitude, longitude) if latitude is not None and longitude is not None else None
    return types.Near(radius_km, point, county or "", sub_county or "")
