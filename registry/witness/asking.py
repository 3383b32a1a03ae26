"""The other side: a log asks all its witnesses at once to cosign a checkpoint.

    witnesses = open_witnesses(Path("witnesses.txt"))          a policy: who is asked, where, and how many are enough
    cosigned = await witnesses.ask(note, prove)                prove(old): the hashes from that size to the checkpoint's
    cosigned.note, cosigned.is_quorum                          publish it, or wait
    cosigned.said                                              {"police": Said.COSIGNED, "court": Said.AWAY}

No witness is believed: of what it answers, only cosignatures are taken that verify under the key the policy gives it,
over this very text, at a time near ours. One that lies, is slow or is away takes nothing from the others. One that
knows a tree of which ours is no continuation (`Said.CONFLICT`) may be bad news of the log: its operator must look. Said
by so many that the policy would have believed them (`Cosigned.is_disputed`), it is: the notary stops for good.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from registry.core.clock import Clock, now
from registry.core.errors import InputRefused, RegistryError
from registry.core.outbound import Answer, Network, Outbound
from registry.tlog.checkpoint import parse_checkpoint
from registry.tlog.keys import VerifierKey, signed_by
from registry.tlog.note import Note, Signature, parse_signatures
from registry.tlog.policy import Policy, is_met, parse_policy
from registry.tlog.strict import Malformed, Unproved, decimal, text_of
from registry.tlog.witnessing import PLAIN, SIZE, Request

SECONDS = 3.0
"""Longest wait for all witnesses together. Each connection is a new one: some round trips around the world."""
PATIENCE = 0.5
"""Once there is a quorum: how long the others are waited for."""
MOST_TRIES = 3
"""The size that we remember, the one that the witness names, and once more where another asked in between."""
MOST_WITNESSES = 32
"""A note has place for 64 signatures, the log's among them; C2SP asks a policy for 32 witnesses."""
MOST_SKEW = 300
"""Seconds between a witness's clock and ours: an entry is dated by the cosignatures before and after it."""
MOST_BYTES = 65_536
"""Of an answer: 19 cosignatures by ML-DSA-44."""

Prove = Callable[[int], Sequence[bytes]]
"""Returns the consistency proof from a size to that of the checkpoint."""


