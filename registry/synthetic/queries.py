"""Searches as officers and partners would ask them, drawn from the synthetic register, for load tests.

    {"fields": {"name": "Otieno Petr Ouma", "dob": "1968"}, "expected": "DEMO-0000002"}   somebody, known roughly
    {"fields": {"phone": "+254712345678"}, "expected": "DEMO-0004711"}                    somebody, known exactly
    {"fields": {"name": "Mary Nyambura Gitau", "dob": "1983"}, "expected": null}          nobody on the register

Nobody is the person of a far higher index in the same register: their numbers are on no record, their name may be,
as in life. Half of all searches are about nobody. Nobody is expected whom an investigator may not find.
"""

from collections.abc import Callable, Iterator

from registry.synthetic.contacts import address, number
from registry.synthetic.draws import Draw, pick, stream, weighted
from registry.synthetic.record import Dob, Fields, Profile, Search
from registry.synthetic.register import SEED, person
from registry.synthetic.scenes import EXPIRED, SEALED
from registry.synthetic.traditions import respellings

STRANGERS_FROM = 5_000_000
"""People of this index and above are on no register; a register for searches is smaller."""
_STRANGERS = 4_000_000
_LANE = 2**39  # apart from the streams of all people


def searches(seed: int = SEED, count: int = 1000, register_size: int = 20_000, start: int = 0) -> Iterator[Search]:
    """Yield so many searches of the register of that seed and size, after the first ``start`` of them."""
    if not 0 < register_size < STRANGERS_FROM:
        message = f"searches need a register of 1 to {STRANGERS_FROM - 1} people"
        raise ValueError(message)
    return (search(number, seed, register_size) for number in range(start, start + count))


def search(number: int, seed: int, register_size: int) -> Search:
    """Return the search with that number."""
    draw = stream(seed, _LANE + number)
    return pick(_MIX, draw)(draw, seed, register_size)


def _known_roughly(draw: Draw, seed: int, register_size: int) -> Search:
    profile = _somebody(draw, seed, register_size)
    return {"fields": _described(profile, draw), "expected": profile["id"]}


def _known_exactly(draw: Draw, seed: int, register_size: int) -> Search:
    while True:
        profile = _somebody(draw, seed, register_size)
        if known := _exact(profile):
            return {"fields": pick(known, draw), "expected": profile["id"]}


def _unknown_name(draw: Draw, seed: int, _: int) -> Search:
    return {"fields": _described(_stranger(draw, seed), draw), "expected": None}


def _unknown_number(draw: Draw, seed: int, _: int) -> Search:
    while True:
        if known := _exact(_stranger(draw, seed)):
            return {"fields": pick(known, draw), "expected": None}


_MIX: tuple[Callable[[Draw, int, int], Search], ...] = weighted(
    ((_known_roughly, 35), (_known_exactly, 15), (_unknown_name, 30), (_unknown_number, 20)), places=100
)


def _somebody(draw: Draw, seed: int, register_size: int) -> Profile:
    while True:
        index = 1 + int(draw() * register_size)
        profile = person(index, seed)
        if profile["category"] == "convicted" and index not in (SEALED, EXPIRED):
            return profile


def _stranger(draw: Draw, seed: int) -> Profile:
    return person(STRANGERS_FROM + int(draw() * _STRANGERS), seed)


def _described(profile: Profile, draw: Draw) -> Fields:
    """Return a name as the searcher heard it, and whatever else is known."""
    fields: Fields = {"name": _heard(pick(profile["names"], draw)["full"], draw)}
    born = _born(profile["dob"])
    if born and draw() < 0.7:
        fields["dob"] = born[: pick((4, 4, 7, 10, 10), draw)]
    if draw() < 0.4:
        fields["sex"] = profile["sex"]
    if draw() < 0.25:
        fields["nationality"] = profile["nationalities"][0]
    if draw() < 0.1:
        fields["county"] = profile["county"]
    return fields


def _born(dob: Dob) -> str | None:
    """Return a birth date as a searcher knows it: of a range the second year, which is the true one."""
    if dob["value"] is None or dob["precision"] != "range":
        return dob["value"]
    return str(int(dob["value"][:4]) + 1)


def _exact(profile: Profile) -> list[Fields]:
    """Return one search for each thing that only this person has."""
    found: list[Fields] = []
    for identifier in profile["identifiers"]:
        if identifier["type"] == "national_id":
            found.append({"national_id": identifier["value"]})
        elif identifier["type"] == "passport":
            found.append({"passport": identifier["value"]})
    found.extend({"phone": number(phone)} for phone in profile["phones"])
    found.extend({"email": address(email)} for email in profile["emails"])
    found.extend({"handle": handle["handle"]} for handle in profile["handles"])
    return found


def _heard(full: str, draw: Draw) -> str:
    words = full.replace(",", "").split()
    return " ".join(pick(_MISHEARD, draw)(words, draw))


def _respelt(words: list[str], draw: Draw) -> list[str]:
    """Write every name that has other spellings in one of them, four times in five."""
    others = respellings()
    return [pick(others[word], draw) if others.get(word) and draw() < 0.8 else word for word in words]


def _mistyped(words: list[str], draw: Draw) -> list[str]:
    """Lose, double or swap one letter, never the first."""
    place = int(draw() * len(words))
    word = words[place]
    if len(word) < 4:
        return words
    at = 1 + int(draw() * (len(word) - 2))
    slips = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    return [*words[:place], pick(slips, draw), *words[place + 1 :]]


def _reordered(words: list[str], _: Draw) -> list[str]:
    return [words[-1], *words[:-1]]


def _shortened(words: list[str], draw: Draw) -> list[str]:
    """Leave out one part when two remain."""
    if len(words) < 3:
        return words
    place = int(draw() * len(words))
    return [*words[:place], *words[place + 1 :]]


def _as_written(words: list[str], _: Draw) -> list[str]:
    return words


_MISHEARD: tuple[Callable[[list[str], Draw], list[str]], ...] = weighted(
    ((_respelt, 35), (_mistyped, 20), (_reordered, 20), (_shortened, 15), (_as_written, 10)), places=100
)
