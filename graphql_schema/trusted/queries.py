"""Queries of trusted documents."""

from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from auth.four_eyes import State
from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.paging import checked_size
from graphql_schema.trusted import types
from registry.core.ids import read_public_id
from registry.documents import operations
from registry.documents.queries import DocumentFilter


class TrustedDocumentQueries(graphene.ObjectType):
    """What machine clients may ask."""

    trusted_documents = graphene.Field(
        types.TrustedDocumentConnection,
        client=graphene.String(description="The client's id; without it, those of all."),
        state=types.TrustedDocumentState(description="Without it, those of every state."),
        first=graphene.Int(required=True),
        after=graphene.String(),
        description="What machine clients may ask, and what it costs, oldest first. Permission: document:read.",
    )

    @staticmethod
    def resolve_trusted_documents(
        _root: Any, info: GraphQLResolveInfo, first: int, client: str | None = None, state: Any = None,
        after: str | None = None,
    ) -> PageValue:  # fmt: skip
        """Page through documents."""
        context = context_of(info)
        limit = checked_size(first)
        chosen = DocumentFilter(client, State(state.value) if state else None)
        question = ["documents", chosen.to_json()]
        place = UUID(context.cursors.read(question, context.principal, after)) if after is not None else None
        found = operations.list_documents(context.work, chosen, after=place, limit=limit)
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, str(read_public_id("document", each.id))))
            for each in found.documents
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
