"""Queries of decoys and alarms."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.decoys import types
from graphql_schema.paging import checked_size
from registry.core.ids import read_public_id
from registry.decoys import operations
from registry.decoys.operations import Page
from registry.decoys.views import AlarmView, DecoyView
from registry.work import Work

V = TypeVar("V", DecoyView, AlarmView)


class DecoyQueries(graphene.ObjectType):
    """Who must not be asked for, and who was."""

    decoys = graphene.Field(
        types.DecoyConnection, first=graphene.Int(required=True), after=graphene.String(),
        description="The decoys of your own agency, oldest first. Permission: decoy:propose.",
    )  # fmt: skip
    alarms = graphene.Field(
        types.AlarmConnection, first=graphene.Int(required=True), after=graphene.String(),
        description="Alarms for your own agency and for all, newest first. Permission: alarm:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_decoys(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through decoys."""
        return _page(info, "decoy", first, after, lambda work, place, limit: operations.list_decoys(
            work, after=place, limit=limit
        ))  # fmt: skip

    @staticmethod
    def resolve_alarms(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through alarms."""
        return _page(info, "alarm", first, after, lambda work, place, limit: operations.list_alarms(
            work, after=place, limit=limit
        ))  # fmt: skip


def _page(
    info: GraphQLResolveInfo, kind: str, first: int, after: str | None,
    listed: Callable[[Work, UUID | None, int], Page[V]],
) -> PageValue:  # fmt: skip
    context, limit, question = context_of(info), checked_size(first), [f"{kind}s"]
    place = UUID(context.cursors.read(question, context.principal, after)) if after is not None else None
    found = listed(context.work, place, limit)
    edges = [
        EdgeValue(each, context.cursors.make(question, context.principal, str(read_public_id(kind, each.id))))
        for each in found.nodes
    ]
    return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
