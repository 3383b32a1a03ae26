"""Reading the log."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue, plain
from graphql_schema.context import context_of
from graphql_schema.oversight.types import LogEntryConnection, LogFilterInput
from graphql_schema.paging import checked_size
from registry.core.ids import read_public_id
from registry.oversight import operations
from registry.oversight.queries import LogFilter


class OversightQueries(graphene.ObjectType):
    """The log."""

    log_entries = graphene.Field(
        LogEntryConnection,
        filter=LogFilterInput(),
        first=graphene.Int(required=True),
        after=graphene.String(),
        description="Read the log, newest first; this reading is logged too. Permission: log:read.",
    )

    @staticmethod
    def resolve_log_entries(
        _root: Any,
        info: GraphQLResolveInfo,
        first: int,
        filter: Any = None,  # noqa: A002  the schema's name
        after: str | None = None,
    ) -> PageValue:
        """Page through the log."""
        context = context_of(info)
        limit = checked_size(first)
        chosen = log_filter(plain(filter or {}))
        question = ["log", chosen.to_json()]
        before = context.cursors.read(question, context.principal, after) if after is not None else None
        found = operations.read_log(context.work, chosen, before=before, limit=limit)
        edges = [
            EdgeValue(each, context.cursors.make(question, context.principal, each.index)) for each in found.entries
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)


def log_filter(given: dict[str, Any]) -> LogFilter:
    """Return the filter as a value."""
    officer, profile = given.pop("officer_id", None), given.pop("profile_id", None)
    return LogFilter(
        officer=read_public_id("officer", officer, field="officerId") if officer is not None else None,
        profile=read_public_id("profile", profile, field="profileId") if profile is not None else None,
        **given,
    )
