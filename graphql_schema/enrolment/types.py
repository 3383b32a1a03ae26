"""Types of administration."""

import graphene

from auth import enrolled_certificates
from auth.four_eyes import State
from auth.scope import Scope
from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import CountryCode, DateTime
from registry.disclosure.vocabulary import Role, Tier
from registry.enrolment.act import Kind

RoleCode = enum("Role", Role, "What an officer is appointed to do.")
TierCode = enum("AgreementTier", [each.name.lower() for each in Tier if each], "How much an agreement opens.")
EnrolmentKind = enum("EnrolmentKind", Kind, "What an administrative act does; docs/administration.md.")
EnrolmentState = enum("EnrolmentState", State, "Where an administrative act stands.")
ClientCertificateState = enum(
    "ClientCertificateState", enrolled_certificates.State, "Where a client's certificate stands."
)
ClosureScope = enum("ClosureScope", Scope, "What can be shut out.")


class Invitation(Object):
    """With it an officer registers one passkey at /session/enter. Hand it over in person: whoever has it is let in."""

    code = graphene.String(required=True, description="Kept nowhere: nobody is shown it again.")
    until = DateTime(required=True, description="Until then it can be used, once.")


class Enrolment(Object):
    """An administrative act: proposed by one administrator, decided by one of another chain of command."""

    id = graphene.ID(required=True)
    kind = EnrolmentKind(required=True)
    subject = graphene.String(required=True, description="Whom or what it is about.")
    terms = graphene.String(required=True, description="What is to be, as JSON.")
    before = graphene.String(description="What was when it was proposed, as JSON; null for what is new.")
    state = EnrolmentState(required=True)
    reason = graphene.String(required=True)
    proposed_by = graphene.ID(required=True)
    proposed_agency = graphene.String(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID()
    decided_at = DateTime()
    note = graphene.String(description="Why it was rejected or withdrawn.")
    invitation = graphene.Field(
        Invitation, description="In the answer to the approval of a passkey invitation; null in every other."
    )


class EnrolledKey(Object):
    """A public key, and when it is good."""

    kid = graphene.String(required=True)
    kind = graphene.String(required=True, description="EC, RSA or OKP (RFC 7518, 8037).")
    not_before = DateTime(description="Null: from ever.")
    not_after = DateTime(description="Null: it has no end.")


def _keys(told: str) -> graphene.List:
    return graphene.List(graphene.NonNull(EnrolledKey), required=True, description=told)


class ClientCertificate(Object):
    """A certificate that a client's tokens may be bound to (RFC 8705)."""

    thumbprint = graphene.String(required=True, description="SHA-256 of its DER, base64url.")
    subject = graphene.String(description="Null: it was enrolled by its thumbprint alone.")
    not_before = DateTime(description="Null: it was enrolled by its thumbprint alone.")
    not_after = DateTime(description="Null: it was enrolled by its thumbprint alone.")
    state = ClientCertificateState(required=True)


class Agency(Object):
    """An agency that is let in."""

    code = graphene.String(required=True)
    name = graphene.String(required=True)
    country = CountryCode(required=True)
    is_closed = graphene.Boolean(required=True)
    keys = _keys("With which its authority signs for its officers.")


class Officer(Object):
    """An officer of an agency."""

    id = graphene.ID(required=True)
    agency = graphene.String(required=True)
    reference = graphene.String(required=True, description="The agency's own mark of the officer.")
    chain = graphene.String(required=True, description="Chain of command.")
    roles = graphene.List(graphene.NonNull(RoleCode), required=True)
    clearance = graphene.String(required=True)
    is_identified = graphene.Boolean(required=True, description="Whether the national identity provider knows them.")
    is_closed = graphene.Boolean(required=True)


class Client(Object):
    """A machine client of an agency."""

    id = graphene.ID(required=True)
    agency = graphene.String(required=True)
    keys = _keys("With which it proves who it is.")
    certificates = graphene.List(
        graphene.NonNull(ClientCertificate), required=True, description="To which its tokens may be bound."
    )
    signs = graphene.Boolean(required=True, description="Whether it has agreed to sign its requests (RFC 9421).")
    introspection = graphene.Boolean(required=True, description="Whether it may ask for the schema.")
    nonces = graphene.Boolean(required=True, description="Whether its proofs need a nonce of ours.")
    documents = graphene.String(required=True, description="Mode of trusted documents: off, log, require.")
    is_closed = graphene.Boolean(required=True)


class Agreement(Object):
    """What was agreed with an agency abroad."""

    code = graphene.String(required=True)
    agency = graphene.String(required=True)
    tier = TierCode(required=True)
    purposes = graphene.List(graphene.NonNull(graphene.String), required=True)
    legal_bases = graphene.List(graphene.NonNull(graphene.String), required=True)
    since = DateTime(required=True)
    until = DateTime(required=True)
    distinct_subjects = graphene.Int(required=True, description="Persons that one officer may be shown in a day.")
    hosts = graphene.List(graphene.NonNull(graphene.String), required=True, description="Where we may send to.")
    contact = graphene.String(required=True)
    in_force = graphene.Boolean(required=True, description="At this moment, and not closed.")
    is_closed = graphene.Boolean(required=True)


class ExpiringKey(Object):
    """A key or certificate that ends within thirty days, or has ended and was not withdrawn."""

    holder = graphene.String(required=True, description="client or agency.")
    name = graphene.String(required=True)
    kid = graphene.String(required=True, description="A certificate's thumbprint.")
    not_after = DateTime(required=True)
    is_certificate = graphene.Boolean(required=True)


class Closure(Object):
    """What is shut out until two administrators open it again."""

    scope = ClosureScope(required=True)
    key = graphene.String(required=True)
    reason = graphene.String(required=True)
    closed_by = graphene.String(required=True)
    closed_at = DateTime(required=True)


EnrolmentConnection = connection(Enrolment, "Administrative acts, the oldest first.")
AgencyConnection = connection(Agency, "Agencies, by code.")
OfficerConnection = connection(Officer, "Officers of an agency, by reference.")
ClientConnection = connection(Client, "Machine clients, by id.")
AgreementConnection = connection(Agreement, "Agreements, by code.")
ClosureConnection = connection(Closure, "What is shut out now, the oldest first.")
