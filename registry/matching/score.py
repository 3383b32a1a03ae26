"""How well a profile answers a question, with reasons.

    bits = names + every other comparison - what speaks against any one profile of so large a register
    score = 1 / (1 + 2^(-bits / SLOPE))

    Peter Kamau, 1984-05-03  ·  Kamau Peter Mwangi, 1984-05-03, on a register of 20,000
        kamau 3.4 + peter 2.6 - missing 2.2 + born 13.9 - size 11.3  =  +6.4  →  0.75, strong

The score orders and bands. It is not a probability: nobody has counted how often such a match is right
for this officer's question.
"""

from collections.abc import Collection, Iterable, Mapping
from heapq import heappush, heappushpop, nsmallest
from math import log2
from operator import itemgetter
from typing import NamedTuple

from registry.matching.alignment import Alignment, align
from registry.matching.compare import Evidence, asked_for
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord
from registry.matching.scale import Scale, most_of
from registry.matching.tables import PRESENT, Table
from registry.matching.types import Band, Match, Reason

_CONTACTS = frozenset({"phone", "email", "handle"})
_ROUNDING = 0.0001
"""Of a score, which has four places."""


class _Weighed(NamedTuple):
    """A comparison before it is put into words."""

    bits: float
    alignment: Alignment | None
    evidence: tuple[Evidence, ...]


def score(
    prepared: PreparedQuery, record: MatchRecord, rarity: Mapping[int, int], register_size: int, table: Table = PRESENT
) -> Match:
    """Compare a question with one profile."""
    weighed = _weigh(prepared, record, Scale(rarity, register_size, table))
    return _match(weighed, prior_bits(register_size, table), table)


def rank(
    prepared: PreparedQuery,
    records: Iterable[tuple[int, MatchRecord]],
    rarity: Mapping[int, int],
    register_size: int,
    *,
    limit: int = 10,
    least: float = 0.0,
    table: Table = PRESENT,
) -> list[tuple[int, Match]]:
    """Compare a question with many profiles, best first; explain only those that are shown.

    What scores below ``least`` is not shown, nor what is less than weak, but for descriptions. Names are compared last,
    as they cost most, and not at all where even the best of names would not be shown.
    """
    scale, prior = Scale(rarity, register_size, table), prior_bits(register_size, table)
    names_at_most = most_of(prepared.record.names, scale)
    least = max(least, 0.0 if prepared.is_description else table.WEAK_SCORE)
    best: list[float] = []
    shown = []
    for bits, number, record, evidence in _by_evidence(prepared, records, table):
        if _share(bits + names_at_most - prior, table) < least - _ROUNDING:
            break
        weighed = _with_names(prepared, record, bits, evidence, scale)
        value = _value(weighed, prior, table)
        if value >= least and _speaks_for(weighed, table):
            shown.append((-value, -weighed.bits, number, weighed))
            (heappushpop if len(best) == limit else heappush)(best, value)
            least = max(least, best[0]) if len(best) == limit else least
    return [
        (number, _match(weighed, prior, table))
        for _, _, number, weighed in nsmallest(limit, shown, key=itemgetter(0, 1, 2))
    ]


def without(match: Match, kinds: Collection[str], table: Table = PRESENT) -> Match | None:
    """Return a match as if nothing had been asked by these kinds of comparison; None where it is no hit then.

    ``kinds`` are first words of features: ``phone``. Whoever is still met is never met strongly.
    """
    left = tuple(each for each in match.reasons if each.feature.partition(".")[0] not in kinds)
    if len(left) == len(match.reasons):
        return match
    if not any(each.weight > 0 for each in left):
        return None
    value = float(round(min(_share(sum(each.weight for each in left), table), table.BELOW_STRONG), 4))
    return Match(value, _band(value, table), left) if value >= table.WEAK_SCORE else None


