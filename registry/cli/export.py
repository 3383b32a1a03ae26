"""``registry export``: everything that an agency owns in the register, as lines of JSON.

Each batch is in the log before it is written.
"""

from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import IO

import click

from registry.bulk import exported, exporting
from registry.bulk.written import in_order, whole
from registry.cli.base import OnBehalf, commanded, emit, reporting, settings, with_database
from registry.cli.data import bar
from registry.cli.options import as_json, on_behalf
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition


@click.command()
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--canonical", is_flag=True, help="What an import brings back, and in one order: to compare registers.")
@on_behalf(Purpose.REGISTER_MAINTENANCE)
@as_json
@reporting
def export(out: Path, on_behalf: OnBehalf, canonical: bool, as_json: bool) -> None:
    """Write every record that your agency owns to OUT, one JSON object a line, the first about the export itself.

    Only a supervisor may. Each batch stands in the log, as a disclosure, before it is written; OUT appears whole or not
    at all, and only its owner can read it. docs/imports.md describes the lines.

    \b
    Example:
      registry export register.jsonl --agency ke-dci --officer 30001 --case "REG 1/2026" --legal-basis KE-SOA-39-13
    """  # noqa: D301
    chosen = settings()
    with whole(out) as part, part.open("wb") as file:
        records = with_database(chosen, partial(_export, chosen, on_behalf, file, canonical))
    text = f"{records:,} records are written to {out}. Keep the file as you keep the register."
    emit({"records": records, "file": str(out)}, as_json=as_json, text=text)


async def _export(chosen: Settings, on_behalf: OnBehalf, file: IO[bytes], canonical: bool, database: Database) -> int:
    edition = load_edition(chosen.edition)
    run = partial(commanded, database, on_behalf, "export", edition=edition, sealer=open_sealer(chosen),
                  kind=exporting.KIND)  # fmt: skip
    total = await run(use_case=partial(exporting.begin_export, canonical=canonical))
    moment = None if canonical else now().isoformat()
    file.write(exported.header(edition, on_behalf.agency, exported_at=moment))
    after, records = 0, 0
    with bar() as progress, in_order(file) if canonical else nullcontext(file.write) as write:
        task = progress.add_task("Exporting", total=total)
        while True:
            batch = await run(use_case=partial(exporting.export_batch, after=after, canonical=canonical))
            if batch.last is None:
                return records
            for line in batch.lines:
                write(line)
            after, records = batch.last, records + len(batch.lines)
            progress.advance(task, batch.records)
