"""Reading the policy."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.context import context_of
from graphql_schema.policy.types import Policy
from registry.oversight import decisions
from registry.oversight.decisions import PolicyView


class PolicyQueries(graphene.ObjectType):
    """The policy of disclosure."""

    policy = graphene.Field(
        Policy, description="Read the rules of disclosure, as they stand today. Permission: policy:read."
    )

    @staticmethod
    def resolve_policy(_root: Any, info: GraphQLResolveInfo) -> PolicyView:
        """Read the policy."""
        return decisions.read_policy(context_of(info).work)
