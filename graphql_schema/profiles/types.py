"""Types of a profile and of the proposals that make it. Those of a record's parts are made by form.py."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, connection
from graphql_schema.context import context_of
from graphql_schema.nodes import Node
from graphql_schema.profiles.form import enum, enum_of, output, output_groups, told
from graphql_schema.scalars import DateTime, Long, PartialDate
from registry.core.ids import read_public_id
from registry.disclosure import decision
from registry.profiles import parts, standing
from registry.profiles.forms import members
from registry.profiles.operations import duplicates, reading
from registry.profiles.record import GROUPS
from registry.profiles.vetting import State

Sex = enum_of("Record.sex", parts.SEXES, "Sex as recorded.")
IdentifierType = enum_of("Identifier.type", parts.IDENTIFIER_TYPES, "Which document or file carries the number.")
ProposalState = enum("ProposalState", State, "Where a proposal stands.")
Standing = enum("Standing", standing.Standing, "What a record stands as.")
Change = enum("Change", standing.Change, "What may be proposed.")


RemedyKind = enum("RemedyKind", decision.RemedyKind, "What can be done about what is withheld.")


class Remedy(Object):
    """What the asker can do about what is withheld, and with whom."""

    kind = RemedyKind(required=True)
    contact = graphene.String(description="The agency to be asked.")


class Redaction(Object):
    """A field that is withheld from this asker, and why."""

    path = graphene.String(required=True)
    reason = graphene.String(
        required=True,
        description="ROLE, PURPOSE, AGREEMENT, ATTRIBUTION, STATUS, HANDLING, CLEARANCE, CLOSED or STEP_UP; REMOVED or "
                    "SEALED where nothing of a record is left to tell.",
    )  # fmt: skip
    rule_id = graphene.String(description="The rule of the disclosure policy that withholds it.")
    remedy = graphene.Field(Remedy)


class Obligation(Object):
    """What the asker is bound to by having been told."""

    id = graphene.String(required=True, description="Its code in the disclosure policy.")
    text = graphene.String(required=True)


_FRESHNESS = {each.name: told(each.meaning, each.source, each.kind) for each in members(parts.Freshness)}


class Freshness(Object):
    """How old a group of fields is. Without a day, nobody ever verified it."""

    group = graphene.String(required=True, description="The group, as in docs/dictionary.md. Source: own.")
    verified_on = PartialDate(description=_FRESHNESS["verified_on"])
    verified_by = graphene.String(description=_FRESHNESS["verified_by"])
    source_digest = graphene.String(description=_FRESHNESS["source_digest"])
    due_on = PartialDate(description=_FRESHNESS["due_on"])
    age_days = graphene.Int(description="Days since. Source: own.")
    overdue = graphene.Boolean(required=True, description="Whether it was due before today. Source: 34 USC 20918.")


class Tombstone(Object):
    """What is left of a record that was removed by order."""

    digest = graphene.String(required=True, description="SHA-256 of the record's canonical form.")
    removed_at = DateTime(required=True)
    order_number = graphene.String()


class Difference(Object):
    """One value that is not what it was. Null stands for a value that was not there."""

    group = graphene.String(required=True)
    path = graphene.String(required=True)
    before = graphene.String()
    after = graphene.String()


class Version(Object):
    """Who proposed and who vetted one version of a record, and what it stood as from then on."""

    version = graphene.Int(required=True)
    change = Change(required=True)
    standing = Standing(required=True)
    contested = graphene.Boolean(required=True)
    reason = graphene.String(required=True)
    order_number = graphene.String()
    proposed_by = graphene.ID(required=True)
    proposed_agency = graphene.String(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID(required=True)
    decided_at = DateTime(required=True)
    note = graphene.String()


RecordFields: Any = type(
    "RecordFields",
    (),
    {
        "__doc__": "What a record says of a person; a field that is null is unknown, or withheld as `redactions` says.",
        **output_groups(without=frozenset({"freshness", "owner"})),
        "record_owner": graphene.String(description=told(GROUPS["owner"].meaning, GROUPS["owner"].source, None)),
        "freshness": graphene.List(
            graphene.NonNull(Freshness),
            description=told("How old each group is that holds something.", GROUPS["freshness"].source, None),
        ),
        "standing": Standing(required=True),
        "contested": graphene.Boolean(
            required=True, description="Whether its accuracy is disputed. Source: Data Protection Act 2019 s. 34."
        ),
        "redactions": graphene.List(graphene.NonNull(Redaction), required=True),
        "obligations": graphene.List(
            graphene.NonNull(Obligation), required=True, description="What goes with the release. Source: own."
        ),
    },
)


class Profile(RecordFields, Object):
    """A vetted person of the register, as this asker may see them."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    register_number = Long(required=True, description="Place in the register, given at the first approval.")
    version = graphene.Int(required=True)
    recorded_at = DateTime(required=True, description="When this version was let in.")
    merged_from = graphene.ID(description="The id that was asked for, where that record was merged into this one.")
    tombstone = graphene.Field(Tombstone, description="What is left of a record removed by order.")
    versions = graphene.List(
        graphene.NonNull(Version), description="Every version, newest first. Null where provenance is withheld."
    )
    duplicates = graphene.List(
        graphene.NonNull(lambda: Duplicate),
        description="The five likeliest others that nobody has decided on. Permission: profile:change:read.",
    )

    @staticmethod
    def resolve_versions(profile: Any, info: GraphQLResolveInfo) -> Any:
        """Ask for the history."""
        context = context_of(info)
        context.spend("histories")
        return reading.read_versions(context.work, read_public_id("profile", profile.id))

    @staticmethod
    def resolve_duplicates(profile: Any, info: GraphQLResolveInfo) -> Any:
        """Look for the same person under another number."""
        context = context_of(info)
        context.spend("searches")
        return duplicates.list_duplicates(context.work, read_public_id("profile", profile.id), context.wanted)


