"""Orders, restrictions, warrants, assessments of risk, modus operandi: what courts and offices say of a person.

    {"kind": "supervision", "court": "DEMO High Court at Meru", "number": "DEMO ORD 0012345", "made_on": "2015-03-02",
     "ends_on": "2030-03-02", "terms": "DEMO terms: to report at the police post on the first Monday of each month"}

Levels are those of the edition's instruments, drawn by chance: they follow from nothing.
"""

from typing import Literal

from registry.editions import load
from registry.synthetic.course import Course
from registry.synthetic.days import YEAR, iso
from registry.synthetic.draws import Draw, between, pick, scrambled, weighted
from registry.synthetic.record import Note, Order, Restriction, Risk, Warrant

_TERMS = (
    "DEMO terms: to report at the police post on the first Monday of each month",
    "DEMO terms: to live at the address given and to tell of any change within seven days",
    "DEMO terms: to take part in the treatment programme of the prison service",
)
_ORDERED: tuple[Literal["registration", "prohibition", "supervision"], ...] = (
    "registration", "registration", "prohibition", "supervision",
)  # fmt: skip
_FORBIDDEN = (
    "DEMO: not to work or volunteer where there are children",
    "DEMO: to keep away from schools and playgrounds",
    "DEMO: not to leave the country without notice to the register",
    "DEMO: no use of the internet without supervision",
)
_STATES: tuple[Literal["outstanding", "executed", "withdrawn"], ...] = ("outstanding", "executed", "executed",
                                                                        "withdrawn")  # fmt: skip
_EDITION = load("ke")
_INSTRUMENTS = weighted(
    (("static_99r", 40), ("rm2000_s", 15), ("stable_2007", 15), ("professional_judgement", 30)), places=20
)
_LEVELS = {code: each.levels for code, each in _EDITION.risk_instruments.items()}
_MODUS_OPERANDI = tuple(_EDITION.modus_operandi)
_NOTES = ("DEMO note: asks for letters in Kiswahili", "DEMO note: address confirmed by telephone",
          "DEMO note: file moved to another office")  # fmt: skip


def orders_of(course: Course, court: str, draw: Draw) -> list[Order]:
    """Return the order of supervision that was made of one person in five with the sentence."""
    if draw() >= 0.22 or course.ends is None:
        return []
    begun = course.judged
    return [{
        "kind": "supervision", "court": court, "number": f"DEMO ORD {scrambled(course.number, 8)}",
        "made_on": iso(begun), "ends_on": iso(course.ends + YEAR * between(2, 10, draw)), "terms": pick(_TERMS, draw),
    }]  # fmt: skip


def order_alone(course: Course, court: str, draw: Draw) -> Order:
    """Return the order on which somebody is registered without a conviction."""
    return {
        "kind": pick(_ORDERED, draw), "court": court,
        "number": f"DEMO ORD {scrambled(course.number, 8)}", "made_on": iso(course.judged), "terms": pick(_TERMS, draw),
    }  # fmt: skip


def restrictions_of(orders: list[Order], draw: Draw) -> list[Restriction]:
    """Return what half of the orders forbid besides."""
    if not orders or draw() >= 0.5:
        return []
    order = orders[0]
    found: Restriction = {"terms": pick(_FORBIDDEN, draw), "order": order["number"], "since": order["made_on"]}
    if "ends_on" in order:
        found["ends_on"] = order["ends_on"]
    return [found]


def warrants_of(course: Course, draw: Draw) -> list[Warrant]:
    """Return the warrant that is or was out for a free person."""
    if course.free_since is None:
        return []
    return [{
        "court": f"DEMO High Court at {course.county}", "number": f"DEMO W {scrambled(course.number, 7)}",
        "issued_on": iso(course.today - between(10, 700, draw)), "state": pick(_STATES, draw),
    }]  # fmt: skip


def risks_of(course: Course, draw: Draw) -> list[Risk]:
    """Return an assessment of one person in three."""
    if draw() >= 0.33:
        return []
    instrument = pick(_INSTRUMENTS, draw)
    day = course.judged + int(draw() * (course.today - course.judged))
    return [{
        "instrument": instrument, "level": pick(_LEVELS[instrument], draw), "assessed_on": iso(day),
        "assessor": f"DEMO assessor {1 + int(draw() * 40)}",
    }]  # fmt: skip


def modus_operandi_of(draw: Draw) -> list[str]:
    """Return one or two coded values of one person in three."""
    chance = draw()
    if chance >= 0.34:
        return []
    one = pick(_MODUS_OPERANDI, draw)
    other = pick(_MODUS_OPERANDI, draw)
    return [one, other] if chance < 0.08 and one != other else [one]


def notes_of(course: Course, draw: Draw) -> list[Note]:
    """Return a note."""
    return [{"text": pick(_NOTES, draw), "written_on": iso(course.today - between(1, 700, draw))}]
