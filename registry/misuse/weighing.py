"""From hits to findings: what is explained is left out, the rest is ranked, and what people can read is kept. Pure.

    weighed = weigh(seen, thresholds, spent=2)
    weighed.findings             the plainest first, within the budget
    weighed.counts["repeat"]     Count(hits=31, explained=24, findings=2, left=5)

Each rule is asked twice: of all accesses, and of those that no fact explains. What it does not say the second time is
explained. A hot record stays hot, whoever had reasons: there an officer is explained whose own accesses all are. What
others on the case looked at as well is half explained: it stays, and weighs less. Of two rules that speak of the same
accesses of one officer both count, as far as they are the same: a score is the probability that at least one of them
is right, were they independent.

The budget is one of thirty days, and what must be looked at takes from it first. It pays for each rule's plainest hit
in turn. The sample stands apart: another agency reviews it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from registry.misuse.access import Access, Hit
from registry.misuse.finding import SAMPLE
from registry.misuse.rules import BY_ID, RULES, Rule
from registry.misuse.seen import Seen
from registry.misuse.thresholds import Thresholds

_THOUSAND = 1_000
_SHARED = 0.1
"""What is left of a hit whose accesses others on the case all shared: it stands behind those that nobody shared."""


@dataclass(frozen=True, slots=True)
class Count:
    """What became of a rule's hits."""

    hits: int = 0
    explained: int = 0
    findings: int = 0
    left: int = 0
    """Hits that no budget was left for: counted and told, and shown to nobody."""

    def to_json(self) -> dict[str, int]:
        """Return it for the log."""
        return {"hits": self.hits, "explained": self.explained, "findings": self.findings, "left": self.left}


@dataclass(frozen=True, slots=True)
class Scored:
    """A hit and how much it weighs, in thousandths."""

    hit: Hit
    score: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a run found."""

    findings: tuple[Scored, ...]
    ranked: tuple[Scored, ...]
    """All that nothing explains, the plainest first."""
    counts: Mapping[str, Count]
    accesses: int
    """New ones about persons."""
    idle: tuple[str, ...]
    """Rules that had no facts to rest on."""
    recent: int = 0
    spent: int = 0
    """Accesses of the thirty days before, and the findings that they took from the budget."""

    @property
    def sampled(self) -> int:
        """How many findings were drawn: they cost the budget nothing."""
        return sum(each.hit.rule == SAMPLE for each in self.findings)

    @property
    def paid(self) -> int:
        """How many findings the budget paid for, those among them that are made whatever they cost."""
        return len(self.findings) - self.sampled

    @property
    def explained_share(self) -> float:
        """Share of the hits that a fact explains; 0 of none."""
        hits = sum(each.hits for each in self.counts.values())
        return sum(each.explained for each in self.counts.values()) / hits if hits else 0.0


def weigh(
    seen: Seen, thresholds: Thresholds, *, spent: int = 0, recent: int = 0, known: frozenset[str] = frozenset()
) -> Weighed:
    """Return what a run finds among new accesses.

    ``recent`` and ``spent`` are the accesses of the month before and the findings that the budget has paid for them:
    what they left is carried over. Where nothing was paid for in a month, one is, however few accesses there were;
    ``known`` are keys of hits that are findings already.
    """
    accesses = sum(1 for each in seen.accesses if each.index >= seen.first_new and each.is_of_persons)
    hits = {
        rule.id: [each for each in _new(seen, rule.hits(seen, thresholds)) if each.key not in known] for rule in RULES
    }
    left = {rule.id: _unexplained(seen, thresholds, rule, hits[rule.id]) for rule in RULES}
    ranked = scored(lowered(seen, each) for theirs in left.values() for each in theirs)
    free = [each for each in ranked if BY_ID[each.hit.rule].always]
    paid = dealt(each for each in ranked if not BY_ID[each.hit.rule].always)
    taken = spent + sum(each.hit.rule != SAMPLE for each in free)
    budget = max(0 if taken else 1, (recent + accesses) * thresholds.budget // _THOUSAND - taken)
    findings = [*free, *paid[:budget]]
    made = {each.hit.key for each in findings}
    counts = {
        rule.id: Count(len(hits[rule.id]), len(hits[rule.id]) - len(left[rule.id]),
                       sum(each.key in made for each in left[rule.id]),
                       sum(each.key not in made for each in left[rule.id]))
        for rule in RULES
    }  # fmt: skip
    idle = tuple(rule.id for rule in RULES if rule.rests_on and rule.rests_on.isdisjoint(seen.facts.kinds))
    return Weighed(tuple(sorted(findings, key=_place)), tuple(ranked), counts, accesses, idle, recent, spent)


def dealt(ranked: Iterable[Scored]) -> list[Scored]:
    """Return hits as the budget pays for them: each rule's plainest in turn, so that no rule drowns the others."""
    turns: dict[str, int] = defaultdict(int)
    placed: list[tuple[int, Scored]] = []
    for each in ranked:
        placed.append((turns[each.hit.rule], each))
        turns[each.hit.rule] += 1
    return [each for _, each in sorted(placed, key=lambda one: (one[0], *_place(one[1])))]


