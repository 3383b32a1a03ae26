"""``registry audit erase | retain | partitions``: what goes from the log by law, and where entries go.

Each chunk is one transaction together with the entry that accounts for it (registry/audit/erasures.py), so a run that
is stopped goes on where it was. On PostgreSQL set migration_url: the application's own role may erase nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

import click
from sqlalchemy import Connection

from auth.four_eyes import State
from registry.audit import erasures, partitions, retention
from registry.audit.erasures import Order
from registry.audit.retention import Plan
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.keys import as_owner, progress
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import clear
from registry.core.errors import Conflict, NotFound
from registry.core.ids import public_id, read_public_id
from registry.enrolment import queries
from registry.enrolment.act import Enrolment, Kind

T = TypeVar("T")
TABLES = ("log_entries", "log_subjects")
RETENTION = "retention of {} years"
_REWRITE = click.option(
    "--rewrite", is_flag=True, help="PostgreSQL: write both tables anew, without remnants. Questions wait."
)


@dataclass(slots=True)
class Gone:
    """What a run has erased."""

    entries: int = 0
    accounts: int = 0
    """Entries that account for it."""
    parts: int = 0
    remaining: str | None = None

    def as_text(self) -> str:
        """Return the report for people."""
        parts = f", {self.parts} partitions among them" if self.parts else ""
        said = f"Erased of {self.entries} entries{parts}; {self.accounts} entries of the log account for it."
        return "\n".join([said, *([self.remaining] if self.remaining else [])])


@click.command()
@click.argument("act")
@_REWRITE
@as_json
@reporting
def erase(act: str, rewrite: bool, as_json: bool) -> None:
    """Erase from the log what two administrators have agreed on: the approved act ACT, a logErasure. For good.

    Leaves stay, so every proof holds; what is left of an entry opens as before. Run again after a stop.

    \b
    Example:
      registry audit erase ZQGX…
    """  # noqa: D301
    identifier, node = read_public_id("enrolment", act, field="ACT"), settings()

    async def run(database: Database) -> Gone:
        async with as_owner(node, database) as owner:
            agreed = await owner.read(lambda connection: _agreed(queries.by_id(connection, identifier)))
            terms, gone = agreed.terms, Gone()
            await owner.read(lambda connection: _check_signed(connection, terms["last"]))
            assert agreed.decided_by is not None  # it is approved
            order = Order(
                None if terms["fields"] is None else frozenset(terms["fields"]), terms["legal_basis"], "audit erase",
                act=act, proposed_by=public_id("officer", agreed.proposed_by),
                approved_by=public_id("officer", agreed.decided_by),
            )  # fmt: skip
            await _by_rows(owner, order, terms["first"], terms["last"], gone)
            gone.remaining = await clear(owner, TABLES, rewrite=rewrite)
        return gone

    done = with_database(node, run)
    emit({"act": act, "entries": done.entries, "accounts": done.accounts, "remaining": done.remaining},
         as_json=as_json, text=done.as_text())  # fmt: skip


def _agreed(found: Enrolment | None) -> Enrolment:
    """Return an act that may be carried out. Raises NotFound, Conflict (ENROLMENT_STATE)."""
    if found is None or found.kind is not Kind.LOG_ERASURE:
        raise NotFound("No such act, or one of another kind.", field="ACT", remedy="Take the id of a logErasure.")
    if found.state is not State.APPROVED:
        raise Conflict(f"This act is {found.state.value}.", code="ENROLMENT_STATE", field="ACT",
                       remedy="Two administrators agree on it first.")  # fmt: skip
    return found


def _check_signed(connection: Connection, last: int) -> None:
    if last >= erasures.signed_size(connection):
        raise NotFound(f"Entry {last} is not signed.", code="ENTRY_NOT_SIGNED", remedy="Let the notary run first.")


async def _by_rows(owner: Database, order: Order, first: int, last: int, gone: Gone) -> None:
    """Erase chunk by chunk."""
    place: int | None = first
    with progress("Erasing", last - first + 1) as advance:
        while place is not None and place <= last:
            count, after = await owner.write(partial(_chunk, order=order, first=place, last=last))
            gone.entries += count
            gone.accounts += bool(count)
            advance((last + 1 if after is None else after) - place)
            place = after


def _chunk(connection: Connection, order: Order, first: int, last: int) -> tuple[int, int | None]:
    erasures.take_turn(connection)
    rows, after = erasures.waiting(connection, order, first, last)
    if rows:
        erasures.erase(connection, rows, order)
    return len(rows), after


# -- retention


@click.command()
@click.option("--do", "does", is_flag=True, help="Do it; else it is only told what would go.")
@click.option("--keep-from", type=click.IntRange(0), metavar="INDEX",
              help="Keep this entry and all behind it, whatever their age: a case needs them.")  # fmt: skip
@_REWRITE
@as_json
@reporting
def retain(does: bool, keep_from: int | None, rewrite: bool, as_json: bool) -> None:
    """Let the bodies of entries go that are older than the setting log_years. Leaves and tiles stay, for ever.

    \b
    Examples:
      registry audit retain
      registry audit retain --keep-from 1200000 --do
    """  # noqa: D301
    node = settings()

    async def run(database: Database) -> tuple[Plan, Gone]:
        async with as_owner(node, database) as owner:
            before = now() - timedelta(days=366 * node.log_years)  # not a day sooner than the law says
            plan = await _patient(owner, partial(retention.planned, before=before, keep_from=keep_from))
            gone = Gone()
            if does:
                await _retain(owner, node, plan, gone)
                gone.remaining = await clear(owner, TABLES, rewrite=rewrite)
        return plan, gone

    plan, gone = with_database(node, run)
    told = {"before": plan.end, "would_go": plan.count, "partitions": len(plan.parts), "done": does,
            "entries": gone.entries, "accounts": gone.accounts, "remaining": gone.remaining}  # fmt: skip
    text = gone.as_text() if does else (
        f"Would let {plan.count} bodies before entry {plan.end} go, {len(plan.parts)} whole partitions. Add --do."
    )  # fmt: skip
    emit(told, as_json=as_json, text=text)


async def _retain(owner: Database, node: Settings, plan: Plan, gone: Gone) -> None:
    order = Order(None, RETENTION.format(node.log_years), "audit retain")
    for part in plan.parts:
        runs = await _patient(owner, partial(retention.runs_of, part=part))
        await owner.write(partial(retention.let_go_part, part=part, runs=runs, order=order))
        gone.entries += sum(count for _, count in runs)
        gone.accounts += bool(runs)
        gone.parts += 1
    if plan.end:
        await _by_rows(owner, order, 0, plan.end - 1, gone)
    while await owner.write(partial(erasures.forget_loose, end=plan.end)):
        pass


async def _patient(owner: Database, work: Callable[[Connection], T]) -> T:
    """Read for as long as it takes: millions of entries are counted."""

    def run(connection: Connection) -> T:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        return work(connection)

    return await owner.write(run)


# -- partitions


@click.command("partitions")
@as_json
@reporting
def partitions_(as_json: bool) -> None:
    """Make partitions of the log ahead, and tell which there are. PostgreSQL only; registry migrate does it too.

    \b
    Example:
      registry audit partitions
    """  # noqa: D301
    node = settings()

    async def run(database: Database) -> tuple[list[partitions.Part], list[partitions.Part], int]:
        async with as_owner(node, database) as owner:
            made = await owner.write(partitions.keep_ahead)
            there = await owner.read(partitions.parts)
            return made, there, await owner.read(partitions.ahead)

    made, there, ahead = with_database(node, run)
    lines = [f"{each.name}: entries {each.first} to {each.end - 1}{', new' if each in made else ''}" for each in there]
    text = "\n".join([*lines, f"{ahead} of them wait."]) if there else "SQLite keeps the log in one table."
    emit({"partitions": [each._asdict() for each in there], "made": len(made), "ahead": ahead},
         as_json=as_json, text=text)  # fmt: skip
