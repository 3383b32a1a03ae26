"""Documents: parsed, limited and validated once, then kept with everything learnt about them.

    store = DocumentStore(schema, Limits())
    document = store.get("query Find($full: Boolean!) { search { name aliases @include(if: $full) } }", ...)
    document.operation("Find").coordinates    frozenset({"Query.search", "Profile.name", "Profile.aliases"})
    document.directive_variables              ("full",)

Parsing and validating cost more than answering, and clients send few different documents. Only valid
ones are kept: whoever sends rubbish pays for it each time and cannot push others out of memory.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar, cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    GraphQLSyntaxError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    ValidationContext,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    specified_rules,
    type_from_ast,
    validate,
    visit,
)
from graphql.validation import ASTValidationRule, ValidationRule

from graphql_schema.cost import Cost, price
from graphql_schema.limits import Limits, check, exceeded
from graphql_schema.plans import Plans
from registry.core.errors import InputRefused
from registry.core.metrics import DOCUMENT_HIT, DOCUMENT_MISS

T = TypeVar("T")

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
NUL_REFUSED = "NUL_CHARACTER_REFUSED"
PLAN_VARIANTS = 16
"""How many settings of its @skip/@include variables a document may have compiled: n variables have 2^n."""


class DocumentRefused(InputRefused):
    """The document is not GraphQL, or not a question this schema can answer."""

    default_code = VALIDATION_FAILED

    def __init__(self, message: str, *, code: str, errors: list[GraphQLError]) -> None:
        super().__init__(message, code=code, field="query", remedy="Compare the document with the published schema.")
        self.errors = errors
        for error in errors:
            error.extensions = {"code": code} | (error.extensions or {})


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a document, with what the audit log writes about it."""

    name: str | None
    kind: str
    """``query``, ``mutation`` or ``subscription``."""
    node: OperationDefinitionNode
    coordinates: frozenset[str]
    """Every ``Type.field`` it selects, through fragments too: the fields that were asked for."""
    cost: Cost
    types: Mapping[str, GraphQLInputType]
    """The type of each of its variables."""


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document."""

    ast: DocumentNode
    sha256: str
    operations: Mapping[str | None, Operation]
    fragments: dict[str, FragmentDefinitionNode]
    directive_variables: tuple[str, ...]
    """The variables that decide which fields are selected: plans differ by their values."""
    coordinates: Mapping[int, str]
    """``Type.field`` of each field, by the identity of its node."""
    _plans: dict[tuple[Any, ...], Plans] = field(default_factory=dict)
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def operation(self, name: str | None) -> Operation:
        """Pick the operation to execute; a name is needed as soon as there are several."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None:
            raise InputRefused(
                "is needed: the document holds several operations.",
                code="OPERATION_AMBIGUOUS",
                field="operationName",
                remedy="Name the operation to execute.",
            )
        if name not in self.operations:
            raise InputRefused(
                "names no operation of the document.",
                code="OPERATION_UNKNOWN",
                field="operationName",
                remedy="Name one of the document's operations, or leave the name out.",
            )
        return self.operations[name]

    def plans(self, variables: Mapping[str, Any]) -> Plans | None:
        """Return the plans for these values of the directive variables; ``None`` when there are too many kinds."""
        key = tuple(variables.get(name) for name in self.directive_variables)
        kept = self._plans.get(key)
        if kept is None and len(self._plans) < PLAN_VARIANTS:
            kept = self._plans[key] = {}
        return kept

    def kept(self, operation: str | None, variables: Mapping[str, Any], make: Callable[[], T]) -> T:
        """Return what was made for an operation and these values of the directive variables, or make it."""
        key = (operation, *(variables.get(name) for name in self.directive_variables))
        found: T | None = self._kept.get(key)
        if found is None:
            found = make()
            if len(self._kept) < PLAN_VARIANTS:
                self._kept[key] = found
        return found


