"""What is printed of a run, as lines."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from bench.matching import quality
from bench.matching.asking import Answer
from bench.matching.groups import NO_NAME, Group
from bench.matching.registers import IN_FILE_ORDER, Register
from registry.matching import weights

THRESHOLDS = {"possible": weights.POSSIBLE_SCORE, "strong": weights.STRONG_SCORE}
FEWEST = 30
"""Questions about a group, below which its rate is printed but not judged."""
_BEHIND = 0.03


@dataclass(frozen=True, slots=True)
class Rate:
    """How one group of questions was answered."""

    name: str
    n: int
    first: float
    ten: float
    clear_n: int
    clear_first: float
    strangers: int
    false_hits: float

    @property
    def margin(self) -> float:
        """Half of the interval that holds the true rate of ``clear_first`` 95 times of 100 (Agresti and Coull)."""
        n = self.clear_n + 4
        share = (self.clear_first * self.clear_n + 2) / n
        return 1.96 * sqrt(share * (1 - share) / n)


def loaded(register: Register) -> str:
    """Say how a register was filled."""
    of = register.loaded
    return (
        f"{register.dialect}, {_ORDERS[register.order]}: {of.size:,} profiles, {of.keys / of.size:.1f} keys each, "
        f"{of.bytes / 1e6:,.0f} MB, loaded in {of.seconds:.0f} s"
    )


_ORDERS = {
    "shuffled": "register numbers shuffled",
    IN_FILE_ORDER: "register numbers in file order, where ties among namesakes fall to the person asked for",
}


def recall(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield recall and MRR, all and per class."""
    wanted = quality.about_somebody(answers)
    rows = {"all": wanted, "without namesakes": quality.clear(wanted)}
    yield f"{'class':24}{'n':>6}{'recall@1':>10}{'recall@10':>11}{'MRR':>8}"
    for name, group in (rows | quality.by(wanted, lambda each: each.question.kind)).items():
        yield f"{name:24}{{:6}}{{:10.3f}}{{:11.3f}}{{:8.3f}}".format(*quality.recall(group))


