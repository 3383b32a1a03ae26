"""Mutations of the register: propose, approve, reject. One input, one payload, one code enum each."""

import re
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.profiles import types
from graphql_schema.scalars import CountryCode, PartialDate
from registry.core.errors import InputRefused
from registry.core.ids import read_public_id
from registry.profiles import operations
from registry.profiles.views import ProposalView

RECORD_CODES = frozenset({
    "CODE_UNKNOWN", "COUNTRY_UNKNOWN", "DATE_IN_FUTURE", "DATE_MALFORMED",
    "DATE_OUT_OF_ORDER", "DATE_OUT_OF_RANGE", "FORM_MALFORMED", "LIST_MALFORMED",
    "NAME_MALFORMED", "NOT_OWNER", "PHONE_MALFORMED", "REASON_MALFORMED", "TEXT_MALFORMED",
})  # fmt: skip
DECISION_CODES = frozenset(
    {"OWN_PROPOSAL", "PROPOSAL_NOT_PENDING", "PROPOSAL_OUTDATED", "REASON_MALFORMED", "SAME_CHAIN"}
)
REJECTION_CODES = DECISION_CODES - {"PROPOSAL_OUTDATED"}


class NamePartInput(graphene.InputObjectType):
    """One part of a name."""

    kind = types.NamePartKind(required=True)
    text = graphene.String(required=True)


class NameInput(graphene.InputObjectType):
    """A name."""

    full = graphene.String(required=True)
    parts = graphene.List(graphene.NonNull(NamePartInput))
    script = types.Script()
    kind = types.NameKind()


class IdentifierInput(graphene.InputObjectType):
    """A document's number."""

    type = types.IdentifierType(required=True)
    value = graphene.String(required=True)
    country = CountryCode()


class HandleInput(graphene.InputObjectType):
    """A name on a platform."""

    platform = graphene.String()
    handle = graphene.String(required=True)


class ConvictionInput(graphene.InputObjectType):
    """A court's conviction."""

    offence = graphene.String(required=True)
    court = graphene.String(required=True)
    case_number = graphene.String(required=True)
    convicted_on = PartialDate(required=True)
    sentence = graphene.String(required=True)
    victim_age_band = types.VictimAgeBand()
    victim_sex = types.VictimSex()


class LegalBasisInput(graphene.InputObjectType):
    """Why the record may be held."""

    code = graphene.String(required=True)
    article = graphene.String(required=True)


class RecordInput(graphene.InputObjectType):
    """A whole record. There is no field for a victim's data, and none is accepted."""

    legal_basis = LegalBasisInput(required=True)
    names = graphene.List(graphene.NonNull(NameInput), required=True)
    birth_date = PartialDate()
    sex = types.Sex()
    nationalities = graphene.List(graphene.NonNull(CountryCode))
    identifiers = graphene.List(graphene.NonNull(IdentifierInput))
    phones = graphene.List(graphene.NonNull(graphene.String))
    emails = graphene.List(graphene.NonNull(graphene.String))
    handles = graphene.List(graphene.NonNull(HandleInput))
    county = graphene.String()
    convictions = graphene.List(graphene.NonNull(ConvictionInput), required=True)


class ProfileProposeInput(graphene.InputObjectType):
    """A new profile."""

    record = RecordInput(required=True)
    reason = graphene.String(required=True)


class ProfileAmendInput(graphene.InputObjectType):
    """The whole new state of a profile."""

    profile_id = graphene.ID(required=True)
    record = RecordInput(required=True)
    reason = graphene.String(required=True)


class ProposalApproveInput(graphene.InputObjectType):
    """A decision for."""

    proposal_id = graphene.ID(required=True)
    note = graphene.String()


class ProposalRejectInput(graphene.InputObjectType):
    """A decision against, with its reason."""

    proposal_id = graphene.ID(required=True)
    note = graphene.String(required=True)


def payload(mutation: str, codes: frozenset[str]) -> tuple[type[Object], type[Object]]:
    """Return a mutation's payload type and its user error type, with a code enum of its own."""
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
    answer = type(f"{mutation}Payload", (Object,), {
        "__doc__": "The proposal, or why not.",
        "proposal": graphene.Field(types.Proposal),
        "user_errors": graphene.List(graphene.NonNull(error), required=True),
    })  # fmt: skip
    return answer, error


class ProposalPayload:
    """What each of these mutations answers."""

    __slots__ = ("proposal", "user_errors")

    def __init__(self, answer: tuple[ProposalView | None, list[UserErrorValue]]):
        self.proposal, self.user_errors = answer


