"""What becomes of a row, and why: ready, needs fixing, possible duplicate, refused.

    Problem("identifiers[0].value", "FORM_MALFORMED", "does not have its form.", "Write …", column=4)

A row is refused, and not to be fixed, where the register may not hold it at all.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from registry.bulk.places import Place
from registry.core.errors import InputRefused


class Verdict(IntEnum):
    """What becomes of a row. The numbers are stored, a byte a row; a number keeps its meaning."""

    EMPTY = 0
    """Nothing stands in it."""
    READY = 1
    """It may be entered."""
    NEEDS_FIXING = 2
    """It breaks a rule of form; mended it may be entered."""
    DUPLICATE = 3
    """It may be a person of the register, of another row, or of an import before."""
    REFUSED = 4
    """The register may not hold it."""


WORDS = {Verdict.EMPTY: "", Verdict.READY: "ready", Verdict.NEEDS_FIXING: "needs fixing",
         Verdict.DUPLICATE: "possible duplicate", Verdict.REFUSED: "refused"}  # fmt: skip
"""As the user's own file says it."""
MAY_NOT_BE_HELD = frozenset({
    "VICTIM_DATA", "JUVENILE_CLASS", "ORDER_MISSING", "CONVICTION_WITHDRAWN", "PARENTS_NAMES", "NOT_OWNER",
    "STANDING_NOT_CARRIED",
})  # fmt: skip
"""Codes after which a row is refused."""
DOUBLES = frozenset({"DUPLICATE_POSSIBLE", "DUPLICATE_IN_FILE", "ENTERED_BEFORE"})
"""Codes after which a row is a possible duplicate."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a row breaks."""

    field: str
    code: str
    rule: str
    remedy: str
    column: int | None = None
    """The column it came from, where one did."""

    @classmethod
    def of(cls, refused: InputRefused, column: int | None = None) -> "Problem":
        """Return a refusal of the record's own rules as a row's problem."""
        return cls(refused.field or "record", refused.code, refused.message, refused.remedy or "", column)

    def sentence(self, row: int) -> str:
        """Tell it to whoever opens the file: cell, field, rule, remedy."""
        place = f"{Place(row, self.column).cell} " if self.column is not None else ""
        return f"{place}{self.field} {self.rule} {self.remedy}".strip()


def verdict(problems: Sequence[Problem]) -> Verdict:
    """Return what becomes of a row with these problems."""
    codes = {each.code for each in problems}
    if not codes:
        return Verdict.READY
    if not codes.isdisjoint(MAY_NOT_BE_HELD) or _has_no_ground(problems):
        return Verdict.REFUSED
    return Verdict.DUPLICATE if codes <= DOUBLES else Verdict.NEEDS_FIXING


def _has_no_ground(problems: Iterable[Problem]) -> bool:
    """Whether a record names no conviction although its category needs one (coherence.py)."""
    return any(each.field == "convictions" and each.code == "LIST_MALFORMED" for each in problems)


def packed(verdicts: bytes) -> bytes:
    """Return verdicts, a byte a row, as they are stored."""
    return zlib.compress(verdicts, level=6)


def unpacked(stored: bytes) -> bytes:
    """Inverse of ``packed``."""
    return zlib.decompress(stored)
