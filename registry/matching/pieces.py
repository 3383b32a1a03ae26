"""Parts of values that the register holds as tokens only: pieces of four neighbouring characters.

    KBZ437D   →   the pieces ^K8Z, K8Z4, 8Z43, Z437, 437D, 37D$        ^ and $ are the two ends

The register keeps a short token of each piece. A question has its own part in clear and cuts it likewise; where a
character is not known, it tries all that may stand there:

    "43?D"    →   one window: 430D or 431D or … 439D
    "437"     →   one window: 437 and whatever follows, or the end

A value holds the part when it has a piece of every window. What this leaves open: pieces are kept in no order, so a
value may hold them apart, and a token falls together with another by chance once in 2^18.
"""

from collections.abc import Iterable

from registry.matching.limits import PIECES
from registry.matching.types import Blind

PIECE = 4
"""Characters of a piece. Three are borne by a crowd, five need too much of a witness."""
PIECE_TOKEN = 3
"""Characters kept of a piece's token: enough to find by, too few to be sure of a piece by its token alone."""
START, END, ANY = "^", "$", "?"
DIGITS = "0123456789"
LETTERS = "ACDEFGHJKLMNPQRSTUVWXYZ"
"""As plates have them once letters that look like digits are written as those."""

Window = tuple[str, ...]
"""Pieces of which the value holds one, if it holds the part."""


def pieces(value: str) -> tuple[str, ...]:
    """Cut a value into its pieces, each once, in order."""
    return tuple(dict.fromkeys(value[n : n + PIECE] for n in range(len(value) - PIECE + 1)))[:PIECES]


def token(kind: str, piece: str, blind: Blind) -> str:
    """Give the short token of a piece."""
    return blind(kind, piece)[:PIECE_TOKEN]


def tokens(kind: str, cut: Iterable[str], blind: Blind) -> str:
    """Give what is kept of a value's pieces, in no order that tells their places."""
    return " ".join(sorted({token(kind, piece, blind) for piece in cut}))


def windows(part: str) -> tuple[Window, ...]:
    """Give the windows of a part in which at most one character of four is not known."""
    runs = (part[n : n + PIECE] for n in range(len(part) - PIECE + 1))
    return tuple(dict.fromkeys(_filled(run) for run in runs if run.count(ANY) <= 1))


def _filled(run: str) -> Window:
    before, gap, after = run.partition(ANY)
    if not gap:
        return (run,)
    return tuple(before + each + after for each in _choices(before, after))


def _choices(before: str, after: str) -> str:
    """Between two digits stands a digit; at the edge of what is known the value may also begin or end."""
    if before and after:
        return DIGITS if before[-1] in DIGITS and after[0] in DIGITS else DIGITS + LETTERS
    return DIGITS + LETTERS + (START if after else END)
