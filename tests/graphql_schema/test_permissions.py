"""Every operation of the schema for every role and purpose: who is refused, and that the refusal stands in the log.

The documents are written from the schema, each with what it requires, so a new operation is asked the day it is added.
"""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_leaf_type,
)

from graphql_schema import schema
from registry.core.ids import KINDS, new_id, public_id
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action, Purpose, Role
from tests.nodes import Node, code_of
from tests.streams import COMPLETE, reading

pytestmark = pytest.mark.anyio
SCHEMA = schema.build()
assert SCHEMA.query_type is not None
assert SCHEMA.mutation_type is not None
QUERIES = {name: field for name, field in SCHEMA.query_type.fields.items() if name != "node"}
"""`node` asks the permission of the kind that it opens: tests/outsider/test_check_11_node.py."""
MUTATIONS = SCHEMA.mutation_type.fields
assert SCHEMA.subscription_type is not None
SUBSCRIPTIONS = SCHEMA.subscription_type.fields
OPERATIONS = QUERIES | MUTATIONS
EVERY = OPERATIONS | SUBSCRIPTIONS
KINDS_OF_OPERATIONS = {"mutation": MUTATIONS, "subscription": SUBSCRIPTIONS, "query": QUERIES}
LEAVES: dict[str, Callable[[str], Any]] = {
    "ID": lambda name: public_id(next(kind for kind in KINDS if kind in name.lower()), new_id()),
    "Int": lambda _: 1,
    "Long": lambda _: 1,
    "String": lambda _: "DEMO text",
    "Boolean": lambda _: True,
    "PartialDate": lambda _: "2016-05-01",
    "DateTime": lambda _: "2026-11-01T00:00:00Z",
    "CountryCode": lambda _: "KE",
}
"""A value of each scalar; an id says in its own name, or in its field's, of what kind it is."""


def value(type_: Any, name: str) -> Any:
    """Return a value that the schema takes: of an input object what it requires, of criteria a name."""
    if isinstance(type_, GraphQLNonNull):
        return value(type_.of_type, name)
    if isinstance(type_, GraphQLList):
        return [value(type_.of_type, name)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        required = {key: value(field.type, key) for key, field in type_.fields.items() if is_required(field)}
        return required or ({"name": "DEMO nobody"} if "name" in type_.fields else {})
    return LEAVES[type_.name](name)


def is_required(field: Any) -> bool:
    return isinstance(field.type, GraphQLNonNull)


def question(name: str) -> tuple[str, dict[str, Any]]:
    """Return a document that asks for one operation, and its variables."""
    given: dict[str, GraphQLArgument] = {key: each for key, each in EVERY[name].args.items() if is_required(each)}
    declared = ", ".join(f"${key}: {each.type}" for key, each in given.items())
    passed = ", ".join(f"{key}: ${key}" for key in given)
    kind = next(kind for kind, names in KINDS_OF_OPERATIONS.items() if name in names)
    selected = "" if is_leaf_type(get_named_type(EVERY[name].type)) else "{ __typename }"
    document = f"{kind} {f'({declared})' if given else ''} {{ it: {name}{f'({passed})' if given else ''} {selected} }}"
    return document, {key: value(each.type, name if key == "id" else key) for key, each in given.items()}


def action(name: str) -> Action:
    """Return the permission that an operation's description names."""
    return Action((EVERY[name].description or "").rpartition("Permission: ")[2].rstrip("."))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_whom_no_rule_permits_is_refused_and_the_refusal_is_entered(shared: Node, name: str, role: Role) -> None:
    document, variables = question(name)
    asked = action(name)

    for purpose in Purpose:
        answer = await shared.ask(document, variables, token=shared.token(role, purpose=purpose))

        entry = await shared.entry(answer)
        assert entry["operation"] == name
        assert entry["kind"] == ("mutation" if name in MUTATIONS else "query")
        assert (entry["purpose"], entry["officer_reference"] is not None) == (purpose.value, True)
        if rules.may(asked, {role}, purpose) and role is not Role.PARTNER_OFFICER:  # nobody is one at home
            assert "FORBIDDEN" not in answer.text, answer.text
            assert entry["body"]["events"] or entry["code"], answer.text
        else:
            assert code_of(answer) == "FORBIDDEN", answer.text
            assert (entry["outcome"], entry["code"]) == ("denied", "FORBIDDEN")
            assert [each["name"] for each in entry["body"]["events"]] == [f"{asked.value}:refused"]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", sorted(SUBSCRIPTIONS))
async def test_whom_no_rule_permits_is_told_nothing_and_the_refusal_is_entered(
    shared: Node, name: str, role: Role
) -> None:
    document, variables = question(name)

    for purpose in Purpose:
        async with reading(shared, document, variables, token=shared.token(role, purpose=purpose)) as stream:
            first = await stream.event()
        (entry,) = [each for each in await shared.entries() if each["request_id"] == stream.request_id]

        assert first is not None
        assert (entry["operation"], entry["kind"], entry["purpose"]) == (name, "subscription", purpose.value)
        if rules.may(action(name), {role}, purpose) and role is not Role.PARTNER_OFFICER:
            assert "FORBIDDEN" not in str(first.content)
            assert entry["body"]["events"]
        else:
            assert first.code == "FORBIDDEN"
            assert (entry["outcome"], entry["code"]) == ("denied", "FORBIDDEN")
            assert [each["name"] for each in entry["body"]["events"]] == [f"{action(name).value}:refused"]


@pytest.mark.parametrize("name", sorted(SUBSCRIPTIONS))
async def test_without_officer_purpose_and_case_nothing_is_told(shared: Node, name: str) -> None:
    document, variables = question(name)

    async with reading(shared, document, variables, token=shared.token(None)) as stream:
        refused, end = await stream.rest()

    assert refused.code == "CASE_CONTEXT_REQUIRED"
    assert end == COMPLETE
    (entry,) = [each for each in await shared.entries() if each["request_id"] == stream.request_id]
    assert (entry["outcome"], entry["code"]) == ("denied", "CASE_CONTEXT_REQUIRED")


@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_without_officer_purpose_and_case_nothing_of_a_person_is_told(shared: Node, name: str) -> None:
    document, variables = question(name)
    kept = await shared.kept()

    answer = await shared.ask(document, variables, by=None)

    assert code_of(answer) == "CASE_CONTEXT_REQUIRED"
    entry = await shared.entry(answer)
    assert (entry["outcome"], entry["code"]) == ("denied", "CASE_CONTEXT_REQUIRED")
    assert await shared.kept() == kept


def test_every_permission_but_a_few_is_asked_by_some_operation() -> None:
    """Exports, runs and files are commands; of changes, supervisors are asked again when they decide (test_life)."""
    commands = {Action.REGISTER_EXPORT, Action.LOG_EXPORT, Action.MISUSE_RUN, Action.MISUSE_FACTS}
    assert set(Action) - {action(name) for name in EVERY} == commands | {Action.PROFILE_LIFE_DECIDE}
