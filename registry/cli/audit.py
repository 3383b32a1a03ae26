"""``registry audit``: reading the log, which is itself logged."""

import sys
from functools import partial
from typing import Any

import click

from registry.cli.base import OnBehalf, commanded, console, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import Edition, load as load_edition
from registry.oversight import filters, operations
from registry.oversight.filters import LogFilter
from registry.oversight.views import EntryView
from registry.search import explaining
from registry.search.explaining import ExplainedSearch


@click.group()
def audit() -> None:
    """The log of who asked what."""


FILTER = click.argument("words", nargs=-1, metavar="[FILTER]...")
"""What an auditor looks for; a shell's arguments are put together with spaces, so that few need quoting."""
REASON = click.option("--reason", help="Why persons must be known: three words or more, entered in the log.")
LOOSE = {"ignore_unknown_options": True}
"""A filter may begin with a minus."""


def read_filter(words: tuple[str, ...], edition: Edition) -> LogFilter:
    """Read a filter from arguments, or with a single ``-`` from standard input, which other users don't see."""
    text = sys.stdin.read() if words == ("-",) else " ".join(words)
    return filters.read(text, edition, place="FILTER")


@audit.command("list", context_settings=LOOSE)
@FILTER
@click.option("--oldest-first", is_flag=True)
@click.option("--before", type=click.IntRange(0), help="Entries older than this index: the next page.")
@click.option("--after", type=click.IntRange(0), help="Entries newer than this index: the next page, oldest first.")
@click.option("--limit", default=20, type=click.IntRange(1, 100))
@REASON
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def list_(on_behalf: OnBehalf, as_json: bool, words: tuple[str, ...], **options: Any) -> None:
    """List entries, newest first. FILTER is what docs/auditing.md says; - reads it from standard input.

    Persons are masked unless you state a reason.

    \b
    Examples:
      registry audit list outcome:denied since:2026-11-01 --agency demo-ipoa --officer DEMO-4001 --case "AUDIT 1/2026" …
      registry audit list 'profile:cAGX… -purpose:subject_request' --reason "Complaint of a subject, file 12" …
    """  # noqa: D301
    node = settings()
    edition = load_edition(node.edition)
    reading = partial(operations.read_log, chosen=read_filter(words, edition), **options)
    page = with_database(
        node, lambda database: commanded(database, on_behalf, "audit list", reading, edition, open_sealer(node))
    )
    told = [_told(entry) for entry in page.entries]
    lines = [
        f"{each['index']:>8}  {each['at']}  {each['outcome']:<8} {each['operation']:<20} {each['code'] or '':<24} "
        f"{each['agency'] or each['client'] or '?':<12} {each['purpose'] or '':<24} {each['case_reference'] or ''}"
        for each in told
    ]
    if page.has_next:
        way = "--oldest-first --after" if options["oldest_first"] else "--before"
        console.print(f"Looked as far as entry {page.looked_until}: go on with {way} {page.looked_until}")
    emit({"entries": told, "has_next": page.has_next, "looked_until": page.looked_until}, as_json=as_json,
         text="\n".join(lines))  # fmt: skip


@audit.command()
@click.argument("index", type=click.IntRange(0))
@REASON
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def show(index: int, reason: str | None, on_behalf: OnBehalf, as_json: bool) -> None:
    """Show entry INDEX. Persons are masked unless you state a reason.

    \b
    Example:
      registry audit show 4711 --reason "Complaint of a subject, file 12" --agency demo-ipoa --officer DEMO-4001 …
    """  # noqa: D301
    node = settings()
    reading = partial(operations.read_entry, index=index, reason=reason)
    entry = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "audit show", reading, load_edition(node.edition), open_sealer(node)
        ),
    )
    told = _told(entry)
    lines = [f"{name:>18}  {value}" for name, value in told.items() if value and name != "events"]
    for event in entry.events:
        lines += [f"{'event':>18}  {event.name}  {' '.join(event.profile_ids)}", f"{'':18}  {event.details}"]
    emit(told, as_json=as_json, text="\n".join(lines))


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


def _told(entry: EntryView) -> dict[str, Any]:
    return {
        "index": entry.index, "at": entry.at.isoformat(), "kind": entry.kind, "operation": entry.operation,
        "outcome": entry.outcome, "code": entry.code, "client": entry.client, "agency": entry.agency,
        "country": entry.country, "officer": entry.officer_id, "officer_reference": entry.officer_reference,
        "on_behalf_of": entry.on_behalf_of, "attribution": entry.attribution, "purpose": entry.purpose,
        "case_reference": entry.case_reference,
        "legal_basis": entry.legal_basis, "justification": entry.justification, "policy": entry.policy,
        "program": entry.program, "request_id": entry.request_id,
        "source": entry.source, "erased": entry.erased, "masked": entry.is_masked,
        "events": [{"name": each.name, "profiles": each.profile_ids, "details": each.details} for each in entry.events],
    }  # fmt: skip
