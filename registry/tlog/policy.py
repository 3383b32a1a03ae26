"""Whom to believe: logs, witnesses, and how many of which must have seen a checkpoint (https://c2sp.org/tlog-policy).

    log registry.example+8d81e2c1+AW…
    witness police DEMO-police.example+…
    witness court DEMO-court.example+… https://court.example/witness
    group both all police court
    quorum both

Lines that are empty or begin with # are passed over, and so is white space around words: a person writes this file. A
name must be defined above the line that uses it; the one name that is known by itself is `none`.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from itertools import chain

from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.keys import Kind, VerifierKey, parse_key, signed_by
from registry.tlog.note import Note
from registry.tlog.strict import Malformed, Unproved

NONE = "none"
MOST = 64
"""Most logs, witnesses and groups, each; C2SP asks for at least 32."""
LONGEST = 2**20
"""Bytes of a policy."""
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
LOG_KINDS = (Kind.ED25519, Kind.ML_DSA_44)
WITNESS_KINDS = (Kind.COSIGNATURE, Kind.ML_DSA_44)


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and where it is asked."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses, and other groups, of which so many must have seen a checkpoint."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The known logs and witnesses, and the quorum."""

    quorum: str = NONE
    logs: tuple[Party, ...] = ()
    witnesses: Mapping[str, Party] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    """In the order of their lines: a group holds only what stands above it."""

    def __post_init__(self) -> None:
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MOST:
            raise Malformed(f"has more than {MOST} logs, witnesses or groups", "policy")
        _keys_are_distinct(self.logs, LOG_KINDS, "log")
        _keys_are_distinct(tuple(self.witnesses.values()), WITNESS_KINDS, "witness")
        for word in chain(self.witnesses, self.groups, (each.url for each in self._parties() if each.url is not None)):
            _is_word(word)
        defined = set(self.witnesses)
        taken: set[str] = set()
        for name, group in self.groups.items():
            _is_possible(name, group, defined, taken)
            defined.add(name)
            taken.update(group.members)
        if NONE in defined or self.quorum not in {*defined, NONE}:
            raise Malformed("is not defined, or `none` is", "quorum")

    def _parties(self) -> tuple[Party, ...]:
        return (*self.logs, *self.witnesses.values())

    def is_quorum(self, seen: Container[VerifierKey]) -> bool:
        """Say whether cosignatures by these keys are enough."""
        met = {name for name, witness in self.witnesses.items() if witness.key in seen}
        for name, group in self.groups.items():
            if len(met.intersection(group.members)) >= group.least:
                met.add(name)
        return self.quorum == NONE or self.quorum in met

    def print(self) -> bytes:
        """Print the policy in its plain form."""
        lines = [
            *(f"log {_printed(each)}" for each in self.logs),
            *(f"witness {name} {_printed(each)}" for name, each in self.witnesses.items()),
            *(f"group {name} {each.least} {' '.join(each.members)}" for name, each in self.groups.items()),
            f"quorum {self.quorum}",
        ]
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


def opened(policy: Policy, note: Note) -> Checkpoint:
    """Return the checkpoint in a note that one of the logs signed and enough witnesses cosigned; else Unproved."""
    checkpoint = parse_checkpoint(note.text)
    logs = [each.key for each in policy.logs if each.key.name == checkpoint.origin]
    if not logs:
        raise Unproved("is of no log that the policy knows", "checkpoint")
    if not signed_by(note, logs):
        raise Unproved("is not signed by its log", "checkpoint")
    if not policy.is_quorum(signed_by(note, [each.key for each in policy.witnesses.values()])):
        raise Unproved("is not cosigned by a quorum of witnesses", "checkpoint")
    return checkpoint


def is_met(policy: Policy, note: Note) -> bool:
    """Say whether a note holds a checkpoint that the policy believes."""
    try:
        opened(policy, note)
    except Malformed:
        return False
    return True


def parse_policy(data: bytes) -> Policy:
    """Read a policy. Bytes that are not UTF-8 are kept as they are; keys must be UTF-8."""
    if len(data) > LONGEST:
        raise Malformed(f"is longer than {LONGEST} bytes", "policy")
    if not data.endswith(b"\n") or _CONTROL.search(data):
        raise Malformed("ends within a line, or holds a control character", "policy")
    read = _Reading()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            read.line(words, f"policy line {number}")
    if read.quorum is None:
        raise Malformed("has no quorum", "policy")
    return Policy(read.quorum, tuple(read.logs), read.witnesses, read.groups)


class _Reading:
    """What the lines so far have defined."""

    def __init__(self) -> None:
        self.quorum: str | None = None
        self.logs: list[Party] = []
        self.witnesses: dict[str, Party] = {}
        self.groups: dict[str, Group] = {}

    def line(self, words: list[str], where: str) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self.logs.append(Party(parse_key(key), *url))
            case ["witness", name, key, *url] if len(url) <= 1:
                self.witnesses[self._new(name, where)] = Party(parse_key(key), *url)
            case ["group", name, least, *members] if members:
                self._known(members, where)
                self.groups[self._new(name, where)] = Group(_least(least, len(members), where), tuple(members))
            case ["quorum", name] if self.quorum is None:
                self._known([] if name == NONE else [name], where)
                self.quorum = name
            case _:
                raise Malformed("is no line of a policy, or a second quorum", where)

    def _new(self, name: str, where: str) -> str:
        if name in {NONE, *self.witnesses, *self.groups}:
            raise Malformed("defines a name again", where)
        return name

    def _known(self, names: list[str], where: str) -> None:
        if not {*self.witnesses, *self.groups}.issuperset(names):
            raise Malformed("uses a name that is not defined above it", where)


def _least(word: str, members: int, where: str) -> int:
    if word in {"any", "all"}:
        return 1 if word == "any" else members
    if not (word.isascii() and word.isdigit() and len(word) <= 4) or word != str(int(word)):
        raise Malformed("has no threshold", where)
    return int(word)


def _is_possible(name: str, group: Group, defined: Container[str], taken: Container[str]) -> None:
    """Refuse a group that counts a member twice, can't be met, or is met by nobody."""
    if name in defined or len(set(group.members)) < len(group.members):
        raise Malformed("defines or counts a name twice", "group")
    if any(member not in defined or member in taken for member in group.members):
        raise Malformed("has a member that is not defined above it, or is another group's", "group")
    if not 1 <= group.least <= len(group.members):
        raise Malformed("can't be met, or always is", "group")


def _keys_are_distinct(parties: tuple[Party, ...], kinds: tuple[Kind, ...], where: str) -> None:
    """Refuse a key that stands twice, under whatever name: it would count twice."""
    if len({each.key.public for each in parties}) < len(parties):
        raise Malformed("has a key that another has", where)
    if any(each.key.kind not in kinds for each in parties):
        raise Malformed("has a key of a kind that it can't sign with", where)


def _is_word(word: str) -> None:
    try:
        data = word.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise Malformed("holds half a character", "name or address") from None
    if not data or _CONTROL.search(data) or any(space in data for space in b" \t\n"):
        raise Malformed("is empty, or holds white space", "name or address")
    if data.decode("utf-8", "surrogateescape") != word:
        raise Malformed("can be written in two ways", "name or address")


def _printed(party: Party) -> str:
    return party.key.print() if party.url is None else f"{party.key.print()} {party.url}"
