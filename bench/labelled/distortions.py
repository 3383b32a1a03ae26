"""What happens to an identity between the register and the one who asks: one function for each class of questions.

    respelt     Wanjiku Kamau         →   Wanjikũ Kamao
    misheard    Chepkoech Ruto        →   Chebkoech Luto
    slipped     Otieno Ouma           →   Otineo Ouma
    scanned     Barasa Oloo           →   8arasa 0loo
    day_first   1962-07-03            →   1962-03-07

Each takes what is known and draws; it gives None where it can't be done to this person. ``Known.words`` are what the
name truly is, ``Known.said`` what is asked: namesakes are counted by the true ones.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from registry.synthetic.draws import Draw, between, pick
from registry.synthetic.traditions import respellings

PARTICLES = frozenset({"arap", "ole", "bin", "binti", "wa", "al", "el"})


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody knows of a person."""

    words: tuple[str, ...]
    """Of the name, as they truly are."""
    said: tuple[str, ...]
    born: str | None
    sex: str
    true_born: str | None = None
    """What the register has."""


Distortion = Callable[[Known, Draw], Known | None]


def as_written(known: Known, _: Draw) -> Known | None:
    """Ask for the name as it stands."""
    return known


def respelt(known: Known, draw: Draw) -> Known | None:
    """Write one or two words in another listed spelling."""
    others = respellings()
    can = [place for place, word in enumerate(known.said) if others.get(word)]
    if not can:
        return None
    chosen = {pick(can, draw), pick(can, draw)}
    said = (pick(others[word], draw) if place in chosen else word for place, word in enumerate(known.said))
    return replace(known, said=tuple(said))


_HEARD = (
    ("ph", "f"), ("th", "dh"), ("sh", "ch"), ("ch", "sh"), ("ck", "k"), ("kw", "qu"), ("ng'", "ny"), ("mb", "mp"),
    ("nd", "nt"), ("l", "r"), ("r", "l"), ("b", "v"), ("v", "b"), ("g", "k"), ("j", "ch"), ("z", "s"), ("w", "u"),
    ("y", "i"), ("oo", "u"), ("ee", "i"), ("ei", "ai"), ("o", "u"), ("i", "e"), ("kip", "kib"), ("chep", "cheb"),
)  # fmt: skip
"""Sounds taken for others over a bad line, or by somebody of another mother tongue."""


def misheard(known: Known, draw: Draw) -> Known | None:
    """Take one sound for another, not the first of the word."""
    return _changed(known, draw, _heard)


def _heard(word: str, draw: Draw) -> str | None:
    lower = word.lower()
    can = [(heard, sound) for sound, heard in _HEARD if sound in lower[1:]]
    if not can:
        return None
    heard, sound = pick(can, draw)
    at = lower.index(sound, 1)
    return word[:at] + heard + word[at + len(sound) :]


_NEAR = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
"""Keys beside each key."""


def slipped(known: Known, draw: Draw) -> Known | None:
    """Miss, double or swap a key of one word, or strike the one beside it."""
    return _changed(known, draw, _slip)


def _slip(word: str, draw: Draw) -> str | None:
    if len(word) < 5:
        return None
    at = between(1, len(word) - 2, draw)
    a, b = word[at], word[at + 1]
    beside = pick(_NEAR.get(a.lower(), a), draw)
    options = (b + a, a, b, a + a + b, beside + b)
    return word[:at] + pick(options, draw) + word[at + 2 :]


_LOOKS = {"o": "0", "O": "0", "l": "1", "I": "1", "i": "1", "S": "5", "s": "5", "B": "8", "m": "rn", "g": "9", "Z": "2"}


def scanned(known: Known, draw: Draw) -> Known | None:
    """Read one letter as what it looks like."""
    return _changed(known, draw, _scan)


def _scan(word: str, draw: Draw) -> str | None:
    can = [place for place, letter in enumerate(word) if letter in _LOOKS]
    if len(word) < 4 or not can:
        return None
    at = pick(can, draw)
    return word[:at] + _LOOKS[word[at]] + word[at + 1 :]


def _changed(known: Known, draw: Draw, change: Callable[[str, Draw], str | None]) -> Known | None:
    place = int(draw() * len(known.said))
    word = change(known.said[place], draw)
    if word is None or word == known.said[place]:
        return None
    return replace(known, said=(*known.said[:place], word, *known.said[place + 1 :]))


def reordered(known: Known, draw: Draw) -> Known | None:
    """Begin with the last name, or with the second."""
    if len(known.said) < 2 or PARTICLES & {word.lower() for word in known.said}:
        return None
    at = between(1, len(known.said) - 1, draw)
    return replace(known, said=known.said[at:] + known.said[:at])


def left_out(known: Known, draw: Draw) -> Known | None:
    """Leave one name out where two remain."""
    if len(known.said) < 3 or len(known.said) != len(known.words):
        return None
    at = int(draw() * len(known.said))
    return replace(known, said=known.said[:at] + known.said[at + 1 :], words=known.words[:at] + known.words[at + 1 :])


def added(known: Known, draw: Draw) -> Known | None:
    """Say a name more than the register has."""
    at = between(1, len(known.said), draw)
    return replace(known, said=(*known.said[:at], pick(_ADDED[known.sex], draw), *known.said[at:]))


_ADDED = {"male": ("Baraka", "Amani", "Tumaini", "Imara"), "female": ("Furaha", "Neema", "Zawadi", "Subira")}


