"""One register measured: the node and its twins, closed and open, and what the node says of itself."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from bench import node as nodes, questions
from bench.holder import Holder
from bench.load import Outcome, Plan, run
from bench.node import Node
from bench.register import Register, free_port

CLIENTS = (1, 8, 32)
TARGET = 250.0
"""Audited searches a second that are to be held."""
LIMIT_MS = 100.0
"""…with 99 of 100 answered within this."""
TOKENS = 8
TURNS = 4
TWINS = (("twin: no GraphQL", "/known"), ("twin: no token", "/audited"), ("twin: limit", "/limit"))
QUESTIONS = 20_000
MOST_FAILED = 0.001
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each run lasts, and how far the rising rate goes."""

    seconds: float = 10.0
    target_seconds: float = 30.0
    step: float = 1.25
    """By what the rate rises from run to run."""
    most_steps: int = 8


QUICK = Effort(seconds=1.0, target_seconds=2.0, most_steps=1)
"""Does it still work?"""


@dataclass(slots=True)
class Row:
    """One line of the table; several runs of the same load are added up."""

    what: str
    workers: int
    load: str
    outcome: Outcome = field(default_factory=lambda: Outcome(0.0))
    seconds: float = 0.0
    """Wall time, warming up included; so are the processor times."""
    server_seconds: float = 0.0
    database_seconds: float = 0.0
    others_seconds: float = 0.0
    """Processor time that went to what is neither we nor the load."""

    @property
    def holds(self) -> bool:
        """Whether p99 stayed within the limit, and hardly an answer failed."""
        arrived = max(self.outcome.arrived, 1)
        return self.outcome.percentile(0.99) <= LIMIT_MS and self.outcome.failed <= MOST_FAILED * arrived

    @property
    def server_ms(self) -> float:
        """Processor time of the server for each answer, in milliseconds."""
        return self.server_seconds / max(self.outcome.answers, 1) * 1000

    @property
    def database_ms(self) -> float:
        """The same of the database."""
        return self.database_seconds / max(self.outcome.answers, 1) * 1000

    @property
    def others(self) -> float:
        """What others took, as a share of the machine."""
        return self.others_seconds / (self.seconds * (os.cpu_count() or 1)) if self.seconds else 0.0


@dataclass(slots=True)
class Figures:
    """Everything measured on one register."""

    register: Register
    rows: list[Row] = field(default_factory=list)
    counted: dict[str, float] = field(default_factory=dict)
    """The node's own counters over its runs with one worker and 8 clients."""
    megabytes: dict[str, float] = field(default_factory=dict)
    highest: dict[int, float] = field(default_factory=dict)
    """By workers: the highest rate that was held."""

    @property
    def stages(self) -> dict[str, float]:
        """Milliseconds of each stage for one answer."""
        answers = self.counted["registry_log_batch_sum"]
        found = (name for name in self.counted if name.startswith("registry_stage_seconds_total"))
        return {name.split('"')[1]: self.counted[name] / answers * 1000 for name in found}

    @property
    def batch(self) -> float:
        """Entries in one commit of the log."""
        return self.counted["registry_log_batch_sum"] / self.counted["registry_log_batch_count"]

    def row(self, what: str, workers: int, load: str) -> Row:
        """Return the row of a load, a new one where there is none yet."""
        for row in self.rows:
            if (row.what, row.workers, row.load) == (what, workers, load):
                return row
        self.rows.append(Row(what, workers, load))
        return self.rows[-1]


def measure(register: Register, effort: Effort, say: "Say") -> Figures:
    """Measure the node with one worker against its twins, then with two."""
    figures = Figures(register)
    bodies = questions.write(register.folder / "bodies.jsonl", QUESTIONS, register.loaded.profiles)
    with nodes.running(register) as node:
        with nodes.running(register, program=nodes.TWINS, port=free_port()) as twins:
            _in_turn(figures, node, twins, bodies, effort, say)
        figures.megabytes["node, 1 worker"] = node.megabytes()
        _open(Session(figures, node, "node", "/graphql", 1, bodies, say), effort)
    with nodes.running(register, workers=2) as node:
        session = Session(figures, node, "node", "/graphql", 2, bodies, say)
        session.warm()
        for clients in CLIENTS:
            session.closed(clients, effort.seconds)
        figures.megabytes["node, 2 workers"] = node.megabytes()
        _open(session, effort)
    return figures


def _in_turn(figures: Figures, node: Node, twins: Node, bodies: Path, effort: Effort, say: "Say") -> None:
    """Ask node and twins in turn, several times over: what others do on the machine then meets all of them alike."""
    own = Session(figures, node, "node", "/graphql", 1, bodies, say)
    sessions = [own, *(Session(figures, twins, what, path, 1, bodies, say) for what, path in TWINS)]
    for session in sessions:
        session.warm()
    for turn in range(TURNS):
        for clients in CLIENTS:
            for session in sessions:
                noted = session is own and clients == 8
                session.closed(clients, effort.seconds / TURNS, note_stages=noted, told=turn == TURNS - 1)


