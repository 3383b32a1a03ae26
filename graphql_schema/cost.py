"""What a question costs: priced from its text before anything is done, and again from its answer.

    operation.cost.asked({"n": 20}, page=100)      70: what it may cost with these variables
    operation.cost.answered(data)                  28: what it has cost, when six hits were found

An object is one point, a leaf none; a list of objects is priced by a size, which for a connection is the page that is
asked for; what keeps a core busy has a weight of its own. Fields that merge are priced once, as they are answered once.
The words are those of the cost directives (IBM, Apollo, Grafbase): weight, assumed size, slicing argument.

    search(first: 20) { edges { node { score profile { names { full } } } } }
    10        + 20 x (        1             + 1       + 1               )       = 70
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from graphql_schema.limits import INTROSPECTION_ROOTS, Levels, Limits
from registry.core.errors import LimitExceeded
from registry.profiles.record import GROUPS

CODE = "COST_EXCEEDED"
OBJECT = 1
MUTATION = 10
"""A change reads, decides and writes; there is one in a request."""
INTROSPECTION = 20
"""The schema is in memory, and its depth has a limit of its own."""
IN_RECORD = 1
"""Assumed size of a list that is part of a record: it comes with the record's row, however many it holds."""

WEIGHTS: Mapping[str, int] = {
    "Query.search": 10,
    "Profile.duplicates": 10,
    "Query.explanation": 10,
    "Query.logExplanation": 10,
    "Query.logReport": 100,
    "Query.logSeen": 20,
    "Query.logSeenAt": 20,
    "Query.subjectReport": 10,
    "Query.profileDifferences": 5,
    "Profile.versions": 5,
    "Query.offices": 5,
    "Query.subjectOffices": 5,
    "Query.keysExpiring": 10,
}
"""What a field costs beside the objects that it answers with: candidates to score, statements of its own."""

SIZES: Mapping[str, int] = {
    "Hit.reasons": 3,
    "ScreeningHit.reasons": 3,
    "ExplainedHit.reasons": 3,
    "Agency.keys": 2,
    "Client.keys": 2,
    "Client.certificates": 2,
    "Query.keysExpiring": 10,
    "ExplainedSearch.hits": 10,
    "Explanation.searches": 2,
    "LogEntry.events": 2,
    "LogReport.rows": 50,
    "LogReport.columnTotals": 7,
    "LogReportRow.counts": 7,
    "Finding.entries": 10,
    "Finding.steps": 3,
    "Seen.records": 10,
    "SeenRecord.fields": 5,
    "OffenceCatalogue.offences": 50,
    "Policy.rules": 20,
    "Policy.obligations": 5,
    "Profile.duplicates": 5,
    "Profile.versions": 5,
    "Proposal.differences": 10,
    "Proposal.documents": 2,
    "Query.offices": 50,
    "Query.profileDifferences": 10,
    "Query.screeningProblems": 100,
    "Query.subjectOffices": 50,
    "SubjectAnswer.appeals": 2,
    "SubjectRecord.held": 10,
    "SubjectRecord.recipients": 5,
    "SubjectRecord.withheld": 2,
    "HeldGroup.parts": 2,
    "HeldPart.values": 5,
    "SubjectReport.appeals": 2,
    "SubjectReport.purposes": 5,
    "SubjectReport.rights": 5,
    "SubjectRequest.documents": 2,
    "SubjectRequest.people": 2,
    "TrustedDocument.operations": 1,
}
"""Assumed sizes of lists that are no connection, no part of a record and no userErrors."""

RECORDS = frozenset({"Profile", "ProposedRecord", *(each.part.__name__ for each in GROUPS.values() if each.part)})
"""Types whose lists come with a record's row."""

SLICING = "first"
"""The argument that says how long a connection may be."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A connection at the root: what each of its nodes costs, and where the answer shows how many there are."""

    key: str
    edges: str | None
    """Response key of its edges; nothing when they are not asked for."""
    each: int
    first: int | str | None
    """The size asked for, or the variable that holds it."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one operation costs."""

    base: int
    slices: tuple[Slice, ...] = ()

    def asked(self, variables: Mapping[str, Any], *, page: int) -> int:
        """Return what it may cost at most; ``page`` stands for a size that is not known."""
        return self.base + sum(part.each * _size(part.first, variables, page) for part in self.slices)

    def answered(self, data: Mapping[str, Any] | None) -> int:
        """Return what an answer has cost: nodes that were not there are given back."""
        return self.base + sum(part.each * _count(part, data or {}) for part in self.slices)


def _size(first: int | str | None, variables: Mapping[str, Any], page: int) -> int:
    value = variables.get(first) if isinstance(first, str) else first
    return min(max(value, 0), page) if type(value) is int else page


def _count(part: Slice, data: Mapping[str, Any]) -> int:
    found = data.get(part.key)
    edges = found.get(part.edges) if isinstance(found, Mapping) and part.edges else None
    return len(edges) if isinstance(edges, list) else 0


def exceeded(asked: int, limits: Limits) -> LimitExceeded:
    """Say that a question costs more than one may."""
    return LimitExceeded(
        f"The question may cost {asked} points; {limits.cost} are allowed.", code=CODE,
        remedy="Ask for a smaller page or for fewer lists; docs/limits.md says what costs how much.",
    )  # fmt: skip


