"""Judgments on the synthetic register: offences of the Kenyan edition, courts and numbers marked DEMO.

    {"offence": "KE-SOA-8-4", "court": "DEMO High Court at Nairobi", "case_number": "DEMO CR 123/2015",
     "convicted_on": "2015-03-02", "sentence": "DEMO 15 years imprisonment", …}

An offence is charged only in years in which its law was in force, of an adult, with a victim of the age it names.
Terms, classes and appeals are invented; they say nothing about what courts do.
"""

from dataclasses import dataclass
from typing import Literal

from registry.editions import load
from registry.synthetic.draws import Draw, between, pick, weighted
from registry.synthetic.record import Basis, Conviction, Tier

Band = Literal["0-11", "12-15", "16-17"]
_ANY: tuple[Band, ...] = ("0-11", "12-15", "12-15", "16-17")
ADULT_AFTER = 19
"""Years from the year of birth until the eighteenth birthday has passed whatever the day."""
LAST_YEAR = 2025


@dataclass(frozen=True, slots=True)
class Charge:
    """An offence as the generator draws it."""

    offence: str
    weight: float
    since: int
    years: tuple[int, int]
    bands: tuple[Band, ...] = _ANY
    until: int = LAST_YEAR
    life: float = 0.0
    """How often the sentence is for life."""
    tier: Tier = "two"
    """The class it is put in; nobody has read one in Kenyan law."""


INDECENT_ACT = Charge("KE-SOA-11-1", 16, 2007, (10, 15), tier="one")
CHARGES = (
    INDECENT_ACT,
    Charge("KE-SOA-8-2", 17, 2007, (30, 45), ("0-11",), life=0.7, tier="three"),
    Charge("KE-SOA-8-3", 21, 2007, (20, 30), ("12-15",)),
    Charge("KE-SOA-8-4", 15, 2007, (15, 20), ("16-17",)),
    Charge("KE-SOA-9", 7, 2007, (10, 15)),
    Charge("KE-SOA-10", 3, 2007, (15, 30), life=0.2, tier="three"),
    Charge("KE-SOA-12", 1, 2007, (5, 10)),
    Charge("KE-SOA-13", 1, 2007, (10, 15), until=2012),
    Charge("KE-SOA-14", 1.5, 2007, (10, 15)),
    Charge("KE-SOA-15", 2, 2007, (10, 15)),
    Charge("KE-SOA-16", 3, 2007, (6, 10)),
    Charge("KE-SOA-20", 4, 2007, (10, 20), life=0.3, tier="three"),
    Charge("KE-SOA-24", 2, 2007, (10, 15)),
    Charge("KE-SOA-5", 2, 2007, (10, 20), tier="three"),
    Charge("KE-SOA-3", 2, 2007, (10, 20), tier="three"),
    Charge("KE-CMCA-24", 4, 2019, (5, 20), tier="one"),
    Charge("KE-CHA-22-ONLINE", 1.5, 2023, (2, 8), tier="one"),
    Charge("KE-CTIP-3", 1, 2013, (30, 35), tier="three"),
    Charge("KE-CTIP-4", 1, 2013, (10, 20)),
)
_BY_OFFENCE = {charge.offence: charge for charge in CHARGES}
_CHARGES = weighted((charge, charge.weight) for charge in CHARGES)
_HOW_MANY = weighted(((1, 88), (2, 9), (3, 3)), places=100)
_COURTS = (
    "High Court",
    "Chief Magistrate's Court",
    "Principal Magistrate's Court",
    "Senior Resident Magistrate's Court",
)
_NUMBERS = ("CR", "SO", "CR E", "SO E")
_VICTIM_SEX: tuple[Literal["male", "female", "unknown"], ...] = weighted((("female", 78), ("male", 16), ("unknown", 6)))
_BASES = load("ke").legal_bases
_LIFE = "DEMO life imprisonment"
_LATER = 3
"""Most years between an offence and its judgment."""


def convictions_of(born: int, county: str, draw: Draw) -> list[Conviction]:
    """Return one to three judgments on somebody born in that year, the oldest first."""
    found = [_conviction(born, county, draw) for _ in range(pick(_HOW_MANY, draw))]
    found.sort(key=lambda conviction: conviction["convicted_on"])
    return found


def basis_of(convictions: list[Conviction]) -> Basis:
    """Return the ground of the record: the Act's own register where it covers every offence, else the public task."""
    covered = all(conviction["offence"].startswith("KE-SOA-") for conviction in convictions)
    return basis("KE-SOA-39-13" if covered else "KE-DPA-30-1-B")


def basis(code: str) -> Basis:
    """Return a legal basis with its article."""
    return {"code": code, "article": _BASES[code].article}


def complete(convictions: list[Conviction], index: int, born: int, draw: Draw) -> None:
    """Add to judgments what the Judiciary's register and the files know besides: entry, offence, appeal."""
    for place, each in enumerate(convictions):
        year = int(each["convicted_on"][:4])
        since = max(year - int(draw() * (_LATER + 1)), _BY_OFFENCE[each["offence"]].since, born + ADULT_AFTER)
        if draw() < 0.7:
            each["committed_on"] = f"{since}-{between(1, 12, draw):02d}" if since < year else f"{since}"
        if draw() < 0.85:
            each["register_entry"] = f"DEMO CSOER {index * 3 + place:07d}/{year}"
        declared, chance = draw(), draw()
        if declared < 0.4:
            each["dangerous_offender"] = "yes" if declared < 0.05 else "no"
        if "appeal" in each:
            continue  # a scene says where it stands
        if chance < 0.24:
            each["appeal"] = "dismissed"
        elif chance < 0.27:
            each["appeal"] = "pending"
        elif chance > 0.95 and place < len(convictions) - 1:
            each["appeal"] = "quashed"  # never the last one: without a conviction that stands there is no record


def stands(conviction: Conviction) -> bool:
    """Whether no court has quashed a conviction."""
    return conviction.get("appeal") != "quashed"


def years_of(conviction: Conviction) -> int | None:
    """Return how many years a sentence is for; None for life."""
    sentence = conviction["sentence"]
    return None if sentence == _LIFE else int(sentence[5:7])


def tier_of(convictions: list[Conviction]) -> Tier:
    """Return the strictest class of the offences of which the conviction stands."""
    found = [_BY_OFFENCE[each["offence"]].tier for each in convictions if stands(each)]
    return "three" if "three" in found else "two" if "two" in found else "one"


def _conviction(born: int, county: str, draw: Draw) -> Conviction:
    charge = pick(_CHARGES, draw)
    if born + ADULT_AFTER > charge.until:
        charge = INDECENT_ACT
    year = between(max(charge.since, born + ADULT_AFTER), charge.until, draw)
    return {
        "offence": charge.offence,
        "court": f"DEMO {pick(_COURTS, draw)} at {county}",
        "case_number": f"DEMO {_number(draw)}/{year}",
        "convicted_on": f"{year}-{between(1, 12, draw):02d}-{between(1, 28, draw):02d}",
        "sentence": _sentence(charge, draw),
        "victim_age_band": pick(charge.bands, draw),
        "victim_sex": pick(_VICTIM_SEX, draw),
    }


def _number(draw: Draw) -> str:
    series = pick(_NUMBERS, draw)
    number = between(1, 999, draw)
    return f"{series}{number:03d}" if series.endswith("E") else f"{series} {number}"


def _sentence(charge: Charge, draw: Draw) -> str:
    if draw() < charge.life:
        return _LIFE
    return f"DEMO {between(*charge.years, draw)} years imprisonment"
