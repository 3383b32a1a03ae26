"""Where a person lives, works and goes, in what, and with what licence. Addresses, firms and plates are DEMO.

    {"kind": "residence", "address": "DEMO Road 12, DEMO Estate", "county": "Meru", "point": "geo:0.0713,37.7642", …}

Those in prison have the residence they had before. Points are scattered about the middle of the county and are
nobody's house; three residences in four have one.
"""

from registry.editions import load
from registry.synthetic.course import Course
from registry.synthetic.days import YEAR, iso
from registry.synthetic.draws import Draw, between, pick, scrambled, weighted
from registry.synthetic.record import Licence, Place, Travel, Vehicle

_CENTRES = load("ke").centres
_STREETS = ("DEMO Road", "DEMO Lane", "DEMO Avenue", "DEMO Street", "DEMO plot", "DEMO block")
_FIRMS = ("DEMO Hardware Ltd", "DEMO Transport", "DEMO Farm", "DEMO Builders", "DEMO Market stall", "DEMO Garage",
          "DEMO Bakery", "DEMO Security Ltd")  # fmt: skip
_CLUBS = ("DEMO Football Club", "DEMO Choir", "DEMO Relief Society")
_VEHICLES = ("white Toyota Probox", "silver Toyota Corolla", "blue Nissan Note", "red Boxer motorcycle",
             "green Isuzu lorry", "white matatu")  # fmt: skip
_PROFESSIONS = (("Driver of public vehicles", "DEMO Transport Authority"), ("Teacher", "DEMO Teachers Commission"),
                ("Security guard", "DEMO Security Authority"), ("Nurse", "DEMO Nursing Council"))  # fmt: skip
_COUNTRIES = weighted((("UG", 34), ("TZ", 30), ("ET", 8), ("SO", 6), ("AE", 9), ("ZA", 5), ("GB", 4), ("TH", 4)), 100)
_PURPOSES = ("Family visit", "Trade", "Work", "Medical treatment")


def places_of(course: Course, draw: Draw) -> list[Place]:
    """Return the residence of most people; of those in freedom, of some also work, a club, a lodging."""
    found: list[Place] = []
    chance = draw()
    if chance < 0.93:
        address = f"{_STREETS[int(draw() * 6)]} {1 + int(draw() * 400)}, DEMO Estate"
        home: Place = {"kind": "residence", "address": address, "county": course.county}
        if course.number % 4:
            home["point"] = _point(course)
        if course.free_since is None:
            home["until"] = iso(course.judged)
        else:
            home["since"] = _since(course, draw)
        found.append(home)
    if course.free_since is None:
        return found
    if chance < 0.36:
        found.append(
            {"kind": "work", "name": pick(_FIRMS, draw), "county": course.county, "since": _since(course, draw)}
        )
    elif chance < 0.39:
        club = pick(_CLUBS, draw)
        found.append({"kind": "volunteering", "name": club, "county": course.county, "since": _since(course, draw)})
    elif chance > 0.95:
        begun = course.today - between(5, 60, draw)
        found.append({"kind": "temporary", "name": "DEMO Lodge", "county": course.county, "since": iso(begun),
                      "until": iso(begun + between(7, 90, draw))})  # fmt: skip
    return found


def vehicles_of(course: Course, draw: Draw) -> list[Vehicle]:
    """Return a free person's car or motorcycle."""
    if course.free_since is None:
        return []
    plate = f"DEMO {scrambled(course.number, 5)}"
    return [{"plate": plate, "country": "KE", "description": pick(_VEHICLES, draw), "since": _since(course, draw)}]


def licences_of(course: Course, draw: Draw) -> list[Licence]:
    """Return a licence that ended with the judgment."""
    profession, authority = pick(_PROFESSIONS, draw)
    since, until = iso(course.judged - between(1, 9, draw) * YEAR), iso(course.judged)
    number = f"DEMO L {scrambled(course.number, 6)}"
    return [{"profession": profession, "number": number, "authority": authority, "since": since, "until": until}]


def travels_of(course: Course, draw: Draw) -> list[Travel]:
    """Return a free person's journey abroad: past, cancelled, or notified and to come."""
    if course.free_since is None:
        return []
    departs = course.today + between(-300, 60, draw)
    country = pick(_COUNTRIES, draw)
    travel: Travel = {
        "direction": "outbound", "country": country, "departs_on": iso(departs),
        "returns_on": iso(departs + between(3, 40, draw)), "carrier": f"DEMO Airways DM {between(100, 999, draw)}",
        "contact": f"DEMO Hotel, {country}", "purpose": pick(_PURPOSES, draw),
        "notified_on": iso(min(departs - between(14, 40, draw), course.today - 1)),
        "state": "intended" if departs > course.today else "cancelled" if draw() < 0.15 else "past",
    }  # fmt: skip
    return [travel]


def _point(course: Course) -> str:
    """Return a point within a quarter of the county's extent, from the person's number: no draw is used up by it."""
    centre = _CENTRES[course.county]
    far = centre.reach_km / 4 / 111
    north, east = (int(scrambled(course.number, lane)) / 10_000_000 * 2 - 1 for lane in (7, 8))
    return f"geo:{centre.latitude + far * north:.4f},{centre.longitude + far * east:.4f}"


def _since(course: Course, draw: Draw) -> str:
    """Return a month since the release."""
    assert course.free_since is not None
    return iso(course.free_since + int(draw() * (course.today - course.free_since)))[:7]
