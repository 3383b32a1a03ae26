"""Queries of meetings."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.meetings.types import MeetingConnection
from graphql_schema.paging import checked_size
from registry.core.ids import read_public_id
from registry.meetings import operations


class MeetingQueries(graphene.ObjectType):
    """Whom an officer has met over a person."""

    meetings = graphene.Field(
        MeetingConnection, first=graphene.Int(required=True), after=graphene.String(),
        description="Officers of other units who looked at persons at whom you looked, oldest first; kept for 90 days. "
                    "Permission: profile:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_meetings(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through them."""
        context, limit = context_of(info), checked_size(first)
        place = context.cursors.read(["meetings"], context.principal, after) if after is not None else None
        last = read_public_id("meeting", place) if place else None
        found = operations.list_meetings(context.work, after=last, limit=limit)
        make = context.cursors.make
        edges = [EdgeValue(each, make(["meetings"], context.principal, each.id)) for each in found.meetings]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
