"""What the tests of the endpoint ask, and how they look at the one entry of an answer."""

import json
from dataclasses import replace
from typing import Any

import httpx

from graphql_schema.limits import Limits
from tests import factories
from tests.nodes import RESPONSE, Node

SEARCH = "query Find($c: SearchCriteriaInput!) { search(criteria: $c, first: 5) { edges { node { profile { id } } } } }"
PROFILE = "query Open($id: ID!) { profile(id: $id) { id sex names { full } } }"
PROPOSE = """
    mutation Propose($input: ProfileProposeInput!) {
      profilePropose(input: $input) { proposal { id profileId } userErrors { code field message remedy } }
    }"""
JSON = "application/json"


def asked(node: Node, **headers: str) -> dict[str, str]:
    """Return the headers of a good request with some changed; an empty one is left out."""
    usual = node.headers() | {"content-type": JSON, "accept": RESPONSE}
    given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
    return {name: value for name, value in given.items() if value}


def query(document: str = "{ __typename }", **more: Any) -> bytes:  # Any: JSON
    return json.dumps({"query": document} | more).encode()


async def only_entry(node: Node, answer: httpx.Response, outcome: str, code: str | None) -> dict[str, Any]:
    """Return the entry of an answer, which must be one, with this outcome and code."""
    entry = await node.entry(answer)
    assert (entry["outcome"], entry["code"]) == (outcome, code)
    return entry


def proposal(reason: str = "An invented reason", **changes: Any) -> dict[str, Any]:  # Any: JSON
    """Return the input of a good proposal with parts of its record changed."""
    record = {
        "legalBasis": {"code": "KE-SOA-39-13", "article": "Section 39(13)"},
        "names": [{"full": "Invented Person", "parts": [{"kind": "GIVEN", "text": "Invented"}]}],
        "birthDate": "1980-02",
        "convictions": [
            {"offence": next(iter(factories.EDITION.offences)), "court": "Court", "caseNumber": "SO 1/2020",
             "convictedOn": "2020-05-01", "sentence": "Ten years"}
        ],
    }  # fmt: skip
    return {"reason": reason, "record": record | changes}


def limited(node: Node, **limits: int) -> None:
    node.endpoint.service = replace(node.endpoint.service, limits=Limits(**limits))
