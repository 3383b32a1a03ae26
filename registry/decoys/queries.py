"""Every SELECT and write on decoys and alarms. The statements are the same on both databases."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.once import insert_once
from registry.audit.models import alarms, decoys, entries
from registry.core.errors import Conflict
from registry.decoys.decoy import Decoy, State
from registry.decoys.models import decoy_proposals as table
from registry.profiles.models import profiles

_FIELDS = tuple(each.name for each in fields(Decoy) if each.name != "note")
_COLUMNS = tuple(table.c[name] for name in _FIELDS)


def owner_of(connection: Connection, profile: UUID) -> str | None:
    """Return the agency that keeps a profile; None where there is none."""
    found: str | None = connection.execute(sa.select(profiles.c.owner).where(profiles.c.id == profile)).scalar()
    return found


def by_id(connection: Connection, identifier: UUID) -> Decoy | None:
    """Return one decoy."""
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == identifier)).mappings().first()
    return _decoy(row) if row else None


def listed(connection: Connection, owner: str, *, after: UUID | None, limit: int) -> list[Decoy]:
    """Return the decoys of an agency, oldest first."""
    statement = sa.select(*_COLUMNS).where(table.c.owner == owner).order_by(table.c.id).limit(limit)
    if after is not None:
        statement = statement.where(table.c.id > after)
    return [_decoy(row) for row in connection.execute(statement).mappings()]


def _decoy(row: sa.RowMapping) -> Decoy:
    values: dict[str, Any] = dict(row)  # Any: a column's value
    proposed_for = tuple(UUID(each) for each in values["proposed_for"])
    return Decoy(**values | {"state": State(values["state"]), "proposed_for": proposed_for})


def add(connection: Connection, decoy: Decoy) -> None:
    """Insert a decoy. Raises Conflict (DECOY_PROPOSED_ALREADY) while the profile is one, or proposed."""
    if not insert_once(connection, table, **_stored(decoy)):
        raise Conflict("This profile is a decoy already, or proposed as one.", field="profileId",
                       code="DECOY_PROPOSED_ALREADY", remedy="Look at the list.")  # fmt: skip


def put(connection: Connection, before: Decoy, now: Decoy) -> None:
    """Write what has become of a decoy, also where the log looks. Raises Conflict (DECOY_STATE) for who is too late."""
    same = (table.c.id == before.id, table.c.state == before.state.value)
    if connection.execute(table.update().where(*same).values(_stored(now))).rowcount != 1:
        raise Conflict("This decoy has been taken further meanwhile.", code="DECOY_STATE", remedy="Look again.")
    connection.execute(decoys.delete().where(decoys.c.profile == now.profile))
    if now.state is State.IN_FORCE:
        connection.execute(decoys.insert().values(profile=now.profile, owner=now.owner))


def _stored(decoy: Decoy) -> dict[str, Any]:
    values = {name: getattr(decoy, name) for name in _FIELDS}
    return values | {"state": decoy.state.value, "proposed_for": [str(each) for each in decoy.proposed_for]}


# -- alarms

_WHO = ("client", "agency", "officer_reference", "purpose", "case_reference")
_WHAT = ("operation", "outcome")


def raised(connection: Connection, audience: str, *, after: UUID | None, limit: int) -> Sequence[sa.RowMapping]:
    """Return the alarms for an agency of the register's own country and those for all of them, newest first."""
    whose = alarms.c.audience.is_(None) | (alarms.c.audience == audience)
    asked: list[sa.ColumnElement[Any]] = [entries.c[name] for name in _WHO]
    asked += [sa.func.coalesce(entries.c[name], "erased").label(name) for name in _WHAT]
    columns = (alarms.c.id, alarms.c.at, alarms.c.kind, alarms.c.entry, *asked)
    accounted = alarms.outerjoin(entries, entries.c.index == alarms.c.entry)  # the entry may be erased by now
    statement = sa.select(*columns).select_from(accounted).where(whose)
    if after is not None:
        statement = statement.where(alarms.c.id < after)
    return connection.execute(statement.order_by(alarms.c.id.desc()).limit(limit)).mappings().all()
