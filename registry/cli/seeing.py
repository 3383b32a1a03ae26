"""``registry audit seen``: what an officer was shown, made again, beside what the records say now."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import click

from graphql_schema import schema
from graphql_schema.limits import Limits
from graphql_schema.oversight.seen import executing
from graphql_schema.paging import Cursors
from registry.cli.base import OnBehalf, commanded, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.config import Settings
from registry.core.errors import InputRefused
from registry.core.ids import read_public_id
from registry.core.key_providers import open_sealer
from registry.core.secret_files import read_secret
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition
from registry.seen import operations
from registry.seen.comparing import SeenRecord
from registry.seen.kept import CODES
from registry.seen.operations import Execute, Seen

VERDICTS = {
    "exact": "Exactly this was shown: made again, the answer has the digest that the entry keeps.",
    "differs": "NOT PROVED: made again, the answer has not the digest that the entry keeps. Something was altered.",
    "unproved": "Not proved: ",
}


@click.command()
@click.argument("index", type=click.IntRange(0), required=False)
@click.option("--by-officer", help="Instead of INDEX: an officer, by the id that the log prints, …")
@click.option("--at", type=click.DateTime(), help="… and a moment, UTC: the last answer that they had got by then.")
@click.option("--reason", required=True, help="Why you look. It is kept, sealed, in the entry of this reading.")
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def seen(
    index: int | None, by_officer: str | None, at: datetime | None, reason: str, on_behalf: OnBehalf, as_json: bool
) -> None:  # fmt: skip
    """Make again what the officer of entry INDEX was shown, and compare it with what the records say now.

    docs/seen.md says what is proved by it, and what can't be made again.

    \b
    Examples:
      registry audit seen 4711 --reason "Complaint 7/2026" --agency demo-ipoa --officer DEMO-4001 --case … …
      registry audit seen --by-officer cAGX… --at 2026-11-21T09:15:00 --reason "Complaint 7/2026" …
    """  # noqa: D301
    node = settings()
    execute = _executing(node)
    if index is not None and by_officer is None and at is None:
        use_case = partial(operations.see, index=index, reason=reason, execute=execute)
    elif index is None and by_officer is not None and at is not None:
        officer = read_public_id("officer", by_officer, field="--by-officer")
        use_case = partial(
            operations.see_at, officer=officer, at=at.replace(tzinfo=UTC), reason=reason, execute=execute
        )
    else:
        raise InputRefused("says not which answer.", field="INDEX", remedy="Give INDEX, or --by-officer and --at.")
    made = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "audit seen", use_case, load_edition(node.edition), open_sealer(node)
        ),
    )
    emit(_told(made), as_json=as_json, text="\n".join(_lines(made)))


def _executing(node: Settings) -> Execute:
    key = read_secret(node.cursor_key_file, field="cursor_key_file", least=32)
    return executing(schema.build(), Limits.of(node.limits), Cursors(key))


def _told(made: Seen) -> dict[str, Any]:
    return {
        "index": made.index, "at": made.at.isoformat(), "officer": made.officer_id,
        "officer_reference": made.officer_reference, "agency": made.agency, "purpose": made.purpose,
        "case_reference": made.case_reference, "proof": made.proof, "why": made.why, "answer": made.answer,
        "records": [
            {"profile": each.profile_id, "version": each.version, "version_now": each.version_now, "code": each.code,
             "fields": [{name: getattr(field, name) for name in field.__slots__} for field in each.fields]}
            for each in made.records
        ],
    }  # fmt: skip


def _lines(made: Seen) -> list[str]:
    """Return what people read: the verdict, and of each record what differs by now."""
    who = f"{made.officer_reference or '?'} of {made.agency or '?'}, for {made.purpose}, {made.case_reference}"
    verdict = VERDICTS[made.proof] + (CODES[made.why] if made.why else "")
    lines = [f"Entry {made.index}, {made.at.isoformat()}: {who}", verdict]
    return [*lines, *(line for each in made.records for line in _record(each))]


def _record(each: SeenRecord) -> list[str]:
    lines = ["", f"{each.profile_id}  version {each.version} shown, {each.version_now} now  {each.code or ''}".rstrip()]
    for field in each.fields:
        then = field.then or (f"withheld: {field.withheld_then}" if field.withheld_then else "nothing")
        lines.append(f"  {field.path}: {then}")
        if field.changed:
            lines.append(f"    the record says now: {field.record_now or 'nothing'}")
        if field.shown_differs:
            now = field.shown_now or (f"withheld: {field.withheld_now}" if field.withheld_now else "nothing")
            lines.append(f"    they would be shown now: {now}")
    return lines
