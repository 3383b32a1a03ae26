"""Queries on profiles, proposals, and what has to be done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import Context, context_of
from graphql_schema.paging import checked_size
from graphql_schema.profiles import types
from graphql_schema.scalars import DateTime, PartialDate
from registry.core.ids import read_public_id
from registry.profiles.operations import deciding, duties, reading
from registry.profiles.operations.duties import DuePage, Place
from registry.profiles.vetting import State


def page_arguments() -> dict[str, Any]:
    """Return the arguments of a page."""
    return {"first": graphene.Int(required=True), "after": graphene.String()}


class ProfileQueries(graphene.ObjectType):
    """Reading the register."""

    profile = graphene.Field(
        types.Profile,
        id=graphene.ID(required=True),
        as_of=PartialDate(description="A day: what was true then."),
        known_at=DateTime(description="A moment: what the register knew then."),
        description="Open one profile, on either time axis or both. Permission: profile:read.",
    )
    profile_differences = graphene.Field(
        graphene.List(graphene.NonNull(types.Difference)),
        id=graphene.ID(required=True),
        since=DateTime(required=True),
        until=DateTime(required=True),
        description="What the register changed of a profile between two moments. Permission: profile:read.",
    )
    proposal = graphene.Field(
        types.Proposal, id=graphene.ID(required=True), description="Open one proposal. Permission: profile:change:read."
    )
    proposals = graphene.Field(
        types.ProposalConnection, state=types.ProposalState(required=True), **page_arguments(),
        description="Proposals of a state, oldest first. Permission: profile:change:read.",
    )  # fmt: skip
    verifications_overdue = graphene.Field(
        types.DueConnection, **page_arguments(),
        description="Your agency's records whose verification is overdue, the longest first. Source: 34 USC 20918. "
                    "Permission: duty:read.",
    )  # fmt: skip
    reviews_due = graphene.Field(
        types.DueConnection, **page_arguments(),
        description="Your agency's records whose review is due, life entries too. Source: Data Protection Act 2019 "
                    "s. 34, 39. Permission: duty:read.",
    )  # fmt: skip
    offices = graphene.Field(
        graphene.List(graphene.NonNull(types.Office)),
        description="How true each office keeps its records. Permission: duty:read.",
    )
    recalls = graphene.Field(
        types.RecallConnection, **page_arguments(),
        description="Who has to be told of what does not hold any more. Permission: duty:read.",
    )  # fmt: skip
    offence_catalogue = graphene.Field(
        types.OffenceCatalogue, description="The country edition's offences. Permission: profile:read."
    )

    @staticmethod
    def resolve_profile(
        _root: Any, info: GraphQLResolveInfo, id: str, as_of: Any = None, known_at: datetime | None = None  # noqa: A002
    ) -> Any:  # fmt: skip
        """Open one profile."""
        context = context_of(info)
        return reading.read_profile(
            context.work, read_public_id("profile", id), context.wanted, as_of=as_of, known_at=known_at
        )

    @staticmethod
    def resolve_profile_differences(
        _root: Any, info: GraphQLResolveInfo, id: str, since: datetime, until: datetime  # noqa: A002  the schema's name
    ) -> Any:  # fmt: skip
        """Compare two moments."""
        context = context_of(info)
        context.spend("histories")
        return reading.read_differences(context.work, read_public_id("profile", id), since=since, until=until)

    @staticmethod
    def resolve_proposal(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """Open one proposal."""
        return deciding.read_proposal(context_of(info).work, read_public_id("proposal", id))

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
        found = deciding.list_proposals(context.work, State(state.value), after=last, limit=limit)
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, each.id)) for each in found.proposals
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)

    @staticmethod
    def resolve_verifications_overdue(
        _root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None
    ) -> PageValue:
        """Page through overdue verifications."""
        return _due(context_of(info), "verificationsOverdue", duties.list_verifications, first, after)

    @staticmethod
    def resolve_reviews_due(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through due reviews."""
        return _due(context_of(info), "reviewsDue", duties.list_reviews, first, after)

    @staticmethod
    def resolve_offices(_root: Any, info: GraphQLResolveInfo) -> Any:
        """Count by office."""
        return duties.count_offices(context_of(info).work)

    @staticmethod
    def resolve_recalls(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through recalls."""
        context = context_of(info)
        limit = checked_size(first)
        place = context.cursors.read("recalls", context.principal, after) if after is not None else None
        last = read_public_id("recall", place) if place else None
        found, has_next = duties.list_recalls(context.work, after=last, limit=limit)
        edges = [EdgeValue(each, context.cursors.make("recalls", context.principal, each.id)) for each in found]
        return PageValue(edges, has_next=has_next, has_previous=after is not None)

    @staticmethod
    def resolve_offence_catalogue(_root: Any, info: GraphQLResolveInfo) -> Any:
        """Return the catalogue."""
        return reading.read_catalogue(context_of(info).work)


def _due(context: Context, question: str, use_case: Callable[..., DuePage], first: int, after: str | None) -> PageValue:
    """Return a page of what is overdue."""
    limit = checked_size(first)
    place: Place | None = None
    if after is not None:
        day, number = context.cursors.read(question, context.principal, after)
        place = (day, number)
    found = use_case(context.work, after=place, limit=limit)
    edges = [
        EdgeValue(each, context.cursors.make(question, context.principal, list(where)))
        for each, where in zip(found.due, found.places, strict=True)
    ]
    return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
