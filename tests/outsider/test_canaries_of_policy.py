"""A canary stands in every field of records of every kind of handling; none of a denied field ever comes out.

REGISTRY_CANARIES=10000 asks as often; the suite asks a thousand times of each database. Each question is drawn anew:
who asks, by what, in which form, right or wrong; then the answer, the program's own log and its metrics are looked
through.
"""

import io
import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
import structlog
from prometheus_client import REGISTRY, generate_latest

from registry.audit.quotas import QUOTAS
from registry.bulk import exporting
from registry.core.ids import public_id
from registry.core.telemetry import configure_logging
from registry.disclosure.access import Facts
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Use
from registry.profiles import facts as facts_of, queries
from tests import factories
from tests.factories import AGENCY, MOMENT
from tests.graphql_schema.profiles.complete import EVERYTHING
from tests.nodes import Node, standing
from tests.outsider import canaries
from tests.outsider.canaries import Asker, mark

pytestmark = pytest.mark.anyio
TIMES = int(os.environ.get("REGISTRY_CANARIES", "1000"))
PROFILE = f"""id registerNumber {EVERYTHING} obligations {{ id text }}
  redactions {{ ruleId remedy {{ kind contact }} }} versions {{ version reason note proposedBy }}"""
HITS = f"""edges {{ cursor node {{ score band discriminator needs warning {{ sentence }}
  reasons {{ feature sentence queryValue recordValue }} profile {{ {PROFILE} }} }} }} pageInfo {{ hasNextPage }}"""
PROPOSALS = f"edges {{ node {{ profileId reason differences {{ before after }} record {{ {EVERYTHING} }} }} }}"
Question = tuple[str, dict[str, Any]]


