"""A schema in which a plan meets everything that GraphQL knows: what it may compile, and what it must leave alone.

SCHEMA      people, aliases, towns, camps: unions, interfaces below interfaces, lists of lists of lists, enums of
            numbers, scalars that raise or answer with nothing, arguments with defaults, fields with code behind them
"""

from enum import Enum
from typing import Any

import graphene
from graphene.types.resolver import attr_resolver
from graphql import GraphQLResolveInfo, GraphQLSchema, Undefined

from registry.core.errors import NotFound


class Kind(Enum):
    BIRTH = "BIRTH"
    MARRIED = "married"


class Grade(Enum):
    LOW = 1
    HIGH = 2


class Year(graphene.Scalar):
    """Accepts exactly an int, as the scalars of the register do; before our era there is nothing to tell."""

    @staticmethod
    def serialize(value: object) -> object:
        if type(value) is not int:
            raise TypeError("not a year")
        return None if value < 0 else f"{value:04d}"


class Anything(graphene.Scalar):
    """Answers with what it is given, and with Undefined for a text that is empty."""

    @staticmethod
    def serialize(value: object) -> object:
        return Undefined if value == "" else value


class Alias(graphene.ObjectType):
    class Meta:
        default_resolver = attr_resolver

    full = graphene.String(required=True)
    script = graphene.String()
    kind = graphene.Enum.from_enum(Kind)()
    grade = graphene.Enum.from_enum(Grade)()
    person = graphene.Field(lambda: Person)


def _named(root: Any, info: GraphQLResolveInfo) -> Any:
    """Tell the class of an object's type, by what it says itself; if that is none, graphene looks further."""
    return getattr(info.schema.get_type(root.typename), "graphene_type", None)


class Place(graphene.Interface):
    country = graphene.String()
    near = graphene.List(lambda: Place)
    resolve_type = _named


class Settlement(graphene.Interface):
    class Meta:
        interfaces = (Place,)

    country = graphene.String()
    near = graphene.List(lambda: Place)
    founded = Year()
    owner = graphene.Field(lambda: Person)
    resolve_type = _named


class Town(graphene.ObjectType):
    class Meta:
        interfaces = (Place, Settlement)

    inhabitants = graphene.Int()
    quarters = graphene.List(graphene.NonNull(graphene.List(lambda: Town)))


class Camp(graphene.ObjectType):
    class Meta:
        interfaces = (Place,)

    tents = graphene.Int(required=True)

    @classmethod
    def is_type_of(cls, root: Any, _info: Any) -> bool:
        return not hasattr(root, "impostor")


class Whereabouts(graphene.Union):
    class Meta:
        types = (Town, Camp, Alias)

    resolve_type = _named


class Person(graphene.ObjectType):
    id = graphene.ID(required=True)
    family_name = graphene.String()
    born = Year()
    said = Anything()
    sworn = Anything(required=True)
    height = graphene.Float()
    children_count = graphene.Int(required=True)
    is_listed = graphene.Boolean(required=True)
    grade = graphene.Enum.from_enum(Grade)(required=True)
    grades = graphene.List(graphene.Enum.from_enum(Grade))
    tags = graphene.List(graphene.NonNull(graphene.String))
    grid = graphene.List(graphene.List(graphene.Int))
    cube = graphene.List(graphene.NonNull(graphene.List(graphene.List(graphene.NonNull(Year)))))
    aliases = graphene.NonNull(graphene.List(graphene.NonNull(Alias)))
    former = graphene.List(Alias)
    rows = graphene.List(graphene.List(graphene.NonNull(Alias)))
    shelves = graphene.List(graphene.List(graphene.NonNull(graphene.List(Alias))), required=True)
    mother = graphene.Field(lambda: Person)
    spouse = graphene.Field(lambda: Person, required=True)
    friends = graphene.List(lambda: Person)
    place = graphene.Field(Place)
    settlement = graphene.Field(Settlement, required=True)
    places = graphene.List(graphene.List(Place))
    seen = graphene.Field(Whereabouts)
    sightings = graphene.List(graphene.NonNull(Whereabouts))
    camp = graphene.Field(Camp)
    camps = graphene.List(Camp)
    title = graphene.String(prefix=graphene.String(default_value="Dr"), times=graphene.Int(default_value=1))
    guarded = graphene.String()
    guarded_aliases = graphene.List(Alias)
    guarded_seen = graphene.List(graphene.NonNull(Whereabouts))

    @staticmethod
    def resolve_title(root: Any, _info: Any, prefix: str | None, times: int | None) -> str:
        return f"{prefix} {root.family_name}" * (times or 0)

    @staticmethod
    def resolve_guarded(root: Any, _info: Any) -> Any:
        if root.children_count == 3:
            raise NotFound("not found")
        return root.family_name

    @staticmethod
    def resolve_guarded_aliases(root: Any, _info: Any) -> Any:
        return root.former

    @staticmethod
    def resolve_guarded_seen(root: Any, _info: Any) -> Any:
        return root.sightings


class PeopleInput(graphene.InputObjectType):
    first = graphene.Int(default_value=2)
    tags = graphene.List(graphene.String, default_value=["all"])


class Query(graphene.ObjectType):
    person = graphene.Field(Person)
    people = graphene.List(graphene.NonNull(Person), first=graphene.Int(), chosen=PeopleInput())
    place = graphene.Field(Place, required=True)
    seen = graphene.List(Whereabouts)

    @staticmethod
    def resolve_people(root: Any, _info: Any, first: int | None = None, chosen: Any = None) -> Any:
        return root.people[: first if chosen is None else chosen.first]


SCHEMA: GraphQLSchema = graphene.Schema(query=Query, types=[Town, Camp]).graphql_schema
