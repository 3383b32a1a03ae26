"""GraphQL types made from the one description of a record (registry/profiles/parts.py, record.py).

    output(Phone)    type Phone { number: String!  firstSeen: PartialDate … }
    entry(Phone)     input PhoneInput { … }

Each field carries its meaning and the statute or standard that asks for it.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object
from graphql_schema.scalars import CountryCode, PartialDate
from registry.profiles import kinds, markings
from registry.profiles.forms import Group, Member, members
from registry.profiles.markings import as_given
from registry.profiles.parts import Handling, NamePart
from registry.profiles.record import GROUPS

ENUM_NAMES = {
    "Name.script": "Script", "Identifier.type": "IdentifierType", "Conviction.victim_age_band": "VictimAgeBand",
    "Conviction.victim_sex": "VictimSex", "Record.sex": "Sex",
}  # fmt: skip
"""Enums that are called otherwise than by their type and field."""


def enum(name: str, values: Iterable[str], description: str) -> graphene.Enum:
    """Return an enum whose values are the codes in capitals; characters no name may hold become _."""
    members_ = [(_enum_name(value), value) for value in values]
    return graphene.Enum(name, members_, description=lambda value: description if value is None else None)


def _enum_name(value: str) -> str:
    name = value.upper().replace("-", "_")
    return f"AGE_{name}" if name[0].isdigit() else name


@cache
def enum_of(place: str, codes: tuple[str, ...], description: str) -> graphene.Enum:
    """Return the enum of a closed list of codes, made once."""
    part, _, member = place.partition(".")
    name = ENUM_NAMES.get(place) or part + "".join(word.capitalize() for word in member.split("_"))
    return enum(name, codes, description)


def scalar(kind: kinds.Kind, place: str, meaning: str) -> Any:  # Any: a graphene type
    """Return the GraphQL type of a kind of value."""
    if isinstance(kind, kinds.Code):
        return enum_of(place, kind.codes, meaning)
    if kind in (kinds.DATE, kinds.DAY):
        return PartialDate
    if kind is kinds.COUNTRY:
        return CountryCode
    if kind is kinds.FLAG:
        return graphene.Boolean
    return graphene.Int if isinstance(kind, kinds.Whole) else graphene.String


def told(meaning: str, source: str, kind: kinds.Kind | None) -> str:
    """Return a field's description; docs/dictionary.md says how each source was read."""
    words = kind.words() if isinstance(kind, kinds.Listed | kinds.Line | kinds.Prose | kinds.Form) else ""
    form = f" {words[0].upper()}{words[1:]}." if words else ""
    return f"{meaning}{form} Source: {source}."


def _codes(handling: Any, _info: GraphQLResolveInfo) -> tuple[str, ...]:
    return markings.codes(handling)


MADE: dict[type, dict[str, Any]] = {
    Handling: {
        "resolve_codes": staticmethod(_codes),
        "codes": graphene.List(
            graphene.NonNull(graphene.String), required=True,
            description=told("What it amounts to in each vocabulary of others, SIENA, INTERPOL and TLP: the code that "
                             "allows no more, or else the strictest. Countries and limits stand beside.",
                             markings.SOURCE, None),
        ),
    },
}  # fmt: skip
"""Fields that are made of a part's values when somebody asks for them."""


@cache
def output(part: type) -> type[Object]:
    """Return the output type of a part, made once."""
    shown = {each.name: _output_field(part, each) for each in members(part)}
    return type(part.__name__, (Object,), {"__doc__": part.__doc__, **shown, **MADE.get(part, {})})


def _output_field(part: type, member: Member) -> Any:
    description = told(member.meaning, member.source, member.kind)
    if member.part is NamePart:
        return graphene.List(graphene.NonNull(output(NamePart)), required=True, description=description)
    assert member.kind is not None
    kind = scalar(member.kind, f"{part.__name__}.{member.name}", member.meaning)
    if member.many:
        return graphene.List(graphene.NonNull(kind), required=True, description=description)
    return graphene.Field(kind, required=member.required or member.default is not None, description=description)


@cache
def entry(part: type) -> type[graphene.InputObjectType]:
    """Return the input type of a part, made once."""
    given = {each.name: _input_field(part, each) for each in members(as_given(part))}
    return type(f"{part.__name__}Input", (graphene.InputObjectType,), {"__doc__": part.__doc__, **given})


def _input_field(part: type, member: Member) -> Any:
    description = told(member.meaning, member.source, member.kind)
    if member.part is NamePart:
        return graphene.List(graphene.NonNull(entry(NamePart)), description=description)
    assert member.kind is not None
    kind = scalar(member.kind, f"{part.__name__}.{member.name}", member.meaning)
    if member.many:
        return graphene.List(graphene.NonNull(kind), description=description)
    return graphene.InputField(kind, required=member.required, description=description)


def output_groups(*, without: frozenset[str]) -> dict[str, Any]:
    """Return the fields of every group, each of which may be null: unknown, or withheld."""
    return {name: _output_group(group) for name, group in GROUPS.items() if name not in without}


def _output_group(group: Group) -> Any:
    description = told(group.meaning, group.source, None if group.part else group.kind)
    kind = output(group.part) if group.part else scalar(_kind(group), f"Record.{group.name}", group.meaning)
    return (
        graphene.List(graphene.NonNull(kind), description=description)
        if group.many
        else graphene.Field(kind, description=description)
    )


def input_groups(*, without: frozenset[str]) -> dict[str, Any]:
    """Return the input fields of every group."""
    return {name: _input_group(group) for name, group in GROUPS.items() if name not in without}


def _input_group(group: Group) -> Any:
    kind = entry(group.part) if group.part else scalar(_kind(group), f"Record.{group.name}", group.meaning)
    description = told(group.meaning, group.source, None if group.part else group.kind)
    if group.many:
        return graphene.List(graphene.NonNull(kind), required=group.required, description=description)
    return graphene.InputField(kind, required=group.required, description=description)


def _kind(group: Group) -> kinds.Kind:
    assert group.kind is not None
    return group.kind
