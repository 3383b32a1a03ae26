"""What disclosure needs to know of a record: from its row, or from the record itself. Pure.

of_row(row, today)                 Facts("vetted", "convicted", "ke-dci", …), of the row that is read anyway
of_record(record, Standing.VETTED) of a record that is only proposed
columns(record)                    ("TZ UG", "H1", "open"): as they stand in the row
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.disclosure import facts
from registry.disclosure.access import Facts
from registry.profiles.headline import Headline, day
from registry.profiles.record import Record
from registry.profiles.standing import Standing, on


def of_row(row: Mapping[Any, Any], today: date) -> Facts:
    """Return the facts of a profile as it stands today."""
    standing = on(Standing(row["standing_now"]), day(row["expires_on"]), today)
    return facts.read(facts.spelling(
        standing.value, row["category"], row["owner"], row["onward"], row["clearance"], row["releasable_to"]
    ))  # fmt: skip


def of_record(record: Record, standing: Standing) -> Facts:
    """Return the facts of a record that stands, or would stand, as this."""
    releasable_to, onward, clearance = columns(record)
    return facts.read(facts.spelling(standing.value, record.category, record.owner, onward, clearance, releasable_to))


def columns(record: Record) -> tuple[str, str, str]:
    """Return where a record may go, its onward code and its clearance, as the columns of its row hold them."""
    handling = record.handling
    return " ".join(sorted(handling.releasable_to)), handling.onward, handling.clearance


def spelt(line: Headline, standing: Standing) -> str:
    """Return the facts of a record as they stand beside what search compares."""
    return facts.spelling(standing.value, line.category, line.owner, line.onward, line.clearance, line.releasable_to)
