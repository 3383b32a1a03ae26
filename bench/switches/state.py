"""Which check is off in this process, and which were reached: what an instrumented file asks."""

import os

VARIABLE = "REGISTRY_SWITCHED_OFF"
"""A process that a test starts reads here which check is off."""

_off = int(os.environ.get(VARIABLE, "0"))
reached: set[int] = set()


def is_off(number: int) -> bool:
    """Say whether the check of this number is off, and remember that it was reached."""
    reached.add(number)
    return number == _off


def switch_off(number: int) -> None:
    """Switch one check off here and in every process started from here."""
    global _off  # noqa: PLW0603  one per process is the point
    _off = number
    os.environ[VARIABLE] = str(number)
