"""Queries of certificates."""

from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageValue, plain
from graphql_schema.certificates import inputs, types
from graphql_schema.context import context_of
from graphql_schema.paging import checked_size
from registry.certificates import operations
from registry.certificates.intake import Presented
from registry.certificates.issuing import State
from registry.core.ids import read_public_id


class CertificateQueries(graphene.ObjectType):
    """Looking at certificates."""

    certificate = graphene.Field(
        types.Certificate,
        number=graphene.String(required=True, description="As it is printed."),
        shown=inputs.CertificatePersonInput(description="The document that its bearer shows."),
        description="Ask whether a certificate stands, and whether the document shown is its holder's; who holds it is "
                    "not told. Permission: certificate:read.",
    )  # fmt: skip
    certificates = graphene.Field(
        types.CertificateConnection,
        state=types.CertificateState(description="Without it, those proposed or issued."),
        first=graphene.Int(required=True),
        after=graphene.String(),
        description="Certificates with their holders, oldest first. Permission: certificate:keep.",
    )

    @staticmethod
    def resolve_certificate(_root: Any, info: GraphQLResolveInfo, number: str, shown: Any = None) -> Any:
        """Look at one."""
        context = context_of(info)
        person = None if shown is None else inputs.person(plain(shown))
        return operations.read(context.work, Presented(number, person))

    @staticmethod
    def resolve_certificates(
        _root: Any, info: GraphQLResolveInfo, first: int, state: Any = None, after: str | None = None
    ) -> PageValue:
        """Page through certificates."""
        context = context_of(info)
        limit = checked_size(first)
        question = ["certificates", state.value if state else None]
        place = UUID(context.cursors.read(question, context.principal, after)) if after is not None else None
        found = operations.list_certificates(
            context.work, State(state.value) if state else None, after=place, limit=limit
        )
        edges = [
            EdgeValue(
                each, context.cursors.make(question, context.principal, str(read_public_id("certificate", each.id)))
            )
            for each in found.certificates
        ]
        return PageValue(edges, has_next=found.has_next, has_previous=after is not None)
