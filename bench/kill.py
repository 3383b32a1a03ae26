"""The server killed with -9 under load, again and again; nothing that was answered may be lost.

    python -m bench.kill --times 50                 on SQLite and on PostgreSQL; exits with 1 on any loss

Several clients search, one proposes and approves profiles. At a random moment the server's process gets SIGKILL and
is started anew with the same command; no repair in between. Clients keep the id of every answer that came whole.
At the end the database is asked whether each has its entry and whether register and log are whole
(``bench.wholeness``), and the restarted node whether it finds every approved profile.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from bench import node as nodes, questions
from bench.holder import Holder
from bench.node import Node
from bench.register import DIALECTS, Register, opened
from bench.wholeness import broken
from bench.wire import LOST, Connection, header, request
from registry.core import config
from registry.core.engines import open_database
from registry.core.ids import read_public_id
from registry.synthetic.record import Phone, Profile
from registry.synthetic.register import person

PROFILES = 300
NEWCOMERS_FROM = 4_000_000
"""People of this index and above are proposed under load."""
UNAVAILABLE = 503
"""The only answer that may have no entry: it says that the log can't take one."""
PLAYERS = ("investigator", "registrar", "vetter")
NOT_BROUGHT_IN = frozenset({"DUPLICATE_POSSIBLE", "EXPIRY_PAST"})
"""Some of many invented people are alike, and the time of some is over; they are not proposed."""
FIND = """query Find($phone: String!) {
  search(criteria: {phone: $phone}, first: 100) { edges { node { profile { id } } } } }"""
PROPOSE = """mutation Propose($record: RecordInput!) {
  profilePropose(input: {record: $record, reason: "Killed under load"}) {
    proposal { id profileId } userErrors { code } } }"""
APPROVE = """mutation Approve($id: ID!) {
  proposalApprove(input: {proposalId: $id}) { proposal { state } userErrors { code } } }"""


@dataclass(slots=True)
class Kept:
    """What the clients were told, over all lives of the server."""

    answered: set[str] = field(default_factory=set)
    """Request ids of answers that came whole."""
    statuses: Counter[int] = field(default_factory=Counter)
    proposed: int = 0
    approved: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    """By proposal: the profile's public id, and the phone it can be found by."""
    starts: list[float] = field(default_factory=list)
    """Seconds that each start took until ``/readyz``."""
    problems: list[str] = field(default_factory=list)

    def note(self, status: int, head: bytes) -> None:
        """Keep an answer."""
        self.statuses[status] += 1
        if status not in (LOST, UNAVAILABLE):
            if identifier := header(head, b"x-request-id"):
                self.answered.add(identifier)
            else:
                self.problems.append(f"an answer with status {status} carries no request id")


def kill_under_load(register: Register, times: int, *, clients: int = 4, seed: int = 9) -> Kept:
    """Kill the register's node so many times, then look whether all is kept."""
    return asyncio.run(_kill_under_load(register, times, clients, random.Random(seed)))


async def _kill_under_load(register: Register, times: int, clients: int, dice: random.Random) -> Kept:
    kept = Kept()
    newcomers = (person(index) for index in range(NEWCOMERS_FROM, NEWCOMERS_FROM + 1_000_000))
    bodies = list(questions.questions(200, register.loaded.profiles))
    for _ in range(times):
        node = await _started(register, kept)
        holders = {player: await asyncio.to_thread(node.holder, player) for player in PLAYERS}
        searches = [_search(node, holders["investigator"], bodies, kept, dice) for _ in range(clients)]
        load = asyncio.gather(*searches, _register(node, holders, newcomers, kept))
        await _at_work(kept)
        await asyncio.sleep(dice.uniform(0.05, 1.2))
        node.process.kill()
        await asyncio.to_thread(node.process.wait)
        await load
    node = await _started(register, kept)
    try:
        holder = await asyncio.to_thread(node.holder)
        kept.problems += [each async for each in _unfound(node, holder, kept)]
    finally:
        await asyncio.to_thread(node.stop)
    database = open_database(config.Settings(database_url=register.url))
    try:
        kept.problems += await broken(database, kept.answered, kept.approved)
    finally:
        await database.close()
    return kept


async def _started(register: Register, kept: Kept) -> Node:
    """Start the server; that it becomes ready by itself is the first thing to be kept."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    node = await asyncio.to_thread(nodes.start, register)
    kept.starts.append(loop.time() - begun)
    return node


class Client:
    """Asks one question after another until the server is gone."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        self.connection = connection
        self.kept = kept

    async def ask(self, holder: Holder, body: bytes) -> Any:  # Any: JSON; None when the server is gone
        """Return the answer's data, or None."""
        told: asyncio.Future[tuple[int, bytes, bytes]] = asyncio.get_running_loop().create_future()

        def answered(status: int, head: bytes, content: bytes) -> None:
            self.kept.note(status, head)
            told.set_result((status, head, content))

        if not self.connection.is_open:
            return None
        self.connection.send(request("/graphql", body, holder.headers()), answered)
        status, _, content = await told
        answer = orjson.loads(content) if status == 200 else {}
        if "errors" in answer:
            self.kept.problems.append(f"refused: {answer['errors'][0]['extensions']['code']}")
        return answer.get("data")


