"""A node within the test's own process: real settings, keys, database and ASGI stack, spoken to through httpx.

async with running(url, folder) as node:
    answer = await node.ask("{ profile(id: \"…\") { sex } }")          an investigator asks
    entry = await node.entry(answer)                                   what the log says of it
"""

import asyncio
import json
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy import Connection, event
from starlette.applications import Starlette

from auth import tokens
from auth.details import Details
from auth.tokens import Claims
from registry import app as application
from registry.audit.models import entries
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.ids import new_id, public_id
from registry.core.private import write_private
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from registry.models import metadata
from tests import factories
from tests.auth.household import Watch
from tests.auth.tokens import pair
from tests.holder import JKT, headers
from tests.registers import migrated, new_register

URL = "https://registry.example"
CASE = "CR 12/2026"
RESPONSE = "application/graphql-response+json"
UPKEEP = frozenset({"signing-keys", "sweep", "screening", "misuse", "heartbeat", "promise-keys", "strangers"})
"""Tasks of a node that ask the database by themselves."""
_COUNTED = ("log_", "meters", "shown_subjects", "alarms", "replays")
_KEPT = tuple(table for name, table in metadata.tables.items() if not name.startswith(_COUNTED))

PEOPLE = (
    factories.record(),
    factories.named("Wanjiru Invented Njeri", sex="female", county="Nyeri"),
    factories.named("Otieno Invented Ouma", birth_date="1980", sex="male"),
    *(factories.named(f"Achieng Invented {word}", birth_date="1990") for word in ("Adhiambo", "Atieno", "Akinyi")),
)
"""Who stands in the small register."""


