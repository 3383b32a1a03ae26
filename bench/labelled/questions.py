"""What is asked of the register, and who is meant.

    {"class": "misheard", "fields": {"name": "Piter Odieno Ouma", "dob": "1962"}, "expected": "DEMO-0000042"}
    {"class": "stranger_sibling", "fields": {"name": "Mary Otieno Ouma", "dob": "1964-05-03"}, "expected": null}

Strangers are people of far higher indexes: alone, with the name of somebody on the register and another birth date,
with two of three names, as a sibling, or with a number of nobody's.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bench.labelled import distortions as d
from bench.labelled.distortions import Distortion, Known
from bench.labelled.namesakes import Meant, words_of
from registry.synthetic.contacts import address, number
from registry.synthetic.draws import Draw, between, pick, stream
from registry.synthetic.record import Profile
from registry.synthetic.register import BIRTH_YEARS, SEED, person, tradition_of

STRANGERS_FROM, _STRANGERS = 5_000_000, 4_000_000
_LANE = 2**38  # apart from the streams of all people and of the searches of load tests
_TRIES = 400
"""People looked at before a class is left at what it has: a small register has few with an original in Ethiopic."""
_APART = 4
"""Years between a stranger with somebody's name and that somebody."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, its answer, and what its namesakes are counted by."""

    kind: str
    tradition: str | None
    fields: dict[str, str]
    expected: str | None
    words: tuple[str, ...] = ()
    """True words of the name; none where something else than a name decides."""
    born: str | None = None

    @property
    def meant(self) -> Meant:
        """What its namesakes are counted by."""
        names = (self.words, words_of(self.fields["name"])) if self.words else ()
        return Meant(names, self.born, self.expected)


Made = tuple[dict[str, str], tuple[str, ...], str | None] | None
"""Fields, true words, and the birth date by which namesakes are counted."""

NAMED: Mapping[str, Distortion] = {
    "as_written": d.as_written, "respelt": d.respelt, "misheard": d.misheard, "slipped": d.slipped,
    "scanned": d.scanned, "reordered": d.reordered, "left_out": d.left_out, "added": d.added, "initial": d.initial,
    "shortened": d.shortened, "remarried": d.remarried, "without_particle": d.without_particle, "joined": d.joined,
    "several": d.several,
}  # fmt: skip
DATED: Mapping[str, Distortion] = {
    "day_first": d.day_first, "year_off": d.year_off, "digit_off": d.digit_off, "in_part": d.in_part,
    "first_of_january": d.first_of_january,
}  # fmt: skip


def questions(size: int, each: int) -> Iterator[Asked]:
    """Yield so many questions of each class about a register of that size."""
    for place, (kind, make) in enumerate(CLASSES.items()):
        draw = stream(SEED, _LANE + place)
        left = each
        for _ in range(each * _TRIES):
            asked = make(kind, size, draw)
            if asked:
                yield asked
                left -= 1
            if not left:
                break


Maker = Callable[[str, int, Draw], Asked | None]


def _about(make: Callable[[Profile, Draw], Made]) -> Maker:
    """Ask about somebody on the register."""

    def asked(kind: str, size: int, draw: Draw) -> Asked | None:
        index = between(1, size, draw)
        profile = person(index)
        made = make(profile, draw)
        return made and Asked(kind, tradition_of(index), made[0], profile["id"], made[1], made[2])

    return asked


def _not(make: Callable[[Profile, Profile, Draw], Made]) -> Maker:
    """Ask about nobody: somebody on the register and a stranger are mixed."""

    def asked(kind: str, size: int, draw: Draw) -> Asked | None:
        index, stranger = between(1, size, draw), STRANGERS_FROM + int(draw() * _STRANGERS)
        made = make(person(index), person(stranger), draw)
        of = stranger if make in (_stranger, _unknown_number) else index
        return made and Asked(kind, tradition_of(of), made[0], None, made[1], made[2])

    return asked


def _named(change: Distortion) -> Maker:
    def make(profile: Profile, draw: Draw) -> Made:
        known = change(_known(profile, draw), draw)
        if known is None:
            return None
        fields, born = _fields(profile, known, draw, dated=0.6)
        return fields, known.words, born

    return _about(make)


