"""What may follow what in the life of a screening. Pure.

    awaiting ─list─▶ queued ─▶ running ─▶ finished
       └───────────────┴──────────┴─────▶ cancelled, failed

A command's list is running from the start: it has no list to wait for.
"""

from enum import StrEnum

from registry.core.errors import Conflict


class State(StrEnum):
    """Where a screening stands."""

    AWAITING = "awaiting"
    """Its list has not been handed in."""
    QUEUED = "queued"
    """Its list waits to be checked."""
    RUNNING = "running"
    """It is being checked."""
    CANCELLED = "cancelled"
    """An officer ended it; what was found until then stays."""
    FINISHED = "finished"
    """The whole list is checked."""
    FAILED = "failed"
    """It can't go on; the code says why."""


OPEN = frozenset({State.AWAITING, State.QUEUED, State.RUNNING})
"""What can still be cancelled."""
WORKABLE = frozenset({State.QUEUED, State.RUNNING})
"""What has a list to check."""


def check_open(state: State) -> None:
    """Raise Conflict (SCREENING_OVER) when a screening has ended."""
    if state not in OPEN:
        raise Conflict("This screening is over.", code="SCREENING_OVER", field="id",
                       remedy="Begin a new one if the list is to be checked again.")  # fmt: skip
