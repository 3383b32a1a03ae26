"""Plans: subtrees of plain attribute reads, turned into Python once per document.

``{ name aliases { full } }`` on a profile becomes two functions:

    def read(o):
        if type(o) not in objects: admit_object(type(o))
        return {'full': v if type(v := o.full) is str else leaf_1(v)}
    def read(o):
        if type(o) not in objects: admit_object(type(o))
        return {'name': v if type(v := o.name) is str else None if v is None else leaf_1(v),
                'aliases': [object_2(i) for i in v] if type(v := o.aliases) in sequences else refuse(v)}

A plan answers only what it is sure of. For everything else (null where none may be, an exception, an
awaitable, a missing attribute, a dict) it raises, and the library executes that object instead: errors,
their paths and the nulls they leave are always the library's own.

A field is plain when it takes no arguments and its resolver is graphene's default one. Any other field
has someone's code behind it, a permission for example, and is left to the library. Names in the text
come from the schema; what the document chose, its response keys, stands there only as ``repr``.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from keyword import iskeyword
from typing import Any

from graphene.types.resolver import attr_resolver, dict_or_attr_resolver
from graphql import (
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)

from graphql_schema import scalars
from registry.core.partial_dates import PartialDate

Read = Callable[[Any], Any]
"""Turns a value of the domain into its part of the answer, or raises."""
Collect = Callable[[GraphQLObjectType, list[FieldNode]], dict[str, list[FieldNode]]]
"""The library's own selection: fragments, merging and directives stay its business."""
Selection = tuple[GraphQLObjectType, tuple[int, ...]]
"""A type and the identities of the nodes that select from it; the nodes live as long as the document."""

EXACT: dict[object, tuple[str, str]] = {
    GraphQLString: ("type(v := {}) is str", "v"),
    GraphQLID: ("type(v := {}) is str", "v"),
    GraphQLBoolean: ("type(v := {}) is bool", "v"),
    GraphQLInt: ("type(v := {}) is int and -2147483648 <= v <= 2147483647", "v"),
    scalars.CountryCode: ("type(v := {}) is str", "v"),
    scalars.LanguageTag: ("type(v := {}) is str", "v"),
    scalars.Long: ("type(v := {}) is int and -most_exact <= v <= most_exact", "v"),
    scalars.PartialDate: ("type(v := {}) is partial_date", "str(v)"),
}
"""By type: when a value is surely fit, and what it is printed as then; for all others, and any doubt, the type
serialises. A scalar of ours is named by its class."""
SEQUENCES = frozenset({list, tuple})


class NotPlainError(Exception):
    """The plan is not sure of this value; the library decides."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is compiled for one selection."""

    run: Read
    rest: Mapping[str, list[FieldNode]]
    """Fields with code behind them: ``run`` leaves a place for each, and the executor fills it."""


Plans = dict[Selection, Plan | None]
"""The plans of a document for one setting of its directive variables; ``None`` where nothing is plain."""


def selection(type_: GraphQLObjectType, nodes: list[FieldNode]) -> Selection:
    """Name a selection by what does not change between requests."""
    return type_, tuple(map(id, nodes))


