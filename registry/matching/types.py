"""What is compared, and what a comparison says.

    Identity(names=("Wanjikũ wa Kamau",), birth_date=PartialDate(1984), sex="female", …)
    Match(score=0.9312, band="strong", reasons=(Reason("name.exact", 7.1, "Wanjikũ", "Wanjikũ"), …))

One type describes a profile and a question alike, so that both are read by the same code.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from registry.core.partial_dates import PartialDate

Blind = Callable[[str, str], str]
"""From a kind and a value in normal form to its token: ``blind("phone", "+254712345678")`` → ``"pX0v-3kQz_7a"``.

Twelve characters of base64url, made with a key that the matcher never sees. The same key gives the same token, so
values are compared by their tokens; without the key nobody can make one, nor try out numbers until one fits.
Kinds: document, document-part, document-near, phone, email, handle, handle-letters, handle-part, plate, plate-part,
place-cell, place-county, place-sub-county.
"""


class Band(StrEnum):
    """How far a match may be relied on. A name alone is never strong."""

    STRONG = "strong"
    POSSIBLE = "possible"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number on a document: ``Identifier("passport", "AK5834823", "KE")``."""

    type: str
    value: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Handle:
    """A name on a platform; the platform may be unknown."""

    platform: str | None
    handle: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the body in the words of who saw it: ``Mark("tattoo", "mkono wa kushoto", "nge")``."""

    kind: str = ""
    """``scar``, ``mark``, ``tattoo``, ``piercing``, ``amputation`` or not known."""
    place: str = ""
    look: str = ""
    side: str = ""
    """``left``, ``right``, or what the place says."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives, works or stays, as far as it is known."""

    point: tuple[float, float] | None = None
    """Latitude and longitude, WGS 84."""
    county: str = ""
    sub_county: str = ""


@dataclass(frozen=True, slots=True)
class Near:
    """A circle in which somebody may live, work or stay, around a point or around the middle of a county."""

    radius_km: float
    point: tuple[float, float] | None = None
    county: str = ""
    sub_county: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a person, on the register or in a question."""

    names: tuple[str, ...] = ()
    birth_date: PartialDate | None = None
    sex: str | None = None
    """``male``, ``female``, ``other`` or not known."""
    nationalities: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2."""
    county: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()
    marks: tuple[Mark, ...] = ()
    plates: tuple[str, ...] = ()
    """In a question also parts of plates: ``KBZ 4?7``, ``*437D``."""
    places: tuple[Place, ...] = ()
    """On the register only; a question has ``near``."""
    methods: tuple[str, ...] = ()
    """Codes of the modus operandi."""
    near: Near | None = None
    handle_parts: tuple[Handle, ...] = ()
    """In a question only: letters that stand together in a handle, in their order."""
    platforms: tuple[str, ...] = ()
    """In a question only: platforms of which no name is known."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One value that met another: for the match where the weight is above nought, against it where below."""

    feature: str
    weight: float
    """Bits: how much more often this is seen in the same person than in two different ones, as a power of two."""
    query: str | None = None
    record: str | None = None
    """Nothing where the matcher does not know it: of numbers and handles it holds tokens only."""


@dataclass(frozen=True, slots=True)
class Match:
    """How well a profile answers a question, and why. The score orders and bands; it is not a probability."""

    score: float
    band: str
    reasons: tuple[Reason, ...] = ()
