"""The figures of the doors as lines: answers a second side by side, ratios against the bars, what comes from where."""

import os
from collections.abc import Iterator, Sequence

from bench.doors.agreement import NODE, SAME_WORK, STOCK, TWIN
from bench.doors.contest import MOST_CLIENTS, Measured
from bench.measure import CLIENTS, HEAD, Row, line

OF_TWIN, OF_STOCK, OF_WORKERS = 0.8, 10.0, 1.6
"""The bars: so much of the twin's answers, so many times the stock service's, so much more from a second worker."""


def lines(measured: Measured) -> Iterator[str]:
    """Yield everything measured on one register."""
    register = measured.register
    yield ""
    yield f"== the doors: {register.dialect}, {register.loaded.profiles} profiles"
    for contest in measured.contests:
        yield ""
        yield f"{contest.question.name}: {contest.question.words}; {contest.compared} answers compared, all equal"
        yield HEAD
        yield from map(line, contest.figures.rows)
    yield ""
    yield from _beside_the_twin(measured)
    yield ""
    yield from _beside_stock(measured)
    yield from (f"  {each}" for each in measured.executed)
    yield ""
    yield from _two_workers(measured)
    yield (
        f"objects answered by plans {measured.plans.get('hit', 0):.0f}, left to the library "
        f"{measured.plans.get('bail', 0):.0f}"
    )


def _beside_the_twin(measured: Measured) -> Iterator[str]:
    yield f"node / REST twin, one worker (bar {OF_TWIN}):{'':22}" + _heads()
    for contest in measured.contests:
        pairs = [(contest.row(NODE, each), contest.row(TWIN, each)) for each in CLIENTS]
        yield from _ratios(contest.question.name, pairs, OF_TWIN)


def _ratios(words: str, pairs: Sequence[tuple[Row, Row]], bar: float) -> Iterator[str]:
    """Yield how the first of each pair does beside the second: by answers a second, and by what an answer takes."""
    of_work = [_work(other) / (_work(one) or 1) for one, other in pairs]
    for how, shares in (("answers a second", [rate(*pair) for pair in pairs]), ("processor time", of_work)):
        verdict = "held" if min(shares) >= bar else "NOT held"
        yield f"  {f'{words}, {how}':58}" + "".join(f"{each:9.2f}" for each in shares) + f"  {verdict}"


def _heads() -> str:
    return "".join(f"{each:>4} client" for each in CLIENTS)


def _beside_stock(measured: Measured) -> Iterator[str]:
    if measured.missing:
        yield f"stock service: {measured.missing}"
        return
    page = next(each for each in measured.contests if each.question.name == "page")
    yield f"node / stock service, page, one worker (bar {OF_STOCK:.0f}):{'':16}" + _heads()
    for what, words in ((STOCK, "as they are"), (SAME_WORK, "same work")):
        yield from _ratios(words, [(page.row(NODE, each), page.row(what, each)) for each in CLIENTS], OF_STOCK)
    yield "  as they are, theirs ranks nothing, permits all, seals nothing and enters nothing"
    yield "  same work: it is given our search, token and entry, and loads and answers people its own way"


def _two_workers(measured: Measured) -> Iterator[str]:
    cores = os.cpu_count() or 1
    yield f"two workers / one, closed loop, {MOST_CLIENTS} clients, {cores} cores (bar {OF_WORKERS}):"
    for contest in measured.contests:
        one, two = (contest.row(NODE, MOST_CLIENTS, workers) for workers in (1, 2))
        shares = ", ".join(f"{of} {_share(two, of):.0%}" for of in ("server", "database", "generator"))
        yield (
            f"  {contest.question.name:10}{rate(two, one):6.2f}   of all cores: {shares}, others {two.others:.0%}; by "
            f"processor time at most {most_of_two(one, cores):.2f}"
        )


def rate(upper: Row, lower: Row) -> float:
    """Return how many times as many answers a second."""
    return upper.outcome.rate / lower.outcome.rate if lower.outcome.rate else 0.0


def _work(row: Row) -> float:
    return row.server_ms + row.database_ms


def _share(row: Row, of: str) -> float:
    """Return what took which share of the machine."""
    taken = {"server": row.server_seconds, "database": row.database_seconds, "generator": row.outcome.cpu_seconds}[of]
    return taken / (row.seconds * (os.cpu_count() or 1)) if row.seconds else 0.0


def most_of_two(one: Row, cores: int) -> float:
    """Return what a second worker can bring at most where server, database and generator share all cores.

    One worker keeps one core busy, and what waits beside it runs on the others; two keep all of them busy.
    """
    generator_ms = one.outcome.cpu_seconds / max(one.outcome.answers, 1) * 1000
    whole = one.server_ms + one.database_ms + generator_ms
    alone = max(one.server_ms, whole / cores)
    return min(2.0, alone * cores / whole) if whole else 0.0
