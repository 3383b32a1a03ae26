"""How a person looks, and where fingerprints are kept. Numbers there begin with DEMO; no template, no picture.

{"described_on": "2019-05-02", "height_cm": 172, "weight_kg": 70, "build": "slim", "eyes": "brown"}
"""

from typing import Literal

from registry.synthetic.course import Course
from registry.synthetic.days import iso
from registry.synthetic.draws import Draw, between, pick, scrambled, weighted
from registry.synthetic.record import Biometric, Description, Mark, Sex

_BUILDS = ("slim", "medium", "medium", "heavy", "athletic")
_EYES = weighted((("brown", 60), ("dark brown", 33), ("hazel", 4), ("grey", 2), ("blue", 1)), places=100)
_HAIR = ("black, short", "grey, short", "shaved", "black, braided", "bald")
_PLACES = ("left forearm", "right forearm", "left cheek", "right hand", "neck", "forehead", "left shin")
_KINDS: tuple[tuple[Literal["scar", "mark", "tattoo"], str], ...] = (
    ("scar", "DEMO scar, two centimetres"), ("scar", "DEMO burn"), ("mark", "DEMO birthmark"),
    ("tattoo", "DEMO anchor"), ("tattoo", "DEMO star"),
)  # fmt: skip


def descriptions_of(course: Course, sex: Sex, draw: Draw) -> list[Description]:
    """Return what the prison wrote down of seven in ten."""
    if draw() >= 0.72:
        return []
    tall = int(draw() * 30)
    found: Description = {
        "described_on": iso(course.judged), "height_cm": (150 if sex == "female" else 158) + tall,
        "weight_kg": 48 + tall + int(draw() * 28), "build": _BUILDS[int(draw() * 5)], "eyes": pick(_EYES, draw),
    }  # fmt: skip
    if draw() < 0.4:
        found["hair"] = pick(_HAIR, draw)
    return [found]


def marks_of(course: Course, draw: Draw) -> list[Mark]:
    """Return a scar, mark or tattoo of one person in five."""
    if draw() >= 0.2:
        return []
    kind, description = pick(_KINDS, draw)
    return [{"kind": kind, "place": pick(_PLACES, draw), "description": description, "seen_on": iso(course.judged)}]


def biometrics_of(course: Course, draw: Draw) -> list[Biometric]:
    """Return under which number another system keeps fingerprints or a DNA profile, of one person in five."""
    chance = draw()
    if chance >= 0.2:
        return []
    number, taken = f"DEMO {scrambled(course.number, 7)}", iso(course.judged + between(1, 9, draw))
    if chance < 0.03:
        return [{"kind": "dna", "system": "DEMO DNA index", "number": number, "taken_on": taken}]
    return [{"kind": "fingerprints", "system": "DEMO AFIS", "number": number, "taken_on": taken}]
