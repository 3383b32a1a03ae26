"""Mutations of the register. One input, one payload, one code enum each."""

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted
from graphql_schema.context import context_of
from graphql_schema.profiles import inputs, types
from graphql_schema.profiles.inputs import documents_value, path, record_value
from registry.core.ids import read_public_id
from registry.photographs import operations as photographs
from registry.profiles.operations import deciding, duplicates, proposing, reading
from registry.profiles.operations.duplicates import Different
from registry.profiles.operations.text import sentence
from registry.profiles.standing import Change

RECORD_CODES = frozenset({
    "CODE_UNKNOWN", "CONVICTION_WITHDRAWN", "COUNTRY_UNKNOWN", "DATE_IN_FUTURE", "DATE_MALFORMED", "DATE_OUT_OF_ORDER",
    "DATE_OUT_OF_RANGE", "EXPIRY_TOO_LATE", "FIELD_MISSING", "FORM_MALFORMED", "HANDLING_CODE_UNKNOWN",
    "JUVENILE_CLASS", "LIST_MALFORMED", "NAME_MALFORMED", "NOT_OWNER", "NUMBER_MALFORMED", "ORDER_MISSING",
    "PARENTS_NAMES", "PHONE_MALFORMED", "PHOTOGRAPH_TAKEN", "PHOTOGRAPH_UNKNOWN", "REASON_MALFORMED", "REVIEW_TOO_LATE",
    "TEXT_MALFORMED", "VICTIM_DATA",
})  # fmt: skip
NEW_CODES = RECORD_CODES | {"DUPLICATE_POSSIBLE", "EXPIRY_PAST"}
CHANGE_CODES = RECORD_CODES | {
    "CONTESTED", "ERASED", "EXPIRY_PAST", "NOT_CONTESTED", "NOT_MERGED", "OTHER_PROFILE", "RECORD_NOT_CHANGED",
    "STANDING",
}  # fmt: skip
DECISION_CODES = frozenset(
    {"OWN_PROPOSAL", "PROPOSAL_NOT_PENDING", "PROPOSAL_OUTDATED", "REASON_MALFORMED", "SAME_CHAIN", "VICTIM_DATA"}
)
APPROVAL_CODES = DECISION_CODES | RECORD_CODES - {"HANDLING_CODE_UNKNOWN", "NOT_OWNER"} | {
    "DUPLICATE_POSSIBLE", "GROUP_UNKNOWN", "NOT_IN_PARTS",
}  # fmt: skip
REJECTION_CODES = DECISION_CODES - {"PROPOSAL_OUTDATED"}
PAIR_CODES = frozenset({"REASON_MALFORMED", "VICTIM_DATA"})
UPLOAD_CODES = PAIR_CODES | {"UPLOADS_WAITING"}


def payload(mutation: str, codes: frozenset[str], name: str, kind: type[Object], told: str) -> type[Object]:
    """Return a mutation's payload type, with a user error type and a code enum of its own."""
    code = graphene.Enum(
        f"{mutation}ErrorCode", [(each, each) for each in sorted(codes)],
        description=lambda value: f"Rules that {mutation} may find broken; docs/errors.md." if value is None else None,
    )  # fmt: skip
    error = type(f"{mutation}Error", (Object,), {
        "__doc__": "One rule that the input breaks, where, and what to do.",
        "code": graphene.Field(code, required=True),
        "field": graphene.String(description="Path within the input, such as record.names[0].full."),
        "message": graphene.String(required=True),
        "remedy": graphene.String(),
    })  # fmt: skip
    return type(f"{mutation}Payload", (Object,), {
        "__doc__": told,
        name: graphene.Field(kind),
        "user_errors": graphene.List(graphene.NonNull(error), required=True),
    })  # fmt: skip


class Payload:
    """What a mutation answers: a value under its name, or the rules that were broken."""

    __slots__ = ("pair", "proposal", "ticket", "user_errors")

    def __init__(self, name: str, answer: tuple[Any, list[UserErrorValue]]):
        self.pair = self.proposal = self.ticket = None
        value, self.user_errors = answer
        setattr(self, name, value)


