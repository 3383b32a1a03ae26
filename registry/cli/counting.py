"""``registry audit report``: accesses counted, as a table, as JSON, or drawn."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from graphql_schema.limits import Limits
from registry.cli.audit import FILTER, LOOSE, REASON, read_filter
from registry.cli.base import OnBehalf, commanded, console, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.config import Settings
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition
from registry.oversight import drawing, operations, reports
from registry.oversight.reports import Report


@click.command(context_settings=LOOSE)
@FILTER
@click.option("--by", required=True, help=f"One or two of {', '.join(reports.By)}, with a comma between them.")
@click.option("--drawing", "drawn", type=click.Path(dir_okay=False, path_type=Path), help="Draw it into an SVG file.")
@REASON
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def report(
    words: tuple[str, ...], by: str, drawn: Path | None, reason: str | None, on_behalf: OnBehalf, as_json: bool
) -> None:  # fmt: skip
    """Count the entries that FILTER means, of the last 30 days if it says no time.

    Small counts are not told, nor what would give them away: ? stands for them.

    \b
    Examples:
      registry audit report --by day,agency since:2026-11-01 --agency demo-ipoa --officer DEMO-4001 --case …
      registry audit report --by weekday,hour --drawing hours.svg action:search …
    """  # noqa: D301
    node = settings()
    edition = load_edition(node.edition)
    use_case = partial(
        operations.read_report, chosen=read_filter(words, edition), by=reports.read_by(by.split(","), "--by"),
        limits=_limits(node), reason=reason,
    )  # fmt: skip
    found = with_database(
        node, lambda database: commanded(database, on_behalf, "audit report", use_case, edition, open_sealer(node))
    )
    if drawn is not None:
        drawn.write_text(drawing.svg(found), encoding="utf-8")
        console.print(f"Drawn: {drawn}")
    emit(_told(found), as_json=as_json, text="\n".join(_lines(found)))


def _limits(node: Settings) -> operations.ReportLimits:
    limits = Limits.of(node.limits)
    return operations.ReportLimits(limits.report_least, limits.report_entries, limits.report_cells)


def _lines(found: Report) -> list[str]:
    """Return a table with numbers, or, where it would be too wide for a terminal, one of blocks."""
    table = found.table
    if len(found.columns) > _WIDEST:
        return [*drawing.blocks(found), f"{drawing.said(table.total)} in all"]
    names = [*found.columns, "all"] if len(found.by) > 1 else ["all"]
    rows = [
        (name, [*cells, total] if len(found.by) > 1 else [total])
        for name, cells, total in zip(found.rows, table.cells, table.rows, strict=True)
    ]
    rows.append(("all", [*table.columns, table.total] if len(found.by) > 1 else [table.total]))
    first = max(len(name) for name, _ in rows)
    width = max(9, *map(len, names))
    head = f"{'':{first}}" + "".join(f"  {name:>{width}}" for name in names)
    return [head] + [
        f"{name:{first}}" + "".join(f"  {drawing.said(each):>{width}}" for each in counts) for name, counts in rows
    ]


_WIDEST = 8
"""Columns of numbers."""


def _told(found: Report) -> dict[str, Any]:
    return {
        "since": found.since.isoformat(), "until": found.until.isoformat(), "by": found.by, "columns": found.columns,
        "rows": [
            {"name": name, "counts": cells, "total": total}
            for name, cells, total in zip(found.rows, found.table.cells, found.table.rows, strict=True)
        ],
        "column_totals": found.table.columns, "total": found.table.total, "least": found.least,
    }  # fmt: skip