def _dated(change: Distortion) -> Maker:
    def make(profile: Profile, draw: Draw) -> Made:
        known = change(_known(profile, draw), draw)
        if known is None or known.born is None:
            return None
        return _fields(profile, known, draw, dated=1.0)[0], known.words, profile["dob"]["value"]

    return _about(make)


def _known(profile: Profile, draw: Draw) -> Known:
    latin = [name["full"] for name in profile["names"] if name["kind"] == "legal" and name["script"] == "Latn"]
    words = words_of(latin[0] if latin else profile["names"][0]["full"])
    born = _born(profile)
    asked = born and born[: pick((4, 4, 7, 10, 10, 10), draw)]
    return Known(words, words, asked, profile["sex"], born)


def _born(profile: Profile) -> str | None:
    return profile["dob"]["value"] if profile["dob"]["precision"] in ("day", "month", "year") else None


def _fields(profile: Profile, known: Known, draw: Draw, *, dated: float) -> tuple[dict[str, str], str | None]:
    """Return what is asked, and the birth date if it is."""
    fields = {"name": " ".join(known.said)}
    with_date = known.born is not None and (len(known.said) < 2 or draw() < dated)
    if with_date and known.born:
        fields["dob"] = known.born
    if draw() < 0.4:
        fields["sex"] = known.sex
    if draw() < 0.25:
        fields["nationality"] = profile["nationalities"][0]
    if draw() < 0.15:
        fields["county"] = profile["county"]
    return fields, known.born if with_date else None


def _original(profile: Profile, draw: Draw) -> Made:
    original = next((name["full"] for name in profile["names"] if name["script"] != "Latn"), None)
    if original is None:
        return None
    known = replace(_known(profile, draw), words=(original,), said=(original,))
    fields, born = _fields(profile, known, draw, dated=0.8)
    return fields, known.words, born


def _transliterated(profile: Profile, draw: Draw) -> Made:
    """Ask in another Latin spelling for somebody whose original is known."""
    if all(name["script"] == "Latn" for name in profile["names"]):
        return None
    known = d.respelt(_known(profile, draw), draw)
    if known is None or not known.said[0].isascii():
        return None
    fields, born = _fields(profile, known, draw, dated=0.8)
    return fields, known.words, born


def _alias(profile: Profile, draw: Draw) -> Made:
    others = [name["full"] for name in profile["names"] if name["kind"] not in ("legal", "previous")]
    if not others:
        return None
    words = words_of(pick(others, draw))
    known = replace(_known(profile, draw), words=words, said=words)
    fields, born = _fields(profile, known, draw, dated=1.0)
    return (fields, words, born) if len(words) > 1 or born else None


def _one_name(profile: Profile, draw: Draw) -> Made:
    known, born = _known(profile, draw), _born(profile)
    if born is None or len(born) < 10:
        return None
    word = pick([word for word in known.words if len(word) > 2] or known.words, draw)
    return {"name": word, "dob": born}, (word,), born


def _number(kind: str, profile: Profile) -> str | None:
    return next((each["value"] for each in profile["identifiers"] if each["type"] == kind), None)


def _by_number(kind: str) -> Callable[[Profile, Draw], Made]:
    def make(profile: Profile, draw: Draw) -> Made:
        value = _number(kind, profile)
        at = between(2, 5, draw)
        return ({kind: value[:at] + pick(("", " ", "-"), draw) + value[at:]}, (), None) if value else None

    return make


def _number_slip(profile: Profile, draw: Draw) -> Made:
    value = _number("national_id", profile)
    if value is None:
        return None
    return {"national_id": d.number_slip(value, draw), "name": " ".join(_known(profile, draw).words)}, (), None


def _phone(profile: Profile, draw: Draw) -> Made:
    if not profile["phones"]:
        return None
    whole = number(profile["phones"][0])
    local = whole.removeprefix("+254")
    forms = [whole, f"00{whole[1:]}"] + (
        [f"0{local}", f"0{local[:3]} {local[3:6]}-{local[6:]}"] if local != whole else []
    )
    return {"phone": pick(forms, draw)}, (), None


