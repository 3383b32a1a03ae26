"""Everything else that the register holds of a person, drawn after names, birth, numbers and judgments.

    complete(profile, 42, 1970, AS_OF, draw)      adds category, places, orders, freshness, …

Few are registered by an order without a conviction, and very few because of what they did under age: of them there is
no judgment. Most people have six to nine groups besides those that everybody has.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

from registry.synthetic import contacts, convictions as judgments, naming
from registry.synthetic.appearance import biometrics_of, descriptions_of, marks_of
from registry.synthetic.course import Course, course_of, custody_of
from registry.synthetic.draws import Draw, between, pick, weighted
from registry.synthetic.record import Category, Conviction, Dob, Groups, Order, Profile
from registry.synthetic.supervision import (
    modus_operandi_of,
    notes_of,
    order_alone,
    orders_of,
    restrictions_of,
    risks_of,
    warrants_of,
)
from registry.synthetic.upkeep import expires_on, freshness_of, handling_of, post_of, sources_of
from registry.synthetic.whereabouts import licences_of, places_of, travels_of, vehicles_of

ORDERED = 0.01
JUVENILE = 0.005
YOUNG_SINCE = 1998
"""Year of birth from which somebody may have been under age at an offence of which a court decided lately."""
ORDERS = (date(2023, 1, 9).toordinal(), date(2025, 11, 28).toordinal())
"""When courts registered people without a conviction: entries that are older have expired."""
_SELDOM_KNOWN: Mapping[str, Callable[[Course, Draw], object]] = {
    "vehicles": vehicles_of, "licences": licences_of, "travels": travels_of, "warrants": warrants_of, "notes": notes_of,
}  # fmt: skip
_SELDOM = weighted(
    (("", 76), ("vehicles", 11), ("licences", 2), ("travels", 5), ("warrants", 3), ("notes", 3)), places=100
)
"""At most one of these is known of a person; of somebody in prison neither vehicle, journey nor warrant."""
_BORN_HERE = 0.3
_IN_RANGE = 0.08


def complete(
    profile: Profile, index: int, born: int, today: date, draw: Draw, category: Category | None = None
) -> Profile:  # fmt: skip
    """Return a person's record with whatever the register knows besides; the category is drawn unless it is given."""
    convictions = profile["convictions"]
    judgments.complete(convictions, index, born, draw)
    naming.complete(profile["names"], born, today.year - 1, draw)
    contacts.complete(profile, today.year - 1, draw)
    profile["dob"] = _less_known(profile["dob"], born, convictions, draw)
    drawn = _category(born, draw)
    court, category = convictions[-1]["court"], category or drawn
    if category == "convicted":
        course = course_of(index, profile["county"], convictions, today.toordinal(), draw)
        orders = orders_of(course, court, draw)
    else:
        decided = between(*ORDERS, draw)
        course = Course(index, profile["county"], decided, None, decided, today.toordinal(), decided)
        orders = [order_alone(course, court, draw)]
        profile["convictions"], profile["legal_basis"] = [], judgments.basis("KE-SOA-39-2")
    whole: Profile = {**profile, "category": category, **_known(profile, course, orders, draw)}
    if freshness := freshness_of(whole, course, draw):
        whole["freshness"] = freshness
    return whole


def _known(profile: Profile, course: Course, orders: list[Order], draw: Draw) -> Groups:
    convictions = profile["convictions"]
    tier = judgments.tier_of(convictions)
    drawn: dict[str, object] = {
        "birth_place": f"DEMO hospital, {course.county}" if draw() < _BORN_HERE else None,
        "places": places_of(course, draw),
        "descriptions": descriptions_of(course, profile["sex"], draw),
        "marks": marks_of(course, draw),
        "biometrics": biometrics_of(course, draw),
        "orders": orders,
        "restrictions": restrictions_of(orders, draw),
        "custody": custody_of(course, draw) if convictions else None,
        "risks": risks_of(course, draw),
        "modus_operandi": modus_operandi_of(draw),
        "sources": sources_of(convictions, orders, draw),
        "tier": tier,
        "expires_on": expires_on(course, tier),
        "handling": handling_of(draw),
        "owner_post": post_of(course, draw),
    }
    if seldom := pick(_SELDOM, draw):
        drawn[seldom] = _SELDOM_KNOWN[seldom](course, draw)
    return cast("Groups", {name: value for name, value in drawn.items() if value})


def _category(born: int, draw: Draw) -> Category:
    chance = draw()
    if chance < ORDERED:
        return "ordered"
    return "juvenile" if born >= YOUNG_SINCE and chance > 1 - JUVENILE else "convicted"


def _less_known(dob: Dob, born: int, convictions: list[Conviction], draw: Draw) -> Dob:
    """Return for a few of whom the year is known a range of years, as long as it leaves them adults at the offence."""
    chance = draw()
    if dob["precision"] != "year" or chance >= _IN_RANGE:
        return dob
    later = 1 if chance < _IN_RANGE / 2 else 2
    first = min(int(each.get("committed_on", each["convicted_on"])[:4]) for each in convictions)
    if first < born + later + judgments.ADULT_AFTER:
        return dob
    return {"value": f"{born - 1}/{born + later}", "precision": "range"}
