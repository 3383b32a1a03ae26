"""What a text asks, for whoever is to approve it: parsed, limited, validated, priced.

    read = reader(schema, Limits())
    read("query Find($c: SearchCriteriaInput!) { search(criteria: $c, first: 5) { edges { cursor } } }")
    (Question("Find", "query", ("HitConnection.edges", …), ("profile:search",), 10),)

A text in a document is refused: who is meant stands in variables, so no document, and no catalogue, names a person.
"""

import re
from typing import Any

from graphql import GraphQLError, GraphQLSchema, StringValueNode, Visitor, visit

from graphql_schema.documents import VALIDATION_FAILED, Document, DocumentRefused, DocumentStore, Operation
from graphql_schema.errors import format_refusal
from graphql_schema.limits import Limits
from registry.core.errors import InputRefused
from registry.documents.approval import Question
from registry.documents.intake import Reader

FIELD = "text"
CODES = frozenset({"DOCUMENT_HOLDS_TEXT", "GRAPHQL_PARSE_FAILED", "NUL_CHARACTER_REFUSED", VALIDATION_FAILED})
"""What the schema says of a text."""
_PERMISSION = re.compile(r"Permission: ([a-z:]+)\.")


class TextRefused(InputRefused):
    """The schema refuses a text; ``found`` names each reason with its place."""

    def __init__(self, found: list[InputRefused]) -> None:
        super().__init__(found[0].message, code=found[0].code, field=FIELD, remedy=found[0].remedy)
        self.found = tuple(found)


def reader(schema: GraphQLSchema, limits: Limits) -> Reader:
    """Return what reads texts for this schema."""
    return lambda text: questions(read(schema, limits, text), schema, limits)


def read(schema: GraphQLSchema, limits: Limits, text: str) -> Document:
    """Return a text as a document. Raises TextRefused, LimitExceeded (DOCUMENT_TOO_COMPLEX)."""
    try:
        document = DocumentStore(schema, limits, size=1).get(text, introspection=True)
    except DocumentRefused as refused:
        raise TextRefused([_told(each) for each in format_refusal(refused, "")]) from None
    texts = _Texts()
    visit(document.ast, texts)
    if texts.found:
        raise TextRefused(texts.found)
    return document


def questions(document: Document, schema: GraphQLSchema, limits: Limits) -> tuple[Question, ...]:
    """Return what each operation of a document asks, and what it costs at most."""
    return tuple(
        Question(
            name=each.name, kind=each.kind, fields=tuple(sorted(each.coordinates)),
            permissions=_permissions(each, schema), cost=each.cost.asked({}, page=limits.page),
        )
        for each in document.operations.values()
    )  # fmt: skip


def _told(error: dict[str, Any]) -> InputRefused:
    """Turn one mistake into a user error: a code of its own where the schema has one, and the place."""
    code = error["extensions"]["code"]
    place = (error.get("locations") or [{}])[0]
    where = f" Line {place['line']}, column {place['column']}." if place else ""
    return InputRefused(error["message"] + where, code=code if code in CODES else VALIDATION_FAILED, field=FIELD,
                        remedy="Compare the document with the published schema.")  # fmt: skip


class _Texts(Visitor):
    """Find every text that stands in a document itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[InputRefused] = []

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        place = GraphQLError("", node).locations
        where = f" Line {place[0].line}, column {place[0].column}." if place else ""
        refusal = InputRefused(f"holds a text.{where}", code="DOCUMENT_HOLDS_TEXT", field=FIELD,
                               remedy="Hand it over in a variable.")  # fmt: skip
        self.found = [*self.found, refusal][:5]


def _permissions(operation: Operation, schema: GraphQLSchema) -> tuple[str, ...]:
    """Return the permissions that the fields of an operation name in their descriptions."""
    named: set[str] = set()
    for coordinate in operation.coordinates:
        type_name, _, field = coordinate.partition(".")
        fields: Any = getattr(schema.type_map[type_name], "fields", {})  # Any: of objects and interfaces
        if field in fields:  # __schema and __type are no fields of theirs
            named.update(_PERMISSION.findall(fields[field].description or ""))
    return tuple(sorted(named))
