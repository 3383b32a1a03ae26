"""``registry screen``: a list of people is checked against the register.

Stopped or killed, the same command goes on where it stopped; finished, within a day it answers with what it found.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from sqlalchemy import Connection

from registry.bulk import files
from registry.bulk.files import Source, Unchanged
from registry.bulk.written import whole
from registry.cli.base import OnBehalf, commanded, console, emit, reporting, settings
from registry.cli.data import bar
from registry.cli.options import as_json, on_behalf
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.key_providers import open_sealer
from registry.core.sealing import Sealer
from registry.core.telemetry import configure_logging
from registry.disclosure.rules import PURPOSES
from registry.disclosure.vocabulary import Action, Purpose
from registry.editions.edition import Edition, load as load_edition
from registry.matching.types import Band
from registry.screening import columns, engines, limits, operations, people, results, running
from registry.screening.checking import Chunk
from registry.screening.chunks import KIND
from registry.screening.engines import Engine
from registry.screening.operations import Asked, Listed
from registry.screening.people import Layout
from registry.screening.queries import Screening
from registry.screening.running import Checking, Job
from registry.screening.states import State
from registry.screening.views import ProblemView, ScreeningView
from registry.work import Work

T = TypeVar("T")
SHORT = 3_000
"""People who are checked in this process: others would start longer than they work."""
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Register:
    """The register, as an officer reaches it by this command."""

    settings: Settings
    edition: Edition
    sealer: Sealer
    on_behalf: OnBehalf
    runner: asyncio.Runner
    database: Database

    def run(self, use_case: Callable[[Work], T], kind: str = "command") -> T:
        """Run a use case in a transaction, with its entry in the log."""
        return self.runner.run(commanded(
            self.database, self.on_behalf, "screen", use_case, self.edition, self.sealer, kind
        ))  # fmt: skip

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run a step of a screening, which brings its own entries."""
        return self.runner.run(self.database.write(work))


@contextmanager
def _register(on_behalf: OnBehalf) -> Iterator[Register]:
    configure_logging("warning")
    chosen = settings()
    with asyncio.Runner() as runner:
        database = open_database(chosen).keeper
        try:
            yield Register(chosen, load_edition(chosen.edition), open_sealer(chosen), on_behalf, runner, database)
        finally:
            runner.run(database.close())


@dataclass(frozen=True, slots=True)
class Means:
    """Where people are checked."""

    engine: Engine | None
    processes: int | None
    ray: str | None

    def start(self, count: int) -> Callable[[Any], Any]:  # Any: engines.checking, in part
        """Return what starts workers for a list of so many people."""
        engine = self.engine or (Engine.RAY if self.ray else Engine.INLINE if count <= SHORT else Engine.PROCESSES)
        return lambda conditions: engines.checking(
            engine, conditions, processes=self.processes or os.cpu_count() or 1, address=self.ray
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--purpose",
    required=True,
    help="Why.",
    type=click.Choice(sorted(each.value for each in PURPOSES[Action.PROFILE_SCREEN])),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the hits there, best first: .csv, or lines of JSON. Whole or not at all, for your eyes only.",
)
@click.option(
    "--least",
    default=Band.POSSIBLE.value,
    show_default=True,
    type=click.Choice([each.value for each in Band]),
    help="The lowest band that is told.",
)
@click.option("--dates", help="How the list writes dates, such as DD/MM/YYYY. It is never guessed.")
@click.option("--sheet", help="Sheet of a workbook that holds several.")
@click.option("--again", is_flag=True, help="Check the list anew although it was checked within a day.")
@click.option("--cancel", is_flag=True, help="End the screening of this list that was begun and stopped.")
@click.option(
    "--engine",
    type=click.Choice([each.value for each in Engine]),
    help="Where people are checked; by the list's length if it is not said.",
)
@click.option("--processes", type=click.IntRange(1, 256), help="Workers; as many as cores by default.")
@click.option("--ray", metavar="ADDRESS", help="A Ray cluster that is there, such as ray://head.example:10001.")
@on_behalf(Purpose.CRIMINAL_INVESTIGATION)
@as_json
@reporting
def screen(
    file: Path, on_behalf: OnBehalf, purpose: str, out: Path | None, cancel: bool, as_json: bool, **how: Any,
) -> None:  # fmt: skip
    """Check the people of a FILE, CSV, XLSX or lines of JSON, against the register.

    Only a supervisor may, for a purpose and a case. The list is read here and never copied; of people without a hit
    nothing is kept. Each profile that a hit names is an entry of the log. docs/screening.md lists the columns.

    \b
    Examples:
      registry screen passengers.csv --purpose criminal_investigation --out hits.csv --dates DD/MM/YYYY \\
        --agency ke-dci --officer 30001 --case "CR 12/2026" --legal-basis KE-SOA-39-13
      registry screen passengers.csv …             stopped, it goes on
      registry screen passengers.csv --cancel …    or ends
    \b
    Exit codes: 0 every row was checked, 2 some could not be read (or usage), 3 refused, 1 stopped or failed.
    """  # noqa: D301
    if out is not None and out.resolve() == file.resolve():
        raise click.UsageError("--out names the list that is read.")
    asked = Asked(Band(how["least"]), how["dates"])
    with _register(replace(on_behalf, purpose=Purpose(purpose))) as register:
        source = files.opened(file, how["sheet"])
        digest = files.identity(source, files.digest(file))
        if cancel:
            ended = register.run(partial(operations.cancel_command, listed_digest=digest, asked=asked))
            _tell(ended, (), None, as_json=as_json)
            return
        means = Means(how["engine"] and Engine(how["engine"]), how["processes"], how["ray"])
        done = _checked(register, source, digest, asked, means, again=how["again"])
        if out is not None:
            _write(register, done, out)
        view = register.run(partial(operations.read_screening, identifier=done.id))
        wrong = register.run(partial(operations.read_problems, identifier=done.id)) if done.refused else ()
    _tell(view, wrong, out, as_json=as_json)
    if done.refused:
        sys.exit(2)


