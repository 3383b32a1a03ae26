"""Every SELECT and write on acts, and what administrators see of what is enrolled.

The statements are the same on both databases.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.directory import is_shut, officer_shut
from auth.enrolled_certificates import Kept
from auth.four_eyes import State
from auth.models import agencies, agreements, clients, closures, officers
from auth.once import insert_once
from auth.scope import Scope
from auth.validity import Jwk
from registry.core.errors import Conflict
from registry.disclosure.vocabulary import Role
from registry.enrolment.act import Enrolment, Kind
from registry.enrolment.first import Administrators
from registry.enrolment.models import enrolments as table

_FIELDS = tuple(each.name for each in fields(Enrolment))
_COLUMNS = tuple(table.c[name] for name in _FIELDS)
Row = sa.RowMapping


# -- acts


def by_id(connection: Connection, identifier: UUID) -> Enrolment | None:
    """Return one act."""
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == identifier)).mappings().first()
    return _enrolment(row) if row else None


def listed(connection: Connection, state: State | None, *, after: UUID | None, limit: int) -> list[Enrolment]:
    """Return acts in the order of their making."""
    statement = sa.select(*_COLUMNS).order_by(table.c.id).limit(limit)
    if state is not None:
        statement = statement.where(table.c.state == state.value)
    if after is not None:
        statement = statement.where(table.c.id > after)
    return [_enrolment(row) for row in connection.execute(statement).mappings()]


def add(connection: Connection, enrolment: Enrolment) -> None:
    """Insert an act. Raises Conflict (ENROLMENT_PROPOSED_ALREADY) while one like it waits for its decision."""
    if not insert_once(connection, table, **_stored(enrolment)):
        raise Conflict("Such an act is proposed for this subject already.", code="ENROLMENT_PROPOSED_ALREADY",
                       remedy="Have that one decided first.")  # fmt: skip


def put(connection: Connection, before: Enrolment, now: Enrolment) -> None:
    """Write what has become of an act. Raises Conflict (ENROLMENT_STATE) when somebody else was faster."""
    same = (table.c.id == before.id, table.c.state == before.state.value)
    if connection.execute(table.update().where(*same).values(_stored(now))).rowcount != 1:
        raise Conflict("This act has been taken further meanwhile.", code="ENROLMENT_STATE", remedy="Look again.")


def _enrolment(row: Row) -> Enrolment:
    values: dict[str, Any] = dict(row)  # Any: a column's value
    return Enrolment(**values | {
        "kind": Kind(values["kind"]), "state": State(values["state"]),
        "proposed_for": tuple(UUID(each) for each in values["proposed_for"]),
    })  # fmt: skip


def _stored(enrolment: Enrolment) -> dict[str, Any]:
    values = {name: getattr(enrolment, name) for name in _FIELDS}
    return values | {
        "kind": enrolment.kind.value, "state": enrolment.state.value, "terms": dict(enrolment.terms),
        "proposed_for": [str(each) for each in enrolment.proposed_for],
    }  # fmt: skip


# -- what is enrolled, a page at a time, in the order of its names

_AGENCIES = sa.select(agencies, is_shut(Scope.AGENCY, agencies.c.code).label("is_closed"))
_CLIENTS = sa.select(clients, is_shut(Scope.CLIENT, clients.c.id).label("is_closed"))
_OFFICERS = sa.select(officers, officer_shut().label("is_closed"))
_AGREEMENTS = sa.select(agreements, is_shut(Scope.AGREEMENT, agreements.c.code).label("is_closed"))


def agencies_page(connection: Connection, *, after: str | None, limit: int) -> Sequence[Row]:
    """Return agencies."""
    return _page(connection, _AGENCIES, agencies.c.code, after, limit)


def clients_page(connection: Connection, *, after: str | None, limit: int) -> Sequence[Row]:
    """Return clients with their keys."""
    return _page(connection, _CLIENTS, clients.c.id, after, limit)


def agreements_page(connection: Connection, *, after: str | None, limit: int) -> Sequence[Row]:
    """Return agreements, those not in force too."""
    return _page(connection, _AGREEMENTS, agreements.c.code, after, limit)


def officers_page(connection: Connection, agency: str, *, after: str | None, limit: int) -> Sequence[Row]:
    """Return the officers of an agency."""
    return _page(connection, _OFFICERS.where(officers.c.agency == agency), officers.c.reference, after, limit)


def _page(
    connection: Connection, statement: sa.Select[Any], key: sa.Column[str], after: str | None, limit: int
) -> Sequence[Row]:  # fmt: skip
    chosen = statement.order_by(key).limit(limit)
    if after is not None:
        chosen = chosen.where(key > after)
    return connection.execute(chosen).mappings().all()


def closures_page(connection: Connection, *, after: UUID | None, limit: int) -> Sequence[Row]:
    """Return what is shut out now, the oldest first."""
    chosen = sa.select(closures).where(closures.c.opened_at.is_(None)).order_by(closures.c.id).limit(limit)
    if after is not None:
        chosen = chosen.where(closures.c.id > after)
    return connection.execute(chosen).mappings().all()


# -- keys and certificates


@dataclass(frozen=True, slots=True)
class Proofs:
    """With what somebody proves who they are."""

    holder: str
    """``client`` or ``agency``."""
    name: str
    keys: Sequence[Jwk]
    certificates: Sequence[Kept] = ()


def proofs(connection: Connection) -> list[Proofs]:
    """Return every client's keys and certificates, and every authority's keys."""
    columns = (clients.c.id, clients.c["keys"].label("jwks"), clients.c.certificates)
    of_clients = connection.execute(sa.select(*columns).order_by(clients.c.id))
    of_agencies = connection.execute(sa.select(agencies.c.code, agencies.c.grant_keys).order_by(agencies.c.code))
    found = [Proofs("client", row.id, row.jwks["keys"], row.certificates or ()) for row in of_clients]
    return found + [Proofs("agency", row[0], row[1]["keys"]) for row in of_agencies if row[1]]


# -- the first administrators


def administrators(connection: Connection) -> Administrators:
    """Count the chains of command that have an administrator."""
    found = connection.execute(
        sa.select(
            officers.c.agency, officers.c.chain, officers.c.roles,
            sa.or_(officer_shut(), is_shut(Scope.AGENCY, officers.c.agency)).label("is_closed"),
        )
    )  # fmt: skip
    appointed = [row for row in found if Role.ADMINISTRATOR.value in row.roles]
    chains = {(row.agency, row.chain) for row in appointed}
    able = {(row.agency, row.chain) for row in appointed if not row.is_closed}
    return Administrators(len(chains), len(able))
