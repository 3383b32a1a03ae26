"""Names and days of birth as keyed digests: by these, and by nothing else, officers and persons are compared.

    digest = Digest(sealer.blind)
    digest.words("Juma Hamisi Mwakio")      three digests, those that the log has beside a question (audit/sought.py)

Whoever has the index key can try names out, as with the log's own digests. Pure.
"""

from dataclasses import dataclass
from typing import Any

from registry.audit import sought
from registry.matching.types import Blind
from registry.misuse.facts import Fact

BIRTH = "misuse-birth"
"""The kind of a day of birth among blind indexes."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Makes the digests of one register."""

    blind: Blind

    def words(self, name: str) -> frozenset[str]:
        """Return the digests of all words of a name."""
        return sought.of_name(name, self.blind)

    def surnames(self, name: str) -> frozenset[str]:
        """Return those of its surname: all that stands before a comma, or else the last word."""
        before, comma, behind = name.partition(",")
        return self.words(before if comma and behind.strip() else (name.split() or [""])[-1])

    def birth(self, day: str) -> str:
        """Return the digest of a day of birth, as it is written."""
        return self.blind(BIRTH, day)


def to_json(fact: Fact) -> dict[str, Any] | None:  # Any: JSON
    """Return the digests of a fact that names somebody; None for one that does not."""
    if not fact.words:
        return None
    return {"words": sorted(fact.words), "surnames": sorted(fact.surnames), "birth": fact.birth}


def from_json(told: dict[str, Any] | None) -> dict[str, Any]:  # Any: as above
    """Inverse of ``to_json``, as members of a fact."""
    if told is None:
        return {}
    return {"words": frozenset(told["words"]), "surnames": frozenset(told["surnames"]), "birth": told["birth"]}