class Said(StrEnum):
    """What came of asking a witness."""

    COSIGNED = "cosigned"
    CONFLICT = "knows another tree, or a larger one"
    REFUSED = "refused, or did not understand"
    FALSE = "answered with a signature that is not its own, or not of this checkpoint"
    UNTIMELY = "has another time than we"
    AWAY = "could not be reached"
    SLOW = "did not answer in time"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The checkpoint with the cosignatures that verified, whether they are enough, and what each witness said."""

    note: Note
    is_quorum: bool
    said: Mapping[str, Said]
    is_disputed: bool = False
    """Whether those who know another tree are two or more, would be enough for the policy, and can't be done without.

    So neither one witness alone, nor as many as a quorum can be had without, can stop a log by what they say.
    """


@dataclass(frozen=True, slots=True)
class _Heard:
    """What one address answered: cosignatures by which of its keys."""

    said: Said
    signatures: tuple[Signature, ...] = ()
    keys: frozenset[VerifierKey] = frozenset()


class Witnesses:
    """Those of a policy that have an address."""

    def __init__(  # each limit is named where it is set
        self, policy: Policy, outbound: Outbound, *, seconds: float = SECONDS, patience: float = PATIENCE,
        clock: Clock = now,
    ) -> None:  # fmt: skip
        if len(policy.witnesses) > MOST_WITNESSES:
            raise Malformed(f"has more than {MOST_WITNESSES} witnesses", "policy")
        self._policy = policy
        self._outbound = outbound
        self._seconds = seconds
        self._patience = patience
        self._clock = clock
        self._keys: dict[str, tuple[VerifierKey, ...]] = {}
        for each in policy.witnesses.values():
            if each.url is not None:
                self._keys[each.url] = (*self._keys.get(each.url, ()), each.key)
        self._sizes: dict[tuple[str, str], int] = {}
        """By address and origin, the size that the witness signed last, as far as we know."""

    async def ask(self, note: Note, prove: Prove) -> Cosigned:
        """Ask for cosignatures for a checkpoint that its log has signed; return what there is when the time is over.

        ``prove`` is called on the event loop, at most a few times. What it raises ends the asking and is raised.
        """
        heard = await self._hear(note, prove)
        keys = frozenset[VerifierKey]().union(*(each.keys for each in heard.values()))
        signatures = [signature for each in heard.values() for signature in each.signatures]
        said = {}
        for name, witness in self._policy.witnesses.items():
            if witness.url is not None:
                told = heard[witness.url].said
                said[name] = Said.REFUSED if told is Said.COSIGNED and witness.key not in keys else told
        disputing = [url for url, each in heard.items() if each.said is Said.CONFLICT]
        is_disputed = self._is_disputed(disputing)
        return Cosigned(note.with_signatures(signatures), self._policy.is_quorum(keys), said, is_disputed)

    def _is_disputed(self, disputing: Sequence[str]) -> bool:
        theirs = frozenset(key for url in disputing for key in self._keys[url])
        others = frozenset(each.key for each in self._policy.witnesses.values()) - theirs
        return len(disputing) > 1 and self._policy.is_quorum(theirs) and not self._policy.is_quorum(others)

    def has_quorum(self, note: Note) -> bool:
        """Say whether a note bears what the policy asks for, the log's own signature among it."""
        return is_met(self._policy, note)

    def knows(self, keys: Iterable[VerifierKey]) -> bool:
        """Say whether the policy has one of these keys as a log's: else nobody who goes by it would believe the log."""
        return not {each.key for each in self._policy.logs}.isdisjoint(keys)

    async def _hear(self, note: Note, prove: Prove) -> dict[str, _Heard]:
        """Ask every address at once, until the time is over or enough have cosigned."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._seconds
        asking = {asyncio.create_task(self._heard(url, note, prove)): url for url in self._keys}
        heard = dict.fromkeys(self._keys, _Heard(Said.SLOW))
        pending, has_quorum = set(asking), False
        try:
            while pending and (left := until - loop.time()) > 0:
                done, pending = await asyncio.wait(pending, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                heard |= {asking[task]: task.result() for task in done}
                if not has_quorum and self._policy.is_quorum({key for each in heard.values() for key in each.keys}):
                    has_quorum, until = True, min(until, loop.time() + self._patience)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        return heard

    async def _heard(self, url: str, note: Note, prove: Prove) -> _Heard:
        """Ask one address, again from the size that it names."""
        checkpoint = parse_checkpoint(note.text)
        place, size = (url, checkpoint.origin), checkpoint.size
        old = self._sizes.get(place, 0)
        for _ in range(MOST_TRIES):
            if old > size:
                return _Heard(Said.CONFLICT)
            asked = Request(old, tuple(prove(old)), note).print()
            try:
                answer = await self._outbound.post(f"{url.rstrip('/')}/add-checkpoint", asked, {"content-type": PLAIN})
            except RegistryError:
                return _Heard(Said.AWAY)
            if answer.status != HTTPStatus.CONFLICT:
                heard = self._read(answer, note, self._keys[url])
                if heard.said is Said.COSIGNED:
                    self._sizes[place] = size
                return heard
            named = _size(answer)
            if named is None:
                return _Heard(Said.REFUSED)
            if named > size or named == old:
                return _Heard(Said.CONFLICT)
            self._sizes[place] = old = named
        return _Heard(Said.REFUSED)

    def _read(self, answer: Answer, note: Note, keys: Iterable[VerifierKey]) -> _Heard:
        """Take from an answer the cosignatures by the keys of this witness; those by others say nothing."""
        if answer.status != HTTPStatus.OK:
            return _Heard(Said.CONFLICT if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY else Said.REFUSED)
        try:
            given = parse_signatures(text_of(answer.content, "cosignatures", most=MOST_BYTES))
            own = {key: each for each in given for key in keys if key.has_signed(each)}  # one each, or notes overflow
            found = signed_by(Note(note.text, tuple(own.values())), own)
        except Malformed as problem:
            return _Heard(Said.FALSE if isinstance(problem, Unproved) else Said.REFUSED)
        moment = self._clock().timestamp()
        if any(abs(at - moment) > MOST_SKEW for at in found.values()):
            return _Heard(Said.UNTIMELY)
        return _Heard(Said.COSIGNED, tuple(own.values()), frozenset(found))


def _size(answer: Answer) -> int | None:
    """Return the size that a conflict names."""
    try:
        text = text_of(answer.content, "size", most=32)
        is_size = answer.headers.get("content-type") == SIZE and text.endswith("\n")
        return decimal(text.removesuffix("\n"), "size") if is_size else None
    except Malformed:
        return None


def open_witnesses(
    file: Path, *, networks: Sequence[Network] = (), loopback: bool = False, seconds: float = SECONDS
) -> Witnesses:
    """Read a policy, and return its witnesses. Raises InputRefused (POLICY_UNREADABLE, WITNESS_ADDRESS_REFUSED)."""
    try:
        policy = parse_policy(file.read_bytes())
        hosts = {_host(each.url, loopback=loopback) for each in policy.witnesses.values() if each.url is not None}
        outbound = Outbound(hosts, loopback=loopback, networks=networks, most_bytes=MOST_BYTES, seconds=2 * seconds)
        return Witnesses(policy, outbound, seconds=seconds)
    except (OSError, Malformed) as problem:
        what = f"{problem}." if isinstance(problem, Malformed) else f"cannot be read ({type(problem).__name__})."
        raise InputRefused(what, field=str(file), code="POLICY_UNREADABLE",
                           remedy="See docs/witness.md for its form.") from problem  # fmt: skip


def _host(url: str, *, loopback: bool) -> str:
    """Return host and port of an address as the one outbound client lists them."""
    usual = {"https": 443} | ({"http": 80} if loopback else {})
    try:
        parts = urlsplit(url)
        is_plain = not (parts.query or parts.fragment or parts.username or parts.password) and url.isascii()
        if is_plain and parts.scheme in usual and parts.hostname:
            return parts.hostname if parts.port in {None, usual[parts.scheme]} else f"{parts.hostname}:{parts.port}"
    except ValueError:  # brackets that don't close, a port that is none
        pass
    raise InputRefused(
        "gives a witness an address that is not plain https.", field="witness", code="WITNESS_ADDRESS_REFUSED",
        remedy="Write https://host/prefix, without add-checkpoint.",
    )  # fmt: skip
