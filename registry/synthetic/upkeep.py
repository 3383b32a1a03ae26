"""How a record is kept: its class, its sources, when it was verified and is next, who answers for it, until when.

    {"group": "places", "verified_on": "2026-05-02", "verified_by": "DEMO-DCI, DEMO-2017", "due_on": "2026-11-02"}

Seventeen records in twenty were verified within the time of their class, one in twenty is overdue, the others have
never been verified.
"""

from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from registry.editions import life, load
from registry.synthetic.course import REGION_OF, Course
from registry.synthetic.days import iso
from registry.synthetic.draws import Draw, pick
from registry.synthetic.record import Conviction, Freshness, Handling, Order, Profile, Source, Tier

_EDITION = load("ke")
_DAYS = {code: each.verification_months * 30 for code, each in _EDITION.tiers.items()}
_YEARS = {code: each.expires_after_years for code, each in _EDITION.tiers.items()}
_SEEN_TO = ("places", "phones", "identifiers", "custody", "names")
"""What a verification looks at, where the record holds it."""
_MOST_SEEN_TO = 2
_RELEASED: tuple[tuple[tuple[str, ...], Literal["H0", "H2"]], ...] = ((("TZ", "UG"), "H2"), (("GB",), "H0"))


def sources_of(convictions: list[Conviction], orders: list[Order], draw: Draw) -> list[Source]:
    """Return the latest judgment or the order, of one in five also the entry in the Judiciary's register."""
    if not convictions:
        order = orders[0]
        reference = f"DEMO order {order['number']}"
        return [{"kind": "order", "reference": reference, "digest": _digest(reference), "dated_on": order["made_on"]}]
    chance = draw()
    if chance >= 0.75:
        return []
    last = convictions[-1]
    reference = f"DEMO judgment, {last['case_number']}"
    found: list[Source] = [
        {"kind": "judgment", "reference": reference, "digest": _digest(reference), "dated_on": last["convicted_on"]}
    ]
    if chance < 0.2 and "register_entry" in last:
        found.append({"kind": "court_register", "reference": last["register_entry"], "dated_on": last["convicted_on"]})
    return found


def freshness_of(profile: Profile, course: Course, draw: Draw) -> list[Freshness]:
    """Return when the record was last verified and is next: its places, phones, documents and custody on one day."""
    chance, place = draw(), draw()
    if chance < 0.09:
        return []
    late, tier = chance > 0.95, profile["tier"]
    days = _DAYS[tier]
    day = course.today - (days + 10 + int(place * 500) if late else int(place * days * 0.96))
    verified, due = _verified(tier, max(day, course.judged + 14))
    officer = f"{profile['record_owner']}, DEMO-20{int(draw() * 100):02d}"
    groups = [group for group in _SEEN_TO if profile.get(group)][:_MOST_SEEN_TO]
    return [
        {"group": group, "verified_on": verified, "verified_by": officer, "due_on": due} for group in groups
    ]  # fmt: skip


def expires_on(course: Course, tier: Tier) -> str | None:
    """Return the day on which the entry expires: so many years after the last day of the longest sentence.

    As 34 USC 20915(a) counts, which leaves out the time in custody; None for life.
    """
    years = _YEARS[tier]
    return None if years is None or course.ends is None else iso(course.ends + int(years * 365.2425))


def handling_of(draw: Draw) -> Handling | None:
    """Return what a receiver may do with one record in seven; the others are handled as usual."""
    chance = draw()
    if chance >= 0.14:
        return None
    if chance < 0.02:
        return {"onward": "H3", "use_limits": "DEMO: not to be shown to witnesses", "clearance": "secret"}
    countries, onward = pick(_RELEASED, draw)
    return {"releasable_to": list(countries), "onward": onward}


def post_of(course: Course, draw: Draw) -> str | None:
    """Return the desk that answers for three records in four."""
    return f"DEMO desk, {REGION_OF[course.county]}" if draw() < 0.75 else None


@lru_cache(maxsize=8192)
def _verified(tier: Tier, day: int) -> tuple[str, str]:
    """Return a day of verification and the day by which the next is due."""
    return iso(day), life.next_verification(_EDITION, tier, date.fromordinal(day)).isoformat()


def _digest(reference: str) -> str:
    """Return the digest of a document that nobody has written."""
    return sha256(reference.encode()).hexdigest()
