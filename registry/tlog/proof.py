"""Proofs that are checked offline: this entry is in that log, and these witnesses saw it (https://c2sp.org/tlog-proof).

    c2sp.org/tlog-proof@v1
    index 73894
    gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=     the path from the leaf's sibling up
    …

    example.com/fancylog                            the checkpoint, as the log and its witnesses signed it
    …

A line `extra …` before the index may hold what an application adds. Nobody signs it.
"""

from dataclasses import dataclass

from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.note import LONGEST, Note, parse_note
from registry.tlog.policy import Policy, opened
from registry.tlog.strict import Malformed, Unproved, decimal, hash_lines, natural, octets, path, printed, text_of
from registry.tlog.tree import is_included

FIRST_LINE = "c2sp.org/tlog-proof@v1"
LONGEST_EXTRA = 2**16
"""Bytes of extra data."""
LONGEST_HEAD = 2**17
"""Bytes before the checkpoint."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The place of an entry in a log, the path from it to the root, and the signed checkpoint with that root."""

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __post_init__(self) -> None:
        natural(self.index, "proof index")
        path(self.path, "proof path")
        parse_checkpoint(self.note.text)
        if self.extra is not None and not 1 <= len(self.extra) <= LONGEST_EXTRA:
            raise Malformed(f"is not 1 to {LONGEST_EXTRA} bytes", "extra data")

    def print(self) -> bytes:
        """Print the proof."""
        extra = [] if self.extra is None else [f"extra {printed(self.extra)}"]
        lines = [FIRST_LINE, *extra, f"index {self.index}", *map(printed, self.path)]
        return "".join([f"{line}\n" for line in lines]).encode("ascii") + b"\n" + self.note.print()


def parse_proof(data: bytes) -> Proof:
    """Read a proof. Nothing of it is verified."""
    if len(data) > LONGEST_HEAD + LONGEST:
        raise Malformed("is too long", "proof")
    head, split, note = data.partition(b"\n\n")
    first, *lines = text_of(head, "proof", most=LONGEST_HEAD).split("\n")
    if first != FIRST_LINE or not split:
        raise Malformed(f"is not {FIRST_LINE} with a checkpoint", "proof")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = octets(lines.pop(0).removeprefix("extra "), "extra data")
    if not lines or not lines[0].startswith("index "):
        raise Malformed("has no index", "proof")
    index = decimal(lines[0].removeprefix("index "), "proof index")
    return Proof(index, hash_lines(lines[1:], "proof path"), parse_note(note), extra)


def verify(proof: Proof, leaf: bytes, policy: Policy) -> Checkpoint:
    """Return the checkpoint under which an entry, by its leaf hash, is proved to be in a log; else Unproved."""
    checkpoint = opened(policy, proof.note)
    if not is_included(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise Unproved("does not lead from the entry to the root", "proof path")
    return checkpoint
