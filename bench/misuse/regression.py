"""A logistic regression over the same accesses: what a learnt ranking finds with as many alerts as there are findings.

Each access becomes some numbers: what explains it, when and where, how often this officer looked at this person, how
many others did. It is trained on forces of other seeds, where the labels are known; no real log has such labels. Of one
officer's day the likeliest access is one alert, as the rules make one finding of what belongs together. Needs the extra
``misuse``.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.misuse.judged import Labels
from registry.misuse.access import Access, hit
from registry.misuse.facts import Kind
from registry.misuse.seen import NOBODY, Seen, by, day
from registry.misuse.weighing import Scored

FEATURES = (
    "assigned", "sent", "heard", "case known", "on shift", "own district", "left", "own surname", "own words",
    "this person before", "others at this person that day", "own accesses that day", "over own mean day",
    "persons in this case that day", "urgent", "denied lately", "refused records", "female", "words of reason",
    "reason again", "reads own unit", "abroad without nexus", "at decoy", "night",
)  # fmt: skip
WORK = (Kind.CASE, Kind.DISPATCH, Kind.COURT)


def features(seen: Seen) -> Any:  # Any: a matrix
    """Return the numbers of each access, in the order of the log."""
    days = {officer: by(each, day) for officer, each in by(seen.accesses, lambda one: one.officer).items()}
    at_person = by([each for each in seen.accesses if each.subjects], lambda one: (one.subjects[0], day(one)))
    times: dict[Any, list[Any]] = defaultdict(list)
    units = {each.officer: (each.agency, each.unit) for each in seen.accesses}
    said: dict[Any, int] = defaultdict(int)
    rows = []
    for each in seen.accesses:
        own_days, today = days[each.officer], days[each.officer][day(each)]
        before = times[each.officer, each.subjects]
        subject = seen.subject(each.subjects[0]) if each.subjects else NOBODY
        that_day = at_person[each.subjects[0], day(each)] if each.subjects else []
        shifts = _near(seen, each)
        lately = [other for other in today if each.at - timedelta(minutes=10) < other.at <= each.at]
        denied = [other for other in lately if other.outcome == "denied"]
        said[each.officer, each.reason] += 1
        rows.append([
            *(seen.facts.explains(each, {kind}) for kind in WORK),
            bool(seen.facts.of(Kind.CASE, (each.agency, each.case))), shifts,
            any(fact.area == subject.area for fact in seen.facts.of(Kind.DISTRICT, each.officer)),
            any(fact.since <= each.at for fact in seen.facts.of(Kind.LEFT, each.officer)),
            any(not fact.surnames.isdisjoint(subject.surnames) for fact in seen.facts.of(Kind.SELF, each.officer)),
            any(bool(fact.words) and fact.words <= each.sought | frozenset().union(*subject.names)
                for fact in seen.facts.of(Kind.SELF, each.officer)),
            np.log1p(len(before)) if each.subjects else 0,
            np.log1p(len({other.officer for other in that_day})),
            np.log1p(len(today)), len(today) * len(own_days) / max(1, sum(map(len, own_days.values()))),
            np.log1p(len({one for other in today if other.case == each.case for one in other.subjects})),
            each.is_break_glass, len(denied), len(each.refused), subject.sex == "female",
            len((each.reason or "a b c d e").split()), np.log1p(said[each.officer, each.reason]) if each.reason else 0,
            any(units.get(other) == (each.agency, each.unit) for other in each.reads_officers),
            bool(each.country) and not any(seen.facts.of(Kind.NEXUS, one) for one in each.subjects),
            not seen.decoys.isdisjoint(each.shown), not 6 <= each.at.hour < 22,
        ])  # fmt: skip
        before.append(each.at)
    return np.asarray(rows, dtype=float)


def _near(seen: Seen, access: Access) -> bool:
    shifts = seen.facts.of(Kind.SHIFT, access.officer)
    place = bisect_left(shifts, access.at, key=lambda fact: fact.since)
    return not shifts or any(fact.holds(access.at) for fact in shifts[max(0, place - 1) : place + 1])


def trained(worlds: Sequence[tuple[Seen, Labels]]) -> Any:  # Any: scikit-learn's own
    """Return a model that has seen these forces."""
    matrix = np.vstack([features(seen) for seen, _ in worlds])
    wrong = np.concatenate([[each.index in labels for each in seen.accesses] for seen, labels in worlds])
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1000))
    return model.fit(matrix, wrong)


def ranked(model: Any, seen: Seen, most: int) -> list[Scored]:
    """Return as many alerts, the likeliest first: one for an officer's day."""
    likely = model.predict_proba(features(seen))[:, 1]
    best: dict[tuple[Any, str], list[tuple[float, Access]]] = defaultdict(list)
    for each, chance in zip(seen.accesses, likely, strict=True):
        best[each.officer, day(each)].append((chance, each))
    tops = sorted((max(found, key=lambda one: one[0]) for found in best.values()), key=lambda one: -one[0])[:most]
    return [
        Scored(hit("regression", each, each.index, entries=(each.index,), strength=chance), round(chance * 1000))
        for chance, each in tops
    ]
