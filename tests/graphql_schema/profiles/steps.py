"""The steps of a record's life, as clients take them: each one request by one officer.

profile = await entered(node, value)                            proposed by a registrar, approved by a supervisor
contest = made(await proposed(node, profile, "CONTEST"))        a proposal; broken(…) the rules it broke
await decided(node, "Approve", contest)
"""

from typing import Any

import httpx

from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.declaring import declaring
from tests.graphql_schema.profiles.complete import EVERYTHING, given
from tests.nodes import Node
from tests.registry.photographs.pictures import encoded, gradient

Json = dict[str, Any]
ERRORS = "userErrors { code field message remedy }"
PROPOSAL = """proposal { id profileId change otherProfileId state reason orderNumber proposedBy proposedAgency
    proposedChain proposedAt decidedBy decidedAt note version differences { group path before after } }"""
PROPOSE = f"mutation ($input: ProfileProposeInput!) {{ made: profilePropose(input: $input) {{ {PROPOSAL} {ERRORS} }} }}"
AMEND = f"mutation ($input: ProfileAmendInput!) {{ made: profileAmend(input: $input) {{ {PROPOSAL} {ERRORS} }} }}"
CHANGE = f"mutation ($input: ProfileChangeInput!) {{ made: profileChange(input: $input) {{ {PROPOSAL} {ERRORS} }} }}"
PAIR = f"""mutation ($input: PairDecideInput!) {{ made: pairDecide(input: $input) {{
    pair {{ profileId otherProfileId same reason }} {ERRORS} }} }}"""
_TICKET = f"ticket {{ photograph path expiresAt }} {ERRORS}"
UPLOAD = f"mutation ($input: PhotographUploadInput!) {{ made: photographUpload(input: $input) {{ {_TICKET} }} }}"
VIEW = f"mutation ($input: PhotographOpenInput!) {{ made: photographOpen(input: $input) {{ {_TICKET} }} }}"
ABOUT = "id registerNumber version recordedAt mergedFrom tombstone { digest removedAt orderNumber }"
OPEN = f"""query ($id: ID!, $asOf: PartialDate, $knownAt: DateTime) {{
    profile(id: $id, asOf: $asOf, knownAt: $knownAt) {{ {ABOUT} {EVERYTHING} }} }}"""
SHORT = """query ($id: ID!, $asOf: PartialDate, $knownAt: DateTime) { profile(id: $id, asOf: $asOf, knownAt: $knownAt) {
    id version standing contested county mergedFrom places { address } tombstone { digest orderNumber } } }"""
REASON = "An invented reason"


def decision(name: str) -> str:
    """Return the mutation that decides so on a proposal: Approve, Reject, Return or Withdraw."""
    return f"""mutation ($input: Proposal{name}Input!) {{
        made: proposal{name}(input: $input) {{ {PROPOSAL} {ERRORS} }} }}"""


async def sent(node: Node, document: str, entry: Json, *, by: Role = Role.REGISTRAR, **options: Any) -> httpx.Response:
    """Send a mutation's one input."""
    return await node.ask(document, {"input": entry}, by=by, **options)


def payload(answer: httpx.Response) -> Json:
    """Return the payload of a mutation that was answered."""
    body = answer.json()
    assert "errors" not in body, answer.text
    made: Json = body["data"]["made"]
    return made


def made(answer: httpx.Response, name: str = "proposal") -> Json:
    """Return what a mutation made."""
    found = payload(answer)
    assert found["userErrors"] == [], answer.text
    value: Json = found[name]
    return value


def broken(answer: httpx.Response) -> list[tuple[str, str | None]]:
    """Return code and field of the rules that a mutation broke."""
    found = payload(answer)
    assert [each for name, each in found.items() if name != "userErrors"] == [None]
    assert all(each["message"] for each in found["userErrors"])
    return [(each["code"], each["field"]) for each in found["userErrors"]]


async def proposed(node: Node, profile: str, change: str, *, value: object = None, **more: Any) -> httpx.Response:
    """Propose a change of a profile's standing; with ``value`` a record comes with it."""
    entry = {"profileId": profile, "change": change, "reason": REASON} | more
    return await sent(node, CHANGE, entry | ({"record": given(value)} if value is not None else {}))


async def decided(
    node: Node, name: str, proposal: Json | str, *, by: Role = Role.SUPERVISOR, **more: Any
) -> httpx.Response:
    """Decide on a proposal."""
    identifier = proposal if isinstance(proposal, str) else proposal["id"]
    return await sent(node, decision(name), {"proposalId": identifier} | more, by=by)


async def entered(node: Node, value: object) -> str:
    """Bring a new record into the register; return the profile's id."""
    entry = {"record": given(value), "reason": REASON}
    proposal = made(await sent(node, PROPOSE, entry))
    profile: str = made(await decided(node, "Approve", proposal))["profileId"]
    return profile


async def changed(node: Node, profile: str, change: str, **more: Any) -> Json:
    """Bring a change into the register; return its proposal as approved."""
    if change in ("SEAL", "REMOVE"):
        more.setdefault("orderNumber", "MISC 7/2026")
    return made(await decided(node, "Approve", made(await proposed(node, profile, change, **more))))


async def amended(node: Node, profile: str, value: object) -> Json:
    """Bring another state of the record into the register."""
    entry = {"profileId": profile, "record": given(value), "reason": REASON}
    return made(await decided(node, "Approve", made(await sent(node, AMEND, entry))))


async def upload_ticket(node: Node, **options: Any) -> Json:
    """Ask where a photograph can be put."""
    return made(await sent(node, UPLOAD, {"reason": REASON}, **options), "ticket")


async def handed_in(node: Node, path: str, content: bytes, media_type: str = "image/jpeg") -> httpx.Response:
    """Put a file at an address, declared as it is."""
    return await node.http.put(path, content=content, headers=declaring(content, {"content-type": media_type}))


async def uploaded(node: Node, **options: Any) -> str:
    """Hand a photograph in; return its id."""
    ticket = await upload_ticket(node, **options)
    put = await handed_in(node, ticket["path"], encoded(gradient()))
    assert put.status_code == 201, put.text
    assert put.json()["photograph"] == ticket["photograph"]
    photograph: str = ticket["photograph"]
    return photograph


async def opened(node: Node, profile: str, *, by: Role = Role.SUPERVISOR, **moments: Any) -> Json | None:
    """Open a profile briefly; None where this officer may not know of it."""
    answer = (await node.ask(SHORT, {"id": profile} | moments, by=by)).json()
    if "errors" in answer:
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["NOT_FOUND"]
    found: Json | None = answer["data"]["profile"]
    return found


def uuid_of(profile: str) -> str:
    """Return a profile's id as the log writes it."""
    return str(read_public_id("profile", profile))


def person(name: str, **changes: Any) -> Json:
    """Return a record that is like nobody else's."""
    return factories.named(name, **changes)
