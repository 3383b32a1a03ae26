"""Queries of findings."""

from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue, plain
from graphql_schema.context import context_of
from graphql_schema.misuse import types
from graphql_schema.paging import checked_size
from registry.core.ids import read_public_id
from registry.misuse import operations
from registry.misuse.finding import State
from registry.misuse.queries import FindingFilter
from registry.misuse.views import FindingView


class MisuseQueries(graphene.ObjectType):
    """What the rules of misuse have found."""

    findings = graphene.Field(
        types.FindingConnection, filter=types.FindingFilterInput(), first=graphene.Int(required=True),
        after=graphene.String(),
        description="Findings, newest first, but for those about you or your unit. Permission: finding:read.",
    )  # fmt: skip
    finding = graphene.Field(
        types.Finding, id=graphene.ID(required=True),
        description="One finding. Permission: finding:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_findings(
        _root: Any, info: GraphQLResolveInfo, first: int, filter: Any = None, after: str | None = None  # noqa: A002  the schema's name
    ) -> PageValue:  # fmt: skip
        """Page through findings."""
        context, limit, given = context_of(info), checked_size(first), plain(filter or {})
        officer, state = given.get("officer_id"), given.get("state")
        chosen = FindingFilter(
            rule=given.get("rule"), state=State(state) if state else None,
            officer=read_public_id("officer", officer, field="officerId") if officer else None,
            overdue_at=context.work.now if given.get("overdue") else None,
        )  # fmt: skip
        question = ["findings", sorted(given.items())]
        place = UUID(context.cursors.read(question, context.principal, after)) if after is not None else None
        found = operations.list_findings(context.work, chosen, after=place, limit=limit)
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, str(read_public_id("finding", each.id))))
            for each in found.nodes
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)

    @staticmethod
    def resolve_finding(_root: Any, info: GraphQLResolveInfo, id: str) -> FindingView:  # noqa: A002  the schema's name
        """Read one finding."""
        return operations.read_finding(context_of(info).work, read_public_id("finding", id))
