"""How people are named, as data: one file of ``names/`` is one tradition.

    share = 11                                            how many of a hundred people
    [forms]
    male = { "given:christian family:arap:surname" = 10 } role:list or role:particle:list, and how often
    [lists]
    male = "Kibet/Kibett Иван=Ivan/Iwan"                  spellings of one name; an original before "="; "_" is a blank
    [rare]
    first, middle, last                                   syllables of names nobody else has

Names at the head of a list are common and those at its end are not, so that namesakes exist.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from registry.synthetic.draws import weighted
from registry.synthetic.record import Role, Script, Sex

_FOLDER = Path(__file__).with_name("names")
_PLACES_OF_A_LIST = 2000
_HEAD = 3  # the first name of a list is four times, not sixty times, as common as the tenth
_FIXED = frozenset({"christian", "singh", "kaur", "elder"})  # lists to which nobody adds a rare name


@dataclass(frozen=True, slots=True)
class Part:
    """One name with the spellings it is met in, and its original in another script."""

    spellings: tuple[str, ...]
    original: str | None = None


@dataclass(frozen=True, slots=True)
class Syllables:
    """What rare names are composed of."""

    first: tuple[str, ...]
    middle: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a name: its role, the particle before it, the names that can stand there."""

    role: Role
    particle: str | None
    parts: tuple[Part, ...]
    rare: Syllables | None


Form = tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Tradition:
    """A way of naming, and where its people live."""

    name: str
    share: float
    script: Script
    counties: tuple[str, ...]
    nationalities: tuple[str, ...]
    takes_previous_name: bool
    forms: Mapping[Sex, tuple[Form, ...]]
    nicknames: tuple[str, ...]


@cache
def traditions() -> tuple[Tradition, ...]:
    """Return every tradition, in the order of their files' names."""
    shared = _document("shared")["lists"]
    return tuple(_tradition(path.stem, shared) for path in sorted(_FOLDER.glob("*.toml")) if path.stem != "shared")


@cache
def places() -> tuple[Tradition, ...]:
    """Return the traditions as often as their shares, for one pick."""
    return weighted((tradition, tradition.share) for tradition in traditions())


@cache
def respellings() -> Mapping[str, tuple[str, ...]]:
    """Return for every listed spelling the other spellings of the same name."""
    slots = [slot for kind in traditions() for forms in kind.forms.values() for form in forms for slot in form]
    others: dict[str, set[str]] = {}
    for group in {part.spellings for slot in slots for part in slot.parts}:
        for text in group:
            others.setdefault(text, set()).update(group)
    return {text: tuple(sorted(found - {text})) for text, found in others.items()}


def read_parts(text: str) -> tuple[Part, ...]:
    """Read a list of names: ``Kibet/Kibett Иван=Ivan/Iwan``."""
    parts = []
    for word in text.split():
        original, _, spellings = word.replace("_", " ").rpartition("=")
        parts.append(Part(tuple(spellings.split("/")), original or None))
    return tuple(parts)


def _document(name: str) -> dict[str, Any]:  # TOML: any value until it is read
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _tradition(name: str, shared: Mapping[str, str]) -> Tradition:
    table = _document(name)
    lists = {key: read_parts(text) for key, text in (shared | table["lists"]).items()}
    rare = table.get("rare")
    syllables = Syllables(**{key: tuple(text.split()) for key, text in rare.items()}) if rare else None
    forms = {sex: _forms(table["forms"][sex], sex, lists, syllables) for sex in get_args(Sex)}
    return Tradition(
        name=name,
        share=table["share"],
        script=table.get("script", "Latn"),
        counties=tuple(table["counties"]),
        nationalities=weighted(table["nationalities"].items(), places=100),
        takes_previous_name=table["takes_previous_name"],
        forms=forms,
        nicknames=tuple(part.spellings[0] for part in lists["nickname"]),
    )


def _forms(
    table: Mapping[str, float], sex: Sex, lists: Mapping[str, tuple[Part, ...]], rare: Syllables | None
) -> tuple[Form, ...]:
    tables = {
        **{key: _heavy_tailed(parts) for key, parts in lists.items()},
        "own": _heavy_tailed(lists[sex]),
        "father": _heavy_tailed(lists["male"]),
        "christian": _heavy_tailed(lists[f"christian_{sex}"]),
    }
    return weighted(
        ((tuple(_slot(word, tables, rare) for word in form.split()), weight) for form, weight in table.items()),
        places=100,
    )


def _slot(word: str, tables: Mapping[str, tuple[Part, ...]], rare: Syllables | None) -> Slot:
    role, *particle, source = word.split(":")
    if role not in get_args(Role):
        message = f"{role} is no role of a name"
        raise ValueError(message)
    known: Role = role  # type: ignore[assignment]  # checked in the line above; mypy does not narrow by a tuple
    return Slot(known, particle[0] if particle else None, tables[source], None if source in _FIXED else rare)


def _heavy_tailed(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return weighted(((part, 1 / (rank + _HEAD)) for rank, part in enumerate(parts)), _PLACES_OF_A_LIST)