class DocumentStore:
    """The documents of one schema, least recently used ones forgotten first."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, size: int = 512) -> None:
        self.schema = schema
        self.limits = limits
        self.size = size
        self._kept: OrderedDict[tuple[str, bool], Document] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def at_hand(self, source: str, *, introspection: bool) -> Document | None:
        """Return the document if it was read before; raise LimitExceeded for one that is too long to be read at all."""
        if len(source) > self.limits.source_characters:
            raise exceeded("source_characters", self.limits)
        key = (_digest(source), introspection)
        kept = self._kept.get(key)
        if kept is not None:
            DOCUMENT_HIT.inc()
            self._kept.move_to_end(key)
        return kept

    def get(self, source: str, *, introspection: bool) -> Document:
        """Return the document, read and checked now or before; raise DocumentRefused or LimitExceeded."""
        kept = self.at_hand(source, introspection=introspection)
        if kept is None:
            DOCUMENT_MISS.inc()
            digest = _digest(source)
            kept = self._kept[digest, introspection] = self._read(source, digest, introspection=introspection)
            if len(self._kept) > self.size:
                self._kept.popitem(last=False)
        return kept

    def known(self, digest: str, *, introspection: bool) -> Document | None:
        """Return a document that was read before, by the SHA-256 of its text. Who may send it is not asked here."""
        kept = self._kept.get((digest, introspection))
        if kept is not None:
            DOCUMENT_HIT.inc()
            self._kept.move_to_end((digest, introspection))
        return kept

    def _read(self, source: str, digest: str, *, introspection: bool) -> Document:
        ast = self._parse(source)
        check(ast, None, self.limits)
        errors = self._validate(ast, introspection=introspection)
        if errors:
            raise DocumentRefused("is not valid for this schema.", code=VALIDATION_FAILED, errors=errors)
        return _describe(self.schema, ast, digest)

    def _parse(self, source: str) -> DocumentNode:
        try:
            return parse(source, max_lexical_tokens=self.limits.tokens, max_comments=self.limits.comments)
        except GraphQLSyntaxError as error:
            name = _limit_named(error.message)
            if name:
                raise exceeded(name, self.limits) from None
            raise DocumentRefused("is not a GraphQL document.", code=PARSE_FAILED, errors=[error]) from None

    def _validate(self, ast: DocumentNode, *, introspection: bool) -> list[GraphQLError]:
        rules = [*_OTHER_RULES, _bounded_merging(self.limits.merge_steps), NoNulRule, RootTypeRule]
        if not introspection:
            rules.append(NoSchemaIntrospectionCustomRule)
        try:
            errors = validate(self.schema, ast, rules, max_errors=self.limits.validation_errors, hide_suggestions=True)
        except GraphQLError as error:  # one rule reads @skip and @include at a subscription's root without variables
            return [error]
        if errors and errors[-1].message == _GIVEN_UP:
            raise exceeded("merge_steps", self.limits)
        return errors


_GIVEN_UP = "Validation aborted."
"""What the library says when the steps are spent; it has no other sign."""
_OTHER_RULES = tuple(rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule)


@cache
def _bounded_merging(most: int) -> type[OverlappingFieldsCanBeMergedRule]:
    """Return the rule that compares fields with one response key, giving up after so many steps.

    The library gives up as well, after 500,000: by then 2 kB of text have had a third of a second.
    """

    class BoundedMerging(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = most

    return BoundedMerging


def _digest(source: str) -> str:
    return sha256(source.encode(errors="surrogatepass")).hexdigest()


def _limit_named(message: str) -> str | None:
    """Tell which limit the parser met; it has no other sign than its sentence."""
    sentences = {"tokens": " tokens. Parsing aborted", "comments": " comments.", "depth": "nested too deeply"}
    if message.startswith("Syntax Error: Document "):
        return next((name for name, part in sentences.items() if part in message), None)
    return None


class NoNulRule(ASTValidationRule):
    """Refuse U+0000 in literals: no field of the register holds it, and PostgreSQL fails on it."""

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        """Look at each string as the client meant it, escapes resolved."""
        if "\0" in node.value:
            self.report_error(GraphQLError("A string must not contain U+0000.", node, extensions={"code": NUL_REFUSED}))


class RootTypeRule(ValidationRule):
    """Refuse kinds of operations that the schema does not offer; the specified rules pass them over."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Ask the schema for the operation's root."""
        if self.context.schema.get_root_type(node.operation) is None:
            self.report_error(GraphQLError(f"The schema offers no {node.operation.value}.", node))


def _describe(schema: GraphQLSchema, ast: DocumentNode, digest: str) -> Document:
    fragments = {node.name.value: node for node in ast.definitions if isinstance(node, FragmentDefinitionNode)}
    survey = _Survey(TypeInfo(schema))
    visit(ast, TypeInfoVisitor(survey.types, survey))
    operations = {
        name: Operation(
            name,
            node.operation.value,
            node,
            survey.coordinates(node),
            price(schema, node, fragments),
            {each.variable.name.value: _input(schema, each) for each in node.variable_definitions or ()},
        )
        for node in ast.definitions
        if isinstance(node, OperationDefinitionNode)
        for name in [node.name.value if node.name else None]
    }
    return Document(ast, digest, operations, fragments, tuple(sorted(survey.directive_variables)), survey.named)


def _input(schema: GraphQLSchema, definition: VariableDefinitionNode) -> GraphQLInputType:
    return cast("GraphQLInputType", type_from_ast(schema, definition.type))  # validation has seen to it


class _Survey(Visitor):
    """Note, definition by definition, which fields are selected, which fragments used, and what decides it."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.directive_variables: set[str] = set()
        self.named: dict[int, str] = {}
        self._selected: dict[int | str, set[str]] = {}
        self._spread: dict[int | str, set[str]] = {}
        self._current: int | str = ""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        self._enter(id(node))

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self._enter(node.name.value)

    def _enter(self, definition: int | str) -> None:
        self._current = definition
        self._selected[definition] = set()
        self._spread[definition] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        parent = self.types.get_parent_type()
        if parent is not None and node.name.value != "__typename":  # it names the type and tells nothing of anyone
            coordinate = self.named[id(node)] = f"{parent.name}.{node.name.value}"
            self._selected[self._current].add(coordinate)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self._spread[self._current].add(node.name.value)

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        values = (argument.value for argument in node.arguments)
        self.directive_variables.update(value.name.value for value in values if isinstance(value, VariableNode))

    def coordinates(self, operation: OperationDefinitionNode) -> frozenset[str]:
        """Union what the operation and its fragments select."""
        return frozenset[str]().union(*(self._selected[name] for name in self._reached(id(operation))))

    def _reached(self, definition: int | str) -> Iterator[int | str]:
        reached, pending = {definition}, [definition]
        while pending:
            current = pending.pop()
            yield current
            pending.extend(self._spread[current] - reached)
            reached |= self._spread[current]