def settings_for(url: str, folder: Path, **changes: Any) -> Settings:  # Any: the settings' own types
    """Return settings of a node whose keys lie in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_private(folder / "signing.pem", pair("ES256", 99).private_pem)
    write_private(folder / "cursor.key", secrets.token_hex(32))
    write_private(folder / "sealing.key", f"invented:{bytes(range(32)).hex()}")
    write_private(folder / "index.key", bytes(range(32, 64)).hex())
    names = ("refusals_at_once", "refusals_entered", "refusals_entered_in_all")
    patient = dict.fromkeys(names, 1_000_000)  # all that a test asks comes from one address
    usual: dict[str, Any] = {
        "database_url": url,
        "log_seconds": 20.0,  # a disk that others keep busy is no failing log
        "pool_seconds": 20.0,  # nor is a register that a hundred ask at once one that does not answer
        "lock_seconds": 20.0,
        "unsigned_seconds": 0,  # no notary runs beside it
        "limits": patient | changes.pop("limits", {}),
        "misuse": {"reason_every": 0} | changes.pop("misuse", {}),  # what is drawn by chance is asked for by name
        "public_url": URL,
        "signing_key_file": str(folder / "signing.pem"),
        "cursor_key_file": str(folder / "cursor.key"),
        "sealing_key_file": str(folder / "sealing.key"),
        "index_key_file": str(folder / "index.key"),
    }
    return Settings(**usual | changes)


@dataclass
class Node:
    """A node that answers, and what stands behind it."""

    app: Starlette
    http: httpx.AsyncClient
    clock: Watch
    people: list[UUID] = field(default_factory=list)

    @property
    def database(self) -> Database:
        """The register as the node itself reaches it."""
        database: Database = self.app.state.node.database.keeper
        return database

    @property
    def endpoint(self) -> Any:  # Any: whichever endpoint stands at /graphql
        return next(route.app for route in self.app.routes if getattr(route, "path", "") == "/graphql")  # type: ignore[attr-defined]  # Starlette's BaseRoute

    def profile_id(self, place: int = 0) -> str:
        """Return what the world calls the person in this place of the small register."""
        return public_id("profile", self.people[place])

    def token(
        self,
        role: Role | None = Role.INVESTIGATOR,
        *,
        agency: str = factories.AGENCY,
        client: str | None = None,
        case: str = CASE,
        purpose: Purpose | None = None,
        officer: str | None = None,
        actions: tuple[str, ...] = (),
        proved: bool = False,
    ) -> str:
        """Return a token as the token endpoint would issue it; without a role it names no officer.

        ``proved``: the officer's authority says that they have just proved who they are.
        """
        node = self.app.state.node
        asking = factories.actor(role=role or Role.INVESTIGATOR, agency=agency, purpose=purpose)
        assert asking.officer is not None
        assert asking.purpose is not None
        reference = officer or asking.officer.reference
        details = Details(asking.purpose, case, "KE-SOA-39-13", reference, actions=actions)
        at = self.clock()
        claims = Claims(
            client or asking.client, str(new_id()), at, at + timedelta(seconds=300), details, JKT,
            attribution=Attribution.STATED, authenticated_at=at if proved else None,
        )  # fmt: skip
        if role is None:
            claims = Claims(claims.client, claims.token_id, at, claims.expires_at, jkt=JKT)
        return tokens.issue(claims, node.signing_key, issuer=URL, audience=tokens.audience(node.settings))

    def headers(self, token: str | None = None, *, by: Role | None = Role.INVESTIGATOR) -> dict[str, str]:
        """Return what one request shows: a token, and a proof that is good once."""
        return headers(token or self.token(by), at=self.clock())

    async def ask(
        self,
        document: str,
        variables: dict[str, Any] | None = None,
        *,
        by: Role | None = Role.INVESTIGATOR,
        token: str | None = None,
        accept: str = RESPONSE,
        **parameters: Any,
    ) -> httpx.Response:
        """Send a document as an officer with this role."""
        body = {"query": document, "variables": variables or {}} | parameters
        return await self.http.post("/graphql", json=body, headers=self.headers(token, by=by) | {"accept": accept})

    async def data(self, document: str, variables: dict[str, Any] | None = None, **options: Any) -> Any:
        """Return the data of an answer that holds no errors."""
        answer = await self.ask(document, variables, **options)
        assert "errors" not in answer.json(), answer.text
        return answer.json()["data"]

    async def entries(self) -> list[dict[str, Any]]:
        """Return the log, oldest entry first."""

        def read(connection: Connection) -> list[dict[str, Any]]:
            rows = connection.execute(sa.select(entries).order_by(entries.c["index"])).mappings()
            return [dict(row) for row in rows]

        return await self.database.read(read)

    async def entry(self, answer: httpx.Response) -> dict[str, Any]:
        """Return the one entry of this answer."""
        statement = sa.select(entries).where(entries.c.request_id == answer.headers["x-request-id"])

        def read(connection: Connection) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(statement).mappings()]

        (found,) = await self.database.read(read)  # of many: reading them all would grow with each test
        return found

    async def length(self) -> int:
        """Return how many entries the log has."""
        return await self.database.read(lambda connection: _count(connection, entries))

    async def kept(self) -> dict[str, int]:
        """Return how many rows each table has, the log's and what was charged left out."""
        counted = sa.union_all(*(sa.select(sa.literal(each.name), sa.func.count()).select_from(each) for each in _KEPT))

        def count(connection: Connection) -> dict[str, int]:
            return {row[0]: int(row[1]) for row in connection.execute(counted)}

        return await self.database.read(count)

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the statements that requests execute, the log's own left out."""
        opened: Any = self.database  # Any: each kind has engines of its own
        engine = opened.reader if opened.dialect == "sqlite" else opened.engine.sync_engine
        seen: list[str] = []

        def see(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not _is_upkeep():
                seen.append(statement)

        event.listen(engine, "before_cursor_execute", see)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", see)
            if opened.dialect == "postgresql":
                first = next((place for place, text in enumerate(seen) if "pg_advisory" in text), len(seen))
                del seen[first:]
            else:
                seen[:] = [text for text in seen if not text.startswith("BEGIN")]


def _is_upkeep() -> bool:
    """Whether a task of the node's own asks, every few seconds, not a request; on SQLite nobody can say."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.get_name() in UPKEEP


def _count(connection: Connection, table: sa.Table) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def settle(connection: Connection) -> list[UUID]:
    """Enrol the cast and bring the small register into being."""
    factories.enrol_cast(connection)
    return [factories.vetted(connection, person) for person in PEOPLE]


@asynccontextmanager
async def running(url: str, folder: Path, **changes: Any) -> AsyncIterator[Node]:
    """Run a node on a database that holds every table and no row."""
    clock = Watch()
    app = application.create(settings_for(url, folder, **changes), clock, alone=False)
    try:
        async with app.router.lifespan_context(app):
            people = await app.state.node.database.keeper.write(settle)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
                yield Node(app, http, clock, people)
    finally:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.__stderr__))  # ours may end with the test


def lines(text: str) -> list[dict[str, Any]]:
    """Return the program's own log, of which each line is one JSON object."""
    return [json.loads(line) for line in text.splitlines()]


def code_of(answer: httpx.Response) -> str:
    """Return the code of an answer's first error."""
    code: str = answer.json()["errors"][0]["extensions"]["code"]
    return code


def shown(answer: httpx.Response) -> str:
    """Return the text of an answer, but for its own request id and for what is left to ask."""
    text = answer.text.replace(answer.headers["x-request-id"], "REQUEST")
    return re.sub(r'"left\w+":\d+', "LEFT", text)


def tables() -> frozenset[str]:
    """Return the names that no answer may show: those of our tables."""
    return frozenset(metadata.tables)


@asynccontextmanager
async def standing(dialect: str, request: pytest.FixtureRequest, folder: Path, **changes: Any) -> AsyncIterator[Node]:
    """Run a node on a database of its own, for the many tests that leave it whole."""
    url = f"sqlite:///{folder}/register.db"
    if dialect == "postgresql":
        url = await new_register(request.getfixturevalue("postgres"), f"standing_{secrets.token_hex(4)}")
    else:
        await migrated(url)
    async with running(url, folder / "keys", **changes) as node:
        yield node
