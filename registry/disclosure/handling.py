"""Handling codes of others, as what they mean here: to which countries, how far onward, for what use, to whom cleared.

    terms(["SIENA:H1", "TLP:AMBER"])      Terms(countries=frozenset(), onward="H2", limits={…}, clearance="restricted")
    code("TLP", held)                     TLP:RED

Inside, a record has four marks of its own (registry/profiles/parts.py, Handling). Codes are a vocabulary of import and
export only. Several combine to the most restrictive: the meet of a semilattice, so neither order nor repetition
matters, and one more code never loosens anything.

SIENA: handling codes H0-H3, Council of the European Union 6243/18 (as Statewatch quotes it). INTERPOL: Rules on the
Processing of Data, art. 10, 58 and 112 (articles not re-read). TLP: FIRST, Traffic Light Protocol 2.0, August 2022.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType

from registry.core.errors import InputRefused
from registry.editions import terms as words

ONWARD = words.KNOWN["onward"]
"""Least strict first."""
CLEARANCES = ("open", "restricted", "secret")
"""Least strict first; what is covert or under protection no code of others says."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What may become of information."""

    countries: frozenset[str] | None = None
    """Countries it may go to; None: to any that the owner names."""
    onward: str = ONWARD[0]
    limits: frozenset[str] = frozenset()
    """Limits on use, by the codes of ``LIMITS``."""
    clearance: str = CLEARANCES[0]

    def meet(self, other: "Terms") -> "Terms":
        """Return the terms that keep to both."""
        if self.countries is None or other.countries is None:
            countries = other.countries if self.countries is None else self.countries
        else:
            countries = self.countries & other.countries
        return Terms(
            countries, max(self.onward, other.onward, key=ONWARD.index), self.limits | other.limits,
            max(self.clearance, other.clearance, key=CLEARANCES.index),
        )  # fmt: skip

    def is_as_strict_as(self, other: "Terms") -> bool:
        """Whether whoever keeps to these keeps to the others."""
        return self.meet(other) == self


LIMITS: Mapping[str, str] = MappingProxyType(
    {
        "crime_only": "For preventing and fighting crime only.",
        "not_in_court": "Not for use in court without the provider's permission.",
        "ask_first": "Not to be passed on without the provider's permission.",
        "by_hand": "Other limits, in the provider's words: a person reads them first.",
        "police_cooperation": "For the purposes of international police cooperation only (RPD art. 10).",
        "confirm": "Confirm with the source that it still holds before acting on it.",
        "named_persons": "For the persons it was given to, and nobody else.",
        "own_agency": "For the agency it was given to, and nobody else.",
        "need_to_know": "For those in the agency, and those it works for, who need to know.",
        "community": "For the community; not to be published.",
    }
)
"""Limits on use, each with its sentence."""

_NOWHERE = frozenset[str]()
_SIENA = frozenset({"crime_only"})
_INTERPOL = frozenset({"police_cooperation", "confirm"})

CODES: Mapping[str, Terms] = MappingProxyType({
    "SIENA:H0": Terms(None, "H0", _SIENA, "open"),
    "SIENA:H1": Terms(None, "H1", _SIENA | {"not_in_court"}, "open"),
    "SIENA:H2": Terms(None, "H2", _SIENA | {"not_in_court", "ask_first"}, "open"),
    "SIENA:H3": Terms(_NOWHERE, "H3", _SIENA | {"not_in_court", "ask_first", "by_hand"}, "open"),
    "INTERPOL:OFFICIAL-USE-ONLY": Terms(None, "H2", _INTERPOL | {"ask_first"}, "open"),
    "INTERPOL:RESTRICTED": Terms(None, "H2", _INTERPOL | {"ask_first"}, "restricted"),
    "INTERPOL:CONFIDENTIAL": Terms(_NOWHERE, "H2", _INTERPOL | {"ask_first"}, "secret"),
    "TLP:CLEAR": Terms(),
    "TLP:GREEN": Terms(None, "H1", frozenset({"community"}), "open"),
    "TLP:AMBER": Terms(_NOWHERE, "H2", frozenset({"ask_first", "need_to_know"}), "restricted"),
    "TLP:AMBER+STRICT": Terms(_NOWHERE, "H2", frozenset({"ask_first", "need_to_know", "own_agency"}), "restricted"),
    "TLP:RED": Terms(_NOWHERE, "H3", frozenset({"ask_first", "need_to_know", "own_agency", "named_persons"}), "secret"),
})  # fmt: skip
"""Codes of others, least strict first in each vocabulary."""
VOCABULARIES = ("SIENA", "INTERPOL", "TLP")


def terms(codes: Iterable[str], *, without: Iterable[str] = (), among: Iterable[str] | None = None) -> Terms:
    """Return what all these codes together allow.

    ``among`` are the countries that the owner names, ``without`` those that the source excludes (INTERPOL RPD art. 58):
    they are left out of the owner's, and where nobody names any, nothing goes anywhere. Raises InputRefused
    (HANDLING_CODE_UNKNOWN) for a code that is none.
    """
    held = reduce(Terms.meet, map(_known, codes), Terms(None if among is None else frozenset(among)))
    left_out = frozenset(without)
    if not left_out:
        return held
    return Terms((held.countries or _NOWHERE) - left_out, held.onward, held.limits, held.clearance)


def _known(code: str) -> Terms:
    found = CODES.get(code.strip().upper())
    if found is None:
        raise InputRefused("is no handling code that is known here.", field="handling", code="HANDLING_CODE_UNKNOWN",
                           remedy=f"One of {', '.join(CODES)}.")  # fmt: skip
    return found


def code(vocabulary: str, held: Terms) -> str:
    """Return the least strict code of a vocabulary that lets nobody do more than these terms; else its strictest.

    Countries and limits are told beside a code: none says them all.
    """
    of_it = [name for name in CODES if name.startswith(f"{vocabulary}:")]
    bound = Terms(_NOWHERE if held.countries == _NOWHERE else None, held.onward, frozenset(), held.clearance)
    for name in of_it:
        known = CODES[name]
        if Terms(known.countries, known.onward, frozenset(), known.clearance).is_as_strict_as(bound):
            return name
    return of_it[-1]


def sentences(limits: Iterable[str]) -> str:
    """Return limits on use as one text, as it stands beside a record."""
    given = frozenset(limits)
    return " ".join(sentence for name, sentence in LIMITS.items() if name in given)
