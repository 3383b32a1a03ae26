"""Which field each reason of a match speaks of: a reason is withheld with its field. Pure."""

from registry.disclosure.vocabulary import FieldClass
from registry.matching.types import Match, Reason

FEATURE_CLASSES = {
    "register": FieldClass.IDENTITY,
    "name": FieldClass.IDENTITY,
    "born": FieldClass.IDENTITY,
    "sex": FieldClass.IDENTITY,
    "nationality": FieldClass.IDENTITY,
    "county": FieldClass.CONTACT,
    "document": FieldClass.IDENTIFIERS,
    "phone": FieldClass.CONTACT,
    "email": FieldClass.CONTACT,
    "handle": FieldClass.ONLINE,
    "platform": FieldClass.ONLINE,
    "mark": FieldClass.PHYSICAL,
    "plate": FieldClass.WHEREABOUTS,
    "place": FieldClass.WHEREABOUTS,
    "method": FieldClass.RISK,
}
"""By the first word of a feature's name: ``born.year`` speaks of the birth date."""


def reasons(match: Match, readable: frozenset[FieldClass]) -> tuple[Reason, ...]:
    """Return the reasons of a match whose fields may be read."""
    return tuple(each for each in match.reasons if FEATURE_CLASSES[each.feature.partition(".")[0]] in readable)
