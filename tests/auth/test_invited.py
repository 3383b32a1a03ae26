"""An officer gets in by the word of two administrators, over HTTP and on both databases: act, code, passkey, session.

The first test has soft-webauthn make the passkey, which nobody here wrote, in its own environment (tests/identity).
"""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import changes, directory, people
from auth.invitations import HANDED_OVER_LIFE, digest_of
from auth.models import invitations, passkeys
from auth.scope import Scope
from registry.disclosure.vocabulary import Role
from tests.auth.authenticator import Authenticator
from tests.auth.browser import INVESTIGATOR, Browser
from tests.factories import AGENCY, ELSEWHERE, actor, shut
from tests.journeys.served import ROOT, run
from tests.nodes import URL, Node, code_of, running

pytestmark = pytest.mark.anyio
SOFT = ROOT / "var" / "tools" / "passkeys" / "bin" / "python"
OWN = f"{AGENCY} {INVESTIGATOR}"
REGISTRAR = "records/registrar/1"
PROPOSE = """mutation ($input: EnrolmentProposeInput!) { enrolmentPropose(input: $input) {
    enrolment { id invitation { code } } userErrors { code } } }"""
APPROVE = """mutation ($input: EnrolmentApproveInput!) { enrolmentApprove(input: $input) {
    enrolment { state invitation { code until } } userErrors { code } } }"""
LISTED = "{ enrolments(first: 5) { edges { node { state terms before invitation { code } } } } }"


@pytest.fixture
async def node(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Node]:  # noqa: ARG001  brings the loop
    async with running(database_url, tmp_path / "keys") as started:
        yield started


def second(node: Node) -> str:
    return node.token(Role.ADMINISTRATOR, agency=ELSEWHERE)


async def proposed(node: Node, officer: str = INVESTIGATOR, agency: str = AGENCY) -> str:
    act = {"reason": "A new officer", "passkeyInvitation": {"agency": agency, "reference": officer}}
    made = (await node.data(PROPOSE, {"input": act}, by=Role.ADMINISTRATOR))["enrolmentPropose"]
    assert made["userErrors"] == []
    assert made["enrolment"]["invitation"] is None
    return str(made["enrolment"]["id"])


async def approved(node: Node, act: str, token: str) -> Any:
    return (await node.data(APPROVE, {"input": {"enrolmentId": act}}, token=token))["enrolmentApprove"]


async def code(node: Node, officer: str = INVESTIGATOR) -> str:
    """Return what the second administrator hands to the officer."""
    made = await approved(node, await proposed(node, officer), second(node))
    return str(made["enrolment"]["invitation"]["code"])


async def rows(node: Node, table: sa.Table) -> list[Any]:
    return await node.database.read(lambda connection: list(connection.execute(sa.select(table))))


async def reason(node: Node, answer: httpx.Response) -> str:
    """Require the one refusal there is, and return the reason that only the log has."""
    assert (answer.status_code, code_of(answer)) == (401, "SIGN_IN_REFUSED")
    assert answer.json()["errors"][0]["message"] == "You could not be signed in."
    found: str = (await node.entry(answer))["body"]["events"][0]["details"]["reason"]
    return found


async def soft(options: httpx.Response, folder: Path) -> dict[str, Any]:
    """Have soft-webauthn answer what the node told the browser."""
    given = {"options": options.json(), "origin": URL, "store": str(folder / "soft.json"), "verified": True}
    said = await anyio.to_thread.run_sync(
        lambda: run(SOFT, ROOT / "tests" / "identity" / "soft.py", GIVEN=json.dumps(given))
    )
    answer: dict[str, Any] = json.loads(said.stdout)
    return answer


async def test_an_officer_whom_two_invited_registers_a_passkey_and_asks(node: Node, tmp_path: Path) -> None:
    await anyio.to_thread.run_sync(lambda: run("deploy/bootstrap.sh", "passkeys"))
    act = await proposed(node)
    made = (await approved(node, act, second(node)))["enrolment"]["invitation"]
    browser = Browser(node)

    options = await browser.post("/session/registration", {"invitation": made["code"].lower().replace("-", " ")})
    response = await soft(options, tmp_path)
    registered = await browser.post("/session/registration/made", {"response": response, "name": "blue key"})
    signed = await browser.signed(await soft(await browser.post("/session/passkey"), tmp_path))

    assert (registered.status_code, signed.status_code) == (200, 200)
    assert (await browser.get("/session")).json()["session"]["officer"] == INVESTIGATOR
    assert (await browser.open_case()).status_code == 200
    asked = await browser.ask("query ($id: ID!) { profile(id: $id) { id } }", id=node.profile_id())
    assert asked.json()["data"]["profile"]["id"] == node.profile_id()
    assert made["until"] == (node.clock() + HANDED_OVER_LIFE).isoformat().replace("+00:00", "Z")
    (kept,) = await rows(node, invitations)
    assert (kept.digest, kept.used_at) == (digest_of(made["code"]), node.clock())
    (shown,) = (await node.data(LISTED, by=Role.ADMINISTRATOR))["enrolments"]["edges"]
    assert shown["node"]["invitation"] is None
    log = await node.entries()
    told = [event["name"] for entry in log for event in entry["body"]["events"]]
    steps = ("enrolment:proposed", "enrolment:approved", "passkey:begun", "passkey:registered", "session:opened")
    assert [each for each in told if each in steps] == list(steps)
    assert made["code"] not in str(log)
    assert made["code"] not in str(await rows(node, invitations))


