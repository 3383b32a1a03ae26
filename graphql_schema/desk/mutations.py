"""Mutations of the data subject's desk. One input, one payload, one code enum each."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.desk import inputs, types
from graphql_schema.profiles.mutations import mutation, payload
from registry.core.ids import read_public_id
from registry.desk import operations
from registry.desk.intake import Asked
from registry.desk.requests import Capacity, Channel, Kind
from registry.desk.views import RequestView
from registry.profiles.standing import Change
from registry.work import Work

STATE_CODES = frozenset({"ANSWER_STATE", "REQUEST_STATE"})
DRAWING_CODES = STATE_CODES | {"OUTCOME_NOT_FITTING"}
SECOND_CODES = STATE_CODES | {"OWN_ANSWER", "PROPOSAL_UNDECIDED"}
OPEN_CODES = frozenset(
    {"DATE_IN_FUTURE", "DATE_MALFORMED", "FORM_MALFORMED", "SUBJECT_MISSING", "TEXT_MALFORMED", "VICTIM_DATA"}
)
IDENTIFY_CODES = STATE_CODES | {
    "AUTHORITY_NOT_PROVEN", "CODE_UNKNOWN", "FORM_MALFORMED", "IDENTITY_NOT_PROVEN", "LIST_MALFORMED",
    "TEXT_MALFORMED", "VICTIM_DATA",
}  # fmt: skip
DRAW_UP_CODES = DRAWING_CODES | {"GROUND_MISSING", "GROUND_UNKNOWN"}
PROPOSE_CODES = DRAWING_CODES | {
    "CHANGE_NOT_FITTING", "CONTESTED", "ERASED", "ORDER_MISSING", "REASON_MALFORMED", "STANDING", "TEXT_MALFORMED",
    "VICTIM_DATA",
}  # fmt: skip
REFUSE_CODES = DRAWING_CODES | {"GROUND_UNKNOWN"}
RELEASE_CODES = SECOND_CODES | {"ANSWER_OUTDATED", "PROPOSAL_NOT_LET_IN"}
RETURN_CODES = SECOND_CODES | {"PROPOSAL_LET_IN", "REASON_MALFORMED", "VICTIM_DATA"}


class RequestPayload:
    """What each of these mutations answers."""

    __slots__ = ("request", "user_errors")

    def __init__(self, answer: tuple[RequestView | None, list[UserErrorValue]]):
        self.request, self.user_errors = answer


def _payload(name: str, codes: frozenset[str]) -> type[Object]:
    return payload(f"SubjectRequest{name}", codes, "request", types.SubjectRequest, "The request, or why not.")


class DeskMutations(graphene.ObjectType):
    """Taking in what people ask, and answering it: one officer draws an answer up, another releases it."""

    subject_request_open = mutation(
        _payload("Open", OPEN_CODES), inputs.SubjectRequestOpenInput,
        "Take in a request; nothing is looked up yet. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_identify = mutation(
        _payload("Identify", IDENTIFY_CODES), inputs.SubjectRequestIdentifyInput,
        "Prove who asks by documents or a court's seal, and link their record, or none. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_draw_up = mutation(
        _payload("DrawUp", DRAW_UP_CODES), inputs.SubjectRequestDrawUpInput,
        "Draw up the report, or the word that nothing is held. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_propose = mutation(
        _payload("Propose", PROPOSE_CODES), inputs.SubjectRequestProposeInput,
        "Propose what the person asks for; an officer of another chain decides. Source: Data Protection Act 2019 "
        "s. 34, 36, 40. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_refuse = mutation(
        _payload("Refuse", REFUSE_CODES), inputs.SubjectRequestRefuseInput,
        "Draw up a refusal on a legal ground. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_release = mutation(
        _payload("Release", RELEASE_CODES), inputs.SubjectRequestReleaseInput,
        "Release an answer that another officer drew up. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_return = mutation(
        _payload("Return", RETURN_CODES), inputs.SubjectRequestReturnInput,
        "Return an answer to the officer who drew it up. Permission: desk:answer.",
    )  # fmt: skip
    subject_request_withdraw = mutation(
        _payload("Withdraw", frozenset({"REQUEST_STATE"})), inputs.SubjectRequestWithdrawInput,
        "Close a request that its applicant took back. Permission: desk:answer.",
    )  # fmt: skip

    @staticmethod
    def resolve_subject_request_open(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Take in."""
        context = context_of(info)
        return RequestPayload(
            attempted(context, lambda: operations.open_request(context.work, asked(plain(input))), OPEN_CODES)
        )

    @staticmethod
    def resolve_subject_request_identify(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Identify."""
        given = input.get("profile_id")
        profile = None if given is None else read_public_id("profile", given, field="profileId")
        documents, seal = plain(input["documents"]), input.get("court_seal")
        return _done(info, input, IDENTIFY_CODES, lambda work, request: operations.identify_subject(
            work, request, profile, documents, seal
        ))  # fmt: skip

    @staticmethod
    def resolve_subject_request_draw_up(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Draw up."""
        return _done(info, input, DRAW_UP_CODES, lambda work, request: operations.draw_up_answer(
            work, request, input.get("ground_code")
        ))  # fmt: skip

    @staticmethod
    def resolve_subject_request_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Propose."""
        change = Change(input["change"].value)
        return _done(info, input, PROPOSE_CODES, lambda work, request: operations.propose_change(
            work, request, change, input["reason"], order_number=input.get("order_number")
        ))  # fmt: skip

    @staticmethod
    def resolve_subject_request_refuse(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Refuse."""
        return _done(info, input, REFUSE_CODES, lambda work, request: operations.refuse_request(
            work, request, input["ground_code"]
        ))  # fmt: skip

    @staticmethod
    def resolve_subject_request_release(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Release."""
        return _done(info, input, RELEASE_CODES, operations.release_answer)

    @staticmethod
    def resolve_subject_request_return(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Return."""
        return _done(info, input, RETURN_CODES, lambda work, request: operations.return_answer(
            work, request, input["note"]
        ))  # fmt: skip

    @staticmethod
    def resolve_subject_request_withdraw(_root: Any, info: GraphQLResolveInfo, input: Any) -> RequestPayload:  # noqa: A002  the schema's name
        """Withdraw."""
        return _done(info, input, frozenset({"REQUEST_STATE"}), operations.withdraw_request)


def _done(
    info: GraphQLResolveInfo, given: Any, codes: frozenset[str], use_case: Callable[[Work, Any], RequestView]
) -> RequestPayload:
    """Take a request further by one use case. Any: graphene's container of the input; the id."""
    context = context_of(info)
    request = read_public_id("request", given["request_id"], field="requestId")
    return RequestPayload(attempted(context, lambda: use_case(context.work, request), codes))


def asked(given: dict[str, Any]) -> Asked:
    """Return a request as it came, from the input's plain values."""
    subject = given.get("subject") or {}
    return Asked(
        kind=Kind(given["kind"]), channel=Channel(given["channel"]),
        capacity=Capacity(given.get("capacity") or Capacity.SELF), reference=given["reference"],
        applicant=given["applicant"]["name"], contact=given["applicant"]["contact"], subject=subject.get("name"),
        birth_date=subject.get("birth_date"), received_on=given.get("received_on"),
    )  # fmt: skip
