"""What the types of every room are built from: objects on slotted values, connections, payloads."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import graphene
from graphene.types.resolver import attr_resolver

from graphql_schema.context import Context
from registry.core.errors import RegistryError

T = TypeVar("T")


class Object(graphene.ObjectType):
    """A type whose fields are the attributes of a view: what the executor compiles."""

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(cls, **options: Any) -> None:
        """Read fields as plain attributes."""
        options.setdefault("default_resolver", attr_resolver)
        super().__init_subclass_with_meta__(**options)


class PageInfo(Object):
    """Where a page stands (Relay connections)."""

    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


class PageValue:
    """A page as the connection types read it."""

    __slots__ = ("edges", "page_info")

    def __init__(self, edges: "list[EdgeValue]", *, has_next: bool, has_previous: bool):
        self.edges = edges
        self.page_info = PageInfoValue(edges, has_next=has_next, has_previous=has_previous)


class PageInfoValue:
    """Where the page stands."""

    __slots__ = ("_edges", "has_next_page", "has_previous_page")

    def __init__(self, edges: "list[EdgeValue]", *, has_next: bool, has_previous: bool):
        self.has_next_page = has_next
        self.has_previous_page = has_previous
        self._edges = edges

    @property
    def start_cursor(self) -> str | None:
        """The first node's cursor."""
        return self._edges[0].cursor if self._edges else None

    @property
    def end_cursor(self) -> str | None:
        """The last node's cursor."""
        return self._edges[-1].cursor if self._edges else None


class EdgeValue:
    """A node and its cursor, or how it is made: twenty of them cost as much as the page's JSON, and one is read."""

    __slots__ = ("_cursor", "node")

    def __init__(self, node: object, cursor: str | Callable[[], str]):
        self.node = node
        self._cursor = cursor

    @property
    def cursor(self) -> str:
        """Return the cursor; the same each time that it is made."""
        return self._cursor() if callable(self._cursor) else self._cursor


def connection(node: type[Object], description: str, **more: Any) -> type[Object]:
    """Return the Relay connection type of a node type, with fields of its own if it has ``more``."""
    name = node._meta.name  # noqa: SLF001  graphene keeps a type's name there
    edge = type(
        f"{name}Edge",
        (Object,),
        {
            "__doc__": "One node of the page.",
            "cursor": graphene.String(required=True),
            "node": graphene.Field(node, required=True),
        },
    )
    fields = {
        "__doc__": description,
        "edges": graphene.List(graphene.NonNull(edge), required=True),
        "page_info": graphene.Field(PageInfo, required=True),
        **more,
    }
    return type(f"{name}Connection", (Object,), fields)


class UserErrorValue:
    """One rule that the input breaks."""

    __slots__ = ("code", "field", "message", "remedy")

    def __init__(self, code: str, field: str | None, message: str, remedy: str | None):
        self.code = code
        self.field = field
        self.message = message
        self.remedy = remedy


def attempted(
    context: Context, use_case: Callable[[], T], codes: frozenset[str], paths: Callable[[str], str] = str
) -> tuple[T | None, list[UserErrorValue]]:
    """Run a mutation's use case; turn the refusals it documents into userErrors.

    ``codes`` are those of the mutation's own enum; any other refusal is an error of the whole request.
    """
    try:
        return use_case(), []
    except RegistryError as refusal:
        found = getattr(refusal, "found", (refusal,))
        if any(each.code not in codes for each in found):
            raise
        context.refused.extend(found)
        return None, [
            UserErrorValue(each.code, paths(each.field) if each.field else None, each.message, each.remedy)
            for each in found
        ]


def plain(value: Any) -> Any:
    """Turn graphene's input containers and enum members into plain JSON-like values."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return getattr(value, "value", value) if not isinstance(value, str | int | float | bool | None) else value
