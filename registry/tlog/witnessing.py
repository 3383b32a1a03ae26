"""What a witness is asked, and when it signs (https://c2sp.org/tlog-witness, `POST add-checkpoint`).

    old 20852014                                     the size that the witness signed last
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=     how the new tree begins with the old one
    …

    example.com/behind-the-sofa                      the new checkpoint, signed by its log
    …

`decide` is a function of what the witness remembers. Whoever calls it must keep the new head, durably and in one step
with comparing the old one, before `cosigned` is sent: two requests at once could otherwise roll the witness back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.keys import Signer, VerifierKey, signed_by
from registry.tlog.note import LONGEST, Note, parse_note
from registry.tlog.strict import Malformed, Unproved, decimal, hash_lines, natural, path, printed, text_of
from registry.tlog.tree import EMPTY_ROOT, is_consistent

LONGEST_HEAD = 4096
"""Bytes before the checkpoint: 63 hashes take 2,835."""
PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
"""The content type of a conflict, which tells the size that the witness signed last."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a witness remembers of a log: the tree that it signed last."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Request:
    """A log asks for a cosignature."""

    old: int
    path: tuple[bytes, ...]
    note: Note

    def __post_init__(self) -> None:
        natural(self.old, "old size")
        path(self.path, "consistency proof")
        parse_checkpoint(self.note.text)

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint that is to be cosigned."""
        return parse_checkpoint(self.note.text)

    def print(self) -> bytes:
        """Print the body of the request."""
        lines = [f"old {self.old}", *map(printed, self.path)]
        return "".join([f"{line}\n" for line in lines]).encode("ascii") + b"\n" + self.note.print()


@dataclass(frozen=True, slots=True)
class Decision:
    """What to answer. Where there is a note, its checkpoint is to be kept and the cosignatures are the body."""

    status: HTTPStatus
    body: str = ""
    content_type: str = PLAIN
    checkpoint: Checkpoint | None = None
    note: Note | None = None


def parse_request(data: bytes) -> Request:
    """Read the body of a request."""
    if len(data) > LONGEST_HEAD + LONGEST:
        raise Malformed("is too long", "request")
    head, split, note = data.partition(b"\n\n")
    old, *lines = text_of(head, "request", most=LONGEST_HEAD).split("\n")
    if not old.startswith("old ") or not split:
        raise Malformed("does not begin with the old size", "request")
    return Request(
        decimal(old.removeprefix("old "), "old size"), hash_lines(lines, "consistency proof"), parse_note(note)
    )


def decide(
    body: bytes, logs: Mapping[str, Sequence[VerifierKey]], remembered: Callable[[str], Head | None]
) -> Decision:  # fmt: skip
    """Decide on a request: the keys of each log by its origin, and what is remembered of a log."""
    try:
        request = parse_request(body)
    except Malformed as problem:
        return _refused(HTTPStatus.BAD_REQUEST, str(problem))
    asked = request.checkpoint
    if asked.origin not in logs:
        return _refused(HTTPStatus.NOT_FOUND, "This witness does not know the log.")
    if not _is_signed(request.note, logs[asked.origin]):
        return _refused(HTTPStatus.FORBIDDEN, "The checkpoint is not signed by its log.")
    return _judged(request, asked, remembered(asked.origin) or Head())


def _judged(request: Request, asked: Checkpoint, head: Head) -> Decision:
    """Decide whether the tree goes on from the one that the witness signed last."""
    if request.old > asked.size:
        return _refused(HTTPStatus.BAD_REQUEST, "The old size is larger than the checkpoint's.")
    if request.old != head.size or (head.size == asked.size and head.root != asked.root):
        return Decision(HTTPStatus.CONFLICT, f"{head.size}\n", SIZE)
    if not is_consistent(head.size, head.root, asked.size, asked.root, request.path):
        return _refused(HTTPStatus.UNPROCESSABLE_ENTITY, "The tree does not begin with the one that was signed last.")
    return Decision(HTTPStatus.OK, checkpoint=asked, note=request.note)


def cosigned(decision: Decision, signers: Iterable[Signer], at: int) -> str:
    """Return the body of a consent whose checkpoint has been kept: a signature line by each key of the witness."""
    if decision.note is None:
        raise Malformed("is not a consent", "decision")
    text = decision.note.text
    return "".join([signer.sign(text, at).line for signer in signers])


def _is_signed(note: Note, keys: Sequence[VerifierKey]) -> bool:
    try:
        return bool(signed_by(note, keys))
    except Unproved:
        return False


def _refused(status: HTTPStatus, why: str) -> Decision:
    return Decision(status, f"{why}\n")
