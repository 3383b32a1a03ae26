"""Inputs of the register's mutations, and how a record is read from one."""

import re
from typing import Any

import graphene

from graphql_schema.base import plain
from graphql_schema.profiles.form import entry, input_groups
from graphql_schema.profiles.types import Change
from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.profiles.parts import Source

NOT_GIVEN = frozenset({"owner"})
"""A record belongs to the agency that proposes it."""

RecordInput: Any = type(
    "RecordInput",
    (graphene.InputObjectType,),
    {
        "__doc__": "A whole record. There is no field for a victim's data, and none is accepted.",
        **input_groups(without=NOT_GIVEN),
    },
)

DOCUMENTS = graphene.List(graphene.NonNull(entry(Source)), description="What the change rests on.")


class DifferentInput(graphene.InputObjectType):
    """A likely duplicate that is somebody else."""

    profile_id = graphene.ID(required=True)
    reason = graphene.String(required=True)


class ProfileProposeInput(graphene.InputObjectType):
    """A new profile. Search first: likely duplicates are refused unless you say why they are others."""

    record = RecordInput(required=True)
    reason = graphene.String(required=True)
    documents = DOCUMENTS
    different_from = graphene.List(graphene.NonNull(DifferentInput))


class ProfileAmendInput(graphene.InputObjectType):
    """The whole new state of a profile."""

    profile_id = graphene.ID(required=True)
    record = RecordInput(required=True)
    reason = graphene.String(required=True)
    documents = DOCUMENTS


class ProfileChangeInput(graphene.InputObjectType):
    """A change of what a profile stands as, or a merge, or a split."""

    profile_id = graphene.ID(required=True)
    change = Change(required=True)
    reason = graphene.String(required=True)
    record = graphene.InputField(RecordInput, description="The whole new state, for a merge, a split, a restoring.")
    other_profile_id = graphene.ID(description="The second record of a merge or a split.")
    order_number = graphene.String(description="The court's order; sealing and removal need one.")
    documents = DOCUMENTS


class ProposalApproveInput(graphene.InputObjectType):
    """A decision for, of the whole or of some groups of fields."""

    proposal_id = graphene.ID(required=True)
    note = graphene.String(description="Needed where some fields are left out: it says why.")
    fields = graphene.List(
        graphene.NonNull(graphene.String), description="Groups that are let in; the others are returned."
    )
    different_from = graphene.List(
        graphene.NonNull(DifferentInput), description="Who became alike since the proposal, and is somebody else."
    )


class ProposalRejectInput(graphene.InputObjectType):
    """A decision against, with its reason."""

    proposal_id = graphene.ID(required=True)
    note = graphene.String(required=True)


class ProposalReturnInput(graphene.InputObjectType):
    """What is to be mended."""

    proposal_id = graphene.ID(required=True)
    note = graphene.String(required=True)


class ProposalWithdrawInput(graphene.InputObjectType):
    """Why an own proposal is withdrawn."""

    proposal_id = graphene.ID(required=True)
    note = graphene.String(required=True)


class PairDecideInput(graphene.InputObjectType):
    """Whether two profiles are one person."""

    profile_id = graphene.ID(required=True)
    other_profile_id = graphene.ID(required=True)
    same = graphene.Boolean(required=True)
    reason = graphene.String(required=True)


class PhotographUploadInput(graphene.InputObjectType):
    """Why a photograph is handed in."""

    reason = graphene.String(required=True)


class PhotographOpenInput(graphene.InputObjectType):
    """Which photograph of which profile."""

    profile_id = graphene.ID(required=True)
    photograph_id = graphene.ID(required=True)


def record_value(given: Any) -> dict[str, Any]:
    """Return the input as the record format that ``registry import`` reads too. Raises InputRefused."""
    value: dict[str, Any] = _given(plain(given))
    for place, name in enumerate(value["names"]):
        if "parts" in name:
            name["parts"] = _parts(name["parts"], f"names[{place}].parts")
    return value


def documents_value(given: Any) -> list[Any] | None:
    """Return the documents of an input as ``intake.documents`` reads them."""
    return None if given is None else _given(plain(given))


def _given(value: Any) -> Any:
    """Leave out what is null, to GraphQL the same as not given; write dates as texts."""
    if isinstance(value, dict):
        return {name: _given(each) for name, each in value.items() if each is not None}
    if isinstance(value, PartialDate):
        return str(value)
    return [_given(each) for each in value] if isinstance(value, list) else value


def _parts(given: list[dict[str, str]], field: str) -> dict[str, str]:
    parts = {part["kind"]: part["text"] for part in given}
    if len(parts) != len(given):
        raise InputRefused(
            "names a kind of part twice.", field=field, code="LIST_MALFORMED", remedy="Write its words as one part."
        )
    return parts


OF_THE_INPUT = frozenset({"reason", "note", "fields", "orderNumber", "otherProfileId", "profileId", "change",
                          "photographId"})  # fmt: skip
"""Fields that stand in the input itself; every other is a record's."""


def path(field: str) -> str:
    """Return a record's path as the GraphQL input writes it: ``record.convictions[0].caseNumber``."""
    camel = re.sub(r"_([a-z])", lambda found: found[1].upper(), field)
    if camel in OF_THE_INPUT or camel.startswith(("differentFrom", "documents", "record")):
        return camel
    return f"record.{camel}"
