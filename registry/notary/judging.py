"""What the notary refuses, and why. Pure: rows in, leaves' texts out, or a Refusal that names the entry.

    continued(rows, after, at)      the next leaves, each of an entry that hashes to it
    unchanged(rows, signed)         leaves that were signed before, found as they were

A refusal is for good: it says that somebody has changed what is signed, or would have the notary sign a lie. What may
pass by itself (a clock of another machine that runs ahead, a database that does not answer) is waited for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from registry.audit import commitments, erasing
from registry.core.errors import ProofFailed
from registry.notary.erasures import NOTHING, Accounted
from registry.notary.leaves import Row, read_leaf

TOLERANCE = timedelta(seconds=60)
"""How far the clocks of the nodes and of the notary may differ (audit.md, 3.5)."""

REASONS: Mapping[str, str] = {
    "LOG_SHRUNK": "is gone, and so is all behind it, although it was signed",
    "LEAF_MISSING": "has no leaf, or its leaf no place in the row",
    "LEAF_CHANGED": "has another leaf than the one that was signed",
    "ENTRY_MISSING": "is gone, or can't be checked any more: its leaf stands alone",
    "ENTRY_CHANGED": "does not hash to its leaf",
    "TIME_WENT_BACK": "has a leaf that is older than what was signed before it",
    "TREE_DISPUTED": "and those before it are not the log that the witnesses have seen, as so many of them say",
    "HEAD_UNKNOWN": "was signed, says the database or the published checkpoint, and this notary does not remember it",
}
"""Why nothing is signed any more, by code; each sentence begins with the entry."""


class Refusal(ProofFailed):
    """The notary signs no more."""

    def __init__(self, code: str, index: int) -> None:
        super().__init__(
            f"Entry {index} {REASONS[code]}.", code=code, remedy="Nothing is signed any more: docs/notary.md."
        )
        self.index = index


def continued(
    rows: Iterable[Row], size: int, last: bytes | None, at: datetime, accounted: Accounted = NOTHING
) -> list[bytes]:  # fmt: skip
    """Return the texts of the leaves behind those that were signed: so many, the last with this text. Raises Refusal.

    Leaves that lie in the future, as the notary's clock has it, and all behind them, are left for later. The notary
    itself takes no account of erasures here: of what it has not signed nobody could say what it had been.
    """
    earliest = read_leaf(last).at if last else None
    found: list[bytes] = []
    for index, row in enumerate(rows, size):
        _is_whole(row, index, accounted)
        if earliest is not None and row.at < earliest:
            raise Refusal("TIME_WENT_BACK", index)
        if row.at > at + TOLERANCE:
            break
        earliest = row.at
        found.append(_text(row))
    return found


def late(rows: Sequence[Row], signed_at: datetime | None) -> list[int]:
    """Return which next entries say that they got their place well before a checkpoint that does not hold them.

    Somebody has back-dated them, or a commit has hung: nobody can tell, so it is told and not refused.
    """
    return [row.index for row in rows if signed_at and row.at < signed_at - TOLERANCE]


def unchanged(rows: Sequence[Row], first: int, signed: Sequence[bytes], accounted: Accounted = NOTHING) -> None:
    """See that leaves that were signed, and their entries, are as they were, or accounted for. Raises Refusal."""
    for place, text in enumerate(signed):
        if place == len(rows):
            raise Refusal("LEAF_MISSING", first + place)
        row = rows[place]
        if row.index == first + place and row.entry != {} and _text(row) != text:
            raise Refusal("LEAF_CHANGED", row.index)
        _is_whole(row, first + place, accounted)


def ended(leaves: int, entries: int, size: int) -> None:
    """See that the log is no shorter than what was signed, and that no entry stands behind its last leaf."""
    if leaves < size:
        raise Refusal("LOG_SHRUNK", leaves)
    if entries > leaves:
        raise Refusal("LEAF_MISSING", entries - 1)


def accounting(rows: Iterable[Row], signed: Callable[[int], bytes | None]) -> Accounted:
    """Return what entries account for that are whole and in the tree themselves; of the others nothing is believed.

    ``signed`` tells the text of a leaf that was signed; None where it waits.
    """
    believed = {}
    for row in rows:
        try:
            _is_whole(row, row.index)
        except Refusal:
            continue
        if signed(row.index) in (None, _text(row)) and (erasure := erasing.Erasure.read(row.entry or {})):
            believed[row.index] = erasure
    return Accounted(believed)


def _is_whole(row: Row, index: int, accounted: Accounted = NOTHING) -> None:
    if row.index != index:
        raise Refusal("LEAF_MISSING", index)
    if row.is_erased and not accounted.covers(row):
        raise Refusal("ENTRY_MISSING", index)
    is_left = row.entry is None or _hashes(row)
    if not is_left or commitments.sequenced(row.at) != row.at:
        raise Refusal("ENTRY_CHANGED", index)


def _hashes(row: Row) -> bool:
    entry = row.entry or {}
    try:
        if entry["v"] != row.v:
            return False
        if row.is_erased:
            return erasing.holds(entry, row.commitment)
        return entry["kept"] is None and commitments.commitment(entry, entry["salt"]) == row.commitment
    except (LookupError, TypeError, ValueError, AttributeError):  # a body that the log never wrote
        return False


def _text(row: Row) -> bytes:
    return commitments.leaf(row.at, row.commitment, row.v)