def _email(profile: Profile, draw: Draw) -> Made:
    if not profile["emails"]:
        return None
    local, _, domain = address(profile["emails"][0]).partition("@")
    return (
        {"email": pick((f"{local}+news@{domain}", f"{local.upper()}@{domain}", f" {local}@{domain} "), draw)},
        (),
        None,
    )


def _handle(profile: Profile, draw: Draw) -> Made:
    if not profile["handles"]:
        return None
    name = profile["handles"][0]["handle"]
    return {"handle": pick((f"@{name}", name.upper(), name.replace("_", "."), name), draw)}, (), None


def _stranger(_: Profile, stranger: Profile, draw: Draw) -> Made:
    known = _known(stranger, draw)
    fields, born = _fields(stranger, known, draw, dated=0.8)
    return fields, known.words, born


def _namesake(profile: Profile, _: Profile, draw: Draw) -> Made:
    """Somebody's name, and a birth date years away."""
    own = _born(profile)
    if own is None:
        return None
    year = between(*BIRTH_YEARS, draw)
    if abs(year - int(own[:4])) < _APART:
        return None
    born = f"{year}-{between(1, 12, draw):02d}-{between(1, 28, draw):02d}"
    known = replace(_known(profile, draw), born=born)
    return _fields(profile, known, draw, dated=1.0)[0], known.words, born


def _two_of_three(profile: Profile, stranger: Profile, draw: Draw) -> Made:
    known, other = _known(profile, draw), _known(stranger, draw)
    if len(known.words) != 3 or other.born is None or other.words[-1] in known.words:
        return None
    at = between(0, 2, draw)
    words = (*known.words[:at], other.words[-1], *known.words[at + 1 :])
    mixed = replace(known, words=words, said=words, born=other.born)
    return _fields(stranger, mixed, draw, dated=1.0)[0] | {"sex": profile["sex"]}, words, other.born


def _sibling(profile: Profile, stranger: Profile, draw: Draw) -> Made:
    """All names but the first, and a birth date a few years away."""
    known, own = _known(profile, draw), _born(profile)
    first = _known(stranger, draw).words[0]
    if len(known.words) < 3 or own is None or profile["sex"] != stranger["sex"] or first in known.words:
        return None
    year = int(own[:4]) + pick((-5, -3, -2, 2, 3, 5), draw)
    born = f"{year}-{between(1, 12, draw):02d}-{between(1, 28, draw):02d}"
    words = (first, *known.words[1:])
    mixed = replace(known, words=words, said=words, born=born)
    return _fields(profile, mixed, draw, dated=1.0)[0], words, born


def _other_number(profile: Profile, stranger: Profile, draw: Draw) -> Made:
    """Somebody's name with another's number and year."""
    value, year = _number("national_id", stranger), between(*BIRTH_YEARS, draw)
    own = _born(profile)
    if value is None or own is None or abs(year - int(own[:4])) < _APART:
        return None
    known = _known(profile, draw)
    return {"name": " ".join(known.said), "dob": str(year), "national_id": value}, known.words, str(year)


def _unknown_number(_: Profile, stranger: Profile, draw: Draw) -> Made:
    makers = (_by_number("national_id"), _by_number("passport"), _phone, _email, _handle)
    return pick(makers, draw)(stranger, draw)


CLASSES: Mapping[str, Maker] = {
    **{kind: _named(change) for kind, change in NAMED.items()},
    **{kind: _dated(change) for kind, change in DATED.items()},
    "original": _about(_original), "transliterated": _about(_transliterated), "alias": _about(_alias),
    "one_name": _about(_one_name), "number_only": _about(_by_number("national_id")),
    "passport_only": _about(_by_number("passport")), "number_slip": _about(_number_slip), "phone": _about(_phone),
    "email": _about(_email), "handle": _about(_handle), "stranger": _not(_stranger),
    "stranger_namesake": _not(_namesake), "stranger_two_of_three": _not(_two_of_three),
    "stranger_sibling": _not(_sibling), "stranger_other_number": _not(_other_number),
    "stranger_unknown_number": _not(_unknown_number),
}  # fmt: skip
