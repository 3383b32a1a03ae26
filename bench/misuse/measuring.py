"""Recall and precision of the rules on invented forces, at the budget, beside a logistic regression."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from bench.misuse import judged
from bench.misuse.judged import Tally
from bench.misuse.world import made
from registry.misuse.finding import SAMPLE
from registry.misuse.rules import RULES
from registry.misuse.seen import Seen
from registry.misuse.thresholds import Thresholds
from registry.misuse.weighing import Scored, Weighed, weigh

JUDGED, TRAINED, WRITTEN_ON = tuple(range(301, 306)), tuple(range(201, 206)), (1,)


def measured(*, quick: bool = False) -> Iterator[str]:
    """Yield the lines of the report."""
    judged_by, trained_on = (WRITTEN_ON, TRAINED[:1]) if quick else (JUDGED, TRAINED)
    forces = [made(seed) for seed in judged_by]
    begun = perf_counter()
    weighed = [weigh(seen, Thresholds()) for seen, _ in forces]
    seconds = perf_counter() - begun
    accesses = sum(each.accesses for each in weighed)
    planted = [judged.incidents(seen, labels) for seen, labels in forces]
    yield (
        f"{len(forces)} forces, {accesses} accesses about persons, {sum(map(len, planted))} incidents of misuse; "
        f"{accesses / seconds:.0f} accesses a second"
    )
    yield f"explained share of the hits: {_explained(weighed):.3f}"
    yield f"{'kind':14}{'hits':>8}{'explained':>11}  {'recall, all hits':20}{'recall, budget':20}precision, budget"
    every = [judged.counted(each.ranked) for each in weighed]
    kept = [judged.counted(each.findings) for each in weighed]
    together = list(zip(forces, planted, every, kept, strict=True))
    for rule in RULES:
        if rule.id == SAMPLE:
            continue
        total = [Tally(), Tally(), Tally()]
        for (_, labels), incidents, hits, findings in together:
            total[0] += judged.recall(incidents, [each for each in hits if each.hit.rule == rule.id], rule.id)
            total[1] += judged.recall(incidents, findings, rule.id)
            total[2] += judged.precision(labels, findings, rule.id)
        found = sum(each.counts[rule.id].hits for each in weighed)
        explained = sum(each.counts[rule.id].explained for each in weighed)
        yield f"{rule.id:14}{found:>8}{explained:>11}  " + "".join(f"{each.text:20}" for each in total)
    yield _overall("all hits", [(labels, p, f) for ((_, labels), p, f, _) in together], accesses)
    yield _overall("rules, at the budget", [(labels, p, f) for ((_, labels), p, _, f) in together], accesses)
    sampled = sum(each.sampled for each in weighed)
    yield f"beside the budget, the sample for another agency: {sampled / accesses:.2%} of accesses"
    yield from _beside(forces, planted, kept, accesses, trained_on)


def _explained(weighed: list[Weighed]) -> float:
    counts = [each for one in weighed for each in one.counts.values()]
    return sum(each.explained for each in counts) / max(1, sum(each.hits for each in counts))


def _overall(what: str, told: Sequence[tuple[judged.Labels, judged.Planted, list[Scored]]], accesses: int) -> str:
    recall, precision = Tally(), Tally()
    for labels, incidents, findings in told:
        recall += judged.recall(incidents, findings)
        precision += judged.precision(labels, findings)
    share = precision.of / accesses if accesses else 0.0
    return f"{what:34} recall {recall.text:18} precision {precision.text:20} alerts {share:.2%} of accesses"


def _beside(
    forces: Sequence[tuple[Seen, judged.Labels]], planted: Sequence[judged.Planted],
    kept: list[list[Scored]], accesses: int, seeds: tuple[int, ...],
) -> Iterator[str]:  # fmt: skip
    try:
        from bench.misuse import regression  # noqa: PLC0415  an extra
    except ImportError:
        yield "logistic regression: left out, the extra misuse is not installed"
        return
    model = regression.trained([made(seed) for seed in seeds])
    alerts = [regression.ranked(model, seen, len(each)) for (seen, _), each in zip(forces, kept, strict=True)]
    told = [(labels, p, a) for ((_, labels), p, a) in zip(forces, planted, alerts, strict=True)]
    yield _overall("logistic regression, as many alerts", told, accesses)
