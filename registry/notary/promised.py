"""A receipt, looked at by whoever got it with an answer (registry/audit/receipts.py says what stands in one).

    check(receipt, origin)                            its own signature
    certified(receipt, note, keys)                    the log's notary vouches for the key, for that time
    proof_of(log, receipt, now)                       the promised leaf stands at the promised index: a tlog-proof
    proved(proof, receipt, keys)                      the same, of a proof that was made before: no log, no network

Whoever is told Broken holds a proof of misconduct: a promise of the log, and the log without what was promised.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from registry.audit import receipts
from registry.audit.receipts import Certificate, Receipt, parse_certificate
from registry.core.errors import ProofFailed, Unavailable
from registry.notary import checking
from registry.notary.checking import Log, Source, failed
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import VerifierKey, signed_by
from registry.tlog.note import LONGEST, Note, parse_note
from registry.tlog.proof import Proof
from registry.tlog.strict import Malformed, Unproved
from registry.tlog.tree import leaf_hash


class Broken(ProofFailed):
    """The log does not hold what it promised, and should by now."""

    default_code = "PROMISE_BROKEN"

    def __init__(self, receipt: Receipt, what: str) -> None:
        super().__init__(
            f"Entry {receipt.index}: {what}. A promise that is not kept after {receipts.PATIENCE.seconds} seconds is"
            " proof of misconduct.", remedy="Keep the receipt, the certificate and the checkpoint: docs/receipts.md.",
        )  # fmt: skip


class TooEarly(Unavailable):
    """The log need not hold it yet."""

    default_code = "PROMISE_NOT_DUE"

    def __init__(self) -> None:
        super().__init__("The log does not reach so far yet.", remedy="Ask again in a minute.")


def read(lines: str) -> list[Receipt]:
    """Read receipts, one a line, each as its header says it or with the header's name. Raises ProofFailed."""
    try:
        return [receipts.parse_receipt(_value(line)) for line in lines.splitlines() if line.strip()]
    except Malformed as problem:
        raise failed(problem) from problem


def _value(line: str) -> str:
    name, split, value = line.partition(":")
    return value.strip() if split and name.strip().lower() == receipts.HEADER else line.strip()


def twice(given: Iterable[Receipt]) -> Iterator[int]:
    """Yield the indexes that more than one answer was promised: each has an entry of its own."""
    seen: set[int] = set()
    for each in given:
        if each.index in seen:
            yield each.index
        seen.add(each.index)


def check(receipt: Receipt, origin: str) -> None:
    """See that the receipt is signed by the key that it names. Raises ProofFailed."""
    try:
        receipt.check(origin)
    except Malformed as problem:
        raise failed(problem) from problem


def fetched(source: Source, receipt: Receipt) -> bytes | None:
    """Return the certificate of a receipt's key, as the log publishes it; None where it does not (yet)."""
    return source(receipts.path_of(receipt.key), LONGEST + 1)


def certified(receipt: Receipt, printed: bytes, keys: Sequence[VerifierKey]) -> tuple[Certificate, Note]:
    """See that the log's notary vouches for the receipt's key, at its time. Raises ProofFailed."""
    try:
        note = parse_note(printed)
        certificate = parse_certificate(note.text)
        if not signed_by(note, [key for key in keys if key.name == certificate.origin]):
            raise Unproved("is not signed by a key that was named", "certificate")
        if not certificate.covers(receipt):
            raise Unproved("is not of the receipt's key, or not of its time", "certificate")
    except Malformed as problem:
        raise failed(problem) from problem
    return certificate, note


def spoilt(published: Path, keys: Sequence[VerifierKey]) -> Iterator[str]:
    """Tell which certificates in a published folder the log has not signed, or not for that key."""
    for file in sorted(published.glob("promise/*")):
        try:
            note = parse_note(file.read_bytes())
            is_good = parse_certificate(note.text).key.hex() == file.name and bool(signed_by(note, keys))
        except Malformed:
            is_good = False
        if not is_good:
            yield f"promise/{file.name} is not certified by the log"


def vouched(receipt: Receipt, printed: bytes | None, keys: Sequence[VerifierKey], now: datetime) -> None:
    """See that somebody vouches for the receipt's key by now. Raises ProofFailed, TooEarly."""
    if printed is None:
        if now < moment(receipt) + receipts.PATIENCE:
            raise TooEarly
        raise ProofFailed(
            "The log does not certify the receipt's key: either its notary did not, or the receipt is made up.",
            code="PROMISE_KEY_UNKNOWN", remedy="Keep the answer with its signature, if it had one: docs/receipts.md.",
        )  # fmt: skip
    certified(receipt, printed, keys)


def proof_of(log: Log, receipt: Receipt, now: datetime) -> Proof:
    """Prove that the log holds what was promised. Raises Broken, TooEarly, ProofFailed."""
    is_due = now >= moment(receipt) + receipts.PATIENCE
    if receipt.index >= log.size:
        if is_due:
            raise Broken(receipt, f"the log has {log.size} entries, and does not reach it")
        raise TooEarly
    proof = checking.proof_of(log, receipt.index)
    _same(proof, receipt)
    return proof


def proved(proof: Proof, receipt: Receipt, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Check a proof that was made before. Raises Broken, ProofFailed."""
    checkpoint = checking.proved(proof, keys)
    check(receipt, checkpoint.origin)
    if proof.index != receipt.index:
        raise ProofFailed(f"The proof is of entry {proof.index}, and the receipt of {receipt.index}.")
    _same(proof, receipt)
    return checkpoint


def moment(receipt: Receipt) -> datetime:
    """Return when a receipt says that its entry got its place. Raises ProofFailed."""
    try:
        return receipt.moment
    except Malformed as problem:
        raise failed(problem) from problem


def _same(proof: Proof, receipt: Receipt) -> None:
    """See that the leaf in the log is the one that was promised: its text holds its time."""
    if proof.extra is None or leaf_hash(proof.extra) != receipt.leaf:
        raise Broken(receipt, "another leaf stands there than the one that was promised")
