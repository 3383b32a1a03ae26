"""The pages of docs/api, printed from the schema: what a partner's engineer looks up.

    pages(known())      {"README.md": "# The API …", "search.md": "# Search …", "types.md": …}

Operations stand on the page of their room, each with its permission, arguments, answer, cost and, for a mutation, the
codes of its userErrors; types, inputs, enums and scalars on pages of their own. ``registry schema pages`` writes them,
and the suite compares those in git with a fresh print.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

from graphene.utils.str_converters import to_camel_case
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_introspection_type,
    is_specified_scalar_type,
)

from graphql_schema import changes, cost, schema
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action, Purpose, Role

Rows = Iterable[Sequence[str]]
ROOTS = {"Query": "Queries", "Mutation": "Mutations", "Subscription": "Subscriptions"}
GENERAL = "general"
"""The page of what belongs to no room."""
MARK = "<!-- Made by `registry schema pages`: whoever changes the schema prints it anew. -->"
_CODES = "ErrorCode"
_EMPTY = "-"
_PAGING = {"first": "How many nodes, 1 to 100.", "after": "`endCursor` of the page before."}
"""What the arguments of every connection mean."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that the pages are made of."""

    sdl: str
    rooms: Mapping[str, str]
    """The room of each operation."""
    titles: Mapping[str, str]
    """What each room says of itself."""
    costs: Mapping[str, str] = field(default_factory=dict)
    """What each operation costs."""
    permitted: Sequence[tuple[str, str, str]] = ()
    """Rows of permission, role and the purposes that go with both."""


def known() -> Known:
    """Return what is known of the schema as it is."""
    built = schema.build()
    rooms = dict(_rooms())
    return Known(schema.sdl(), rooms, _titles(rooms), dict(_costs(built)), tuple(_permitted()))


def _rooms() -> Iterator[tuple[str, str]]:
    """Yield each operation with the room whose class declares it: graphql_schema.search.queries is of search."""
    for root in (getattr(schema, name, None) for name in ROOTS):
        for declaring in (root, *root.__bases__) if root else ():  # what a base declares is named last, and stays
            _, room, *more = f"{declaring.__module__}.".split(".")
            for name in getattr(getattr(declaring, "_meta", None), "fields", None) or {}:
                yield to_camel_case(name), room if any(more) else GENERAL


def _titles(rooms: Mapping[str, str]) -> dict[str, str]:
    docs = {room: import_module(f"graphql_schema.{room}").__doc__ for room in {*rooms.values()} - {GENERAL}}
    return {room: _line(doc or room).split(": ")[0].removesuffix(".") for room, doc in docs.items()} | {
        GENERAL: "Whatever has an id"
    }


