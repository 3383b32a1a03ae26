"""The database: reads and writes of synchronous functions, on PostgreSQL and on SQLite.

    rows = await database.read(lambda connection: queries.profiles(connection, numbers))
    await database.write(lambda connection: operation(Work(connection, …)))

A use case is a plain function of a Connection. On PostgreSQL it runs in a greenlet over
asyncpg, on SQLite in a thread of its own, so the event loop never waits and the code is one.
What differs stands in ``postgresql.py`` and ``sqlite.py``; ``engines.py`` chooses between them.

On PostgreSQL a connection that works for nobody sees no person (reach.py): ``database.asked`` is for requests,
``database.keeper`` for what the node does by itself.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import SQLITE_INTERRUPT
from typing import Self, TypeVar

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from registry.core.errors import Unavailable

T = TypeVar("T")

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)


class Database(ABC):
    """One register's database, as this process sees it."""

    dialect: str

    @property
    def asked(self) -> Self:
        """The same, for work whose first statement says who asks (``directory.actor``)."""
        return self

    @property
    def keeper(self) -> Self:
        """The same, for what the node does by itself: it reaches every row."""
        return self

    @abstractmethod
    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function that only reads. Raises Unavailable when the database does not answer."""

    @abstractmethod
    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run a function in one transaction, durable when this returns; an exception rolls back."""

    @abstractmethod
    async def close(self) -> None:
        """Give every connection back."""


def dumps(value: object) -> str:
    """JSON text for a Json column."""
    return orjson.dumps(value).decode()


@contextmanager
def unavailable_on_failure() -> Iterator[None]:
    """Translate "the database does not answer" and leave every other error as it is."""
    try:
        yield
    except (exc.TimeoutError, exc.OperationalError, exc.InterfaceError, ConnectionError, TimeoutError) as problem:
        if getattr(getattr(problem, "orig", None), "sqlite_errorcode", None) == SQLITE_INTERRUPT:
            raise _too_long() from problem
        raise Unavailable("The register does not answer now.", remedy="Try again later.") from problem
    except exc.DBAPIError as problem:
        if getattr(problem.orig, "sqlstate", None) == _CANCELLED:
            raise _too_long() from problem
        if not problem.connection_invalidated and not is_passing(getattr(problem.orig, "sqlstate", None)):
            raise
        raise Unavailable("The register does not answer now.", remedy="Try again later.") from problem


def _too_long() -> Unavailable:
    """One statement has had its time (``statement_seconds``)."""
    return Unavailable("The question took the database too long.", code="TIMEOUT", remedy="Ask for less.")


def is_passing(sqlstate: str | None) -> bool:
    """Whether a state of PostgreSQL passes by itself, so that trying again later may help."""
    return sqlstate is not None and (sqlstate in _PASSING or sqlstate[:2] in ("08", "53"))


_CANCELLED = "57014"
_PASSING = frozenset({_CANCELLED, "57P01", "57P02", "57P03", "55P03", "40001", "40P01"})
"""Cancelled, shutting down, crashed, starting, lock not available, serialisation, deadlock; 08 is a lost connection,
53 a server that has no more connections, memory or disk."""
