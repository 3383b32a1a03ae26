"""The question's side of traits: what is asked for, in tokens, and the keys to look it up by.

    Identity(marks=(Mark("tattoo", "upper arm", "scorpion"),), plates=("KBZ 4?7",), near=Near(5.0, (-1.29, 36.82)))
        →  marks in the form that is compared, windows of the plate, cells of the map with their distances

Where the question is less exact than the register (a character not seen, a circle, an arm for a forearm), it asks for
each of the keys that may fit. They stand for one observation together: when one of them is carried by a crowd, the
others are of no use either, for they would bring up whoever stands apart from the crowd and not who fits best.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from registry.matching import grid, marks, pieces, traits
from registry.matching.contacts import handle_name, plain
from registry.matching.data import bodies
from registry.matching.limits import TRAITS
from registry.matching.marks import ANY_KIND, Seen
from registry.matching.plates import is_whole, plate_value, plate_windows
from registry.matching.traits import Parts
from registry.matching.types import Blind, Identity, Near

KINDS = ("scar", "mark", "tattoo", "piercing", "amputation")
SHORTEST_HANDLE = pieces.PIECE
"""Characters of a part of a handle; one piece."""
WIDEST_KM = 200.0
"""Of a circle, a county's own extent included."""
_KEY_WINDOWS = 3
"""Windows of one value that are looked up; the others are compared only."""

Tokens = frozenset[str]


class County(Protocol):
    """Where a county lies, roughly."""

    @property
    def latitude(self) -> float:
        """Of its middle."""

    @property
    def longitude(self) -> float:
        """Of its middle."""

    @property
    def reach_km(self) -> float:
        """The radius of a circle of its area."""


class Part(NamedTuple):
    """A plate, or a part of a plate or handle."""

    text: str
    """As the asker sees it."""
    whole: str
    """Token of the whole plate, empty for a part."""
    windows: tuple[Tokens, ...]
    """The value holds one token of each."""
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """Where somebody is sought."""

    text: str
    cells: dict[str, float] = field(repr=False)
    """From the token of a cell to its kilometres, as far as they can be told."""
    counties: dict[str, float] = field(repr=False)
    """From the token of a county to the kilometres of its middle."""
    own: str = ""
    """Token of the county that was asked for by its name."""
    sub_county: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sought beside names, numbers and birth."""

    marks: tuple[Seen, ...] = ()
    plates: tuple[Part, ...] = field(default=(), repr=False)
    circle: Circle | None = None
    methods: tuple[str, ...] = ()
    handles: tuple[Part, ...] = field(default=(), repr=False)
    platforms: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    """Names of the counties of the question, by which marks and methods are told apart."""

    def __bool__(self) -> bool:
        return bool(self.marks or self.plates or self.circle or self.methods or self.handles or self.platforms)


NOTHING = Asked()


def asked(identity: Identity, county: str, counties: Mapping[str, County], blind: Blind) -> Asked:
    """Read what is sought. ``counties`` says where the edition's counties lie, by their names."""
    known = {traits.place_name(name): each for name, each in counties.items()}
    circle = _circle(identity.near, known, blind) if identity.near else None
    near = traits.place_name(identity.near.county) if identity.near else ""
    return Asked(
        marks=tuple(dict.fromkeys(map(marks.seen, identity.marks[:TRAITS]))),
        plates=tuple(_plate(text, blind) for text in dict.fromkeys(identity.plates[:TRAITS])),
        circle=circle,
        methods=tuple(sorted(set(identity.methods)))[:TRAITS],
        handles=tuple(
            _handle(plain(each.platform or "").lower(), name, blind)
            for each in identity.handle_parts[:TRAITS]
            if len(name := handle_name(each.handle)) >= SHORTEST_HANDLE
        ),
        platforms=tuple(plain(each).lower() for each in identity.platforms[:TRAITS]),
        counties=tuple(dict.fromkeys(each for each in (county, near) if each)),
    )


Alternatives = tuple[str, tuple[Parts, ...]]
"""A kind of TRUST, and the keys that stand for one observation, each as `traits.keys` gives it."""


def alternatives(sought: Asked) -> Iterator[Alternatives]:
    """Give the keys to look up; where one of several may be found, all of them together."""
    for plate in sought.plates:
        if plate.whole:
            yield "plate", (("plate", plate.whole),)
        yield from _windows("plate-part", plate.windows)
    for part in sought.handles:
        yield from _windows("handle-part", part.windows)
    for mark in sought.marks:
        yield from _of_mark(mark, sought.counties)
    if sought.circle:
        yield from _of_circle(sought.circle)
    for method in sought.methods:
        yield "method", (("method", method),)
        yield from (("method-county", (("method-county", method, county),)) for county in sought.counties)
    for n, one in enumerate(sought.methods):
        yield from (("methods", (("methods", one, other),)) for other in sought.methods[n + 1 :])


