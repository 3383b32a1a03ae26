"""Queries on profiles and proposals."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.paging import checked_size
from graphql_schema.profiles.types import Profile, Proposal, ProposalConnection, ProposalState
from registry.core.ids import read_public_id
from registry.profiles import operations
from registry.profiles.vetting import State


class ProfileQueries(graphene.ObjectType):
    """Reading the register."""

    profile = graphene.Field(
        Profile, id=graphene.ID(required=True), description="Open one profile. Permission: profile:read."
    )
    proposal = graphene.Field(
        Proposal, id=graphene.ID(required=True), description="Open one proposal. Permission: profile:change:read."
    )
    proposals = graphene.Field(
        ProposalConnection,
        state=ProposalState(required=True),
        first=graphene.Int(required=True),
        after=graphene.String(),
        description="Proposals of a state, oldest first. Permission: profile:change:read.",
    )

    @staticmethod
    def resolve_profile(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """Open one profile."""
        context = context_of(info)
        return operations.read_profile(context.work, read_public_id("profile", id), context.wanted)

    @staticmethod
    def resolve_proposal(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """Open one proposal."""
        return operations.read_proposal(context_of(info).work, read_public_id("proposal", id))

    @staticmethod
    def resolve_proposals(
        _root: Any, info: GraphQLResolveInfo, state: Any, first: int, after: str | None = None
    ) -> PageValue:
        """Page through proposals."""
        context = context_of(info)
        limit = checked_size(first)
        question = ["proposals", state.value]
        place = context.cursors.read(question, context.principal, after) if after is not None else None
        last = read_public_id("proposal", place) if place else None
        found = operations.list_proposals(context.work, State(state.value), after=last, limit=limit)
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, each.id)) for each in found.proposals
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
