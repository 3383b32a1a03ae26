"""``registry import``: a file of records becomes proposals, which another chain then vets.

The first run looks (``--dry-run``), the second one enters; killed, the same command goes on where it stopped.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from registry.bulk import annotated, files, headings
from registry.bulk.dry_run import Trial
from registry.bulk.mapping import Mapping, to_toml
from registry.bulk.queries import Import
from registry.bulk.workers import CHUNK
from registry.cli import bringing
from registry.cli.base import OnBehalf, console, emit, reporting, settings
from registry.cli.bringing import Asked, Brought, Register
from registry.cli.options import as_json, on_behalf
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition


class Pace(ProgressColumn):
    """Rows a second, and rows left."""

    def render(self, task: Task) -> Text:
        """Return both."""
        pace = task.finished_speed or task.speed or 0
        return Text(f"{pace:,.0f} rows/s, {max(task.remaining or 0, 0):,.0f} left")


def bar() -> Progress:
    """Return a progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Pace(), TimeRemainingColumn())
    return Progress(*columns, console=console)


_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--dry-run", "is_dry", is_flag=True, help="Check only: what would be entered, and what is wrong where.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With a check: write the file again, with the columns status and reason.",
)
@click.option("--mapping", type=_FILE, help="TOML file that says which column goes where; it is remembered.")
@click.option("--dates", help="How the file writes dates, such as DD/MM/YYYY. It is never guessed.")
@click.option(
    "--set",
    "constants",
    multiple=True,
    metavar="PATH=VALUE",
    help="What no column says, such as legal_basis.code=KE-SOA-39-13; several times, if need be.",
)
@click.option("--sheet", help="Sheet of a workbook that holds several.")
@click.option("--print-mapping", is_flag=True, help="Print what the headings seem to mean, as a mapping file, and end.")
@click.option("--ready-only", is_flag=True, help="Enter the rows that are ready although others are not.")
@click.option("--with-duplicates", is_flag=True, help="Enter possible duplicates too; each is looked at when vetted.")
@click.option("--yes", is_flag=True, help="Check and enter at once, without asking.")
@click.option("--reason", default="Import of an existing register", help="Why; stands in every proposal.")
@click.option("--processes", type=click.IntRange(0, 64), help="Processes that read rows; as many as cores by default.")
@click.option("--chunk", default=CHUNK, type=click.IntRange(1, 10_000), help="Rows of one transaction.")
@on_behalf(Purpose.REGISTER_MAINTENANCE)
@as_json
@reporting
def import_(
    file: Path, on_behalf: OnBehalf, is_dry: bool, out: Path | None, print_mapping: bool, yes: bool, as_json: bool,
    **asked: Any,
) -> None:  # fmt: skip
    """Propose the records of a FILE: JSONL (one object a line), CSV or XLSX.

    Check it first with --dry-run; the import then enters what was checked, and nothing while a row is not ready. What
    is proposed waits for an officer of another chain. An import that was killed goes on with the same command.

    \b
    Examples:
      registry import old.csv --dry-run --out old.checked.csv --dates DD/MM/YYYY \\
        --agency ke-dci --officer 20417 --case "REG 1/2026" --legal-basis KE-SOA-39-13
      registry import old.csv …                    enter it
      registry import old.csv --print-mapping …    what its headings seem to mean, to be mended
    """  # noqa: D301
    _see_what_out_is(out, file, checks=is_dry or yes)
    wanted, chosen = Asked(**asked), settings()
    edition = load_edition(chosen.edition)
    if print_mapping:
        names = headings.checked(files.opened(file, wanted.sheet).headings or [])
        made = bringing.guess(names, edition, wanted)
        click.echo(to_toml(made) if made else "", nl=False)
        return
    register = Register(chosen, edition, open_sealer(chosen), on_behalf)
    brought = bringing.opened(register, file, wanted)
    if _is_finished(brought.recalled.known, as_json=as_json):
        return
    told: dict[str, Any] = {}
    words = []
    if is_dry or (yes and not brought.is_checked(register.rules)):
        _show(brought, asks=not (yes or as_json))
        trial, found = _checked(register, brought, out)
        told, words = trial.report.to_json(), [trial.report.as_text()]
        if is_dry or bringing.choice(register, brought, wanted).left_out(found):
            emit({**told, "entered": 0}, as_json=as_json, text=words[0])
            sys.exit(2 if found.needs_fixing + found.duplicates + found.refused else 0)
    entered = _entered(register, brought, wanted)
    words.append(f"{entered:,} rows are entered. They wait to be vetted by an officer of another chain.")
    emit({**told, "entered": entered, "finished": True}, as_json=as_json, text="\n".join(words))


def _see_what_out_is(out: Path | None, file: Path, *, checks: bool) -> None:
    if out is not None and not checks:
        raise click.UsageError("--out tells what a check found: add --dry-run.")
    if out is not None and out.resolve() == file.resolve():
        raise click.UsageError("--out names the file that is read.")


def _is_finished(known: Import | None, *, as_json: bool) -> bool:
    """Say so, of a file that is entered already; then nothing is to be done."""
    if known is None or known.finished_at is None:
        return False
    text = f"This file was entered on {known.finished_at:%Y-%m-%d}: {known.entered:,} rows. Nothing is to be done."
    emit({"entered": known.entered, "finished": True}, as_json=as_json, text=text)
    return True


def _show(brought: Brought, *, asks: bool) -> None:
    """Show how the columns are read; ask whether that is right, where somebody can answer."""
    mapping = brought.plan.mapping
    if mapping is None:
        return
    console.print("\n".join(_lines(mapping, is_guessed=brought.is_guessed)), markup=False)
    if brought.is_guessed and asks and sys.stdin.isatty():
        click.confirm("Is that what the columns hold?", abort=True, err=True)


def _lines(mapping: Mapping, *, is_guessed: bool) -> list[str]:
    first = "The headings seem to mean:" if is_guessed else "The columns are read so:"
    columns = [f"  {heading}: {each.path or 'not taken over'}" for heading, each in mapping.columns.items()]
    constants = [f"  in every row: {path} = {value}" for path, value in mapping.constants.items()]
    return [first, *columns, *constants, f"  dates: {mapping.dates or 'YYYY-MM-DD'}"]


def _checked(register: Register, brought: Brought, out: Path | None) -> tuple[Trial, Import]:
    with tempfile.TemporaryFile() as kept:
        with bar() as progress:
            task = progress.add_task("Checking", total=brought.source.about())
            trial, found = bringing.check(register, brought, kept, lambda rows: progress.advance(task, rows))
            progress.update(task, total=found.rows, completed=found.rows)
        if out is not None:
            annotated.write(brought.source, out, trial.notes())
            console.print(f"Written: {out}", markup=False)
    return trial, found


def _entered(register: Register, brought: Brought, asked: Asked) -> int:
    begun = bringing.begin(register, brought, asked)
    try:
        with bar() as progress:
            task = progress.add_task("Entering", total=begun.rows, completed=begun.rows_done)
            return bringing.enter(register, brought, asked, begun, lambda rows: progress.advance(task, rows))
    except BaseException:
        console.print("Stopped. What is entered stays; the same command goes on from there.")
        raise
