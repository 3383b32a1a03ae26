"""Findings over HTTP: one auditor assesses, another closes, and nobody else reads them."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from auth import directory
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.nodes import code_of, running
from tests.registry.misuse.test_finding import kept

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
SECOND = "oversight/auditor/2"
LIST = """query ($filter: FindingFilterInput, $after: String) { findings(filter: $filter, first: 1, after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { rule state score agency unit entries entryCount numbers dueAt steps { verdict } } } } }"""
ONE = "query ($id: ID!) { finding(id: $id) { rule title counts why assignedTo steps { state verdict words } } }"
ASSIGN = (
    "mutation ($input: FindingAssignInput!) { findingAssign(input: $input) { finding { state } userErrors { code } } }"
)
ASSESS = (
    "mutation ($input: FindingAssessInput!) { findingAssess(input: $input) { finding { state } userErrors { code } } }"
)
CLOSE = (
    "mutation ($input: FindingCloseInput!) { findingClose(input: $input) { finding { state } userErrors { code } } }"
)


async def test_a_finding_is_listed_assessed_and_closed_by_two(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys") as node:

        def settle(connection: Connection) -> str:
            directory.enrol_officer(connection, factories.AGENCY, SECOND, chain="oversight", roles={Role.AUDITOR})
            _, latest = kept(connection, "hot", "repeat")
            return public_id("finding", latest)

        finding = await node.database.write(settle)
        first, second = node.token(Role.AUDITOR), node.token(Role.AUDITOR, officer=SECOND)
        page = (await node.data(LIST, {}, token=first))["findings"]
        assert page["edges"][0]["node"] == {
            "rule": "REPEAT", "state": "OPEN", "score": 0.5, "agency": factories.AGENCY, "unit": "child-protection",
            "entries": ["1", "2"] if isinstance(page["edges"][0]["node"]["entries"][0], str) else [1, 2],
            "entryCount": 2, "numbers": '{"times":3}', "dueAt": page["edges"][0]["node"]["dueAt"], "steps": [],
        }  # fmt: skip
        after = {"after": page["pageInfo"]["endCursor"]}
        assert (await node.data(LIST, after, token=first))["findings"]["edges"][0]["node"]["rule"] == "HOT"

        async def step(document: str, token: str, **more: str) -> Any:
            (told,) = (await node.data(document, {"input": {"findingId": finding, **more}}, token=token)).values()
            return told["finding"] and told["finding"]["state"], [each["code"] for each in told["userErrors"]]

        said = {"verdict": "MISUSE", "words": "It was their neighbour"}
        assert await step(ASSIGN, first) == ("ASSIGNED", [])
        assert await step(ASSESS, first, **said) == ("ASSESSED", [])
        assert await step(CLOSE, first, **said) == (None, ["FINDING_SECOND_PERSON"])
        assert await step(CLOSE, second, verdict="LAWFUL", words="a") == (None, ["REASON_MALFORMED"])
        assert await step(CLOSE, second, verdict="LAWFUL", words="The neighbour was a suspect") == ("CLOSED", [])
        assert await step(ASSIGN, second) == (None, ["FINDING_STATE"])
        told = (await node.data(ONE, {"id": finding}, token=second))["finding"]
        assert [each["verdict"] for each in told["steps"]] == [None, "MISUSE", "LAWFUL"]
        closed = {"filter": {"state": "CLOSED", "rule": "REPEAT", "overdue": False}}
        assert len((await node.data(LIST, closed, token=second))["findings"]["edges"]) == 1
        for role in (Role.INVESTIGATOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
            assert code_of(await node.ask(LIST, {}, token=node.token(role))) == "FORBIDDEN"
