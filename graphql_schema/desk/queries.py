"""Queries of the data subject's desk."""

from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue
from graphql_schema.context import context_of
from graphql_schema.desk import types
from graphql_schema.paging import checked_size
from registry.core.ids import read_public_id
from registry.desk import operations
from registry.desk.requests import Draft, State


class DeskQueries(graphene.ObjectType):
    """Reading what people ask of the desk."""

    subject_request = graphene.Field(
        types.SubjectRequest, id=graphene.ID(required=True),
        description="Open a request of your own office. Permission: desk:answer.",
    )  # fmt: skip
    subject_requests = graphene.Field(
        types.SubjectRequestConnection,
        state=types.SubjectRequestState(description="Without it, all that are open."),
        answer=types.SubjectAnswerState(description="Such as those that wait for a second officer."),
        first=graphene.Int(required=True),
        after=graphene.String(),
        description="Requests of your own office, the longest overdue first. Permission: desk:answer.",
    )
    subject_report = graphene.Field(
        types.SubjectReport, request_id=graphene.ID(required=True),
        description="What is held of a person who proved who they are, by their request for access. "
                    "Source: Data Protection Act 2019 s. 26. Permission: desk:answer.",
    )  # fmt: skip
    subject_offices = graphene.Field(
        graphene.List(graphene.NonNull(types.SubjectOffice)),
        description="How every office keeps its time. Permission: desk:answer.",
    )

    @staticmethod
    def resolve_subject_request(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """Open one request."""
        return operations.read_request(context_of(info).work, read_public_id("request", id))

    @staticmethod
    def resolve_subject_requests(
        _root: Any, info: GraphQLResolveInfo, first: int, state: Any = None, answer: Any = None,
        after: str | None = None,
    ) -> PageValue:  # fmt: skip
        """Page through requests."""
        context = context_of(info)
        limit = checked_size(first)
        question = ["subjectRequests", state.value if state else None, answer.value if answer else None]
        place: tuple[str, UUID] | None = None
        if after is not None:
            day, last = context.cursors.read(question, context.principal, after)
            place = (day, UUID(last))
        found = operations.list_requests(
            context.work, State(state.value) if state else None, Draft(answer.value) if answer else None, after=place,
            limit=limit, with_people="SubjectRequest.people" in context.coordinates,
        )  # fmt: skip
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, [day, str(last)]))
            for each, (day, last) in zip(found.requests, found.places, strict=True)
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)

    @staticmethod
    def resolve_subject_report(_root: Any, info: GraphQLResolveInfo, request_id: str) -> Any:
        """Tell what is held."""
        return operations.read_report(context_of(info).work, read_public_id("request", request_id, field="requestId"))

    @staticmethod
    def resolve_subject_offices(_root: Any, info: GraphQLResolveInfo) -> Any:
        """Count by office."""
        return operations.count_offices(context_of(info).work)
