"""The doors measured in one run: node, twin and stock service asked in turn, so that what others do meets all alike."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import uvloop

from bench import node as nodes
from bench.doors import agreement, execution, orm, stock, subjects
from bench.doors.agreement import NODE, SAME_WORK, STOCK, TWIN, Door
from bench.doors.questions import Question, hits, page, profile
from bench.measure import CLIENTS, Effort, Figures, Row, Say, Session
from bench.register import Register, free_port
from registry.core import config
from registry.core.engines import open_database

TURNS = 3
SAMPLES = 20
"""Answers of the twin that are compared with ours, field by field, before anything is measured."""
EXECUTIONS, QUICK_EXECUTIONS = 100, 5
MOST_CLIENTS = max(CLIENTS)
TWIN_PROGRAM = "from bench.doors.twin import serve; serve()"


@dataclass(slots=True)
class Contest:
    """Everything measured of one kind of question."""

    question: Question
    figures: Figures
    compared: int = 0
    """Answers found equal."""

    def row(self, what: str, clients: int, workers: int = 1) -> Row:
        """Return a row; an empty one where nothing was measured."""
        load = f"{clients} client{'s' * (clients > 1)}"
        for row in self.figures.rows:
            if (row.what, row.workers, row.load) == (what, workers, load):
                return row
        return Row(what, workers, load)


@dataclass(slots=True)
class Measured:
    """Everything measured on one register."""

    register: Register
    contests: list[Contest] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    plans: Mapping[str, float] = field(default_factory=dict)
    """Objects that plans answered, and those they left to the library, over the node's runs."""
    missing: str = ""
    """Why there is no stock service."""


def measured(register: Register, effort: Effort, *, quick: bool = False) -> Measured:
    """Measure one register."""
    about = subjects.chosen(register)
    asked = (hits(register.loaded.profiles), page(about.names), profile(about.ids))
    found = Measured(register, [Contest(each, Figures(register)) for each in asked])
    with ExitStack() as running:
        node = running.enter_context(nodes.running(register))
        twin = running.enter_context(nodes.running(register, program=TWIN_PROGRAM, port=free_port()))
        rivals: list[Door] = []
        if stock.is_installed():
            program = stock.program(_filled(register))
            rival = running.enter_context(nodes.running(register, program=program, port=free_port()))
            rivals = [Door(STOCK, rival, "/stock/"), Door(SAME_WORK, rival, "/same-work/")]
        else:
            found.missing = "not installed: deploy/bootstrap.sh peers"
        for contest in found.contests:
            doors = [Door(NODE, node, "/graphql"), Door(TWIN, twin, f"/{contest.question.name}")]
            doors += rivals if contest.question.name == "page" else []
            contest.compared = agreement.compared(contest.question, doors, SAMPLES)
            _in_turn(contest, doors, effort, CLIENTS)
        counted = node.metrics()
        found.plans = {end: counted.get(f'registry_plans_total{{end="{end}"}}', 0.0) for end in ("hit", "bail")}
    with nodes.running(register, workers=2) as node:
        for contest in found.contests:
            _in_turn(contest, [Door(NODE, node, "/graphql")], effort, (MOST_CLIENTS,), workers=2)
    found.executed = list(execution.lines(about.page, QUICK_EXECUTIONS if quick else EXECUTIONS))
    return found


def _in_turn(
    contest: Contest, doors: Sequence[Door], effort: Effort, clients: Sequence[int], *, workers: int = 1
) -> None:  # fmt: skip
    graphql, rest = contest.question.write(contest.figures.register.folder)
    sessions = [
        Session(contest.figures, door.server, door.what, door.path, workers, rest if door.what == TWIN else graphql,
                Aside())
        for door in doors
    ]  # fmt: skip
    for session in sessions:
        session.warm()
    for _ in range(TURNS):
        for count in clients:
            for session in sessions:
                session.closed(count, effort.seconds / TURNS, told=False)


class Aside(Say):
    """Says nothing: the table tells all at the end."""

    def __call__(self, line: str) -> None:
        """Leave it."""


def _filled(register: Register) -> str:
    """Fill the stock service's tables beside the register, unless an earlier run has; return their URL."""
    url, mark = stock.url_of(register.url, register.folder), register.folder / "stock.filled"
    if mark.exists():
        return url
    if register.server is not None:
        register.server.create_register(stock.HERE)
    print(f"  filling the stock service with {register.loaded.profiles} people", file=sys.stderr, flush=True)
    uvloop.run(_fill(url, register))
    mark.write_text(url, encoding="utf-8")
    return url


async def _fill(url: str, register: Register) -> None:
    database = open_database(config.load({"REGISTRY_DATABASE_URL": url}, register.folder / "settings.toml"))
    try:
        await database.write(lambda connection: orm.fill(connection, register.loaded.profiles))
        await database.write(lambda connection: connection.exec_driver_sql("ANALYZE"))
    finally:
        await database.close()
