"""Outsider's check 12: whatever way leads to a guarded field, it is refused there, and each try is one entry."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

import httpx
import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
)

from registry.disclosure import rules
from registry.disclosure.vocabulary import Action, Role
from tests.factories import USUAL_PURPOSES
from tests.graphql_schema.test_permissions import MUTATIONS, SCHEMA, value
from tests.nodes import RESPONSE, Node

pytestmark = pytest.mark.anyio
assert SCHEMA.query_type is not None
OPERATIONS = SCHEMA.query_type.fields | MUTATIONS
Form = Callable[[str, str, str, str], str]
"""Makes a document of its kind, its variables' definitions, the root type and the field with all that follows it."""

FORMS: dict[str, Form] = {
    "direct": lambda kind, given, _root, field: f"{kind} Q{given} {{ {field} }}",
    "alias": lambda kind, given, _root, field: f"{kind} Q{given} {{ __typename: {field} }}",
    "fragment": lambda kind, given, root, field: f"{kind} Q{given} {{ ...F }} fragment F on {root} {{ {field} }}",
    "fragment in a fragment": lambda kind, given, root, field: (
        f"{kind} Q{given} {{ ...F }} fragment F on {root} {{ ...G }} fragment G on {root} {{ {field} }}"
    ),
    "inline fragment": lambda kind, given, root, field: f"{kind} Q{given} {{ ... on {root} {{ ... {{ {field} }} }} }}",
    "directive": lambda kind, given, root, field: (
        f"{kind} Q{given} {{ ... on {root} @include(if: true) {{ {field} }} }}"
    ),
    "one of two operations": lambda kind, given, _root, field: (
        f"query A {{ __typename }} {kind} Q{given} {{ {field} }}"
    ),
}


def permission(field: GraphQLField) -> Action | None:
    """Return the permission that a field's description names."""
    named = (field.description or "").rpartition("Permission: ")[2].rstrip(".")
    return Action(named) if named in set(Action) else None


def refused_role(asked: Action) -> Role:
    """Return a role that may not."""
    return next(role for role in Role if not rules.may(asked, {role}, USUAL_PURPOSES[role]))


KIND_OF = {"node": "profile"}
"""Fields whose name does not say of what kind their id is."""


def given(fields: Iterator[tuple[str, str, GraphQLField]]) -> tuple[str, dict[str, str], dict[str, Any]]:
    """Return definitions of the variables that these fields need, what each is passed, and their values."""
    definitions: list[str] = []
    passed: dict[str, str] = {}
    values: dict[str, Any] = {}
    for place, name, field in fields:
        needed = {key: each for key, each in field.args.items() if isinstance(each.type, GraphQLNonNull)}
        definitions += [f"${place}{key}: {each.type}" for key, each in needed.items()]
        passed[place] = f"({', '.join(f'{key}: ${place}{key}' for key in needed)})" if needed else ""
        told = KIND_OF.get(name, name)
        values |= {f"{place}{key}": value(each.type, told if key == "id" else key) for key, each in needed.items()}
    return f"({', '.join(definitions)})" if definitions else "", passed, values


def selection(field: GraphQLField) -> str:
    """Select what is deepest within reach: of a connection its nodes, of a payload what was made."""
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType)
    inner = getattr(kind, "fields", {})
    if "edges" in inner:
        return "{ edges { node { __typename } } }"
    objects = [name for name, each in inner.items() if not is_leaf_type(get_named_type(each.type)) and not each.args]
    return "{ __typename " + " ".join(f"{name} {{ __typename }}" for name in sorted(objects)[:5]) + " }"


async def check_one_refusal(node: Node, answer: httpx.Response, asked: Action, outcome: str) -> None:
    """Require that an answer refuses this permission, and that it is one entry that says so."""
    errors = answer.json()["errors"]
    assert {error["extensions"]["code"] for error in errors} == {"FORBIDDEN"}, answer.text
    entry = await node.entry(answer)
    assert (entry["outcome"], entry["code"]) == (outcome, "FORBIDDEN")
    refusals = [each["name"] for each in entry["body"]["events"] if each["name"].endswith(":refused")]
    assert refusals == [f"{asked.value}:refused"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(name for name, each in OPERATIONS.items() if permission(each)))
async def test_check_12_a_guarded_operation_is_refused_in_every_form(shared: Node, name: str, form: str) -> None:
    field = OPERATIONS[name]
    asked = permission(field)
    assert asked is not None
    kind, root = ("mutation", "Mutation") if name in MUTATIONS else ("query", "Query")
    definitions, passed, values = given(iter([("", name, field)]))
    document = FORMS[form](kind, definitions, root, f"{name}{passed['']} {selection(field)}")
    kept, length = await shared.kept(), await shared.length()

    answer = await shared.ask(document, values, by=refused_role(asked), operationName="Q")

    await check_one_refusal(shared, answer, asked, "denied")
    assert not any((answer.json()["data"] or {}).values())
    assert await shared.length() == length + 1
    assert await shared.kept() | {"meters": 0} == kept | {"meters": 0}  # what is refused costs as well


SUBSCRIPTIONS = SCHEMA.subscription_type.fields if SCHEMA.subscription_type else {}


