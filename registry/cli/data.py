"""``registry import``: a file of records becomes proposals, which another chain then vets."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import click
import orjson
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from auth import strict
from registry.cli.base import OnBehalf, commanded, console, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.disclosure.vocabulary import Action, Purpose
from registry.editions.edition import Edition, load as load_edition
from registry.profiles import intake, operations
from registry.profiles.parts import Record
from registry.work import Work

BATCH = 1000
LONGEST_LINE = 100_000
MOST_TOLD = 50


@dataclass(slots=True)
class Report:
    """What became of each line."""

    ready: int = 0
    proposed: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    refused_lines: int = 0

    def refuse(self, line: int, found: Iterable[InputRefused]) -> None:
        """Note why a line is refused; the first ones are told in full."""
        self.refused_lines += 1
        if len(self.refused) < MOST_TOLD:
            self.refused += [
                {"line": line, "field": each.field, "code": each.code, "rule": each.message, "remedy": each.remedy}
                for each in found
            ]

    def as_text(self) -> str:
        """Return the report for people."""
        lines = [f"line {each['line']}: {each['field']} {each['rule']} {each['remedy'] or ''} [{each['code']}]"
                 for each in self.refused]  # fmt: skip
        return "\n".join([*lines, f"{self.ready} ready, {self.refused_lines} refused, {self.proposed} proposed"])


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check only; write nothing.")
@click.option("--from-line", default=1, type=click.IntRange(1), help="Go on where an earlier import stopped.")
@click.option("--reason", default="Import of an existing register", help="Why; stands in every proposal.")
@on_behalf(Purpose.REGISTER_MAINTENANCE)
@as_json
@reporting
def import_(file: Path, on_behalf: OnBehalf, dry_run: bool, from_line: int, reason: str, as_json: bool) -> None:
    """Propose the records of a JSONL FILE, one object a line.

    The whole file is checked first; if any line is refused, nothing is written. What is proposed waits
    for an officer of another chain.

    \b
    Examples:
      registry import old.jsonl --dry-run --agency ke-dci --officer 20417 --case "REG 1/2026" --legal-basis KE-DPA-51
      registry import old.jsonl --from-line 40001 …
    """  # noqa: D301
    chosen = settings()
    edition = load_edition(chosen.edition)
    report = Report()
    with_database(chosen, lambda database: commanded(database, on_behalf, "import", _permitted, edition))
    for _ in _records(file, edition, on_behalf.agency, report, from_line, "Checking"):
        report.ready += 1
    if not dry_run and not report.refused_lines:
        with_database(chosen, lambda database: _propose(database, file, on_behalf, edition, report, from_line, reason))
    told = {"ready": report.ready, "refused": report.refused_lines, "proposed": report.proposed,
            "problems": report.refused}  # fmt: skip
    emit(told, as_json=as_json, text=report.as_text())
    if report.refused_lines:
        sys.exit(2)


def _permitted(work: Work) -> None:
    """See that the officer may propose at all, before a file is read; the attempt is entered either way."""
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    work.record("import:begun")


async def _propose(
    database: Database, file: Path, on_behalf: OnBehalf, edition: Edition, report: Report, from_line: int, reason: str
) -> None:
    """Propose batch by batch; each is one transaction with its entry in the log."""
    records = (record for _, record in _records(file, edition, on_behalf.agency, report, from_line, "Proposing"))
    while batch := list(islice(records, BATCH)):
        try:
            propose = partial(operations.propose_many, records=batch, reason=reason)
            await commanded(database, on_behalf, "import", propose, edition)
        except BaseException:
            console.print(f"Stopped. Everything before is kept; go on with --from-line {from_line + report.proposed}")
            raise
        report.proposed += len(batch)


def _records(
    file: Path, edition: Edition, owner: str, report: Report, from_line: int, word: str
) -> Iterator[tuple[int, Record]]:
    """Read the records of a file, with a progress bar; refused lines are noted and passed over."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as progress, file.open("rb") as lines:  # fmt: skip
        task = progress.add_task(word, total=_count_lines(file) - from_line + 1)
        for number, line in enumerate(lines, 1):
            if number < from_line:
                continue
            progress.advance(task)
            try:
                yield number, intake.record(_parsed(line), edition, owner=owner)
            except intake.Problems as problems:
                report.refuse(number, problems.found)
            except InputRefused as problem:
                report.refuse(number, [problem])


def _parsed(line: bytes) -> object:
    if len(line) > LONGEST_LINE:
        raise InputRefused(
            f"is longer than {LONGEST_LINE} bytes.", field="record", code="RECORD_TOO_LONG", remedy="Split it."
        )
    try:
        value = orjson.loads(line)
        strict.parse(line.decode())  # of a member that stands twice, orjson keeps the last in silence
    except ValueError:
        raise InputRefused(
            "is not JSON in which each member stands once.", field="record", code="RECORD_MALFORMED",
            remedy="Write one JSON object a line, in UTF-8.",
        ) from None  # fmt: skip
    return value


def _count_lines(file: Path) -> int:
    with file.open("rb") as content:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: content.read(1 << 20), b""))
