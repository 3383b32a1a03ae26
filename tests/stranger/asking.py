"""A stranger with every right: questions that schemathesis makes of the published schema, and what no answer may be.

    cases = drawn("search", count=400, seed=14)             documents, each for a purpose that opens the question
    seen = await asked(node, found, cases)                  sent one after the other
    seen.complaints                                         no 5xx, nothing unmasked, nothing beyond the limits

Half of the values are as schemathesis draws them. The others are made real: ids, numbers and cursors that the node has
told, page sizes that may be asked, names that somebody bears; otherwise everybody would answer that nothing is there.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from time import perf_counter
from typing import Any

import httpx
import schemathesis
import sqlalchemy as sa
from graphql import (
    ArgumentNode,
    EnumValueNode,
    FieldNode,
    GraphQLObjectType,
    IntValueNode,
    ListValueNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    ValueNode,
    introspection_from_schema,
    parse,
    print_ast,
)
from hypothesis import HealthCheck, Phase, given, seed as seeded, settings, strategies as st
from schemathesis import GenerationMode

from graphql_schema import schema
from graphql_schema.limits import Limits
from registry.audit.models import entries
from registry.audit.quotas import QUOTAS
from registry.core.errors import RegistryError
from registry.core.ids import KINDS, kind_of
from registry.disclosure.rules import PURPOSES
from registry.disclosure.vocabulary import Action, Purpose
from tests.malformed.asking import INTERNALS
from tests.nodes import RESPONSE, Node, tables
from tests.registry.test_errors_page import codes_told
from tests.stranger.furnishing import Found, token

SCHEMA = schema.build()
assert SCHEMA.query_type is not None
assert SCHEMA.mutation_type is not None
QUERIES, MUTATIONS = tuple(SCHEMA.query_type.fields), tuple(SCHEMA.mutation_type.fields)

RAISED = {quota.name: 10**9 for quota in QUOTAS}
"""Rows of the limits table that one officer who asks thousands of questions would exceed, as he should."""
REAL = (0.0, 0.5, 1.0, 1.0)
"""How many of a question's values are made real."""
OURS = frozenset({"INTERNAL", "UNAVAILABLE", "LOG_UNAVAILABLE", "TIMEOUT", "RESPONSE_TOO_LARGE"})
"""Codes that an answer to a question of a few lines never has: the mistake would be ours."""
MOST_ITEMS = 1_000
"""Of a list that is no page: rows of a screening that could not be read are told up to the thousandth."""

SCALARS = {
    "PartialDate": ("1971-05-17", "1971-05", "1990", "2015/2016-03", "2026-11-21", "0000", ""),
    "DateTime": (
        "2026-11-21T08:00:00Z",
        "2026-11-21T12:00:00+03:00",
        "2030-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "x",
    ),
    "CountryCode": ("KE", "TZ", "XX"),
    "LanguageTag": ("en", "sw", "sw-KE", "xx", ""),
    "Long": ("0", "1", "7", "9007199254740992", "-1"),
}

MODES = [GenerationMode.POSITIVE] * 7 + [GenerationMode.NEGATIVE]
SENSIBLE: dict[str, list[Any]] = {
    "first": [1, 2, 5, 10, 25, 100],
    "name": ["Juma Mwakio", "Wanjiru Njeri", "Otieno"],
    "full": ["Juma Hamisi Mwakio", "DEMO Somebody New"],
    "birthDate": ["1971-05-17", "1990", "1980"],
    "nationality": ["KE"],
    "country": ["KE"],
    "value": ["INV1234567", "DEMO7777771"],
    "phone": ["+254712345678"],
    "email": ["juma@mail.example"],
    "platform": ["invented"],
    "handle": ["mwakio_71"],
    "plate": ["KBZ 437D", "KBZ 4?7*"],
    "place": ["upper arm", "mkono wa kushoto"],
    "description": ["scorpion"],
    "county": ["Kwale", "Nyeri"],
    "latitude": [-4],
    "longitude": [39],
    "radiusKm": [5],
    "asOf": ["2026-11-01", "2020"],
    "knownAt": ["2026-11-21T08:00:00Z"],
    "since": ["2026-01-01T00:00:00Z"],
    "until": ["2026-11-21T08:59:00Z"],
    "reason": ["An invented reason"],
    "note": ["An invented note"],
    "client": ["ke-invented-desk"],
    "text": ["{ __typename }", "{ offices { owner } }"],
}
"""What somebody who knows the register would write, by the name of the argument or member."""
OPTIONAL = frozenset({"after", "asOf", "knownAt", "state", "filter", "shown", "modusOperandi", "subCounty", "part"})
LEFT_OUT = 0.7
"""What is seldom given together, because little fits it all, and how often it is left out."""


