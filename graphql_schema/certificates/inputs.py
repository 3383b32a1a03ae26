"""Inputs of certificates."""

from typing import Any

import graphene

from graphql_schema.certificates import types
from graphql_schema.scalars import PartialDate
from graphql_schema.search.types import SearchIdentifierInput
from registry.certificates.intake import Asked, Person
from registry.core.ids import read_public_id
from registry.matching.types import Identifier


class CertificatePersonInput(graphene.InputObjectType):
    """Somebody as a document shows them."""

    names = graphene.List(graphene.NonNull(graphene.String), required=True)
    birth_date = PartialDate(required=True, description="The whole day.")
    identifiers = graphene.List(
        graphene.NonNull(SearchIdentifierInput), description="Numbers of documents; a certificate needs one."
    )


class CertificateProposeInput(graphene.InputObjectType):
    """Who is mistaken, and for whom."""

    profile_ids = graphene.List(
        graphene.NonNull(graphene.ID), required=True, description="Profiles they are taken for."
    )
    holder = CertificatePersonInput(required=True)
    months = graphene.Int(description="Validity; without it, what the country edition says.")
    reason = graphene.String(required=True, description="It is kept sealed, and erased with the holder.")


class SubjectRequestCertifyInput(graphene.InputObjectType):
    """A certificate for the person of a request, whose identity is proven and who is not on the register."""

    request_id = graphene.ID(required=True)
    profile_ids = graphene.List(
        graphene.NonNull(graphene.ID), required=True, description="Profiles they are taken for."
    )
    holder = CertificatePersonInput(required=True)
    months = graphene.Int(description="Validity; without it, what the country edition says.")
    reason = graphene.String(required=True, description="It is kept sealed, and erased with the holder.")


class CertificateDecideInput(graphene.InputObjectType):
    """The second officer's word."""

    certificate_id = graphene.ID(required=True)
    decision = types.CertificateDecision(required=True)
    why = types.CertificateEnd(description="For a rejection; without it, NOT_PROVEN.")


class CertificateRevokeInput(graphene.InputObjectType):
    """That a certificate stands no more."""

    certificate_id = graphene.ID(required=True)
    why = types.CertificateEnd(required=True)


def person(given: dict[str, Any]) -> Person:
    """Return somebody as a document shows them, from the input's plain values."""
    return Person(
        names=tuple(given["names"]), birth_date=given["birth_date"],
        identifiers=tuple(
            Identifier(each["type"], each["value"], each.get("country")) for each in given.get("identifiers") or ()
        ),
    )  # fmt: skip


def asked(given: dict[str, Any]) -> Asked:
    """Return a certificate as it is proposed, from the input's plain values."""
    against = tuple(read_public_id("profile", each, field="profileIds") for each in given["profile_ids"])
    return Asked(against=against, person=person(given["holder"]), reason=given["reason"], months=given.get("months"))
