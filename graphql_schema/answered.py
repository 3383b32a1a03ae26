"""Which fields an answer holds: what the log says was shown, not what the document might have shown.

    answered.fields(document, operation, variables, result.data, met)
    ("Profile.names", "ProfileName.full", "Query.profile")

A field is there when an object that has it is there: of an empty list nothing below is, of a field that was withheld
the field itself is, as null. Aliases and fragments are resolved, @skip and @include obeyed: the library's own selection
says which. ``__typename`` names a type and tells nothing of anyone.

What depends on the document alone is learnt once for each setting of its directive variables: a tree of selections,
each with the fields of one object and the response keys below which other objects stand. An answer is then walked only
as far as it may still say something new: of twenty profiles hardly more than the first.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    SchemaMetaFieldDef,
    TypeMetaFieldDef,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields

from graphql_schema.documents import Document, Operation
from graphql_schema.plans import Selection, selection

Met = dict[tuple[str | int, ...], str]
"""The types that an execution has met where the schema leaves it open, by path (executor.py)."""


_INTROSPECTION = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef}


@dataclass(slots=True, eq=False)
class Shape:
    """One selection on one type of objects."""

    own: frozenset[str]
    """Schema coordinates of what each such object holds."""
    parts: dict[str, "Shape | Open"] = field(default_factory=dict)
    """What stands below, by response key."""


Open = dict[str, Shape]
"""What stands where the schema leaves the type open, by the type's name."""


def fields(
    document: Document, operation: Operation, variables: Mapping[str, Any], data: Mapping[str, Any] | None, met: Met,
    *, schema: GraphQLSchema,
) -> tuple[str, ...]:  # fmt: skip
    """Return the schema coordinates of all that an answer holds, in order."""
    if data is None:
        return ()
    shape = document.kept(operation.name, variables, lambda: _Reader(schema, document, variables).root(operation))
    walk = _Walk(met)
    walk.note(shape, data, ())
    return _in_order(frozenset(walk.found))


@lru_cache(maxsize=4096)
def _in_order(found: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(found))


class _Walk:
    """One answer, looked through."""

    def __init__(self, met: Met) -> None:
        self.met = met
        self.found: set[str] = set()
        self._done: set[Shape] = set()

    def note(self, shape: Shape, value: Any, path: tuple[str | int, ...]) -> bool:  # Any: JSON
        """Note what a value holds; say whether nothing of this shape can tell any more."""
        if type(value) is list:
            return any(self.note(shape, each, (*path, place)) for place, each in enumerate(value))
        if value is None:
            return False
        self.found |= shape.own
        is_whole = True
        for key, part in shape.parts.items():
            below = value.get(key)
            if type(part) is dict:
                is_whole = False
                self._open(part, below, (*path, key))
            elif part not in self._done and not self.note(part, below, (*path, key)):  # type: ignore[arg-type]
                is_whole = False
        if is_whole:
            self._done.add(shape)
        return is_whole

    def _open(self, shapes: Open, value: Any, path: tuple[str | int, ...]) -> None:
        if type(value) is list:
            for place, each in enumerate(value):
                self._open(shapes, each, (*path, place))
        elif value is not None:
            self.note(shapes[self.met[path]], value, path)


class _Reader:
    """Reads the shapes of one operation, for one setting of its variables."""

    def __init__(self, schema: GraphQLSchema, document: Document, variables: Mapping[str, Any]) -> None:
        self.schema = schema
        self.document = document
        self.variables = dict(variables)
        self._known: dict[Selection, Shape] = {}

    def root(self, operation: Operation) -> Shape:
        type_ = self.schema.get_root_type(operation.node.operation)
        assert type_ is not None  # validation has seen to it
        shape, selected = Shape(frozenset()), {}
        with suppress(GraphQLError):  # null in a directive: then there is no answer either
            selected = collect_fields(
                self.schema, self.document.fragments, self.variables, type_, operation.node.selection_set
            )
        return self._filled(shape, type_, selected)

    def _below(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Shape:
        key = selection(type_, nodes)
        if key not in self._known:
            shape = self._known[key] = Shape(frozenset())
            selected: dict[str, list[FieldNode]] = {}
            with suppress(GraphQLError):
                selected = collect_sub_fields(self.schema, self.document.fragments, self.variables, type_, nodes)
            self._filled(shape, type_, selected)
        return self._known[key]

    def _filled(self, shape: Shape, type_: GraphQLObjectType, selected: Mapping[str, list[FieldNode]]) -> Shape:
        named = self.document.coordinates
        shape.own = frozenset(named[id(each)] for nodes in selected.values() for each in nodes if id(each) in named)
        for key, nodes in selected.items():
            declared = type_.fields.get(nodes[0].name.value) or _INTROSPECTION.get(nodes[0].name.value)
            below: Any = get_named_type(declared.type) if declared else None  # Any: one of the library's unions
            if isinstance(below, GraphQLObjectType):
                shape.parts[key] = self._below(below, nodes)
            elif is_abstract_type(below):
                shape.parts[key] = {
                    each.name: self._below(each, nodes) for each in self.schema.get_possible_types(below)
                }
        return shape
