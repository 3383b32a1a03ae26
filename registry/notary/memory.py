"""What the notary signed last, as a file of its own: the checkpoint, and when it was signed (Unix seconds).

    registry.example/log
    4711
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    1795344843

It is written before the signature is made. So whatever was ever signed is remembered, and a stop between the two leaves
something that may be signed again: the same text, at the same time.
"""

from dataclasses import dataclass

from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.strict import Malformed, decimal, natural, text_of

LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Memory:
    """The checkpoint that was signed last, or is about to be."""

    checkpoint: Checkpoint
    at: int
    """When, in seconds since 1970."""

    def __post_init__(self) -> None:
        natural(self.at, "memory time")

    @property
    def size(self) -> int:
        """How many entries are signed."""
        return self.checkpoint.size

    def print(self) -> bytes:
        """Print the memory."""
        return f"{self.checkpoint.text}{self.at}\n".encode()


def parse_memory(data: bytes) -> Memory:
    """Read a printed memory."""
    lines = text_of(data, "memory", most=LONGEST).split("\n")
    if len(lines) != 5 or lines.pop():
        raise Malformed("is not four lines, each with its newline", "memory")
    at = lines.pop()
    return Memory(parse_checkpoint("".join(f"{line}\n" for line in lines)), decimal(at, "memory time"))
