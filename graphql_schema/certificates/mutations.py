"""Mutations of certificates: one officer proposes, another issues. One input, one payload, one code enum each."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.certificates import inputs, types
from graphql_schema.context import context_of
from graphql_schema.profiles.mutations import mutation, payload
from registry.certificates import operations
from registry.certificates.issuing import Why
from registry.certificates.views import CertificateView
from registry.core.ids import read_public_id
from registry.desk import operations as desk
from registry.work import Work

HOLDER_CODES = frozenset({
    "CODE_UNKNOWN", "COUNTRY_UNKNOWN", "DATE_IN_FUTURE", "DATE_MALFORMED", "FORM_MALFORMED", "LIST_MALFORMED",
    "NAME_MALFORMED", "TEXT_MALFORMED",
})  # fmt: skip
PROPOSE_CODES = HOLDER_CODES | {"NUMBER_MALFORMED", "REASON_MALFORMED", "VICTIM_DATA"}
CERTIFY_CODES = PROPOSE_CODES | {"OUTCOME_NOT_FITTING", "REQUEST_STATE"}
DECIDE_CODES = frozenset({"CERTIFICATE_ON_REGISTER", "CERTIFICATE_STATE", "CODE_UNKNOWN", "OWN_PROPOSAL", "SAME_CHAIN"})
REVOKE_CODES = frozenset({"CERTIFICATE_STATE", "CODE_UNKNOWN"})


class CertificatePayload:
    """What each of these mutations answers."""

    __slots__ = ("certificate", "user_errors")

    def __init__(self, answer: tuple[CertificateView | None, list[UserErrorValue]]):
        self.certificate, self.user_errors = answer


def _payload(name: str, codes: frozenset[str]) -> type[Object]:
    return payload(name, codes, "certificate", types.Certificate, "The certificate, or why not.")


class CertificateMutations(graphene.ObjectType):
    """Not this person: proposed by one officer, issued by another, revoked by any who keeps certificates."""

    certificate_propose = mutation(
        _payload("CertificatePropose", PROPOSE_CODES), inputs.CertificateProposeInput,
        "Propose a certificate for somebody who is mistaken for these profiles. Permission: certificate:propose.",
    )  # fmt: skip
    certificate_decide = mutation(
        _payload("CertificateDecide", DECIDE_CODES), inputs.CertificateDecideInput,
        "Issue or reject a certificate that an officer of another chain proposed. Permission: certificate:decide.",
    )  # fmt: skip
    certificate_revoke = mutation(
        _payload("CertificateRevoke", REVOKE_CODES), inputs.CertificateRevokeInput,
        "End a certificate; what is held of its holder is erased. Permission: certificate:keep.",
    )  # fmt: skip
    subject_request_certify = mutation(
        _payload("SubjectRequestCertify", CERTIFY_CODES), inputs.SubjectRequestCertifyInput,
        "Propose a certificate for the person of a request who is not on the register. Permission: desk:answer.",
    )  # fmt: skip

    @staticmethod
    def resolve_certificate_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> CertificatePayload:  # noqa: A002  the schema's name
        """Propose."""
        return _done(info, PROPOSE_CODES, lambda work: operations.propose(work, inputs.asked(plain(input))))

    @staticmethod
    def resolve_certificate_decide(_root: Any, info: GraphQLResolveInfo, input: Any) -> CertificatePayload:  # noqa: A002  the schema's name
        """Decide."""
        given = plain(input)
        certificate = read_public_id("certificate", given["certificate_id"], field="certificateId")
        why_not = Why(given.get("why") or Why.NOT_PROVEN) if given["decision"] == "reject" else None
        return _done(info, DECIDE_CODES, lambda work: operations.decide(work, certificate, why_not=why_not))

    @staticmethod
    def resolve_certificate_revoke(_root: Any, info: GraphQLResolveInfo, input: Any) -> CertificatePayload:  # noqa: A002  the schema's name
        """Revoke."""
        given = plain(input)
        certificate = read_public_id("certificate", given["certificate_id"], field="certificateId")
        return _done(info, REVOKE_CODES, lambda work: operations.revoke(work, certificate, Why(given["why"])))

    @staticmethod
    def resolve_subject_request_certify(_root: Any, info: GraphQLResolveInfo, input: Any) -> CertificatePayload:  # noqa: A002  the schema's name
        """Propose for a person at the desk."""
        given = plain(input)
        request = read_public_id("request", given["request_id"], field="requestId")
        return _done(info, CERTIFY_CODES, lambda work: desk.propose_certificate(work, request, inputs.asked(given)))


def _done(
    info: GraphQLResolveInfo, codes: frozenset[str], use_case: Callable[[Work], CertificateView]
) -> CertificatePayload:
    context = context_of(info)
    return CertificatePayload(attempted(context, lambda: use_case(context.work), codes))
