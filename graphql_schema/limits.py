"""What one question may cost, as a table of named rows, and the check of a document against it.

    >>> from graphql import parse
    >>> check(parse("{ " + "search " * 6 + "}"), None, Limits())
    Traceback (most recent call last):
    registry.core.errors.LimitExceeded: The document exceeds the limit same_response_key: 5 fields ...

The cheapest come first: body, source, tokens, then one pass over the document, and only then
validation. The pass follows fragments without recursion and pays for no selection twice, so a
fragment bomb costs as little as its text. What it counts is the work of the steps behind it:
validation compares every pair of fields that share a response path, and execution follows depth.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NamedTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from registry.core.errors import InputRefused, LimitExceeded

TOO_COMPLEX = "DOCUMENT_TOO_COMPLEX"
INTROSPECTION_ROOTS = frozenset({"__schema", "__type"})


def _row(value: int, unit: str, reason: str) -> int:
    # dataclasses.field() is typed as the value it holds
    row: int = field(default=value, metadata={"unit": unit, "reason": reason})
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits table; every row may be set, none may be switched off."""

    body_bytes: int = _row(100_000, "bytes of request body", "Counted while it streams in: a declared length may lie.")
    body_seconds: int = _row(
        10, "seconds for the body to arrive", "A thin link needs two; an open connection costs us."
    )
    source_characters: int = _row(16_000, "characters of document", "Our longest question has a tenth of it.")
    tokens: int = _row(1_000, "tokens per document", "Full introspection has 183; parsing grows with each.")
    comments: int = _row(50, "comments per document", "A megabyte of comments parses for half a second.")
    operations: int = _row(5, "operations per document", "One is executed; a document is not a library.")
    fragments: int = _row(20, "fragments per document", "Validation follows each from every place that names it.")
    directives: int = _row(20, "directives per document", "Repeated ones cost time and answer nothing.")
    aliases: int = _row(15, "aliases per document", "Aliases multiply work; __typename counts as well.")
    selections_per_set: int = _row(100, "selections per set", "Validation compares selections pair by pair.")
    same_response_key: int = _row(
        5, "fields with one response key in a set", "Comparing 498 equal fields takes 176 ms."
    )
    merged_fields: int = _row(
        10_000, "comparisons of fields that share a response path",
        "Repetition on each level multiplies: five by five by five is cheap to write, dear to validate.",
    )  # fmt: skip
    merge_steps: int = _row(
        5_000, "steps of comparing fields", "Fragments that include one another are compared pair by pair."
    )
    root_fields: int = _row(10, "fields at the root", "Each is a question of its own.")
    mutation_root_fields: int = _row(1, "fields at the root of a mutation", "One change, one entry, one transaction.")
    depth: int = _row(10, "levels of fields", "Connections nest; introspection is exempt and has a rule of its own.")
    variable_depth: int = _row(32, "levels of variables", "What reads them calls itself once per level.")
    variable_values: int = _row(
        5_000, "values in variables", "A whole record has some hundreds; 30,000 empty objects are 90 kB and 70 ms."
    )
    page: int = _row(100, "nodes per page", "Nobody reads more at once; bulk disclosure is what we guard against.")
    searches: int = _row(
        2, "searches per request", "Each keeps a core busy for milliseconds; aliases must not multiply it."
    )
    cost: int = _row(
        1_000, "points per question", "A page of 100 headlines has some 800; docs/limits.md has the prices."
    )
    cost_per_minute: int = _row(
        10_000,
        "points per principal and minute",
        "A hundred pages of ten hits; nobody reads more, what loops asks more.",
    )
    operations_per_hour: int = _row(
        3_600, "questions per principal and hour", "One each second, an hour long: nobody reads so fast."
    )
    operations_per_day: int = _row(
        20_000, "questions per principal and day", "What asks more is a machine, whatever it calls itself."
    )
    records_per_hour: int = _row(
        1_000, "records shown per principal and hour", "A person reads fewer; whoever copies the register wants all."
    )
    records_per_day: int = _row(
        5_000, "records shown per principal and day", "A unit's 1,300 tips a month take some hundreds a day."
    )
    subjects_per_day: int = _row(
        2_000, "different persons shown per principal and day",
        "For officers of the register's country; who was shown today is free. Beyond it the answer is SUBJECTS_SPENT.",
    )  # fmt: skip
    partner_subjects_per_day: int = _row(
        50,
        "different persons shown to a partner's officer in a day",
        "Where the agreement in force says no other number.",
    )
    case_operations_per_hour: int = _row(10_000, "questions per case and hour", "A task force, all asking at once.")
    case_operations_per_day: int = _row(60_000, "questions per case and day", "Some hours of that.")
    case_records_per_hour: int = _row(2_000, "records shown in a case and hour", "Two officers at their limit.")
    case_records_per_day: int = _row(10_000, "records shown in a case and day", "No case is about so many.")
    agency_operations_per_hour: int = _row(
        30_000, "questions per agency and hour", "Eight a second: an agency of hundreds on its worst day."
    )
    agency_operations_per_day: int = _row(300_000, "questions per agency and day", "Ten such hours.")
    agency_records_per_hour: int = _row(
        20_000, "records shown to an agency and hour", "Bent officers can be several: together they copy no register."
    )
    agency_records_per_day: int = _row(100_000, "records shown to an agency and day", "Five such hours.")
    refusals_at_once: int = _row(
        300,
        "requests that prove nothing, per source, at once",
        "A client with a wrong key tries for minutes, not more.",
    )
    refusals_per_minute: int = _row(
        120, "of them that come back in a minute", "An honest mistake heals; who tries keys gets two a second."
    )
    refusal_sources: int = _row(
        10_000, "sources remembered per worker", "Some hundred bytes each; of more the one longest quiet is forgotten."
    )
    refusals_entered: int = _row(
        20, "of them with an entry of their own, per source, minute and worker", "The others are entered as a number."
    )
    refusals_entered_in_all: int = _row(
        200, "of them with an entry of their own, of all sources, per minute and worker",
        "Nobody fills the log by asking from everywhere.",
    )  # fmt: skip
    proofs_per_source: int = _row(
        50, "requests for a token or session, per source, at once", "Each has signatures checked, which takes a core."
    )
    even_milliseconds: int = _row(
        250, "milliseconds between the moments at which a partner's answers leave",
        "Longer than any search takes; so nobody sees by the time whether somebody was found.",
    )  # fmt: skip
    even_bytes: int = _row(4_096, "bytes by which a partner's answers grow", "Nor by the size.")
    even_bytes_per_point: int = _row(
        256, "bytes that a partner's question is answered with for each of its points, at least",
        "A hit has some 600 bytes and 3 points: a page of nobody is as long as a page of people.",
    )  # fmt: skip
    report_least: int = _row(
        5, "accesses that a report tells, at least", "A smaller number may be one person's; nor do totals give it away."
    )
    report_entries: int = _row(
        2_000_000, "entries counted for a report", "A month of a nation; counting takes seconds."
    )
    report_cells: int = _row(1_000, "cells of a report", "Nobody reads more; hiding what is small looks at each pair.")
    streams: int = _row(200, "open streams per worker", "Each keeps a connection, and looks now and then.")
    streams_per_client: int = _row(10, "open streams per client and worker", "A unit's officers share its client.")
    streams_per_officer: int = _row(3, "open streams per officer and worker", "There are three things to follow.")
    stream_heartbeat_seconds: int = _row(
        10, "seconds of silence in a stream", "Proxies cut what is silent; a suspension ends a silent stream by then."
    )
    stream_patience_seconds: int = _row(
        10, "seconds for a reader to take an event", "Who is slower resumes behind the last one."
    )
    histories: int = _row(1, "histories of versions per request", "Each is a statement of its own.")
    validation_errors: int = _row(5, "validation errors told", "The answer to a bad document stays small.")
    coercion_errors: int = _row(5, "variable errors told", "The answer to bad variables stays small.")
    execution_errors: int = _row(20, "field errors told", "A page of nodes may fail in each of its fields.")
    response_bytes: int = _row(5_000_000, "bytes of answer", "Memory is shared by everyone who asks.")
    operation_seconds: int = _row(10, "seconds per operation", "The caller has given up by then.")

    @classmethod
    def of(cls, given: Mapping[str, int]) -> "Limits":
        """Return the table with some rows set otherwise. Raises InputRefused (SETTING_UNKNOWN, SETTING_INVALID)."""
        known = {row.name for row in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise InputRefused("is no limit.", field=f"limits.{name}", code="SETTING_UNKNOWN",
                                   remedy="See docs/limits.md for the list.")  # fmt: skip
            if value < 1:
                raise InputRefused("switches a limit off.", field=f"limits.{name}", code="SETTING_INVALID",
                                   remedy="Write 1 or more.")  # fmt: skip
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Row:
    """One limit as the documentation prints it."""

    name: str
    value: int
    unit: str
    reason: str


def rows(limits: Limits) -> tuple[Row, ...]:
    """List the limits in force, each with its unit and its reason."""
    return tuple(
        Row(row.name, getattr(limits, row.name), row.metadata["unit"], row.metadata["reason"]) for row in fields(limits)
    )


def exceeded(name: str, limits: Limits, *, code: str = TOO_COMPLEX) -> LimitExceeded:
    """Name the limit that a request exceeds, and its value."""
    row = next(row for row in rows(limits) if row.name == name)
    return LimitExceeded(
        f"The {'document' if code == TOO_COMPLEX else 'request'} exceeds the limit {row.name}: {row.value} {row.unit}.",
        code=code,
        remedy="Ask for less at once, or ask in several documents.",
    )


def check(document: DocumentNode, operation: OperationDefinitionNode | None, limits: Limits) -> None:
    """Refuse a document that costs too much to validate or to execute; ``None`` checks every operation in it."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    _require(len(operations), "operations", limits)
    _require(sum(isinstance(node, FragmentDefinitionNode) for node in document.definitions), "fragments", limits)
    levels = Levels(fragments)
    _check_text([*operations, *fragments.values()], levels, limits)
    work = 0
    for asked in operations if operation is None else [operation]:
        work = _check_merged(asked, levels, limits, work)


def _require(count: int, name: str, limits: Limits) -> None:
    if count > getattr(limits, name):
        raise exceeded(name, limits)


@dataclass(slots=True)
class _Level:
    """One selection set, with what its inline fragments add to it."""

    fields: list[FieldNode] = field(default_factory=list)
    spreads: list[str] = field(default_factory=list)
    directives: int = 0
    repeats: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a response key stands here, for each type condition: a key per kind of a union is no repetition."""


class Levels:
    """The selection sets of a document, each read once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self._read: dict[int, _Level] = {}

    def of(self, selection_set: SelectionSetNode) -> _Level:
        """Return one selection set, its inline fragments included."""
        level = self._read.get(id(selection_set))
        if level is None:
            level = self._read[id(selection_set)] = _flatten(selection_set)
        return level

    def merged(self, sets: Mapping[int, SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """Group by response key all fields that these sets contribute to one object of the answer."""
        grouped: dict[str, list[FieldNode]] = {}
        pending, spread = list(sets.values()), set[str]()
        while pending:
            level = self.of(pending.pop())
            for node in level.fields:
                grouped.setdefault(_response_key(node), []).append(node)
            for name in level.spreads:
                if name in self.fragments and name not in spread:
                    spread.add(name)
                    pending.append(self.fragments[name].selection_set)
        return grouped


def _flatten(selection_set: SelectionSetNode) -> _Level:
    level = _Level()
    pending = [(selection_set, "")]
    while pending:
        selections, condition = pending.pop()
        for node in selections.selections:
            level.directives += len(node.directives)
            if isinstance(node, FieldNode):
                level.fields.append(node)
                level.repeats[_response_key(node), condition] += 1
            elif isinstance(node, FragmentSpreadNode):
                level.spreads.append(node.name.value)
            elif isinstance(node, InlineFragmentNode):  # its selections belong to the set around it
                named: NamedTypeNode | None = getattr(node, "type_condition", None)  # optional, whatever its annotation
                pending.append((node.selection_set, named.name.value if named is not None else condition))
    return level


def _response_key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _check_text(
    definitions: list[OperationDefinitionNode | FragmentDefinitionNode], levels: Levels, limits: Limits
) -> None:
    """Count what is written, wherever it stands."""
    aliases = directives = 0
    for definition in definitions:
        directives += len(definition.directives)
        directives += sum(len(variable.directives) for variable in definition.variable_definitions or ())
        for level in _written(definition.selection_set, levels):
            directives += level.directives
            aliases += sum(node.alias is not None for node in level.fields)
            _require(len(level.fields) + len(level.spreads), "selections_per_set", limits)
            _require(max(level.repeats.values(), default=0), "same_response_key", limits)
        _require(aliases, "aliases", limits)
        _require(directives, "directives", limits)


def _written(selection_set: SelectionSetNode, levels: Levels) -> Iterator[_Level]:
    pending = [selection_set]
    while pending:
        level = levels.of(pending.pop())
        yield level
        pending.extend(node.selection_set for node in level.fields if node.selection_set)


def _check_merged(operation: OperationDefinitionNode, levels: Levels, limits: Limits, work: int) -> int:
    """Follow the answer's shape level by level, merging as validation and execution will; return the work so far."""
    root = operation.selection_set
    pending: list[tuple[int, dict[int, SelectionSetNode]]] = [(1, {id(root): root})]
    seen: set[tuple[int, frozenset[int]]] = set()
    while pending:
        depth, sets = pending.pop()
        if (depth, frozenset(sets)) in seen:  # the same fragments again: a bomb folds into its text
            continue
        seen.add((depth, frozenset(sets)))
        merged = levels.merged(sets)
        if sets.keys() == {id(root)}:
            _check_root(operation, merged, limits)
        work += sum(len(nodes) * (len(nodes) + 1) // 2 for nodes in merged.values())
        _require(work, "merged_fields", limits)
        _require(depth, "depth", limits)
        pending.extend(_below(depth, merged))
    return work


def _below(depth: int, merged: dict[str, list[FieldNode]]) -> Iterator[tuple[int, dict[int, SelectionSetNode]]]:
    for nodes in merged.values():
        sets = {id(node.selection_set): node.selection_set for node in nodes if node.selection_set}
        if sets:
            exempt = depth == 0 or nodes[0].name.value in INTROSPECTION_ROOTS
            yield (0 if exempt else depth + 1), sets


def _check_root(operation: OperationDefinitionNode, merged: dict[str, list[FieldNode]], limits: Limits) -> None:
    _require(len(merged), "root_fields", limits)
    if operation.operation is OperationType.MUTATION:
        changes = sum(nodes[0].name.value != "__typename" for nodes in merged.values())
        _require(changes, "mutation_root_fields", limits)
