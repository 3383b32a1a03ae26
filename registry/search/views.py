"""What a search answers: hits with their reasons, masked like the fields they speak of."""

from dataclasses import dataclass

from registry.certificates.views import WarningView
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
    "platform": FieldClass.ONLINE,
    "mark": FieldClass.PHYSICAL,
    "plate": FieldClass.WHEREABOUTS,
    "place": FieldClass.WHEREABOUTS,
    "method": FieldClass.RISK,
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
    discriminator: bool
    """Whether something beside the name tells this person apart."""
    needs: tuple[str, ...]
    """Criteria that would, where nothing does yet."""
    warning: WarningView | None = None


def reasons(
    match: types.Match, readable: frozenset[FieldClass], language: str = explain.FALLBACK
) -> tuple[ReasonView, ...]:
    """Return the reasons whose fields this actor may read."""
    return tuple(
        ReasonView(each.feature, round(each.weight, 2), explain.sentence(each, language), each.query, each.record)
        for each in match.reasons
        if FEATURE_CLASSES[each.feature.partition(".")[0]] in readable
    )