def compile_plan(plans: Plans, collect: Collect, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Plan | None:
    """Compile a selection and all that is plain below it, each into ``plans`` and at most once."""
    key = selection(type_, nodes)
    if key not in plans:
        plans[key] = None
        with suppress(GraphQLError, RecursionError):  # null in a directive, endless depth: the library says so itself
            plans[key] = _Writer(plans, collect).write(type_, nodes)
    return plans[key]


def plain_attribute(field: GraphQLField) -> str | None:
    """Name the attribute that graphene's default resolver reads for a field; nothing if more stands behind it."""
    resolver = field.resolve
    if field.args or not isinstance(resolver, partial) or resolver.func not in (attr_resolver, dict_or_attr_resolver):
        return None
    attribute = resolver.args[0]
    return attribute if attribute.isidentifier() and not iskeyword(attribute) else None


class _Writer:
    """Writes the function for one selection."""

    def __init__(self, plans: Plans, collect: Collect) -> None:
        self.plans = plans
        self.collect = collect
        self.names: dict[str, Any] = dict(_GLOBALS)

    def write(self, type_: GraphQLObjectType, nodes: list[FieldNode]) -> Plan | None:
        entries: list[str] = []
        rest: dict[str, list[FieldNode]] = {}
        for key, selected in self.collect(type_, nodes).items():
            text = self._field(type_, selected)
            if text is None:
                rest[key] = selected
            entries.append(f"{key!r}: {text}")  # what is left over holds its place with None
        if len(rest) == len(entries):
            return None
        return Plan(self._define(",\n        ".join(entries)), rest)

    def _define(self, entries: str) -> Read:
        text = f"def read(o):\n    if type(o) not in objects: admit_object(type(o))\n    return {{{entries}}}"
        exec(compile(text, "<plan>", "exec"), self.names)  # noqa: S102  # only names of the schema, and reprs
        read: Read = self.names.pop("read")
        return read

    def _field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> str | None:
        """Write the expression for a field of the object ``o``, or nothing if it is not plain."""
        if nodes[0].name.value == "__typename":
            return repr(parent.name)
        field = parent.fields.get(nodes[0].name.value)  # introspection roots are no fields of their type
        attribute = None if field is None else plain_attribute(field)
        return None if field is None or attribute is None else self._value(field.type, nodes, f"o.{attribute}")

    def _value(self, declared: GraphQLOutputType, nodes: list[FieldNode], source: str) -> str | None:
        """Write the expression that completes ``source`` as the library would complete the declared type."""
        nullable = not isinstance(declared, GraphQLNonNull)
        type_ = declared.of_type if isinstance(declared, GraphQLNonNull) else declared
        if isinstance(type_, GraphQLList):
            item = self._value(type_.of_type, nodes, "i")
            null = "None if v is None else refuse(v)" if nullable else "refuse(v)"
            return item and f"[{item} for i in v] if type(v := {source}) in sequences else {null}"
        if isinstance(type_, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(type_, source, nullable=nullable)
        if isinstance(type_, GraphQLObjectType) and not type_.is_type_of:
            return self._object(type_, nodes, source, nullable=nullable)
        return None

    def _object(self, type_: GraphQLObjectType, nodes: list[FieldNode], source: str, *, nullable: bool) -> str | None:
        plan = compile_plan(self.plans, self.collect, type_, nodes)
        if plan is None or plan.rest:
            return None
        read = self._name("object", plan.run)
        return f"None if (v := {source}) is None else {read}(v)" if nullable else f"{read}({source})"

    def _leaf(self, type_: GraphQLScalarType | GraphQLEnumType, source: str, *, nullable: bool) -> str:
        slow = self._name("leaf", _leaf(type_.serialize, nullable=nullable))
        if isinstance(type_, GraphQLEnumType):
            known = self._name("known", _known(type_))
            test, printed = f"type(v := {{}}) is str and v in {known}", f"{known}[v]"
        elif (exact := EXACT.get(getattr(type_, "graphene_type", type_))) is not None:
            test, printed = exact
        else:
            return f"{slow}({source})"
        null = "None if v is None else " if nullable else ""
        return f"{printed} if {test.format(source)} else {null}{slow}(v)"

    def _name(self, kind: str, value: Read | Mapping[str, str]) -> str:
        name = f"{kind}_{len(self.names)}"
        self.names[name] = value
        return name


def _leaf(serialize: Read, *, nullable: bool) -> Read:
    """Serialise as the library does, and leave every doubt to it."""

    def leaf(value: Any) -> Any:
        if value is None and nullable:
            return None
        if type(value) not in _values:
            admit_value(type(value))
        answer = serialize(value)
        if answer is None or answer is Undefined:
            raise NotPlainError
        return answer

    return leaf


def _known(type_: GraphQLEnumType) -> Mapping[str, str]:
    """Serialise the texts that an enum may hold once: its own look-up costs as much as ten plain fields.

    Views hold an enum's values, such as ``legal``; its names, such as ``LEGAL``, are read as well.
    """
    known = {}
    members = (each.value for each in type_.values.values())
    texts = {*type_.values, *(getattr(each, "value", each) for each in members)}
    for text in (each for each in texts if type(each) is str):
        with suppress(GraphQLError):  # a name that is no value
            known[text] = type_.serialize(text)
    return known


def _refuse(_value: Any) -> Any:
    raise NotPlainError


# Whether a class is fit for a plan does not change, so it is asked once.
_values: set[type] = set()
_objects: set[type] = set()


def admit_value(class_: type) -> None:
    """Refuse what no serialiser may see: null, exceptions kept as values, and what would have to be awaited."""
    if issubclass(class_, (type(None), type(Undefined), Exception)) or hasattr(class_, "__await__"):
        raise NotPlainError
    _values.add(class_)


def admit_object(class_: type) -> None:
    """Refuse, besides, what the default resolver reads by key."""
    if issubclass(class_, dict):
        raise NotPlainError
    admit_value(class_)
    _objects.add(class_)


_GLOBALS = {
    "objects": _objects, "admit_object": admit_object, "sequences": SEQUENCES, "refuse": _refuse,
    "most_exact": scalars.MOST_EXACT, "partial_date": PartialDate,
}  # fmt: skip