async def _at_work(kept: Kept) -> None:
    """Wait until this life of the server has answered a dozen questions, however busy the machine is."""
    before = len(kept.answered)
    async with asyncio.timeout(60):
        while len(kept.answered) < before + 12:  # noqa: ASYNC110  the clients count, and tell nobody
            await asyncio.sleep(0.01)


async def _search(node: Node, holder: Holder, bodies: list[bytes], kept: Kept, dice: random.Random) -> None:
    with suppress(OSError):
        client = Client(await Connection.open("127.0.0.1", node.port), kept)
        while client.connection.is_open:
            await client.ask(holder, dice.choice(bodies))


async def _register(node: Node, holders: dict[str, Holder], newcomers: Iterator[Profile], kept: Kept) -> None:
    """Propose one profile after another, and approve each."""
    with suppress(OSError):
        client = Client(await Connection.open("127.0.0.1", node.port), kept)
        while client.connection.is_open:
            profile = next(each for each in newcomers if each["phones"] and each["convictions"])
            data = await client.ask(holders["registrar"], _body(PROPOSE, record=record(profile)))
            proposal = _payload(data, "profilePropose", kept)
            if proposal is None:
                continue
            kept.proposed += 1
            data = await client.ask(holders["vetter"], _body(APPROVE, id=proposal["id"]))
            if _payload(data, "proposalApprove", kept) is not None:
                identifier = read_public_id("proposal", proposal["id"])
                kept.approved[identifier] = (proposal["profileId"], number(profile["phones"][0]))
            await asyncio.sleep(0.02)


def _payload(data: Any, mutation: str, kept: Kept) -> dict[str, Any] | None:
    if not data:
        return None
    payload = data[mutation]
    codes = [each["code"] for each in payload["userErrors"]]
    kept.problems += [f"{mutation} refused: {code}" for code in codes if code not in NOT_BROUGHT_IN]
    proposal: dict[str, Any] | None = payload["proposal"]
    return proposal


async def _unfound(node: Node, holder: Holder, kept: Kept) -> AsyncIterator[str]:
    """Yield the approved profiles that a search for their phone does not find."""
    client = Client(await Connection.open("127.0.0.1", node.port), Kept())
    for profile, phone in kept.approved.values():
        data = await client.ask(holder, _body(FIND, phone=phone))
        found = [edge["node"]["profile"]["id"] for edge in data["search"]["edges"]] if data else []
        if profile not in found:
            yield f"approved profile {profile} is not found"
    client.connection.close()


def _body(document: str, **variables: Any) -> bytes:
    return orjson.dumps({"query": document, "variables": variables})


def number(phone: str | Phone) -> str:
    """Return a phone's number, however it is written."""
    return phone if isinstance(phone, str) else phone["number"]


def record(profile: Profile) -> dict[str, Any]:
    """Return a synthetic person, as far as search needs them, as the API's RecordInput."""
    return {
        "legalBasis": {"code": profile["legal_basis"]["code"], "article": profile["legal_basis"]["article"]},
        "names": [
            {"full": name["full"], "script": name["script"].upper(), "kind": name["kind"].upper()}
            for name in profile["names"]
        ],
        "birthDate": profile["dob"]["value"],
        "sex": profile["sex"].upper(),
        "nationalities": profile["nationalities"],
        "identifiers": [
            {"type": each["type"].upper(), "value": each["value"], "country": each["country"]}
            for each in profile["identifiers"]
        ],
        "phones": [{"number": number(each)} for each in profile["phones"]],
        "county": profile["county"],
        "convictions": [
            {
                "offence": each["offence"], "court": each["court"], "caseNumber": each["case_number"],
                "convictedOn": each["convicted_on"], "sentence": each["sentence"],
            }
            for each in profile["convictions"]
        ],
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.kill", description=__doc__.partition("\n")[0])
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--profiles", type=int, default=PROFILES)
    parser.add_argument("--seed", type=int, default=9, help="of the random moments")
    options = parser.parse_args()
    print(f"{'database':12} {'kills':>5} {'answers kept':>12} {'lost':>6} {'503':>5} {'proposed':>8} {'approved':>8} "
          f"{'slowest start':>13}  result")  # fmt: skip
    failed = False
    for dialect in options.databases:
        with opened(dialect, options.profiles) as register:
            kept = kill_under_load(register, options.times, seed=options.seed)
        failed |= bool(kept.problems)
        print(
            f"{dialect:12} {options.times:5} {len(kept.answered):12} {kept.statuses[LOST]:6} "
            f"{kept.statuses[UNAVAILABLE]:5} {kept.proposed:8} {len(kept.approved):8} {max(kept.starts):11.1f} s  "
            f"{f'{len(kept.problems)} problems' if kept.problems else 'whole'}",
            flush=True,
        )
        for problem in kept.problems[:20]:
            print(f"    {problem}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