def _costs(built: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Yield what each operation costs, in the words of cost.py."""
    for root in (built.query_type, built.mutation_type, built.subscription_type):
        for name, asked in root.fields.items() if root else ():
            coordinate = f"{root.name}.{name}"  # type: ignore[union-attr]  # the line above
            weight = cost.WEIGHTS.get(coordinate, cost.MUTATION if root is built.mutation_type else 0)
            if cost.SLICING in asked.args:
                yield name, f"{weight or cost.OBJECT} + `{cost.SLICING}` times what is selected of a node"
            elif size := cost.assumed_size(coordinate, asked):
                yield name, f"{weight + size} + {size} times what is selected of each"
            else:
                yield name, f"{weight + cost.OBJECT} + what is selected"


def _permitted() -> Iterator[tuple[str, str, str]]:
    for action in Action:
        for role in Role:
            if purposes := [purpose.value for purpose in Purpose if rules.may(action, {role}, purpose)]:
                yield action.value, role.value, ", ".join(purposes)


def pages(given: Known) -> dict[str, str]:
    """Return every page by the name of its file."""
    book = _Book(given)
    texts = {
        "README.md": book.index(),
        **{f"{room}.md": book.room(room) for room in book.names_of_rooms},
        "types.md": book.types(),
        "inputs.md": book.inputs(),
        "enums.md": book.enums(),
        "scalars.md": book.scalars(),
        "codes.md": book.codes(),
        "deprecations.md": book.deprecations(),
    }
    return {name: f"{MARK}\n{text.strip()}\n" for name, text in texts.items()}


class _Book:
    """One schema, and where each of its types is described."""

    def __init__(self, given: Known):
        self.known = given
        self.schema = build_schema(given.sdl)
        self.named = {
            name: each
            for name, each in sorted(self.schema.type_map.items())
            if not is_introspection_type(each) and not is_specified_scalar_type(each)
        }

    @cached_property
    def roots(self) -> dict[str, dict[str, GraphQLField]]:
        """The operations of each kind."""
        return {
            name: dict(sorted(root.fields.items()))
            for name in ROOTS
            if isinstance(root := self.named.get(name), GraphQLObjectType)
        }

    @cached_property
    def names_of_rooms(self) -> list[str]:
        """The rooms that have a page."""
        return sorted({self._room_of(name) for fields in self.roots.values() for name in fields})

    @cached_property
    def places(self) -> dict[str, str]:
        """Where each type is described."""
        found = {}
        for name, each in self.named.items():
            page = {
                GraphQLInputObjectType: "inputs.md", GraphQLEnumType: "enums.md", GraphQLScalarType: "scalars.md",
            }.get(type(each), "types.md")  # fmt: skip
            anchor = "connections" if name.endswith(("Connection", "Edge")) else name.lower()
            found[name] = f"{page}#{anchor}"
        for name in self.roots.get("Mutation", ()):
            capital = name[0].upper() + name[1:]
            own = (f"{capital}Input", f"{capital}Payload", f"{capital}Error", f"{capital}{_CODES}")
            found |= dict.fromkeys(own, f"{self._room_of(name)}.md#{name.lower()}")
        return found

    def _room_of(self, operation: str) -> str:
        return self.known.rooms.get(operation, GENERAL)

    def _title(self, room: str) -> str:
        return self.known.titles.get(room, room)

    def _own(self, name: str) -> bool:
        """Say whether a type is told where its mutation is."""
        return not self.places[name].startswith(("types.", "inputs.", "enums.", "scalars."))

    def _of(self, *kinds: type) -> Iterator[Any]:
        """Yield the types of a kind that have a section of their own."""
        for name, each in self.named.items():
            if isinstance(each, kinds) and name not in ROOTS and not self._own(name):
                yield each

    # -- pages

    def index(self) -> str:
        """Return the page that leads to the others."""
        counts = [
            (f"[{self._title(room)}]({room}.md)",
             *(", ".join(self._operation(name) for name in fields if self._room_of(name) == room) or _EMPTY
               for fields in self.roots.values()))
            for room in self.names_of_rooms
        ]  # fmt: skip
        heads = ("room", *(ROOTS[name].lower() for name in self.roots))
        permitted = [(f"`{action}`", role, purposes) for action, role, purposes in self.known.permitted]
        return "\n\n".join((
            _INDEX, "## Operations", _table(heads, counts), _PAGES, *((_COSTS,) if self.known.costs else ()),
            "## Permissions", _PERMISSIONS, _table(("permission", "role", "purposes"), permitted),
        ))  # fmt: skip

    def room(self, room: str) -> str:
        """Return the page of a room: its operations."""
        parts = [f"# {self._title(room)}", _ROOM]
        for root, fields in self.roots.items():
            here = {name: each for name, each in fields.items() if self._room_of(name) == room}
            if here:
                parts.append(f"## {ROOTS[root]}")
            for name, each in here.items():
                parts += self._section(root, name, each)
        return "\n\n".join(parts)

    def _section(self, root: str, name: str, asked: GraphQLField) -> Iterator[str]:
        told, _, permission = _line(asked.description).partition("Permission: ")
        yield f"### `{name}`"
        yield told.strip() or _EMPTY
        if asked.deprecation_reason is not None:
            yield f"**Deprecated**: {_line(asked.deprecation_reason)}"
        facts = [f"Permission: [`{permission.rstrip('.')}`](README.md#permissions)"] if permission else []
        facts.append(f"Answer: {self._type(asked.type)}")
        if name in self.known.costs:
            facts.append(f"Cost: {self.known.costs[name]}")
        yield "\n".join(f"- {fact}" for fact in facts)
        if root == "Mutation":
            yield from self._exchanged(name, asked)
        elif asked.args:
            yield self._fields(asked.args, "argument")

    def _exchanged(self, name: str, asked: GraphQLField) -> Iterator[str]:
        """Yield what a mutation takes, what it answers, and which rules it may find broken."""
        capital = name[0].upper() + name[1:]
        for given in asked.args.values():
            yield self._fields(get_named_type(given.type).fields, "field of `input`")  # type: ignore[attr-defined]  # one input
        yield self._fields(get_named_type(asked.type).fields, "field of the answer")  # type: ignore[attr-defined]  # a payload
        codes: Any = self.named.get(f"{capital}{_CODES}")
        if codes:
            listed = ", ".join(f"[`{code}`](codes.md)" for code in sorted(codes.values))
            yield f"Codes of `userErrors` ({capital}{_CODES}): {listed}."

    def types(self) -> str:
        """Return the page of objects, interfaces and unions."""
        parts = ["# Types", _TYPES]
        connections = []
        for each in self._of(GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType):
            if each.name.endswith("Connection"):
                node = self.named[each.name.removesuffix("Connection")]
                connections.append((f"`{each.name}`", self._type(node), _cell(each.description)))
            elif not each.name.endswith("Edge"):
                parts += self._type_section(each)
        return "\n\n".join((*parts, "## Connections", _CONNECTIONS, _table(("type", "node", "meaning"), connections)))

    def _type_section(self, each: Any) -> Iterator[str]:
        yield f"### `{each.name}`"
        yield _line(each.description)
        of = [self._type(one) for one in getattr(each, "interfaces", ())]
        if of:
            yield f"Is a {', '.join(of)}."
        if isinstance(each, GraphQLUnionType):
            yield f"One of {', '.join(self._type(one) for one in each.types)}."
            return
        if isinstance(each, GraphQLInterfaceType):
            yield f"Of {', '.join(self._type(one) for one in self.schema.get_possible_types(each))}."
        yield self._fields(each.fields, "field")

    def inputs(self) -> str:
        """Return the page of input objects; that of a mutation stands with it."""
        parts = ["# Inputs", _INPUTS]
        for each in self._of(GraphQLInputObjectType):
            parts += [f"### `{each.name}`", _line(each.description), self._fields(each.fields, "field")]
        return "\n\n".join(parts)

    def enums(self) -> str:
        """Return the page of enums; the codes of a mutation stand with it."""
        parts = ["# Enums", _ENUMS]
        for each in self._of(GraphQLEnumType):
            rows = [(f"`{name}`", _meaning(value)) for name, value in sorted(each.values.items())]
            parts += [f"### `{each.name}`", _line(each.description), _table(("value", "meaning"), rows)]
        return "\n\n".join(parts)

    def scalars(self) -> str:
        """Return the page of scalars."""
        parts = ["# Scalars", _SCALARS]
        for each in self._of(GraphQLScalarType):
            parts += [f"### `{each.name}`", _line(each.description)]
            if each.specified_by_url:
                parts.append(f"Specified by <{each.specified_by_url}>.")
        return "\n\n".join(parts)

    def codes(self) -> str:
        """Return the page of codes: which mutation may answer which."""
        found: dict[str, list[str]] = {}
        for name in self.roots.get("Mutation", ()):
            enum: Any = self.named.get(f"{name[0].upper()}{name[1:]}{_CODES}")
            for code in enum.values if enum else ():
                found.setdefault(code, []).append(self._operation(name))
        rows = [(f"`{code}`", ", ".join(names)) for code, names in sorted(found.items())]
        return "\n\n".join(("# Codes of userErrors", _ERRORS, _table(("code", "mutations"), rows)))

    def deprecations(self) -> str:
        """Return the page of what is going to be removed."""
        rows = [(f"`{where}`", _cell(reason)) for where, reason in sorted(changes.deprecations(self.schema))]
        return "\n\n".join((
            "# Deprecations", _DEPRECATIONS, _table(("what", "since, and what replaces it"), rows) if rows else "None."
        ))  # fmt: skip

    # -- parts of pages

    def _operation(self, name: str) -> str:
        return f"[`{name}`]({self._room_of(name)}.md#{name.lower()})"

    def _type(self, type_: Any) -> str:
        """Return a type with a link to where it is described."""
        place = self.places.get(get_named_type(type_).name)
        return f"[`{type_}`]({place})" if place else f"`{type_}`"

    def _fields(self, fields: Mapping[str, Any], head: str) -> str:
        rows = [(f"`{name}`", self._type(each.type), self._told(name, each)) for name, each in sorted(fields.items())]
        return _table((head, "type", "meaning"), rows)

    def _told(self, name: str, each: Any) -> str:
        """Return what is said of a field, with the arguments that it takes itself."""
        taken = [
            f"`{given_as}` {self._type(given.type)}{f': {_cell(given.description)}' if given.description else ''}"
            for given_as, given in sorted(getattr(each, "args", {}).items())
        ]
        meaning = _PAGING.get(name) if not each.description else None
        return " ".join((meaning or _meaning(each), *((f"Takes {'; '.join(taken)}",) if taken else ())))


def _meaning(member: Any) -> str:
    gone = member.deprecation_reason
    return _cell(member.description) + (f" **Deprecated**: {_cell(gone)}" if gone is not None else "")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _cell(text: str | None) -> str:
    return _line(text).replace("|", "\\|") or _EMPTY


def _table(heads: Sequence[str], rows: Rows) -> str:
    lines = (heads, ("---",) * len(heads), *rows)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_INDEX = """# The API, to look up

Printed from the schema. [../api.md](../api.md) is the guide: how to get a token, ask, change, page, and what the
statuses are. [examples](examples/README.md) are programs to copy, in curl, Python and TypeScript.
[../errors.md](../errors.md) explains every code. The schema itself is
[schema.graphql](../../graphql_schema/schema.graphql)."""
_COSTS = """Each operation names its cost in points: an object costs one, a list as many as its size, a value none;
what is selected of it is added. A connection costs by the `first` that is asked for; nodes that were not there are
given back. [../limits.md](../limits.md) has prices, limits and budgets."""
_PAGES = """Beside the rooms: [types](types.md), [inputs](inputs.md), [enums](enums.md), [scalars](scalars.md),
[codes of userErrors](codes.md) with the mutations that answer them, [deprecations](deprecations.md)."""
_PERMISSIONS = """Every operation needs one. An officer has it in one of these roles, for these purposes; which
fields the answer then holds is said by [../dictionary.md](../dictionary.md)."""
_ROOM = "[All operations](README.md). Any of them may also be refused as a whole: [../errors.md](../errors.md)."
_TYPES = "What answers are made of. A field that may be withheld is nullable; `redactions` then names it."
_CONNECTIONS = """Pages. Each has `edges { cursor node }` and `pageInfo` ([`PageInfo`](types.md#pageinfo)); pass
its `endCursor` as `after`."""
_INPUTS = "What arguments are made of. The input of a mutation stands with the mutation."
_ENUMS = "Closed lists. The codes of a mutation's `userErrors` stand with the mutation and in [codes.md](codes.md)."
_SCALARS = "Values with a form of their own. What breaks it is refused as `BAD_USER_INPUT` or by the code of its rule."
_ERRORS = """What each mutation may answer in `userErrors`; nothing was written then. [../errors.md](../errors.md)
says what each means and what to do. Codes of errors of the request or of a field stand there only: they may come
from anywhere."""
_DEPRECATIONS = """What is going to be removed, with the day from which it is deprecated and what replaces it. It
stays for two releases at least."""