def _new(seen: Seen, hits: Iterable[Hit]) -> list[Hit]:
    """Return hits that concern a new entry, each once: a later one of the same key says more than an earlier."""
    return list({each.key: each for each in hits if each.entries and each.entries[-1] >= seen.first_new}.values())


def _unexplained(seen: Seen, thresholds: Thresholds, rule: Rule, hits: Sequence[Hit]) -> list[Hit]:
    if not hits or not rule.explained_by:
        return list(hits)
    explained = frozenset(each.index for each in _concerned(seen, hits) if seen.facts.explains(each, rule.explained_by))
    if not explained:
        return list(hits)
    if not rule.asked_again:
        return [each for each in hits if not explained.issuperset(each.entries)]
    still = {each.key: each for each in _new(seen, rule.hits(seen.without(explained), thresholds))}
    return [still[each.key] for each in hits if each.key in still]


def _concerned(seen: Seen, hits: Iterable[Hit]) -> list[Access]:
    places = {index for each in hits for index in each.entries}
    return [each for each in seen.accesses if each.index in places]


def lowered(seen: Seen, hit: Hit) -> Hit:
    """Return a hit as far as its accesses were not shared by others on the case, if work on one would explain it."""
    if not BY_ID[hit.rule].is_of_work:
        return hit
    alone = sum(index not in seen.shared for index in hit.entries) / len(hit.entries)
    return replace(hit, strength=hit.strength * max(_SHARED, alone))


def scored(hits: Iterable[Hit]) -> list[Scored]:
    """Return hits by their scores, the plainest first."""
    found = list(hits)
    by_entry: dict[tuple[object, int], list[Hit]] = defaultdict(list)
    for each in found:
        for index in each.entries:
            by_entry[each.officer, index].append(each)
    return sorted((Scored(each, _score(each, by_entry)) for each in found), key=_place)


def _score(hit: Hit, by_entry: Mapping[tuple[object, int], Sequence[Hit]]) -> int:
    mine = frozenset(hit.entries)
    others = {id(each): each for index in hit.entries for each in by_entry[hit.officer, index] if each.rule != hit.rule}
    strongest: dict[str, float] = {}
    for other in others.values():
        same = len(mine.intersection(other.entries)) / len(mine.union(other.entries))
        strongest[other.rule] = max(strongest.get(other.rule, 0.0), same * BY_ID[other.rule].weight * other.strength)
    doubt = 1.0 - BY_ID[hit.rule].weight * hit.strength
    for weight in strongest.values():
        doubt *= 1.0 - weight
    return round((1.0 - doubt) * _THOUSAND)


def _place(each: Scored) -> tuple[int, int, str]:
    return -each.score, each.hit.entries[0], each.hit.key
