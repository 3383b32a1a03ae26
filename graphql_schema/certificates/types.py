"""Types of certificates."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime, PartialDate
from registry.certificates.issuing import State, Why

CertificateState = enum("CertificateState", State, "Where a certificate stands; docs/certificates.md.")
CertificateEnd = enum("CertificateEnd", Why, "Why a certificate ended.")
CertificateDecision = enum("CertificateDecision", ("issue", "reject"), "What a second officer decides.")


class CertificateHolder(Object):
    """Who holds a certificate. The numbers of their documents can be met, and never read."""

    names = graphene.List(graphene.NonNull(graphene.String), required=True)
    birth_date = PartialDate(required=True)


class Certificate(Object):
    """A certificate that somebody is not a person on the register with whom they are confused."""

    id = graphene.ID(required=True)
    number = graphene.String(description="What stands on the paper; once it is issued.")
    state = CertificateState(required=True)
    office = graphene.String(required=True, description="The agency that proposed it.")
    proposed_by = graphene.ID(required=True)
    proposed_at = DateTime(required=True)
    months = graphene.Int(required=True, description="How long it is valid once it is issued.")
    decided_by = graphene.ID()
    decided_at = DateTime()
    valid_until = PartialDate(description="Its last day.")
    ended_at = DateTime()
    ended_why = CertificateEnd()
    against = graphene.List(
        graphene.NonNull(graphene.ID), required=True, description="The profiles that you may know of."
    )
    holder = graphene.Field(CertificateHolder, description="For those who keep certificates.")
    reason = graphene.String(description="For those who keep certificates.")
    same_as_shown = graphene.Boolean(description="Whether the document shown is its holder's; null where none was.")


CertificateConnection = connection(Certificate, "Certificates, oldest first.")
