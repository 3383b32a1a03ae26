"""Whatever is sent: a clear answer with a stable code, nothing of our insides, nothing half-written, one entry."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Connection

from registry.disclosure.vocabulary import Role
from registry.profiles.models import revisions
from tests import factories
from tests.auth.household import Desk
from tests.auth.tokens import compact, pair, signer
from tests.malformed.cases import (
    IMPORTS,
    JSON,
    REQUESTS,
    RESPONSE,
    SEARCH,
    SECRET,
    TOKENS,
    Case,
    ImportCase,
    TokenCase,
    asked,
    details,
)
from tests.nodes import URL, Node, settings_for, standing, tables
from tests.registry.cli.conftest import Shell, on_behalf
from tests.registry.test_errors_page import codes_told

INTERNALS = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|/usr/|/home/|sqlalchemy|sqlite3|asyncpg|graphql\.|orjson|SELECT |INSERT |"
    r"Exception|[a-z]Error\b|<class|object at 0x|line \d+, in",
)
"""What a trace of our insides would look like."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
async def node(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,  # noqa: ARG001  brings the loop
) -> AsyncIterator[Node]:
    """A node that all of this is sent to."""
    async with standing(request.param, request, tmp_path_factory.mktemp("malformed")) as started:
        yield started


def test_there_are_at_least_three_hundred_of_them_and_no_two_are_alike() -> None:
    names = [f"{type(case).__name__} {case}" for case in (*REQUESTS, *TOKENS, *IMPORTS)]

    assert len(names) >= 300
    assert len(REQUESTS) >= 200
    assert len(set(names)) == len(names)


def check_nothing_shows(text: str) -> None:
    """Require that an answer tells nothing of how we are made, nor what it was asked."""
    assert not INTERNALS.search(text), text
    assert not [name for name in tables() if "_" in name and name in text], text
    assert SECRET not in text


async def sent(node: Node, case: Case) -> httpx.Response:
    headers = {
        "accept": RESPONSE,
        "content-type": JSON,
        "authorization": f"Bearer {node.token(case.by)}",
    } | case.headers
    given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items() if value]
    return await node.http.request(case.method, "/graphql", content=case.body, headers=given)


def errors_of(answer: httpx.Response) -> list[dict[str, Any]]:
    """Return the errors of an answer, or the userErrors of the only payload in it."""
    body = answer.json()
    if "errors" in body:
        return [error["extensions"] | {"message": error["message"]} for error in body["errors"]]
    (payload,) = body["data"].values()
    errors: list[dict[str, Any]] = payload["userErrors"]
    return errors


@pytest.mark.anyio
@pytest.mark.parametrize("case", REQUESTS, ids=str)
async def test_a_malformed_request_is_refused_clearly_and_leaves_one_entry_and_nothing_else(
    node: Node, case: Case
) -> None:
    kept, length = await node.kept(), await node.length()

    answer = await sent(node, case)

    assert answer.status_code == case.status, answer.text
    assert answer.headers["content-type"].partition(";")[0] in (JSON, RESPONSE)
    errors = errors_of(answer)
    assert errors[0]["code"] == case.code, answer.text
    assert all(error["message"] and error["code"] in codes_told() for error in errors)
    check_nothing_shows(answer.text)
    assert len(answer.content) < 5_000
    assert await node.kept() == kept
    assert await node.length() == length + 1
    entry = await node.entry(answer)
    assert entry["outcome"] in ("denied", "failed")
    assert entry["code"] == case.code


def at(node: Node) -> int:
    return int(node.clock().timestamp())


async def token_answer(node: Node, case: TokenCase, own: Desk, number: int) -> httpx.Response:
    """Send a good token request, changed as the case says."""
    headers = {"content-type": case.content_type} if case.content_type else {}
    if case.body is not None:
        return await node.http.post("/oauth/token", content=case.body, headers=headers)
    claims = {
        "iss": factories.CLIENT, "sub": factories.CLIENT, "aud": URL, "iat": at(node), "exp": at(node) + 60,
        "jti": f"malformed-{number}",
    }  # fmt: skip
    payload = {name: value for name, value in (claims | case.claims).items() if value is not None}
    header = {"alg": "ES256", "typ": "JWT", "kid": own.keys.jwk["kid"]} | case.header
    usual: dict[str, str | None] = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": compact(header, payload, signer(own.keys.private_pem)),
    }
    given = {name: value for name, value in (usual | case.form).items() if value is not None}
    content = str(httpx.QueryParams(given)).encode()
    return await node.http.post("/oauth/token", content=content, headers=headers)


