"""Rows of one file that look like one person, found in a memory of twelve bytes a digest.

    seen = Sameness()
    seen.add(digest, row)      every digest of every row, in order
    seen.doubles()             {17: (Of.PHONE, 3)}: row 17 has the phone of row 3

Digests are laid into drawers by their first bits, and each drawer is looked through by itself at the end, so that
never more than a small part of a million rows stands in a dictionary.
"""

from array import array

from registry.bulk.digests import TYPECODE, Of

_DRAWERS = 64
_SHIFT = 58
BEFORE = 0xFFFF_FFFF
"""In place of a row: an import before this one."""


class Sameness:
    """Everything seen of one file."""

    def __init__(self) -> None:
        self._digests = [array(TYPECODE) for _ in range(_DRAWERS)]
        self._rows = [array("I") for _ in range(_DRAWERS)]

    def add(self, digest: int, row: int) -> None:
        """Keep a digest with its row."""
        drawer = digest >> _SHIFT
        self._digests[drawer].append(digest)
        self._rows[drawer].append(row)

    def doubles(self) -> dict[int, tuple[Of, int]]:
        """Return the rows that share a digest with an earlier one; the weightiest reason of each."""
        found: dict[int, tuple[Of, int]] = {}
        for digests, rows in zip(self._digests, self._rows, strict=True):
            first: dict[int, int] = {}
            for digest, row in zip(digests, rows, strict=True):
                earlier = first.setdefault(digest, row)
                if row not in (earlier, BEFORE):
                    reason = (Of(digest & 0b11), earlier)
                    found[row] = min(found.get(row, reason), reason)
        return found
