"""A reason more: drawn by chance, told in the answer, owed until it is stated, and nothing is answered meanwhile."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from auth.reasons import Draw
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from tests.factories import MOMENT
from tests.nodes import Node, code_of, running

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("anyio_backend")]
READ = "query ($id: ID!) { profile(id: $id) { names { full } } }"
POLICY = "{ policy { version } }"
SEEN = 'query ($index: Long!) { logSeen(index: $index, reason: "A complaint") { records { profileId } } }'
STATE = "mutation ($input: ReasonStateInput!) { reasonState(input: $input) { requestId userErrors { code } } }"


@pytest.fixture
async def node(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    """A node that asks for a reason each time, of four words at least."""
    async with running(database_url, tmp_path / "keys", misuse={"reason_every": 1, "reason_words": 4}) as started:
        yield started


def test_one_of_so_many_is_drawn_by_chance() -> None:
    officer, patience = new_id(), timedelta(minutes=15)

    drawn = [Draw(4, patience).demand(str(n), officer, MOMENT) for n in range(2000)]

    assert 350 < sum(each is not None for each in drawn) < 650
    assert not any(Draw(0, patience).demand(str(n), officer, MOMENT) for n in range(100))
    assert {each.due_at - each.asked_at for each in drawn if each} == {patience}


async def test_who_was_asked_for_a_reason_is_answered_no_more_until_they_have_stated_it(node: Node) -> None:
    given = {"id": node.profile_id()}
    answer = await node.ask(READ, given)
    request = answer.headers["x-request-id"]
    assert answer.json()["extensions"]["reasonAsked"] == {"requestId": request}
    assert "reason:asked" in [each["name"] for each in (await node.entry(answer))["body"]["events"]]
    assert (await node.ask(READ, given)).json()["data"]["profile"]

    node.clock.wait(15 * 60)
    refused = await node.ask(READ, given, token=node.token())
    assert code_of(refused) == "REASON_OWED"
    assert request in refused.json()["errors"][0]["message"]
    assert "reasonAsked" not in refused.json().get("extensions", {})

    async def said(text: str, about: str = request) -> tuple[str | None, list[str]]:
        told = (await node.data(STATE, {"input": {"requestId": about, "text": text}}, token=node.token()))[
            "reasonState"
        ]
        return told["requestId"], [each["code"] for each in told["userErrors"]]

    assert await said("Mickey Mouse himself") == (None, ["REASON_TOO_SHORT"])
    assert await said("He lives beside the school") == (request, [])
    assert await said("Another good reason indeed") == (None, ["REASON_STATED"])
    again = await node.ask(READ, given, token=node.token())
    assert code_of(again) == "REASON_OWED"
    other = again.json()["errors"][0]["message"].split()[-1].rstrip(".")
    assert await said("he lives  BESIDE the school", other) == (None, ["REASON_REPEATED"])
    assert await said("The mother has called again", other) == (other, [])
    assert (await node.ask(READ, given, token=node.token())).json()["data"]["profile"]
    stated = [
        each for each in await node.entries() if each["operation"] == "reasonState" and each["outcome"] == "allowed"
    ]
    assert stated[0]["justification"] == "He lives beside the school"


async def test_of_what_shows_nobody_and_of_changes_no_reason_is_asked(node: Node) -> None:
    policy = await node.ask(POLICY, token=node.token(Role.AUDITOR))
    read = await node.ask(READ, {"id": node.profile_id()})
    index = (await node.entry(read))["index"]
    looked = await node.ask(SEEN, {"index": index}, token=node.token(Role.AUDITOR))
    unknown = await node.ask(STATE, {"input": {"requestId": "1", "text": "A reason for nothing"}})

    assert "reasonAsked" not in policy.json()["extensions"]
    assert looked.json()["data"]["logSeen"]["records"]
    assert "reasonAsked" not in looked.json()["extensions"]  # who may state none is not asked for one
    assert code_of(unknown) == "NOT_FOUND"
