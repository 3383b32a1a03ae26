"""Comparisons of what is known without a name; each docstring is the explanation a person reads.

    marks(question, profile)   →   ("mark.same", "tattoo, arm: scorpion", "tattoo, left forearm: scorpion")

They support and never decide: nobody is accused for a tattoo. What one side does not know is silent, and another mark,
vehicle, place or way of acting than the one asked for speaks against nobody.
"""

from registry.matching import traits
from registry.matching.asked import Circle, Part, Tokens
from registry.matching.marks import ORDER, agreement, told
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord

Evidence = tuple[str, str, str | None]
"""As in `compare`."""

NEAR_KM, AROUND_KM = 5.0, 25.0
"""Up to here a place is near, and around."""
_LONG_PLATE, _LONG_HANDLE = 3, 3
"""Windows from which a part says much: six known characters in a row."""


def marks(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """A scar, mark or tattoo of this kind is where it was seen, or shows what was seen."""
    met = _marks_met(query, record)
    return met[0] if met else None


def other_marks(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """Another mark that was asked for is on the register as well: two are shared by far fewer people than one."""
    met = [each for each in _marks_met(query, record) if each[0] in ("mark.same", "mark.look", "mark.place")]
    return ("mark.second", met[1][1], met[1][2]) if len(met) > 1 else None


def plates(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The plate of a vehicle is the same, or holds the part that was seen; look-alikes such as O and 0 are one."""
    if not query.asked.plates:
        return None
    held = traits.read(record.traits).plates
    best, text = "", ""
    for asked in query.asked.plates:
        if asked.whole and any(asked.whole == token for token, _ in held):
            return "plate.same", asked.text, None
        feature = "plate.part_long" if len(asked.windows) >= _LONG_PLATE else "plate.part"
        if best != "plate.part_long" and any(_holds(cut, asked.windows) for _, cut in held):
            best, text = feature, asked.text
    return (best, text, None) if best else None


def places(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """Somebody who lives, works or stays near is likelier to be meant; with the county alone this is coarse."""
    circle = query.asked.circle
    if circle is None:
        return None
    found = [each for place in traits.read(record.traits).places for each in _place(circle, place)]
    if not found:
        return None
    feature, apart = min(found, key=lambda each: (_PLACES.index(each[0]), each[1] or 0.0))
    return feature, circle.text, None if apart is None else f"{apart:.0f} km"


def methods(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same way of acting is shared by many; several ways in common by fewer."""
    if not query.asked.methods:
        return None
    shared = [each for each in query.asked.methods if each in traits.read(record.traits).methods]
    if not shared:
        return None
    text = ", ".join(shared)
    return ("method.several" if len(shared) > 1 else "method.same"), text, text


def handle_parts(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """A handle holds the letters that were seen, in their order."""
    best: Evidence | None = None
    for asked in query.asked.handles:
        for platform, cut in traits.read(record.traits).handles:
            if _holds(cut, asked.windows):
                feature = _handle(asked, platform)
                if best is None or _HANDLES.index(feature) < _HANDLES.index(best[0]):
                    best = feature, asked.text, None
    return best


def platforms(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """Being on a platform is common; it supports other evidence only."""
    for asked in query.asked.platforms:
        if any(asked == platform for platform, _, _ in record.handles):
            return "platform.same", asked, asked
    return None


FITS = (marks, other_marks, plates, places, methods, handle_parts, platforms)

_PLACES = ("place.near", "place.sub_county", "place.around", "place.region", "place.county")
_HANDLES = ("handle.part_long", "handle.part", "handle.part_elsewhere")
"""The closest first."""


def _marks_met(query: PreparedQuery, record: MatchRecord) -> list[Evidence]:
    """Let each mark that was asked for meet the one on the register that agrees most; each is met once."""
    if not query.asked.marks:
        return []
    left = list(traits.read(record.traits).marks)
    pairs = [
        (ORDER.index(feature), n, mark, held)
        for n, mark in enumerate(query.asked.marks)
        for held in left
        if (feature := agreement(mark, held)) is not None
    ]
    met: list[Evidence] = []
    taken: set[int] = set()
    for place, n, mark, held in sorted(pairs):
        if n not in taken and held in left:
            taken.add(n)
            left.remove(held)
            met.append((ORDER[place], told(mark), told(held)))
    return met


def _holds(cut: str, windows: tuple[Tokens, ...]) -> bool:
    held = cut.split()
    return bool(windows) and all(not window.isdisjoint(held) for window in windows)


def _handle(asked: Part, platform: str) -> str:
    if asked.platform and platform and asked.platform != platform:
        return "handle.part_elsewhere"
    return "handle.part_long" if len(asked.windows) >= _LONG_HANDLE else "handle.part"


def _place(circle: Circle, place: tuple[str, str, str]) -> list[tuple[str, float | None]]:
    """Say how a place fits, and how far from the middle of the circle it is; nothing where it does not."""
    cells, county, sub_county = place
    if circle.sub_county and circle.sub_county == sub_county:
        return [("place.sub_county", None)]
    if circle.own and circle.own == county:
        return [("place.county", None)]
    near = [circle.cells[each] for each in cells.split() if each in circle.cells]
    if near:
        return [(("place.region" if circle.own else _by_distance(min(near))), min(near))]
    if not cells and county in circle.counties:
        return [("place.county", circle.counties[county])]
    return []


def _by_distance(km: float) -> str:
    return "place.near" if km <= NEAR_KM else "place.around" if km <= AROUND_KM else "place.region"
