"""What is missing from the log by law, as far as it is proved. Pure.

    accounted = judging.accounting(rows, signed)     rows of entries that say what they have erased
    accounted.covers(row)                            whether they account for all that is missing from this row

The row of ``log_erasures`` only tells where to look. What counts is what the entry says that it names, and that only
if it is whole and in the tree itself. A body that is missing without such an entry is a violation.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.audit import erasing
from registry.audit.erasing import Erasure
from registry.notary.leaves import Row


@dataclass(frozen=True, slots=True)
class Accounted:
    """What has been erased by law, by the entry that says so."""

    erasures: Mapping[int, Erasure]

    def covers(self, row: Row) -> bool:
        """Say whether all that is missing from an entry is accounted for."""
        return bool(self.by(row))

    def by(self, row: Row) -> frozenset[int]:
        """Return the entries that account for what is missing; none where they don't account for all of it."""
        if row.entry is None:
            return frozenset(place for place, each in self.erasures.items() if each.covers(row.index, None))
        gone = _missing(row)
        those = {place: each for place, each in self.erasures.items() if each.covers(row.index, frozenset())}
        told: frozenset[str] = frozenset().union(*(each.fields or () for each in those.values()))
        return frozenset(those) if gone and gone <= told else frozenset()


NOTHING = Accounted({})


def _missing(row: Row) -> frozenset[str]:
    try:
        return erasing.missing(row.entry or {})
    except (LookupError, TypeError):  # what is kept is nothing that the log wrote
        return frozenset()
