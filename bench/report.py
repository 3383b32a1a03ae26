"""The table: ratios of one run, and what they rest on."""

import os
import platform
from collections.abc import Iterator, Sequence

from bench.measure import CLIENTS, HEAD, LIMIT_MS, TARGET, Figures, Row, line

STAGES = {
    "auth": "token", "live_state": "live state of the actor", "parse": "document and variables",
    "prepare": "search prepared", "candidates": "candidates", "score": "score", "page": "page of profiles",
    "policy": "policy and views", "execute": "execution, all of these from the search on and GraphQL", "json": "JSON",
    "audit": "audit, mostly waiting for the commit",
}  # fmt: skip
"""The node's stages (``registry_stage_seconds_total``) in their order, in words."""


def preamble(load: tuple[float, float, float]) -> Iterator[str]:
    """Yield what a reader must know before comparing."""
    yield f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; "
    yield "load generator, server and database share them, and so does whatever else runs on the machine"
    yield f"(load average {load[0]:.1f}, {load[1]:.1f}, {load[2]:.1f} before the run)."
    yield "One run: what counts are the ratios within it, not the figures."
    yield "Processor times (server ms, db ms: for each answer) disturb one another less than latencies do."


def table(figures: Figures) -> Iterator[str]:
    """Yield everything measured on one register."""
    register = figures.register
    loaded = register.loaded
    yield ""
    how = f"filled at {loaded.rate:.0f} a second: proposed, vetted, indexed"
    yield f"== {register.dialect}, {loaded.profiles} profiles ({how})"
    yield HEAD
    yield from map(line, figures.rows)
    yield ""
    yield from ratios(figures)
    yield ""
    yield "time by stage, one worker, 8 clients (ms for each answer, waiting included):"
    for name, words in STAGES.items():
        if name in figures.stages:
            yield f"  {words:58} {figures.stages[name]:7.2f}"
    yield f"  entries in one commit of the log: {figures.batch:.1f}"
    yield "memory (proportional set size): " + ", ".join(f"{k} {v:.0f} MB" for k, v in figures.megabytes.items())
    yield from bar(figures)


def ratios(figures: Figures) -> Iterator[str]:
    """Yield each layer's share, closed loop, one worker: answers a second, and processor time."""
    yield f"ratios, one worker, closed loop: {'':24}" + "".join(f"{clients:>3} clients " for clients in CLIENTS)
    layers = (
        ("node / limit (GraphQL, token, policy, audit)", "node", "twin: limit"),
        ("node / twin with token and audit (GraphQL, policy)", "node", "twin: no GraphQL"),
        ("twin with token and audit / with audit (token)", "twin: no GraphQL", "twin: no token"),
        ("twin with audit / limit (audit)", "twin: no token", "twin: limit"),
    )
    for words, upper, lower in layers:
        pairs = [(_closed(figures.rows, upper, clients), _closed(figures.rows, lower, clients)) for clients in CLIENTS]
        shares = [one.outcome.rate / other.outcome.rate if other.outcome.rate else 0.0 for one, other in pairs]
        yield f"  {words:54} " + "".join(f"{share:7.2f}    " for share in shares)
    one, other = _closed(figures.rows, "node", 8), _closed(figures.rows, "twin: limit", 8)
    yield f"  processor time of server and database, limit / node, 8 clients: {_work(other) / _work(one):.2f}"


def _closed(rows: Sequence[Row], what: str, clients: int) -> Row:
    load = f"{clients} client{'s' * (clients > 1)}"
    return next(row for row in rows if (row.what, row.workers, row.load) == (what, 1, load))


def _work(row: Row) -> float:
    return row.server_ms + row.database_ms


def bar(figures: Figures) -> Iterator[str]:
    """Yield whether the target is held, by workers."""
    for workers in (1, 2):
        row = next(each for each in figures.rows if each.workers == workers and each.load == f"{TARGET:.0f}/s")
        outcome = row.outcome
        highest = figures.highest.get(workers, 0.0)
        yield (
            f"{TARGET:.0f} audited searches a second, p99 <= {LIMIT_MS:.0f} ms, {workers} worker{'s' * (workers > 1)}: "
            f"{'held' if row.holds else 'NOT held'}"
        )
        yield (
            f"  p99 {outcome.percentile(0.99):.0f} ms, {outcome.failed} of {outcome.arrived} failed; "
            f"highest rate held: {f'{highest:.0f}/s' if highest else 'none of those tried'}"
        )
