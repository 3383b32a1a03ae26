"""Outsider's check 2: what graphql-cop tries, written anew; twelve tries by a client of few rights, none of them works.

Each test sends what the scanner sends and looks for what it would take as a sign. The tool itself (dolevf/graphql-cop)
finds the same: ``docs/api.md`` says how to run it.
"""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from registry.disclosure.vocabulary import Role
from tests import factories
from tests.nodes import RESPONSE, Node, standing

pytestmark = pytest.mark.anyio
TYPENAME = "{ __typename }"
JSON = "application/json"
IDES = ("graphiql", "playground", "graphql-playground", "apollo", "altair", "voyager", "<html", "<script")
TRACES = ("tracing", "ftv1", "startTime", "duration", "execution")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def low(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator["Low"]:
    """A client without the introspection scope, and without an officer."""
    async with standing(request.param, request, tmp_path_factory.mktemp("cop")) as node:
        yield Low(node)


class Low:
    """Somebody who has a token, and hardly a right."""

    def __init__(self, node: Node):
        self.node = node

    async def send(self, method: str = "POST", path: str = "/graphql", **sent: Any) -> httpx.Response:
        """Send a request of any form with the token."""
        token = self.node.token(Role.AUDITOR, agency=factories.ELSEWHERE)
        headers = self.node.headers(token) | {"accept": f"{RESPONSE}, {JSON};q=0.9"}
        return await self.node.http.request(method, path, headers=headers | sent.pop("headers", {}), **sent)

    async def ask(self, document: str, **more: Any) -> httpx.Response:
        """Send a question."""
        return await self.send(json={"query": document} | more)


async def test_check_02_a_client_of_few_rights_is_answered_at_all(low: Low) -> None:
    """A control: a scanner that is refused everything would find nothing either."""
    assert (await low.ask(TYPENAME)).json()["data"] == {"__typename": "Query"}


async def test_check_02_01_aliases_do_not_multiply_a_question(low: Low) -> None:
    answer = await low.ask("query cop { " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }")

    assert answer.status_code == 400
    assert "alias100" not in answer.text
    assert "data" not in answer.json()


async def test_check_02_02_a_batch_is_not_answered(low: Low) -> None:
    answer = await low.send(json=[{"query": TYPENAME, "operationName": None}] * 10)

    assert answer.status_code == 400
    assert not isinstance(answer.json(), list)
    assert answer.text.count("__typename") == 0


async def test_check_02_03_introspection_in_a_circle_is_not_answered(low: Low) -> None:
    circle = "fields { type { " * 4 + "name" + " } }" * 4

    answer = await low.ask(f"query cop {{ __schema {{ types {{ {circle} }} }} }}")

    assert answer.status_code == 400
    assert "types" not in answer.json().get("data", {})


async def test_check_02_04_directives_do_not_pile_up(low: Low) -> None:
    answer = await low.ask("query cop { __typename " + "@aa" * 10 + " }")

    assert answer.status_code == 400
    assert len(answer.json()["errors"]) < 10
    assert len((await low.ask("query cop { __typename " + "@aa" * 30 + " }")).json()["errors"]) == 1


@pytest.mark.parametrize("document", ["query cop { __schema { directive } }", "query cop { proposa }", "{ nod }"])
async def test_check_02_05_a_misspelt_name_is_not_corrected(low: Low, document: str) -> None:
    answer = await low.ask(document)

    assert "Did you mean" not in answer.text
    assert "directives" not in answer.text
    assert "proposal" not in answer.text


@pytest.mark.parametrize("path", ["/", "/graphiql", "/playground", "/console", "/graphql", "/v1/graphql"])
async def test_check_02_06_no_workbench_is_served(low: Low, path: str) -> None:
    answer = await low.send("GET", path, headers={"accept": "text/html"})

    assert answer.status_code in (404, 405, 406)
    assert answer.headers["content-type"].startswith(JSON)
    assert not [word for word in IDES if word in answer.text.lower()]


@pytest.mark.parametrize(
    "document",
    [
        "query cop { __schema { types { name fields { name } } } }",
        'query cop { __type(name: "Profile") { fields { name } } }',
        "query cop { ... on Query { __schema { queryType { name } } } }",
        "query cop { a: __schema { queryType { name } } }",
        "query cop { ...F } fragment F on Query { __schema { queryType { name } } }",
    ],
)
async def test_check_02_07_the_schema_is_not_told(low: Low, document: str) -> None:
    answer = await low.ask(document)

    assert answer.status_code == 400
    assert "data" not in answer.json()
    assert "Query" not in answer.text


async def test_check_02_08_a_question_by_get_is_not_answered(low: Low) -> None:
    answer = await low.send("GET", params={"query": "query cop { __typename }"})

    assert answer.status_code == 405
    assert "data" not in answer.json()


async def test_check_02_09_a_change_by_get_is_not_answered(low: Low) -> None:
    answer = await low.send("GET", params={"query": "mutation cop { __typename }"})

    assert answer.status_code == 405
    assert "data" not in answer.json()


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"])
async def test_check_02_10_a_form_is_not_answered(low: Low, kind: str) -> None:
    answer = await low.send(content=b"query=query+cop+%7B__typename%7D", headers={"content-type": kind})

    assert answer.status_code == 415
    assert "data" not in answer.json()


async def test_check_02_11_no_trace_of_the_execution_is_told(low: Low) -> None:
    for headers in ({}, {"apollo-federation-include-trace": "ftv1", "x-apollo-tracing": "1"}):
        answer = await low.send(json={"query": "query cop { __typename }"}, headers=headers)

        extensions = answer.json().get("extensions", {})
        assert not [word for word in TRACES if word in str(extensions)]


@pytest.mark.parametrize("document", ["qwerty cop { abc }", "query { a(", "{ __typename(x: 1) }", "query cop"])
async def test_check_02_12_an_error_shows_nothing_of_our_insides(low: Low, document: str) -> None:
    answer = await low.ask(document)

    assert answer.status_code == 400
    for error in answer.json()["errors"]:
        assert not {"exception", "stacktrace", "debug", "trace"} & set(error["extensions"])
        assert error["extensions"]["code"] != "INTERNAL"
    assert not [word for word in ("Traceback", ".py", "site-packages", "graphql.error") if word in answer.text]


async def test_check_02_a_field_five_hundred_times_is_not_answered(low: Low) -> None:
    """The thirteenth, which the scanner holds in its file, switched off."""
    answer = await low.ask("query cop { " + "__typename\n" * 500 + "}")

    assert answer.status_code == 400
    assert "data" not in answer.json()