@dataclass
class Planted:
    """A node whose register sings."""

    node: Node
    profiles: list[UUID]
    facts: list[Facts]
    askers: list[Asker]
    last: dict[str, str] = field(default_factory=dict)
    """The last search of each asker, by its request."""
    typed: dict[str, str] = field(default_factory=dict)
    """What was asked then."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def planted(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Planted]:
    folder = tmp_path_factory.mktemp("canaries")
    ample = {quota.name: 1_000_000_000 for quota in QUOTAS} | {"even_milliseconds": 1, "subjects_per_day": 1_000_000}
    async with standing(request.param, request, folder, limits=ample) as node:
        await node.database.write(canaries.enrol)
        profiles = await node.database.write(canaries.plant)
        rows = await node.database.read(lambda connection: queries.by_ids(connection, profiles, ()))
        facts = [facts_of.of_row(rows[each], MOMENT.date()) for each in profiles]
        yield Planted(node, profiles, facts, list(canaries.askers(node)))


def criteria(draw: Random) -> dict[str, Any]:
    """Return what somebody searches by: what stands in one of the records, whether or not they may search by it."""
    record = draw.randrange(len(canaries.RECORDS))
    text = {each: mark(record, each) for each in FieldClass}
    ways: list[dict[str, Any]] = [
        {"name": f"Zqxkwale Kanari{'abcdefghij'[record] * 3} {text[FieldClass.IDENTITY]}"},
        {"name": f"Zqxalias Kanari{'abcdefghij'[record] * 3}"}, {"birthDate": "1971-05-17"},
        {"name": "Zqxkwale", "sex": "MALE", "birthDate": "1971"}, {"name": "Zqxkwale", "nationality": "KE"},
        {"name": "Zqxkwale", "county": "Kwale"}, {"phone": canaries.phone(record)},
        {"email": f"kanari.{text[FieldClass.CONTACT]}@leak.example"},
        {"identifiers": [{"type": "PASSPORT", "value": f"INV{text[FieldClass.IDENTIFIERS]}"}]},
        {"handle": {"platform": "invented", "handle": f"Kanari {text[FieldClass.ONLINE]}"}},
        {"handle": {"handle": text[FieldClass.ONLINE], "part": True}},
        {"marks": [{"kind": "TATTOO", "description": f"Kanari {text[FieldClass.PHYSICAL]}"}]},
        {"plate": f"INV{text[FieldClass.WHEREABOUTS]}"}, {"near": {"county": "Kwale", "radiusKm": 20.0}},
        {"near": {"latitude": -4.1816, "longitude": 39.4606, "radiusKm": 5.0}},
        {"modusOperandi": ["online_grooming"]}, {"name": text[FieldClass.NOTES]},
    ]  # fmt: skip
    return draw.choice(ways) | (draw.choice(ways) if draw.random() < 0.3 else {})


def searched(draw: Random, _planted: Planted, _asker: Asker) -> Question:
    given = {"c": criteria(draw), "n": draw.choice([1, 2, 3, 10]), "l": draw.choice([None, "en", "sw"])}
    alias = draw.choice(["", "again: "])
    return (
        f"""query($c: SearchCriteriaInput!, $n: Int!, $l: LanguageTag) {{
          {alias}search(criteria: $c, first: $n, language: $l) {{ {HITS} }} }}""",
        given,
    )


def twice(draw: Random, _planted: Planted, _asker: Asker) -> Question:
    document = f"""query($a: SearchCriteriaInput!, $b: SearchCriteriaInput!) {{
      a: search(criteria: $a, first: 1) {{ ...H }} b: search(criteria: $b, first: 1) {{ ...H }} }}
      fragment H on HitConnection {{ {HITS} }}"""
    return document, {"a": criteria(draw), "b": criteria(draw)}


def opened(draw: Random, planted: Planted, _asker: Asker) -> Question:
    form = draw.choice([
        "profile(id: $id) { ...P }", "node(id: $id) { ... on Profile { ...P } }", "a: profile(id: $id) { b: id ...P }",
        'profile(id: $id, asOf: "2020-01-01") { ...P }', 'profile(id: $id, knownAt: "2026-11-21T09:00:00Z") { ...P }',
        "profile(id: $id) { ...P duplicates { score reasons profile { ...P } } }",
    ])  # fmt: skip
    document = f"query($id: ID!) {{ {form} }} fragment P on Profile {{ {PROFILE} }}"
    return document, {"id": public_id("profile", draw.choice(planted.profiles))}


def compared(draw: Random, planted: Planted, _asker: Asker) -> Question:
    document = """query($id: ID!) { profileDifferences(id: $id, since: "2026-01-01T00:00:00Z",
      until: "2026-11-21T09:00:00Z") { group path before after } }"""
    return document, {"id": public_id("profile", draw.choice(planted.profiles))}


def listed(draw: Random, _planted: Planted, _asker: Asker) -> Question:
    due = "{ edges { node { profileId registerNumber post } } }"
    return draw.choice([
        f"{{ proposals(state: APPROVED, first: 20) {{ {PROPOSALS} }} }}", "{ offices { owner post records } }",
        f"{{ verificationsOverdue(first: 20) {due} }}", f"{{ reviewsDue(first: 20) {due} }}",
        "{ recalls(first: 20) { edges { node { profileId orderNumber } } } }",
    ]), {}  # fmt: skip


def explained(draw: Random, planted: Planted, asker: Asker) -> Question:
    document = """query($r: String!) { explanation(requestId: $r) { searches { hits { profileId score scoreThen
      reasons { sentence queryValue recordValue } } } } }"""
    return document, {"r": planted.last.get(str(asker)) or draw.choice(list(planted.last.values()) or ["none"])}


def wrong(draw: Random, planted: Planted, _asker: Asker) -> Question:
    """Ask for it in types that it has not, and under names that nothing has."""
    given: list[Question] = [
        ("query($c: SearchCriteriaInput!) { search(criteria: $c, first: 1) { pageInfo { hasNextPage } } }",
         {"c": {"birthDate": 7, "phone": ["x"]}}),
        ("query($id: ID!) { profile(id: $id) { nothing } }", {"id": public_id("profile", planted.profiles[0])}),
        ("query($id: ID!) { profile(id: $id) { names } }", {"id": public_id("profile", planted.profiles[1])}),
        ("query($id: ID!) { profile(id: $id) { sex } }", {"id": public_id("proposal", draw.choice(planted.profiles))}),
        ("query($id: ID!) { node(id: $id) { ... on Proposal { reason } } }", {"id": "none"}),
        ("{ search(criteria: {}, first: 1000) { pageInfo { hasNextPage } } }", {}),
    ]  # fmt: skip
    return draw.choice(given)


KINDS: list[Callable[[Random, Planted, Asker], Question]] = [
    searched, searched, searched, twice, opened, opened, compared, listed, explained, wrong
]  # fmt: skip


async def test_no_canary_of_a_denied_field_is_in_any_answer_log_line_or_metric(planted: Planted) -> None:
    draw, heard = Random(41), set[str]()
    configure_logging("debug")
    said = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(said))
    try:
        for turn in range(TIMES):
            asker = draw.choice(planted.askers)
            document, variables = draw.choice(KINDS)(draw, planted, asker)
            answer = await planted.node.ask(document, variables, token=asker.token)
            if "search(" in document and answer.status_code == 200:
                planted.last[str(asker)] = answer.headers["x-request-id"]
                planted.typed[str(asker)] = str(variables)
            typed = planted.typed.get(str(asker), "") if "explanation(" in document else str(variables)
            heard |= sung(planted, asker, answer.text, typed, f"{turn}: {asker} asked {document} with {variables}")
    finally:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))

    everything = frozenset[str]().union(*map(canaries.every, range(len(canaries.RECORDS))))
    assert said.getvalue()
    assert not [each for each in everything if each in said.getvalue()]
    assert not [each for each in everything if each.encode() in generate_latest(REGISTRY)]
    hidden = [place for place, each in enumerate(planted.facts) if each.clearance in canaries.HIDDEN]
    assert not [each for place in hidden for each in canaries.every(place) if each in heard]
    assert len(heard) > 20, "the control: what may be told is told"


def sung(planted: Planted, asker: Asker, text: str, typed: str, how: str) -> set[str]:
    """Return the canaries in an answer, all of which this asker may hear, or has typed: reasons tell what was asked."""
    found = set()
    for record, facts in enumerate(planted.facts):
        present = {each for each in canaries.every(record) if each in text and each not in typed}
        assert present <= canaries.allowed(asker.access, facts, record), (how, text)
        found |= present
    return found


@pytest.mark.parametrize("agency", [AGENCY, factories.ELSEWHERE])
async def test_an_export_holds_no_canary_that_may_not_be_exported(planted: Planted, agency: str) -> None:
    by = factories.proved(factories.actor(role=Role.SUPERVISOR, agency=agency, purpose=Purpose.REGISTER_MAINTENANCE))

    def export(connection: Any) -> bytes:
        return b"\n".join(exporting.export_batch(factories.work(connection, by), 0, canonical=False).lines)

    text = (await planted.node.database.read(export)).decode()

    access = by.access(MOMENT)
    assert access is not None
    told = 0
    for record, facts in enumerate(planted.facts):
        present = {each for each in canaries.every(record) if each in text}
        assert present <= canaries.allowed(access, facts, record, Use.EXPORT)
        told += bool(present)
    assert told == (6 if agency == AGENCY else 0)
