"""A stranger with every right asks what the schema allows: never our mistake, nothing unmasked, nothing without end.

schemathesis draws the questions of every root field: the same ones each time, and some with a fresh seed, which a
failure shows; ``python -m bench.stranger --cases 10000`` asks longer.
"""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from graphql_schema.limits import Limits
from graphql_schema.scalars import SPECIFICATIONS
from registry.disclosure.vocabulary import Purpose
from tests.nodes import RESPONSE, Node, running, standing
from tests.stranger.asking import MUTATIONS, QUERIES, RAISED, SCALARS, Case, Seen, asked, drawn, unlogged, wrong
from tests.stranger.furnishing import SEARCH, Found, furnish, token

pytestmark = pytest.mark.anyio
FIXED, FRESH, CHANGES = 8, 4, 3
"""Questions of each root field."""
MOST_EMPTY = 5
"""Root fields that few cases may find nothing of: two moments seldom fit, nor an index and a reason."""
PEOPLE = 30
QUICKLY_SPENT = {"records_per_hour": 20, "cost_per_minute": 2_000}


class Furnished(NamedTuple):
    """A node that knows something of everything."""

    node: Node
    found: Found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def furnished(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Furnished]:
    """A node whose budgets nobody can spend."""
    folder = tmp_path_factory.mktemp("stranger")
    async with standing(request.param, request, folder, limits=RAISED) as node:
        yield Furnished(node, await furnish(node, PEOPLE, folder))


async def ask(furnished: Furnished, names: tuple[str, ...], count: int, seed: int) -> Seen:
    cases = [case for name in names for case in drawn(name, count, seed)]
    return await asked(furnished.node, furnished.found, cases, Limits(**RAISED))


async def test_every_question_is_answered_or_refused_in_our_own_words(furnished: Furnished) -> None:
    seen = await ask(furnished, QUERIES, FIXED, seed=14)

    assert seen.complaints == []
    assert seen.cases >= len(QUERIES) * FIXED
    assert len(seen.answered) >= len(QUERIES) - MOST_EMPTY, seen.codes
    assert {"NOT_FOUND", "ID_MALFORMED", "PAGE_SIZE"} <= set(seen.codes)


async def test_so_is_every_question_of_a_fresh_seed(furnished: Furnished) -> None:
    seed = secrets.randbits(32)

    seen = await ask(furnished, QUERIES, FRESH, seed)

    assert seen.complaints == [], f"seed {seed}"


async def test_no_change_whatever_its_input_is_our_mistake(furnished: Furnished) -> None:
    seed = secrets.randbits(32)

    seen = await ask(furnished, MUTATIONS, CHANGES, seed)

    assert seen.complaints == [], f"seed {seed}"
    assert seen.answered


async def test_whoever_asks_without_end_is_stopped_by_the_budgets(database_url: str, tmp_path: Path) -> None:
    shown, codes = 0, set[str]()
    async with running(database_url, tmp_path / "keys", limits=QUICKLY_SPENT) as node:
        await furnish(node, PEOPLE, tmp_path)

        for _ in range(60):
            answer = (await node.ask(SEARCH, token=token(node, Purpose.MISSING_CHILD))).json()
            shown += answer.get("extensions", {}).get("records", {}).get("shown", 0)
            codes |= {each["extensions"]["code"] for each in answer.get("errors", ())}

    assert 0 < shown <= QUICKLY_SPENT["records_per_hour"]
    assert {"RECORDS_SPENT"} <= codes <= {"RECORDS_SPENT", "RATE_LIMITED"}


# Can it fail? --------------------------------------------------------------------------------------------------

COST = {"extensions": {"cost": {"requested": 2, "actual": 1}}}


def error(**changes: Any) -> dict[str, Any]:
    return {"errors": [{"message": "no such thing", "extensions": {"code": "NOT_FOUND", "requestId": "r1"}} | changes]}


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, {"data": {"page": {"edges": [None] * 100}}} | COST, []),
        (200, error() | {"data": None} | COST, []),
        (502, {"data": {}} | COST, ["status 502"]),
        (200, {"data": {"page": {"edges": [None] * 101}}} | COST, ["a list of 101 edges"]),
        (200, {"data": {"names": [None] * 1_001}} | COST, ["a list of 1001 names"]),
        (200, {"data": {"text": "x" * 5_000_001}} | COST, ["5000"]),
        (200, {"data": {}}, ["says nothing of its cost"]),
        (200, {"data": {}, "extensions": {"cost": {"requested": 1, "actual": 2}}}, ["costs"]),
        (200, {"data": {}, "extensions": {"cost": {"requested": 1_001, "actual": 2}}}, ["costs"]),
        (200, error(extensions={"code": "INTERNAL", "requestId": "r1"}), ["code INTERNAL"]),
        (200, error(extensions={"code": "UNHEARD_OF", "requestId": "r1"}), ["code UNHEARD_OF"]),
        (200, error(extensions={"code": "NOT_FOUND", "requestId": "r2"}), ["no request id"]),
        (200, error(extensions={}), ["code None", "no request id"]),
        (200, error(message="no such column: match_records.sex"), ["tells of our insides"]),
        (200, error(message="KeyError in profiles.py"), ["tells of our insides"]),
    ],
)
def test_what_an_answer_may_not_be_is_complained_of(status: int, body: dict[str, Any], told: list[str]) -> None:
    answer = httpx.Response(status, json=body, headers={"x-request-id": "r1", "content-type": RESPONSE})

    complaints = list(wrong(answer, Limits()))

    assert len(complaints) == len(told)
    assert all(each.startswith(start) for each, start in zip(complaints, told, strict=True))


def test_an_answer_that_is_no_answer_of_graphql_is_complained_of() -> None:
    answer = httpx.Response(500, text="Internal Server Error")

    assert list(wrong(answer, Limits())) == ["status 500", "is of type text/plain; charset=utf-8"]


async def test_an_answer_without_its_one_entry_is_complained_of(furnished: Furnished) -> None:
    answer = await furnished.node.ask(SEARCH, token=token(furnished.node, Purpose.MISSING_CHILD))
    case = Case("search", Purpose.MISSING_CHILD, SEARCH, 0)
    entered = answer.headers["x-request-id"]

    fine = await unlogged(furnished.node, {entered: (case, SEARCH, None)})
    missing = await unlogged(furnished.node, {"nowhere": (case, SEARCH, None)})
    other = await unlogged(furnished.node, {entered: (case, SEARCH, "NOT_FOUND")})

    assert fine == []
    assert [each.partition("\n")[0] for each in (*missing, *other)] == [
        "search: 0 entries", "search: answered NOT_FOUND, entered None",
    ]  # fmt: skip


def test_every_scalar_of_ours_has_values_good_and_bad() -> None:
    assert set(SCALARS) == set(SPECIFICATIONS)
    assert all(len(each) > 2 for each in SCALARS.values())


def test_questions_of_one_seed_are_the_same_ones() -> None:
    first, again, others = (drawn("search", 5, seed) for seed in (1, 1, 2))

    assert first == again
    assert first != others
