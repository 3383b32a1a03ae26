"""A service as most would write it: graphene types over ORM models, served by starlette-graphene3.

    POST /stock/       found by an index on the family name, loaded with selectinload, answered by the stock executor
    POST /same-work/   found, permitted and entered by the register's own use case; loaded and answered as above

The types have the fields of ours, so both are sent the same document. It runs on the same interpreter and the same
versions of graphene, graphql-core, SQLAlchemy, Starlette and uvicorn as the node; only starlette-graphene3 comes from
the peers' environment. It decides nothing, so it is for the benchmark only and listens on loopback.
"""

import base64
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import graphene
import sqlalchemy as sa
import uvicorn
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, selectinload
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from bench.doors import twin
from bench.doors.orm import LISTS, MODELS, Person, described
from bench.peers.comparison import PYTHON
from graphql_schema.profiles.form import enum_of
from graphql_schema.profiles.types import Sex, Standing
from graphql_schema.search.types import SearchCriteriaInput
from registry.core import config
from registry.profiles import kinds
from registry.profiles.record import GROUPS
from registry.search import operations
from registry.work import Work
from tests.servers import OWNER

HERE = "stock"
"""The database of the stock tables on PostgreSQL, the file's name on SQLite."""
_LOADED = tuple(selectinload(getattr(Person, group)) for group in LISTS)
_PRELOADED = sa.select(Person).options(*_LOADED)


# -- the schema


def _listed(group: str) -> type[graphene.ObjectType]:
    part = GROUPS[group].part
    assert part is not None
    fields = {}
    for name, each in described(group).items():
        made: Any = graphene.String
        if isinstance(each.kind, kinds.Code):
            made = enum_of(f"{part.__name__}.{name}", each.kind.codes, each.meaning)
        elif each.kind is kinds.FLAG:
            made = graphene.Boolean
        fields[name] = graphene.Field(made, required=each.required)
    return type(part.__name__, (graphene.ObjectType,), fields)


def _profile() -> type[graphene.ObjectType]:
    lists = {group: graphene.List(graphene.NonNull(_listed(group))) for group in LISTS}
    plain = {
        "id": graphene.ID(required=True, name="id"),
        "register_number": graphene.Int(required=True),
        "version": graphene.Int(required=True),
        "recorded_at": graphene.String(required=True),
        "birth_date": graphene.String(),
        "sex": Sex(),
        "county": graphene.String(),
        "category": graphene.String(),
        "standing": Standing(),
        "contested": graphene.Boolean(required=True),
        "resolve_id": lambda person, _info: person.public_id,
        "resolve_register_number": lambda person, _info: person.id,
    }
    return type("Profile", (graphene.ObjectType,), plain | lists)


Profile = _profile()


class Hit(graphene.ObjectType):
    """A person found."""

    profile = graphene.Field(Profile, required=True)


class HitEdge(graphene.ObjectType):
    """One of the page."""

    node = graphene.Field(Hit, required=True)


class PageInfo(graphene.ObjectType):
    """Where the page stands."""

    has_next_page = graphene.Boolean(required=True)
    end_cursor = graphene.String()


class HitConnection(graphene.ObjectType):
    """A page."""

    edges = graphene.List(graphene.NonNull(HitEdge), required=True)
    page_info = graphene.Field(PageInfo, required=True)


def connection(found: Sequence[Person], first: int) -> HitConnection:
    """Return a page, with a cursor that is a place, as graphql-relay makes it."""
    end = base64.b64encode(f"arrayconnection:{first - 1}".encode()).decode()
    return HitConnection(
        edges=[HitEdge(node=Hit(profile=each)) for each in found[:first]],
        page_info=PageInfo(has_next_page=len(found) > first, end_cursor=end),
    )


Search = Callable[[Any, dict[str, Any], int], Any]
"""Finds people: from the context, the criteria and how many are wanted."""


def schema(search: Search) -> graphene.Schema:
    """Return the schema over a way of finding."""

    class Query(graphene.ObjectType):
        search = graphene.Field(
            HitConnection, criteria=SearchCriteriaInput(required=True), first=graphene.Int(required=True)
        )

        async def resolve_search(_root: Any, info: Any, criteria: Any, first: int) -> HitConnection:  # noqa: N805  graphene's form
            return connection(await run(info.context, criteria, first), first)

    run = search
    return graphene.Schema(query=Query)


