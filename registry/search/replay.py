"""What the log keeps of a search so that its reasons can be made again, and how they are told to be the same. Pure.

    "matcher": "2026-09-2"                 the table of weights
    "form": 2                              in which words are read (registry/matching/form.py)
    "size": 1000000                        of the register at that moment
    "rarity": [812, 90, 0, 4711]           how many carried each name of the question, in the order of its words
    "versions": [3, 1], "scores": […]      of each hit
    "reasons": ["pX0v-3kQz_7a", …]         of each hit: a keyed digest of all its reasons

The digest is keyed (registry/core/sealing.py): reasons hold numbers and addresses that are sealed elsewhere, and a
plain hash of a phone number can be tried out. Without a hit there is nothing to make again, and nothing more is kept.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from registry.audit.sealed import CLOSED
from registry.core.errors import Conflict, RegistryError
from registry.core.partial_dates import PartialDate
from registry.matching import types, weights
from registry.matching.form import FORM
from registry.matching.query import PreparedQuery
from registry.matching.types import Blind, Match
from registry.search.query import SearchQuery

KIND = "search-reasons"
"""The kind of the digest among blind indexes."""


def kept(
    question: PreparedQuery, rarity: Mapping[int, int], size: int, shown: Sequence[tuple[int, Match]], blind: Blind
) -> dict[str, object]:
    """Return what the entry of a search says of how it was answered; ``shown`` are versions with what was found."""
    told: dict[str, object] = {"scores": [match.score for _, match in shown], "matcher": weights.VERSION}
    if not shown:
        return told
    return told | {
        "form": FORM,
        "size": size,
        "rarity": [rarity.get(token, 0) for token in question.tokens],
        "versions": [version for version, _ in shown],
        "reasons": [digest(match, blind) for _, match in shown],
    }


def digest(match: Match, blind: Blind) -> str:
    """Return what equal reasons have in common, and no others: seventy-two bits, keyed."""
    told = [[each.feature, each.weight, each.query, each.record] for each in match.reasons]
    return blind(KIND, orjson.dumps(told).decode())


def question(criteria: Mapping[str, Any]) -> SearchQuery:
    """Return the question again; inverse of ``SearchQuery.to_json``. Raises Conflict (NOT_REPRODUCIBLE)."""
    given = {name: value for name, value in criteria.items() if value}
    if CLOSED in given.values() or not given.keys() <= _READ.keys():
        raise not_reproducible("its question does not open")
    try:
        return SearchQuery(**{_FIELDS.get(name, name): _READ[name](value) for name, value in given.items()})
    except (TypeError, ValueError, RegistryError) as broken:
        raise not_reproducible("its question does not open") from broken


_FIELDS = {"birthDate": "birth_date", "modusOperandi": "modus_operandi", "handlePart": "handle_part"}
_READ: Mapping[str, Any] = {
    "name": str, "birthDate": PartialDate.parse, "sex": str, "nationality": str, "county": str, "phone": str,
    "email": str,
    "identifiers": lambda values: tuple(types.Identifier(*each) for each in values),
    "handle": lambda value: types.Handle(*value),
    "marks": lambda values: tuple(types.Mark(*each) for each in values),
    "plate": str,
    "near": lambda value: types.Near(value[0], tuple(value[1]) if value[1] else None, *value[2:]),
    "modusOperandi": tuple,
    "handlePart": lambda value: types.Handle(*value),
    "platform": str,
}  # fmt: skip


def rarity(question: PreparedQuery, counted: Sequence[int], form: int) -> dict[int, int]:
    """Return how many carried each name at that moment. Raises Conflict (NOT_REPRODUCIBLE)."""
    if form != FORM or len(counted) != len(question.tokens):
        raise not_reproducible("names are read in another form by now")
    return dict(zip(question.tokens, counted, strict=True))


def not_reproducible(why: str) -> Conflict:
    """Return the refusal of an entry whose reasons can't be made again."""
    return Conflict(f"This entry's reasons can't be made again: {why}.", code="NOT_REPRODUCIBLE",
                    remedy="Read the entry as it stands.")  # fmt: skip
