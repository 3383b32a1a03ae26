"""The endpoint before it executes anything: each step refuses in its own way, and the log holds it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import Connection
from starlette.types import Message

from auth.directory import Scope
from tests import factories
from tests.graphql_schema.asking import JSON, PROFILE, SEARCH, asked, limited, only_entry, query
from tests.graphql_schema.conftest import Said
from tests.nodes import RESPONSE, Node, code_of

pytestmark = pytest.mark.anyio


# -- 1 method and media types


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_another_method_than_post_is_told_which_is_allowed(shared: Node, method: str) -> None:
    answer = await shared.http.request(method, "/graphql?query={__typename}", headers=asked(shared))

    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert code_of(answer) == "METHOD_NOT_ALLOWED"
    await only_entry(shared, answer, "failed", "METHOD_NOT_ALLOWED")


@pytest.mark.parametrize("accept", ["text/html", "image/*", "application/json;q=0", "application/xml, text/plain"])
async def test_a_client_that_accepts_nothing_we_have_gets_406(shared: Node, accept: str) -> None:
    answer = await shared.http.post("/graphql", content=query(), headers=asked(shared, accept=accept))

    assert (answer.status_code, code_of(answer)) == (406, "NOT_ACCEPTABLE")
    await only_entry(shared, answer, "failed", "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql",
     "application/json; charset=latin-1"],
)  # fmt: skip
async def test_a_body_that_is_not_declared_json_gets_415(shared: Node, content_type: str) -> None:
    answer = await shared.http.post("/graphql", content=query(), headers=asked(shared, content_type=content_type))

    assert (answer.status_code, code_of(answer)) == (415, "CONTENT_TYPE_UNSUPPORTED")
    await only_entry(shared, answer, "failed", "CONTENT_TYPE_UNSUPPORTED")


async def test_every_answer_says_what_it_is_and_that_nobody_may_keep_it(shared: Node) -> None:
    for accept, media in ((RESPONSE, RESPONSE), (JSON, JSON), ("*/*", JSON)):
        answer = await shared.ask("{ __typename }", accept=accept)

        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{media}; charset=utf-8"
        assert answer.headers["vary"] == "Accept"
        assert answer.headers["cache-control"] == "no-store"


# -- 2 token


def altered(token: str) -> str:
    head, _, signature = token.rpartition(".")
    return f"{head}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


@pytest.mark.parametrize(
    ("authorization", "code", "challenge"),
    [
        (lambda _node: "", "TOKEN_MISSING", 'DPoP realm="registry"'),
        (lambda _node: "Basic dXNlcjpwYXNz", "TOKEN_MISSING", 'DPoP realm="registry"'),
        (lambda _node: "DPoP nonsense", "TOKEN_INVALID", "invalid_token"),
        (lambda node: f"DPoP {altered(node.token())}", "TOKEN_INVALID", "invalid_token"),
        (lambda node: f"Bearer {node.token()}", "TOKEN_INVALID", "invalid_token"),
        (lambda node: f"DPoP {node.token()}", "PROOF_REFUSED", "invalid_dpop_proof"),
    ],
)
async def test_without_a_good_token_the_answer_is_a_challenge(
    shared: Node, authorization: Callable[[Node], str], code: str, challenge: str
) -> None:
    answer = await shared.http.post(
        "/graphql", content=query(), headers=asked(shared, authorization=authorization(shared))
    )

    assert (answer.status_code, code_of(answer)) == (401, code)
    assert challenge in answer.headers["www-authenticate"]
    await only_entry(shared, answer, "denied", code)


async def test_a_token_is_no_good_once_it_has_expired(node: Node) -> None:
    token = node.token()
    node.clock.wait(301)

    answer = await node.ask("{ __typename }", token=token)

    assert (answer.status_code, code_of(answer)) == (401, "TOKEN_EXPIRED")
    assert "TOKEN_EXPIRED" in answer.headers["www-authenticate"]
    await only_entry(node, answer, "denied", "TOKEN_EXPIRED")


@pytest.mark.parametrize("subject", [Scope.AGENCY, Scope.CLIENT, Scope.OFFICER])
async def test_suspension_takes_effect_with_the_next_request(node: Node, subject: Scope) -> None:
    token = node.token()
    assert (await node.ask("{ __typename }", token=token)).status_code == 200

    def suspend(connection: Connection) -> None:
        officer = factories.actor(connection).officer
        assert officer is not None
        names = {Scope.AGENCY: factories.AGENCY, Scope.CLIENT: factories.CLIENT}
        factories.shut(connection, subject, names.get(subject, officer.id), at=node.clock())

    await node.database.write(suspend)
    answer = await node.ask("{ __typename }", token=token)

    assert (answer.status_code, code_of(answer)) == (401, "TOKEN_REVOKED")
    await only_entry(node, answer, "denied", "TOKEN_REVOKED")


async def test_a_strangers_body_is_not_read(shared: Node) -> None:
    read: list[bytes] = []

    async def body() -> AsyncIterator[bytes]:
        read.append(b"")
        yield b"{" * 50_000

    sent = await called(shared, {"content-type": JSON}, body())

    assert sent.status == 401
    assert not read


@pytest.mark.parametrize("header", ["authorization", "content-type"])
async def test_a_header_that_decides_is_sent_once_or_believed_by_nobody(shared: Node, header: str) -> None:
    good = list(asked(shared).items())
    twice = [*good, (header, dict(good)[header])]

    answer = await shared.http.post("/graphql", content=query(), headers=twice)

    assert (answer.status_code, code_of(answer)) == (400, "HEADER_REPEATED")
    await only_entry(shared, answer, "failed", "HEADER_REPEATED")


# -- 3 body


class Sent:
    """What an ASGI application sends."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")