ProfileProposePayload, _ = payload("ProfilePropose", RECORD_CODES)
ProfileAmendPayload, _ = payload("ProfileAmend", RECORD_CODES)
ProposalApprovePayload, _ = payload("ProposalApprove", DECISION_CODES)
ProposalRejectPayload, _ = payload("ProposalReject", REJECTION_CODES)


class ProfileMutations(graphene.ObjectType):
    """Changing the register: an officer proposes, an officer of another chain decides."""

    profile_propose = graphene.Field(
        ProfileProposePayload, input=ProfileProposeInput(required=True), required=True,
        description="Propose a new profile. Permission: profile:change:propose.",
    )  # fmt: skip
    profile_amend = graphene.Field(
        ProfileAmendPayload, input=ProfileAmendInput(required=True), required=True,
        description="Propose a change of a profile that your agency owns. Permission: profile:change:propose.",
    )  # fmt: skip
    proposal_approve = graphene.Field(
        ProposalApprovePayload, input=ProposalApproveInput(required=True), required=True,
        description="Approve a proposal; it is searchable at once. Permission: profile:change:decide.",
    )  # fmt: skip
    proposal_reject = graphene.Field(
        ProposalRejectPayload, input=ProposalRejectInput(required=True), required=True,
        description="Reject a proposal. Permission: profile:change:decide.",
    )  # fmt: skip

    @staticmethod
    def resolve_profile_propose(_root: Any, info: GraphQLResolveInfo, input: Any) -> ProposalPayload:  # noqa: A002  the schema's name
        """Propose a new profile."""
        context = context_of(info)
        return ProposalPayload(attempted(
            context,
            lambda: operations.propose_profile(context.work, record_value(input["record"]), input["reason"]),
            RECORD_CODES,
            path,
        ))  # fmt: skip

    @staticmethod
    def resolve_profile_amend(_root: Any, info: GraphQLResolveInfo, input: Any) -> ProposalPayload:  # noqa: A002  the schema's name
        """Propose a change."""
        context = context_of(info)
        profile = read_public_id("profile", input["profile_id"], field="profileId")
        return ProposalPayload(attempted(
            context,
            lambda: operations.propose_amendment(
                context.work, profile, record_value(input["record"]), input["reason"]
            ),
            RECORD_CODES,
            path,
        ))  # fmt: skip

    @staticmethod
    def resolve_proposal_approve(_root: Any, info: GraphQLResolveInfo, input: Any) -> ProposalPayload:  # noqa: A002  the schema's name
        """Approve."""
        context = context_of(info)
        proposal = read_public_id("proposal", input["proposal_id"], field="proposalId")
        return ProposalPayload(attempted(
            context, lambda: operations.approve_change(context.work, proposal, input.get("note")), DECISION_CODES
        ))  # fmt: skip

    @staticmethod
    def resolve_proposal_reject(_root: Any, info: GraphQLResolveInfo, input: Any) -> ProposalPayload:  # noqa: A002  the schema's name
        """Reject."""
        context = context_of(info)
        proposal = read_public_id("proposal", input["proposal_id"], field="proposalId")
        return ProposalPayload(attempted(
            context, lambda: operations.reject_change(context.work, proposal, input["note"]), REJECTION_CODES
        ))  # fmt: skip


def record_value(given: Any) -> dict[str, Any]:
    """Return the input as the record format that ``registry import`` reads too. Raises InputRefused."""
    value: dict[str, Any] = _given(plain(given))
    if "birth_date" in value:
        value["birth_date"] = str(value["birth_date"])
    for place, name in enumerate(value["names"]):
        if "parts" in name:
            name["parts"] = _parts(name["parts"], f"names[{place}].parts")
    for conviction in value["convictions"]:
        conviction["convicted_on"] = str(conviction["convicted_on"])
    return value


def _given(value: Any) -> Any:
    """Leave out what is null: to GraphQL that is the same as not given."""
    if isinstance(value, dict):
        return {name: _given(each) for name, each in value.items() if each is not None}
    return [_given(each) for each in value] if isinstance(value, list) else value


def _parts(given: list[dict[str, str]], field: str) -> dict[str, str]:
    parts = {part["kind"]: part["text"] for part in given}
    if len(parts) != len(given):
        raise InputRefused(
            "names a kind of part twice.", field=field, code="LIST_MALFORMED", remedy="Write its words as one part."
        )
    return parts


def path(field: str) -> str:
    """Return a record's path as the GraphQL input writes it: ``record.convictions[0].caseNumber``."""
    camel = re.sub(r"_([a-z])", lambda found: found[1].upper(), field)
    return camel if field == "reason" else f"record.{camel}"