def _checked(
    register: Register, source: Source, digest: str, asked: Asked, means: Means, *, again: bool
) -> Screening:  # fmt: skip
    """Check what is left of a list. Raises InputRefused (FILE_…, HEADINGS_MISSING), Forbidden, LimitExceeded."""
    layout = _layout(source, register.edition, asked.dates)
    listed = Listed(digest, people.counted(source.rows(), limits.MOST_PEOPLE))
    begun = register.run(partial(operations.begin_command, listed=listed, asked=asked, again=again))
    if begun.state is State.FINISHED:
        console.print(f"This list was checked at {begun.ended_at:%Y-%m-%d %H:%M} UTC. --again checks it anew.")
        return begun
    job = Job(register.write, now, register.edition, register.sealer)
    unchanged = Unchanged(source.path)

    def left(screening: Screening) -> Iterator[Chunk]:
        for chunk in running.cut(source.rows(), first=screening.rows_done):
            unchanged.check()
            yield chunk
        unchanged.check()

    try:
        with bar() as progress:
            task = progress.add_task("Screening", total=listed.people, completed=begun.rows_done)
            checking = Checking(register.settings, layout, means.start(listed.people))
            return running.run(job, begun.id, checking, left, advance=lambda rows: progress.advance(task, rows))
    except BaseException:
        console.print("Stopped. What is found stays; the same command goes on from there, --cancel ends it.")
        raise


def _layout(source: Source, edition: Edition, dates: str | None) -> Layout:
    """Return how the rows are read, and say which columns are not."""
    if source.headings is None:
        return Layout("jsonl", 0, (), dates)
    found = columns.targets(source.headings, edition)
    read = {at for at, _ in found}
    if passed := [each for at, each in enumerate(source.headings) if each and at not in read]:
        console.print("Not read: " + ", ".join(passed), markup=False)
    return Layout(source.kind, len(source.headings), found, dates)


def _write(register: Register, screening: Screening, out: Path) -> None:
    """Write all hits, best first; each page of them is in the log before it is written."""
    written = results.of_name(out.name)
    with whole(out) as part, part.open("wb") as file:
        file.write(written.header)
        after: tuple[int, int, int] | None = None
        while True:
            page = register.run(partial(operations.read_hits, identifier=screening.id, limit=_PAGE, after=after), KIND)
            for hit in page.hits:
                file.write(written.line(hit))
            if not page.has_next:
                break
            after = page.places[-1]
    console.print(f"Written: {out}", markup=False)


def _tell(view: ScreeningView, wrong: Sequence[ProblemView], out: Path | None, *, as_json: bool) -> None:
    """Say how far it has come, and which rows could not be read."""
    told = asdict(view) | {"begun_at": view.begun_at.isoformat(),
                           "ended_at": view.ended_at.isoformat() if view.ended_at else None}  # fmt: skip
    lines = [f"row {each.row} {each.field} {each.rule} {each.remedy} [{each.code}]" for each in wrong]
    lines.append(f"{view.state.capitalize()}: {view.done:,} of {view.people or 0:,} rows are checked, {view.refused:,} "
                 f"could not be read. {view.hits:,} hits name {view.disclosed:,} profiles.")  # fmt: skip
    if view.hits and out is None:
        lines.append("The same command with --out FILE writes them.")
    emit(told | {"problems": [asdict(each) for each in wrong], "out": str(out) if out else None},
         as_json=as_json, text="\n".join(lines))  # fmt: skip
