"""Inputs of the data subject's desk. There is no field for what a person said or wrote: it stays on the desk's file."""

import graphene

from graphql_schema.desk import types
from graphql_schema.scalars import PartialDate


class ApplicantInput(graphene.InputObjectType):
    """Who asks."""

    name = graphene.String(required=True)
    contact = graphene.String(required=True, description="Where the answer goes.")


class SubjectInput(graphene.InputObjectType):
    """Of whom is asked."""

    name = graphene.String(description="Where it is not the applicant.")
    birth_date = PartialDate()


class SubjectDocumentInput(graphene.InputObjectType):
    """A document that was shown."""

    kind = types.SubjectDocumentKind(required=True)
    digest = graphene.String(required=True, description="SHA-256 of its copy; the copy stays on the desk's file.")


class SubjectRequestOpenInput(graphene.InputObjectType):
    """A request as it came."""

    kind = types.SubjectRequestKind(required=True)
    channel = types.SubjectRequestChannel(required=True)
    capacity = types.SubjectRequestCapacity(description="Without it, the person asks for themselves.")
    reference = graphene.String(required=True, description="The desk's own file mark, such as DPO/112/2026.")
    applicant = ApplicantInput(required=True)
    subject = SubjectInput()
    received_on = PartialDate(description="The day it came; without it, today.")


class SubjectRequestIdentifyInput(graphene.InputObjectType):
    """Proof of who asks, and the record that is theirs."""

    request_id = graphene.ID(required=True)
    profile_id = graphene.ID(description="Without it, the person is not on the register.")
    documents = graphene.List(
        graphene.NonNull(SubjectDocumentInput), required=True,
        description="Two of different kinds, unless a court's seal proves who asks; one that lets the applicant ask "
                    "for another.",
    )  # fmt: skip
    court_seal = graphene.String(description="Number of a court's sealed paper.")


class SubjectRequestDrawUpInput(graphene.InputObjectType):
    """The report, or the word that nothing is held, for a second officer."""

    request_id = graphene.ID(required=True)
    ground_code = graphene.String(description="Legal ground of what the report withholds.")


class SubjectRequestProposeInput(graphene.InputObjectType):
    """What the person asks for, as a proposal."""

    request_id = graphene.ID(required=True)
    change = types.SubjectChange(required=True)
    reason = graphene.String(required=True)
    order_number = graphene.String(description="The court's order, for a removal.")


class SubjectRequestRefuseInput(graphene.InputObjectType):
    """A refusal, for a second officer."""

    request_id = graphene.ID(required=True)
    ground_code = graphene.String(required=True, description="Legal ground, of the country edition's list.")


class SubjectRequestReleaseInput(graphene.InputObjectType):
    """The second officer's word."""

    request_id = graphene.ID(required=True)


class SubjectRequestReturnInput(graphene.InputObjectType):
    """What is to be mended."""

    request_id = graphene.ID(required=True)
    note = graphene.String(required=True)


class SubjectRequestWithdrawInput(graphene.InputObjectType):
    """That the applicant took the request back."""

    request_id = graphene.ID(required=True)
