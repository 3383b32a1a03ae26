"""A labelled set: a folder with people who are on a register, and questions whose answer is known.

profiles.jsonl   {"id": "DEMO-0000007", "names": [{"full": …, "script": "Latn"}], "dob": {"value": "1962-07-24", …},
                  "sex": "male", "nationalities": ["KE"], "identifiers": […], "handles": […], "phones": […], …}
queries.jsonl    {"query_id": "Q00042", "class": "typo", "fields": {"name": …, "dob": …},
                  "expected": "DEMO-0000007", "namesakes": 0}

``expected`` is null for somebody who is not on the register. ``namesakes`` counts other profiles with all name parts
and a compatible birth date: where it is not 0, the fields given can't decide. ``tradition`` may stand in either file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from registry.core.partial_dates import PartialDate
from registry.matching.types import Handle, Identifier, Identity

PROFILES, QUESTIONS = "profiles.jsonl", "queries.jsonl"
_DOCUMENTS = ("national_id", "passport", "alien_id")


@dataclass(frozen=True, slots=True)
class Question:
    """What is known of somebody, and who it is."""

    id: str
    kind: str
    """What was done to the identity: exact, typo, dob_swap, … and the kinds of strangers."""
    fields: dict[str, str]
    expected: str | None
    namesakes: int
    tradition: str | None = None

    def identity(self) -> Identity:
        """Return the person asked about, as the search's own criteria would."""
        given = self.fields
        return Identity(
            names=(given["name"],) if "name" in given else (),
            birth_date=PartialDate.parse(given["dob"]) if "dob" in given else None,
            sex=given.get("sex"),
            nationalities=(given["nationality"],) if "nationality" in given else (),
            county=given.get("county"),
            identifiers=tuple(Identifier(kind, given[kind]) for kind in _DOCUMENTS if kind in given),
            phones=(given["phone"],) if "phone" in given else (),
            emails=(given["email"],) if "email" in given else (),
            handles=(Handle(None, given["handle"]),) if "handle" in given else (),
        )


def questions(folder: Path, most: int | None = None) -> list[Question]:
    """Return the first so many questions of a set, or all."""
    with (folder / QUESTIONS).open("rb") as lines:
        return [_question(orjson.loads(line)) for line in islice(lines, most)]


def _question(line: dict[str, Any]) -> Question:
    return Question(
        line["query_id"], line["class"], line["fields"], line["expected"], line.get("namesakes", 0),
        line.get("tradition"),
    )  # fmt: skip


def blocks(folder: Path, size: int) -> Iterator[list[bytes]]:
    """Yield the lines of the profiles, so many at a time."""
    with (folder / PROFILES).open("rb") as lines:
        while block := list(islice(lines, size)):
            yield block


def count(folder: Path) -> int:
    """Count the profiles."""
    return sum(len(block) for block in blocks(folder, 10_000))


def profile_identity(line: dict[str, Any]) -> Identity:
    """Return a line of profiles.jsonl as the matcher sees a person."""
    return Identity(
        names=tuple(name["full"] for name in line["names"]),
        birth_date=PartialDate.parse(line["dob"]["value"]) if line["dob"]["value"] else None,
        sex=line["sex"],
        nationalities=tuple(line["nationalities"]),
        county=line["county"],
        identifiers=tuple(Identifier(each["type"], each["value"], each["country"]) for each in line["identifiers"]),
        phones=tuple(line["phones"]),
        emails=tuple(line["emails"]),
        handles=tuple(Handle(each["platform"], each["handle"]) for each in line["handles"]),
    )