def errors(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield false hits at the thresholds and per class, and the frontier."""
    strangers = quality.about_nobody(answers)
    for band, threshold in THRESHOLDS.items():
        every = quality.false_hits(strangers, threshold), quality.false_hits(quality.clear(strangers), threshold)
        yield "false hits at {} ({}): all {:.3f}, clear {:.3f}".format(band, threshold, *every)
    kinds = quality.by(strangers, lambda each: each.question.kind)
    yield "  " + ", ".join(
        f"{kind} {quality.false_hits(group, weights.POSSIBLE_SCORE):.3f}" for kind, group in kinds.items()
    )
    for rate, above, found in quality.frontier(answers):
        yield f"found at {rate:.0%} false hits (score > {above:.4f}): {found:.3f}"


def speed(answers: Sequence[Answer]) -> Iterator[str]:
    """Yield percentiles of latency and processor time, and the median of each stage."""
    for label, values in (("latency", [each.ms for each in answers]), ("of this thread", [a.cpu_ms for a in answers])):
        marks = ", ".join(f"p{share * 100:g} {quality.percentile(values, share):.2f}" for share in _SHARES)
        yield f"{label} ms: {marks}, worst {max(values):.2f}"
    stages = {name: None for each in answers for name in each.stages}
    medians = (f"{name} {statistics.median(each.stages.get(name, 0.0) for each in answers):.2f}" for name in stages)
    yield "median ms: " + ", ".join(medians)


_SHARES = (0.5, 0.95, 0.99)


def side_by_side(first: Sequence[Answer], second: Sequence[Answer]) -> Iterator[str]:
    """Yield the figures that depend on how people are numbered."""
    yield f"{'':28}{'shuffled':>10}{'file order':>12}"
    for name, of in (("recall@1", 1), ("recall@10", 2), ("MRR", 3)):
        values = [quality.recall(quality.about_somebody(answers))[of] for answers in (first, second)]
        yield f"{name:28}{values[0]:10.3f}{values[1]:12.3f}"
    at = weights.POSSIBLE_SCORE
    values = [quality.false_hits(quality.about_nobody(answers), at) for answers in (first, second)]
    yield f"{'false hits at possible':28}{values[0]:10.3f}{values[1]:12.3f}"
    points = [next(quality.frontier(answers, (0.01,)), None) for answers in (first, second)]
    if all(points):
        yield f"{'found at 1 % false hits':28}" + "{:10.3f}{:12.3f}".format(*(point.found for point in points if point))


def rates(answers: Sequence[Answer], named: dict[str, str]) -> list[Rate]:
    """Return how each group was answered, the largest first; ``named`` says which question is of which group."""
    found = []
    for name, group in quality.by(answers, lambda each: named[each.question.id]).items():
        wanted, strangers = quality.about_somebody(group), quality.clear(quality.about_nobody(group))
        every, clear = quality.recall(wanted), quality.recall(quality.clear(wanted))
        false = quality.false_hits(strangers, weights.POSSIBLE_SCORE)
        found.append(Rate(name, every.n, every.first, every.ten, clear.n, clear.first, len(strangers), false))
    return sorted(found, key=lambda rate: (-rate.n, rate.name))


def groups_of(answers: Sequence[Answer], of: dict[str, Group]) -> dict[str, list[Rate]]:
    """Return the rates per tradition, script and sex, of questions that give a name, and per class of all."""
    by_name = [each for each in answers if of[each.question.id].script != NO_NAME]
    every = {each.question.id: each.question.kind for each in answers}
    return {
        "tradition": rates(by_name, {question: group.tradition for question, group in of.items()}),
        "script": rates(by_name, {question: group.script for question, group in of.items()}),
        "sex": rates(by_name, {question: group.sex for question, group in of.items()}),
        "class": rates(answers, every),
    }


def behind(found: Sequence[Rate]) -> tuple[Rate, float] | None:
    """Return the group that stands furthest behind the mean of all questions that can be decided, and by how much."""
    judged = [rate for rate in found if rate.clear_n >= FEWEST]
    total = sum(rate.clear_n for rate in found)
    if not judged or not total:
        return None
    mean = sum(rate.clear_first * rate.clear_n for rate in found) / total
    worst = min(judged, key=lambda rate: rate.clear_first)
    return worst, mean - worst.clear_first


_HEADS = (
    ("n", 6), ("recall@1", 10), ("recall@10", 11), ("clear: n", 10), ("recall@1", 10), ("±", 7), ("nobody: n", 11),
    ("false", 7),
)  # fmt: skip


def group_lines(name: str, found: Sequence[Rate]) -> Iterator[str]:
    """Yield one table of rates, and who is furthest behind."""
    yield f"{name:24}" + "".join(f"{head:>{width}}" for head, width in _HEADS)
    for rate in found:
        yield (
            f"{rate.name:24}{rate.n:6}{_share(rate.first, rate.n):>10}{_share(rate.ten, rate.n):>11}{rate.clear_n:10}"
            f"{_share(rate.clear_first, rate.clear_n):>10}{_share(rate.margin, rate.clear_n):>7}{rate.strangers:11}"
            f"{_share(rate.false_hits, rate.strangers):>7}"
        )
    worst = behind(found)
    if worst:
        rate, gap = worst
        verdict = "within" if gap <= _BEHIND else "BEYOND"
        yield f"furthest behind the mean: {rate.name}, by {gap:.3f} ({verdict} {_BEHIND}; groups of {FEWEST} and more)"


def _share(value: float, n: int) -> str:
    return f"{value:.3f}" if n else "-"


def failures(answers: Sequence[Answer], most: int) -> Iterator[str]:
    """Yield questions that could have been decided and were not, and people wrongly found."""
    shown = 0
    for each in answers:
        asked = each.question
        missed = asked.expected and quality.place(each) != 1 and not asked.namesakes
        accused = not asked.expected and quality.top(each) >= weights.POSSIBLE_SCORE
        if (missed or accused) and shown < most:
            shown += 1
            yield f"{asked.kind} {asked.fields} {asked.expected} {quality.place(each)} {each.ranked[:2]}"
