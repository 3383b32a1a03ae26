"""The library beside the plans: random documents on random, also broken data, and where they differ.

    differences(SCHEMA, executions=2_000, seed=1)     []

The suite runs 20,000 executions and more, each time with a fresh seed; ``python -m bench.fuzz`` as many as it has time
for, and again with a seed that a failure printed. A document is written field by field from the schema, data only where
the document reads them. Both may be anything that can stand there: fragments, merged selections, legal collisions,
directives by literal, variable and null; nulls, exceptions kept and raised, dicts, streams, awaitables, impostors.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, make_dataclass
from datetime import UTC, datetime
from enum import IntEnum
from types import SimpleNamespace
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    execute_sync,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_required_argument,
    parse,
)

from graphql_schema.coercion import coerce
from graphql_schema.documents import Document, _describe
from graphql_schema.executor import execute
from registry.core.errors import NotFound
from registry.core.partial_dates import PartialDate
from tests.graphql_schema.invented import SCHEMA, Kind
from tests.graphql_schema.stubbed import attribute_of

DEPTH = 5
ROOTS = 6
"""Worlds that each document is executed on."""
PEERS = 3
"""Objects of each type in a world."""
MOST_FOUND = 3
"""Differences after which nobody looks for more."""

DECLARED = {
    "$a": "Boolean!", "$b": "Boolean = true", "$first": "Int = 1", "$text": "String", "$kept": "String!",
}  # fmt: skip
VARIABLES: tuple[dict[str, Any], ...] = (
    {"a": True, "b": True, "kept": "Ms"},
    {"a": False, "first": None, "text": None, "kept": ""},
    {"a": True, "b": False, "first": 0, "text": "Mx", "kept": "Ms"},
    {"a": False, "b": None, "first": 7, "kept": "Ms"},
)
"""Some left out, so that their defaults hold; some null where a directive wants a truth value."""


# The two that are compared -----------------------------------------------------------------------------------


def read(source: str, schema: GraphQLSchema = SCHEMA) -> Document:
    return _describe(schema, parse(source), "")


def run(
    document: Document,
    root: Any,
    variables: dict[str, Any] | None = None,
    *,
    schema: GraphQLSchema = SCHEMA,
    **more: Any,
) -> ExecutionResult:
    operation = document.operation(None)
    coerced = coerce(operation, variables or {})
    assert isinstance(coerced, dict), coerced
    return execute(document, operation, root=root, context=None, variables=coerced, schema=schema, **more)


def stock(
    document: Document, root: Any, variables: dict[str, Any] | None = None, *, schema: GraphQLSchema = SCHEMA
) -> ExecutionResult:
    return execute_sync(schema, document.ast, root, variable_values=variables)


def told(result: ExecutionResult) -> tuple[str, list[tuple[Any, ...]]]:
    """Everything a client sees, with the order of keys and the types of values, but not where they lie in memory."""
    errors = [(lifted(error.message), str(error.path), str(error.locations)) for error in result.errors or []]
    return lifted(repr(result.data)), sorted(errors)


def lifted(text: str) -> str:
    """Cut the addresses of what is made anew each time it is read."""
    return re.sub(r" at 0x[0-9a-f]+", "", text)


# What may stand in place of a value ----------------------------------------------------------------------------


class Number(IntEnum):
    """A whole number that is not exactly an int."""

    ONE = 1


class Text(str):
    """A text that is not exactly a str."""

    __slots__ = ()


class Stream:
    """Its items can be walked, but it is neither a list nor a tuple."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class Promise:
    """Something that would have to be awaited."""

    def __await__(self) -> Iterator[None]:
        yield


async def _never() -> str:
    return "never"


WAITING = _never()
WAITING.close()  # nobody awaits it

