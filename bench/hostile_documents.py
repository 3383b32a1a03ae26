"""Documents that cost more than they weigh, sent to a running server: outsider's check 3, timed.

    python -m bench.hostile_documents --databases sqlite postgresql

Each document of tests/outsider/documents.py is sent by itself, then a hundred times at once while a probe keeps asking
``{ __typename }``. What is held: each is refused with a 4xx within 50 ms, the probe's p99 stays below 250 ms, nothing
is a 5xx, and the server's memory does not grow from round to round. The suite checks what is refused and by which
limit; how long that takes is no business of a suite whose cores are shared.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from bench.holder import Holder
from bench.load import Outcome, Plan, run
from bench.node import Node, processor_ticks, running
from bench.register import DIALECTS, Register, opened
from bench.wire import Connection, request
from tests.outsider.documents import HOSTILE, Hostile

PATH = "/graphql"
ACCEPT = "application/graphql-response+json"
PROBE = b'{"query":"{ __typename }"}'
RATE, SECONDS, WARM_UP = 40.0, 3.0, 0.5
"""Of the probe: questions a second, and how long the waves go on."""
PROFILES = 500
"""None of the documents reaches the register."""
TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
TIMES, PAUSE = 7, 0.1
AT_ONCE = 100
LIMIT_MS, PROBE_LIMIT_MS, GROWTH_MB = 50.0, 250.0, 16.0


@dataclass(slots=True)
class Held:
    """What became of one document."""

    hostile: Hostile
    alone: list[float] = field(default_factory=list)
    """Milliseconds of each answer when nothing else is asked."""
    waves: list[float] = field(default_factory=list)
    """Milliseconds of each wave of a hundred."""
    server_ms: float = 0.0
    """Processor time of the server for each answer of the waves, the probe's share included: what others on the machine
    do disturbs it least."""
    statuses: Counter[int] = field(default_factory=Counter)
    probe: Outcome = field(default_factory=lambda: Outcome(0.0))
    """What was asked meanwhile."""

    @property
    def holds(self) -> bool:
        """Whether it was refused, in time, each time, and the probe was answered meanwhile."""
        refused = all(400 <= status < 500 for status in self.statuses) and not self.probe.failed
        return refused and statistics.median(self.alone) < LIMIT_MS and self.probe.percentile(0.99) < PROBE_LIMIT_MS


async def _answer(connection: Connection, content: bytes) -> tuple[int, float]:
    """Send a request; return its status and milliseconds."""
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    begun = perf_counter()
    connection.send(content, lambda status, _head, _body: answered.set_result(status))
    status = await answered
    return status, (perf_counter() - begun) * 1000


async def _asked(node: Node, content: bytes) -> tuple[int, float]:
    """Send a request on a connection of its own: a body that is refused half-way ends the connection."""
    connection = await Connection.open("127.0.0.1", node.port)
    try:
        return await _answer(connection, content)
    finally:
        connection.close()


async def _wave(node: Node, contents: Sequence[bytes]) -> list[tuple[int, float]]:
    """Send a hundred at once."""
    return await asyncio.gather(*(_asked(node, content) for content in contents))


def _requests(hostile: Hostile, holder: Holder, count: int) -> list[bytes]:
    """Return so many requests, each with a proof of its own: one that is used twice is refused before its document."""
    body = hostile.body()
    return [request(PATH, body, holder.headers() | {"Accept": ACCEPT}) for _ in range(count)]


def _probe(node: Node, bodies: str, seconds: float) -> Plan:
    return Plan(node.port, PATH, bodies, seconds, (node.holder(),), rate=RATE, poisson=True, warm_up=WARM_UP)


async def _held(node: Node, hostile: Hostile, probe: Plan, holder: Holder) -> Held:
    held = Held(hostile)
    for content in _requests(hostile, holder, TIMES):
        status, took = await _asked(node, content)
        held.statuses[status] += 1
        held.alone.append(took)
        await asyncio.sleep(PAUSE)
    probing = asyncio.create_task(asyncio.to_thread(run, probe))  # a process of its own: our own work delays it not
    ticks, answered = processor_ticks(node.process.pid), 0
    until = perf_counter() + probe.warm_up + probe.seconds
    while perf_counter() < until:
        contents = _requests(hostile, holder, AT_ONCE)
        begun = perf_counter()
        answers = await _wave(node, contents)
        held.waves.append((perf_counter() - begun) * 1000)
        held.statuses.update(status for status, _ in answers)
        answered += len(answers)
    held.server_ms = (processor_ticks(node.process.pid) - ticks) * TICK_MS / answered
    held.probe = await probing
    return held


def measured(register: Register, seconds: float = SECONDS) -> Iterator[str]:
    """Yield a line for each document, and whether the limits hold."""
    with running(register) as node, tempfile.NamedTemporaryFile() as bodies:
        bodies.write(PROBE)
        bodies.flush()
        quiet = run(_probe(node, bodies.name, seconds))
        for hostile in HOSTILE:  # the first round is for what is made once
            asyncio.run(_wave(node, _requests(hostile, node.holder(), AT_ONCE)))
        before = node.megabytes()
        found = [
            asyncio.run(_held(node, hostile, _probe(node, bodies.name, seconds), node.holder())) for hostile in HOSTILE
        ]
        grown = node.megabytes() - before
    yield (
        f"{register.dialect}, hostile documents: ms alone (median, worst of {TIMES}), a wave of {AT_ONCE} (worst), "
        "processor ms of the server for each, the probe meanwhile (p50, p99, worst)"
    )
    yield from map(_line, sorted(found, key=lambda each: -statistics.median(each.alone)))
    yield f"  the probe alone, which is what the machine does to it: p99 {quiet.percentile(0.99):.1f} ms"
    whole = Outcome(0.0)
    for held in found:
        whole.add(held.probe)
    yield (
        f"  the probe over all: p99 {whole.percentile(0.99):.1f} ms of {whole.arrived}, {whole.failed} failed; "
        f"memory grew by {grown:.1f} MB"
    )
    holds = all(each.holds for each in found) and grown < GROWTH_MB
    yield (
        f"  each within {LIMIT_MS:.0f} ms, the probe's p99 within {PROBE_LIMIT_MS:.0f} ms, 4xx only, memory steady: "
        f"{'held' if holds else 'NOT held'}"
    )


def _line(held: Held) -> str:
    seen = held.probe
    return (
        f"  {held.hostile.name:36}{statistics.median(held.alone):7.1f}{max(held.alone):7.1f}{max(held.waves):9.0f}"
        f"{held.server_ms:8.1f}"
        f"{seen.percentile(0.5):8.1f}{seen.percentile(0.99):8.1f}{seen.percentile(1.0):8.1f}  "
        f"{', '.join(map(str, sorted(held.statuses)))}{'' if held.holds else '  BEYOND'}"
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser("python -m bench.hostile_documents", description=__doc__.partition("\n")[0])
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    options = parser.parse_args()
    for dialect in options.databases:
        with opened(dialect, PROFILES) as register:
            for line in measured(register):
                print(line, flush=True)


if __name__ == "__main__":
    main()
