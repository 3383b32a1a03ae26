"""Search without a name over HTTP: found, masked, refused with a remedy, and cheap whatever is sent."""

import io
import time
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from registry import app as application
from registry.disclosure.vocabulary import Purpose, Role
from registry.matching.form import FORM
from registry.profiles.models import counters
from registry.profiles.publication import INDEX_FORM
from tests import factories
from tests.nodes import Node, code_of, lines
from tests.registry.search.test_described import KNOWN

pytestmark = pytest.mark.anyio

SEARCH = """query ($c: SearchCriteriaInput!) { search(criteria: $c, first: 5) { edges { node {
    band reasons { feature sentence recordValue } profile { names { full } places { point } } } } } }"""
PROFILE = "query ($id: ID!) { profile(id: $id) { names { full } } }"
SCORPION = {"kind": "TATTOO", "place": "mkono", "side": "LEFT", "description": "nge"}
POINT = {"latitude": -1.30, "longitude": 36.82, "radiusKm": 3}


async def found(node: Node, criteria: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    data = await node.data(SEARCH, {"c": criteria}, **options)
    return [edge["node"] for edge in data["search"]["edges"]]


@pytest.fixture
async def known(node: Node) -> Node:
    await node.database.write(lambda connection: factories.vetted(connection, KNOWN))
    return node


async def test_every_criterion_finds_the_person_over_http(known: Node) -> None:
    for criteria in (
        {"marks": [SCORPION]}, {"plate": "KXZ 4?7"}, {"near": POINT}, {"modusOperandi": ["online_grooming"]},
        {"near": {"county": "Nairobi", "subCounty": "Invented Hill", "radiusKm": 10}},
        {"handle": {"handle": "king.kev", "part": True}},
        {"name": "Kengele", "handle": {"platform": "tiktok"}, "marks": [SCORPION], "near": POINT},
    ):  # fmt: skip
        best, *_ = await found(known, criteria)
        assert best["profile"] == {
            "names": [{"full": "Invented Kengele"}], "places": [{"point": "geo:-1.2921,36.8219"}],
        }  # fmt: skip
        assert best["band"] != "STRONG"
        assert best["reasons"][0]["sentence"].startswith(("For: ", "Against: "))


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"plate": "****"}, "CRITERION_MALFORMED", "plate"),
    ({"plate": "?" * 10_000}, "CRITERION_MALFORMED", "plate"),
    ({"marks": [{"kind": "TATTOO", "place": "a" * 10_000}]}, "CRITERION_MALFORMED", "marks.place"),
    ({"marks": [{"kind": "TATTOO"}]}, "CRITERIA_TOO_FEW", "criteria"),
    ({"marks": [{}]}, "CRITERION_MALFORMED", "marks"),
    ({"marks": [SCORPION] * 90}, "CRITERION_MALFORMED", "marks"),
    ({"near": POINT | {"radiusKm": 1e300}}, "CRITERION_MALFORMED", "near.radiusKm"),
    ({"near": POINT | {"latitude": 1e300}}, "CRITERION_MALFORMED", "near"),
    ({"near": {"latitude": 1.0, "radiusKm": 5}}, "CRITERION_MALFORMED", "near"),
    ({"near": {"radiusKm": 5}}, "CRITERION_MALFORMED", "near"),
    ({"near": {"county": "Atlantis", "radiusKm": 5}}, "CRITERION_MALFORMED", "near.county"),
    ({"modusOperandi": ["no_such_code"]}, "CRITERION_MALFORMED", "modusOperandi"),
    ({"modusOperandi": ["force"] * 50}, "CRITERION_MALFORMED", "modusOperandi"),
    ({"handle": {"handle": "abc", "part": True}}, "CRITERION_MALFORMED", "handle"),
    ({"handle": {"platform": "tiktok"}}, "CRITERIA_TOO_FEW", "criteria"),
    ({"handle": {}}, "CRITERIA_TOO_FEW", "criteria"),
]


@pytest.mark.parametrize(("criteria", "code", "field"), REFUSED, ids=range(len(REFUSED)))
async def test_what_says_nothing_is_refused_with_field_and_remedy(
    shared: Node, criteria: dict[str, Any], code: str, field: str
) -> None:
    answer = await shared.ask(SEARCH, {"c": criteria})

    (error,) = answer.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == (code, field)
    assert error["extensions"]["remedy"]


@pytest.mark.parametrize(
    "text",
    ['{"latitude": NaN, "longitude": 0, "radiusKm": 5}', '{"latitude": Infinity, "longitude": 0, "radiusKm": 5}'],
)
async def test_what_is_no_number_is_no_json(shared: Node, text: str) -> None:
    body = '{"query": "QUERY", "variables": {"c": {"near": NEAR}}}'
    body = body.replace("QUERY", SEARCH.replace("\n", " ")).replace("NEAR", text)
    headers = shared.headers() | {"content-type": "application/json"}

    answer = await shared.http.post("/graphql", content=body, headers=headers)

    assert code_of(answer) == "BODY_NOT_JSON"


@pytest.mark.parametrize("latitude", [90, -90, 0, 89.99])
@pytest.mark.parametrize("longitude", [180, -180, 179.999])
async def test_poles_and_the_date_line_are_places_like_others(shared: Node, latitude: float, longitude: float) -> None:
    begun = time.perf_counter()

    for radius in (0.1, 4.0, 200.0):
        assert await found(shared, {"near": {"latitude": latitude, "longitude": longitude, "radiusKm": radius}}) == []

    assert time.perf_counter() - begun < 5


async def test_a_filter_on_a_hidden_field_is_refused(shared: Node) -> None:
    token = shared.token(Role.SUPERVISOR, purpose=Purpose.OFFENDER_SUPERVISION)

    for criteria in ({"marks": [SCORPION]}, {"modusOperandi": ["force"]}, {"handle": {"handle": "king", "part": True}}):
        assert code_of(await shared.ask(SEARCH, {"c": criteria}, token=token)) == "CRITERION_NOT_PERMITTED"


async def test_an_index_of_another_form_is_told_at_start_and_not_searched(known: Node) -> None:
    old = sa.update(counters).where(counters.c.name == INDEX_FORM).values(value=FORM - 1)
    await known.database.write(lambda connection: connection.execute(old))
    app = application.create(known.app.state.node.settings, known.clock, alone=False)
    said = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(said))

    async with app.router.lifespan_context(app):
        answer = await known.ask(SEARCH, {"c": {"name": "Kengele"}})
        opened = await known.data(PROFILE, {"id": known.profile_id()})

    assert code_of(answer) == "INDEX_OUTDATED"
    assert opened["profile"]["names"]
    (told,) = (each for each in lines(said.getvalue()) if each["event"] == "index_outdated")
    assert (told["level"], told["code"], told["revision"]) == ("error", "INDEX_OUTDATED", FORM - 1)
