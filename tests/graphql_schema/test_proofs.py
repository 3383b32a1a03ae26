"""A token at the door: whoever sends it shows its key, with a proof that is good for one request."""

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.keys import make_proof
from auth.models import clients, replays
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.graphql_schema.asking import JSON, PROPOSE, SEARCH, asked, only_entry, proposal, query
from tests.holder import KEY, URL
from tests.nodes import Node, code_of
from tests.streams import reading

pytestmark = pytest.mark.anyio
FIND = query(SEARCH, variables={"c": {"name": "Juma Mwakio"}})


async def send(node: Node, headers: dict[str, str], body: bytes = FIND) -> httpx.Response:
    return await node.http.post("/graphql", content=body, headers=headers | {"content-type": JSON})


async def test_a_proof_is_good_once(node: Node) -> None:
    headers = node.headers()

    first, second = await send(node, headers), await send(node, headers)

    assert "errors" not in first.json()
    assert (second.status_code, code_of(second)) == (401, "PROOF_REPLAYED")
    assert "data" not in second.json()
    assert 'error="invalid_dpop_proof"' in second.headers["www-authenticate"]
    await only_entry(node, second, "denied", "PROOF_REPLAYED")


async def test_of_many_at_once_with_one_proof_one_is_answered(node: Node) -> None:
    headers = node.headers()

    answers = await asyncio.gather(*(send(node, headers) for _ in range(20)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 19
    assert sum("data" in answer.json() for answer in answers) == 1


async def test_a_change_that_comes_a_second_time_changes_nothing(node: Node) -> None:
    token = node.token(Role.REGISTRAR)
    headers, body = node.headers(token), query(PROPOSE, variables={"input": proposal()})

    first = await send(node, headers, body)
    kept = await node.kept()
    second = await send(node, headers, body)

    assert first.json()["data"]["profilePropose"]["userErrors"] == []
    assert code_of(second) == "PROOF_REPLAYED"
    assert await node.kept() == kept


async def test_a_change_that_is_refused_uses_its_proof_up_too(node: Node) -> None:
    token = node.token(Role.REGISTRAR)
    headers = node.headers(token)

    await send(node, headers, query(PROPOSE, variables={"input": proposal(reason="")}))

    assert code_of(await send(node, headers)) == "PROOF_REPLAYED"


@pytest.mark.parametrize("body", [b"nonsense", query("{ nothing }"), query('{ profile(id: "x") { id } }')], ids=str)
async def test_whatever_is_asked_uses_the_proof_up(node: Node, body: bytes) -> None:
    headers = node.headers()

    await send(node, headers, body)

    assert code_of(await send(node, headers)) == "PROOF_REPLAYED"


async def test_a_strangers_proof_is_not_remembered(node: Node) -> None:
    for _ in range(3):
        await send(node, node.headers() | {"authorization": "DPoP nonsense"})

    count = sa.select(sa.func.count()).select_from(replays)
    assert await node.database.read(lambda connection: connection.scalar(count)) == 0


@pytest.mark.parametrize(
    ("method", "url"),
    [("GET", URL), ("POST", "https://registry.example/oauth/token"), ("POST", "https://other.example/graphql")],
)
async def test_a_proof_for_another_address_is_none(node: Node, method: str, url: str) -> None:
    token = node.token()
    proof = make_proof(KEY.private_pem, method, url, node.clock(), token=token)

    answer = await send(node, {"authorization": f"DPoP {token}", "dpop": proof})

    assert (answer.status_code, code_of(answer)) == (401, "PROOF_REFUSED")
    await only_entry(node, answer, "denied", "PROOF_REFUSED")


async def test_the_address_is_the_configured_one_whatever_the_host_header_says(node: Node) -> None:
    token = node.token()
    proof = make_proof(KEY.private_pem, "POST", "http://127.0.0.1/graphql", node.clock(), token=token)

    answer = await send(node, {"authorization": f"DPoP {token}", "dpop": proof, "host": "127.0.0.1"})

    assert code_of(answer) == "PROOF_REFUSED"


async def test_a_proof_is_too_old_after_a_minute(node: Node) -> None:
    headers = node.headers()
    node.clock.wait(61)

    assert code_of(await send(node, headers)) == "PROOF_REFUSED"


async def test_two_tokens_in_one_request_are_refused(node: Node) -> None:
    headers = [*asked(node).items(), ("authorization", "DPoP another")]

    answer = await node.http.post("/graphql", content=FIND, headers=headers)

    assert code_of(answer) == "HEADER_REPEATED"


async def test_a_stream_is_opened_with_one_proof_and_goes_on_without(node: Node) -> None:
    async with reading(node, "subscription { decisions { id } }", by=Role.REGISTRAR) as stream:
        event = await stream.event()

    assert event is not None
    assert event.name == "next"


# -- nonces


def wants_nonces(connection: Connection) -> None:
    connection.execute(sa.update(clients).where(clients.c.id == factories.CLIENT).values(nonces=True))


def proof(node: Node, token: str, **more: Any) -> dict[str, str]:
    text = make_proof(KEY.private_pem, "POST", URL, node.clock(), token=token, **more)
    return {"authorization": f"DPoP {token}", "dpop": text}


async def test_a_client_that_needs_nonces_is_given_one_and_answered_with_it(node: Node) -> None:
    await node.database.write(wants_nonces)
    token = node.token()

    refused = await send(node, proof(node, token))
    answered = await send(node, proof(node, token, nonce=refused.headers["dpop-nonce"]))

    assert (refused.status_code, code_of(refused)) == (401, "PROOF_NONCE")
    assert 'error="use_dpop_nonce"' in refused.headers["www-authenticate"]
    assert "data" not in refused.json()
    assert "errors" not in answered.json()


@pytest.mark.parametrize("seconds", [61, 3600])
async def test_a_nonce_is_good_for_a_minute_at_most(node: Node, seconds: int) -> None:
    await node.database.write(wants_nonces)
    nonce = (await send(node, proof(node, node.token()))).headers["dpop-nonce"]
    node.clock.wait(seconds)

    assert code_of(await send(node, proof(node, node.token(), nonce=nonce))) == "PROOF_NONCE"


async def test_whoever_needs_no_nonce_may_send_any(node: Node) -> None:
    assert "errors" not in (await send(node, proof(node, node.token(), nonce="any"))).json()


# -- what a token is good for

OPEN = "query Open($id: ID!) { profile(id: $id) { sex } }"


@pytest.mark.parametrize(("actions", "may_search", "may_read"), [
    ((), True, True), (("search",), True, False), (("read",), False, True), (("search", "read"), True, True),
    (("export",), False, False),
])  # fmt: skip
async def test_a_token_that_names_actions_is_good_for_these(
    shared: Node, actions: tuple[str, ...], may_search: bool, may_read: bool
) -> None:
    token = shared.token(actions=actions)

    found = await shared.ask(SEARCH, {"c": {"name": "Juma Mwakio"}}, token=token)
    opened = await shared.ask(OPEN, {"id": shared.profile_id()}, token=token)

    for answer, may in ((found, may_search), (opened, may_read)):
        if may:
            assert "errors" not in answer.json()
        else:
            assert code_of(answer) == "ACTION_NOT_GRANTED"
            await only_entry(shared, answer, "denied", "ACTION_NOT_GRANTED")


async def test_such_a_token_is_good_for_no_change(node: Node) -> None:
    token = node.token(Role.REGISTRAR, actions=("search", "read", "export"))

    answer = await node.ask(PROPOSE, {"input": proposal()}, token=token)

    assert code_of(answer) == "ACTION_NOT_GRANTED"
