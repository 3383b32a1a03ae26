"""``registry audit``: reading the log, which is itself logged."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import click

from registry.audit.events import Outcome
from registry.cli.base import OnBehalf, commanded, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.ids import read_public_id
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition
from registry.oversight import operations
from registry.oversight.queries import LogFilter
from registry.oversight.views import EntryView
from registry.search import explaining
from registry.search.explaining import ExplainedSearch


@click.group()
def audit() -> None:
    """The log of who asked what."""


@audit.command("list")
@click.option("--by-officer", help="Entries of this officer (an id as the log prints it).")
@click.option("--profile", help="Entries that concern this profile (its id).")
@click.option("--purpose", type=click.Choice([each.value for each in Purpose]), help="Entries made for this purpose.")
@click.option("--outcome", type=click.Choice([each.value for each in Outcome]))
@click.option("--since", type=click.DateTime(), help="UTC.")
@click.option("--until", type=click.DateTime(), help="UTC.")
@click.option("--before", type=click.IntRange(0), help="Entries older than this index: the next page.")
@click.option("--limit", default=20, type=click.IntRange(1, 100))
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def list_(on_behalf: OnBehalf, as_json: bool, before: int | None, limit: int, **filters: Any) -> None:
    """List entries, newest first.

    \b
    Examples:
      registry audit list --outcome denied --agency demo-ipoa --officer DEMO-4001 --case "AUDIT 1/2026" --legal-basis …
      registry audit list --profile cAGX… --since 2026-11-01 …
    """  # noqa: D301
    chosen = _filter(**filters)
    node = settings()
    reading = partial(operations.read_log, chosen=chosen, before=before, limit=limit)
    page = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "audit list", reading, load_edition(node.edition), open_sealer(node)
        ),
    )
    told = [_told(entry) for entry in page.entries]
    lines = [
        f"{each['index']:>8}  {each['at']}  {each['outcome']:<8} {each['operation']:<20} {each['code'] or '':<24} "
        f"{each['agency'] or each['client'] or '?':<12} {each['purpose'] or '':<24} {each['case_reference'] or ''}"
        for each in told
    ]
    emit({"entries": told, "has_next": page.has_next}, as_json=as_json, text="\n".join(lines))


@audit.command()
@click.argument("index", type=click.IntRange(0))
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def explain(index: int, on_behalf: OnBehalf, as_json: bool) -> None:
    """Make the reasons of the searches in entry INDEX again, and say whether they are the same.

    An auditor is told no person's record: scores, versions, and whether the reasons agree with what was answered.

    \b
    Example:
      registry audit explain 4711 --agency demo-ipoa --officer DEMO-4001 --case "AUDIT 1/2026" --legal-basis …
    """  # noqa: D301
    node = settings()
    use_case = partial(explaining.explain_entry, index=index)
    made = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "audit explain", use_case, load_edition(node.edition), open_sealer(node)
        ),
    )
    lines = [
        f"{hit.profile_id}  version {hit.version}  {hit.score_then:.4f}  "
        + ("the same reasons" if hit.same else f"differs: {', '.join(hit.differs)}")
        for search in made.searches for hit in search.hits
    ]  # fmt: skip
    verdict = "The same reasons." if made.same else "Not all reasons are the same."
    told = {"entry": made.entry, "at": made.at.isoformat(), "same": made.same,
            "searches": [_search_told(each) for each in made.searches]}  # fmt: skip
    emit(told, as_json=as_json, text="\n".join([*lines, verdict if lines else "Nobody was found."]))


def _search_told(search: ExplainedSearch) -> dict[str, Any]:
    hits = [
        {"profile": hit.profile_id, "version": hit.version, "score_then": hit.score_then, "score": hit.score,
         "same": hit.same, "differs": hit.differs}
        for hit in search.hits
    ]  # fmt: skip
    return {"matcher": search.matcher, "register_size": search.register_size, "hits": hits}


def _filter(
    by_officer: str | None,
    profile: str | None,
    purpose: str | None,
    outcome: str | None,
    since: datetime | None,
    until: datetime | None,
) -> LogFilter:
    return LogFilter(
        officer=read_public_id("officer", by_officer, field="--by-officer") if by_officer else None,
        profile=read_public_id("profile", profile, field="--profile") if profile else None,
        purpose=purpose,
        outcome=outcome,
        since=since.replace(tzinfo=UTC) if since else None,
        until=until.replace(tzinfo=UTC) if until else None,
    )


def _told(entry: EntryView) -> dict[str, Any]:
    return {
        "index": entry.index, "at": entry.at.isoformat(), "kind": entry.kind, "operation": entry.operation,
        "outcome": entry.outcome, "code": entry.code, "client": entry.client, "agency": entry.agency,
        "officer": entry.officer_id, "officer_reference": entry.officer_reference,
        "purpose": entry.purpose, "case_reference": entry.case_reference,
        "events": [{"name": each.name, "profiles": each.profile_ids, "details": each.details} for each in entry.events],
    }  # fmt: skip
