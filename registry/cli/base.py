"""What every command shares: exit codes, output, and a use case run on behalf of a named officer.

0  done
1  a failure of ours, or a conflict
2  usage, or input that breaks a rule
3  refused by policy
4  not found
5  a proof failed: what was signed or hashed is not what stands there
75 try later (sysexits' EX_TEMPFAIL)
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import click
import orjson
from rich.console import Console
from sqlalchemy import Connection

from auth import details, directory
from auth.actor import Actor
from registry.audit import policies
from registry.audit.events import Entry, Event, Outcome, outcome_of
from registry.audit.log import append
from registry.core import config
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import RegistryError, Unauthenticated
from registry.core.ids import new_id
from registry.core.sealing import Sealer
from registry.core.telemetry import configure_logging
from registry.disclosure import policy
from registry.disclosure.vocabulary import Attribution, Purpose
from registry.editions.edition import Edition
from registry.notices import queries as notices
from registry.work import Work

P = ParamSpec("P")
T = TypeVar("T")
console = Console(stderr=True, highlight=False)
"""Progress and remarks go to standard error; standard output carries results only."""


def emit(value: Any, *, as_json: bool, text: str) -> None:
    """Print a result: one JSON value, or text for people."""
    click.echo(orjson.dumps(value).decode() if as_json else text)


def reporting(command: Callable[P, T]) -> Callable[P, T]:
    """Turn a refusal into its message on standard error and its exit code."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> T:
        try:
            return command(*arguments, **options)
        except RegistryError as refusal:
            if options.get("as_json"):
                told = {"code": refusal.code, "field": refusal.field, "message": refusal.message,
                        "remedy": refusal.remedy}  # fmt: skip
                click.echo(orjson.dumps({"error": told}).decode())
            click.echo(f"registry: {refusal} [{refusal.code}]", err=True)
            sys.exit(refusal.exit_code)

    return run


def with_database(settings: Settings, use: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
    """Open the database, use it, close it."""
    configure_logging("warning")

    async def run() -> T:
        database = open_database(settings).keeper  # a command is the node's: nobody asks it over the wire
        try:
            return await use(database)
        finally:
            await database.close()

    return asyncio.run(run())


def settings() -> Settings:
    """Read the settings as the server does."""
    return config.load()


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """The officer that a command acts for, and why: entered in the log like any request."""

    agency: str
    officer: str
    purpose: Purpose
    case_reference: str
    legal_basis: str

    def actor(self, connection: Connection, edition: Edition) -> Actor:
        """Return the actor. Raises InputRefused, Unauthenticated."""
        item = {
            "type": details.TYPE, "purpose": self.purpose.value, "case_reference": self.case_reference,
            "legal_basis": self.legal_basis, "officer": self.officer,
        }  # fmt: skip
        details.parse(orjson.dumps([item]).decode(), edition)
        serving = directory.serving(connection, self.agency, self.officer)
        if serving is None:
            raise Unauthenticated("No such officer serves in this agency.", code="OFFICER_UNKNOWN", field="--officer")
        officer, closed = serving
        return Actor(
            client="command-line", agency=self.agency, token_id=str(new_id()), officer=officer, purpose=self.purpose,
            case_reference=self.case_reference, legal_basis=self.legal_basis, country=edition.country,
            attribution=Attribution.STATED, closed=closed,
            authenticated_at=now(),  # whoever types at the node has its keys in reach: there is no nearer proof
        )  # fmt: skip


async def commanded(
    database: Database, on_behalf: OnBehalf, command: str, use_case: Callable[[Work], T], edition: Edition,
    sealer: Sealer, kind: str = "command",
) -> T:  # fmt: skip
    """Run a use case in one transaction together with its entry in the log; a refusal is entered too."""
    entry = Entry(
        at=now(), kind=kind, operation=command, outcome=Outcome.ALLOWED, request_id=str(new_id()),
        client="command-line", agency=on_behalf.agency, officer_reference=on_behalf.officer,
        purpose=on_behalf.purpose.value, case_reference=on_behalf.case_reference, legal_basis=on_behalf.legal_basis,
        source="local",
    )  # fmt: skip
    events: list[Event] = []

    def run(connection: Connection) -> T:
        nonlocal entry
        actor = on_behalf.actor(connection, edition)
        assert actor.officer is not None
        table = policy.approved(edition.code)
        policies.keep(connection, table.version, table.edition, table.text, entry.at)
        entry = replace(entry, policy=table.version, **actor.said)
        work = Work(connection, actor, now(), edition, sealer, events=events)
        answer = use_case(work)
        append(connection, [replace(entry, events=tuple(events), **work.said)])
        notices.keep(connection, work.now, work.news)
        return answer

    try:
        return await database.write(run)
    except RegistryError as refusal:
        refused = replace(entry, outcome=outcome_of(refusal), code=refusal.code, events=tuple(events))
        await database.write(lambda connection: append(connection, [refused]))
        raise
