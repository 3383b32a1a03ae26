"""Rules on who was looked at: close ones, hot records, the same person again, a skewed choice, decoys. Pure.

Each function takes all that a run sees and yields hits; rules.py has them as a table, with what each rests on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from math import log10
from uuid import UUID

from registry.misuse.access import Access, Hit, Subject, hit
from registry.misuse.chance import at_least, percentile
from registry.misuse.facts import CLOSE, Fact, Kind
from registry.misuse.seen import Seen, by, day, indexes, month, occasions, persons, windows
from registry.misuse.thresholds import Thresholds

DAY = timedelta(days=1)
_MILLION = 1_000_000
_ENOUGH_DAYS = 1_000
"""Record-days from which on one in a thousand of them means something."""
_COLLEAGUE = 0.8
"""How plainly it is misuse to look a colleague up: less than oneself, as a colleague may be a suspect."""


def decoy(seen: Seen, _thresholds: Thresholds) -> Iterator[Hit]:
    """Somebody was shown a profile that stands for nobody, or asked for it."""
    for each in seen.accesses:
        if met := seen.decoys.intersection(each.shown):
            yield hit("decoy", each, each.index, entries=(each.index,), strength=1.0, decoys=len(met))


def close(seen: Seen, _thresholds: Thresholds) -> Iterator[Hit]:
    """An officer looked at themselves, at somebody of their household, or at a colleague."""
    close_ones = [
        fact for officer in seen.by_officer for kind in sorted(CLOSE) for fact in seen.facts.of(kind, officer)
    ]
    by_birth, by_word = _indexed(close_ones)
    for each in seen.of_persons:
        sought = [fact for word in each.sought for fact in by_word.get(word, ()) if fact.words <= each.sought]
        looked_at = [
            fact for subject in map(seen.subject, each.subjects) if subject.birth
            for fact in by_birth.get(subject.birth, ()) if _is_of(fact, subject)
        ]  # fmt: skip
        relations = {relation for fact in (*sought, *looked_at) if (relation := _relation(fact, each))}
        for relation in sorted(relations, key=_NEAREST.index)[:1]:
            strength = _COLLEAGUE if relation == "colleague" else 1.0
            yield hit("close", each, each.index, entries=(each.index,), strength=strength, relation=relation)


_NEAREST = ("self", "household", "colleague")


def _indexed(facts: Iterable[Fact]) -> tuple[dict[str, list[Fact]], dict[str, list[Fact]]]:
    """Return facts by the day of birth, and by one of the words: whoever is sought by all is sought by that one."""
    by_birth: dict[str, list[Fact]] = {}
    by_word: dict[str, list[Fact]] = {}
    for fact in facts:
        by_birth.setdefault(fact.birth, []).append(fact)
        if fact.words:
            by_word.setdefault(min(fact.words), []).append(fact)
    return by_birth, by_word


def _is_of(fact: Fact, subject: Subject) -> bool:
    return any(fact.words <= name or name <= fact.words for name in subject.names if name)


def _relation(fact: Fact, access: Access) -> str | None:
    if fact.officer == access.officer:
        return fact.kind.value
    return "colleague" if fact.kind is Kind.SELF and fact.agency == access.agency else None


def surname(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """An officer looked at, or searched for, more persons of their own surname than chance explains."""
    asked = {officer: _named(seen, accesses) for officer, accesses in seen.by_officer.items()}
    everybody = {person: names for theirs in asked.values() for person, names in theirs.items()}
    carried = Counter(name for names in everybody.values() for name in names)
    for officer, accesses in seen.by_officer.items():
        for own in sorted({name for fact in seen.facts.of(Kind.SELF, officer) for name in fact.surnames}):
            same = {person for person, names in asked[officer].items() if own in names}
            if len(same) < thresholds.surname_times:
                continue
            of, others = len(asked[officer]), len(everybody) - len(asked[officer])
            chance = at_least(len(same), of=of, share=(carried[own] - len(same) + 1) / (others + 2))
            if chance * _MILLION < thresholds.surname_chance:
                entries = [each for each in accesses if own in each.sought or not same.isdisjoint(each.subjects)]
                yield hit("surname", entries[-1], officer, entries[-1].at.year, entries=indexes(entries),
                          strength=plainly(chance), persons=len(same), of=of)  # fmt: skip


def _named(seen: Seen, accesses: Iterable[Access]) -> dict[object, frozenset[str]]:
    """Return the surnames of those who were looked at, and the names of those who were searched for and not found."""
    found: dict[object, frozenset[str]] = {}
    for each in accesses:
        found |= {subject: seen.subject(subject).surnames for subject in each.subjects}
        if not each.subjects:
            found |= dict.fromkeys(each.questions, each.sought)
    return found


def plainly(chance: float) -> float:
    """Return how plain something is that is so unlikely by chance: one in a thousand 0.3, one in 10^10 all."""
    return 1.0 if chance <= 0 else min(1.0, -log10(chance) / 10)


def hot(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """Many officers, or many questions, met at one record within a day."""
    counts = [len(each) for accesses in seen.by_subject.values() for each in by(accesses, day).values()]
    rare = percentile(counts, 0.999) if len(counts) >= _ENOUGH_DAYS else None
    for subject, accesses in seen.by_subject.items():
        told: set[tuple[UUID | None, str]] = set()
        for window in windows(accesses, DAY):
            officers = {each.officer for each in window}
            is_rare = rare is not None and len(window) > max(rare, 2)
            if not (len(officers) >= thresholds.hot_officers or len(window) >= thresholds.hot_accesses or is_rare):
                continue
            for officer, theirs in by(window, lambda each: each.officer).items():
                if (officer, day(window[-1])) in told:
                    continue
                told.add((officer, day(window[-1])))
                strength = max(len(officers) / thresholds.hot_officers, len(window) / thresholds.hot_accesses) / 4
                yield hit("hot", theirs[-1], subject, officer, day(window[-1]), entries=indexes(theirs),
                          strength=strength, officers=len(officers), accesses=len(window))  # fmt: skip


def repeat(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """One officer came back to one person again and again, and named no other case."""
    apart, span = timedelta(minutes=thresholds.apart_minutes), timedelta(days=thresholds.repeat_days)
    for officer, accesses in seen.by_officer.items():
        pairs: dict[tuple[UUID, str], list[Access]] = {}
        for each in accesses:
            for subject in each.subjects:
                pairs.setdefault((subject, each.case), []).append(each)
        for (subject, case), looked in pairs.items():
            if len(looked) < thresholds.repeat_times:
                continue
            for window in windows(occasions(looked, apart), span):
                if len(window) >= thresholds.repeat_times and seen.is_new(window[-1:]):
                    yield hit("repeat", window[-1], officer, subject, case, month(window[-1]), entries=indexes(window),
                              strength=len(window) / (4 * thresholds.repeat_times), times=len(window))  # fmt: skip


_BANDS = (30, 45, 60)


def _band(born: int | None, year: int) -> str:
    if born is None:
        return ""
    return next((f"below {limit}" for limit in _BANDS if year - born < limit), f"{_BANDS[-1]} and older")


def skew(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """An officer's persons are of one sex, one age or one area far more often than their unit's are."""
    looked = {officer: persons(accesses) for officer, accesses in seen.by_officer.items()}
    everybody = [each for theirs in looked.values() for each in theirs]
    units: dict[tuple[str, str], list[UUID]] = {}
    for officer, accesses in seen.by_officer.items():
        units.setdefault((accesses[-1].agency, accesses[-1].unit), []).append(officer)
    for officer, accesses in seen.by_officer.items():
        own = looked[officer]
        if len(own) < thresholds.skew_people:
            continue
        last = accesses[-1]
        unit = [each for other in units[last.agency, last.unit] if other != officer for each in looked[other]]
        peers = unit if len(unit) >= thresholds.skew_people else everybody
        for trait, told in _TRAITS.items():
            found = _skewed(*([told(seen, each, last.at.year) for each in one] for one in (own, peers)))
            if found and found[0] * _MILLION < thresholds.skew_chance:
                chance, count, of = found
                yield hit("skew", last, officer, trait, last.at.year, (last.at.month - 1) // 3,
                          entries=indexes(accesses), strength=plainly(chance), trait=trait, persons=count,
                          of=of)  # fmt: skip


_TRAITS: dict[str, Callable[[Seen, UUID, int], str]] = {
    "sex": lambda seen, each, _year: seen.subject(each).sex,
    "age": lambda seen, each, year: _band(seen.subject(each).born, year),
    "area": lambda seen, each, _year: seen.subject(each).area,
}


def _skewed(own: Iterable[str], peers: Iterable[str]) -> tuple[float, int, int] | None:
    """Return how likely the commonest value is by chance, how often it is there, and of how many."""
    mine, theirs = Counter(filter(None, own)), Counter(filter(None, peers))
    of, others = mine.total(), theirs.total()
    if not of:
        return None
    chances = [
        (at_least(count, of=of, share=(theirs[value] + 1) / (others + 2)), count, of) for value, count in mine.items()
    ]
    return min(chances)
