"""What is known of somebody without a name, read strictly: marks, a plate, a place, ways of acting, part of a handle.

    marks=(Mark("tattoo", "upper arm", "scorpion"),)    plate="KBZ 4?7"    near=Near(5.0, (-1.2921, 36.8219))

Pure. Each check names the criterion, the rule and what to do; none repeats the value.
"""

from collections.abc import Collection, Iterator
from math import isfinite

from registry.core.errors import InputRefused
from registry.matching import asked, types
from registry.matching.contacts import handle_name
from registry.matching.data import bodies
from registry.matching.marks import placed
from registry.matching.plates import plate_windows
from registry.matching.traits import place_name

MOST_MARKS, MOST_METHODS = 5, 5
RADIUS_KM = (0.1, asked.WIDEST_KM)
LONGEST = {"plate": 20, "marks.place": 80, "marks.description": 100, "near.county": 60, "near.subCounty": 80,
           "handle.part": 40, "platform": 40, "modusOperandi": 60}  # fmt: skip
"""Characters; a longer value is no such value."""
_METHODS_SHOWN = 20

Given = tuple[tuple[types.Mark, ...], str | None, types.Near | None, tuple[str, ...], types.Handle | None, str | None]
"""Marks, plate, place, modus operandi, part of a handle, platform."""


def texts(
    marks: Collection[types.Mark], plate: str | None, near: types.Near | None, methods: Collection[str],
    part: types.Handle | None, platform: str | None,
) -> Iterator[tuple[str, str]]:  # fmt: skip
    """Give the texts of a description with their fields; what is empty is not given."""
    given = [("plate", plate), ("platform", platform), *(("modusOperandi", each) for each in methods)]
    if part is not None:
        given += [("handle.part", part.handle), ("platform", part.platform)]
    if near is not None:
        given += [("near.county", near.county or None), ("near.subCounty", near.sub_county or None)]
    for mark in marks:
        given += [("marks.place", mark.place or None), ("marks.description", mark.look or None)]
    yield from ((field, text) for field, text in given if text is not None)


def check_marks(marks: Collection[types.Mark]) -> None:
    """Refuse marks of which nothing can be read. Raises InputRefused (CRITERION_MALFORMED)."""
    if len(marks) > MOST_MARKS:
        raise malformed("marks", f"holds more than {MOST_MARKS} marks.", "Give those that are rarest.")
    for mark in marks:
        if mark.kind not in ("", *asked.KINDS) or mark.side not in ("", *bodies.SIDES):
            raise malformed("marks", "has a kind or side that nobody knows.", "Choose one of the list.")
        if not (mark.kind or mark.place or mark.look or mark.side):
            raise malformed(
                "marks", "holds a mark of which nothing is said.", "Say what it is, where, or what it shows."
            )
        if mark.place and placed(mark.place) == ("", ""):
            parts = ", ".join(bodies.PARTS)
            raise malformed(
                "marks.place", "is no part of the body that is known here.",
                f"Write it in English or Swahili, with the side if it is known; parts: {parts}.",
            )  # fmt: skip


def check_plate(plate: str) -> None:
    """Refuse a plate of which too little is known. Raises InputRefused (CRITERION_MALFORMED)."""
    if not plate_windows(plate):
        raise malformed(
            "plate", "shows too little of a plate.",
            "Give three characters that stand together at least: ? is one that was not seen, * any number of them.",
        )  # fmt: skip


def check_near(near: types.Near) -> None:
    """Refuse a circle that lies nowhere, or has no size. Raises InputRefused (CRITERION_MALFORMED)."""
    least, most = RADIUS_KM
    if not (isfinite(near.radius_km) and least <= near.radius_km <= most):
        raise malformed("near.radiusKm", f"is not {least:g} to {most:g} kilometres.", "Write such a radius.")
    if (near.point is None) == (not near.county):
        raise malformed("near", "names not one middle.", "Give latitude and longitude, or a county; not both.")
    if near.sub_county and not near.county:
        raise malformed("near.subCounty", "is given without its county.", "Give the county too.")
    if near.point is not None and not (abs(near.point[0]) <= 90 and abs(near.point[1]) <= 180):
        raise malformed(
            "near", "lies nowhere on earth.", "Write degrees of WGS 84: latitude up to 90, longitude to 180."
        )


def check_part(part: types.Handle) -> None:
    """Refuse too few letters of a handle. Raises InputRefused (CRITERION_MALFORMED)."""
    if len(handle_name(part.handle)) < asked.SHORTEST_HANDLE:
        raise malformed("handle", f"has fewer than {asked.SHORTEST_HANDLE} letters or digits that stand together.",
                        "Give more of it, or the whole handle.")  # fmt: skip


def check_methods(methods: Collection[str]) -> None:
    """Refuse too many codes. Raises InputRefused (CRITERION_MALFORMED)."""
    if len(methods) > MOST_METHODS:
        raise malformed("modusOperandi", f"holds more than {MOST_METHODS} codes.", "Give those that are rarest.")


def check_listed(
    near: types.Near | None, methods: Collection[str], counties: Collection[str], known: Collection[str]
) -> None:
    """Refuse a county or code that the country edition does not list. Raises InputRefused (CRITERION_MALFORMED)."""
    if near and near.county and place_name(near.county) not in set(map(place_name, counties)):
        raise malformed("near.county", "is no county of the country edition.", "Write its name as records do.")
    if not set(methods) <= set(known):
        shown = ", ".join(list(known)[:_METHODS_SHOWN])
        raise malformed("modusOperandi", "is not one of the known codes.", f"Write one of: {shown}.")


def malformed(field: str, rule: str, remedy: str) -> InputRefused:
    """Return the refusal of a criterion."""
    return InputRefused(rule, field=field, code="CRITERION_MALFORMED", remedy=remedy)


def is_telling(marks: Collection[types.Mark], plate: str | None, near: types.Near | None, methods: Collection[str],
               part: types.Handle | None) -> bool:  # fmt: skip
    """Say whether somebody may be found by this alone: a kind of mark or a platform are everybody's."""
    return bool(plate or near or methods or part or any(mark.place or mark.look for mark in marks))
