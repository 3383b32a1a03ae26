"""Every answer carries the receipt of its own entry: which place it has, and the hash of its leaf."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from registry.audit.models import leaves
from registry.audit.receipts import HEADER, MEMBER, Receipt, parse_receipt
from registry.audit.sequencing import Placed
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.ids import new_id, public_id
from registry.disclosure.vocabulary import Role
from registry.notary.queries import promise_keys_told
from registry.tlog.tree import leaf_hash
from tests.graphql_schema.asking import PROFILE, PROPOSE, proposal
from tests.graphql_schema.notices.following import DECISIONS
from tests.nodes import RESPONSE, Node
from tests.servers import APP, NOTARY
from tests.streams import reading

pytestmark = pytest.mark.anyio
ORIGIN = "registry.example/log"
SEARCH = '{ search(criteria: {name: "Juma Mwakio"}, first: 1) { edges { node { score } } } }'


async def told(node: Node, receipt: str) -> Receipt:
    """Read a receipt, see that its key has signed it, and that it is the leaf that stands there."""
    read = parse_receipt(receipt)
    read.check(ORIGIN)
    found: Any = await node.database.read(
        lambda connection: connection.execute(sa.select(leaves).where(leaves.c.index == read.index)).one()
    )
    placed = Placed(found.index, found.at, bytes(found.commitment))
    assert read.leaf == leaf_hash(placed.leaf)
    return read


async def promised(node: Node, answer: httpx.Response) -> Receipt:
    """See that the receipt of an answer is that of its one entry."""
    read = await told(node, answer.headers[HEADER])
    assert read.index == (await node.entry(answer))["index"]
    return read


async def test_whatever_becomes_of_a_question_its_answer_carries_the_receipt_of_its_entry(shared: Node) -> None:
    asked = [
        await shared.ask(SEARCH),
        await shared.ask("{ nothing"),
        await shared.ask(PROFILE, {"id": shared.profile_id()}, by=None),
        await shared.ask(SEARCH, token="none"),
        await shared.ask(PROPOSE, {"input": proposal()}),
        mutated := await shared.ask(PROPOSE, {"input": proposal()}, by=Role.REGISTRAR),
        await shared.ask(DECISIONS, by=Role.REGISTRAR, accept=RESPONSE),
        await shared.http.get("/graphql"),
        await shared.http.put("/photographs/nobody-s-secret", content=b""),
        await shared.http.put("/screenings/nobody-s-secret", content=b""),
        await shared.http.post("/oauth/token", data={}),
        await shared.http.post("/oauth/introspect", data={}),
        await shared.http.get("/session"),
    ]

    indexes = [(await promised(shared, each)).index for each in asked]

    assert len(set(indexes)) == len(asked)
    assert mutated.json()["data"]["profilePropose"]["proposal"]


async def test_a_proof_that_comes_again_is_entered_and_its_refusal_has_a_receipt(shared: Node) -> None:
    headers = shared.headers() | {"accept": RESPONSE}
    for status in (200, 401):
        answer = await shared.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)

        assert answer.status_code == status
        await promised(shared, answer)


async def test_an_event_of_a_stream_carries_the_receipt_of_its_turn(shared: Node) -> None:
    async with reading(shared, DECISIONS, by=Role.REGISTRAR) as stream:
        first = await stream.event()

    assert first is not None
    assert HEADER not in stream.headers
    await told(shared, first.content["extensions"][MEMBER])


async def test_hidden_and_missing_have_receipts_of_one_length(shared: Node) -> None:
    asked = (shared.profile_id(), public_id("profile", new_id()))
    answers = [await shared.ask(PROFILE, {"id": each}, by=Role.REGISTRAR) for each in asked]

    found = [str(await promised(shared, each)) for each in answers]

    assert len({len(each) - len(str(parse_receipt(each).index)) for each in found}) == 1


async def test_the_promise_key_was_told_before_anything_was_answered(shared: Node) -> None:
    receipt = await promised(shared, await shared.ask("{ __typename }"))
    url = shared.app.state.node.settings.database_url
    notary = open_database(Settings(database_url=url.replace(f"{APP}@", f"{NOTARY}@")))
    every = datetime(2020, 1, 1, tzinfo=UTC)

    told = await notary.keeper.read(partial(promise_keys_told, after=every))

    assert receipt.key in {each.key for each in told}
    await notary.close()
