"""Keys from fixed seeds, a small log with its witnesses, and damaged bytes. All invented."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import strategies as st

from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import Signer, cosigner, ed25519, ml_dsa_44
from registry.tlog.note import Note
from registry.tlog.policy import Group, Party, Policy
from registry.tlog.strict import Malformed
from registry.tlog.tree import Tree, leaf_hash

Case = TypeVar("Case")
Make = Callable[[], object]

ORIGIN = "registry.example/log"
AT = 1_790_000_000


def private(seed: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


LOG = ed25519(ORIGIN, private(1))
LATER_LOG = ml_dsa_44(ORIGIN, MLDSA44PrivateKey.from_seed_bytes(b"\x02" * 32))
POLICE = cosigner("DEMO-police.example", private(3))
COURT = cosigner("DEMO-court.example", private(4))
ABROAD = ml_dsa_44("DEMO-abroad.example", MLDSA44PrivateKey.from_seed_bytes(b"\x05" * 32))
STRANGER = ed25519("DEMO-stranger.example", private(6))

BOTH = Policy(
    quorum="both",
    logs=(Party(LOG.key),),
    witnesses={"police": Party(POLICE.key), "court": Party(COURT.key, "https://court.example/witness")},
    groups={"both": Group(2, ("police", "court"))},
)


def leaves(count: int, first: int = 0) -> list[bytes]:
    return [leaf_hash(b"entry %d" % number) for number in range(first, first + count)]


def signed(checkpoint: Checkpoint, *signers: Signer) -> Note:
    return Note(checkpoint.text, tuple(each.sign(checkpoint.text, AT) for each in signers))


def checkpoint(tree: Tree, size: int | None = None) -> Checkpoint:
    size = tree.size if size is None else size
    return Checkpoint(ORIGIN, size, tree.root_at(size))


def flipped(data: bytes) -> Iterator[bytes]:
    """Every copy in which one bit of one byte is another."""
    for place, byte in enumerate(data):
        yield data[:place] + bytes([byte ^ 1 << place % 8]) + data[place + 1 :]


def accepted(read: Callable[[Case], object], cases: Iterable[Case]) -> list[Case]:
    """The cases that were not refused."""
    return [case for case in cases if not is_refused(read, case)]


def made(make: Make) -> object:
    """Make it: for cases that are values rather than texts."""
    return make()


def is_refused(read: Callable[[Case], object], case: Case) -> bool:
    try:
        read(case)
    except Malformed:
        return True
    return False


@st.composite
def damaged(draw: st.DrawFn, printed: st.SearchStrategy[bytes]) -> bytes:
    """Printed bytes with a part left out, repeated, or put in."""
    data = draw(printed)
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 40)))
    middle = draw(st.sampled_from([b"", data[start:end] * 2, b"\n", b" ", b"0", b"=", b"\r", b"+", b"\xff", b"\n\n"]))
    return data[:start] + middle + data[end:]
