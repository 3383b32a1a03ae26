"""Other people's programs can talk to a node: the conformance audit, Python's gql, npm's graphql-request."""

import json
from pathlib import Path
from typing import Any

import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport

from tests.journeys.served import CLIENTS, Served, run

SEARCH = """query Find($criteria: SearchCriteriaInput!) {
    search(criteria: $criteria, first: 3) { edges { node { band profile {
        names { full parts { kind text } } phones { number verified } emails { address } freshness { group ageDays }
        standing contested } } } } }"""
CRITERIA = {"criteria": {"name": "Jumaa Khamis Mwakyo", "birthDate": "1979"}}
REFUSED = "{ logEntries(first: 1) { edges { cursor } } }"
GET_QUERIES = {"5A70", "D6D5", "6A70"}
"""Questions by GET: what is searched for would stand in addresses, and so in everybody's logs."""


@pytest.fixture(scope="module", autouse=True)
def node_clients() -> Path:
    """Require what deploy/bootstrap.sh installs."""
    installed = CLIENTS / "node_modules"
    if not installed.exists():
        run("npm", "ci", "--prefix", CLIENTS, "--ignore-scripts", "--no-audit", "--no-fund")
    return installed


def test_every_must_and_should_of_graphql_over_http_is_kept(served: Served) -> None:
    said = run("node", CLIENTS / "audit.mjs", f"{served.url}/graphql", served.token("investigator"))

    report = json.loads(said.stdout)
    assert report["must"] == {"pass": 13, "total": 13}, report["failed"]
    assert report["should"] == {"pass": 23, "total": 23}, report["failed"]
    assert report["may"]["total"] == 25
    assert report["may"]["pass"] >= 22
    assert {each["id"] for each in report["failed"]} <= GET_QUERIES


def client_of(served: Served) -> Client:
    headers = {"authorization": f"Bearer {served.token('investigator')}"}
    return Client(transport=HTTPXTransport(f"{served.url}/graphql", headers=headers), fetch_schema_from_transport=True)


def best_name(data: Any) -> str:
    name: str = data["search"]["edges"][0]["node"]["profile"]["names"][0]["full"]
    return name


def test_pythons_gql_learns_the_schema_and_finds_the_person(served: Served) -> None:
    with client_of(served) as session:
        document = gql(SEARCH)
        document.variable_values = CRITERIA

        assert best_name(session.execute(document)) == "Juma Hamisi Mwakio"


def test_pythons_gql_shows_the_code_of_an_error(served: Served) -> None:
    with client_of(served) as session, pytest.raises(TransportQueryError) as caught:
        session.execute(gql(REFUSED))

    assert caught.value.errors
    assert caught.value.errors[0]["extensions"]["code"] == "FORBIDDEN"


def test_graphql_request_finds_the_person(served: Served) -> None:
    said = run("node", CLIENTS / "search.mjs", f"{served.url}/graphql", served.token("investigator"), SEARCH,
               json.dumps(CRITERIA))  # fmt: skip

    assert best_name(json.loads(said.stdout)) == "Juma Hamisi Mwakio"


@pytest.mark.parametrize(
    ("document", "code"),
    [(REFUSED, "FORBIDDEN"), ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"), ("{", "GRAPHQL_PARSE_FAILED")],
)
def test_graphql_request_shows_the_code_of_an_error(served: Served, document: str, code: str) -> None:
    said = run("node", CLIENTS / "search.mjs", f"{served.url}/graphql", served.token("investigator"), document, "{}",
               expected=1)  # fmt: skip

    assert json.loads(said.stdout)["errors"][0]["code"] == code