async def test_without_the_word_of_a_second_there_is_no_invitation(node: Node) -> None:
    act = await proposed(node)
    alone = await approved(node, act, node.token(Role.ADMINISTRATOR))

    assert [each["code"] for each in alone["userErrors"]] == ["OWN_PROPOSAL"]
    assert alone["enrolment"] is None
    assert await rows(node, invitations) == []


async def test_nobody_gives_the_second_word_to_their_own_invitation(node: Node) -> None:
    deciding = actor(role=Role.ADMINISTRATOR, agency=ELSEWHERE).officer
    assert deciding is not None
    act = await proposed(node, deciding.reference, ELSEWHERE)

    refused = await approved(node, act, second(node))

    assert [each["code"] for each in refused["userErrors"]] == ["OWN_PROPOSAL"]
    assert await rows(node, invitations) == []


async def test_an_invitation_is_good_once_for_a_day_and_until_the_next(node: Node) -> None:
    first, used, browser = await code(node), await code(node), Browser(node)
    assert await reason(node, await browser.register(invitation=first)) == "invitation_unknown"
    node.clock.wait(HANDED_OVER_LIFE.total_seconds() - 1)
    assert (await browser.register(invitation=used)).status_code == 200

    told = [await Browser(node).register(invitation=each) for each in (used, used[:-1] + "?", "")]
    late = await code(node)
    node.clock.wait(HANDED_OVER_LIFE.total_seconds())
    told.append(await Browser(node).register(invitation=late))

    assert [await reason(node, each) for each in told] == ["invitation_unknown"] * 4
    assert len({each.text.replace(each.headers["x-request-id"], "") for each in told}) == 1
    assert len(await rows(node, passkeys)) == 1


async def test_an_invitation_is_one_officers_whoever_sits_at_the_browser(node: Node) -> None:
    colleague = Browser(node)
    await colleague.enrol(REGISTRAR)
    await colleague.sign_in()
    colleague.passkey = Authenticator()

    made = await colleague.register(invitation=await code(node))

    assert made.json()["count"] == 1
    own = await node.database.read(lambda connection: people.enrolled(connection, AGENCY, INVESTIGATOR))
    assert [each.officer for each in await rows(node, passkeys)][-1] == own
    assert len((await colleague.get("/session/passkeys")).json()["passkeys"]) == 1


@pytest.mark.parametrize(("scope", "key"), [(Scope.OFFICER, OWN), (Scope.AGENCY, AGENCY)], ids=["officer", "agency"])
async def test_who_is_shut_out_registers_nothing_and_opened_again_needs_another_invitation(
    node: Node, scope: Scope, key: str
) -> None:
    made, browser, begun = await code(node), Browser(node), Browser(node)
    options = (await begun.post("/session/registration", {"invitation": made})).json()
    await node.database.write(lambda connection: shut(connection, scope, key, at=node.clock()))
    closed = await browser.register(invitation=made)

    def open_again(connection: Connection) -> None:
        changes.open_(connection, scope, key, by="somebody else", at=node.clock() + timedelta(seconds=1))

    await node.database.write(open_again)
    again = await browser.register(invitation=made)
    response = {"response": begun.passkey.make(options, URL), "name": "blue key"}
    ended = await begun.post("/session/registration/made", response)

    assert [await reason(node, each) for each in (closed, again)] == ["invitation_unknown"] * 2
    assert await reason(node, ended) == "invitation_used"
    assert await rows(node, passkeys) == []


async def test_an_officer_who_is_shut_out_before_the_second_word_is_not_invited(node: Node) -> None:
    act = await proposed(node)
    await node.database.write(lambda connection: directory.close(
        connection, Scope.OFFICER, OWN, by="somebody", reason="lost", at=node.clock()
    ))  # fmt: skip

    refused = await approved(node, act, second(node))

    assert [each["code"] for each in refused["userErrors"]] == ["NOT_FOUND"]
    assert await rows(node, invitations) == []


async def test_who_guesses_codes_is_turned_away_before_any_is_looked_at(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path / "keys", limits={"refusals_at_once": 3}) as node:
        made = await code(node)
        told = [await Browser(node).register(invitation=f"GUESS-{number}") for number in range(3)]
        beyond = await Browser(node).register(invitation=made)

    assert [each.status_code for each in told] == [401, 401, 401]
    assert (beyond.status_code, code_of(beyond)) == (429, "TOO_MANY_REFUSALS")
