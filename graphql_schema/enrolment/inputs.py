"""Inputs of administration. An act is one of the members of EnrolmentProposeInput."""

import graphene

from graphql_schema.enrolment import types
from graphql_schema.scalars import CountryCode, DateTime


class EnrolledKeyInput(graphene.InputObjectType):
    """A public key, and when it is good."""

    jwk = graphene.String(required=True, description="The public key as JWK: P-256, RSA of 2048 bits or more, Ed25519.")
    not_before = DateTime(required=True)
    not_after = DateTime(required=True, description="Two years later at most.")


class AgencyInput(graphene.InputObjectType):
    """An agency to be let in."""

    code = graphene.String(required=True)
    name = graphene.String(required=True)
    country = CountryCode(required=True)


class OfficerInput(graphene.InputObjectType):
    """An officer to be let in, or as they are to be. One who leaves has no roles."""

    agency = graphene.String(required=True)
    reference = graphene.String(required=True, description="The agency's own mark of them, never given to another.")
    chain = graphene.String(required=True, description="Chain of command: whoever shares it is no second person.")
    roles = graphene.List(graphene.NonNull(types.RoleCode), required=True)
    clearance = graphene.String(description="By the edition's codes; restricted.")


class OfficerIdentityInput(graphene.InputObjectType):
    """Who an officer is at an identity provider."""

    agency = graphene.String(required=True)
    reference = graphene.String(required=True)
    issuer = graphene.String(required=True, description="The provider, as its metadata says it.")
    identity = graphene.String(required=True, description="The provider's subject.")


class PasskeyInvitationInput(graphene.InputObjectType):
    """An officer who may register a passkey: one, within 24 hours of the second word."""

    agency = graphene.String(required=True)
    reference = graphene.String(required=True)


class ClientInput(graphene.InputObjectType):
    """A machine client to be let in."""

    id = graphene.ID(required=True)
    agency = graphene.String(required=True)
    keys = graphene.List(graphene.NonNull(EnrolledKeyInput), required=True, description="1 to 4.")
    introspection = graphene.Boolean(description="Whether it may ask for the schema.")
    nonces = graphene.Boolean(description="Whether its proofs need a nonce of ours.")
    certificates = graphene.List(
        graphene.NonNull(graphene.String),
        description="Certificates that its tokens may be bound to (RFC 8705), each in PEM; at most 4.",
    )
    signs = graphene.Boolean(description="Whether it has agreed to sign its requests (RFC 9421).")


class ClientKeyInput(graphene.InputObjectType):
    """One more key of a client; at most 4."""

    client = graphene.ID(required=True)
    key = EnrolledKeyInput(required=True)


class ClientKeyEndInput(graphene.InputObjectType):
    """A client's key that is withdrawn."""

    client = graphene.ID(required=True)
    kid = graphene.String(required=True)


class ClientCertificateInput(graphene.InputObjectType):
    """One more certificate that a client's tokens may be bound to (RFC 8705); at most 4."""

    client = graphene.ID(required=True)
    certificate = graphene.String(required=True, description="One certificate in PEM, no key and no chain.")


class ClientCertificateEndInput(graphene.InputObjectType):
    """A client's certificate that is withdrawn: tokens bound to it are refused with the next request."""

    client = graphene.ID(required=True)
    thumbprint = graphene.String(required=True, description="SHA-256 of its DER, base64url.")


class ClientSignsInput(graphene.InputObjectType):
    """Whether a client signs its requests (RFC 9421): what it does not sign is refused from then on."""

    client = graphene.ID(required=True)
    signs = graphene.Boolean(required=True)


class GrantKeyInput(graphene.InputObjectType):
    """One more key with which an agency's authority signs for its officers; at most 4."""

    agency = graphene.String(required=True)
    key = EnrolledKeyInput(required=True)


class GrantKeyEndInput(graphene.InputObjectType):
    """Such a key that is withdrawn."""

    agency = graphene.String(required=True)
    kid = graphene.String(required=True)


class AgreementInput(graphene.InputObjectType):
    """An agreement with an agency abroad, new or as it is to be."""

    code = graphene.String(required=True)
    agency = graphene.String(required=True)
    tier = types.TierCode(required=True)
    purposes = graphene.List(graphene.NonNull(graphene.String), required=True)
    legal_bases = graphene.List(graphene.NonNull(graphene.String), required=True)
    since = DateTime(required=True)
    until = DateTime(required=True, description="Ten years later at most.")
    distinct_subjects = graphene.Int(description="Persons that one officer may be shown in a day; 50.")
    hosts = graphene.List(graphene.NonNull(graphene.String), description="Where we may send to.")
    contact = graphene.String(required=True, description="An office, no person.")


class AgreementEndInput(graphene.InputObjectType):
    """An agreement that ends sooner."""

    code = graphene.String(required=True)
    until = DateTime(required=True)


class OpeningInput(graphene.InputObjectType):
    """What was closed and is to be opened again."""

    scope = types.ClosureScope(required=True)
    key = graphene.String(required=True)


class LogErasureInput(graphene.InputObjectType):
    """Entries of the log that may be erased by law: fields of them, or the entries as wholes."""

    first = graphene.Int(required=True, description="Index of the first entry.")
    last = graphene.Int(required=True, description="Index of the last.")
    fields = graphene.List(graphene.NonNull(graphene.String), description="By the names of docs/log.md.")
    whole = graphene.Boolean(description="Whether whole entries go; either this or fields.")
    legal_basis = graphene.String(required=True, description="The law that has it erased.")


class EnrolmentProposeInput(graphene.InputObjectType):
    """One administrative act: exactly one of its members but the reason."""

    reason = graphene.String(required=True)
    agency = AgencyInput()
    officer = OfficerInput()
    officer_change = OfficerInput()
    officer_identity = OfficerIdentityInput()
    passkey_invitation = PasskeyInvitationInput()
    client = ClientInput()
    client_key = ClientKeyInput()
    client_key_end = ClientKeyEndInput()
    client_certificate = ClientCertificateInput()
    client_certificate_end = ClientCertificateEndInput()
    client_signs = ClientSignsInput()
    grant_key = GrantKeyInput()
    grant_key_end = GrantKeyEndInput()
    agreement = AgreementInput()
    agreement_change = AgreementInput()
    agreement_end = AgreementEndInput()
    opening = OpeningInput()
    log_erasure = LogErasureInput()


class EnrolmentApproveInput(graphene.InputObjectType):
    """The second word: it is done."""

    enrolment_id = graphene.ID(required=True)


class EnrolmentRejectInput(graphene.InputObjectType):
    """The second word: it is not done."""

    enrolment_id = graphene.ID(required=True)
    note = graphene.String(required=True, description="Why not.")


class EnrolmentWithdrawInput(graphene.InputObjectType):
    """The proposer's own word."""

    enrolment_id = graphene.ID(required=True)
    reason = graphene.String(required=True)


class AccessCloseInput(graphene.InputObjectType):
    """What is shut out, from the next request on."""

    scope = types.ClosureScope(required=True)
    key = graphene.String(
        required=True,
        description="Code of an agency or agreement, id of a client, `<agency> <reference>` of an officer, or a class.",
    )
    reason = graphene.String(required=True)
