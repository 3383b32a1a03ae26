"""How far a connection reaches: whose rows it may see. The second line behind disclosure, kept by PostgreSQL alone.

    registry.reach     keeper | home | partner; anything else, or nothing: no row of a person is seen
    registry.agency    ke-invented
    registry.country   UG
    registry.purpose   criminal_investigation

The policies on tables of persons (alembic/versions/…_secure_rows.py) ask these four. A request's are set by the one
statement that reads who asks (auth/directory.py), so they cost no round trip; what a node does by itself it does as
``Database.keeper``. They catch a forgotten WHERE. They do not stop whoever can run SQL of their own, who could set
them as well. SQLite has no such line.

One question passes them: ``hidden_record(id)`` (alembic/versions/…_tell_of_hidden_records.py), or nobody would tell the
owner of a hidden record that somebody asked for it by its id.
"""

from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SECURED = {"row_security": True}
"""``info`` of a table that has policies: COPY does not write into such a one."""


class Reach(StrEnum):
    """Who a connection works for."""

    NOBODY = ""
    """Nobody that the database knows of: it shows no person."""
    ASKED = "asked"
    """Whoever asks: the first statement of each piece of work says for whom."""
    KEEPER = "keeper"
    """The node itself."""


class _Setting(FunctionElement[str]):
    """A setting of the connection, set where its row is read; nothing on SQLite."""

    type = sa.Text()
    inherit_cache = True
    name = "registry_setting"


@compiles(_Setting)
def _unset(_element: _Setting, _compiler: Any, **_options: Any) -> str:  # Any: SQLAlchemy's own border
    return "NULL"


@compiles(_Setting, "postgresql")
def _set(element: _Setting, compiler: Any, **options: Any) -> str:  # Any: as above
    return f"set_config({compiler.process(element.clauses, **options)})"


def reaching(
    officer: sa.ColumnElement[Any], agency: sa.ColumnElement[str], country: sa.ColumnElement[str],
    purpose: sa.ColumnElement[str] | None = None,
) -> tuple[sa.ColumnElement[str], ...]:  # fmt: skip
    """Return the columns that let a connection reach as far as the officer who asks; without one, nowhere.

    They take the parameters of ``asking``; the purpose may stand in a row instead.
    """
    values: dict[str, sa.ColumnElement[Any]] = {
        "reach": sa.case((officer.is_(None), ""), (country == sa.bindparam("home"), "home"), else_="partner"),
        "agency": agency,
        "country": country,
        "purpose": sa.bindparam("purpose", type_=sa.Text()) if purpose is None else sa.func.coalesce(purpose, ""),
    }
    local = sa.bindparam("in_transaction", type_=sa.Boolean())
    return tuple(
        _Setting(sa.literal(f"registry.{name}"), value, local).label(f"registry_{name}")
        for name, value in values.items()
    )


def asking(connection: Connection, *, purpose: str | None, home: str) -> dict[str, Any]:  # Any: parameters
    """Return the parameters of ``reaching``: in a transaction, what is set ends with it."""
    in_transaction = connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT"
    return {"purpose": purpose or "", "home": home, "in_transaction": in_transaction}