BROKEN: tuple[Any, ...] = (
    None, None, None, "text", "", Text("text"), 7, -1, 2**40, Number.ONE, 1.5, float("nan"), True, [], [None], [[]], (),
    {}, {"full": "x", "typename": "Alias"}, {1}, frozenset({"x"}), range(2), ValueError("broken"),
    NotFound("hidden"), GraphQLError("library"), Undefined, object(), b"bytes", Kind.BIRTH, "BIRTH", str, len, KeyError,
)  # fmt: skip
AWAITABLE: tuple[Any, ...] = (Promise(), WAITING)
SCALARS: dict[str, tuple[Any, ...]] = {
    "String": ("text", "Ünïcode", "", Text("slim"), 5, True),
    "ID": ("p1", 7),
    "Boolean": (True, False, 1),
    "Int": (0, 3, 2**31 - 1, -(2**31), 2**31, 2.0, True, Number.ONE),
    "Float": (1.5, 2, float("inf")),
    "Year": (1970, 1, -5),
    "Anything": ("x", "", None, [1, None], {"a": 1}, ValueError("kept"), 0),
    "Long": (0, 2**53, 2**53 + 1),
    "PartialDate": (PartialDate(1970), PartialDate(1970, 5, 17), "1970"),
    "DateTime": (datetime(2026, 11, 21, 9, tzinfo=UTC), datetime(2026, 11, 21, 9)),  # noqa: DTZ001  such a one is refused
    "CountryCode": ("KE", ""),
    "LanguageTag": ("en", "sw-KE", ""),
}


class Careless(SimpleNamespace):
    """Makes some of its values when they are read: streams that can be walked once, or an exception."""

    def __getattr__(self, name: str) -> Any:
        make = self.__dict__.get("makers", {}).get(name)
        if make is None:
            raise AttributeError(name)
        return make()


class Failed(Exception):
    """An exception that holds all that an object should."""


def failing() -> Any:
    raise LookupError("no value")


_slotted: dict[tuple[str, ...], Any] = {}


def make_slotted(names: tuple[str, ...]) -> Any:
    """Build the kind of value that the register hands out: slotted, frozen."""
    if names not in _slotted:
        _slotted[names] = make_dataclass("View", names, frozen=True, slots=True)
    return _slotted[names]


# Documents -----------------------------------------------------------------------------------------------------


