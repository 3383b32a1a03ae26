"""What else a person is known by on the register: marks, plates, places, ways of acting, parts of handles.

    [[["tattoo","forearm","left",["scorpion"]]],[["pX0v-3kQz_7a","0Qa Zk3 …"]],[["x9_aQ2 … …","kE2-0x",""]],
     ["online_grooming"],[["tiktok","a8Q _0x …"]]]

This is the second line of a match record, absent where there is nothing. Order: marks, plates (token, tokens of its
pieces), places (tokens of its cells, the smallest first, of the county, of the sub-county), codes of the
modus operandi, handles (platform, tokens of its pieces).

Marks and codes stand in clear as they do in the record. Plates, places and handles are sealed there: here are tokens.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple, TypeVar

import orjson

from registry.matching import grid, marks, pieces
from registry.matching.contacts import handle_name, plain
from registry.matching.limits import TRAITS, VALUES
from registry.matching.marks import Seen
from registry.matching.plates import SHORTEST, ended, plate_value
from registry.matching.skeletons import skeleton
from registry.matching.types import Blind, Identity, Place

PLACE_TOKEN = 6
"""Characters kept of the token of a cell or county."""

Value = TypeVar("Value", str, tuple[str, str])

Held = tuple[str, str]
"""Token of a plate, or platform of a handle; tokens of its pieces."""


class Traits(NamedTuple):
    """What is compared beside names, numbers and birth."""

    marks: tuple[Seen, ...] = ()
    plates: tuple[Held, ...] = ()
    places: tuple[tuple[str, str, str], ...] = ()
    methods: tuple[str, ...] = ()
    handles: tuple[Held, ...] = ()


NOTHING = Traits()


def described(identity: Identity, blind: Blind) -> Traits:
    """Read what a person is known by; every token is made once."""
    made: dict[tuple[str, str], str] = {}

    def once(kind: str, value: str) -> str:
        return made.get((kind, value)) or made.setdefault((kind, value), blind(kind, value))

    plates = (value for text in identity.plates[:VALUES] if len(value := plate_value(text)) >= SHORTEST)
    handles = ((plain(each.platform or "").lower(), handle_name(each.handle)) for each in identity.handles[:VALUES])
    return Traits(
        marks=tuple(dict.fromkeys(map(marks.seen, identity.marks[:TRAITS]))),
        plates=tuple((once("plate", value), _pieces("plate-part", ended(value), once)) for value in _first(plates)),
        places=tuple(dict.fromkeys(_place(each, once) for each in identity.places[:TRAITS])),
        methods=tuple(sorted(set(identity.methods)))[:TRAITS],
        handles=tuple(
            (platform, cut) for platform, name in _first(handles) if (cut := _pieces("handle-part", name, once))
        ),
    )


def write(traits: Traits) -> str:
    """Write traits as compact JSON, nothing where there are none; `read` is its inverse."""
    return orjson.dumps(traits, default=tuple).decode() if any(traits) else ""


@lru_cache(maxsize=256)
def read(text: str) -> Traits:
    """Read back what `write` wrote."""
    if not text:
        return NOTHING
    seen, plates, places, methods, handles = orjson.loads(text)
    return Traits(
        tuple([Seen(kind, part, side, tuple(look)) for kind, part, side, look in seen]),
        tuple([tuple(each) for each in plates]),
        tuple([tuple(each) for each in places]),
        tuple(methods),
        tuple([tuple(each) for each in handles]),
    )


def place_name(text: str) -> str:
    """Give a county's or sub-county's name in the form in which names of places are compared."""
    return " ".join(plain(text).lower().replace("-", " ").split()).removesuffix(" county").removesuffix(" sub")


def place_token(kind: str, value: str, blind: Blind) -> str:
    """Give the token of a cell, county or sub-county."""
    return blind(kind, value)[:PLACE_TOKEN]


def of_sub_county(county: str, sub_county: str) -> str:
    """Name a sub-county with its county: there are several of one name."""
    return f"{place_name(county)}/{place_name(sub_county)}"


Parts = tuple[str, ...]


def keys(traits: Traits, county: str) -> Iterator[Parts]:
    """Give the kind and parts of each key to be written with a profile; ``county`` is that of its record."""
    for plate, cut in traits.plates:
        yield "plate", plate
        yield from (("plate-part", piece) for piece in cut.split())
    for _, cut in traits.handles:
        yield from (("handle-part", piece) for piece in cut.split())
    for mark in traits.marks:
        yield from _mark_keys(mark, county)
    for place in traits.places:
        yield from _place_keys(*place)
    for method in traits.methods:
        yield "method", method
        if county:
            yield "method-county", method, county
    for one, other in combinations(traits.methods, 2):
        yield "methods", one, other


def sound(word: str) -> str:
    """Give the sound of a word of a description, by which spellings of it meet."""
    return skeleton(word) if word.isascii() and word.isalpha() else word


def _mark_keys(mark: Seen, county: str) -> Iterator[Parts]:
    for word in mark.look:
        yield "mark-look", sound(word)
        if mark.part:
            yield "mark-look-part", sound(word), mark.part
        if county:
            yield "mark-look-county", sound(word), county
    if mark.part:
        yield "mark-part", mark.kind, mark.part
        if mark.side:
            yield "mark-side", mark.part, mark.side
        if county:
            yield "mark-part-county", mark.kind, mark.part, county


def _place_keys(cells: str, county: str, sub_county: str) -> Iterator[Parts]:
    yield from (("place-cell", each) for each in cells.split())
    if county:
        yield "place-county", county
    if sub_county:
        yield "place-sub-county", sub_county


def _place(place: Place, blind: Blind) -> tuple[str, str, str]:
    cells = grid.cells(*place.point) if place.point else ()
    county, both = place_name(place.county), of_sub_county(place.county, place.sub_county)
    return (
        " ".join(place_token("place-cell", each, blind) for each in cells),
        place_token("place-county", county, blind) if county else "",
        place_token("place-sub-county", both, blind) if county and place_name(place.sub_county) else "",
    )


def _pieces(kind: str, value: str, blind: Blind) -> str:
    return pieces.tokens(kind, pieces.pieces(value), blind)


def _first(values: Iterable[Value]) -> list[Value]:
    return sorted(set(values))[:TRAITS]
