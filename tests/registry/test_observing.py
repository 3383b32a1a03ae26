"""What a collector of traces is sent, and what it never is, whatever a caller writes wherever a caller can write.

A node with both databases, a real exporter, and a collector that keeps every byte.
"""

import base64
import re
import secrets
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from string import ascii_lowercase

import httpx
import pytest

from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Role
from tests.collector import Collector, attributes_of, collecting
from tests.declaring import declaring
from tests.nodes import CASE, RESPONSE, Node, code_of, running
from tests.registry.photographs.pictures import encoded, gradient

pytestmark = pytest.mark.anyio
SEARCH = "query ($name: String!) { search(criteria: {name: $name}, first: 1) { edges { node { profile { id } } } } }"
UPLOAD = ("mutation ($input: PhotographUploadInput!) { photographUpload(input: $input) "
          "{ ticket { path } userErrors { code } } }")  # fmt: skip


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as listening:
        yield listening


@pytest.fixture
async def node(database_url: str, tmp_path: Path, collector: Collector, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    async with running(database_url, tmp_path / "keys", otlp_endpoint=collector.url) as started:
        yield started


def flushed(node: Node) -> None:
    """Send what waits."""
    node.app.state.node.tracer._provider.force_flush()


async def test_a_search_is_one_span_with_its_stages(node: Node, collector: Collector) -> None:
    answer = await node.ask(SEARCH, {"name": "Juma Mwakio"})

    flushed(node)
    (whole,) = [each for each in collector.spans() if not each.parent_span_id]
    said = attributes_of(whole)
    entry = await node.entry(answer)
    assert whole.name == "query search"
    assert said == {
        "http.request.method": "POST", "http.route": "/graphql", "http.response.status_code": 200,
        "graphql.operation.type": "query", "graphql.document.hash": f"sha256:{entry['document']}",
        "registry.operation": "search", "registry.request_id": answer.headers["x-request-id"],
        "registry.client": entry["client"], "registry.agency": entry["agency"],
    }  # fmt: skip
    stages = {each.name for each in collector.spans() if each.parent_span_id == whole.span_id}
    assert stages >= {"auth", "parse", "live_state", "execute", "candidates", "score", "page", "audit", "json"}


async def test_a_refusal_tells_its_code_and_not_who_asked_for_whom(node: Node, collector: Collector) -> None:
    await node.ask(SEARCH, {"name": "Juma Mwakio"}, by=Role.AUDITOR)
    await node.http.post("/graphql", json={"query": SEARCH}, headers={"authorization": "DPoP none"})

    flushed(node)
    said = [attributes_of(each) for each in collector.spans() if not each.parent_span_id]
    assert [(each["error.type"], each["http.response.status_code"], each["registry.operation"]) for each in said] == [
        ("FORBIDDEN", 200, "search"), ("TOKEN_INVALID", 401, "none"),
    ]  # fmt: skip


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (1.0, 1)])
async def test_a_caller_s_trace_is_neither_parent_nor_link_nor_decides_what_is_recorded(
    database_url: str, tmp_path: Path, collector: Collector, share: float, expected: int
) -> None:
    theirs = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate": "invented=1",
              "baggage": "sampled=true"}  # fmt: skip
    async with running(database_url, tmp_path / "keys", otlp_endpoint=collector.url, otlp_share=share) as node:
        await node.http.post("/graphql", json={"query": "{ __typename }"}, headers=theirs)

        flushed(node)

    whole = [each for each in collector.spans() if not each.parent_span_id]
    assert len(whole) == expected
    assert not any(each.links or each.trace_state for each in whole)
    assert all(each.trace_id.hex() != "0af7651916cd43dd8448eb211c80319c" for each in whole)


CANARY = "Kanari"


def canary() -> str:
    """Return a word that stands nowhere else, and may be a person's name and one of GraphQL."""
    return CANARY + "".join(secrets.choice(ascii_lowercase) for _ in range(12))


