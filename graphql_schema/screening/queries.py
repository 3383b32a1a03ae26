"""Queries of screenings."""

from datetime import datetime
from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.paging import checked_size
from graphql_schema.screening import types
from registry.core.ids import read_public_id
from registry.screening import operations


class ScreeningQueries(graphene.ObjectType):
    """How far screenings have come, and what they found. Each is seen in its own case only."""

    screening = graphene.Field(
        types.Screening, id=graphene.ID(required=True),
        description="How far a screening has come. Permission: profile:screen.",
    )  # fmt: skip
    screenings = graphene.Field(
        types.ScreeningConnection, first=graphene.Int(required=True), after=graphene.String(),
        description="Screenings of the token's case, newest first. Permission: profile:screen.",
    )  # fmt: skip
    screening_hits = graphene.Field(
        types.ScreeningHitConnection, id=graphene.ID(required=True), first=graphene.Int(required=True),
        after=graphene.String(), description="Hits of a screening, best first. Permission: profile:screen.",
    )  # fmt: skip
    screening_problems = graphene.Field(
        graphene.List(graphene.NonNull(types.ScreeningProblem)), id=graphene.ID(required=True),
        description="Rows that could not be read, the first thousand. Permission: profile:screen.",
    )  # fmt: skip

    @staticmethod
    def resolve_screening(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """Read one."""
        return operations.read_screening(context_of(info).work, read_public_id("screening", id))

    @staticmethod
    def resolve_screenings(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through those of the case."""
        context = context_of(info)
        limit = checked_size(first)
        question = ["screenings"]
        place: tuple[datetime, UUID] | None = None
        if after is not None:
            moment, last = context.cursors.read(question, context.principal, after)
            place = (datetime.fromisoformat(moment), UUID(last))
        found = operations.list_screenings(context.work, limit=limit + 1, after=place)
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, [moment.isoformat(), str(last)]))
            for each, (moment, last) in found[:limit]
        ]
        return PageValue(edges, has_next=len(found) > limit, has_previous=after is not None)

    @staticmethod
    def resolve_screening_hits(
        _root: Any, info: GraphQLResolveInfo, id: str, first: int, after: str | None = None,  # noqa: A002  the schema's name
    ) -> PageValue:  # fmt: skip
        """Page through hits."""
        context = context_of(info)
        limit = checked_size(first)
        identifier = read_public_id("screening", id)
        question = ["screeningHits", id]
        place = context.cursors.read(question, context.principal, after) if after is not None else None
        found = operations.read_hits(
            context.work, identifier, limit=limit, after=tuple(place) if place else None, wanted=context.wanted
        )
        edges = [
            EdgeValue(hit, context.cursors.make(question, context.principal, where))
            for hit, where in zip(found.hits, found.places, strict=True)
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)

    @staticmethod
    def resolve_screening_problems(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """List what could not be read."""
        return operations.read_problems(context_of(info).work, read_public_id("screening", id))
