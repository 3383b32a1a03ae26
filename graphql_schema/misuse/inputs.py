"""Inputs of findings."""

import graphene

from graphql_schema.misuse import types


class ReasonStateInput(graphene.InputObjectType):
    """Why you asked, where an answer's extensions said that it is to be told (reasonAsked)."""

    request_id = graphene.ID(required=True, description="The request that the reason is for.")
    text = graphene.String(required=True, description="A sentence of your own; the log keeps it.")


class FindingAssignInput(graphene.InputObjectType):
    """Which finding you take on."""

    finding_id = graphene.ID(required=True)


class FindingAssessInput(graphene.InputObjectType):
    """What you say of a finding, as the first of two."""

    finding_id = graphene.ID(required=True)
    verdict = types.FindingVerdict(required=True)
    words = graphene.String(required=True, description="Why, in a sentence; nothing of a person of the register.")


class FindingCloseInput(graphene.InputObjectType):
    """What you say of a finding that another has assessed."""

    finding_id = graphene.ID(required=True)
    verdict = types.FindingVerdict(required=True)
    words = graphene.String(required=True, description="Why, in a sentence; nothing of a person of the register.")
