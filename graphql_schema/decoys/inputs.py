"""Inputs of decoys."""

import graphene

from graphql_schema.decoys import types


class DecoyProposeInput(graphene.InputObjectType):
    """Which profile is to be a decoy."""

    profile_id = graphene.ID(required=True, description="A profile that your own agency keeps, made for this.")
    reason = graphene.String(required=True)


class DecoyDecideInput(graphene.InputObjectType):
    """The second officer's word."""

    decoy_id = graphene.ID(required=True)
    decision = types.DecoyDecision(required=True)


class DecoyEndInput(graphene.InputObjectType):
    """That a profile is a decoy no more."""

    decoy_id = graphene.ID(required=True)
