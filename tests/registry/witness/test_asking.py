"""A log asks its witnesses: honest ones, ones that lie, are slow or away; how many are enough. All on loopback."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from registry.core.clock import now
from registry.core.errors import InputRefused
from registry.core.outbound import Outbound
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import Signer, VerifierKey, cosigner, signed_by
from registry.tlog.note import Note
from registry.tlog.policy import Group, Party, Policy, is_met
from registry.tlog.strict import Malformed
from registry.tlog.tree import Tree
from registry.tlog.witnessing import SIZE, parse_request
from registry.witness.asking import MOST_BYTES, MOST_SKEW, Cosigned, Said, Witnesses, open_witnesses
from registry.witness.server import create as server
from tests.registry.tlog.signers import ABROAD, COURT, LOG, ORIGIN, POLICE, checkpoint, private, signed
from tests.registry.witness.serving import FORK, TREE, remembering, served, witness

pytestmark = pytest.mark.anyio
Say = Callable[[bytes], Response]
NOTE = signed(checkpoint(TREE, 20), LOG)
AWAY = "http://127.0.0.1:9/nobody"


class Street:
    """One server for all tests here: each program has an address of its own on it, `/1/add-checkpoint` and so on."""

    url = ""

    def __init__(self) -> None:
        self._houses: list[ASGIApp] = []

    def house(self, app: ASGIApp) -> str:
        self._houses.append(app)
        return f"{self.url}/{len(self._houses) - 1}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, number, rest = scope["path"].split("/", 2)
        await self._houses[int(number)]({**scope, "path": f"/{rest}", "raw_path": b""}, receive, send)


@dataclass
class Neighbourhood:
    """What serves while a test runs, and whom the log asks."""

    folder: Path
    street: Street
    parties: dict[str, Party] = field(default_factory=dict)

    def honest(self, name: str, *signers: Signer) -> None:
        """Add a witness; each further key is another line of the policy at the same address."""
        url = self.street.house(server(witness(remembering(self.folder, f"{name}.db"), *signers)))
        for place, signer in enumerate(signers):
            self.parties[name if not place else f"{name}-{place}"] = Party(signer.key, url)

    def saying(self, name: str, say: Say, key: VerifierKey) -> None:
        async def answer(request: Asked) -> Response:
            return say(await request.body())

        app = Starlette(routes=[Route("/add-checkpoint", answer, methods=["POST"])])
        self.parties[name] = Party(key, f"{self.street.house(app)}/")

    def witnesses(self, quorum: str = "any", groups: dict[str, Group] | None = None, *, seconds: float = 10.0,
                  patience: float = 10.0) -> Witnesses:  # fmt: skip
        groups = groups or {"any": Group(1, tuple(self.parties))}
        policy = Policy(quorum, (Party(LOG.key),), self.parties, groups)
        hosts = {party.url.split("/")[2] for party in self.parties.values() if party.url}
        outbound = Outbound(hosts, loopback=True, most_bytes=MOST_BYTES)
        return Witnesses(policy, outbound, seconds=seconds, patience=patience)


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    found = Street()
    with served(found) as found.url:
        yield found


@pytest.fixture
def around(tmp_path: Path, street: Street) -> Neighbourhood:
    return Neighbourhood(tmp_path, street)


def proving(tree: Tree, size: int) -> Callable[[int], Sequence[bytes]]:
    return lambda old: tree.consistency(old, size)


async def asked(witnesses: Witnesses, tree: Tree, size: int) -> Cosigned:
    return await witnesses.ask(signed(checkpoint(tree, size), LOG), proving(tree, size))


# -- honest


async def test_every_witness_cosigns_and_the_note_meets_the_policy(around: Neighbourhood) -> None:
    around.honest("police", POLICE, ABROAD)
    around.honest("court", COURT)
    witnesses = around.witnesses("all", {"all": Group(3, tuple(around.parties))})

    cosigned = await asked(witnesses, TREE, 20)

    keys = [LOG.key, POLICE.key, ABROAD.key, COURT.key]
    assert cosigned.said == dict.fromkeys(around.parties, Said.COSIGNED)
    assert cosigned.is_quorum
    assert signed_by(cosigned.note, keys).keys() == set(keys)
    assert is_met(witnesses._policy, cosigned.note)


async def test_a_log_that_remembers_nothing_is_told_where_to_go_on(around: Neighbourhood) -> None:
    around.honest("police", POLICE)
    first = [(await asked(around.witnesses(), TREE, size)).said for size in (0, 12, 12, 20)]
    same = around.witnesses()
    then = [(await asked(same, TREE, size)).said for size in (20, 33, 33, 40)]

    assert first + then == [{"police": Said.COSIGNED}] * 8


async def test_a_log_that_two_notaries_ask_for_goes_on(around: Neighbourhood) -> None:
    around.honest("police", POLICE)
    one, other = around.witnesses(), around.witnesses()

    said = [(await asked(each, TREE, size)).said["police"] for size in (12, 20, 33) for each in (one, other)]

    assert set(said) == {Said.COSIGNED}


async def test_a_fork_and_a_shorter_log_are_told_as_conflicts(around: Neighbourhood) -> None:
    around.honest("police", POLICE)
    asks = around.witnesses()
    assert (await asked(asks, TREE, 20)).is_quorum

    cases = [
        await asked(asks, TREE, 12), await asked(around.witnesses(), TREE, 12),
        await asked(around.witnesses(), FORK, 20), await asked(around.witnesses(), FORK, 40),
    ]  # fmt: skip

    assert [each.said["police"] for each in cases] == [Said.CONFLICT] * 4
    assert not any(each.is_quorum for each in cases)
    assert all(len(each.note.signatures) == 1 for each in cases)


async def test_a_log_that_the_witness_does_not_know_is_refused(around: Neighbourhood) -> None:
    around.honest("police", POLICE)
    text = Checkpoint("another.example", 20, TREE.root_at(20)).text

    cosigned = await around.witnesses().ask(Note(text, (LOG.sign(text),)), proving(TREE, 20))

    assert cosigned.said == {"police": Said.REFUSED}


# -- one that is not believed, beside an honest one


def cosigning(text: str, signer: Signer = POLICE, shift: int = 0) -> str:
    return signer.sign(text, int(now().timestamp()) + shift).line


def flipped(line: str) -> str:
    return f"{line[:-10]}{'B' if line[-10] == 'A' else 'A'}{line[-9:]}"


def saying(body: str, status: int = 200, kind: str = "text/plain") -> Say:
    return lambda _: Response(body, status, media_type=kind)


def conflict(size: object, kind: str = SIZE) -> Say:
    return lambda _: Response(f"{size}\n".encode(), 409, {"content-type": kind})


def one_less(body: bytes) -> Response:
    return conflict((parse_request(body).old - 1) % 20)(body)


OTHER_ORIGIN = Checkpoint("another.example", 20, TREE.root_at(20)).text
OTHER_ROOT = checkpoint(FORK, 20).text
NAMED_POLICE = cosigner(POLICE.key.name, private(9))

LIES: dict[str, tuple[Say, Said]] = {
    "a signature that is none": (saying(flipped(cosigning(NOTE.text))), Said.FALSE),
    "another origin": (saying(cosigning(OTHER_ORIGIN)), Said.FALSE),
    "another root": (saying(cosigning(OTHER_ROOT)), Said.FALSE),
    "a false one beside a right one": (saying(cosigning(NOTE.text) + flipped(cosigning(NOTE.text))), Said.FALSE),
    "by a stranger": (saying(cosigning(NOTE.text, NAMED_POLICE)), Said.REFUSED),
    "by another witness": (saying(cosigning(NOTE.text, COURT)), Said.REFUSED),
    "a note signature of the log": (saying(NOTE.signatures[0].line), Said.REFUSED),
    "an hour ago": (saying(cosigning(NOTE.text, shift=-3600)), Said.UNTIMELY),
    "tomorrow": (saying(cosigning(NOTE.text, shift=86_400)), Said.UNTIMELY),
    "nothing": (saying(""), Said.REFUSED),
    "half a line": (saying(cosigning(NOTE.text)[:-1]), Said.REFUSED),
    "a page": (saying("<html>login</html>"), Said.REFUSED),
    "too much": (saying(cosigning(NOTE.text) * 1000), Said.AWAY),
    "a failure": (saying("no", 500), Said.REFUSED),
    "another address": (lambda _: RedirectResponse("http://127.0.0.1:9/"), Said.REFUSED),
    "a conflict without its type": (conflict(12, "text/plain"), Said.REFUSED),
    "a conflict without a number": (conflict("many"), Said.REFUSED),
    "a conflict with what was sent": (conflict(0), Said.CONFLICT),
    "a larger size": (conflict(2**62), Said.CONFLICT),
    "ever another size": (one_less, Said.REFUSED),
}  # fmt: skip


@pytest.mark.parametrize(("say", "said"), LIES.values(), ids=LIES)
async def test_what_a_witness_says_is_not_believed_and_takes_nothing_from_the_others(
    around: Neighbourhood, say: Say, said: Said
) -> None:
    around.saying("police", say, POLICE.key)
    around.honest("court", COURT)

    cosigned = await asked(around.witnesses(), TREE, 20)

    assert cosigned.said == {"police": said, "court": Said.COSIGNED}
    assert signed_by(cosigned.note, [POLICE.key, COURT.key]).keys() == {COURT.key}
    assert len(cosigned.note.signatures) == 2
    assert cosigned.is_quorum


async def test_the_same_line_many_times_counts_once(around: Neighbourhood) -> None:
    around.saying("police", lambda _: Response(cosigning(NOTE.text) * 64), POLICE.key)
    around.honest("court", COURT)

    cosigned = await asked(around.witnesses(), TREE, 20)

    assert [each.name for each in cosigned.note.signatures] == [ORIGIN, POLICE.key.name, COURT.key.name]


async def test_a_clock_that_is_a_little_off_is_believed(around: Neighbourhood) -> None:
    around.saying("police", lambda _: Response(cosigning(NOTE.text, shift=60 - MOST_SKEW)), POLICE.key)

    assert (await asked(around.witnesses(), TREE, 20)).said == {"police": Said.COSIGNED}


# -- one that does not answer


def never(_: bytes) -> Response:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b""
            await asyncio.sleep(0.05)

    return StreamingResponse(drops(), media_type="text/plain")


async def test_one_that_is_away_or_slow_does_not_hold_up_the_rest(around: Neighbourhood) -> None:
    around.parties["away"] = Party(ABROAD.key, AWAY)
    around.saying("slow", never, POLICE.key)
    around.honest("court", COURT)

    begun = time.monotonic()
    enough = await asked(around.witnesses(patience=0.1), TREE, 20)
    lacking = await asked(around.witnesses("all", {"all": Group(3, ("away", "slow", "court"))}, seconds=0.7), TREE, 20)

    told = {"away": Said.AWAY, "slow": Said.SLOW, "court": Said.COSIGNED}
    assert time.monotonic() - begun < 8
    assert (enough.said, enough.is_quorum) == (told, True)
    assert (lacking.said, lacking.is_quorum) == (told, False)
    assert signed_by(lacking.note, [COURT.key]).keys() == {COURT.key}


async def test_what_the_proof_raises_is_raised(around: Neighbourhood) -> None:
    def prove(_old: int) -> Sequence[bytes]:
        raise OSError("no such tile")

    around.honest("police", POLICE)
    around.parties["away"] = Party(COURT.key, AWAY)

    with pytest.raises(OSError, match="no such tile"):
        await around.witnesses().ask(NOTE, prove)


# -- how many are enough

THREE = ("police", "court", "abroad")
NESTED = {"inland": Group(1, ("police", "court")), "both": Group(2, ("inland", "abroad"))}
QUORUMS: list[tuple[str, dict[str, Group], str, bool]] = [
    ("none", {}, "", True),
    ("police", {}, "police", True),
    ("police", {}, "court abroad", False),
    ("any", {"any": Group(1, THREE)}, "", False),
    ("any", {"any": Group(1, THREE)}, "abroad", True),
    ("two", {"two": Group(2, THREE)}, "court", False),
    ("two", {"two": Group(2, THREE)}, "court abroad", True),
    ("all", {"all": Group(3, THREE)}, "police court", False),
    ("all", {"all": Group(3, THREE)}, "police court abroad", True),
    ("both", NESTED, "police court", False),
    ("both", NESTED, "court abroad", True),
]


@pytest.mark.parametrize(("quorum", "groups", "there", "is_quorum"), QUORUMS)
async def test_a_quorum_is_what_the_policy_says(
    around: Neighbourhood, quorum: str, groups: dict[str, Group], there: str, is_quorum: bool
) -> None:
    for name, signer in zip(THREE, (POLICE, COURT, ABROAD), strict=True):
        if name in there.split():
            around.honest(name, signer)
        else:
            around.parties[name] = Party(signer.key, AWAY)

    cosigned = await asked(around.witnesses(quorum, groups or {"unused": Group(1, THREE)}), TREE, 20)

    assert cosigned.is_quorum == is_quorum
    assert {name for name, said in cosigned.said.items() if said is Said.COSIGNED} == set(there.split())


async def test_a_witness_without_an_address_is_not_asked(around: Neighbourhood) -> None:
    around.parties["paper"] = Party(POLICE.key)

    cosigned = await asked(around.witnesses(), TREE, 20)

    assert (cosigned.said, cosigned.is_quorum, cosigned.note) == ({}, False, NOTE)


# -- the file


async def test_witnesses_are_those_of_a_policy_file(around: Neighbourhood) -> None:
    around.honest("police", POLICE)
    file = around.folder / "witnesses.txt"
    file.write_bytes(Policy("police", (Party(LOG.key),), around.parties).print())

    cosigned = await asked(open_witnesses(file, loopback=True), TREE, 20)

    assert cosigned.is_quorum


@pytest.mark.parametrize("address", [
    "http://witness.example", "ftp://witness.example", "https://", "https://witness.example?x", "https://a:b@x.example",
    "https://witness.example:99999", "https://witness.example#x",
])  # fmt: skip
def test_an_address_is_plain_https(tmp_path: Path, address: str) -> None:
    (tmp_path / "witnesses.txt").write_bytes(Policy("a", (), {"a": Party(POLICE.key, address)}).print())

    with pytest.raises(InputRefused) as refused:
        open_witnesses(tmp_path / "witnesses.txt")
    assert refused.value.code == "WITNESS_ADDRESS_REFUSED"


@pytest.mark.parametrize("content", [None, b"", b"quorum nobody\n"])
def test_a_policy_that_can_not_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "witnesses.txt").write_bytes(content)

    with pytest.raises(InputRefused) as refused:
        open_witnesses(tmp_path / "witnesses.txt")
    assert refused.value.code == "POLICY_UNREADABLE"


def test_no_more_are_asked_than_a_note_has_place_for() -> None:
    parties = {f"w{number}": Party(cosigner(f"w{number}", private(number + 20)).key) for number in range(33)}

    with pytest.raises(Malformed):
        Witnesses(Policy("none", (), parties), Outbound(set()))
