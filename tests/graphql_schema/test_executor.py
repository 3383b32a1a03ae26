"""The executor answers exactly as graphql-core does, only sooner."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import graphene
import pytest
from graphql import Undefined, parse

from graphql_schema.documents import PLAN_VARIANTS, DocumentStore, _describe
from graphql_schema.executor import counters, execute
from graphql_schema.limits import Limits
from registry.core.errors import NotFound
from tests.graphql_schema.differential import read, run, stock, told
from tests.graphql_schema.invented import SCHEMA, Kind


@dataclass(slots=True)
class Counted:
    """What the plans did while a test ran."""

    hits: int = 0
    bails: int = 0


@pytest.fixture
def counted() -> Callable[[], Counted]:
    hits, bails = counters.plan_hits, counters.plan_bails
    return lambda: Counted(counters.plan_hits - hits, counters.plan_bails - bails)


def person(**values: Any) -> SimpleNamespace:
    names = {
        "id": "p1",
        "family_name": "Example",
        "children_count": 0,
        "is_listed": True,
        "aliases": (),
        "former": (),
    }
    return SimpleNamespace(**names | values)


def alias(full: Any = "Ann Example", **values: Any) -> SimpleNamespace:
    return SimpleNamespace(**{"full": full, "script": None, "kind": Kind.BIRTH} | values)


# What a plan answers ------------------------------------------------------------------------------------------


def test_a_tree_of_attributes_is_answered_by_one_plan(counted: Callable[[], Counted]) -> None:
    document = read("{ people { id name: familyName aliases { full kind } spouse { isListed __typename } } }")
    root = SimpleNamespace(people=[person(aliases=[alias()], spouse=person()), person(spouse=person())])

    result = run(document, root)

    assert told(result) == told(stock(document, root))
    assert result.errors is None
    assert counted() == Counted(hits=1, bails=0)


def test_a_plan_is_compiled_once_for_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    document = read("{ person { id spouse { id } } }")
    root = SimpleNamespace(person=person(spouse=person()))
    run(document, root)
    monkeypatch.setattr("graphql_schema.executor.compile_plan", None)

    result = run(document, root)

    assert result.data == {"person": {"id": "p1", "spouse": {"id": "p1"}}}


def test_compiling_can_be_switched_off(counted: Callable[[], Counted]) -> None:
    document = read("{ person { id } }")

    result = run(document, SimpleNamespace(person=person()), compiled=False)

    assert result.data == {"person": {"id": "p1"}}
    assert counted() == Counted()


def test_variables_that_decide_the_selection_decide_the_plan() -> None:
    document = read("query ($full: Boolean!) { person { id familyName @include(if: $full) } }")
    root = SimpleNamespace(person=person())

    answers = [run(document, root, {"full": full}).data for full in (True, False, True)]

    named = {"person": {"id": "p1", "familyName": "Example"}}
    assert answers == [named, {"person": {"id": "p1"}}, named]


def test_null_in_a_directive_is_the_librarys_error_of_each_item() -> None:
    document = read(
        "query ($b: Boolean = true) { people { id spouse { id @skip(if: $b) } mother { id @skip(if: $b) } } }"
    )
    people = [person(spouse=person(), mother=None), person(spouse=person(), mother=person())]

    result = run(document, SimpleNamespace(people=people), {"b": None})

    assert told(result) == told(stock(document, SimpleNamespace(people=people), {"b": None}))
    assert result.errors


def test_a_document_with_too_many_settings_is_executed_without_plans(counted: Callable[[], Counted]) -> None:
    names = "abcde"
    fields = " ".join(f"{name}: id @skip(if: ${name})" for name in names)
    document = read(f"query ({' '.join(f'${name}: Boolean!' for name in names)}) {{ person {{ id {fields} }} }}")
    root = SimpleNamespace(person=person())

    for setting in range(2 ** len(names)):
        variables = {name: bool(setting >> bit & 1) for bit, name in enumerate(names)}
        assert told(run(document, root, variables)) == told(stock(document, root, variables))

    assert counted() == Counted(hits=PLAN_VARIANTS, bails=0)


def test_response_keys_cannot_break_out_of_the_text() -> None:
    document = read("{ person { id } }")
    node = document.operation(None).node.selection_set.selections[0].selection_set.selections[0]  # type: ignore[attr-defined]
    node.name.value = "id"
    node.alias = SimpleNamespace(value="'+__import__('os').name+'")

    result = run(document, SimpleNamespace(person=person()))

    assert result.data == {"person": {"'+__import__('os').name+'": "p1"}}


# What is left to the library ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        ValueError("broken"),
        NotFound("not found"),
        Undefined,
        {"full": "a dict"},
        "text",
        [],
        SimpleNamespace(),
        alias(full=None),
        alias(full=ValueError("inside")),
        alias(full=NotFound("a custom exception has a text too")),
        alias(kind="DIVORCED"),
        alias(kind=[]),
        alias(script=object()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_broken_item_has_the_librarys_error_and_leaves_its_neighbours_alone(
    broken: Any, counted: Callable[[], Counted]
) -> None:
    document = read("{ person { former { full script kind } aliases { full __typename } } }")
    root = SimpleNamespace(person=person(former=[alias(), broken, alias()], aliases=(alias(),)))

    result = run(document, root)

    assert told(result) == told(stock(document, root))
    assert counted().bails >= 1
    assert counted().hits >= 1


@pytest.mark.parametrize("broken", [None, ValueError("broken"), Undefined], ids=repr)
def test_what_is_no_object_is_never_answered_as_one_without_attributes(broken: Any) -> None:
    document = read("{ person { aliases { __typename } } }")
    root = SimpleNamespace(person=person(aliases=[alias(), broken]))

    result = run(document, root)

    assert told(result) == told(stock(document, root))
    assert result.errors


@pytest.mark.parametrize("born", [1970, -5, "1970", None, True, ValueError("x"), Undefined], ids=repr)
def test_a_scalar_decides_for_itself_what_it_serialises(born: Any) -> None:
    document = read("{ person { id born } }")
    root = SimpleNamespace(person=person(born=born))

    assert told(run(document, root)) == told(stock(document, root))


@pytest.mark.parametrize("aliases", [None, {1}, "text", 5, ValueError("x"), {"a": 1}], ids=repr)
def test_a_list_that_is_none_has_the_librarys_error(aliases: Any) -> None:
    document = read("{ person { id aliases { full } former { full } tags } }")
    root = SimpleNamespace(person=person(aliases=aliases, former=aliases, tags=aliases))

    assert told(run(document, root)) == told(stock(document, root))


def test_a_field_with_a_resolver_runs_once_and_only_through_the_library(counted: Callable[[], Counted]) -> None:
    document = read('{ people { guarded id title(prefix: "Prof") aliases { full } t2: title } }')
    root = SimpleNamespace(people=[person(children_count=3, aliases=[alias()]), person()])

    result = run(document, root)

    assert told(result) == told(stock(document, root))
    assert [error.message for error in result.errors or []] == ["not found"]
    assert list((result.data or {})["people"][0]) == ["guarded", "id", "title", "aliases", "t2"]
    assert counted() == Counted(hits=2, bails=0)


def test_below_a_resolver_plans_are_tried_again(counted: Callable[[], Counted]) -> None:
    document = read("{ person { guardedAliases { full } } }")
    root = SimpleNamespace(person=person(former=[alias(), alias()]))

    result = run(document, root)

    assert told(result) == told(stock(document, root))
    assert counted() == Counted(hits=1, bails=0)


@pytest.mark.parametrize("impostor", [False, True])
def test_a_type_that_tests_its_objects_tests_them_before_a_plan(impostor: bool) -> None:
    document = read("{ person { camp { tents } camps { tents } place { country ... on Camp { tents } } } }")
    camp = SimpleNamespace(typename="Camp", country="XX", tents=2)
    if impostor:
        camp.impostor = True
    root = SimpleNamespace(person=person(camp=camp, camps=[camp, None], place=camp))

    assert told(run(document, root)) == told(stock(document, root))


def test_introspection_is_the_librarys() -> None:
    document = read('{ __typename __type(name: "Person") { name fields { name } } __schema { types { name } } }')

    assert told(run(document, None)) == told(stock(document, None))


def test_selections_nested_beyond_the_stack_are_an_error_of_the_document() -> None:
    source = "{ person { id ...F0 } } " + " ".join(
        f"fragment F{n} on Person {{ mother {{ id ...F{n + 1} }} }}" for n in range(400)
    )
    document = read(source + " fragment F400 on Person { id }")
    someone = person()
    someone.mother = someone

    result = run(document, SimpleNamespace(person=someone))

    assert result.errors


def test_null_that_rises_to_the_top_leaves_no_data() -> None:
    class Root(graphene.ObjectType):
        needed = graphene.String(required=True)

    schema = graphene.Schema(query=Root).graphql_schema
    document = _describe(schema, parse("{ needed }"), "")

    result = execute(document, document.operation(None), root=None, context=None, variables={}, schema=schema)

    assert result.data is None
    assert [error.message for error in result.errors or []] == [
        "Cannot return null for non-nullable field Root.needed."
    ]


# Awaitables ---------------------------------------------------------------------------------------------------


class Promise:
    def __await__(self) -> Iterator[None]:
        yield


async def waits() -> str:
    return "never"


@pytest.mark.parametrize("make", [waits, Promise])
@pytest.mark.parametrize("place", ["id", "familyName", "mother { __typename }", "camp { __typename }", "born"])
def test_an_awaitable_in_an_attribute_is_refused_and_never_answered(make: Callable[[], Any], place: str) -> None:
    name = {"familyName": "family_name"}.get(place, place.split(maxsplit=1)[0])
    document = read(f"{{ person {{ isListed {place} }} }}")

    result = run(document, SimpleNamespace(person=person(**{name: make()})))

    assert "awaitable" in str(result.errors)
    assert "coroutine" not in repr(result.data)


@pytest.mark.parametrize("make", [waits, Promise])
@pytest.mark.parametrize("place", ["former { __typename }", "camps { __typename }", "tags", "aliases { full }"])
def test_an_awaitable_in_a_list_is_refused_and_never_answered(make: Callable[[], Any], place: str) -> None:
    document = read(f"{{ person {{ isListed {place} }} }}")

    result = run(document, SimpleNamespace(person=person(**{place.split(maxsplit=1)[0]: [make()]})))

    assert "awaitable" in str(result.errors)
    assert "coroutine" not in repr(result.data)


def test_plans_need_no_event_loop_and_disturb_none() -> None:
    document = read("{ person { id } }")

    async def ask() -> Any:
        return run(document, SimpleNamespace(person=person())).data

    assert asyncio.run(ask()) == {"person": {"id": "p1"}}


# Kept ----------------------------------------------------------------------------------------------------------


def test_plans_are_kept_with_the_stored_document() -> None:
    store = DocumentStore(SCHEMA, Limits())
    document = store.get("{ person { id } }", introspection=False)

    run(document, SimpleNamespace(person=person()))

    assert len(store.get("{ person { id } }", introspection=False)._plans[()]) == 1
