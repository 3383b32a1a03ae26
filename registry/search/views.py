"""What a search answers: hits with their reasons, masked like the fields they speak of."""

from dataclasses import dataclass

from registry.disclosure.vocabulary import FieldClass
from registry.matching import explain, types
from registry.profiles.views import ProfileView

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
}
"""By the first word of a feature's name: ``born.year`` speaks of the birth date."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """Why: which value met which, and how much that says for (+) or against (-)."""

    feature: str
    weight: float
    sentence: str
    query_value: str | None
    record_value: str | None


@dataclass(frozen=True, slots=True)
class HitView:
    """A profile that may be the person sought. The score ranks; it is no probability."""

    score: float
    band: str
    reasons: tuple[ReasonView, ...]
    profile: ProfileView


def reasons(match: types.Match, readable: frozenset[FieldClass]) -> tuple[ReasonView, ...]:
    """Return the reasons whose fields this actor may read."""
    return tuple(
        ReasonView(each.feature, round(each.weight, 2), explain.sentence(each), each.query, each.record)
        for each in match.reasons
        if FEATURE_CLASSES[each.feature.partition(".")[0]] in readable
    )
