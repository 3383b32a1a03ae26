"""A record of which every sealed value is a canary: one mark that stands in no other place, and tells which it is.

record(photograph)      the record in the import format, with all that the description of a record calls sealed
CANARIES                what must be found in no dump
CONTROL                 a name, which is not sealed and so must be found
"""

from random import Random
from typing import Any

from PIL import Image

from registry.profiles import kinds, points
from registry.profiles.forms import members
from registry.profiles.kinds import Code, Kind, Line, Listed, Prose
from registry.profiles.record import GROUPS
from tests import factories
from tests.registry.photographs.pictures import encoded

MARK = "90417263551827"
"""Digits only: they pass every form, and no change of case touches them."""
LEAK = "36172839405162"
"""Another mark, for the control: what was once written in clear stands in PostgreSQL's write-ahead log for long."""
NATIONAL = "790417263"
PHONE = f"+254{NATIONAL}"
EMAIL = f"kanari.{MARK}@leak.example"
HANDLE = f"kanari_{MARK}"
NUMBER = f"INV{MARK}"
DIGEST = "5ca1ab1e" * 8
ASKED_NAME = "DEMO Wanjikũ Kanarimwombaji"
POINT = "-4.904172,39.635518"
CANARIES: tuple[str, ...] = (MARK, NATIONAL, DIGEST, "Kanarimwombaji", POINT)
CONTROL = "Zqxkontroli"
DAY = "2019-03-17"

_VALUES: dict[Any, Any] = {
    kinds.NUMBER: NUMBER, kinds.PHONE: PHONE, kinds.EMAIL: EMAIL, kinds.ADDRESS: f"https://leak.example/{MARK}",
    kinds.DIGEST: DIGEST, kinds.PLATFORM: "invented", kinds.DATE: DAY, kinds.DAY: DAY, kinds.COUNTRY: "KE",
    kinds.FLAG: True, points.POINT: f"geo:{POINT}",
}  # fmt: skip


def record(photograph: str, **changes: Any) -> dict[str, Any]:
    """Return the planted record; a sealed group or member that is new to the description is planted by itself."""
    sealed = {
        name: [{each.name: _value(name, each.name, each.kind, photograph) for each in members(group.part)}]
        for name, group in GROUPS.items()
        if group.column == "sealed" and group.part is not None
    }
    names = [{"full": f"{CONTROL} Hamisi Mwakio"}]
    return factories.record(names=names, **sealed | changes)


def _value(group: str, name: str, kind: Kind | None, photograph: str) -> Any:  # Any: JSON
    if kind is kinds.PUBLIC_ID:
        return photograph
    if name == "handle":
        return HANDLE
    if isinstance(kind, Line | Prose):
        return f"Kanari {group} {name} {MARK}"
    if isinstance(kind, Code):
        return kind.codes[0]
    if isinstance(kind, Listed):
        return "Kwale"
    return _VALUES[kind]


def picture() -> bytes:
    """Return a photograph of nobody, of which no two places are alike."""
    noise = Random(MARK).randbytes(96 * 96 * 3)
    return encoded(Image.frombytes("RGB", (96, 96), noise), "image/png")


def windows(content: bytes, width: int = 24) -> list[bytes]:
    """Return pieces of a picture as it is kept, taken from behind its headers."""
    return [content[place : place + width] for place in range(1000, len(content) - width, len(content) // 8)]
