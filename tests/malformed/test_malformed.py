"""Whatever is sent: a clear answer with a stable code, nothing of our insides, nothing half-written, one entry."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from auth.keys import make_proof
from tests import factories
from tests.auth.household import Desk
from tests.auth.tokens import compact, pair, signer
from tests.holder import KEY
from tests.malformed.asking import check_nothing_shows, errors_of, sent
from tests.malformed.cases import (
    JSON,
    REQUESTS,
    RESPONSE,
    SEARCH,
    SECRET,
    TOKENS,
    Case,
    TokenCase,
    asked,
    details,
)
from tests.malformed.lines import LINES
from tests.nodes import URL, Node
from tests.registry.test_errors_page import codes_told


def test_there_are_at_least_three_hundred_of_them_and_no_two_are_alike() -> None:
    names = [f"{type(case).__name__} {case}" for case in (*REQUESTS, *TOKENS, *LINES)]

    assert len(names) >= 300
    assert len(REQUESTS) >= 200
    assert len(set(names)) == len(names)


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
    headers["dpop"] = make_proof(KEY.private_pem, "POST", f"{URL}/oauth/token", node.clock())
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

    assert answer.json()["token_type"] == "DPoP"
    assert (await node.ask("{ __typename }", token=answer.json()["access_token"])).status_code == 200
    assert again.json()["code"] == "ASSERTION_REPLAYED"


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
