"""Which column of a list holds what, by its heading, in English and Swahili. Pure.

    "Surname" "Jina la ukoo"   family          "PNR" "Booking reference"   reference
    "DOB" "Tarehe ya kuzaliwa" birthDate       "Passport no"               identifiers, passport

The headings of old registers (bulk/headings.py) mean here what they mean there; those of passenger and staff lists are
added. A column that no row knows is not read, and the officer is told so.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from registry.bulk import headings
from registry.core.errors import InputRefused
from registry.editions.edition import Edition


class Target(NamedTuple):
    """What a column holds: a member of a row, and of a number its type and country."""

    member: str
    type: str | None = None
    country: str | None = None


NAME_PARTS = ("given", "middle", "family")
MEMBERS = frozenset({
    "reference", "name", *NAME_PARTS, "birthDate", "sex", "nationality", "county", "identifiers", "phone", "email",
    "handle",
})  # fmt: skip
"""Members of a line of JSON."""

_PATHS = {
    "names[0].full": "name", "names[0].parts.given": "given", "names[0].parts.middle": "middle",
    "names[0].parts.family": "family", "birth_date": "birthDate", "sex": "sex", "nationalities[]": "nationality",
    "phones[]": "phone", "emails[]": "email", "county": "county",
}  # fmt: skip
"""From a path of a record to a member."""
_NUMBER = re.compile(r"identifiers\[(\d+)\]\.value")
_HANDLE = re.compile(r"handles\[\d+\]\.handle")
_LISTS = {
    "reference": "reference; ref; ref no; reference no; reference number; booking reference; pnr; record locator; "
                 "staff no; staff number; employee no; employee number; payroll no; rejea; kumbukumbu; "
                 "namba ya mfanyakazi",
    "documentType": "document type; type of document; doc type; aina ya hati",
    "documentCountry": "issuing country; document country; country of issue; issuing state; nchi ya kutoa",
    "identifiers": "document no; document number; travel document; travel document no; travel document number; "
                   "doc no; doc number; namba ya hati",
    "birthDate": "birthDate",
    "given": "given", "middle": "middle", "family": "family",
}  # fmt: skip
"""Headings of lists, which no old register has."""


def _squeezed(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading.casefold())


_BY_WORD = {_squeezed(word): member for member, words in _LISTS.items() for word in words.split(";")}


def targets(names: Sequence[str], edition: Edition) -> tuple[tuple[int, Target], ...]:
    """Return which columns hold what, by their places.

    Raises InputRefused (HEADINGS_MISSING, HEADING_TWICE, VICTIM_DATA, FILE_REFUSED).
    """
    plain = headings.checked(names)
    ours = {at: Target(_BY_WORD[word]) for at, each in enumerate(plain) if (word := _squeezed(each)) in _BY_WORD}
    others = [each for at, each in enumerate(plain) if each and at not in ours]
    found = ours | {plain.index(each): target for each, target in _known(others, edition).items()}
    if not any(target.member not in ("reference", "documentType", "documentCountry") for target in found.values()):
        raise InputRefused("has no heading that is known.", field="file", code="HEADINGS_MISSING",
                           remedy="Write the names of the columns into the first row; docs/screening.md lists "
                                  "them.")  # fmt: skip
    return tuple(sorted(found.items()))


def _known(others: Sequence[str], edition: Edition) -> dict[str, Target]:
    """Return what the headings of old registers hold of a person."""
    try:
        mapping = headings.guessed(others, edition)
    except InputRefused:
        return {}
    found = {}
    for heading, column in mapping.columns.items():
        if column.path in _PATHS:
            found[heading] = Target(_PATHS[column.path])
        elif _HANDLE.fullmatch(column.path):
            found[heading] = Target("handle")
        elif number := _NUMBER.fullmatch(column.path):
            about = [mapping.constants.get(f"identifiers[{number[1]}].{each}") for each in ("type", "country")]
            kind, country = (None if each is None else str(each) for each in about)
            found[heading] = Target("identifiers", kind, country)
    return found
