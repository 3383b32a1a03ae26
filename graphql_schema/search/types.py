"""Types of a search."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum, enum_of
from graphql_schema.profiles.types import IdentifierType, Profile, Sex
from graphql_schema.scalars import CountryCode, PartialDate
from registry.matching.data.bodies import SIDES
from registry.matching.types import Band as BandCode
from registry.profiles.parts import MARK_KINDS

Band = enum("Band", BandCode, "How good a match is.")


class Reason(Object):
    """Why a profile is a hit: which value met which. Positive weights speak for it, negative ones against."""

    feature = graphene.String(required=True)
    weight = graphene.Float(required=True, description="Bits of evidence.")
    sentence = graphene.String(required=True, description="The reason in plain words.")
    query_value = graphene.String()
    record_value = graphene.String()


class Warning(Object):  # noqa: A001  the schema's name
    """Somebody who fits the question is certified not to be this person. The hit stands; an officer decides."""

    code = graphene.String(required=True, description="NOT_THIS_PERSON.")
    certificate = graphene.String(required=True, description="Its number; `certificate` says whether it stands.")
    valid_until = PartialDate(required=True, description="Its last day.")
    sentence = graphene.String(required=True, description="The warning in plain words. It names nobody.")


class Hit(Object):
    """A profile that may be the person sought."""

    score = graphene.Float(required=True, description="Ranks hits, 0 to 1. It is not a probability.")
    band = Band(required=True, description="Strong, possible or weak. A name alone is never strong.")
    reasons = graphene.List(graphene.NonNull(Reason), required=True)
    profile = graphene.Field(Profile, required=True)
    discriminator = graphene.Boolean(
        required=True,
        description="Whether something beside the name tells this person apart: a full birth date, a number, a phone, "
                    "an address, a handle. Without one nothing of a hit leaves the country.",
    )  # fmt: skip
    needs = graphene.List(
        graphene.NonNull(graphene.String), required=True,
        description="Fields of SearchCriteriaInput to ask for next, where nothing tells this person apart yet.",
    )  # fmt: skip
    warning = graphene.Field(Warning, description="Who fits the question may be certified not to be this person.")


HitConnection = connection(Hit, "Hits, best first. No edges means: not found by what was given.")


class SearchIdentifierInput(graphene.InputObjectType):
    """A document's number."""

    type = IdentifierType(required=True)
    value = graphene.String(required=True)
    country = CountryCode()


class SearchHandleInput(graphene.InputObjectType):
    """A name on a platform; without the platform, on any. A platform alone only supports other criteria."""

    platform = graphene.String()
    handle = graphene.String()
    part = graphene.Boolean(description="`handle` is a part of it: four letters or digits or more that stand together.")


MarkKind = enum_of("Mark.kind", MARK_KINDS, "What it is.")
Side = enum("Side", SIDES, "A side of the body, as the person has it.")


class SearchMarkInput(graphene.InputObjectType):
    """A scar, mark or tattoo that was seen. What is left out is not known."""

    kind = MarkKind()
    place = graphene.String(description="Where on the body, in English or Swahili: `upper arm`, `mkono wa kushoto`.")
    side = Side(description="Where `place` does not say it.")
    description = graphene.String(description="What it shows, in English or Swahili: `scorpion`, `nge`.")


class SearchPlaceInput(graphene.InputObjectType):
    """A circle in which the person lives, works or stays: around a point, or around a county's middle and extent."""

    latitude = graphene.Float(description="Degrees north of the equator, WGS 84.")
    longitude = graphene.Float(description="Degrees east of Greenwich.")
    county = graphene.String(description="In place of a point; then nearness is coarse.")
    sub_county = graphene.String(description="As records name it.")
    radius_km = graphene.Float(required=True, description="0.1 to 200.")


class SearchCriteriaInput(graphene.InputObjectType):
    """What is known of the person sought, in any spelling and order."""

    name = graphene.String()
    birth_date = PartialDate()
    sex = Sex()
    nationality = CountryCode()
    county = graphene.String()
    identifiers = graphene.List(graphene.NonNull(SearchIdentifierInput))
    phone = graphene.String()
    email = graphene.String()
    handle = SearchHandleInput()
    marks = graphene.List(graphene.NonNull(SearchMarkInput), description="At most five.")
    plate = graphene.String(
        description="A vehicle's plate, whole or in part: `KBZ 437D`, `KBZ 4?7`, `*437D`. ? is one character that was "
                    "not seen, * any number; three known ones stand together.",
    )  # fmt: skip
    near = SearchPlaceInput()
    modus_operandi = graphene.List(graphene.NonNull(graphene.String), description="Codes of the country edition.")