async def everywhere(node: Node, planted: dict[str, str]) -> list[httpx.Response]:
    """Write canaries wherever a caller can write."""

    def written(document: str) -> str:
        return re.sub("<([a-z]+)>", lambda place: planted[place[1]], document)

    document = """query <operation>($name: String!) { # <comment>
        <alias>: search(criteria: {name: $name, birthDate: "1979"}, first: 1) {
            edges { node { ...<fragment> } } }
        other: search(criteria: {name: "<literal>"}, first: 1) { edges { cursor } } }
        fragment <fragment> on Hit { profile { id } }"""
    headers = {
        "user-agent": planted["agent"], "cookie": f"session={planted['cookie']}",
        "referer": f"https://example.org/{planted['referer']}", "x-request-id": planted["request id"],
        "x-forwarded-for": planted["forwarded"], "baggage": f"name={planted['baggage']}",
        "tracestate": f"a={planted['state']}", "traceparent": f"00-{planted['trace']}-b7ad6b7169203331-01",
        "accept-language": planted["language"], "accept": RESPONSE,
    }  # fmt: skip
    full = {"query": written(document), "variables": {"name": planted["variable"]},
            "operationName": planted["operation"], "extensions": {"a": planted["extension"]}}  # fmt: skip
    bodies = [
        full,
        full | {"operationName": planted["unknown operation"]},
        full | {"variables": {"name": [planted["coercion"]]}},
        full | {"variables": {"name": planted["variable"], planted["extra variable"]: 1}},
        {"query": written("{ <field> }")},
        {"query": written("{ search(criteria: {name: <syntax>")},
        {"query": written('query { profile(id: "<id>") { id } }')},
        {"query": UPLOAD, "variables": {"input": {"reason": planted["reason"]}}},
        {"query": "{ __typename }", planted["parameter"]: 1},
    ]
    post, http = partial(node.http.post, "/graphql"), node.http
    queried, mistyped = f"/graphql?{planted['query string']}=1", headers | {"content-type": "application/json"}
    return [
        *[await http.post(queried, json=body, headers=headers | node.headers()) for body in bodies],
        await post(content=planted["body"], headers=mistyped | node.headers()),
        await post(json=full, headers=headers | node.headers() | {"authorization": f"DPoP {planted['token']}"}),
        await post(json=full, headers=headers | node.headers() | {"dpop": planted["proof"]}),
        await post(json=full, headers=headers | node.headers() | {"accept": f"text/{planted['accept']}"}),
        await http.request(planted["method"].upper(), "/graphql", headers=headers),
        await http.get(f"/photographs/{planted['ticket']}{'x' * 25}", headers=headers),
        await http.put(f"/screenings/{planted['list']}", content=planted["body"], headers=headers),
    ]


ANSWERED = [
    (200, None), (400, "OPERATION_UNKNOWN"), (400, "BAD_USER_INPUT"), (200, None), (400, "GRAPHQL_VALIDATION_FAILED"),
    (400, "GRAPHQL_PARSE_FAILED"), (200, "ID_MALFORMED"), (200, "FORBIDDEN"), (200, None), (400, "BODY_NOT_JSON"),
    (401, "TOKEN_INVALID"), (401, "PROOF_REFUSED"), (406, "NOT_ACCEPTABLE"), (405, "METHOD_NOT_ALLOWED"),
    (404, "TICKET_UNKNOWN"), (404, "TICKET_UNKNOWN"),
]  # fmt: skip
"""What became of each: they went where they should."""
_PLACES = (
    "operation", "comment", "alias", "fragment", "literal", "variable", "agent", "cookie", "referer", "request id",
    "forwarded", "baggage", "state", "language", "extension", "unknown operation", "coercion", "extra variable",
    "field", "syntax", "id", "reason", "parameter", "query string", "body", "token", "proof", "accept", "method",
    "ticket", "list",
)  # fmt: skip


def _code(answer: httpx.Response) -> str | None:
    return code_of(answer) if "errors" in answer.json() else None


async def test_of_a_caller_s_words_no_byte_reaches_the_collector(node: Node, collector: Collector) -> None:
    planted = {place: canary() for place in _PLACES} | {"trace": secrets.token_hex(16)}

    answers = await everywhere(node, planted)

    assert [(each.status_code, _code(each)) for each in answers] == ANSWERED
    flushed(node)
    sent = collector.everything().lower()
    assert len([each for each in collector.spans() if not each.parent_span_id]) == 16
    assert CANARY.lower().encode() not in sent
    for place, word in planted.items():
        for form in (word.encode(), word.encode().hex().encode(), base64.b64encode(word.encode())[:-4]):
            assert form.lower() not in sent, place
    assert bytes.fromhex(planted["trace"]) not in collector.everything()


async def test_of_persons_and_officers_nothing_reaches_the_collector(node: Node, collector: Collector) -> None:
    found = await node.data(SEARCH, {"name": "Juma Mwakio"})
    profile = read_public_id("profile", found["search"]["edges"][0]["node"]["profile"]["id"])
    told = await node.data(UPLOAD, {"input": {"reason": "An invented reason"}}, by=Role.REGISTRAR)
    path, picture = told["photographUpload"]["ticket"]["path"], encoded(gradient())
    put = await node.http.put(path, content=picture, headers=declaring(picture, {"content-type": "image/jpeg"}))
    again = await node.http.put(path, content=picture, headers=declaring(picture, {"content-type": "image/jpeg"}))
    entries = await node.entries()

    flushed(node)
    sent = collector.everything()
    assert (put.status_code, code_of(again)) == (201, "TICKET_UNKNOWN")
    names = [each.name for each in collector.spans() if not each.parent_span_id]
    assert names == ["query search", "mutation photographUpload", "photograph upload", "photograph upload"]
    forbidden = [b"Mwakio", path.rsplit("/", 1)[1].encode(), CASE.encode(), profile.bytes, str(profile).encode(),
                 profile.hex.encode(), node.profile_id(0).encode()]  # fmt: skip
    for entry in entries:
        officer = entry["officer"]
        forbidden += [str(officer).encode(), officer.bytes] if officer else []
        forbidden += [str(entry[name]).encode() for name in ("officer_reference", "token_id", "purpose") if entry[name]]
    assert len(forbidden) > 10
    for each in forbidden:
        assert each not in sent