def _windows(kind: str, windows: tuple[Tokens, ...]) -> Iterator[Alternatives]:
    """Look up the firmest windows; every other one must be met too, which is seen on the candidates."""
    for window in sorted(windows, key=len)[:_KEY_WINDOWS]:
        yield kind, tuple((kind, token) for token in sorted(window))


def _of_mark(mark: Seen, counties: tuple[str, ...]) -> Iterator[Alternatives]:
    family = _family(mark.part)
    kinds = KINDS if mark.kind in ("", ANY_KIND) else (mark.kind, ANY_KIND)
    for word in map(traits.sound, mark.look):
        yield "mark-look", (("mark-look", word),)
        yield "mark-look-part", tuple(("mark-look-part", word, part) for part in family)
        yield from (("mark-look-county", (("mark-look-county", word, county),)) for county in counties)
    placed = [("mark-part", kind, part) for kind in kinds for part in family]
    if mark.side:
        yield "mark-side", tuple(("mark-side", part, mark.side) for part in family)
    else:
        yield "mark-part", tuple(placed)
    for county in counties:
        yield "mark-part-county", tuple(("mark-part-county", *rest, county) for _, *rest in placed)


def _of_circle(circle: Circle) -> Iterator[Alternatives]:
    yield "place", tuple(("place-cell", token) for token in circle.cells)
    yield "place-county", tuple(("place-county", token) for token in circle.counties)
    if circle.sub_county:
        yield "place-sub-county", (("place-sub-county", circle.sub_county),)


def _family(part: str) -> tuple[str, ...]:
    """Name a part with those it lies in and those that lie in it."""
    inner = (each for each in bodies.PARTS if part and part in marks.larger(each))
    return tuple(each for each in (part, *marks.larger(part), *inner) if each)


def _plate(text: str, blind: Blind) -> Part:
    whole = blind("plate", plate_value(text)) if is_whole(text) else ""
    return Part(plain(text).upper(), whole, _tokens("plate-part", plate_windows(text), blind))


def _handle(platform: str, name: str, blind: Blind) -> Part:
    windows = tuple((piece,) for piece in pieces.pieces(name))
    return Part(name, "", _tokens("handle-part", windows, blind), platform)


def _tokens(kind: str, windows: tuple[pieces.Window, ...], blind: Blind) -> tuple[Tokens, ...]:
    return tuple(frozenset(pieces.token(kind, piece, blind) for piece in window) for window in windows)


def _circle(near: Near, counties: Mapping[str, County], blind: Blind) -> Circle:
    """Draw the circle around the point, or around the middle of the county and its extent."""
    county = traits.place_name(near.county)
    own = counties.get(county)
    radius, centre = near.radius_km, near.point
    if centre is None and own is not None:
        centre, radius = (own.latitude, own.longitude), min(radius + own.reach_km, WIDEST_KM)
    cells = grid.cells_within(*centre, radius) if centre else {}
    around = _around(near.point, near.radius_km, counties) if near.point else {county: 0.0} if county else {}
    made = {name: traits.place_token("place-county", name, blind) for name in around}
    named = traits.of_sub_county(county, near.sub_county) if county and near.sub_county else ""
    return Circle(
        text=_told(near),
        cells={traits.place_token("place-cell", name, blind): km for name, km in cells.items()},
        counties={made[name]: km for name, km in around.items()},
        own=made.get(county, ""),
        sub_county=traits.place_token("place-sub-county", named, blind) if named else "",
    )


def _around(point: tuple[float, float], radius_km: float, counties: Mapping[str, County]) -> dict[str, float]:
    """Name the counties that the circle may touch, each with the distance of its middle."""
    apart = {name: grid.distance_km(point, (each.latitude, each.longitude)) for name, each in counties.items()}
    return {name: km for name, km in apart.items() if km <= radius_km + counties[name].reach_km}


def _told(near: Near) -> str:
    where = f"{near.point[0]:.4f}, {near.point[1]:.4f}" if near.point else ", ".join(
        filter(None, (plain(near.sub_county), plain(near.county)))
    )  # fmt: skip
    return f"{where} ± {near.radius_km:g} km"
