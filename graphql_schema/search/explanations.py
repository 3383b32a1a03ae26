"""The reasons of a search of the past, made again."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object
from graphql_schema.context import context_of
from graphql_schema.scalars import DateTime, LanguageTag, Long
from graphql_schema.search.types import Band, Reason
from registry.matching.explain import FALLBACK
from registry.search import explaining


class ExplainedHit(Object):
    """A hit of the past, scored again from the version, the table and the register's size of that moment."""

    profile_id = graphene.ID(required=True, description="For an auditor the hit's place in the answer, as ~1.")
    version = graphene.Int(required=True, description="Of the profile, as it was answered.")
    score_then = graphene.Float(required=True, description="What was answered.")
    score = graphene.Float(description="What comes out now; null where the version is erased.")
    band = Band()
    same = graphene.Boolean(required=True, description="Whether score and reasons are those that were answered.")
    differs = graphene.List(
        graphene.NonNull(graphene.String), required=True,
        description="What is not the same: score, reasons, or record where it is erased.",
    )  # fmt: skip
    reasons = graphene.List(graphene.NonNull(Reason), required=True, description="Those that you may read.")
    withheld = graphene.Int(required=True, description="Reasons that you may not read.")


class ExplainedSearch(Object):
    """A search of the past."""

    matcher = graphene.String(required=True, description="Version of the table of weights.")
    register_size = graphene.Int(description="Profiles at that moment; null where nobody was found.")
    hits = graphene.List(graphene.NonNull(ExplainedHit), required=True, description="Those that you may know of.")


class Explanation(Object):
    """The searches of one entry of the log."""

    entry = Long(required=True, description="Its place in the log.")
    at = DateTime(required=True)
    same = graphene.Boolean(required=True, description="Whether all that you see is as it was answered.")
    searches = graphene.List(graphene.NonNull(ExplainedSearch), required=True)


def _language() -> Any:  # Any: graphene's own
    return LanguageTag(description="Of the sentences; without it, English.")


class ExplanationQueries(graphene.ObjectType):
    """Why somebody was found, then."""

    explanation = graphene.Field(
        Explanation,
        request_id=graphene.String(required=True, description="X-Request-Id of the answer."),
        language=_language(),
        description="Make the reasons of your own search again. Permission: profile:search.",
    )
    log_explanation = graphene.Field(
        Explanation,
        entry=Long(required=True, description="Place in the log."),
        language=_language(),
        description="Say whether the reasons of a search are the same when they are made again; an auditor is told no "
                    "person's record. Permission: log:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_explanation(_root: Any, info: GraphQLResolveInfo, request_id: str, language: str | None = None) -> Any:
        """Explain an own search."""
        context = context_of(info)
        context.spend("searches")
        return explaining.explain_own(context.work, request_id, language=language or FALLBACK)

    @staticmethod
    def resolve_log_explanation(_root: Any, info: GraphQLResolveInfo, entry: int, language: str | None = None) -> Any:
        """Explain an entry."""
        context = context_of(info)
        context.spend("searches")
        return explaining.explain_entry(context.work, entry, language=language or FALLBACK)
