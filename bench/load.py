"""The generator of the load: a process of its own, told what to do on standard input.

    Plan(port, path, headers, bodies file, clients=8, seconds=10)               closed: as fast as 8 clients can
    Plan(port, path, headers, bodies file, rate=250, seconds=30)                open: 250 arrive each second

In an open run every arrival has its moment before the run begins, and its latency counts from that moment: whoever
waits because the server (or this process) is behind has waited. Answers of the first ``warm_up`` seconds don't count.
"""

import asyncio
import random
import subprocess
import sys
from collections import Counter, deque
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter, process_time

import orjson
import uvloop

from bench.holder import Holder
from bench.wire import LOST, Connection, request

MOST_CONNECTIONS = 512
FAILED = (b'{"errors"', b'{"data":null', b'{"data":{"search":null')
"""How an answer begins that has status 200 and holds nothing: ours with its errors, other services' with null."""
LATE_SECONDS = 10.0
"""How long an open run waits for its last answers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run of load."""

    port: int
    path: str
    bodies: str
    """File of request bodies, one a line; taken in turn."""
    seconds: float
    holders: tuple[Holder, ...] = ()
    """Whose tokens are shown, in turn; without any none is."""
    clients: int = 0
    rate: float = 0.0
    poisson: bool = False
    """Whether an open run's arrivals are random, or evenly spaced."""
    warm_up: float = 2.0
    first: int = 0
    """Which body comes first."""


@dataclass(slots=True)
class Outcome:
    """What a run saw."""

    seconds: float
    latencies: list[float] = field(default_factory=list)
    """Milliseconds, of answers with status 200."""
    statuses: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    cpu_seconds: float = 0.0
    """Of this process."""
    arrived: int = 0
    answers: int = 0
    """Good ones, warming up included."""

    def add(self, other: "Outcome") -> None:
        """Add another run of the same load."""
        self.seconds += other.seconds
        self.latencies += other.latencies
        for status, count in other.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        self.bytes += other.bytes
        self.cpu_seconds += other.cpu_seconds
        self.arrived += other.arrived
        self.answers += other.answers

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def failed(self) -> int:
        """Answers other than 200, and those that never came."""
        return sum(count for status, count in self.statuses.items() if status != "200")

    def percentile(self, share: float) -> float:
        """Return a percentile of latency; an answer that failed took for ever."""
        values = sorted(self.latencies) + [float("inf")] * self.failed
        return values[min(len(values) - 1, int(share * len(values)))] if values else float("inf")


def run(plan: Plan) -> Outcome:
    """Run a plan in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=orjson.dumps(asdict(plan)), stdout=subprocess.PIPE, check=True
    )
    return Outcome(**orjson.loads(done.stdout))


class Generator:
    """Sends a plan's requests and notes what comes back."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.outcome = Outcome(plan.seconds)
        self.statuses: Counter[str] = Counter()
        bodies = Path(plan.bodies).read_bytes().splitlines()
        self.bodies = bodies
        self.next = plan.first
        self.counted_from = self.stops_at = 0.0
        self.settled = asyncio.Event()
        self.idle: deque[Connection] = deque()
        self.waiting: deque[float] = deque()
        self.unanswered = 0

    def take(self) -> bytes:
        """Return the next request, with a proof of its own."""
        self.next += 1
        place, holders = self.next % len(self.bodies), self.plan.holders
        return request(
            self.plan.path, self.bodies[place], holders[place % len(holders)].headers() if holders else {}
        )  # fmt: skip

    def note(self, since: float, status: int, body: bytes) -> None:
        """Count an answer to a request of that moment."""
        now = perf_counter()
        self.outcome.answers += status == 200
        if self.counted_from <= since < self.stops_at:
            self.statuses[str(status)] += 1
            if status == 200 and not body.startswith(FAILED):
                self.outcome.latencies.append(round((now - since) * 1000, 3))
                self.outcome.bytes += len(body)
            elif status == 200:
                self.statuses["200"] -= 1
                self.statuses["errors"] += 1

    def start_clock(self) -> float:
        """Let the counting begin after the warm-up; return this moment."""
        begun = perf_counter()
        self.counted_from = begun + self.plan.warm_up
        self.stops_at = self.counted_from + self.plan.seconds
        return begun

    async def closed(self) -> None:
        """Let each client ask again as soon as it is answered."""
        connections = [await Connection.open("127.0.0.1", self.plan.port) for _ in range(self.plan.clients)]
        self.start_clock()
        await asyncio.gather(*(self._client(each) for each in connections))

    async def _client(self, connection: Connection) -> None:
        finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def ask() -> None:
            since = perf_counter()
            if since >= self.stops_at:
                finished.set_result(None)
                return

            def answered(status: int, _head: bytes, body: bytes) -> None:
                self.note(since, status, body)
                if status == LOST:
                    finished.set_result(None)
                else:
                    ask()

            connection.send(self.take(), answered)

        ask()
        await finished
        connection.close()

    async def open(self) -> None:
        """Let requests arrive at their moments, whether or not the ones before are answered."""
        self.idle.extend([await Connection.open("127.0.0.1", self.plan.port) for _ in range(64)])
        opened = len(self.idle)
        for due in self._arrivals(self.start_clock()):
            if (left := due - perf_counter()) > 0:
                await asyncio.sleep(left)
            if not self.idle and opened < MOST_CONNECTIONS:
                opened += 1
                self.idle.append(await Connection.open("127.0.0.1", self.plan.port))
            if self.idle:
                self._give(self.idle.popleft(), due)  # in turn, so that every worker has its share
            else:
                self.waiting.append(due)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.settled.wait(), LATE_SECONDS if self.unanswered else 0)
        self.statuses["late"] += self.unanswered + len(self.waiting)

    def _give(self, connection: Connection, since: float) -> None:
        """Give the next request to an idle connection; it counts from its planned moment."""

        def answered(status: int, _head: bytes, body: bytes) -> None:
            self.unanswered -= 1
            if not self.unanswered and perf_counter() >= self.stops_at:
                self.settled.set()
            self.note(since, status, body)
            if status == LOST:
                return
            if self.waiting:
                self._give(connection, self.waiting.popleft())
            else:
                self.idle.append(connection)

        self.unanswered += 1
        connection.send(self.take(), answered)

    def _arrivals(self, begun: float) -> list[float]:
        dice = random.Random(self.plan.first)
        due, moments = begun, []
        while due < self.stops_at:
            moments.append(due)
            due += dice.expovariate(self.plan.rate) if self.plan.poisson else 1 / self.plan.rate
        return moments


async def _run(plan: Plan) -> Outcome:
    generator = Generator(plan)
    begun = process_time()
    await (generator.open() if plan.rate else generator.closed())
    generator.outcome.cpu_seconds = process_time() - begun
    generator.outcome.statuses = dict(generator.statuses)
    generator.outcome.arrived = sum(generator.statuses.values())
    return generator.outcome


def main() -> None:
    given = orjson.loads(sys.stdin.buffer.read())
    plan = Plan(**given | {"holders": tuple(Holder(**each) for each in given["holders"])})
    sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(_run(plan)))))


if __name__ == "__main__":
    main()
