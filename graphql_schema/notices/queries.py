"""Queries of watches and alerts."""

from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.notices import types
from graphql_schema.paging import checked_size
from registry.profiles.operations import alerting, watching


class NoticeQueries(graphene.ObjectType):
    """What an officer watches, and what their agency is alerted of."""

    watches = graphene.Field(
        types.WatchConnection, first=graphene.Int(required=True), after=graphene.String(),
        description="Profiles that you watch in the token's case, oldest first. Permission: profile:read.",
    )  # fmt: skip
    alerts = graphene.Field(
        types.AlertConnection, first=graphene.Int(required=True), after=graphene.String(),
        description="Who has met records of your own agency, oldest first: those that you are cleared for. Alerts are "
                    "kept for seven days. Permission: alert:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_watches(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through them."""
        context = context_of(info)
        limit, question = checked_size(first), ["watches"]
        place = UUID(context.cursors.read(question, context.principal, after)) if after is not None else None
        found = watching.list_watches(context.work, after=place, limit=limit + 1)
        edges = [
            EdgeValue(view, context.cursors.make(question, context.principal, str(last)))
            for view, last in found[:limit]
        ]
        return PageValue(edges, has_next=len(found) > limit, has_previous=after is not None)

    @staticmethod
    def resolve_alerts(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through them."""
        context = context_of(info)
        limit, question = checked_size(first), ["alerts"]
        place = context.cursors.read(question, context.principal, after) if after is not None else None
        found = alerting.list_alerts(context.work, after=place, limit=limit)
        edges = [
            EdgeValue(view, context.cursors.make(question, context.principal, number)) for view, number in found.alerts
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
