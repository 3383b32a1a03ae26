"""Other people's programs can talk to a node: a client that learns the schema first.

The conformance audit: tests/outsider/test_protocol.py, check 1. The other clients, each with every kind of answer:
tests/outsider/test_check_17_clients.py.
"""

from typing import Any

from gql import Client, gql
from gql.transport.httpx import HTTPXTransport

from tests.journeys.served import Served

SEARCH = """query Find($criteria: SearchCriteriaInput!) {
    search(criteria: $criteria, first: 3) { edges { node { band profile {
        names { full parts { kind text } } phones { number verified } emails { address } freshness { group ageDays }
        standing contested } } } } }"""
CRITERIA = {"criteria": {"name": "Jumaa Khamis Mwakyo", "birthDate": "1979"}}


def client_of(served: Served) -> Client:
    transport = HTTPXTransport(f"{served.url}/graphql", auth=served.holder("investigator"))
    return Client(transport=transport, fetch_schema_from_transport=True)


def best_name(data: Any) -> str:
    name: str = data["search"]["edges"][0]["node"]["profile"]["names"][0]["full"]
    return name


def test_pythons_gql_learns_the_schema_and_finds_the_person(served: Served) -> None:
    with client_of(served) as session:
        document = gql(SEARCH)
        document.variable_values = CRITERIA

        assert best_name(session.execute(document)) == "Juma Hamisi Mwakio"