def _register() -> None:
    """Tell schemathesis what our scalars look like."""
    for name, texts in SCALARS.items():
        made = [IntValueNode(value=text) if name == "Long" else StringValueNode(value=text) for text in texts]
        schemathesis.graphql.scalar(name, st.sampled_from(made))


_register()


@dataclass(frozen=True, slots=True)
class Case:
    """One question."""

    name: str
    purpose: Purpose
    document: str
    seed: int
    """Decides what of it is made real."""
    valid: bool = True
    """One in eight breaks a rule of the schema, and stays as it is."""


@dataclass
class Seen:
    """What came of the questions."""

    cases: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    """Answers with data, by question."""
    codes: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    slowest: float = 0.0
    longest: int = 0


# Questions -----------------------------------------------------------------------------------------------------


@cache
def _api() -> Any:  # Any: schemathesis' own schema
    return schemathesis.graphql.from_dict(dict(introspection_from_schema(SCHEMA)))


def field_of(name: str) -> Any:
    """Return the root field of that name."""
    parents: list[GraphQLObjectType | None] = [SCHEMA.query_type, SCHEMA.mutation_type]
    return next(each.fields[name] for each in parents if each is not None and name in each.fields)


def purposes_of(name: str) -> list[Purpose]:
    """Return the purposes that open a question; its description says which permission it needs."""
    words = (field_of(name).description or "").rpartition("Permission: ")[2].rstrip(".")
    known = {each.value for each in Action}
    return sorted(PURPOSES[Action(words)]) if words in known else sorted(Purpose)


def drawn(name: str, count: int, seed: int) -> list[Case]:
    """Draw questions of one root field; the same for the same seed."""
    cases: list[Case] = []
    operation = _api()["Mutation" if name in MUTATIONS else "Query"][name]

    def made(mode: GenerationMode) -> Any:  # Any: hypothesis' strategy
        return st.tuples(st.just(mode is GenerationMode.POSITIVE), operation.as_strategy(mode))

    @seeded(seed)
    @settings(max_examples=count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.sampled_from(MODES).flatmap(made), st.sampled_from(purposes_of(name)), st.integers(0, 2**32))
    def draw(case: tuple[bool, Any], purpose: Purpose, own: int) -> None:
        valid, question = case
        cases.append(Case(name, purpose, question.body, own, valid))

    draw()
    return cases


def real(case: Case, found: Found) -> str:
    """Return a case's document with about half of its values made real."""
    document = parse(case.document)
    chance = random.Random(case.seed)
    maker = _Maker(chance, found, chance.choice(REAL))
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            for node in definition.selection_set.selections:
                if isinstance(node, FieldNode):
                    node.arguments = tuple(maker.arguments(node))
    return print_ast(document)


@dataclass
class _Maker:
    """Puts real values in the place of drawn ones."""

    random: random.Random
    found: Found
    share: float

    def arguments(self, node: FieldNode) -> Iterator[ArgumentNode]:
        for each in node.arguments:
            name = each.name.value
            if name in OPTIONAL and self.random.random() < self.share * LEFT_OUT:
                continue
            yield ArgumentNode(name=each.name, value=self.value(name, each.value, node.name.value))

    def value(self, name: str, node: ValueNode, question: str) -> ValueNode:
        if isinstance(node, ObjectValueNode):
            kept = [
                each for each in node.fields
                if each.name.value not in OPTIONAL or self.random.random() >= self.share * LEFT_OUT
            ]  # fmt: skip
            return ObjectValueNode(fields=tuple(self._member(each, question) for each in kept))
        if isinstance(node, ListValueNode):
            return ListValueNode(values=tuple(self.value(name, each, question) for each in node.values))
        chosen = self.known(name, question) if self.random.random() < self.share else []
        if not chosen or isinstance(node, EnumValueNode):
            return node
        value = self.random.choice(chosen)
        return IntValueNode(value=str(value)) if isinstance(value, int) else StringValueNode(value=value)

    def _member(self, node: ObjectFieldNode, question: str) -> ObjectFieldNode:
        return ObjectFieldNode(
            name=NameNode(value=node.name.value), value=self.value(node.name.value, node.value, question)
        )  # fmt: skip

    def known(self, name: str, question: str) -> list[Any]:
        """Return real values for an argument or member of that name."""
        found = self.found
        told: dict[str, list[Any]] = {
            "after": found.cursors.get(question, []), "entry": found.entries, "number": found.numbers,
        }  # fmt: skip
        if name == "requestId" and "xplanation" in question:
            return found.requests
        if name in told or name in SENSIBLE:
            return told.get(name) or SENSIBLE.get(name, [])
        if question == "node":
            return [each for some in found.ids.values() for each in some]
        if name != "id" and not name.endswith(("Id", "Ids")):
            return found.ids["profile"] if name == "against" else []
        lower = (question if name == "id" else name).lower()
        return found.ids.get(next((kind for kind in KINDS if kind in lower), ""), [])


