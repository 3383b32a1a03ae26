"""The synthetic register: as many people as one asks for, always the same ones.

    people(seed=2026, count=20_000)                  DEMO-0000001 … DEMO-0020000
    people(seed=2026, count=10_000, start=10_000)    the second half of them, byte for byte

Each person is drawn from seed and index alone, so a larger register begins with the smaller one and several
processes can share the work. The first people are the scenes of the demonstration. ``today`` is the day from which
last verifications and journeys are told.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from registry.editions import load
from registry.synthetic import completion, contacts, naming
from registry.synthetic.convictions import basis_of, convictions_of
from registry.synthetic.days import AS_OF
from registry.synthetic.draws import MOST_PEOPLE, Draw, between, pick, stream
from registry.synthetic.record import Dob, Profile, Sex
from registry.synthetic.scenes import SCENES, Scene, dob_of
from registry.synthetic.traditions import Tradition, places

SEED = 2026
RECORD_OWNER = "DEMO-DCI"
BIRTH_YEARS = (1946, 2004)
_FEMALE = 0.12
_AT_HOME = 0.75
_COUNTIES = load("ke").counties


@dataclass(frozen=True, slots=True)
class _Birth:
    """The true day, of which the register may know less."""

    year: int
    month: int
    day: int


def people(
    seed: int = SEED, count: int = 20_000, start: int = 0, record_owner: str = RECORD_OWNER, today: date = AS_OF
) -> Iterator[Profile]:
    """Yield so many people of a register, after the first ``start`` of them."""
    if start < 0 or start + count >= MOST_PEOPLE:
        message = f"a synthetic register has fewer than {MOST_PEOPLE} people"
        raise ValueError(message)
    return (person(index, seed, record_owner, today) for index in range(start + 1, start + count + 1))


def person(
    index: int, seed: int = SEED, record_owner: str = RECORD_OWNER, today: date = AS_OF
) -> Profile:  # fmt: skip
    """Return the person with that number of a register; the first is 1."""
    draw = stream(seed, index)
    scene = SCENES.get(index)
    if scene:
        return _played(index, scene, record_owner, today, draw)
    return _drawn(index, record_owner, today, draw)


def tradition_of(index: int, seed: int = SEED) -> str | None:
    """Return the tradition that this person's names are drawn from; None for those of the scenes."""
    return None if index in SCENES else pick(places(), stream(seed, index)).name


def profile_id(index: int) -> str:
    """Return ``DEMO-0000042``."""
    return f"DEMO-{index:07d}"


def _drawn(index: int, record_owner: str, today: date, draw: Draw) -> Profile:
    tradition = pick(places(), draw)  # first of all: ``tradition_of`` draws it alone
    sex: Sex = "female" if draw() < _FEMALE else "male"
    words = naming.words_of(pick(tradition.forms[sex], draw), draw)
    first, last = words[0].text, words[-1].text
    birth = _birth(draw)
    nationalities = _nationalities(tradition, draw)
    county = pick(tradition.counties if draw() < _AT_HOME else _COUNTIES, draw)
    convictions = convictions_of(birth.year, county, draw)
    profile: Profile = {
        "id": profile_id(index),
        "names": naming.names_of(tradition, sex, words, draw),
        "dob": _recorded(birth, draw),
        "sex": sex,
        "nationalities": nationalities,
        "identifiers": contacts.identifiers_of(index, nationalities, draw),
        "phones": contacts.phones_of(index, nationalities[0], draw),
        "emails": contacts.emails_of(index, first, last, draw),
        "handles": contacts.handles_of(index, first, last, draw),
        "county": county,
        "convictions": convictions,
        "legal_basis": basis_of(convictions),
        "record_owner": record_owner,
    }
    return completion.complete(profile, index, birth.year, today, draw)


def _played(index: int, scene: Scene, record_owner: str, today: date, draw: Draw) -> Profile:
    convictions = deepcopy(list(scene.convictions)) or convictions_of(scene.born, scene.county, draw)
    profile: Profile = {
        "id": profile_id(index),
        "names": deepcopy(list(scene.names)),
        "dob": dob_of(scene.dob),
        "sex": scene.sex,
        "nationalities": [scene.nationality],
        "identifiers": deepcopy(list(scene.identifiers)),
        "phones": list(scene.phones),
        "emails": [],
        "handles": deepcopy(list(scene.handles)),
        "county": scene.county,
        "convictions": convictions,
        "legal_basis": basis_of(convictions),
        "record_owner": record_owner,
    }
    whole = completion.complete(profile, index, scene.born, today, draw, scene.category)
    return {**whole, "dob": dob_of(scene.dob), **scene.groups(today.toordinal())}


def _birth(draw: Draw) -> _Birth:
    year = between(*BIRTH_YEARS, draw)
    return _Birth(year, between(1, 12, draw), between(1, 28, draw))


def _recorded(birth: _Birth, draw: Draw) -> Dob:
    """Return what the register has: seven in ten a day, one in ten the first of January instead, the others less."""
    chance = draw()
    if chance < 0.70:
        return {"value": f"{birth.year}-{birth.month:02d}-{birth.day:02d}", "precision": "day"}
    if chance < 0.79:
        return {"value": f"{birth.year}-01-01", "precision": "day"}
    if chance < 0.84:
        return {"value": f"{birth.year}-{birth.month:02d}", "precision": "month"}
    if chance < 0.97:
        return {"value": f"{birth.year}", "precision": "year"}
    return {"value": None, "precision": "unknown"}


def _nationalities(tradition: Tradition, draw: Draw) -> list[str]:
    home = pick(tradition.nationalities, draw)
    return [home, "KE"] if home != "KE" and draw() < 0.06 else [home]
