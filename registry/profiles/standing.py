"""The life of a record in the register, as one table: what it stands as, and what each change makes of it.

    entered ── create ──▶ vetted ◀── withhold ── shareable      sealed, expired, retired ── restore ──▶ vetted
                             └────── release ──────▲            removed ── restore, until its keys are destroyed

Entered, vetted and shareable are three things: handed in, let in by a second officer, and released for partners by
a supervisor. That accuracy is contested is no standing but a flag, shown in every answer while it lasts
(Data Protection Act 2019 s. 34; Regulation (EU) 2024/982 art. 51(3)). Pure.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from registry.core.errors import Conflict


class Standing(StrEnum):
    """What a record stands as."""

    ENTERED = "entered"
    """Handed in; nobody has vetted it, and no search finds it."""
    VETTED = "vetted"
    """Let in by a second officer; found and read at home."""
    SHAREABLE = "shareable"
    """Vetted, and released by a supervisor for partners abroad."""
    SEALED = "sealed"
    """Closed by a court's order; only its keepers know of it."""
    EXPIRED = "expired"
    """Its time is over; only its keepers know of it."""
    RETIRED = "retired"
    """Taken out of use, such as after a death."""
    MERGED = "merged"
    """The same person as another record, which answers for both."""
    REMOVED = "removed"
    """Removed by order: a digest, a date and the order's number are left."""


class Change(StrEnum):
    """What may be proposed."""

    CREATE = "create"
    """A new record."""
    AMEND = "amend"
    """Another state of the record."""
    MERGE = "merge"
    """Two records of one person become one; the other's id leads to it from then on."""
    SPLIT = "split"
    """A merge is undone."""
    RELEASE = "release"
    """The record may go to partners abroad."""
    WITHHOLD = "withhold"
    """The record may not go abroad any more."""
    CONTEST = "contest"
    """The accuracy of the record is disputed."""
    SETTLE = "settle"
    """The dispute is over."""
    SEAL = "seal"
    """The record is closed by order."""
    RETIRE = "retire"
    """The record is taken out of use."""
    REMOVE = "remove"
    """The record is removed by order."""
    RESTORE = "restore"
    """The record is brought back."""


_LIVE = (Standing.VETTED, Standing.SHAREABLE)
_STAY = (Change.AMEND, Change.CONTEST, Change.SETTLE)
_JOIN = (Change.MERGE, Change.SPLIT)
_END = {Change.SEAL: Standing.SEALED, Change.RETIRE: Standing.RETIRED, Change.REMOVE: Standing.REMOVED}
_REST = (Standing.SEALED, Standing.EXPIRED, Standing.RETIRED)

LIFE: Mapping[tuple[Standing, Change], Standing] = MappingProxyType({
    (Standing.ENTERED, Change.CREATE): Standing.VETTED,
    (Standing.VETTED, Change.RELEASE): Standing.SHAREABLE,
    (Standing.SHAREABLE, Change.WITHHOLD): Standing.VETTED,
    **{(live, change): live for live in _LIVE for change in _STAY},
    **{(live, change): Standing.VETTED for live in _LIVE for change in _JOIN},
    **{(live, change): end for live in _LIVE for change, end in _END.items()},
    **{(rest, Change.RESTORE): Standing.VETTED for rest in _REST},
    **{(rest, Change.REMOVE): Standing.REMOVED for rest in _REST},
    **{(Standing.EXPIRED, change): end for change, end in _END.items()},
    (Standing.REMOVED, Change.RESTORE): Standing.VETTED,
})  # fmt: skip
"""What a change makes of a record of a standing. A cell that isn't here is refused. What two records become in one, a
supervisor has not released yet."""

CARRIES_A_RECORD = frozenset({Change.CREATE, Change.AMEND, Change.MERGE, Change.SPLIT})
"""Changes that bring a new state of the record; the others keep it as it stands."""
NEEDS_ORDER = frozenset({Change.SEAL, Change.REMOVE})
"""Changes that name the order of a court."""
NEEDS_OTHER = frozenset({Change.MERGE, Change.SPLIT})
"""Changes that concern a second record."""
SUPERVISED = frozenset({Change.RELEASE, Change.WITHHOLD, Change.SEAL, Change.REMOVE, Change.RESTORE})
"""Changes that only a supervisor decides on."""
WITHDRAWS = frozenset({Change.SEAL, Change.RETIRE, Change.REMOVE})
"""Changes after which everyone who received the record has to be told (Data Protection Act 2019 s. 40)."""
SEARCHABLE = frozenset(_LIVE)
"""What a search may find."""


def after(standing: Standing, change: Change) -> Standing:
    """Return what the change makes of a record. Raises Conflict (STANDING)."""
    made = LIFE.get((standing, change))
    if made is None:
        raise Conflict(f"A record that is {standing.value} can't be changed so: {change.value}.", code="STANDING",
                       remedy="See docs/life-cycle.md for what may follow.")  # fmt: skip
    return made


def contested_after(change: Change, *, contested: bool) -> bool:
    """Return whether a record is contested after a change. Raises Conflict (CONTESTED, NOT_CONTESTED)."""
    if change is Change.CONTEST and contested:
        raise Conflict("This record is contested already.", code="CONTESTED", remedy="Settle that first.")
    if change is Change.SETTLE and not contested:
        raise Conflict("This record is not contested.", code="NOT_CONTESTED", remedy="Nothing is to be settled.")
    return change is Change.CONTEST or (contested and change is not Change.SETTLE)


def on(standing: Standing, expires_on: date | None, today: date) -> Standing:
    """Return what a record stands as on a day: an entry whose day has come is expired, swept or not."""
    if standing in SEARCHABLE and expires_on is not None and expires_on <= today:
        return Standing.EXPIRED
    return standing