# Answers -------------------------------------------------------------------------------------------------------


async def asked(node: Node, found: Found, cases: list[Case], limits: Limits) -> Seen:
    """Ask everything, one after the other; then look at the log."""
    seen, told = Seen(), dict[str, tuple[Case, str, str | None]]()
    for case in cases:
        document = real(case, found) if case.valid else case.document
        begun = perf_counter()
        answer = await node.ask(document, token=token(node, case.purpose))
        took = perf_counter() - begun
        seen.cases += 1
        seen.slowest, seen.longest = max(seen.slowest, took), max(seen.longest, len(answer.content))
        complaints = list(wrong(answer, limits))
        if took > limits.operation_seconds:
            complaints.append(f"took {took:.1f} s")
        seen.complaints += [f"{case.name} for {case.purpose}: {each}\n{document}" for each in complaints]
        told[answer.headers.get("x-request-id", "")] = (case, document, _learn(answer, case, found, seen))
    seen.complaints += await unlogged(node, told)
    return seen


def _learn(answer: httpx.Response, case: Case, found: Found, seen: Seen) -> str | None:
    """Keep what later questions may name; return the code by which the log should have entered the answer."""
    body = answer.json() if answer.headers["content-type"].startswith(RESPONSE) else {}
    codes = [each.get("extensions", {}).get("code") for each in body.get("errors", ())]
    seen.codes.update(codes)
    data = body.get("data") or {}
    if any(each is not None for each in data.values()):
        seen.answered[case.name] += 1
        if case.name == "search" and not codes:
            found.requests.append(answer.headers["x-request-id"])
    for key, value in _leaves(data):
        if key == "endCursor" and isinstance(value, str):
            found.cursors.setdefault(case.name, []).append(value)
        if key == "id" and case.name in MUTATIONS and isinstance(value, str):
            with suppress(RegistryError):  # of a thing that has no public id
                found.ids.setdefault(kind_of(value), []).append(value)
    refused = [each["code"] for payload in data.values() if isinstance(payload, dict)
               for each in payload.get("userErrors") or () if "code" in each]  # fmt: skip
    return next(iter([*codes, *refused]), None)


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _leaves(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, key)
    else:
        yield key, value


def wrong(answer: httpx.Response, limits: Limits) -> Iterator[str]:
    """Tell what is wrong with an answer."""
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    if len(answer.content) > limits.response_bytes:
        yield f"{len(answer.content)} bytes"
    if not answer.headers["content-type"].startswith(RESPONSE):
        yield f"is of type {answer.headers['content-type']}"
        return
    body = answer.json()
    request_id = answer.headers.get("x-request-id")
    for error in body.get("errors", ()):
        yield from _unmasked(error, request_id)
    for name, length in _lists(body.get("data") or {}):
        if length > (limits.page if name == "edges" else MOST_ITEMS):
            yield f"a list of {length} {name}"
    cost = body.get("extensions", {}).get("cost")
    if "data" in body and cost is None:
        yield "says nothing of its cost"
    if cost is not None and not 0 <= cost["actual"] <= cost["requested"] <= limits.cost:
        yield f"costs {cost}"


def _unmasked(error: dict[str, Any], request_id: str | None) -> Iterator[str]:
    """Tell what an error says that it must not, or leaves out."""
    extensions, text = error.get("extensions", {}), str(error)
    code = extensions.get("code")
    if code not in codes_told() or code in OURS:
        yield f"code {code}: {error}"
    if extensions.get("requestId") != request_id:
        yield f"no request id: {error}"
    if INTERNALS.search(text) or any("_" in each and each in text for each in tables()):
        yield f"tells of our insides: {error}"


def _lists(value: Any, key: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _lists(each, name)
    elif isinstance(value, list):
        yield key, len(value)
        for each in value:
            yield from _lists(each, key)


async def unlogged(node: Node, told: dict[str, tuple[Case, str, str | None]]) -> list[str]:
    """Tell of answers that left no entry, several, or one with another code."""

    def read(connection: sa.Connection) -> list[tuple[str, str | None]]:
        found = connection.execute(sa.select(entries.c.request_id, entries.c.code))
        return [(row.request_id, row.code) for row in found if row.request_id in told]

    rows = await node.database.read(read)
    counted, coded = Counter(each for each, _ in rows), dict(rows)
    return [
        f"{case.name}: {complaint}\n{document}"
        for request_id, (case, document, code) in told.items()
        if (complaint := _misentered(counted[request_id], code, coded.get(request_id), case))
    ]


def _misentered(count: int, told: str | None, entered: str | None, case: Case) -> str | None:
    if count != 1:
        return f"{count} entries"
    if told != entered and (told or case.name in QUERIES):  # userErrors may not have been asked for
        return f"answered {told}, entered {entered}"
    return None
