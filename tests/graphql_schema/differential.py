"""The library beside the plans: random documents on random, also broken data, and where they differ.

    differences(executions=4_000, seed=1)     []

The suite runs some thousands of executions with a fresh seed; the bench takes as many as it has time for.
"""

import random
from dataclasses import dataclass, field, make_dataclass
from enum import Enum
from types import SimpleNamespace
from typing import Any

import graphene
from graphene.types.resolver import attr_resolver
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, Undefined, execute_sync, parse

from graphql_schema.documents import Document, _describe
from graphql_schema.executor import execute
from registry.core.errors import NotFound


class Kind(Enum):
    BIRTH = "BIRTH"
    MARRIED = "MARRIED"


class Year(graphene.Scalar):
    """Accepts exactly an int, as the scalars of the register do."""

    @staticmethod
    def serialize(value: object) -> object:
        if type(value) is not int:
            raise TypeError("not a year")
        return None if value < 0 else f"{value:04d}"


class Alias(graphene.ObjectType):
    class Meta:
        default_resolver = attr_resolver

    full = graphene.String(required=True)
    script = graphene.String()
    kind = graphene.Enum.from_enum(Kind)()


class Place(graphene.Interface):
    country = graphene.String()

    @classmethod
    def resolve_type(cls, root: Any, _info: Any) -> str:
        return str(root.typename)


class Town(graphene.ObjectType):
    class Meta:
        interfaces = (Place,)

    inhabitants = graphene.Int()


class Camp(graphene.ObjectType):
    class Meta:
        interfaces = (Place,)

    tents = graphene.Int(required=True)

    @classmethod
    def is_type_of(cls, root: Any, _info: Any) -> bool:
        return not hasattr(root, "impostor")


class Person(graphene.ObjectType):
    id = graphene.ID(required=True)
    family_name = graphene.String()
    born = Year()
    height = graphene.Float()
    children_count = graphene.Int(required=True)
    is_listed = graphene.Boolean(required=True)
    tags = graphene.List(graphene.NonNull(graphene.String))
    grid = graphene.List(graphene.List(graphene.Int))
    aliases = graphene.NonNull(graphene.List(graphene.NonNull(Alias)))
    former = graphene.List(Alias)
    rows = graphene.List(graphene.List(graphene.NonNull(Alias)))
    mother = graphene.Field(lambda: Person)
    spouse = graphene.Field(lambda: Person, required=True)
    friends = graphene.List(lambda: Person)
    place = graphene.Field(Place)
    camp = graphene.Field(Camp)
    camps = graphene.List(Camp)
    title = graphene.String(prefix=graphene.String(default_value="Dr"))
    guarded = graphene.String()
    guarded_aliases = graphene.List(Alias)

    @staticmethod
    def resolve_title(root: Any, _info: Any, prefix: str) -> str:
        return f"{prefix} {root.family_name}"

    @staticmethod
    def resolve_guarded(root: Any, _info: Any) -> Any:
        if root.children_count == 3:
            raise NotFound("not found")
        return root.family_name

    @staticmethod
    def resolve_guarded_aliases(root: Any, _info: Any) -> Any:
        return root.former


class Query(graphene.ObjectType):
    person = graphene.Field(Person)
    people = graphene.List(graphene.NonNull(Person), first=graphene.Int())

    @staticmethod
    def resolve_people(root: Any, _info: Any, first: int | None = None) -> Any:
        return root.people[:first]


SCHEMA: GraphQLSchema = graphene.Schema(query=Query, types=[Town, Camp]).graphql_schema


def read(source: str) -> Document:
    return _describe(SCHEMA, parse(source), "")


def run(document: Document, root: Any, variables: dict[str, Any] | None = None, **more: Any) -> ExecutionResult:
    operation = document.operation(None)
    return execute(document, operation, root=root, context=None, variables=variables or {}, schema=SCHEMA, **more)


def stock(document: Document, root: Any, variables: dict[str, Any] | None = None) -> ExecutionResult:
    return execute_sync(SCHEMA, document.ast, root, variable_values=variables)


def told(result: ExecutionResult) -> tuple[str, list[tuple[Any, ...]]]:
    """Everything a client sees, with the order of keys and the types of values."""
    errors = [(error.message, str(error.path), str(error.locations)) for error in result.errors or []]
    return repr(result.data), sorted(errors)


SETTINGS: tuple[dict[str, Any], ...] = (
    {"a": True, "b": True},
    {"a": False, "b": True},
    {"a": True, "b": False},
    {"a": False, "b": None},
)
BROKEN: tuple[Any, ...] = (
    None, None, None, "text", "", 7, -1, 2**40, 1.5, float("nan"), True, [], [None], (), {}, {"full": "x"}, {1},
    ValueError("broken"), NotFound("hidden"), GraphQLError("library"), Undefined, object(), b"bytes",
    Kind.BIRTH, "BIRTH",
)  # fmt: skip
SCALARS: dict[str, tuple[Any, ...]] = {
    "String": ("text", "Ünïcode", ""),
    "ID": ("p1", 7),
    "Boolean": (True, False, 1),
    "Int": (0, 3, 2**31 - 1),
    "Float": (1.5, 2),
    "Year": (1970, 1),
    "Kind": ("BIRTH", Kind.MARRIED, "MARRIED"),
}


