"""``registry misuse``: let the rules look at the log, bring what explains, and tell the rules."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.progress import Progress

from registry.cli.base import OnBehalf, commanded, console, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.key_providers import open_sealer
from registry.core.sealing import Sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import Edition, load as load_edition
from registry.misuse import operations
from registry.misuse.looking import Look, Looking
from registry.misuse.names import Digest
from registry.misuse.rules import RULES
from registry.misuse.thresholds import Thresholds
from registry.work import Work

T = TypeVar("T")


@click.group()
def misuse() -> None:
    """Rules that look for misuse in the log, and what explains a hit."""


@misuse.command("run")
@click.option("--dry-run", is_flag=True, help="Tell what would be found, and keep nothing.")
@click.option("--since", type=click.DateTime(), help="UTC, with --dry-run: count accesses from then on as new.")
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def run_(on_behalf: OnBehalf, as_json: bool, dry_run: bool, since: datetime | None) -> None:
    """Look at what the notary has signed since the last run, until nothing is left.

    \b
    Examples:
      registry misuse run --agency demo-ipoa --officer DEMO-4001 --case "AUDIT 1/2026" --legal-basis …
      registry misuse run --dry-run --since 2026-11-01 …
    """  # noqa: D301
    if since is not None and not dry_run:
        raise click.UsageError("--since goes with --dry-run: what was looked at is not looked at again.")
    node = settings()
    edition, sealer = load_edition(node.edition), open_sealer(node)
    moment = since.replace(tzinfo=UTC) if since else None

    async def look(database: Database) -> list[dict[str, Any]]:
        command = _Command(database, on_behalf, edition, sealer)
        return await command.run(node, dry=dry_run, since=moment)

    told = with_database(node, look)
    lines = [_line(each) for each in told]
    emit({"runs": told}, as_json=as_json, text="\n".join(lines) or "Nothing has been signed since the last run.")


class _Command:
    """A command at work on one register."""

    def __init__(self, database: Database, on_behalf: OnBehalf, edition: Edition, sealer: Sealer) -> None:
        self._database, self._on_behalf, self._edition, self._sealer = database, on_behalf, edition, sealer

    async def do(self, name: str, use_case: Callable[[Work], T]) -> T:
        return await commanded(self._database, self._on_behalf, name, use_case, self._edition, self._sealer)

    async def run(self, node: Settings, *, dry: bool, since: datetime | None) -> list[dict[str, Any]]:
        await self.do("misuse run", partial(operations.begin_run, dry=dry, since=since))
        thresholds = Thresholds.of(node.misuse)
        looking = Looking(self._database, Digest(self._sealer.blind), self._edition.country, thresholds)
        told: list[dict[str, Any]] = []
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("reading entries", total=None)
            while look := await looking.next(
                now(), since=since, advance=lambda done, of: progress.update(task, completed=done, total=of)
            ):
                told.append(_told(look))
                if dry:
                    break
                keep = partial(operations.keep_run, look=look, thresholds=thresholds)
                await self.do("misuse run", keep)
        return told


def _told(look: Look) -> dict[str, Any]:
    found = [
        {"rule": each.hit.rule, "score": each.score / 1000, "agency": each.hit.agency,
         "entries": list(each.hit.entries[-10:]), "numbers": dict(each.hit.numbers)}
        for each in look.weighed.findings
    ]  # fmt: skip
    return look.to_json() | {"found": found}


def _line(told: dict[str, Any]) -> str:
    head = (
        f"Entries {told['first']} to {told['size'] - 1}: {told['accesses']} about persons, "
        f"{told['findings']} findings, "
        f"{told['explained_per_mille'] / 10:.1f} % of hits explained, {told['left']} left beyond the budget."
    )
    rows = [
        f"  {each['score']:.3f}  {each['rule']:<12} {each['agency']:<16} entries {', '.join(map(str, each['entries']))}"
        for each in told["found"]
    ]
    month = told["month"]
    shares = (
        f"  Of the accesses of thirty days {_share(month['paid'], month['accesses'])} were taken from the budget; "
        f"beside it the sample, {_share(told['sampled'], told['accesses'])} of these."
    )
    idle = [f"  Without facts to rest on: {', '.join(told['idle'])}."] if told["idle"] else []
    return "\n".join([head, shares, *rows, *idle])


def _share(some: int, of: int) -> str:
    return f"{some / of:.2%} ({some} of {of})" if of else f"0.00% ({some} of 0)"


@misuse.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_behalf(Purpose.ADMINISTRATION)
@as_json
@reporting
def import_(file: Path, on_behalf: OnBehalf, as_json: bool) -> None:
    """Take in what other systems know: assigned cases, shifts, court lists, who has left. All of FILE, or nothing.

    \b
    Example:
      registry misuse import explanations.csv --agency demo-dci --officer DEMO-5001 --case "ADM 1/2026" --legal-basis …
    """  # noqa: D301
    node = settings()
    use_case = partial(operations.add_facts, content=file.read_bytes())
    count = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "misuse import", use_case, load_edition(node.edition), open_sealer(node)
        ),
    )
    emit({"facts": count}, as_json=as_json, text=f"{count} facts were taken in.")


@misuse.command("rules")
@as_json
@reporting
def rules(as_json: bool) -> None:
    """Print the rules.

    \b
    Example:
      registry misuse rules --json
    """  # noqa: D301
    told = [{"rule": each.id, "title": each.title, "counts": each.counts, "why": each.why} for each in RULES]
    emit(told, as_json=as_json, text="\n".join(f"{each['rule']:<13} {each['counts']}" for each in told))
