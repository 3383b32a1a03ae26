"""Variables: coerced to the declared types, and refused without repeating what the caller sent.

    coerce(operation, {"born": "19700517 John Smith"})
    [GraphQLError("Variable '$born' expects a value of type 'PartialDate!'.")]

The library writes the offending value into its messages, and what is searched for here is personal data
that must reach neither the answer nor a log. So the messages are ours. They name the variable, the path
inside it and the type expected there; all three come from the document and the schema.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
    VariableDefinitionNode,
    coerce_input_value,
    is_leaf_type,
    value_from_ast,
)
from graphql.pyutils import print_path_list

from graphql_schema.documents import NUL_REFUSED, Operation
from registry.core.errors import InputRefused, RegistryError

BAD_INPUT = InputRefused.default_code
MOST_ERRORS = 5


class _EnoughError(Exception):
    """So many errors are found that no more are told."""


def coerce(
    operation: Operation, raw: dict[str, Any], *, most: int = MOST_ERRORS
) -> dict[str, Any] | list[GraphQLError]:
    """Return the variables of an operation as its resolvers see them, or at most so many errors."""
    errors = _Errors(most)
    coerced: dict[str, Any] = {}
    try:
        for definition in operation.node.variable_definitions or ():
            value = _coerce_one(definition, operation.types[name := definition.variable.name.value], raw, errors)
            if value is not Undefined:
                coerced[name] = value
    except _EnoughError:
        pass
    except RecursionError:
        errors.told.append(_error("Variables are nested too deeply.", None, BAD_INPUT, "variables"))
    return errors.told or coerced


class _Errors:
    """The errors told so far."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.told: list[GraphQLError] = []

    def add(self, error: GraphQLError) -> None:
        self.told.append(error)
        if len(self.told) == self.most:
            raise _EnoughError


def _coerce_one(node: VariableDefinitionNode, type_: GraphQLInputType, raw: dict[str, Any], errors: _Errors) -> Any:
    name = node.variable.name.value
    if name not in raw:
        if node.default_value:
            return value_from_ast(node.default_value, type_)
        if isinstance(type_, GraphQLNonNull):
            errors.add(_error(f"Variable '${name}' of type '{type_}' is required.", node, BAD_INPUT, name))
        return Undefined
    if any("\0" in text for text in _strings(raw[name])):
        errors.add(_error(f"Variable '${name}' must not contain U+0000.", node, NUL_REFUSED, name))
        return Undefined
    return coerce_input_value(raw[name], type_, partial(_tell, errors, node, type_), None, hide_suggestions=True)


def _tell(
    errors: _Errors,
    node: VariableDefinitionNode,
    type_: GraphQLInputType,
    path: list[str | int],
    value: Any,
    error: GraphQLError,
) -> None:
    """Say what is wrong at a path, in our own words or a scalar's, but never the value's."""
    name = node.variable.name.value
    where = name + print_path_list(path)
    subject = f"Variable '${name}'" + (f" at '{where}'" if path else "")
    expected = _type_at(type_, path)
    original = error.original_error
    if isinstance(original, RegistryError):
        message = f"{subject} {original.message}"
        errors.add(_error(message, node, original.code, where, original.remedy))
    elif value is None or is_leaf_type(_unwrapped(expected)):
        errors.add(_error(f"{subject} expects a value of type '{expected}'.", node, BAD_INPUT, where))
    elif error.message.endswith(f"is not defined by type '{_unwrapped(expected)}'."):
        # the field's name is the caller's own text
        message = f"{subject} has a field that type '{_unwrapped(expected)}' does not define."
        errors.add(_error(message, node, BAD_INPUT, where))
    else:  # a required field is missing, not an object, not exactly one key: the schema's names only
        errors.add(_error(f"{subject}: {error.message}", node, BAD_INPUT, where))


def _type_at(type_: GraphQLInputType, path: list[str | int]) -> GraphQLInputType:
    """Follow a path through lists and input objects to the type declared there."""
    for step in path:
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(step, int) and isinstance(inner, GraphQLList):
            type_ = inner.of_type
        else:
            while isinstance(inner, GraphQLNonNull | GraphQLList):  # one value may stand for a list of one
                inner = inner.of_type
            if isinstance(inner, GraphQLInputObjectType) and step in inner.fields:
                type_ = inner.fields[str(step)].type
    return type_


def _unwrapped(type_: GraphQLInputType) -> Any:
    inner: Any = type_  # wrappers of the library are generic in what they wrap
    while isinstance(inner, GraphQLNonNull | GraphQLList):
        inner = inner.of_type
    return inner


def _strings(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            yield current
        elif isinstance(current, list):
            pending.extend(current)
        elif isinstance(current, dict):
            pending.extend(current)
            pending.extend(current.values())


def _error(
    message: str, node: VariableDefinitionNode | None, code: str, field: str, remedy: str | None = None
) -> GraphQLError:
    extensions = {"code": code, "field": field} | ({"remedy": remedy} if remedy else {})
    return GraphQLError(message, node, extensions=extensions)