def initial(known: Known, draw: Draw) -> Known | None:
    """Give one name by its first letter."""
    if len(known.said) < 3 or not known.said[0].isascii():
        return None
    at = int(draw() * (len(known.said) - 1))
    return replace(known, said=(*known.said[:at], known.said[at][0] + pick(("", "."), draw), *known.said[at + 1 :]))


_SHORT: Mapping[str, str] = {
    "Peter": "Pita", "Joseph": "Josi", "Samuel": "Sammy", "Daniel": "Danny", "Benjamin": "Ben", "Francis": "Frank",
    "Patrick": "Pat", "Nicholas": "Nick", "Robert": "Bob", "William": "Bill", "James": "Jim", "Thomas": "Tom",
    "Elizabeth": "Liz", "Catherine": "Kate", "Margaret": "Maggie", "Susan": "Sue", "Alexander": "Alex",
    "Anthony": "Tony", "Michael": "Mike", "David": "Dave", "Richard": "Dick", "Charles": "Charlie", "Stephen": "Steve",
    "Jacqueline": "Jackie", "Josephine": "Josie", "Dorothy": "Dotty", "Joshua": "Josh", "Philip": "Phil",
    "Mohamed": "Mudi", "Abdullahi": "Abdi", "Fatuma": "Fatu", "Gregory": "Greg", "Timothy": "Tim", "Leonard": "Leo",
}  # fmt: skip


def shortened(known: Known, _: Draw) -> Known | None:
    """Call somebody by a short form."""
    can = [place for place, word in enumerate(known.said) if word in _SHORT]
    if not can:
        return None
    at = can[0]
    return replace(known, said=(*known.said[:at], _SHORT[known.said[at]], *known.said[at + 1 :]))


def remarried(known: Known, draw: Draw) -> Known | None:
    """Give a woman another family name; the others stay."""
    if known.sex != "female" or len(known.said) < 3:
        return None
    return replace(known, said=(*known.said[:-1], pick(_HUSBANDS, draw)), words=known.words[:-1])


_HUSBANDS = ("Odera", "Muiruri", "Barasa", "Kosgei", "Mutua", "Hassan", "Ogola", "Gacheru", "Wesonga", "Tanui")


def without_particle(known: Known, draw: Draw) -> Known | None:
    """Leave the particle out, or write it onto the name."""
    at = next((place for place, word in enumerate(known.said[:-1]) if word.lower() in PARTICLES), None)
    if at is None:
        return _hyphen(known)
    word = known.said[at + 1] if draw() < 0.7 else known.said[at].capitalize() + known.said[at + 1].lower()
    return replace(known, said=(*known.said[:at], word, *known.said[at + 2 :]))


def _hyphen(known: Known) -> Known | None:
    """Write Al-Husseini as Husseini."""
    said = tuple(re.sub(r"^(Al|El)-", "", word) for word in known.said)
    return replace(known, said=said) if said != known.said else None


def joined(known: Known, draw: Draw) -> Known | None:
    """Write two names as one, or one as two."""
    long = [place for place, word in enumerate(known.said) if len(word) > 7 and word.isalpha() and word.isascii()]
    if long and draw() < 0.5:
        at = pick(long, draw)
        cut = between(3, len(known.said[at]) - 4, draw)
        halves = known.said[at][:cut], known.said[at][cut:].capitalize()
        return replace(known, said=(*known.said[:at], *halves, *known.said[at + 1 :]))
    if len(known.said) < 3 or not all(word.isalpha() for word in known.said):
        return None
    at = int(draw() * (len(known.said) - 1))
    together = known.said[at] + known.said[at + 1].lower()
    return replace(known, said=(*known.said[:at], together, *known.said[at + 2 :]))


def day_first(known: Known, _: Draw) -> Known | None:
    """Swap day and month."""
    year, month, day = _day(known)
    if not day or int(day) > 12 or day == month:
        return None
    return replace(known, born=f"{year}-{day}-{month}")


def year_off(known: Known, draw: Draw) -> Known | None:
    """Give the year before or after."""
    year, month, day = _day(known)
    return replace(known, born=f"{int(year) + pick((-1, 1), draw)}-{month}-{day}") if day else None


def digit_off(known: Known, draw: Draw) -> Known | None:
    """Give another day by one digit."""
    year, month, day = _day(known)
    if not day:
        return None
    other = day[0] + str((int(day[1]) + between(1, 8, draw)) % 10)
    return replace(known, born=f"{year}-{month}-{other}") if 1 <= int(other) <= 28 and other != day else None


def in_part(known: Known, draw: Draw) -> Known | None:
    """Give year, or year and month."""
    year, month, day = _day(known)
    return replace(known, born=pick((year, f"{year}-{month}"), draw)) if day else None


def first_of_january(known: Known, _: Draw) -> Known | None:
    """Give the day that stands for "not known"."""
    year, month, day = _day(known)
    return replace(known, born=f"{year}-01-01") if day and (month, day) != ("01", "01") else None


def _day(known: Known) -> tuple[str, str, str]:
    parts = (known.true_born or "").split("-")
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def several(known: Known, draw: Draw) -> Known | None:
    """Let two things happen to one name."""
    first = pick((respelt, misheard, slipped), draw)(known, draw)
    return first and pick((reordered, left_out, initial, added), draw)(first, draw)


def number_slip(value: str, draw: Draw) -> str:
    """Mistype one digit of a number, swap two, or leave one out; never among the letters at its head."""
    first = len(value) - len(value.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    at = between(first, len(value) - 2, draw)
    a, b = value[at], value[at + 1]
    options = [str((int(a) + between(1, 9, draw)) % 10) + b, b]
    if a != b:
        options.append(b + a)
    return value[:at] + pick(options, draw) + value[at + 2 :]