class Faulty(SimpleNamespace):
    """Fails when its name is read."""

    @property
    def family_name(self) -> str:
        raise LookupError("no name")

    @property
    def script(self) -> str:
        raise LookupError("no script")


@dataclass
class Fuzz:
    """Random documents and data over the schema above."""

    random: random.Random
    broken: float = 0.05
    fragments: list[str] = field(default_factory=list)

    def document(self) -> str:
        self.fragments = []
        body = self.selections("Query", 4)
        return "query ($a: Boolean!, $b: Boolean = true) " + body + " ".join(self.fragments)

    def selections(self, type_name: str, depth: int) -> str:
        chosen = [self.selection(type_name, depth) for _ in range(self.random.choice((0, 1, 2, 3, 4)))]
        return "{ " + " ".join([*chosen, "__typename"]) + " } "

    def selection(self, type_name: str, depth: int) -> str:
        kind = self.random.random()
        if kind < 0.12 and depth:
            return f"... on {type_name}{self.directive()} {self.selections(type_name, depth - 1)}"
        if kind < 0.24 and depth:
            name = f"F{len(self.fragments)}"
            self.fragments.append("")
            self.fragments[int(name[1:])] = f"fragment {name} on {type_name} {self.selections(type_name, depth - 1)}"
            return f"...{name}{self.directive()} " * self.random.choice((1, 1, 2))
        return self.field(type_name, depth)

    def field(self, type_name: str, depth: int) -> str:
        fields: dict[str, Any] = SCHEMA.type_map[type_name].fields  # type: ignore[attr-defined]
        name = self.random.choice(sorted(fields))
        named = fields[name].type
        while hasattr(named, "of_type"):
            named = named.of_type
        below = ""
        if hasattr(named, "fields"):
            if not depth:
                return "__typename"
            concrete = self.random.choice(["Place", "Town", "Camp"]) if named.name == "Place" else named.name
            below = self.selections(concrete, depth - 1)
            below = f"{{ country ... on {concrete} {below} }}" if named.name == "Place" else below
        key = self.random.choice(["", "", "", f"{name}_x: ", f"{name}_y: "])
        return f"{key}{name}{self.directive()} {below}"

    def directive(self) -> str:
        if self.random.random() < 0.8:
            return ""
        return f" @{self.random.choice(['skip', 'include'])}(if: {self.random.choice(['$a', '$b', 'true', 'false'])})"

    def value(self, type_: Any, depth: int) -> Any:
        if self.random.random() < self.broken:
            return self.random.choice(BROKEN)
        nullable = not str(type_).endswith("!")
        if nullable and self.random.random() < 0.1:
            return None
        inner = type_ if nullable else type_.of_type
        if str(inner).startswith("["):
            items = [self.value(inner.of_type, depth) for _ in range(self.random.randint(0, 2))]
            return self.random.choice((list, tuple))(items)
        return self.named(inner, depth)

    def named(self, type_: Any, depth: int) -> Any:
        if type_.name in SCALARS:
            return self.random.choice(SCALARS[type_.name])
        if not depth:
            return None
        concrete = SCHEMA.type_map[self.random.choice(("Town", "Camp")) if type_.name == "Place" else type_.name]
        values: dict[str, Any] = {"typename": concrete.name}
        for name, field_ in concrete.fields.items():  # type: ignore[attr-defined]
            attribute = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
            values[attribute] = self.value(field_.type, depth - 1)
        return self.object(values)

    def object(self, values: dict[str, Any]) -> Any:
        kind = self.random.random()
        if kind < self.broken / 2:
            return values  # a dict, read by key or not at all
        if kind < self.broken:
            values = {name: value for name, value in values.items() if name not in {"family_name", "script"}}
            return Faulty(**values)
        if kind < 0.6:
            return make_slotted(tuple(values))(**values)
        return SimpleNamespace(**values)


_slotted: dict[tuple[str, ...], Any] = {}


def make_slotted(names: tuple[str, ...]) -> Any:
    """Build the kind of value that the register hands out: slotted, frozen."""
    if names not in _slotted:
        _slotted[names] = make_dataclass("View", names, frozen=True, slots=True)
    return _slotted[names]


def differences(executions: int, seed: int) -> list[str]:
    """Execute random documents by library and plans; list the documents on which they differ."""
    fuzz, found = Fuzz(random.Random(seed)), []
    while executions > 0:
        fuzz.broken = fuzz.random.choice((0.0, 0.02, 0.1))
        source = fuzz.document()
        document = read(source)
        for _ in range(4):
            root = fuzz.named(SCHEMA.type_map["Query"], 4)
            root = root if isinstance(root, SimpleNamespace) else SimpleNamespace(person=None, people=[])
            for variables in SETTINGS:
                executions -= 1
                if told(run(document, root, variables)) != told(stock(document, root, variables)):
                    found.append(f"seed {seed}: {source} {variables} {root}")
    return found
