"""What every peer is given alike: folded names, exact numbers, and what a birth date says.

    "NG'ANG'A, Péter"     →   "nganga peter"       and names in other scripts as anyascii writes them
    0712 345678           →   712345678            the last nine digits of a phone
    0.7 · name + 0.3 · birth date                  where both sides know a date; otherwise 0.9 · name

An exact number, phone, address or handle is a hit with 1.0 whatever the engine says. A name asked without a birth date
counts by itself. The weights are those with which most peers did best on the development set.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson
from anyascii import anyascii

NAME_SHARE, DATE_SHARE, DATE_UNKNOWN = 0.7, 0.3, 0.9
CANDIDATES = 60
FIRST = 10
_NOT_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the register as peers see them."""

    id: str
    names: tuple[str, ...]
    """Folded."""
    written: tuple[str, ...]
    born: str | None
    sex: str | None
    nationalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with the name folded."""

    fields: Mapping[str, str]
    name: str
    born: str | None


class Engine(Protocol):
    """Something that finds people by name and birth date."""

    def candidates(self, question: Question) -> Iterable[tuple[str, float]]:
        """Return ids and how alike the name is, from 0 to 1; for engines with a score of their own, that."""


class Peer:
    """An engine with what all are given alike."""

    def __init__(self, engine: Engine, people: Iterable[Person], known: "Known", *, scores_dates: bool = False) -> None:
        self._engine, self._known, self._scores_dates = engine, known, scores_dates
        self._born = {person.id: person.born for person in people}

    def ranked(self, question: Question) -> list[tuple[str, float]]:
        """Return the best ten."""
        found = dict.fromkeys(self._known.exactly(question.fields), 1.0)
        if question.name:
            for person, alike in self._engine.candidates(question):
                score = alike if self._scores_dates else with_date(alike, question.born, self._born[person])
                found[person] = max(found.get(person, 0.0), score)
        best = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [(person, round(score, 4)) for person, score in best[:FIRST]]


class Known:
    """Numbers, phones, addresses and handles, each in one form."""

    def __init__(self) -> None:
        self._people: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, line: Mapping[str, Any]) -> None:
        """Keep what is known of a person."""
        for each in line["identifiers"]:
            self._people["number", number(each["value"])].append(line["id"])
        for kind, form in (("phones", phone), ("emails", email)):
            for value in line[kind]:
                self._people[kind, form(value)].append(line["id"])
        for each in line["handles"]:
            self._people["handles", number(each["handle"])].append(line["id"])

    def exactly(self, fields: Mapping[str, str]) -> Iterator[str]:
        """Yield whoever has exactly this."""
        for field, kind, form in _EXACT:
            if field in fields:
                yield from self._people.get((kind, form(fields[field])), ())


def number(text: str) -> str:
    """Keep letters and digits."""
    return "".join(c for c in text.lower() if c.isalnum())


def phone(text: str) -> str:
    """Keep the last nine digits."""
    return "".join(c for c in text if c.isdigit())[-9:]


def email(text: str) -> str:
    """Drop capitals, blanks and what stands after a plus."""
    local, _, domain = text.strip().lower().partition("@")
    return f"{local.partition('+')[0]}@{domain}"


_EXACT = (
    ("national_id", "number", number), ("passport", "number", number), ("alien_id", "number", number),
    ("phone", "phones", phone), ("email", "emails", email), ("handle", "handles", number),
)  # fmt: skip


def folded(name: str) -> str:
    """Write a name in small Latin letters."""
    plain = anyascii(unicodedata.normalize("NFKC", name)).lower().replace("'", "").replace("`", "")
    return " ".join(_NOT_WORD.sub(" ", plain).split())


def with_date(alike: float, asked: str | None, held: str | None) -> float:
    """Return what a name and a birth date say together."""
    if asked is None:
        return alike
    if held is None:
        return DATE_UNKNOWN * alike
    return NAME_SHARE * alike + DATE_SHARE * agreement(asked, held)


def agreement(one: str, other: str) -> float:
    """Return how far two birth dates agree: the same as far as known, day and month swapped, a year off, 1 January."""
    shorter = min(len(one), len(other))
    if one[:shorter] == other[:shorter]:
        return {10: 1.0, 7: 0.9}.get(shorter, 0.8)
    if len(one) == len(other) == 10:
        if one == f"{other[:4]}-{other[8:]}-{other[5:7]}":
            return 0.8
        if one[:4] == other[:4]:
            return 0.6 if "-01-01" in (one[4:], other[4:]) else 0.3
        if one[4:] == other[4:] and abs(int(one[:4]) - int(other[:4])) == 1:
            return 0.7
    return 0.2 if abs(int(one[:4]) - int(other[:4])) <= 1 else 0.0


def read(folder: Path) -> tuple[list[Person], Known]:
    """Return the people of a set and what is exactly known of them."""
    people, known = [], Known()
    with (folder / "profiles.jsonl").open("rb") as lines:
        for line in map(orjson.loads, lines):
            written = tuple(dict.fromkeys(name["full"] for name in line["names"]))
            names = tuple(dict.fromkeys(text for text in map(folded, written) if text))
            born, sex = line["dob"]["value"], line["sex"]
            people.append(Person(line["id"], names, written, born, sex, tuple(line["nationalities"])))
            known.add(line)
    return people, known


def questions(folder: Path, most: int | None) -> Iterator[tuple[str, Question]]:
    """Yield the questions of a set with their ids."""
    with (folder / "queries.jsonl").open("rb") as lines:
        for place, line in enumerate(map(orjson.loads, lines)):
            if place == most:
                return
            fields = line["fields"]
            yield line["query_id"], Question(fields, folded(fields.get("name", "")), fields.get("dob"))
