"""Which statements one search runs, and how the database runs them.

The node's application is built in this process and asked without a server; SQLAlchemy's event tells every statement
that goes to the driver. COPY goes past it and is counted by a wrapper of the driver's own call.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import asyncpg
import httpx
import orjson
import sqlalchemy as sa
import uvloop
from starlette.applications import Starlette

from auth import tokens
from auth.details import Details
from auth.keys import generate_client_key
from bench.holder import Holder
from bench.questions import DOCUMENT
from bench.register import Register
from registry import app as application
from registry.core import config
from registry.core.clock import now
from registry.core.db import Database
from registry.core.engines import open_database
from registry.demo.cast import BY_NAME, LEGAL_BASIS
from registry.disclosure.vocabulary import Attribution

SEARCHES: Mapping[str, Mapping[str, Any]] = {
    "a common name": {"name": "Peter Otieno Ouma"},
    "a name misspelt, with a year": {"name": "Jumaa Khamis Mwakyo", "birthDate": "1979"},
    "a birth date": {"birthDate": "1971-05-14"},
    "a phone": {"phone": "+254712345678"},
    "a national id": {"identifiers": [{"type": "NATIONAL_ID", "value": "23456789"}]},
    "nobody": {"name": "Xyzzy Quuxovich", "birthDate": "1960-02-29"},
}
"""One of each kind that reaches other indexes, or more of them."""


@dataclass(slots=True)
class Seen:
    """Statements as they went to the driver."""

    reading: list[tuple[str, Any]] = field(default_factory=list)
    """Text and parameters of those that answer the request."""
    committing: Counter[str] = field(default_factory=Counter)
    """First words of those by which the log's writer commits a batch."""


def seen(register: Register) -> dict[str, Seen]:
    """Return what each kind of search runs, each asked once before so that nothing is only done once."""
    with patch.dict(os.environ, register.environment | {"REGISTRY_LOG_LEVEL": "error"}):
        return uvloop.run(_seen())


async def _seen() -> dict[str, Seen]:
    app = application.create()
    found: dict[str, Seen] = {}
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        settings = app.state.node.settings
        held = generate_client_key()
        holder = Holder(_token(app, held.jwk["kid"]), held.private_pem, f"{settings.public_url}/graphql")
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for name, criteria in SEARCHES.items():
                await _ask(client, holder, criteria)
                with _collected() as found[name]:
                    await _ask(client, holder, criteria)
    return found


def _token(app: Starlette, jkt: str) -> str:
    """Return a token like those that the token endpoint issues, bound to this key."""
    node: application.Node = app.state.node
    player = BY_NAME["investigator"]
    details = Details(
        purpose=player.purpose, case_reference=player.case_reference, legal_basis=LEGAL_BASIS, officer=player.officer
    )
    claims = tokens.Claims(player.client, "bench-statements", now(), now() + timedelta(seconds=300), details, jkt,
                           attribution=Attribution.STATED)  # fmt: skip
    settings = node.settings
    return tokens.issue(claims, node.signing_key, issuer=settings.public_url, audience=tokens.audience(settings))


async def _ask(client: httpx.AsyncClient, holder: Holder, criteria: Mapping[str, Any]) -> None:
    asked = {"query": DOCUMENT, "variables": {"criteria": criteria}}
    answer = await client.post("/graphql", json=asked, headers=holder.headers())
    if answer.status_code != 200 or "errors" in answer.json():
        raise RuntimeError(answer.text)


@contextmanager
def _collected() -> Iterator[Seen]:
    """Tell the reader's statements from the writer's: the writer is whoever asks for the lock, or inserts."""
    collected = Seen()
    reader: list[int] = []

    def see(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not reader:
            reader.append(id(connection))
        if id(connection) == reader[0]:
            collected.reading.append((statement, parameters))
        else:
            collected.committing[" ".join(statement.split()[:3])] += 1

    copy = asyncpg.Connection.copy_records_to_table

    async def copied(self: Any, table: str, **options: Any) -> Any:
        collected.committing[f"COPY {table}"] += 1
        return await copy(self, table, **options)

    sa.event.listen(sa.Engine, "before_cursor_execute", see)
    try:
        with patch.object(asyncpg.Connection, "copy_records_to_table", copied):
            yield collected
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", see)


def counted(found: Mapping[str, Seen]) -> Iterator[str]:
    """Yield the count of each kind of search as lines."""
    for name, each in found.items():
        statements = [text for text, _ in each.reading if not text.startswith("BEGIN")]
        yield f"{name:30} {len(statements)} to answer, {sum(each.committing.values())} to commit the log's batch"
    last = next(iter(found.values()))
    yield "  answering:  " + "; ".join(_shape(text) for text, _ in last.reading)
    yield "  committing: " + "; ".join(f"{text} ({count})" for text, count in last.committing.items())


def _shape(text: str) -> str:
    """Return the tables that a statement reads."""
    words = text.split()
    tables = [words[n + 1] for n, word in enumerate(words[:-1]) if word.upper() in ("FROM", "JOIN")]
    return f"{words[0]} " + ", ".join(dict.fromkeys(t.strip("()") for t in tables if t[0].isalpha()))


def explained(register: Register, found: Mapping[str, Seen]) -> Iterator[str]:
    """Yield the plan of each statement, run once more with its own parameters."""
    with patch.dict(os.environ, register.environment):
        database = open_database(config.load())
    yield from uvloop.run(_explained(database, found))


async def _explained(database: Database, found: Mapping[str, Seen]) -> list[str]:
    how = "EXPLAIN (ANALYZE, BUFFERS)" if database.dialect == "postgresql" else "EXPLAIN QUERY PLAN"
    lines: list[str] = []

    def explain(connection: sa.Connection) -> None:
        for name, each in found.items():
            for text, parameters in each.reading:
                if not text.startswith("BEGIN"):
                    lines.append(f"-- {name}: {_shape(text)}  {orjson.dumps(parameters, default=str).decode()[:200]}")
                    rows = connection.exec_driver_sql(f"{how} {text}", parameters)
                    lines.extend(f"   {row[0] if how.endswith(')') else row[-1]}" for row in rows)

    try:
        await database.asked.read(explain)
    finally:
        await database.close()
    return lines
