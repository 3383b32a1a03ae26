"""Queries of administration."""

from typing import Any, TypeVar
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from auth.four_eyes import State
from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import Context, context_of
from graphql_schema.enrolment import types
from graphql_schema.paging import checked_size
from registry.enrolment import operations
from registry.enrolment.operations import Page
from registry.enrolment.views import ExpiringKeyView

T = TypeVar("T")


def _paged(kind: type, told: str, **arguments: Any) -> graphene.Field:  # Any: arguments of graphene
    return graphene.Field(
        kind, **arguments, first=graphene.Int(required=True), after=graphene.String(),
        description=f"{told} Permission: enrolment:read.",
    )  # fmt: skip


class EnrolmentQueries(graphene.ObjectType):
    """Who may ask, and what is proposed."""

    enrolments = _paged(
        types.EnrolmentConnection, "Administrative acts, the oldest first.",
        state=types.EnrolmentState(description="Without it, those of every state."),
    )  # fmt: skip
    agencies = _paged(types.AgencyConnection, "Agencies, by code.")
    officers = _paged(
        types.OfficerConnection, "Officers of an agency, by reference.", agency=graphene.String(required=True)
    )  # fmt: skip
    clients = _paged(types.ClientConnection, "Machine clients, by id.")
    agreements = _paged(types.AgreementConnection, "Agreements, by code; those not in force too.")
    closures = _paged(types.ClosureConnection, "What is shut out now, the oldest first.")
    keys_expiring = graphene.List(
        graphene.NonNull(types.ExpiringKey),
        description="Keys and certificates that end within thirty days, or have ended: the first one first. "
        "Permission: enrolment:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_enrolments(
        _root: Any, info: GraphQLResolveInfo, first: int, state: Any = None, after: str | None = None
    ) -> PageValue:
        """Page through acts."""
        context, limit = context_of(info), checked_size(first)
        chosen = State(state.value) if state else None
        question = ["enrolments", chosen.value if chosen else None]
        place = _place(context, question, after)
        found = operations.list_enrolments(context.work, chosen, after=UUID(place) if place else None, limit=limit)
        return _page(context, question, found, after)

    @staticmethod
    def resolve_agencies(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through agencies."""
        context, limit = context_of(info), checked_size(first)
        place = _place(context, ["agencies"], after)
        return _page(context, ["agencies"], operations.list_agencies(context.work, after=place, limit=limit), after)

    @staticmethod
    def resolve_officers(
        _root: Any, info: GraphQLResolveInfo, first: int, agency: str, after: str | None = None
    ) -> PageValue:
        """Page through officers."""
        context, limit = context_of(info), checked_size(first)
        question = ["officers", agency]
        place = _place(context, question, after)
        found = operations.list_officers(context.work, agency, after=place, limit=limit)
        return _page(context, question, found, after)

    @staticmethod
    def resolve_clients(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through clients."""
        context, limit = context_of(info), checked_size(first)
        place = _place(context, ["clients"], after)
        return _page(context, ["clients"], operations.list_clients(context.work, after=place, limit=limit), after)

    @staticmethod
    def resolve_agreements(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through agreements."""
        context, limit = context_of(info), checked_size(first)
        place = _place(context, ["agreements"], after)
        return _page(context, ["agreements"], operations.list_agreements(context.work, after=place, limit=limit), after)

    @staticmethod
    def resolve_closures(_root: Any, info: GraphQLResolveInfo, first: int, after: str | None = None) -> PageValue:
        """Page through closures."""
        context, limit = context_of(info), checked_size(first)
        place = _place(context, ["closures"], after)
        found = operations.list_closures(context.work, after=UUID(place) if place else None, limit=limit)
        return _page(context, ["closures"], found, after)

    @staticmethod
    def resolve_keys_expiring(_root: Any, info: GraphQLResolveInfo) -> tuple[ExpiringKeyView, ...]:
        """List keys that end."""
        return operations.list_expiring_keys(context_of(info).work)


def _place(context: Context, question: list[Any], after: str | None) -> str | None:
    if after is None:
        return None
    place: str = context.cursors.read(question, context.principal, after)
    return place


def _page(context: Context, question: list[Any], found: Page[T], after: str | None) -> PageValue:
    edges = [
        EdgeValue(node, context.cursors.make(question, context.principal, place))
        for node, place in zip(found.nodes, found.places, strict=True)
    ]
    return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