def _by_evidence(
    query: PreparedQuery, records: Iterable[tuple[int, MatchRecord]], table: Table
) -> list[tuple[float, int, MatchRecord, tuple[Evidence, ...]]]:
    """Compare everything but the names, and put those first of whom the most agrees."""
    found = []
    comparisons = asked_for(query)
    for number, record in records:
        evidence = tuple([each for compare in comparisons if (each := compare(query, record)) is not None])
        found.append((sum([table.BITS[feature] for feature, _, _ in evidence]), number, record, evidence))
    found.sort(key=itemgetter(0), reverse=True)
    return found


def prior_bits(register_size: int, table: Table = PRESENT) -> float:
    """Give the bits that speak against any one profile of a register of this size."""
    bits, share = table.PRIOR
    return bits + share * log2(register_size + 1)


def _weigh(query: PreparedQuery, record: MatchRecord, scale: Scale) -> _Weighed:
    ((bits, _, _, evidence),) = _by_evidence(query, [(0, record)], scale.table)
    return _with_names(query, record, bits, evidence, scale)


def _with_names(
    query: PreparedQuery, record: MatchRecord, bits: float, evidence: tuple[Evidence, ...], scale: Scale
) -> _Weighed:
    names = _best_names(query.record, record, scale)
    return _Weighed(bits + (names.bits if names else 0.0), names, evidence)


def _speaks_for(weighed: _Weighed, table: Table) -> bool:
    """Tell whether anything agrees: on a small register little speaks against somebody of whom nothing does."""
    names = weighed.alignment.meetings if weighed.alignment else ()
    return any(met.bits > 0 for met in names) or any(table.BITS[feature] > 0 for feature, _, _ in weighed.evidence)


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


def _match(weighed: _Weighed, prior: float, table: Table) -> Match:
    value = _value(weighed, prior, table)
    return Match(value, _band(value, table), _reasons(weighed, prior, table))


def _value(weighed: _Weighed, prior: float, table: Table) -> float:
    value = _share(weighed.bits - prior, table)
    if value > table.BELOW_STRONG and not (
        _is_borne_out(weighed, table)
        and _share(weighed.bits - _supporting(weighed, table) - prior, table) > table.BELOW_STRONG
    ):
        value = table.BELOW_STRONG
    return float(round(value, 4))


def _share(bits: float, table: Table) -> float:
    return float(1.0 / (1.0 + 2.0 ** (-bits / table.SLOPE)))


def _supporting(weighed: _Weighed, table: Table) -> float:
    return sum([table.BITS[feature] for feature, _, _ in weighed.evidence if feature in table.SUPPORTING])


def _is_borne_out(weighed: _Weighed, table: Table) -> bool:
    """Tell whether two things that tell people apart agree: a name and a date, or a phone and an address.

    A document's number may stand alone, but not under another name. Phones, addresses and handles are shared and passed
    on: they take a name that nothing speaks against.
    """
    kinds = {feature.partition(".")[0] for feature, _, _ in weighed.evidence if feature in table.DISCRIMINATORS}
    if len(kinds) != 1:
        return bool(kinds)
    names = weighed.alignment
    if names is None:
        return kinds == {"document"}
    if any(met.feature.startswith("name.conflict") for met in names.meetings):
        return names.bits > 0 and not kinds <= _CONTACTS
    return any(met.bits > 0 for met in names.meetings)


def _band(value: float, table: Table) -> Band:
    if value >= table.STRONG_SCORE:
        return Band.STRONG
    return Band.POSSIBLE if value >= table.POSSIBLE_SCORE else Band.WEAK


def _reasons(weighed: _Weighed, prior: float, table: Table) -> tuple[Reason, ...]:
    """Put the heaviest first; they add up to the bits behind the score, the size of the register included."""
    reasons = [Reason(f, table.BITS[f], asked, held) for f, asked, held in weighed.evidence]
    if weighed.alignment:
        reasons += [
            Reason(m.feature, round(m.bits, 2), m.query or None, m.record or None) for m in weighed.alignment.meetings
        ]
    reasons.sort(key=lambda reason: (-abs(reason.weight), reason.feature))
    return (*reasons, Reason("register.size", round(-prior, 2)))
