"""What became of somebody since the judgment: sentence, release, custody.

    course.judged      the day of the latest judgment that stands, or of the order
    course.ends        the last day of the longest sentence; None for life
    course.released    the day of release, that may lie ahead; None for life

Courts let people out before the last day; how early is invented.
"""

from typing import Literal, NamedTuple

from registry.editions import load
from registry.synthetic.convictions import stands, years_of
from registry.synthetic.days import YEAR, iso, ordinal
from registry.synthetic.draws import Draw, pick, weighted
from registry.synthetic.record import Conviction, Custody

_FREE: tuple[Literal["at_liberty", "on_parole", "on_probation"], ...] = weighted(
    (("at_liberty", 66), ("on_parole", 12), ("on_probation", 22)), places=100
)
_COUNTIES = load("ke").counties
REGIONS = ((6, "Coast"), (9, "North Eastern"), (17, "Eastern"), (22, "Central"), (36, "Rift Valley"), (40, "Western"),
           (46, "Nyanza"), (47, "Nairobi"))  # fmt: skip
"""Up to which county, in the order of their official codes, each office reaches."""
REGION_OF = {
    county: next(name for last, name in REGIONS if place < last) for place, county in enumerate(_COUNTIES)
}  # fmt: skip


class Course(NamedTuple):
    """A person's way since the judgment; days are ordinals."""

    number: int
    """The person's."""
    county: str
    judged: int
    ends: int | None
    released: int | None
    today: int
    free_since: int | None
    """The day of release, if it is past."""


def course_of(number: int, county: str, convictions: list[Conviction], today: int, draw: Draw) -> Course:
    """Return what became of somebody who was convicted: the longest of the sentences that stand counts."""
    judged = ends = 0
    is_for_life = False
    for each in convictions:
        if stands(each):
            day, years = ordinal(each["convicted_on"]), years_of(each)
            judged = max(judged, day)
            ends = max(ends, day + YEAR * (years or 0))
            is_for_life = is_for_life or years is None
    released = judged + int((ends - judged) * (0.45 + 0.35 * draw()))
    if is_for_life:
        return Course(number, county, judged, None, None, today, None)
    return Course(number, county, judged, ends, released, today, released if released <= today else None)


def custody_of(course: Course, draw: Draw) -> Custody:
    """Return whether the person is held, and where."""
    state = pick(_FREE, draw)
    if course.free_since is not None:
        return {"state": state, "since": iso(course.free_since)}
    held: Custody = {
        "state": "in_custody",
        "institution": f"DEMO Prison, {REGION_OF[course.county]}",
        "since": iso(course.judged),
    }
    if course.released is not None:
        held["release_due_on"] = iso(course.released)
    return held
