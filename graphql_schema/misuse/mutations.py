"""Mutations of findings: one takes it on, one assesses, another closes. One code enum each."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.misuse import inputs, types
from graphql_schema.profiles.mutations import mutation, payload
from registry.core.ids import read_public_id
from registry.misuse import operations
from registry.misuse.finding import Verdict
from registry.misuse.views import FindingView
from registry.work import Work

REASON_CODES = frozenset({
    "REASON_MALFORMED", "REASON_REPEATED", "REASON_STATED", "REASON_TOO_SHORT", "VICTIM_DATA",
})  # fmt: skip
ASSIGN_CODES = frozenset({"FINDING_OTHER_AGENCY", "FINDING_STATE", "FINDING_TOO_NEAR"})
ASSESS_CODES = ASSIGN_CODES | {"REASON_MALFORMED", "VICTIM_DATA"}
CLOSE_CODES = ASSESS_CODES | {"FINDING_SECOND_PERSON"}


class ReasonPayload:
    """What stating a reason answers."""

    __slots__ = ("request_id", "user_errors")

    def __init__(self, answer: tuple[str | None, list[UserErrorValue]]):
        self.request_id, self.user_errors = answer


class FindingPayload:
    """What each of these mutations answers."""

    __slots__ = ("finding", "user_errors")

    def __init__(self, answer: tuple[FindingView | None, list[UserErrorValue]]):
        self.finding, self.user_errors = answer


def _payload(name: str, codes: frozenset[str]) -> type[Object]:
    return payload(name, codes, "finding", types.Finding, "The finding, or why not.")


class MisuseMutations(graphene.ObjectType):
    """What two people say of a finding."""

    reason_state = mutation(
        payload("ReasonState", REASON_CODES, "request_id", graphene.ID, "The request that has its reason now."),
        inputs.ReasonStateInput,
        "Say why you asked, where that was drawn. Permission: reason:state.",
    )  # fmt: skip
    finding_assign = mutation(
        _payload("FindingAssign", ASSIGN_CODES), inputs.FindingAssignInput,
        "Take a finding on. Permission: finding:judge.",
    )  # fmt: skip
    finding_assess = mutation(
        _payload("FindingAssess", ASSESS_CODES), inputs.FindingAssessInput,
        "Say what a finding is, as the first of two. Permission: finding:judge.",
    )  # fmt: skip
    finding_close = mutation(
        _payload("FindingClose", CLOSE_CODES), inputs.FindingCloseInput,
        "Close a finding that another person has assessed. Permission: finding:judge.",
    )  # fmt: skip

    @staticmethod
    def resolve_reason_state(_root: Any, info: GraphQLResolveInfo, input: Any) -> ReasonPayload:  # noqa: A002  the schema's name
        """State."""
        context, given = context_of(info), plain(input)
        request, text = given["request_id"], given["text"]
        return ReasonPayload(
            attempted(context, lambda: operations.state_reason(context.work, request, text), REASON_CODES)
        )

    @staticmethod
    def resolve_finding_assign(_root: Any, info: GraphQLResolveInfo, input: Any) -> FindingPayload:  # noqa: A002  the schema's name
        """Take on."""
        finding = read_public_id("finding", plain(input)["finding_id"], field="findingId")
        return _done(info, ASSIGN_CODES, lambda work: operations.assign(work, finding))

    @staticmethod
    def resolve_finding_assess(_root: Any, info: GraphQLResolveInfo, input: Any) -> FindingPayload:  # noqa: A002  the schema's name
        """Assess."""
        given = plain(input)
        finding = read_public_id("finding", given["finding_id"], field="findingId")
        verdict = Verdict(given["verdict"])
        return _done(info, ASSESS_CODES, lambda work: operations.assess(work, finding, verdict, given["words"]))

    @staticmethod
    def resolve_finding_close(_root: Any, info: GraphQLResolveInfo, input: Any) -> FindingPayload:  # noqa: A002  the schema's name
        """Close."""
        given = plain(input)
        finding = read_public_id("finding", given["finding_id"], field="findingId")
        verdict = Verdict(given["verdict"])
        return _done(info, CLOSE_CODES, lambda work: operations.close(work, finding, verdict, given["words"]))


def _done(info: GraphQLResolveInfo, codes: frozenset[str], use_case: Callable[[Work], FindingView]) -> FindingPayload:
    context = context_of(info)
    return FindingPayload(attempted(context, lambda: use_case(context.work), codes))
