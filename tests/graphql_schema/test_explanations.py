"""The reasons of a search of the past over HTTP: for the officer who asked, and for an auditor."""

import pytest

from registry.disclosure.vocabulary import Role
from tests.nodes import Node, code_of

pytestmark = pytest.mark.anyio

SEARCH = """query { search(criteria: {name: "Juma Mwakio", birthDate: "1971", phone: "0712 345 678"}, first: 3,
    language: "sw") { edges { node { score band profile { id version }
      reasons { feature weight sentence queryValue recordValue } } } } }"""
EXPLAINED = """entry at same searches { matcher registerSize hits { profileId version scoreThen score band same differs
    withheld reasons { feature weight sentence queryValue recordValue } } }"""
OWN = f'query ($r: String!) {{ explanation(requestId: $r, language: "sw") {{ {EXPLAINED} }} }}'
AUDITED = f"query ($e: Long!) {{ logExplanation(entry: $e) {{ {EXPLAINED} }} }}"


async def test_the_answer_is_made_again_by_the_id_of_its_request(node: Node) -> None:
    answer = await node.ask(SEARCH)
    (hit,) = (each["node"] for each in answer.json()["data"]["search"]["edges"][:1])
    entry = await node.entry(answer)

    mine = (await node.data(OWN, {"r": answer.headers["x-request-id"]}))["explanation"]
    theirs = (await node.data(AUDITED, {"e": entry["index"]}, by=Role.AUDITOR))["logExplanation"]

    (again, *_), (audited, *_) = mine["searches"][0]["hits"], theirs["searches"][0]["hits"]
    assert (mine["entry"], mine["same"], theirs["same"]) == (entry["index"], True, True)
    assert (again["profileId"], again["version"], again["score"], again["band"], again["reasons"]) == (
        hit["profile"]["id"], hit["profile"]["version"], hit["score"], hit["band"], hit["reasons"],
    )  # fmt: skip
    assert (audited["scoreThen"], audited["reasons"], audited["withheld"]) == (
        hit["score"], [], len(hit["reasons"]),
    )  # fmt: skip
    assert mine["searches"][0]["registerSize"] == len(node.people)


async def test_nobody_is_told_of_a_search_that_is_not_theirs(shared: Node) -> None:
    answer = await shared.ask(SEARCH)

    other = await shared.ask(OWN, {"r": answer.headers["x-request-id"]}, by=Role.REGISTRAR)
    unknown = await shared.ask(OWN, {"r": "unknown"})
    none = await shared.ask(AUDITED, {"e": 2**53}, by=Role.AUDITOR)

    assert [code_of(each) for each in (other, unknown, none)] == ["NOT_FOUND"] * 3
    assert other.json()["errors"][0]["message"] == unknown.json()["errors"][0]["message"]
