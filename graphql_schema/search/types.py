"""Types of a search."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.profiles.types import IdentifierType, Profile, Sex
from graphql_schema.scalars import CountryCode, PartialDate
from registry.matching.types import Band as BandCode

Band = enum("Band", BandCode, "How good a match is.")


class Reason(Object):
    """Why a profile is a hit: which value met which. Positive weights speak for it, negative ones against."""

    feature = graphene.String(required=True)
    weight = graphene.Float(required=True, description="Bits of evidence.")
    sentence = graphene.String(required=True, description="The reason in plain words.")
    query_value = graphene.String()
    record_value = graphene.String()


class Hit(Object):
    """A profile that may be the person sought."""

    score = graphene.Float(required=True, description="Ranks hits, 0 to 1. It is not a probability.")
    band = Band(required=True, description="Strong, possible or weak. A name alone is never strong.")
    reasons = graphene.List(graphene.NonNull(Reason), required=True)
    profile = graphene.Field(Profile, required=True)


HitConnection = connection(Hit, "Hits, best first. No edges means: not found by what was given.")


class SearchIdentifierInput(graphene.InputObjectType):
    """A document's number."""

    type = IdentifierType(required=True)
    value = graphene.String(required=True)
    country = CountryCode()


class SearchHandleInput(graphene.InputObjectType):
    """A name on a platform; without the platform, on any."""

    platform = graphene.String()
    handle = graphene.String(required=True)


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
