"""What the moments of leaves tell: where the log was silent, and that none is dated before or after it was written.

    silences = Silences()                       a heartbeat is entered every ten minutes: a longer gap has a reason
    brackets = Brackets(bracketing)             raises ProofFailed at the first leaf that is dated outside of them
    checking.whole(log, advance, silences, brackets)

Whoever keeps cosigned checkpoints knows more of a leaf than what it says: an entry that is not under one that was
cosigned at T0, and is under one of T1, was written between the two. Clocks may differ by a minute. Witnesses' times are
used where a policy names them; the log's own word otherwise, which binds it to what it said then. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from registry.core.errors import ProofFailed
from registry.notary.judging import TOLERANCE
from registry.tlog.checkpoint import parse_checkpoint
from registry.tlog.keys import VerifierKey, signed_by
from registry.tlog.note import Note

LONGEST = timedelta(minutes=10)
"""Between two entries of a register that runs."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A gap before an entry."""

    index: int
    since: datetime
    until: datetime


@dataclass(slots=True)
class Silences:
    """Every gap that is longer than a heartbeat allows."""

    found: list[Silence] = field(default_factory=list)
    _last: datetime | None = None

    def __call__(self, index: int, at: datetime) -> None:
        """Look at the next leaf."""
        if self._last is not None and at - self._last > LONGEST:
            self.found.append(Silence(index, self._last, at))
        self._last = at


@dataclass(frozen=True, slots=True, order=True)
class Kept:
    """A checkpoint of this log that was kept: how large the tree was, and when that was seen."""

    size: int
    first: datetime
    """The earliest signature's time: what was not there then came later."""
    last: datetime
    """The latest signature's."""


def kept(note: Note, witnesses: Sequence[VerifierKey], logs: Sequence[VerifierKey]) -> Kept | None:
    """Return what a checkpoint says of time; nothing where no signature by these keys tells one. Raises Unproved."""
    for keys in (witnesses, logs):
        if times := [at for at in signed_by(note, keys).values() if at]:
            moments = [datetime.fromtimestamp(each, UTC) for each in times]
            return Kept(parse_checkpoint(note.text).size, min(moments), max(moments))
    return None


class Brackets:
    """The times between which each leaf must lie."""

    def __init__(self, bracketing: Iterable[Kept]) -> None:
        self._ahead = sorted(bracketing, reverse=True)
        self._behind: Kept | None = None
        self.checked = 0
        """How many leaves lie between two times."""

    def __call__(self, index: int, at: datetime) -> None:
        """Look at the next leaf. Raises ProofFailed."""
        while self._ahead and self._ahead[-1].size <= index:
            self._behind = self._ahead.pop()
        if self._behind and at < self._behind.first - TOLERANCE:
            raise ProofFailed(
                f"Entry {index} says that it was written at {at}, and was not there at {self._behind.first}."
            )
        if self._ahead and at > self._ahead[-1].last + TOLERANCE:
            raise ProofFailed(
                f"Entry {index} says that it was written at {at}, and was there at {self._ahead[-1].last}."
            )
        self.checked += bool(self._behind and self._ahead)
