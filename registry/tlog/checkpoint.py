"""Checkpoints: what a log says of itself at one moment, the text of a signed note (https://c2sp.org/tlog-checkpoint).

    example.com/behind-the-sofa                     origin: which log
    20852163                                        how many entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     the root over them

Lines after these ("extensions") are nothing that a monitor could check: we print none, and keep those of others.
"""

from dataclasses import dataclass

from registry.tlog.strict import HASH, Malformed, decimal, hashes, natural, octets, plain, printed
from registry.tlog.tree import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The origin of a log, the size of its tree and the root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        natural(self.size, "checkpoint size")
        hashes([self.root], "checkpoint root")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise Malformed("is not that of the empty tree", "checkpoint root")
        if any(not line or "\n" in plain(line, "checkpoint") for line in (self.origin, *self.extensions)):
            raise Malformed("has an empty line", "checkpoint")

    @property
    def text(self) -> str:
        """The checkpoint as the text of a note."""
        if self.extensions:
            raise Malformed("has extension lines, which nobody could check", "checkpoint")
        return f"{self.origin}\n{self.size}\n{printed(self.root)}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():
        raise Malformed("has not three lines, each with its newline", "checkpoint")
    origin, size, root, *extensions = lines
    return Checkpoint(
        origin,
        decimal(size, "checkpoint size"),
        octets(root, "checkpoint root", length=HASH),
        tuple(extensions),
    )