async def called(node: Node, headers: dict[str, str], body: AsyncIterator[bytes]) -> Sent:
    """Call the application as a server does, chunk by chunk, whatever Content-Length says."""

    async def receive() -> Message:
        try:
            return {"type": "http.request", "body": await anext(body), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.disconnect"}

    scope = {
        "type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
        "headers": [(b"host", b"registry.example")] + [(k.encode(), v.encode()) for k, v in headers.items()],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 443), "scheme": "https", "http_version": "1.1",
        "root_path": "", "asgi": {"version": "3.0"},
    }  # fmt: skip
    sent = Sent()
    await node.app(scope, receive, sent)
    return sent


@pytest.mark.parametrize("length", [None, "10", "99999999"])
async def test_the_body_is_counted_while_it_comes_whatever_its_length_is_said_to_be(
    shared: Node, length: str | None
) -> None:
    chunks = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal chunks
        while True:
            chunks += 1
            yield b" " * 10_000

    headers = asked(shared) | ({"content-length": length} if length else {})
    sent = await called(shared, headers, endless())

    assert sent.status == 413
    assert json.loads(sent.body)["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"
    assert chunks == 11  # 100 kB are allowed


async def test_a_body_that_is_too_long_has_its_entry(shared: Node) -> None:
    answer = await shared.http.post("/graphql", content=b" " * 100_001, headers=asked(shared))

    assert (answer.status_code, code_of(answer)) == (413, "BODY_TOO_LARGE")
    entry = await only_entry(shared, answer, "failed", "BODY_TOO_LARGE")
    assert entry["client"] == factories.CLIENT


async def test_a_body_that_does_not_come_is_not_waited_for(node: Node) -> None:
    limited(node, body_seconds=0)

    async def slow() -> AsyncIterator[bytes]:
        await asyncio.sleep(60)
        yield b"{}"

    sent = await called(node, asked(node), slow())

    assert sent.status == 408
    assert json.loads(sent.body)["errors"][0]["extensions"]["code"] == "BODY_TOO_SLOW"
    (entry,) = await node.entries()
    assert (entry["outcome"], entry["code"]) == ("failed", "BODY_TOO_SLOW")


async def test_a_client_that_leaves_before_its_body_ends_is_not_answered(shared: Node) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b'{"query":'

    sent = await called(shared, asked(shared), half())

    assert sent.status == 0


# -- 4 parameters, document, limits


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "BODY_NOT_JSON"), (b"", "BODY_NOT_JSON"), (b'{"query":"\xff"}', "BODY_NOT_JSON"),
        (b"[]", "BATCH_REFUSED"), (b'"x"', "PARAMETERS_MALFORMED"), (b"null", "PARAMETERS_MALFORMED"),
        (b'{"query":5}', "PARAMETERS_MALFORMED"), (b'{"query":"{a}","query":"{b}"}', "PARAMETERS_MALFORMED"),
        (b'{"query":"{a}","variables":[1]}', "PARAMETERS_MALFORMED"),
        (b'{"query":"{a}","operationName":1}', "PARAMETERS_MALFORMED"),
    ],
)  # fmt: skip
async def test_malformed_parameters_are_refused_with_400_for_either_media_type(
    shared: Node, body: bytes, code: str
) -> None:
    for accept in (RESPONSE, JSON):
        answer = await shared.http.post("/graphql", content=body, headers=asked(shared, accept=accept))

        assert (answer.status_code, code_of(answer)) == (400, code)
        assert "data" not in answer.json()
        await only_entry(shared, answer, "failed", code)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ unknownField }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { search }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(16)) + " }", "DOCUMENT_TOO_COMPLEX"),
        ("#" + "x" * 16_000, "DOCUMENT_TOO_COMPLEX"),
        ("query A { __typename } query B { __typename }", "OPERATION_AMBIGUOUS"),
        ('{ profile(id: "a\\u0000b") { sex } }', "NUL_CHARACTER_REFUSED"),
        ("query ($id: ID!) { profile(id: $id) { sex } }", "BAD_USER_INPUT"),
    ],
)  # fmt: skip
async def test_a_question_that_cannot_be_asked_is_refused_before_the_register_is_touched(
    shared: Node, document: str, code: str
) -> None:
    with shared.statements() as seen:
        answer = await shared.ask(document)
        relaxed = await shared.ask(document, accept=JSON)

    assert (answer.status_code, code_of(answer)) == (400, code)
    assert (relaxed.status_code, code_of(relaxed)) == (200, code)
    assert "data" not in answer.json()
    assert not [each for each in seen if "revisions" in each or "profiles" in each]
    await only_entry(shared, answer, "failed", code)