def price(
    schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Cost:
    """Price a valid operation; it has passed the limits, so it nests ten levels at most."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    pricing = _Pricing(schema, Levels(fragments))
    base, slices = 0, []
    for key, nodes in pricing.merged(operation.selection_set).items():
        name = nodes[0].name.value
        if name in INTROSPECTION_ROOTS:
            base += INTROSPECTION
            continue
        field = root.fields.get(name)
        if field is None:  # __typename
            continue
        if SLICING in field.args:
            fixed, part = pricing.connection(key, root, field, nodes)
            base += fixed
            slices.append(part)
        else:
            base += pricing.field(root, field, nodes)
    return Cost(base, tuple(slices))


class _Pricing:
    """The pricing of one document's selections."""

    def __init__(self, schema: GraphQLSchema, levels: Levels) -> None:
        self.schema = schema
        self.levels = levels

    def merged(self, *sets: SelectionSetNode) -> dict[str, list[FieldNode]]:
        return self.levels.merged({id(each): each for each in sets})

    def below(self, type_: Any, nodes: list[FieldNode]) -> int:  # Any: a composite type
        """Price what is selected of one object."""
        total = 0
        for selected in self.merged(*(node.selection_set for node in nodes if node.selection_set)).values():
            for name in {node.name.value for node in selected}:  # of an interface one key may name several fields
                parent, field = self._found(type_, name)
                if field is not None:
                    total += self.field(parent, field, [node for node in selected if node.name.value == name])
        return total

    def field(self, parent: Any, field: GraphQLField, nodes: list[FieldNode]) -> int:
        """Price a field of one object, with all below it."""
        coordinate = f"{parent.name}.{nodes[0].name.value}"
        weight = WEIGHTS.get(coordinate, MUTATION if parent is self.schema.mutation_type else 0)
        named = get_named_type(field.type)
        if not is_composite_type(named):
            return weight
        return weight + (assumed_size(coordinate, field) or 1) * (OBJECT + self.below(named, nodes))

    def connection(
        self, key: str, root: GraphQLObjectType, field: GraphQLField, nodes: list[FieldNode]
    ) -> tuple[int, Slice]:
        """Price a connection without its nodes, and one node."""
        type_ = cast("GraphQLObjectType", get_named_type(field.type))
        fixed, each, edges = WEIGHTS.get(f"{root.name}.{nodes[0].name.value}", OBJECT), 0, None
        for name, selected in self.merged(*(node.selection_set for node in nodes if node.selection_set)).items():
            child = type_.fields.get(selected[0].name.value)
            if child is None:
                continue
            if selected[0].name.value == "edges":
                each += self.below(get_named_type(child.type), selected)  # an edge is no more than its node
                edges = name
            else:
                fixed += self.field(type_, child, selected)
        return fixed, Slice(key, edges, each, _first(nodes[0]))

    def _found(self, type_: Any, name: str) -> tuple[Any, GraphQLField | None]:
        """Find a field; of an interface, in whichever of its types has it."""
        for each in (type_, *_possible(self.schema, type_)):
            if name in getattr(each, "fields", {}):
                return each, each.fields[name]
        return type_, None


def _possible(schema: GraphQLSchema, type_: Any) -> Iterator[Any]:
    if isinstance(type_, GraphQLInterfaceType):
        yield from schema.get_possible_types(type_)


def _first(node: FieldNode) -> int | str | None:
    for argument in node.arguments:
        if argument.name.value == SLICING:
            if isinstance(argument.value, IntValueNode):
                return int(argument.value.value)
            if isinstance(argument.value, VariableNode):
                return argument.value.name.value
    return None


def assumed_size(coordinate: str, field: GraphQLField) -> int | None:
    """Return how many objects a field is priced for; nothing where no rule says it, or where it answers no list."""
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    if not isinstance(inner, GraphQLList):
        return None
    if coordinate in SIZES:
        return SIZES[coordinate]
    type_, _, name = coordinate.partition(".")
    if name == "userErrors":
        return OBJECT
    return IN_RECORD if type_ in RECORDS else None


def check(schema: GraphQLSchema) -> None:
    """Refuse to start with a list that nobody has priced, a price of nothing, or a connection below the root.

    Raises AssertionError: the tables are ours.
    """
    coordinates = set()
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for name, field in type_.fields.items():
            coordinate = f"{type_.name}.{name}"
            coordinates.add(coordinate)
            assert SLICING not in field.args or type_ is schema.query_type, f"{coordinate}: a connection below the root"
            assert _is_priced(coordinate, name, field), f"{coordinate}: a list without a size"
    stale = (set(WEIGHTS) | set(SIZES)) - coordinates
    assert not stale, f"prices of nothing: {sorted(stale)}"


def _is_priced(coordinate: str, name: str, field: GraphQLField) -> bool:
    inner = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
    is_list = isinstance(inner, GraphQLList) and is_composite_type(get_named_type(inner))
    return not is_list or name == "edges" or assumed_size(coordinate, field) is not None