@dataclass
class Writer:
    """Writes valid documents over a schema."""

    schema: GraphQLSchema
    random: random.Random
    kind: str = "query"
    fragments: list[str] = field(default_factory=list)

    def document(self) -> str:
        self.fragments = []
        root = self.schema.mutation_type if self.kind == "mutation" else self.schema.query_type
        assert root is not None
        body = " ".join([self.selections(root.name, DEPTH), *self.fragments])
        declared = ", ".join(f"{name}: {type_}" for name, type_ in DECLARED.items() if f"{name} " in body)
        return f"{self.kind} {f'({declared})' if declared else ''} {body}"

    def selections(self, name: str, depth: int) -> str:
        chosen = [self.selection(name, depth) for _ in range(self.random.choice((0, 1, 2, 3, 4, 5)))]
        if not chosen or self.random.random() < 0.4:
            chosen.append(self.random.choice(("__typename", "is: __typename", f"__typename{self.directive()}")))
        return "{ " + " ".join(chosen) + " } "

    def selection(self, name: str, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.24 and depth:
            on = self.random.choice(self.narrowings(name))
            below = self.selections(on, depth - 1)
            if kind < 0.12:
                return f"...{'' if on == name and kind < 0.02 else f' on {on}'}{self.directive()} {below}"
            self.fragments.append(f"fragment F{len(self.fragments)} on {on} {below}")
            return f"...F{len(self.fragments) - 1}{self.directive()} " * self.random.choice((1, 1, 2))
        if kind < 0.25 and self.schema.query_type is self.schema.type_map[name]:
            known = self.random.choice(list(self.schema.type_map))
            return self.random.choice((
                f"__schema {self.directive()} {{ queryType {{ name kind }} directives {{ name args {{ name }} }} }}",
                f'its_{known}: __type(name: "{known}") {{ name kind }}',
            ))  # fmt: skip
        return self.field(name, depth)

    def narrowings(self, name: str) -> list[str]:
        """Return the types that a fragment inside this type may be on."""
        type_ = self.schema.type_map[name]
        if is_abstract_type(type_):
            possible = self.schema.get_possible_types(type_)  # type: ignore[arg-type]  # abstract, as was asked
            return [name, *(each.name for each in possible)]
        above = getattr(type_, "interfaces", ())
        return [name, name, *(each.name for each in above)]

    def field(self, parent: str, depth: int) -> str:
        fields: dict[str, GraphQLField] = getattr(self.schema.type_map[parent], "fields", {})  # a union has none
        if not fields:
            return "__typename"
        name = self.random.choice(list(fields))
        named = get_named_type(fields[name].type)
        if is_composite_type(named) and not depth:
            return "__typename"
        below = self.selections(named.name, depth - 1) if is_composite_type(named) else ""
        arguments, mark = self.arguments(fields[name])
        key = f"{name}_{mark}: " if mark else self.random.choice(("", "", "", f"{name}_x: ", f"{name}_y: "))
        return f"{key}{name}{arguments}{self.directive()} {below}"

    def arguments(self, asked: GraphQLField) -> tuple[str, str]:
        """Write a field's arguments, and a mark for its key: under one key only the same may be asked."""
        given = {name: self.literal(each.type) for name, each in asked.args.items() if is_required_argument(each)}
        mark = "r" if given else ""
        if "prefix" in asked.args or "first" in asked.args:
            mark, more = self.random.choice(MARKED)
            given |= {name: text for name, text in more.items() if name in asked.args and name not in given}
        text = ", ".join(f"{name}: {each}" for name, each in given.items())
        return (f"({text})" if text else ""), mark

    def literal(self, type_: Any) -> str:
        """Write a value that the type takes, always the same one."""
        if isinstance(type_, GraphQLNonNull):
            return self.literal(type_.of_type)
        if isinstance(type_, GraphQLList):
            return f"[{self.literal(type_.of_type)}]"
        if isinstance(type_, GraphQLEnumType):
            return next(iter(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            needed = {name: each.type for name, each in type_.fields.items() if isinstance(each.type, GraphQLNonNull)}
            return "{" + ", ".join(f"{name}: {self.literal(each)}" for name, each in needed.items()) + "}"
        return LITERALS[type_.name]

    def directive(self) -> str:
        if self.random.random() < 0.8:
            return ""
        deciding = self.random.choice(("$a ", "$b ", "$b ", "true", "false"))
        return f" @{self.random.choice(('skip', 'include'))}(if: {deciding})"


LITERALS = {
    "ID": '"p1"', "String": '"text"', "Int": "1", "Long": "1", "Float": "1.0", "Boolean": "true",
    "DateTime": '"2026-11-21T09:14:03Z"',
    "PartialDate": '"1970"', "CountryCode": '"KE"', "LanguageTag": '"en"',
}  # fmt: skip
READS = {"title": "family_name", "guarded": "family_name", "guarded_aliases": "former", "guarded_seen": "sightings"}
"""What the resolvers of the invented schema read."""
MARKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("0", {}),
    ("1", {"prefix": '"Prof"', "times": "2", "first": "1"}),
    ("2", {"prefix": "$text ", "first": "$first "}),
    ("3", {"prefix": "$kept ", "times": "$first ", "chosen": "{first: $first }"}),
    ("4", {"prefix": "null", "chosen": "{}"}),
)
"""Arguments, and by which mark of its key a field with them is known."""


# Data ----------------------------------------------------------------------------------------------------------


@dataclass
class Inventor:
    """Invents a world for a document: a few objects of each type, who refer to each other, in circles too.

    They have the attributes that the document reads.
    """

    schema: GraphQLSchema
    random: random.Random
    wanted: frozenset[str]
    broken: float = 0.0
    waiting: bool = False
    """Whether there is something to await: the library alone would await it, so ours without plans is asked then."""
    made: dict[str, list[Any]] = field(default_factory=dict)

    def root(self, type_: GraphQLObjectType) -> Any:
        return SimpleNamespace(**self.values(type_))

    def value(self, type_: Any) -> Any:
        if self.random.random() < self.broken:
            return self.random.choice(AWAITABLE if self.waiting and self.random.random() < 0.3 else BROKEN)
        nullable = not isinstance(type_, GraphQLNonNull)
        if nullable and self.random.random() < 0.1:
            return None
        inner = type_ if nullable else type_.of_type
        if isinstance(inner, GraphQLList):
            items = [self.value(inner.of_type) for _ in range(self.random.choice((0, 1, 2, 2)))]
            kinds = (list, tuple, Stream) if self.random.random() < self.broken else (list, tuple)
            make: Callable[[list[Any]], Any] = self.random.choice(kinds)
            return make(items)
        return self.named(inner)

    def named(self, type_: Any) -> Any:
        if isinstance(type_, GraphQLEnumType):
            name, each = self.random.choice(list(type_.values.items()))
            return self.random.choice((each.value, getattr(each.value, "value", each.value), name))
        if type_.name in SCALARS:
            return self.random.choice(SCALARS[type_.name][: None if self.broken else 1])
        if is_abstract_type(type_):
            type_ = self.random.choice(self.schema.get_possible_types(type_))
        if type_.name not in self.made:
            self.made[type_.name] = [SimpleNamespace() for _ in range(PEERS)]
            for place in range(PEERS):
                self.fill(type_, place)
        return self.random.choice(self.made[type_.name])

    def fill(self, type_: GraphQLObjectType, place: int) -> None:
        """Give an object its attributes; some are of another make, and stand in its place for whoever comes later."""
        values, made = self.values(type_), self.made[type_.name]
        plain = made[place]
        made[place] = self.object(values)
        plain.__dict__.update(values)

    def values(self, type_: GraphQLObjectType) -> dict[str, Any]:
        """Return the attributes of an object: what is read of it, and what it says of itself."""
        values: dict[str, Any] = {"typename": type_.name}
        above = [type_.name, *(each.name for each in type_.interfaces)]
        for name, each in type_.fields.items():
            if any(f"{owner}.{name}" in self.wanted for owner in above):
                values[attribute_of(name)] = self.value(each.type)
        for reader, read_of in READS.items():
            if reader in values:
                values.setdefault("children_count", self.random.choice((1, 2, 3)))
                values.setdefault(read_of, values[reader])
        if self.random.random() < self.broken:
            values["typename"] = self.random.choice(
                ("Person", "Nobody", None, 5, ValueError("which?"), "Town", "__Type")
            )
        if self.random.random() < self.broken:
            values["impostor"] = True
        return values

    def object(self, values: dict[str, Any]) -> Any:
        kind = self.random.random()
        if kind < self.broken / 4:
            return values  # a dict, read by key or not at all
        if kind < self.broken / 2:
            return self.careless(dict(values))
        if kind < self.broken * 0.6:
            failed = Failed("kept")
            failed.__dict__.update(values)
            return failed
        if kind < 0.6:
            return make_slotted(tuple(values))(**values)
        return SimpleNamespace(**values)

    def careless(self, values: dict[str, Any]) -> Careless:
        """Return an object that lacks an attribute, fails on one, or makes a stream when one is read."""
        name = self.random.choice(list(values))
        lost = values.pop(name)
        makers = {}
        if isinstance(lost, list | tuple):
            makers[name] = lambda: (each for each in lost)
        elif self.random.random() < 0.5:
            makers[name] = failing
        return Careless(**values, makers=makers)


SHARED = [each for values in (BROKEN, *SCALARS.values()) for each in values if isinstance(each, BaseException)]
"""Errors that stand as values and are raised again and again."""

# Both together -------------------------------------------------------------------------------------------------


def differences(schema: GraphQLSchema, executions: int, seed: int) -> list[str]:
    """Execute random documents by library and plans; tell the documents on which they differ."""
    drawn = random.Random(seed)
    found: list[str] = []
    while executions > 0 and len(found) < MOST_FOUND:
        kind = "mutation" if schema.mutation_type and drawn.random() < 0.2 else "query"
        source = Writer(schema, drawn, kind).document()
        document = read(source, schema)
        (operation,) = document.operations.values()
        settings = VARIABLES if "$" in source else VARIABLES[:1]
        for _ in range(ROOTS):
            broken, waiting = drawn.choice((0.0, 0.02, 0.1)), drawn.random() < 0.1
            inventor = Inventor(schema, drawn, operation.coordinates, broken, waiting)
            root_type = schema.mutation_type if kind == "mutation" else schema.query_type
            assert root_type is not None
            root = inventor.root(root_type)
            for variables in settings:
                executions -= 1
                ours = told(run(document, root, variables, schema=schema))
                if inventor.waiting:
                    theirs = told(run(document, root, variables, schema=schema, compiled=False))
                else:
                    theirs = told(stock(document, root, variables, schema=schema))
                if ours != theirs:
                    found.append(f"seed {seed}: {source}\n{variables}\nplans   {ours}\nlibrary {theirs}")
        for error in SHARED:
            error.__traceback__ = error.__context__ = None  # each raise adds to it, and would keep all that was run
    return found