class Duplicate(Object):
    """A profile that may be the same person, to be looked at side by side."""

    score = graphene.Float(required=True)
    band = graphene.String(required=True)
    reasons = graphene.List(graphene.NonNull(graphene.String), required=True)
    profile = graphene.Field(Profile, required=True)


class ProposedRecord(RecordFields, Object):
    """The record as proposed."""


class Proposal(Object):
    """A proposed change and the decision on it. Only an officer of another chain may decide."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    profile_id = graphene.ID(required=True)
    change = Change(required=True)
    other_profile_id = graphene.ID(description="The second record of a merge or a split.")
    state = ProposalState(required=True)
    reason = graphene.String(required=True)
    order_number = graphene.String(description="The court's order, where the change needs one.")
    proposed_by = graphene.ID(required=True)
    proposed_agency = graphene.String(required=True)
    proposed_chain = graphene.String(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID()
    decided_at = DateTime()
    note = graphene.String()
    version = graphene.Int()
    documents = graphene.List(
        graphene.NonNull(output(parts.Source)), description="What the change rests on. Null where it is withheld."
    )
    differences = graphene.List(
        graphene.NonNull(Difference), required=True, description="What it changes, field by field."
    )
    record = graphene.Field(ProposedRecord, required=True)


ProposalConnection = connection(Proposal, "Proposals, oldest first.")


class Due(Object):
    """A record with something overdue."""

    profile_id = graphene.ID(required=True)
    register_number = Long(required=True)
    post = graphene.String(description="Post that answers for the record.")
    due_on = PartialDate(required=True)
    days_overdue = graphene.Int(required=True)


DueConnection = connection(Due, "Records with something overdue, the longest first.")


class Office(Object):
    """How an office keeps its records true; the rate is of its live records."""

    owner = graphene.String(required=True)
    post = graphene.String()
    records = graphene.Int(required=True)
    verifications_overdue = graphene.Int(required=True)
    reviews_overdue = graphene.Int(required=True)
    overdue_rate = graphene.Float(required=True)


class Recall(Object):
    """Who has to be told that a record does not hold any more. Source: Data Protection Act 2019 s. 40."""

    id = graphene.ID(required=True)
    profile_id = graphene.ID(required=True)
    agency = graphene.String(required=True)
    kind = graphene.String(required=True, description="withdrawn or corrected.")
    order_number = graphene.String()
    last_disclosed_at = DateTime(required=True)
    created_at = DateTime(required=True)


RecallConnection = connection(Recall, "Recalls that nobody has acknowledged, oldest first.")


class Penalty(Object):
    """A penalty as it was read; it drives no rule."""

    minimum = graphene.String()
    maximum = graphene.String()
    verified = graphene.Boolean(required=True, description="False: nobody has read it in the statute.")
    source = graphene.String(required=True)


class Offence(Object):
    """One offence of the country edition's catalogue."""

    code = graphene.String(required=True)
    statute = graphene.String(required=True)
    section = graphene.String(required=True)
    title = graphene.String(required=True)
    status = graphene.String(required=True)
    penalty = graphene.Field(Penalty, required=True)


class OffenceCatalogue(Object):
    """The offences a conviction can be for, in one version. Source: 34 USC 20914(b)(2)."""

    version = graphene.String(required=True)
    caveat = graphene.String(required=True)
    offences = graphene.List(graphene.NonNull(Offence), required=True)


class Pair(Object):
    """A pair of profiles as an officer decided on it."""

    profile_id = graphene.ID(required=True)
    other_profile_id = graphene.ID(required=True)
    same = graphene.Boolean(required=True)
    reason = graphene.String(required=True)


class PhotographTicket(Object):
    """A one-time address of a photograph."""

    photograph = graphene.ID(required=True)
    path = graphene.String(
        required=True,
        description=(
            "Below the node's public address: PUT or GET it once. "
            "A PUT says its Content-Length and Content-Digest (RFC 9530)."
        ),
    )
    expires_at = DateTime(required=True)
