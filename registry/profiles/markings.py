"""Handling codes of others on a record: what they make of its handling on the way in, which say it on the way out.

    met(Marked(("UG",), codes=("TLP:GREEN",)))      Handling(("UG",), "H1", "For the community; …", "restricted")
    codes(Handling(("UG",), "H2"))                  ("SIENA:H3", "INTERPOL:RESTRICTED", "TLP:AMBER")

A record keeps what codes mean and never the codes. What they say meets what the record says itself, its defaults where
it says nothing: on each of the four marks the stricter holds, so no code opens anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from registry.core.errors import InputRefused
from registry.disclosure import handling
from registry.disclosure.handling import CLEARANCES, CODES, LIMITS, ONWARD, VOCABULARIES, Terms
from registry.editions import terms as words
from registry.editions.edition import Edition
from registry.profiles.kinds import COUNTRY, AsIs, Refused, Schema
from registry.profiles.parts import USE_LIMITS, Handling

SOURCE = "SIENA handling codes; INTERPOL RPD art. 112; TLP 2.0"
"""Of the codes."""


class _CodeOfOthers(AsIs):
    """A handling code of another vocabulary; small letters are mended."""

    __slots__ = ()

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002  the kinds' common form
        """Return the code."""
        written = value.strip().upper() if isinstance(value, str) else ""
        try:
            handling.terms([written])
        except InputRefused as unknown:
            raise Refused(unknown.code, unknown.message, unknown.remedy or "") from None
        return written

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """An enumeration."""
        return {"enum": list(CODES)}

    def words(self) -> str:
        """The vocabularies."""
        return f"handling code of {', '.join(VOCABULARIES)}"


@dataclass(frozen=True, slots=True)
class Marked(Handling):
    """Handling as it is handed in: with the codes of others that the information came with."""

    codes: tuple[str, ...] = field(
        default=(), metadata={"kind": _CodeOfOthers(), "meaning": "Codes of others that it came with; kept is what "
                              "they mean, where that is stricter.",
                              "source": SOURCE},
    )  # fmt: skip
    excluded: tuple[str, ...] = field(
        default=(), metadata={"kind": COUNTRY, "meaning": "Countries that its source excludes: they are left out of "
                              "those it may go to.", "source": "INTERPOL RPD art. 58"},
    )  # fmt: skip


_GIVEN: Mapping[type, type] = MappingProxyType({Handling: Marked})


def as_given(part: type) -> type:
    """Return a part of a record as it is handed in: with the members that are read and not kept."""
    return _GIVEN.get(part, part)


def met(given: Marked) -> Handling:
    """Return the handling that keeps to what is given and to each code beside it. Raises Refused (TEXT_MALFORMED)."""
    others = handling.terms(given.codes, without=given.excluded, among=given.releasable_to)
    countries = others.countries or ()
    return Handling(
        tuple(each for each in given.releasable_to if each in countries),
        max(given.onward, others.onward, key=ONWARD.index),
        _limits(others.limits, given.use_limits or ""),
        max(given.clearance, others.clearance, key=words.KNOWN["clearances"].index),
    )


def _limits(limits: frozenset[str], own: str) -> str | None:
    """Return the codes' sentences before the record's own words, but for those that stand there: said once."""
    said = handling.sentences(each for each in limits if LIMITS[each] not in own)
    text = f"{said} {own}".strip()
    if len(text) > USE_LIMITS.most:
        raise Refused("TEXT_MALFORMED", f"is longer than {USE_LIMITS.most} characters together with the limits that "
                      "its handling codes set.", "Shorten it: nothing of a limit is cut off.")  # fmt: skip
    return text or None


def codes(kept: Handling) -> tuple[str, ...]:
    """Return of each vocabulary the code that the handling amounts to; countries and limits stand beside."""
    return _codes(kept.onward, kept.clearance, bool(kept.releasable_to))


@cache
def _codes(onward: str, clearance: str, is_released: bool) -> tuple[str, ...]:
    countries = None if is_released else frozenset[str]()
    strictest = CLEARANCES[-1]  # codes of others know nothing stricter
    held = Terms(countries, onward, frozenset(), clearance if clearance in CLEARANCES else strictest)
    return tuple(handling.code(each, held) for each in VOCABULARIES)