def _of_proposal(mutation: str, codes: frozenset[str]) -> type[Object]:
    return payload(mutation, codes, "proposal", types.Proposal, "The proposal, or why not.")


ProfileProposePayload = _of_proposal("ProfilePropose", NEW_CODES)
ProfileAmendPayload = _of_proposal("ProfileAmend", CHANGE_CODES)
ProfileChangePayload = _of_proposal("ProfileChange", CHANGE_CODES)
ProposalApprovePayload = _of_proposal("ProposalApprove", APPROVAL_CODES)
ProposalRejectPayload = _of_proposal("ProposalReject", REJECTION_CODES)
ProposalReturnPayload = _of_proposal("ProposalReturn", REJECTION_CODES)
ProposalWithdrawPayload = _of_proposal("ProposalWithdraw", frozenset(
    {"NOT_PROPOSER", "PROPOSAL_NOT_PENDING", "REASON_MALFORMED", "VICTIM_DATA"}
))  # fmt: skip
PairDecidePayload = payload("PairDecide", PAIR_CODES, "pair", types.Pair, "The pair, or why not.")
PhotographUploadPayload = payload(
    "PhotographUpload", UPLOAD_CODES, "ticket", types.PhotographTicket, "Where to put it, or why not."
)
PhotographOpenPayload = payload(
    "PhotographOpen", frozenset({"NOT_FOUND"}), "ticket", types.PhotographTicket, "Where it can be seen once."
)


def mutation(answer: type[Object], given: type, description: str) -> graphene.Field:
    """Return a mutation's field."""
    return graphene.Field(answer, input=given(required=True), required=True, description=description)


