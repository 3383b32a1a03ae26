"""Persons who were sought or seen are masked until the auditor says why they must be known. Pure.

    mask = Mask(sealer.blind, "01997b… AUDIT 1/2026 2026-11-22")
    mask.profile(profile)                                   ~k3fQ0aWq
    mask.details({"count": 2, "criteria": {"name": "Juma"}})    {"count": 2, "criteria": {"name": "~Zr81LmQe"}}

    stated("Complaint of a subject, file 12")               the reason, or a refusal where it says too little

The same person has the same mask for one auditor, in one case, on one day: that somebody was looked at again and again
can be seen, and not who it was. Masks of other cases and days are other ones, so nothing adds up beyond them. What may
be read as it is stands in a table (``PLAIN``); all else is masked, so what an event says anew is masked from its first
day.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import orjson

from registry.audit.sealed import MEMBER, SOUGHT
from registry.core.errors import InputRefused

LEAST_WORDS = 3
"""Of a reason: the misuse rules look at reasons that say less (Hesse's "Mickey Mouse")."""
MOST_CHARACTERS = 500
_WORD = re.compile(r"[^\W\d_]{2,}")
_KIND = "log-mask"
"""Among blind indexes: nothing else has it."""
_LENGTH = 10

PLAIN = frozenset({
    "access", "after", "before", "canonical", "change", "count", "cost", "decision", "done", "entry", "first", "form",
    "hits", "index", "kind", "last", "least", "legal_basis", "limit", "looked_until", "matcher", "number",
    "oldest_first", "people", "policy", "purpose", "ready", "role", "roles", "rows", "rules", "same", "scope", "scores",
    "since", "size", "standing", "state", "unmasked", "until", "version", "words",
})  # fmt: skip
"""Members of an event's details that say nothing of a person: counts, codes, versions, places in the log."""


def stated(reason: str | None) -> str | None:
    """Return a stated reason; None where none is. Raises InputRefused (REASON_INSUFFICIENT)."""
    if reason is None:
        return None
    said = " ".join(reason.split())
    words = {word.casefold() for word in _WORD.findall(said)}
    if len(words) < LEAST_WORDS or len(said) > MOST_CHARACTERS or not said.isprintable():
        raise InputRefused(
            f"says less than {LEAST_WORDS} different words, or more than {MOST_CHARACTERS} characters.", field="reason",
            code="REASON_INSUFFICIENT", remedy="Say why these persons must be known: which complaint, finding or case.",
        )  # fmt: skip
    return said


def reason_required(field: str) -> InputRefused:
    """Return the refusal of a question that names a person, without a reason."""
    return InputRefused("names a person, and no reason is stated.", field=field, code="REASON_REQUIRED",
                        remedy="State a reason of three words or more: it is entered in the log.")  # fmt: skip


class Mask:
    """The masks of one auditor, in one case, on one day."""

    def __init__(self, blind: Callable[[str, str], str], session: str) -> None:
        self._blind = blind
        self._session = session

    def profile(self, profile: UUID) -> str:
        """Return what stands for a profile."""
        return self.text(str(profile))

    def text(self, text: str) -> str:
        """Return what stands for a text: the same for the same one."""
        return "~" + self._blind(_KIND, f"{self._session}\n{text}")[:_LENGTH]

    def details(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """Return an event's details with nothing of a person."""
        return {name: value if name in PLAIN else self._masked(value) for name, value in details.items()}

    def _masked(self, value: Any) -> Any:  # Any: JSON
        match value:
            case None | bool():
                return value
            case list():
                return [self._masked(each) for each in value]
            case {"sealed": {"fields": [*fields]}}:
                rest = {name: each for name, each in value.items() if name not in (MEMBER, SOUGHT)}
                sought = self._masked(value.get(SOUGHT))
                return self._masked(rest) | {"given": fields} | ({SOUGHT: sought} if sought else {})
            case dict():
                return {self._name(name): self._masked(each) for name, each in value.items()}
            case _:
                return self.text(orjson.dumps(value).decode())

    def _name(self, name: str) -> str:
        return name if re.fullmatch("[a-zA-Z_]{1,40}", name) else self.text(name)
