"""Mutations of administration: one proposes, another decides; closing takes one. One code enum each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from auth.scope import Scope
from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.enrolment import inputs, types
from graphql_schema.profiles.mutations import mutation, payload
from registry.core.ids import read_public_id
from registry.enrolment import operations
from registry.enrolment.act import Kind
from registry.enrolment.intake import Closing, Handed
from registry.enrolment.views import ClosureView, EnrolmentView
from registry.work import Work

_SENTENCE = frozenset({"REASON_MALFORMED", "VICTIM_DATA"})
_GROUND = frozenset({
    "AGREEMENT_AGENCY", "AGREEMENT_TIME", "ALREADY_ENROLLED", "KEYS_TOO_MANY", "KEY_KNOWN", "KEY_TIME", "NOT_FOUND",
    "ROLE_ABROAD",
})  # fmt: skip
"""What stands in the way of an act as things are."""
PROPOSE_CODES = _SENTENCE | _GROUND | {
    "CODE_UNKNOWN", "COUNTRY_UNKNOWN", "ENROLMENT_NOT_ONE", "ENROLMENT_PROPOSED_ALREADY", "KEY_REFUSED",
    "LIST_MALFORMED", "NAME_MALFORMED", "NUMBER_MALFORMED", "TEXT_MALFORMED",
}  # fmt: skip
APPROVE_CODES = _GROUND | {"ENROLMENT_OUTDATED", "ENROLMENT_STATE", "OWN_PROPOSAL", "SAME_CHAIN"}
REJECT_CODES = _SENTENCE | {"ENROLMENT_STATE", "OWN_PROPOSAL", "SAME_CHAIN"}
WITHDRAW_CODES = _SENTENCE | {"ENROLMENT_STATE", "NOT_PROPOSER"}
CLOSE_CODES = _SENTENCE | {"CLOSED_ALREADY", "CODE_UNKNOWN", "NAME_MALFORMED", "NOT_FOUND"}


class EnrolmentPayload:
    """What the mutations of an act answer."""

    __slots__ = ("enrolment", "user_errors")

    def __init__(self, answer: tuple[EnrolmentView | None, list[UserErrorValue]]):
        self.enrolment, self.user_errors = answer


class ClosurePayload:
    """What closing answers."""

    __slots__ = ("closure", "user_errors")

    def __init__(self, answer: tuple[ClosureView | None, list[UserErrorValue]]):
        self.closure, self.user_errors = answer


def _payload(name: str, codes: frozenset[str]) -> type[Object]:
    return payload(name, codes, "enrolment", types.Enrolment, "The act, or why not.")


class EnrolmentMutations(graphene.ObjectType):
    """Who may ask: proposed by one administrator, decided by one of another chain of command."""

    enrolment_propose = mutation(
        _payload("EnrolmentPropose", PROPOSE_CODES), inputs.EnrolmentProposeInput,
        "Propose one administrative act. Permission: enrolment:propose.",
    )  # fmt: skip
    enrolment_approve = mutation(
        _payload("EnrolmentApprove", APPROVE_CODES), inputs.EnrolmentApproveInput,
        "Do what an administrator of another chain proposed; it counts from the next request on. "
        "Permission: enrolment:decide.",
    )  # fmt: skip
    enrolment_reject = mutation(
        _payload("EnrolmentReject", REJECT_CODES), inputs.EnrolmentRejectInput,
        "Refuse what an administrator of another chain proposed. Permission: enrolment:decide.",
    )  # fmt: skip
    enrolment_withdraw = mutation(
        _payload("EnrolmentWithdraw", WITHDRAW_CODES), inputs.EnrolmentWithdrawInput,
        "Take an own proposal back. Permission: enrolment:propose.",
    )  # fmt: skip
    access_close = mutation(
        payload("AccessClose", CLOSE_CODES, "closure", types.Closure, "What is closed, or why not."),
        inputs.AccessCloseInput,
        "Shut out an agency, client, officer, agreement or field class from the next request on. One person is enough; "
        "to open it again takes an act (enrolmentPropose opening). Permission: access:close.",
    )  # fmt: skip

    @staticmethod
    def resolve_enrolment_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> EnrolmentPayload:  # noqa: A002  the schema's name
        """Propose."""
        given = plain(input)
        reason = given.pop("reason")
        return _done(info, PROPOSE_CODES, lambda work: operations.propose(work, _handed(given), reason))

    @staticmethod
    def resolve_enrolment_approve(_root: Any, info: GraphQLResolveInfo, input: Any) -> EnrolmentPayload:  # noqa: A002  the schema's name
        """Approve."""
        identifier = _identifier(plain(input))
        return _done(info, APPROVE_CODES, lambda work: operations.approve(work, identifier))

    @staticmethod
    def resolve_enrolment_reject(_root: Any, info: GraphQLResolveInfo, input: Any) -> EnrolmentPayload:  # noqa: A002  the schema's name
        """Reject."""
        given = plain(input)
        identifier = _identifier(given)
        return _done(info, REJECT_CODES, lambda work: operations.reject(work, identifier, given["note"]))

    @staticmethod
    def resolve_enrolment_withdraw(_root: Any, info: GraphQLResolveInfo, input: Any) -> EnrolmentPayload:  # noqa: A002  the schema's name
        """Withdraw."""
        given = plain(input)
        identifier = _identifier(given)
        return _done(info, WITHDRAW_CODES, lambda work: operations.withdraw(work, identifier, given["reason"]))

    @staticmethod
    def resolve_access_close(_root: Any, info: GraphQLResolveInfo, input: Any) -> ClosurePayload:  # noqa: A002  the schema's name
        """Close."""
        context, given = context_of(info), plain(input)
        closing = Closing(Scope(given["scope"]), given["key"])
        use_case = lambda: operations.close(context.work, closing, given["reason"])  # noqa: E731  one line says it
        return ClosurePayload(attempted(context, use_case, CLOSE_CODES))


def _handed(given: dict[str, Any]) -> Handed:
    """Return the act of an input; whether it is exactly one, the use case asks once it knows who asks."""
    named = [name for name, value in given.items() if value is not None]
    return Handed(Kind(named[0]), given[named[0]]) if len(named) == 1 else Handed(None, {})


def _identifier(given: dict[str, Any]) -> UUID:
    return read_public_id("enrolment", given["enrolment_id"], field="enrolmentId")


def _done(
    info: GraphQLResolveInfo, codes: frozenset[str], use_case: Callable[[Work], EnrolmentView]
) -> EnrolmentPayload:
    context = context_of(info)
    return EnrolmentPayload(attempted(context, lambda: use_case(context.work), codes))
