"""Receipts: what an answer promises of its entry, and who vouches for whoever promises. Pure.

    Log-Receipt: v1 4711 1795344843120 CsUYap…2I= m3Rk…8w= pQ5m…Ag==
                 index, the leaf's time in Unix milliseconds and its hash in the tree, the promise key, the signature

Each process of a node signs with a promise key of its own, which lives a day at most and in no file. The signature is
Ed25519 over five lines:

    registry log receipt v1
    registry.example/log                            the log's origin
    4711
    1795344843120
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

The notary certifies the key by a signed note (https://c2sp.org/signed-note), which the log publishes for ever at
``promise/<the key in hex>``. Its text is five lines too, and no checkpoint's: no size stands in the second.

    registry promise key v1
    registry.example/log
    m3Rk…8w=
    1795344840                                      good from, in Unix seconds,
    1795431240                                      until

Whoever holds a receipt whose leaf does not stand at its index ``PATIENCE`` later holds a proof of misconduct.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from registry.tlog.strict import HASH, Malformed, Unproved, decimal, hashes, natural, octets, plain, printed

HEADER = "log-receipt"
"""The header of an answer, and the member of an event's ``extensions`` in camelCase, ``logReceipt``."""
MEMBER = "logReceipt"
FORM = "v1"
PROMISED, CERTIFIED = "registry log receipt v1", "registry promise key v1"
"""First lines: neither is the origin of a log, so neither text is a checkpoint."""
KEY, SIGNATURE = 32, 64
"""Bytes."""
LIFE = timedelta(days=1)
"""Of a promise key."""
PATIENCE = timedelta(seconds=60)
"""How soon the log has to hold what was promised: its maximum merge delay."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

Sign = Callable[[bytes], bytes]
"""Signs a message with a promise key."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was promised, by which key. Only ``check`` says whether that key has signed it."""

    index: int
    at: int
    """The leaf's time in Unix milliseconds."""
    leaf: bytes
    """The leaf's hash in the tree (RFC 6962)."""
    key: bytes
    signature: bytes

    def __post_init__(self) -> None:
        natural(self.index, "receipt index")
        natural(self.at, "receipt time")
        hashes([self.leaf, self.key], "receipt")
        if len(self.signature) != SIGNATURE:
            raise Malformed(f"is not {SIGNATURE} bytes", "receipt signature")

    def __str__(self) -> str:
        """Return the receipt as its header says it."""
        return (
            f"{FORM} {self.index} {self.at} {printed(self.leaf)} {printed(self.key)} {printed(self.signature)}"
        )  # fmt: skip

    @property
    def moment(self) -> datetime:
        """When the entry got its place."""
        try:
            return _EPOCH + self.at * _MILLISECOND
        except OverflowError:
            raise Malformed("lies behind the year 9999", "receipt time") from None

    def check(self, origin: str) -> None:
        """See that its key has promised this of the log of that origin. Raises Unproved."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(
                self.signature, message(origin, self.index, self.at, self.leaf)
            )
        except (InvalidSignature, ValueError):  # ValueError: a key that is no point
            raise Unproved(f"is not by its key, for the log {origin}", "receipt signature") from None


def parse_receipt(line: str) -> Receipt:
    """Read what stands in a header. Raises Malformed."""
    form, *rest = line.split(" ")
    if form != FORM or len(rest) != 5:
        raise Malformed(f"is not {FORM} and five values", "receipt")
    index, at, leaf, key, signature = rest
    return Receipt(
        decimal(index, "receipt index"), decimal(at, "receipt time"), octets(leaf, "receipt leaf", length=HASH),
        octets(key, "receipt key", length=KEY), octets(signature, "receipt signature", length=SIGNATURE),
    )  # fmt: skip


def message(origin: str, index: int, at: int, leaf: bytes) -> bytes:
    """Return what a promise key signs."""
    return f"{PROMISED}\n{origin}\n{index}\n{at}\n{printed(leaf)}\n".encode()


def promised(origin: str, index: int, at: datetime, leaf: bytes, *, key: bytes, sign: Sign) -> Receipt:
    """Promise that a leaf of this hash stands at this index."""
    milliseconds = (at - _EPOCH) // _MILLISECOND
    return Receipt(index, milliseconds, leaf, key, sign(message(origin, index, milliseconds, leaf)))


@dataclass(frozen=True, slots=True)
class Certificate:
    """For which log, and how long, a promise key may promise."""

    origin: str
    key: bytes
    since: int
    """Unix seconds, and so is ``until``: the first that is too late."""
    until: int

    def __post_init__(self) -> None:
        natural(self.since, "promise key's time")
        natural(self.until, "promise key's time")
        hashes([self.key], "promise key")
        if not self.origin or "\n" in plain(self.origin, "promise key"):
            raise Malformed("has no origin", "promise key")

    @property
    def text(self) -> str:
        """The certificate as the text of a note."""
        return f"{CERTIFIED}\n{self.origin}\n{printed(self.key)}\n{self.since}\n{self.until}\n"

    def covers(self, receipt: Receipt) -> bool:
        """Say whether the promise is by this key, in its time."""
        return receipt.key == self.key and self.since * 1000 <= receipt.at < self.until * 1000


def certificate_of(origin: str, key: bytes, since: datetime) -> Certificate:
    """Return what the notary certifies of a key that was made then."""
    first = (since - _EPOCH) // timedelta(seconds=1)
    return Certificate(origin, key, first, first + int(LIFE.total_seconds()))


def parse_certificate(text: str) -> Certificate:
    """Read the text of a note as a certificate. Raises Malformed."""
    lines = text.split("\n")
    if len(lines) != 6 or lines.pop() or lines[0] != CERTIFIED:
        raise Malformed(f"is not {CERTIFIED!r} and four lines, each with its newline", "promise key")
    _, origin, key, since, until = lines
    return Certificate(
        origin, octets(key, "promise key", length=KEY),
        decimal(since, "promise key's time"), decimal(until, "promise key's time"),
    )  # fmt: skip


def path_of(key: bytes) -> str:
    """Return where a key's certificate is published, below the log's prefix."""
    return f"promise/{key.hex()}"