@pytest.mark.anyio
@pytest.mark.parametrize("case", TOKENS, ids=str)
async def test_a_malformed_token_request_gets_no_token_and_leaves_one_entry(node: Node, case: TokenCase) -> None:
    length = await node.length()

    answer = await token_answer(node, case, Desk(pair()), TOKENS.index(case))

    assert (answer.status_code, answer.json().get("code")) == (case.status, case.code), answer.text
    assert answer.json()["error"] in answer.text
    assert answer.json()["error_description"]
    assert case.code in codes_told()
    assert "access_token" not in answer.text
    check_nothing_shows(answer.text)
    assert await node.length() == length + 1
    entry = await node.entry(answer)
    assert (entry["kind"], entry["code"]) == ("token", case.code)
    assert entry["outcome"] in ("denied", "failed")
    assert SECRET not in str(entry)


@pytest.mark.anyio
async def test_a_good_token_request_among_them_is_granted(node: Node) -> None:
    """The tables change a good request, so let it be seen that it is good."""
    good = TokenCase("good", "", form={"authorization_details": details()})
    answer = await token_answer(node, good, Desk(pair()), -1)
    again = await token_answer(node, good, Desk(pair()), -1)

    assert answer.json()["token_type"] == "Bearer"
    assert (await node.ask("{ __typename }", token=answer.json()["access_token"])).status_code == 200
    assert again.json()["code"] == "ASSERTION_REPLAYED"


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A command line on a register with its cast and nobody in it."""
    folder = tmp_path_factory.mktemp("imports")
    settings = settings_for(f"sqlite:///{folder}/register.db", folder)
    started = Shell(settings, {"REGISTRY_DATABASE_URL": settings.database_url})
    started.run("migrate")
    started.database(factories.enrol_cast)
    return started


@pytest.mark.parametrize("case", IMPORTS, ids=str)
def test_a_malformed_record_is_named_by_its_line_and_nothing_of_its_file_is_taken(
    shell: Shell, case: ImportCase, tmp_path: Path
) -> None:
    good = json.dumps(factories.record()).encode()
    file = tmp_path / "records.jsonl"
    file.write_bytes(good + b"\n" + case.line + b"\n" + good + b"\n")
    length = len(shell.log())

    told = shell.json("import", file, *on_behalf(Role.REGISTRAR), expected=2)

    assert (told["ready"], told["refused"], told["proposed"]) == (2, 1, 0)
    assert {each["line"] for each in told["problems"]} == {2}
    assert told["problems"][0]["code"] == case.code
    assert all(each["code"] in codes_told() and each["rule"] and each["field"] for each in told["problems"])
    check_nothing_shows(json.dumps([each | {"field": ""} for each in told["problems"]]))
    assert shell.database(revisions_of) == 0
    assert len(shell.log()) == length + 1


def revisions_of(connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(revisions)).scalar_one())


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)  # fmt: skip


@pytest.mark.anyio
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(criteria=ANYTHING, first=ANYTHING, after=ANYTHING)
async def test_no_variable_brings_the_node_down(node: Node, criteria: Any, first: Any, after: Any) -> None:
    body = asked(SEARCH, {"c": criteria, "first": first, "after": after})

    answer = await sent(node, Case("anything", 200, "", body=body))

    assert answer.status_code in (200, 400)
    check_nothing_shows(answer.text)


@pytest.mark.anyio
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | ANYTHING.map(lambda value: json.dumps(value).encode()))
async def test_no_body_brings_the_node_down(node: Node, body: bytes) -> None:
    answer = await sent(node, Case("anything", 400, "", body=body))

    assert answer.status_code == 400
    assert errors_of(answer)[0]["code"] in ("BODY_NOT_JSON", "PARAMETERS_MALFORMED", "BATCH_REFUSED")
