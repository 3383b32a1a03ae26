"""``registry demo``: a node with a synthetic register, up and ready to be asked."""

import os
import time
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from registry import migrations
from registry.cli.base import console, reporting, with_database
from registry.core import config
from registry.core.errors import Conflict
from registry.demo import stage, walkthrough

READY = "ready"
UNFINISHED = "unfinished"
"""Stands in a folder of ours from the first file to the last."""


@click.command()
@click.option("--folder", default=Path("var/demo"), type=click.Path(file_okay=False, path_type=Path), help="Where.")
@click.option("--profiles", default=20_000, type=click.IntRange(1, 5_000_000), help="Size of the register.")
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
@click.option("--database-url", help="Another database than the folder's SQLite file, empty so far.")
@click.option("--prepare-only", is_flag=True, help="Set up and print; don't start the server.")
@reporting
def demo(folder: Path, profiles: int, port: int, database_url: str | None, prepare_only: bool) -> None:
    """Set up a node with synthetic people, start it, and print a walk-through to paste.

    \b
    Examples:
      registry demo
      registry demo --profiles 200 --port 8010 --folder var/small
      registry demo --profiles 1000000 --folder var/large
    """  # noqa: D301
    asked = f"{profiles} profiles at port {port} in {database_url or 'a file of the folder'}, {migrations.head()}\n"
    if (folder / READY).exists():
        _check_same(folder, asked)
    else:
        _set_up(folder, profiles, port, database_url)
        (folder / READY).write_text(asked, encoding="utf-8")
    os.environ["REGISTRY_SETTINGS"] = str(folder / "settings.toml")
    chosen = config.load()
    click.echo(f"\n# A synthetic register stands in {folder}. Paste these lines into another terminal,")
    click.echo(f"# in {Path.cwd()}:\n")
    click.echo("\n".join(walkthrough.lines(folder, chosen.public_url)))
    if chosen.sandbox_folder:
        click.echo(f"# The page to try it on: {chosen.public_url}/sandbox (it shows how to get its token)")
    if prepare_only:
        return
    click.echo(f"\n# The server listens at {chosen.public_url}; Ctrl-C stops it.\n")
    from registry.cli.main import run_server  # noqa: PLC0415  main imports this module

    run_server(chosen)


def _check_same(folder: Path, asked: str) -> None:
    """Refuse options that a folder made earlier would pass over in silence, and a folder of another version."""
    made = (folder / READY).read_text(encoding="utf-8")
    if made != asked:
        raise Conflict(
            f"{folder} holds a demonstration of {made.strip()}; this would be {asked.strip()}.",
            code="DEMO_DIFFERS", field="--folder",
            remedy="Leave the options out, name another folder, or remove this one.",
        )  # fmt: skip


def _clear(folder: Path) -> None:
    """Remove what an unfinished set-up of ours left; refuse a folder that holds anything else."""
    if folder.exists() and any(folder.iterdir()) and not (folder / UNFINISHED).exists():
        raise Conflict(
            f"{folder} holds files that no demonstration made.", code="FOLDER_NOT_EMPTY", field="--folder",
            remedy="Name an empty or a new folder.",
        )  # fmt: skip
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()
    for left in folder.glob("registry.db*"):
        left.unlink()


def _set_up(folder: Path, profiles: int, port: int, database_url: str | None) -> None:
    begun = time.perf_counter()
    _clear(folder)
    stage.write_keys(folder, port=port, database_url=database_url)
    settings = config.load({}, folder / "settings.toml")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        task = progress.add_task("Proposing and vetting synthetic profiles", total=profiles)
        with_database(
            settings,
            lambda database: stage.set_up(
                database, settings, folder, profiles, lambda count: progress.advance(task, count), port=port
            ),
        )
    (folder / UNFINISHED).unlink()
    console.print(f"{profiles} synthetic profiles in {time.perf_counter() - begun:.1f} s")
