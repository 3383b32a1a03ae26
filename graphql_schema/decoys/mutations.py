"""Mutations of decoys: one officer proposes, another decides, either ends. One code enum each."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.decoys import inputs, types
from graphql_schema.profiles.mutations import mutation, payload
from registry.core.ids import read_public_id
from registry.decoys import operations
from registry.decoys.views import DecoyView
from registry.work import Work

PROPOSE_CODES = frozenset({"DECOY_PROPOSED_ALREADY", "REASON_MALFORMED", "VICTIM_DATA"})
DECIDE_CODES = frozenset({"DECOY_STATE", "OWN_PROPOSAL", "SAME_CHAIN"})
END_CODES = frozenset({"DECOY_STATE"})


class DecoyPayload:
    """What each of these mutations answers."""

    __slots__ = ("decoy", "user_errors")

    def __init__(self, answer: tuple[DecoyView | None, list[UserErrorValue]]):
        self.decoy, self.user_errors = answer


def _payload(name: str, codes: frozenset[str]) -> type[Object]:
    return payload(name, codes, "decoy", types.Decoy, "The decoy, or why not.")


class DecoyMutations(graphene.ObjectType):
    """Profiles that stand for nobody."""

    decoy_propose = mutation(
        _payload("DecoyPropose", PROPOSE_CODES), inputs.DecoyProposeInput,
        "Propose a profile of your own agency as a decoy. Permission: decoy:propose.",
    )  # fmt: skip
    decoy_decide = mutation(
        _payload("DecoyDecide", DECIDE_CODES), inputs.DecoyDecideInput,
        "Approve or reject a decoy that an officer of another chain proposed. Permission: decoy:decide.",
    )  # fmt: skip
    decoy_end = mutation(
        _payload("DecoyEnd", END_CODES), inputs.DecoyEndInput,
        "Let a profile be a decoy no more. Permission: decoy:propose.",
    )  # fmt: skip

    @staticmethod
    def resolve_decoy_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> DecoyPayload:  # noqa: A002  the schema's name
        """Propose."""
        given = plain(input)
        profile = read_public_id("profile", given["profile_id"], field="profileId")
        return _done(info, PROPOSE_CODES, lambda work: operations.propose(work, profile, given["reason"]))

    @staticmethod
    def resolve_decoy_decide(_root: Any, info: GraphQLResolveInfo, input: Any) -> DecoyPayload:  # noqa: A002  the schema's name
        """Decide."""
        given = plain(input)
        decoy = read_public_id("decoy", given["decoy_id"], field="decoyId")
        decide = operations.approve if given["decision"] == "approve" else operations.reject
        return _done(info, DECIDE_CODES, lambda work: decide(work, decoy))

    @staticmethod
    def resolve_decoy_end(_root: Any, info: GraphQLResolveInfo, input: Any) -> DecoyPayload:  # noqa: A002  the schema's name
        """End."""
        decoy = read_public_id("decoy", plain(input)["decoy_id"], field="decoyId")
        return _done(info, END_CODES, lambda work: operations.end(work, decoy))


def _done(info: GraphQLResolveInfo, codes: frozenset[str], use_case: Callable[[Work], DecoyView]) -> DecoyPayload:
    context = context_of(info)
    return DecoyPayload(attempted(context, lambda: use_case(context.work), codes))