class Say:
    """Prints each line as soon as it is known."""

    def __call__(self, line: str) -> None:
        """Print it."""
        print(line, flush=True)


@dataclass(slots=True)
class Session:
    """A running server and one way of asking it."""

    figures: Figures
    node: Node
    what: str
    path: str
    workers: int
    bodies: Path
    say: Say
    asked: int = 0

    def warm(self) -> None:
        """Fill the caches; what is seen doesn't count."""
        run(Plan(self.node.port, self.path, str(self.bodies), 3, self.holders(), clients=8))

    def closed(self, clients: int, seconds: float, *, note_stages: bool = False, told: bool = True) -> None:
        """Ask with so many clients, each as fast as it is answered."""
        before = self.node.metrics() if note_stages else {}
        row = self._run(f"{clients} client{'s' * (clients > 1)}", seconds, clients=clients)
        if note_stages:
            self._note_stages(before, self.node.metrics())
        if told:
            self.say(line(row))

    def open(self, rate: float, seconds: float, *, poisson: bool = False) -> Row:
        """Let so many requests arrive each second."""
        row = self._run(f"{rate:.0f}/s{' at random' * poisson}", seconds, rate=rate, poisson=poisson)
        self.say(line(row))
        return row

    def _run(self, load: str, seconds: float, *, clients: int = 0, rate: float = 0, poisson: bool = False) -> Row:
        """Run once, and add what is seen to the row of that load."""
        plan = Plan(
            self.node.port, self.path, str(self.bodies), seconds, self.holders(), clients=clients, rate=rate,
            poisson=poisson, first=self.asked, warm_up=min(1.0, seconds / 2),
        )  # fmt: skip
        before, begun = self._processor_seconds(), perf_counter()
        outcome = run(plan)
        took = perf_counter() - begun
        taken = [after - then for after, then in zip(self._processor_seconds(), before, strict=True)]
        self.asked += outcome.arrived
        row = self.figures.row(self.what, self.workers, load)
        row.outcome.add(outcome)
        row.server_seconds += taken[0]
        row.database_seconds += taken[1]
        row.others_seconds += max(taken[2] - taken[0] - taken[1] - outcome.cpu_seconds, 0.0)
        row.seconds += took
        return row

    def holders(self) -> tuple[Holder, ...]:
        """Return holders of fresh tokens; a twin issues none, so it has the node's last."""
        if self.what == "node":
            _holders[self.figures.register.url] = tuple(self.node.holder() for _ in range(TOKENS))
        return _holders[self.figures.register.url]

    def _processor_seconds(self) -> tuple[float, float, float]:
        """Return what server, database and the whole machine have taken."""
        server = self.figures.register.server
        postmaster = (server.data / "postmaster.pid").read_text(encoding="ascii").split()[0] if server else ""
        database = nodes.processor_ticks(int(postmaster)) if postmaster else 0
        ticks = (nodes.processor_ticks(self.node.process.pid), database, nodes.busy_ticks())
        return ticks[0] / _TICK, ticks[1] / _TICK, ticks[2] / _TICK

    def _note_stages(self, before: dict[str, float], after: dict[str, float]) -> None:
        """Add what the node counted of itself since."""
        counted = self.figures.counted
        for name, value in after.items():
            counted[name] = counted.get(name, 0.0) + value - before.get(name, 0.0)


_holders: dict[str, tuple[Holder, ...]] = {}


def _open(session: Session, effort: Effort) -> None:
    """Hold the target, then let the rate rise until it is held no more."""
    session.open(TARGET, effort.target_seconds)
    session.open(TARGET, effort.target_seconds, poisson=True)
    held = session.figures.rows[-2].holds
    rate = TARGET * effort.step if held else TARGET / effort.step
    for _ in range(effort.most_steps):
        row = session.open(rate, effort.seconds)
        if row.holds:
            session.figures.highest[session.workers] = max(rate, session.figures.highest.get(session.workers, 0.0))
        if row.holds is not held:
            break
        rate = rate * effort.step if held else rate / effort.step
    if held:
        session.figures.highest[session.workers] = max(TARGET, session.figures.highest.get(session.workers, 0.0))


HEAD = (
    f"{'what':18} {'workers':>7} {'load':>16} {'answers/s':>9} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'failed':>6} "
    f"{'server ms':>9} {'db ms':>6} {'others':>6}"
)


def line(row: Row) -> str:
    """Return a row as text."""
    p50, p95, p99 = (row.outcome.percentile(share) for share in (0.5, 0.95, 0.99))
    return (
        f"{row.what:18} {row.workers:7} {row.load:>16} {row.outcome.rate:9.0f} {p50:8.1f} {p95:8.1f} {p99:8.1f} "
        f"{row.outcome.failed:6} {row.server_ms:9.2f} {row.database_ms:6.2f} {row.others:6.0%}"
    )
