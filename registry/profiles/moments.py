"""What was true when: the parts of a record that held on a day.

    true_on(places, date(2019, 6, 1))    the residence of that summer, not today's

A part whose beginning is unknown held always, one whose end is unknown holds still. Pure.
"""

from datetime import date
from typing import Any

from registry.profiles.forms import members
from registry.profiles.record import GROUPS

BEGINS = ("since", "first_seen", "issued_on", "made_on", "convicted_on", "taken_on", "described_on", "seen_on",
          "assessed_on", "written_on", "verified_on", "departs_on")  # fmt: skip
"""Members that say since when; of several the first counts."""
ENDS = ("until", "ends_on", "expires_on", "returns_on")
"""Members that say until when. Last seen is no end: nobody looked since."""


_BOUNDS: dict[type, tuple[str | None, str | None]] = {}


def _bounds(part: type) -> tuple[str | None, str | None]:
    names = {each.name for each in members(part)}
    return next((name for name in BEGINS if name in names), None), next((name for name in ENDS if name in names), None)


def held_on(part: Any, day: date) -> bool:
    """Whether a part may have held on a day."""
    kind = type(part)
    begins, ends = _BOUNDS.get(kind) or _BOUNDS.setdefault(kind, _bounds(kind))
    begun = getattr(part, begins) if begins else None
    ended = getattr(part, ends) if ends else None
    return (begun is None or begun.earliest <= day) and (ended is None or ended.latest >= day)


def true_on(values: dict[str, Any], day: date) -> dict[str, Any]:
    """Return the groups as they held on a day."""
    kept = dict(values)
    for name, value in values.items():
        if GROUPS[name].part is None or value is None:
            continue
        if GROUPS[name].many:
            kept[name] = tuple(each for each in value if held_on(each, day))
        elif not held_on(value, day):
            kept[name] = None
    return kept
