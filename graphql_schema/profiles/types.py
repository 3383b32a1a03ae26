"""Types of a profile and of the proposals that make it."""

from collections.abc import Iterable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, connection
from graphql_schema.context import context_of
from graphql_schema.scalars import CountryCode, DateTime, Long, PartialDate
from registry.core.ids import read_public_id
from registry.profiles import operations, parts
from registry.profiles.vetting import State


def enum(name: str, values: Iterable[str], description: str) -> graphene.Enum:
    """Return an enum whose values are the codes in capitals; characters no name may hold become _."""
    members = [(_enum_name(value), value) for value in values]
    return graphene.Enum(name, members, description=lambda value: description if value is None else None)


def _enum_name(value: str) -> str:
    name = value.upper().replace("-", "_")
    return f"AGE_{name}" if name[0].isdigit() else name


Sex = enum("Sex", parts.SEXES, "Sex as recorded.")
NameKind = enum("NameKind", parts.NAME_KINDS, "What kind of name it is.")
NamePartKind = enum("NamePartKind", parts.NAME_PARTS, "Which part of a name, as the tradition has it.")
Script = enum("Script", parts.SCRIPTS, "Script of a name (ISO 15924).")
IdentifierType = enum("IdentifierType", parts.IDENTIFIER_TYPES, "Which document carries the number.")
VictimAgeBand = enum("VictimAgeBand", parts.VICTIM_AGE_BANDS, "Age band of the victim (Sexual Offences Act s. 8).")
VictimSex = enum("VictimSex", parts.VICTIM_SEXES, "Sex of the victim; nothing else of a victim is held.")
ProposalState = enum("ProposalState", State, "Where a proposal stands.")


class NamePart(Object):
    """One part of a name."""

    kind = NamePartKind(required=True)
    text = graphene.String(required=True)


class Name(Object):
    """A name in one script and of one kind."""

    full = graphene.String(required=True, description="The whole name as recorded.")
    parts = graphene.List(graphene.NonNull(NamePart), required=True)
    script = Script(required=True)
    kind = NameKind(required=True)


class Identifier(Object):
    """A document's number."""

    type = IdentifierType(required=True)
    value = graphene.String(required=True)
    country = CountryCode(description="The country that issued it.")


class Handle(Object):
    """A name on a platform."""

    platform = graphene.String()
    handle = graphene.String(required=True)


class Conviction(Object):
    """A court's conviction; the Judiciary's register is the authority for it."""

    offence = graphene.String(required=True, description="Code in the offence catalogue of the country edition.")
    court = graphene.String(required=True)
    case_number = graphene.String(required=True)
    convicted_on = PartialDate(required=True)
    sentence = graphene.String(required=True)
    victim_age_band = VictimAgeBand(required=True)
    victim_sex = VictimSex(required=True)


class LegalBasis(Object):
    """Why the record may be held."""

    code = graphene.String(required=True)
    article = graphene.String(required=True)


class Redaction(Object):
    """A field that is withheld from this asker, and why."""

    path = graphene.String(required=True)
    reason = graphene.String(required=True)


class Version(Object):
    """Who proposed and who vetted one version of a record."""

    version = graphene.Int(required=True)
    reason = graphene.String(required=True)
    proposed_by = graphene.ID(required=True)
    proposed_agency = graphene.String(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID(required=True)
    decided_at = DateTime(required=True)
    note = graphene.String()


class RecordFields:
    """What a record says of a person; a field that is null is unknown, or withheld as `redactions` says."""

    record_owner = graphene.String(description="Agency that answers for the record.")
    legal_basis = graphene.Field(LegalBasis)
    names = graphene.List(graphene.NonNull(Name))
    birth_date = PartialDate()
    sex = Sex()
    nationalities = graphene.List(graphene.NonNull(CountryCode))
    identifiers = graphene.List(graphene.NonNull(Identifier))
    phones = graphene.List(graphene.NonNull(graphene.String), description="E.164.")
    emails = graphene.List(graphene.NonNull(graphene.String))
    handles = graphene.List(graphene.NonNull(Handle))
    county = graphene.String()
    convictions = graphene.List(graphene.NonNull(Conviction))
    redactions = graphene.List(graphene.NonNull(Redaction), required=True)


class Profile(RecordFields, Object):
    """A vetted person of the register, as this asker may see them."""

    id = graphene.ID(required=True)
    register_number = Long(required=True, description="Place in the register, given at the first approval.")
    version = graphene.Int(required=True)
    recorded_at = DateTime(required=True, description="When this version was let in.")
    versions = graphene.List(
        graphene.NonNull(Version), description="Every version, newest first. Null where provenance is withheld."
    )

    @staticmethod
    def resolve_versions(profile: Any, info: GraphQLResolveInfo) -> Any:
        """Ask for the history."""
        context = context_of(info)
        context.spend("histories")
        return operations.read_versions(context.work, read_public_id("profile", profile.id))


class ProposedRecord(RecordFields, Object):
    """The record as proposed."""


class Proposal(Object):
    """A proposed record and the decision on it. Only an officer of another chain may decide."""

    id = graphene.ID(required=True)
    profile_id = graphene.ID(required=True)
    state = ProposalState(required=True)
    reason = graphene.String(required=True)
    proposed_by = graphene.ID(required=True)
    proposed_agency = graphene.String(required=True)
    proposed_chain = graphene.String(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID()
    decided_at = DateTime()
    note = graphene.String()
    version = graphene.Int()
    record = graphene.Field(ProposedRecord, required=True)


ProposalConnection = connection(Proposal, "Proposals, oldest first.")
