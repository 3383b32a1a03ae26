"""What a search answers: hits with their reasons, masked like the fields they speak of."""

from dataclasses import dataclass

from registry.certificates.views import WarningView
from registry.disclosure.vocabulary import FieldClass
from registry.matching import explain, types, weights
from registry.profiles.reasons import reasons as readable_reasons
from registry.profiles.views import ProfileView

LEAST = {types.Band.WEAK: weights.WEAK_SCORE, types.Band.POSSIBLE: weights.POSSIBLE_SCORE,
         types.Band.STRONG: weights.STRONG_SCORE}  # fmt: skip
"""The least score of each band."""


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


def score(match: types.Match, readable: frozenset[FieldClass]) -> float:
    """Return the score; to whoever may not read who it is its band's least: else it tells how near a guess is."""
    return match.score if FieldClass.IDENTITY in readable else LEAST[types.Band(match.band)]


def reasons(
    match: types.Match, readable: frozenset[FieldClass], language: str = explain.FALLBACK
) -> tuple[ReasonView, ...]:
    """Return the reasons whose fields this actor may read."""
    return tuple(
        ReasonView(each.feature, round(each.weight, 2), explain.sentence(each, language), each.query, each.record)
        for each in readable_reasons(match, readable)
    )
