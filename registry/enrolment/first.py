"""Whether the first administrators may still be let in by whoever has the node, or two of them decide. Pure.

check(Administrators(enrolled=1, able=1), None)                 nothing: there are not two yet
check(Administrators(enrolled=2, able=1), None)                 BOOTSTRAP_OVER
check(Administrators(enrolled=2, able=1), "The other left")     nothing: the glass is broken
check(Administrators(enrolled=2, able=2), "I want to")          BOOTSTRAP_OVER: there are two to ask
"""

from dataclasses import dataclass

from registry.core.errors import Forbidden

NEEDED = 2
"""Chains of command with an administrator: one proposes, one decides."""


@dataclass(frozen=True, slots=True)
class Administrators:
    """Under how many chains of command administrators serve."""

    enrolled: int
    able: int
    """Those who are not shut out, nor their agency."""


def check(found: Administrators, break_glass: str | None) -> None:
    """Raise Forbidden (BOOTSTRAP_OVER) where two administrators are to decide."""
    if found.enrolled < NEEDED or (break_glass is not None and found.able < NEEDED):
        return
    remedy = (
        "Propose it as an administrator (registry administer propose), and let one of another chain decide."
        if found.able >= NEEDED
        else "Fewer than two administrators are left who may act: give the reason with --break-glass."
    )
    raise Forbidden("Administrators of two chains of command are enrolled: this takes two of them.",
                    code="BOOTSTRAP_OVER", remedy=remedy)  # fmt: skip
