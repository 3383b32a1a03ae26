"""A node that checks signatures: what is signed is believed further, what is tampered with is refused and entered."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from starlette.requests import Request

from auth.directory import SIGNED_REQUESTS
from auth.keys import read_private
from auth.models import clients
from auth.signatures import sign_request
from registry.disclosure.vocabulary import Attribution
from tests import factories
from tests.auth.tokens import pair
from tests.graphql_schema.asking import only_entry
from tests.nodes import RESPONSE, URL, Node, code_of, running

BODY = json.dumps({"query": '{ search(criteria: {name: "Juma Mwakio"}, first: 1) { edges { cursor } } }'}).encode()
ADDRESS = f"{URL}/graphql"


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    """A node that checks signatures and signs."""
    async with running(database_url, tmp_path / "keys", http_signatures=True) as started:
        yield started


def head(node: Node, body: bytes = BODY) -> dict[str, str]:
    """Return the head of a good signed request."""
    made = node.headers() | {"content-type": "application/json", "accept": RESPONSE}
    key = pair()
    sign_request("POST", ADDRESS, made, body, read_private(key.private_pem, "key"), key.jwk["kid"], node.clock())
    return made


async def sent(node: Node, headers: dict[str, str], body: bytes = BODY) -> httpx.Response:
    return await node.http.post("/graphql", content=body, headers=headers)


async def test_a_signed_request_is_answered_with_a_signed_answer(node: Node) -> None:
    answer = await sent(node, head(node))

    assert answer.status_code == 200
    assert 'tag="registry-answer"' in answer.headers["signature-input"]
    assert answer.headers["signature"]


async def test_an_unsigned_request_is_answered_as_ever(node: Node) -> None:
    answer = await node.ask("{ __typename }")

    assert "signature" not in answer.headers


async def test_a_body_that_was_changed_on_its_way_is_refused_and_entered(node: Node) -> None:
    answer = await sent(node, head(node), BODY.replace(b"Juma", b"Jumo"))

    assert (answer.status_code, code_of(answer)) == (401, "SIGNATURE_REFUSED")
    await only_entry(node, answer, "denied", "SIGNATURE_REFUSED")


async def test_a_head_that_was_changed_on_its_way_is_refused(node: Node) -> None:
    good = head(node)

    answer = await sent(node, good | {"signature": good["Signature"][:-4] + "AA=:"})

    assert (answer.status_code, code_of(answer)) == (401, "SIGNATURE_REFUSED")


async def test_a_signed_request_is_good_once(node: Node) -> None:
    headers = head(node)
    await sent(node, headers)

    answer = await sent(node, headers)

    assert (answer.status_code, code_of(answer)) == (401, "PROOF_REPLAYED")


async def test_a_client_that_has_agreed_to_sign_is_refused_what_it_does_not_sign(node: Node) -> None:
    statement = sa.update(clients).where(clients.c.id == factories.actor().client).values(scopes=[SIGNED_REQUESTS])
    await node.database.write(lambda connection: connection.execute(statement).rowcount)

    refused = await node.ask("{ __typename }")

    assert (refused.status_code, code_of(refused)) == (401, "SIGNATURE_NEEDED")
    assert (await sent(node, head(node))).status_code == 200


@pytest.mark.parametrize(
    ("before", "after"),
    [(Attribution.GRANTED, Attribution.SIGNED), (Attribution.STATED, Attribution.STATED)],
    ids=["granted", "stated"],
)
async def test_what_an_authority_granted_and_its_client_signed_is_the_surest_attribution(
    node: Node, before: Attribution, after: Attribution
) -> None:
    callers = node.endpoint.service.callers
    lines = [(name.lower().encode(), value.encode()) for name, value in head(node).items()]
    caller = callers.caller(Request({"type": "http", "method": "POST", "path": "/graphql", "headers": lines}))
    asking = replace(caller, claims=replace(caller.claims, attribution=before))

    found = await node.database.read(lambda connection: callers.actor(connection, asking, node.clock(), None))

    assert found.attribution is after