@pytest.mark.parametrize("form", ["direct", "alias", "fragment", "inline fragment", "one of two operations"])
@pytest.mark.parametrize("name", sorted(SUBSCRIPTIONS))
async def test_check_12_a_guarded_subscription_is_refused_before_anything_is_told(
    shared: Node, name: str, form: str
) -> None:
    field = SUBSCRIPTIONS[name]
    asked = permission(field)
    assert asked is not None, "a subscription without a permission"
    definitions, passed, values = given(iter([("", name, field)]))
    document = FORMS[form]("subscription", definitions, "Subscription", f"{name}{passed['']} {{ __typename }}")
    length = await shared.length()

    answer = await shared.ask(
        document, values, by=refused_role(asked), operationName="Q", accept=f"text/event-stream, {RESPONSE}"
    )

    assert "FORBIDDEN" in answer.text
    assert get_named_type(field.type).name not in answer.text
    entry = await shared.entry(answer)
    assert (entry["outcome"], entry["code"]) == ("denied", "FORBIDDEN")
    assert [each["name"] for each in entry["body"]["events"]] == [f"{asked.value}:refused"]
    assert await shared.length() == length + 1


class Way(NamedTuple):
    """A way from a root field to a guarded field below it."""

    root: str
    steps: tuple[str, ...]
    type: str
    guarded: str

    def __str__(self) -> str:
        return ".".join((self.root, *self.steps, self.guarded))


def ways() -> Iterator[Way]:
    """Find the shortest way from every root field to every guarded field that is not at the root."""
    for root, field in OPERATIONS.items():
        seen: set[str] = set()
        level: list[tuple[Any, tuple[str, ...]]] = [(get_named_type(field.type), ())]
        while level:
            following: list[tuple[Any, tuple[str, ...]]] = []
            for kind, steps in level:
                for concrete, by in _concrete(kind, steps):
                    if concrete.name in seen:
                        continue
                    seen.add(concrete.name)
                    for name, each in concrete.fields.items():
                        if permission(each):
                            yield Way(root, by, concrete.name, name)
                        elif not any(isinstance(given.type, GraphQLNonNull) for given in each.args.values()):
                            following.append((get_named_type(each.type), (*by, name)))
            level = following


def _concrete(kind: Any, steps: tuple[str, ...]) -> Iterator[tuple[GraphQLObjectType, tuple[str, ...]]]:
    """Yield the object types behind a type; of an interface or a union each, by a fragment on it."""
    if isinstance(kind, GraphQLObjectType):
        yield kind, steps
    elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        for each in SCHEMA.get_possible_types(kind):
            yield each, (*steps, f"... on {each.name}")


WAYS = sorted(ways(), key=str)
BELOW: dict[str, Callable[[str, str], str]] = {
    "direct": lambda field, _type: field,
    "alias": lambda field, _type: f"__typename: {field}",
    "fragment": lambda field, type_: f"... on {type_} {{ {field} }}",
}


def test_check_12_there_is_a_guarded_field_below_a_page_of_hits_and_below_a_profile() -> None:
    """A control of the search for ways: it finds those that are known."""
    known = {"profile.duplicates", "search.edges.node.profile.duplicates", "node.... on Profile.duplicates"}

    assert known <= set(map(str, WAYS))


@pytest.mark.parametrize(("way", "form"), list(product(WAYS, BELOW)), ids=str)
async def test_check_12_a_guarded_field_is_refused_wherever_its_type_is_reached(
    shared: Node, way: Way, form: str
) -> None:
    asked = permission(SCHEMA.type_map[way.type].fields[way.guarded])  # type: ignore[attr-defined]  # an object type
    root = permission(OPERATIONS[way.root])
    assert asked is not None
    roles = [role for role in Role if not rules.may(asked, {role}, USUAL_PURPOSES[role])]
    admitted = [role for role in roles if root is None or rules.may(root, {role}, USUAL_PURPOSES[role])]
    kind = "mutation" if way.root in MUTATIONS else "query"
    definitions, passed, values = given(iter([("", way.root, OPERATIONS[way.root])]))
    values = reaching(shared, way.root, values)
    inner = BELOW[form](f"{way.guarded} {{ __typename }}", way.type)
    for step in reversed(way.steps):
        inner = f"{step} {{ {inner} }}"
    document = f"{kind} Q{definitions} {{ {way.root}{passed['']} {{ {inner} }} }}"

    answer = await shared.ask(document, values, by=admitted[0] if admitted else roles[0])

    entry = await shared.entry(answer)
    reached = '":refused"' in str(entry["body"]) or "FORBIDDEN" in answer.text
    if admitted and way.root in REACHED:
        assert reached, answer.text
        await check_one_refusal(shared, answer, asked, "partial")
    assert "likely" not in answer.text
    assert '"__typename":"Duplicate"' not in answer.text


REACHED = ("profile", "node", "search")
"""Ways along which the small register holds somebody."""


def reaching(node: Node, root: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return values that reach somebody where they can."""
    known: dict[str, dict[str, Any]] = {
        "profile": {"id": node.profile_id()},
        "node": {"id": node.profile_id()},
        "search": {"criteria": {"name": "Juma Mwakio"}, "first": 1},
    }
    return values | known.get(root, {})


@pytest.mark.parametrize("name", sorted(OPERATIONS))
async def test_check_12_without_officer_purpose_case_and_legal_basis_nobody_is_opened_whoever_is_named(
    shared: Node, name: str
) -> None:
    """Every query and mutation of the schema, asked about somebody who is there, as deeply as it goes."""
    field = OPERATIONS[name]
    definitions, passed, values = given(iter([("", name, field)]))
    values = reaching(shared, name, values)
    kind = "mutation" if name in MUTATIONS else "query"
    kept = await shared.kept()

    answer = await shared.ask(f"{kind} Q{definitions} {{ {name}{passed['']} {selection(field)} }}", values, by=None)

    assert {each["extensions"]["code"] for each in answer.json()["errors"]} == {"CASE_CONTEXT_REQUIRED"}
    assert not any((answer.json()["data"] or {}).values())
    assert not [each for each in ("Mwakio", "1971", "712345678", "INV1234567", "Kwale") if each in answer.text]
    assert await shared.kept() == kept
