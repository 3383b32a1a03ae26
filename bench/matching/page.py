"""docs/error-rates.md: how often the matcher errs, for whom, and how to count it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.matching import quality
from bench.matching.asking import Answer
from bench.matching.bands import band_rates
from bench.matching.tables import FEWEST, THRESHOLDS, Rate, behind
from registry.matching import weights

OPENING = """\
# Error rates of the matcher

How often a search misses somebody, how often it accuses somebody else, and for whom. Written by
`python -m bench.matching --page`; nobody edits it by hand. People and questions are invented, so these are rates on
this set, not in the field: names in the field are more varied than any list. A score orders hits and puts them into
bands; it is no probability.
"""
EXPLAINED = """\
- **recall@1**, **recall@10**: the wanted person is the first hit, is among the first ten.
- **clear**: nobody else on the register has all the name parts with a birth date that can be the same. The others
  can't be decided by what is asked.
- **false hits**: of questions about people who are not on the register, and who have no namesake on it, those that got
  a hit in the band "possible" or better.
- **±**: half of the interval that holds the true rate 95 times in 100 (Agresti and Coull).
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a page is written of."""

    title: str
    """Which set, and how it can be made again."""
    size: int
    answers: Sequence[Answer]
    groups: dict[str, list[Rate]]


def write(file: Path, runs: Sequence[Run], day: date, command: str) -> None:
    """Write the page; ``command`` is what repeats it."""
    file.write_text("\n".join(_page(runs, day, command)) + "\n", encoding="utf-8")


def _page(runs: Sequence[Run], day: date, command: str) -> Iterator[str]:
    yield OPENING
    yield f"Matcher {weights.VERSION}, {day.isoformat()}. To repeat: `{command}`\n"
    yield EXPLAINED
    for run in runs:
        yield f"## {run.size:,} profiles: {run.title}\n"
        yield from _whole(run)
        yield "\n### Bands\n"
        yield from _bands(run)
        for name, rates in run.groups.items():
            yield f"\n### By {name}\n"
            yield from _rates(name, rates)
        yield ""


def _whole(run: Run) -> Iterator[str]:
    wanted, strangers = quality.about_somebody(run.answers), quality.about_nobody(run.answers)
    yield "| questions | n | recall@1 | recall@10 | MRR |"
    yield "|---|---|---|---|---|"
    for name, group in (("about people on the register", wanted), ("of these, clear", quality.clear(wanted))):
        yield f"| {name} " + "| {:,} | {:.3f} | {:.3f} | {:.3f} |".format(*quality.recall(group))
    yield "\n| false hits | all | clear |"
    yield "|---|---|---|"
    for band, at in THRESHOLDS.items():
        every, clear = quality.false_hits(strangers, at), quality.false_hits(quality.clear(strangers), at)
        yield f"| {band} ({at}) | {every:.3f} | {clear:.3f} |"
    for point in quality.frontier(run.answers):
        yield f"\nAt {point.rate:.0%} false hits (score above {point.above:.4f}): {point.found:.3f} of the clear found."


def _bands(run: Run) -> Iterator[str]:
    yield "| band | from | best hits, clear questions | of these the wanted person | strangers with such a best hit |"
    yield "|---|---|---|---|---|"
    for rate in band_rates(run.answers):
        accused = f"{rate.accused:.3f} of {rate.strangers}"
        yield f"| {rate.band} | {rate.least} | {rate.hits:,} | {rate.right:.3f} | {accused} |"


def _rates(name: str, rates: Sequence[Rate]) -> Iterator[str]:
    yield f"| {name} | n | recall@1 | recall@10 | clear | recall@1 | ± | nobody | false hits |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for rate in rates:
        on, clear, off = rate.n > 0, rate.clear_n > 0, rate.strangers > 0
        yield (
            f"| {rate.name} | {rate.n} | {_cell(rate.first, known=on)} | {_cell(rate.ten, known=on)} | {rate.clear_n} "
            f"| {_cell(rate.clear_first, known=clear)} | {_cell(rate.margin, known=clear)} | {rate.strangers} "
            f"| {_cell(rate.false_hits, known=off)} |"
        )
    worst = behind(rates)
    if worst and name != "class":
        gap = f"{worst[0].name}, by {worst[1]:.3f}"
        yield f"\nFurthest behind the mean: {gap} (of groups with {FEWEST} clear questions or more)."


def _cell(value: float, *, known: bool) -> str:
    return f"{value:.3f}" if known else "-"
