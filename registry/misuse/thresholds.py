"""From how many on something is a hit, as a table of named rows; each may be set, within bounds. Pure.

    [misuse]
    hot_officers = 15                   or REGISTRY_MISUSE_HOT_OFFICERS=15

docs/misuse.md prints the rows with what they rest on; the suite compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Self

from registry.core.errors import InputRefused


def _row(value: int, unit: str, *, least: int = 1, most: int) -> int:
    # dataclasses.field() is typed as the value it holds
    row: int = field(default=value, metadata={"unit": unit, "least": least, "most": most})
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The numbers of the rules."""

    surname_times: int = _row(3, "persons of the officer's own surname in the window", most=1_000)
    surname_chance: int = _row(1_000, "in a million: less likely by chance than this", most=1_000_000)
    hot_officers: int = _row(10, "officers at one record in a day", least=2, most=10_000)
    hot_accesses: int = _row(20, "accesses to one record in a day", least=2, most=100_000)
    case_people: int = _row(20, "different persons in one case, by one officer, in a day: more are a hit", most=10_000)
    repeat_times: int = _row(3, "occasions on which one officer looks at one person without another case", least=2,
                             most=1_000)  # fmt: skip
    repeat_days: int = _row(30, "days for that", most=366)
    apart_minutes: int = _row(60, "minutes between two occasions", most=10_080)
    skew_people: int = _row(100, "different persons before sex, age and area are looked at", least=10, most=100_000)
    skew_chance: int = _row(1_000, "in a million: as above, against the officer's unit", most=1_000_000)
    volume_times: int = _row(3, "times the 95th percentile of the officer's own days", least=2, most=1_000)
    volume_days: int = _row(10, "own days that are needed for it", most=366)
    off_shift_times: int = _row(5, "accesses outside of shifts in a month: more are a hit", most=10_000)
    elsewhere_times: int = _row(5, "persons of other districts in a month: more are a hit", most=10_000)
    glass_hours: int = _row(72, "hours in which urgent access is to be reviewed", most=720)
    glass_times: int = _row(3, "urgent accesses of one officer in a month: more weigh more", most=1_000)
    denials: int = _row(5, "refusals of one officer at once", least=2, most=10_000)
    denial_minutes: int = _row(10, "minutes for that", most=1_440)
    hidden_records: int = _row(3, "different records that were kept from one officer in a day", most=1_000)
    sample_every: int = _row(100, "accesses, one of which another agency reviews", least=10, most=100_000)
    reason_every: int = _row(200, "answers about persons, one of which takes a reason afterwards; 0 for none", least=0,
                             most=100_000)  # fmt: skip
    reason_minutes: int = _row(15, "minutes in which it may be said before nothing more is answered", most=1_440)
    reason_words: int = _row(3, "words that a reason has at least", most=20)
    reason_repeats: int = _row(10, "times that one officer states the same reason: more are a hit", most=10_000)
    filter_readings: int = _row(100, "readings of the log before an unusual filter is told", most=1_000_000)
    burst_accesses: int = _row(3, "accesses of a partner's agency to one person after news", least=2, most=10_000)
    burst_days: int = _row(7, "days for that", most=90)
    budget: int = _row(5, "in a thousand accesses: as many findings there are at most", most=1_000)
    window_days: int = _row(365, "days that the rules look back", most=1_098)
    window_entries: int = _row(500_000, "entries that they look back at most", least=1_000, most=10_000_000)
    run_hours: int = _row(24, "hours between two runs of the node itself; 0 for none", least=0, most=8_760)
    run_entries: int = _row(50_000, "new entries in one run, if a signed head allows", least=1, most=1_000_000)

    @classmethod
    def of(cls, given: Mapping[str, int]) -> Self:
        """Return the table with the rows that the settings change. Raises InputRefused naming the row."""
        known = {row.name: row.metadata for row in fields(cls)}
        for name, value in given.items():
            if name not in known:
                raise InputRefused("is no row of the table of thresholds.", field=f"misuse.{name}",
                                   code="SETTING_UNKNOWN", remedy="See docs/misuse.md for the list.")  # fmt: skip
            least, most = known[name]["least"], known[name]["most"]
            if not least <= value <= most:
                raise InputRefused("is out of range.", field=f"misuse.{name}", code="SETTING_INVALID",
                                   remedy=f"Write {least} to {most}.")  # fmt: skip
        return cls(**given)
