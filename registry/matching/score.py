"""How well a profile answers a question, with reasons.

    bits = names + every other comparison - log2(profiles)          score = 1 / (1 + 2^(-bits / SLOPE))

    Peter Kamau, 1984-05-03  ·  Kamau Peter Mwangi, 1984-05-03
        kamau 5.1 + peter 4.0 - missing 0.9 + born 13.0 - size 14.3  =  +6.9  →  0.7678, strong

The score orders and bands. It is not a probability: nobody has counted how often such a match is right
for this officer's question.
"""

from collections.abc import Iterable, Mapping
from heapq import nsmallest
from math import log2
from operator import itemgetter
from typing import NamedTuple

from registry.matching import weights
from registry.matching.alignment import Alignment, Scale, align
from registry.matching.compare import COMPARISONS, Evidence
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord
from registry.matching.types import Band, Match, Reason


class _Weighed(NamedTuple):
    """A comparison before it is put into words."""

    bits: float
    alignment: Alignment | None
    evidence: tuple[Evidence, ...]


def score(prepared: PreparedQuery, record: MatchRecord, rarity: Mapping[int, int], register_size: int) -> Match:
    """Compare a question with one profile."""
    return _match(_weigh(prepared, record, Scale(rarity, register_size)), log2(register_size + 1))


def rank(
    prepared: PreparedQuery,
    records: Iterable[tuple[int, MatchRecord]],
    rarity: Mapping[int, int],
    register_size: int,
    *,
    limit: int = 10,
) -> list[tuple[int, Match]]:
    """Compare a question with many profiles, best first; explain only those that are shown."""
    scale, prior = Scale(rarity, register_size), log2(register_size + 1)
    shown = []
    for number, record in records:
        weighed = _weigh(prepared, record, scale)
        value = _value(weighed, prior)
        if value >= weights.WEAK_SCORE:
            shown.append((-value, -weighed.bits, number, weighed))
    return [
        (number, _match(weighed, prior)) for _, _, number, weighed in nsmallest(limit, shown, key=itemgetter(0, 1, 2))
    ]


def _weigh(query: PreparedQuery, record: MatchRecord, scale: Scale) -> _Weighed:
    evidence = tuple([found for compare in COMPARISONS if (found := compare(query, record)) is not None])
    names = _best_names(query.record, record, scale)
    bits = sum([weights.BITS[feature] for feature, _, _ in evidence])
    return _Weighed(bits + (names.bits if names else 0.0), names, evidence)


def _best_names(query: MatchRecord, record: MatchRecord, scale: Scale) -> Alignment | None:
    """Of all names on both sides the two that meet best: an alias counts as much as the name in the passport."""
    women = query.sex != "male" and record.sex == "female"
    conflict = "name.conflict_female" if women else "name.conflict"
    best: Alignment | None = None
    for asked in query.names:
        for held in record.names:
            found = align(asked, held, scale, conflict)
            if best is None or found.bits > best.bits:
                best = found
    return best


def _match(weighed: _Weighed, prior: float) -> Match:
    value = _value(weighed, prior)
    return Match(value, _band(value), _reasons(weighed, prior))


def _value(weighed: _Weighed, prior: float) -> float:
    value = 1.0 / (1.0 + 2.0 ** (-(weighed.bits - prior) / weights.SLOPE))
    if value > weights.BELOW_STRONG and not _has_discriminator(weighed):
        value = weights.BELOW_STRONG
    return float(round(value, 4))


def _has_discriminator(weighed: _Weighed) -> bool:
    return any(feature in weights.DISCRIMINATORS for feature, _, _ in weighed.evidence)


def _band(value: float) -> Band:
    if value >= weights.STRONG_SCORE:
        return Band.STRONG
    return Band.POSSIBLE if value >= weights.POSSIBLE_SCORE else Band.WEAK


def _reasons(weighed: _Weighed, prior: float) -> tuple[Reason, ...]:
    """Put the heaviest first; they add up to the bits behind the score, the size of the register included."""
    reasons = [Reason(f, weights.BITS[f], asked, held) for f, asked, held in weighed.evidence]
    if weighed.alignment:
        reasons += [
            Reason(m.feature, round(m.bits, 2), m.query or None, m.record or None) for m in weighed.alignment.meetings
        ]
    reasons.sort(key=lambda reason: (-abs(reason.weight), reason.feature))
    return (*reasons, Reason("register.size", round(-prior, 2)))
