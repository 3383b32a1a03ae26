"""What the log costs the emptiest question: a node that enters it beside one that does not.

    python -m bench.audited                        { __typename }, one worker, 32 clients, both databases

Both nodes do all else: token and proof are checked, live state is asked, the answer is signed for. In the second the
writer answers at once and writes nothing: neither the entry nor what becomes durable with it, the proof's use and the
charge. There is no setting for that; this module puts it in. The two are asked in turn, so that what else happens on
the machine happens to both.

How many answers a second is asked in a closed loop. There a client waits for 31 others as well, so what an entry adds
to a single answer's time is asked at a rate that neither node has to queue for.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import node as nodes
from bench.load import Outcome, Plan, run
from bench.register import DIALECTS, Register, free_port, opened
from registry.audit.events import Entry
from registry.audit.log import Writer
from registry.audit.sequencing import Placed
from registry.cli.main import main as registry
from registry.core.clock import now

CLIENTS, SECONDS, QUICK_SECONDS, TURNS = 32, 4.0, 0.5, 3
RATE = 50.0
"""Answers a second at which nobody waits for another."""
BAR_RATIO, BAR_MS = 0.6, 1.0
PROFILES = 50
BODY = b'{"query":"{ __typename }"}\n'
UNLOGGED = "from bench.audited import serve_unlogged; serve_unlogged()"


def serve_unlogged() -> None:
    """Run a node whose log writes nothing."""

    async def nothing(_writer: Writer, _entry: Entry, *_more: Any, **_beside: Any) -> Placed:  # Any: as submit has it
        return Placed(0, now(), bytes(32))

    Writer.submit = nothing  # type: ignore[method-assign, assignment]
    registry(["serve"])


@dataclass(slots=True)
class Seen:
    """What was seen of one node."""

    full: Outcome
    """As fast as so many clients ask."""
    calm: Outcome
    """At a rate that it holds easily."""

    def ask(self, node: nodes.Node, path: Path, clients: int, seconds: float) -> None:
        """Ask once more."""
        holders, warm_up = (node.holder(),), min(1.0, seconds / 2)
        plan = Plan(node.port, "/graphql", str(path), seconds, holders, clients=clients, warm_up=warm_up)
        self.full.add(run(plan))
        self.calm.add(run(replace(plan, clients=0, rate=RATE)))


def _compared(register: Register, clients: int, seconds: float) -> tuple[Seen, Seen]:
    """Ask both nodes in turn; return what was seen of the one with the log, and of the one without."""
    path = register.folder / "empty.jsonl"
    path.write_bytes(BODY)
    logged, unlogged = (Seen(Outcome(0.0), Outcome(0.0)) for _ in range(2))
    with ExitStack() as stack:
        with_log = stack.enter_context(nodes.running(register))
        without = stack.enter_context(nodes.running(register, program=UNLOGGED, port=free_port()))
        for each in (with_log, without):
            Seen(Outcome(0.0), Outcome(0.0)).ask(each, path, clients, min(1.0, seconds))
        for _ in range(TURNS):
            logged.ask(with_log, path, clients, seconds)
            unlogged.ask(without, path, clients, seconds)
    return logged, unlogged


def on(dialect: str, seconds: float, clients: int = CLIENTS) -> Iterator[str]:
    """Yield the lines of one database."""
    with TemporaryDirectory(prefix="registry-audited-") as passing:
        Path(passing).chmod(0o755)  # PostgreSQL may run as another account, which has to pass
        with opened(dialect, PROFILES, Path(passing)) as register:
            logged, unlogged = _compared(register, clients, seconds)
    ratio = logged.full.rate / unlogged.full.rate if unlogged.full.rate else 0.0
    added = logged.calm.percentile(0.5) - unlogged.calm.percentile(0.5)
    yield f"{dialect}: {{ __typename }}, one worker, {clients} clients"
    for what, seen in (("with the log", logged), ("without", unlogged)):
        yield (
            f"  {what:14}{seen.full.rate:9,.0f} a second   p50 {seen.full.percentile(0.5):6.2f} ms   "
            f"p99 {seen.full.percentile(0.99):6.2f} ms   at {RATE:.0f}/s p50 {seen.calm.percentile(0.5):6.2f} ms   "
            f"failed {seen.full.failed + seen.calm.failed}"
        )
    yield (
        f"  ratio {ratio:.2f} ({'' if ratio >= BAR_RATIO else 'NOT '}held: {BAR_RATIO}), "
        f"added p50 at {RATE:.0f}/s {added:.2f} ms ({'' if added <= BAR_MS else 'NOT '}held: {BAR_MS:.0f})"
    )


def measured(*, quick: bool, databases: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a whole run."""
    for dialect in databases:
        yield from on(dialect, QUICK_SECONDS if quick else SECONDS)


def main() -> None:
    parser = argparse.ArgumentParser("python -m bench.audited", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    options = parser.parse_args()
    for dialect in options.databases:
        print(f"\n{dialect}", file=sys.stderr, flush=True)
        for line in on(dialect, options.seconds, options.clients):
            print(line, flush=True)


if __name__ == "__main__":
    main()