# -- the data


class Store:
    """The tables: an asynchronous session on PostgreSQL; on SQLite, which has no server to wait for, a plain one."""

    def __init__(self, url: str):
        self._is_sqlite = url.startswith("sqlite")
        if self._is_sqlite:
            self._plain = sa.create_engine(url)
        else:
            self._waiting = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=10)

    async def load(self, query: Callable[[Session], Sequence[Person]]) -> Sequence[Person]:
        """Run a query in a session."""
        if self._is_sqlite:
            with Session(self._plain, expire_on_commit=False) as session:
                return query(session)
        async with AsyncSession(self._waiting, expire_on_commit=False) as session:
            return await session.run_sync(query)


def by_family(session: Session, family: str, most: int) -> Sequence[Person]:
    """Return people of a family name."""
    names = MODELS["names"]
    bearing = sa.select(names.__table__.c.person_id).where(names.__table__.c.family == family.lower())
    return session.scalars(_PRELOADED.where(Person.id.in_(bearing)).order_by(Person.id).limit(most)).all()


def by_number(session: Session, numbers: Sequence[int]) -> Sequence[Person]:
    """Return people by register number, in that order."""
    found = {each.id: each for each in session.scalars(_PRELOADED.where(Person.id.in_(numbers)))}
    return [found[number] for number in numbers if number in found]


# -- the service


def create(url: str) -> Starlette:
    """Return the ASGI application."""
    app_of = _graphql_app()
    store = Store(url)
    node = twin.opened()

    async def found(_context: Any, criteria: dict[str, Any], first: int) -> Sequence[Person]:
        return await store.load(lambda session: by_family(session, criteria["name"], first + 1))

    async def worked_for(context: Any, criteria: dict[str, Any], first: int) -> Sequence[Person]:
        exchange = context["exchange"]

        def ask(bound: Connection) -> tuple[list[int], Work]:
            work = twin.at_work(node, exchange, bound)
            page = operations.search(work, twin.sought(dict(criteria)), limit=first, wanted=())
            return [each.profile.register_number for each in page.hits], work

        numbers, work = await node.database.asked.read(ask)
        people = await store.load(lambda session: by_number(session, numbers))
        await twin.entered(node, exchange, work)
        return people

    def context(request: Request) -> dict[str, Any]:
        exchange = twin.arrived(request, "search", ("Profile.names",))
        exchange.learn_caller(node.callers.caller(request))
        return {"exchange": exchange, "request": request}

    app = Starlette(
        routes=[
            Route("/readyz", lambda _request: JSONResponse({"status": "ready"})),
            Mount("/stock", app_of(schema(found))),
            Mount("/same-work", app_of(schema(worked_for), context_value=context)),
        ],
        lifespan=_lifespan,
    )
    app.state.node = node
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.node.writer.start()
    yield
    await app.state.node.writer.stop()


def _graphql_app() -> Any:
    """Return starlette-graphene3's application class. It stands behind our own packages, so nothing else is taken."""
    folders = sorted((PYTHON.absolute().parents[1] / "lib").glob("python*/site-packages"))
    sys.path.extend(map(str, folders))
    try:
        from starlette_graphene3 import GraphQLApp  # noqa: PLC0415  only here, and only where it is installed
    finally:
        for folder in folders:
            sys.path.remove(str(folder))
    return GraphQLApp


def is_installed() -> bool:
    """Say whether the peers' environment has starlette-graphene3."""
    return any((PYTHON.absolute().parents[1] / "lib").glob("python*/site-packages/starlette_graphene3.py"))


def program(url: str) -> str:
    """Return the program that serves the tables behind a URL."""
    return f"from bench.doors.stock import serve; serve({url!r})"


def serve(url: str) -> None:
    """Run the service as the node is run."""
    settings = config.load()
    uvicorn.run(
        partial(create, url), factory=True, host="127.0.0.1", port=settings.listen_port, loop="uvloop",
        http="httptools", ws="none", access_log=False, log_config=None,
    )  # fmt: skip


def url_of(register_url: str, folder: Path) -> str:
    """Return where the tables of a register are: on PostgreSQL the service owns them, as most would have it."""
    if register_url.startswith("sqlite"):
        return f"sqlite:///{folder}/{HERE}.db"
    return sa.make_url(register_url).set(username=OWNER, database=HERE).render_as_string(hide_password=False)