async def test_the_name_of_an_operation_that_is_not_there_is_refused(shared: Node) -> None:
    answer = await shared.ask("query A { __typename }", operationName="B")

    assert (answer.status_code, code_of(answer)) == (400, "OPERATION_UNKNOWN")


async def test_a_misspelt_name_gets_no_suggestion(shared: Node) -> None:
    answer = await shared.ask("{ serch(criteria: {nam: 1}) { edges } }")

    assert "mean" not in answer.text
    assert "search" not in answer.text.replace("serch", "")


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        (SEARCH, {"c": {"birthDate": "SECRET-VALUE-123"}}, "DATE_MALFORMED"),
        (SEARCH, {"c": {"birthDate": {"SECRET-VALUE-123": 1}}}, "DATE_MALFORMED"),
        (SEARCH, {"c": {"SECRET-VALUE-123": "x"}}, "BAD_USER_INPUT"),
        (SEARCH, {"c": {"sex": "SECRET-VALUE-123"}}, "BAD_USER_INPUT"),
        (SEARCH, {"c": {"nationality": "SECRET-VALUE-123"}}, "COUNTRY_UNKNOWN"),
        (SEARCH, {"c": "SECRET-VALUE-123"}, "BAD_USER_INPUT"),
        (SEARCH, {"c": {"name": "SECRET-VALUE-123\0"}}, "NUL_CHARACTER_REFUSED"),
        (PROFILE, {"id": ["SECRET-VALUE-123"]}, "BAD_USER_INPUT"),
    ],
)
async def test_what_a_variable_holds_is_echoed_neither_to_the_caller_nor_to_the_log(
    shared: Node, said: Said, document: str, variables: dict[str, Any], code: str
) -> None:
    answer = await shared.ask(document, variables)

    assert (answer.status_code, code_of(answer)) == (400, code)
    assert "SECRET-VALUE" not in answer.text
    assert answer.headers["x-request-id"] in (text := said())
    assert "SECRET-VALUE" not in text
    entry = await only_entry(shared, answer, "failed", code)
    assert "SECRET-VALUE" not in str(entry)


@pytest.mark.parametrize(
    "criteria",
    ['{birthDate: "SECRET-VALUE-123"}', '{nationality: "SECRET-VALUE-123"}', "{sex: SECRET}", '{name: ["SECRET"]}',
     '{handle: "SECRET-VALUE-123"}'],
)  # fmt: skip
async def test_a_literal_that_does_not_fit_is_not_echoed_either(shared: Node, criteria: str) -> None:
    answer = await shared.ask("{ search(criteria: %s, first: 5) { edges { cursor } } }" % criteria)  # noqa: UP031  braces

    assert answer.status_code == 400
    assert "SECRET" not in answer.text


async def test_who_may_ask_for_the_schema_is_a_scope_of_the_client(shared: Node) -> None:
    introspection = "{ __schema { queryType { name } } }"

    allowed = await shared.ask(introspection)
    refused = await shared.ask(introspection, token=shared.token(agency=factories.ELSEWHERE))
    in_fragment = '{ ...F } fragment F on Query { __type(name: "Query") { name } }'
    hidden = await shared.ask(in_fragment, token=shared.token(agency=factories.ELSEWHERE))

    assert allowed.json()["data"] == {"__schema": {"queryType": {"name": "Query"}}}
    for answer in (refused, hidden):
        assert (answer.status_code, code_of(answer)) == (400, "GRAPHQL_VALIDATION_FAILED")
        assert "data" not in answer.json()
        await only_entry(shared, answer, "failed", "GRAPHQL_VALIDATION_FAILED")
