"""Whether something beside the name tells a person apart, and what else to ask for. Pure.

    search for Peter Kamau, 1984         →   has_one: no     needed: birth date, document, phone, e-mail, handle
    search for Peter Kamau, 1984-05-03   →   has_one: yes, the same date

Namesakes have the name in common, and often the county and the year. Before anything of a hit is released across a
border there must be one of the table's discriminators among its reasons.
"""

from registry.matching import weights
from registry.matching.record import MatchRecord
from registry.matching.types import Match

CRITERIA = {
    "birthDate": frozenset({"born.same", "born.swapped", "born.year_near"}),
    "identifiers": frozenset({"document.same", "document.number", "document.near"}),
    "phone": frozenset({"phone.same"}),
    "email": frozenset({"email.same"}),
    "handle": frozenset({"handle.same", "handle.elsewhere"}),
}
"""By which criterion a question can come to a discriminator; those it most often has come first."""


def has_one(match: Match) -> bool:
    """Say whether a discriminator stands among the reasons."""
    return any(each.feature in weights.DISCRIMINATORS for each in match.reasons)


def needed(question: MatchRecord, match: Match) -> tuple[str, ...]:
    """Return the criteria that would decide, where nothing does yet: those not given, or given in part.

    It depends on the question alone: what the register does not know of somebody is not told this way.
    """
    if has_one(match):
        return ()
    given = {
        "birthDate": question.born[2], "identifiers": question.identifiers, "phone": question.phones,
        "email": question.emails, "handle": question.handles,
    }  # fmt: skip
    return tuple(criterion for criterion in CRITERIA if not given[criterion])
