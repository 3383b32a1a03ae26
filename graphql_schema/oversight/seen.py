"""What was seen, for auditors: an answer of the past, made again by executing its document over what the log kept."""

from typing import Any

import graphene
import orjson
from graphql import GraphQLResolveInfo, GraphQLSchema

from graphql_schema.base import Object
from graphql_schema.context import Context, context_of
from graphql_schema.documents import DocumentStore
from graphql_schema.executor import coerce, execute
from graphql_schema.limits import Limits
from graphql_schema.paging import Cursors
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime, Long
from registry.core.ids import read_public_id
from registry.seen import operations
from registry.seen.kept import Gone
from registry.seen.operations import Asked, Execute, Proof
from registry.work import Work

ProofCode = enum("SeenProof", Proof, "How sure it is that this was shown.")


class SeenField(Object):
    """One group of a record as it was shown, beside what it says now. Values are JSON; null is nothing or withheld."""

    path = graphene.String(required=True)
    then = graphene.String(description="What was shown.")
    record_now = graphene.String(description="What the record says now, of what was not withheld then.")
    shown_now = graphene.String(description="What the same access would be shown now.")
    withheld_then = graphene.String(description="Why it was withheld.")
    withheld_now = graphene.String(description="Why it would be withheld.")
    changed = graphene.Boolean(required=True, description="Whether the record says something else now.")
    shown_differs = graphene.Boolean(required=True, description="Whether something else would be shown now.")


class SeenRecord(Object):
    """One record in the answer."""

    profile_id = graphene.ID(required=True)
    version = graphene.Int(description="The version that was shown.")
    version_now = graphene.Int()
    code = graphene.String(description="Why it can't be made again, or be compared: docs/seen.md lists the codes.")
    fields = graphene.List(graphene.NonNull(SeenField), required=True, description="Those that the document selects.")
    differs = graphene.List(graphene.NonNull(graphene.String), required=True)


class Seen(Object):
    """What an officer was shown."""

    index = Long(required=True, description="The entry's place in the log.")
    at = DateTime(required=True)
    officer_id = graphene.ID()
    officer_reference = graphene.String()
    agency = graphene.String()
    purpose = graphene.String()
    case_reference = graphene.String()
    proof = ProofCode(required=True)
    why = graphene.String(description="Why it is not proved: docs/seen.md lists the codes.")
    answer = graphene.String(description="The answer's data, to the byte, where that is proved.")
    records = graphene.List(graphene.NonNull(SeenRecord), required=True)


class SeenQueries(graphene.ObjectType):
    """What was seen."""

    log_seen = graphene.Field(
        Seen,
        index=Long(required=True, description="Place in the log."),
        reason=graphene.String(required=True, description="Why you look: a sentence, which is kept."),
        description="Make again what an entry's officer was shown, and compare. Permission: log:see.",
    )
    log_seen_at = graphene.Field(
        Seen,
        officer_id=graphene.ID(required=True),
        at=DateTime(required=True),
        reason=graphene.String(required=True, description="Why you look: a sentence, which is kept."),
        description="Do so with the last answer that an officer had got by a moment. Permission: log:see.",
    )

    @staticmethod
    def resolve_log_seen(_root: Any, info: GraphQLResolveInfo, index: int, reason: str) -> Any:
        """Rebuild one entry's answer."""
        context = context_of(info)
        context.spend("histories")
        return operations.see(context.work, index, reason, _execute(info, context))

    @staticmethod
    def resolve_log_seen_at(_root: Any, info: GraphQLResolveInfo, officer_id: str, at: Any, reason: str) -> Any:
        """Rebuild the last answer before a moment."""
        context = context_of(info)
        context.spend("histories")
        officer = read_public_id("officer", officer_id, field="officerId")
        return operations.see_at(context.work, officer, at, reason, _execute(info, context))


def _execute(info: GraphQLResolveInfo, context: Context) -> Execute:
    return executing(info.schema, context.limits, context.cursors)


def executing(schema: GraphQLSchema, limits: Limits, cursors: Cursors) -> Execute:
    """Return how a document is executed in a Work of the past; the price of it was paid then."""
    documents = DocumentStore(schema, limits)

    def executed(work: Work, asked: Asked) -> bytes:
        document = documents.get(asked.text, introspection=True)
        operation = document.operation(asked.name)
        if operation.kind != "query":  # what changes something is never executed again, whatever would answer it
            raise Gone("PART_NOT_REBUILT")
        variables = coerce(operation, asked.variables, most=limits.coercion_errors)
        if not isinstance(variables, dict):
            raise Gone("DOCUMENT_NOT_KEPT")
        context = Context(work, cursors, limits, operation.coordinates)
        result = execute(document, operation, root=None, context=context, variables=variables, schema=schema)
        return orjson.dumps(result.data)

    return executed