class ProfileMutations(graphene.ObjectType):
    """Changing the register: an officer proposes, an officer of another chain decides."""

    profile_propose = mutation(
        ProfileProposePayload, inputs.ProfileProposeInput,
        "Propose a new profile. Permission: profile:change:propose.",
    )  # fmt: skip
    profile_amend = mutation(
        ProfileAmendPayload, inputs.ProfileAmendInput,
        "Propose a change of a profile that your agency owns. Permission: profile:change:propose.",
    )  # fmt: skip
    profile_change = mutation(
        ProfileChangePayload, inputs.ProfileChangeInput,
        "Propose what a profile of your agency is to stand as: released, withheld, contested, settled, merged, split, "
        "sealed, retired, removed, restored (docs/life-cycle.md). Permission: profile:change:propose.",
    )  # fmt: skip
    proposal_approve = mutation(
        ProposalApprovePayload, inputs.ProposalApproveInput,
        "Approve a proposal, whole or in part; it is searchable at once. Release, withholding, sealing, removal and "
        "restoring also need profile:life:decide. Permission: profile:change:decide.",
    )  # fmt: skip
    proposal_reject = mutation(
        ProposalRejectPayload, inputs.ProposalRejectInput, "Reject a proposal. Permission: profile:change:decide."
    )
    proposal_return = mutation(
        ProposalReturnPayload, inputs.ProposalReturnInput,
        "Return a proposal with reasons. Permission: profile:change:decide.",
    )  # fmt: skip
    proposal_withdraw = mutation(
        ProposalWithdrawPayload, inputs.ProposalWithdrawInput,
        "Withdraw your own proposal. Permission: profile:change:propose.",
    )  # fmt: skip
    pair_decide = mutation(
        PairDecidePayload, inputs.PairDecideInput,
        "Say whether two profiles are one person; the pair is not asked about again. Permission: profile:pair:decide.",
    )  # fmt: skip
    photograph_upload = mutation(
        PhotographUploadPayload, inputs.PhotographUploadInput,
        "Ask for an address where one photograph can be put. Permission: profile:change:propose.",
    )  # fmt: skip
    photograph_open = mutation(
        PhotographOpenPayload, inputs.PhotographOpenInput,
        "Ask for an address where a photograph can be seen once. Permission: profile:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_profile_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Propose a new profile."""
        context = context_of(info)
        others = _different(input)
        return Payload("proposal", attempted(
            context,
            lambda: proposing.propose_profile(
                context.work, record_value(input["record"]), input["reason"], others,
                documents_value(input.get("documents")),
            ),
            NEW_CODES,
            path,
        ))  # fmt: skip

    @staticmethod
    def resolve_profile_amend(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Propose another state."""
        return _changed(info, input, Change.AMEND)

    @staticmethod
    def resolve_profile_change(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Propose another standing."""
        return _changed(info, input, Change(input["change"].value))

    @staticmethod
    def resolve_proposal_approve(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Approve."""
        context = context_of(info)
        proposal = read_public_id("proposal", input["proposal_id"], field="proposalId")
        return Payload("proposal", attempted(
            context,
            lambda: deciding.approve_change(
                context.work, proposal, input.get("note"), fields=input.get("fields"), different_from=_different(input)
            ),
            APPROVAL_CODES,
            path,
        ))  # fmt: skip

    @staticmethod
    def resolve_proposal_reject(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Reject."""
        return _closed(info, input, deciding.reject_change, REJECTION_CODES)

    @staticmethod
    def resolve_proposal_return(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Return."""
        return _closed(info, input, deciding.return_change, REJECTION_CODES)

    @staticmethod
    def resolve_proposal_withdraw(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Withdraw."""
        codes = frozenset({"NOT_PROPOSER", "PROPOSAL_NOT_PENDING", "REASON_MALFORMED", "VICTIM_DATA"})
        return _closed(info, input, deciding.withdraw_change, codes)

    @staticmethod
    def resolve_pair_decide(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Decide on a pair."""
        context = context_of(info)
        one = read_public_id("profile", input["profile_id"], field="profileId")
        other = read_public_id("profile", input["other_profile_id"], field="otherProfileId")
        return Payload("pair", attempted(
            context,
            lambda: duplicates.decide_pair(context.work, one, other, same=input["same"], reason=input["reason"]),
            PAIR_CODES,
        ))  # fmt: skip

    @staticmethod
    def resolve_photograph_upload(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Ask for an address to upload to."""
        context = context_of(info)
        return Payload("ticket", attempted(
            context, lambda: photographs.begin_upload(context.work, sentence(input["reason"])), UPLOAD_CODES
        ))  # fmt: skip

    @staticmethod
    def resolve_photograph_open(_root: Any, info: GraphQLResolveInfo, input: Any) -> Payload:  # noqa: A002  the schema's name
        """Ask for an address to look at."""
        context = context_of(info)
        profile = read_public_id("profile", input["profile_id"], field="profileId")
        photograph = read_public_id("photograph", input["photograph_id"], field="photographId")
        return Payload("ticket", attempted(
            context, lambda: reading.open_photograph(context.work, profile, photograph), frozenset({"NOT_FOUND"})
        ))  # fmt: skip


def _different(given: Any) -> list[Different]:
    return [
        Different(read_public_id("profile", each["profile_id"], field="differentFrom.profileId"), each["reason"])
        for each in given.get("different_from") or ()
    ]


def _changed(info: GraphQLResolveInfo, given: Any, change: Change) -> Payload:
    context = context_of(info)
    profile = read_public_id("profile", given["profile_id"], field="profileId")
    second = given.get("other_profile_id")
    other = read_public_id("profile", second, field="otherProfileId") if second is not None else None
    record = given.get("record")
    return Payload("proposal", attempted(
        context,
        lambda: proposing.propose_change(
            context.work, profile, change, given["reason"], record=None if record is None else record_value(record),
            other=other, order_number=given.get("order_number"), documents=documents_value(given.get("documents")),
        ),
        CHANGE_CODES,
        path,
    ))  # fmt: skip


def _closed(info: GraphQLResolveInfo, given: Any, use_case: Callable[..., Any], codes: frozenset[str]) -> Payload:
    context = context_of(info)
    proposal = read_public_id("proposal", given["proposal_id"], field="proposalId")
    return Payload("proposal", attempted(context, lambda: use_case(context.work, proposal, given["note"]), codes))
