"""Every table that keeps wrapped data keys: what a rotation wraps anew.

    KEYRINGS                                       a line a table; the suite finds a table that is missing
    held(connection)                               {"records": {"0f8a…": 812, "7c1e…": 188}, …}
    others(connection, ring, current, after=…)     the next keys that another key-encryption key wraps
    put(connection, ring, anew)                    what has been wrapped anew

The log's keys are none of these: its entries are never changed (registry/audit/sealed.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.models import signing_keys
from registry.certificates.models import certificate_holders
from registry.core.sealing import WrappedKey
from registry.desk.models import subject_requests
from registry.photographs.models import photographs
from registry.profiles.models import record_keys
from registry.screening.models import screening_keys


@dataclass(frozen=True, slots=True)
class Keyring:
    """A table with a wrapped data key a row; the id of the key-encryption key stands in its column ``key_id``."""

    name: str
    record: sa.Column[Any]
    """What a data key is bound to: the table's primary key."""
    content: sa.Column[Any]
    """The wrapped key."""
    batch: int = 1000
    """Rows of one transaction."""

    @property
    def table(self) -> sa.Table:
        """The table."""
        return self.record.table

    @property
    def key_id(self) -> sa.Column[Any]:
        """The column that names the key-encryption key."""
        return self.table.c.key_id


KEYRINGS = (
    Keyring("records", record_keys.c.profile, record_keys.c.content),
    Keyring("photographs", photographs.c.id, photographs.c.wrapped_key, batch=100),  # SQLite reads whole rows
    Keyring("subject requests", subject_requests.c.id, subject_requests.c.wrapped_key),
    Keyring("screenings", screening_keys.c.screening, screening_keys.c.content),
    Keyring("certificates", certificate_holders.c.certificate, certificate_holders.c.wrapped_key),
    Keyring("signing keys", signing_keys.c.id, signing_keys.c.wrapped_key),
)


class Anew(NamedTuple):
    """A data key as it was wrapped, and as it is wrapped now."""

    record: UUID
    before: WrappedKey
    now: WrappedKey


def held(connection: Connection) -> dict[str, dict[str, int]]:
    """Count the data keys of each ring by the key-encryption key that wraps them."""
    counted: dict[str, dict[str, int]] = {}
    for ring in KEYRINGS:
        statement = sa.select(ring.key_id, sa.func.count()).group_by(ring.key_id).order_by(ring.key_id)
        statement = statement.where(ring.key_id.is_not(None))  # the key file's signing key is sealed by nobody
        counted[ring.name] = {row[0]: row[1] for row in connection.execute(statement)}
    return counted


def others(connection: Connection, ring: Keyring, current: str, *, after: UUID | None) -> list[tuple[UUID, WrappedKey]]:
    """Return the next keys that are not wrapped with the current one, in the order of their records."""
    statement = sa.select(ring.record, ring.key_id, ring.content).where(ring.key_id != current)
    if after is not None:
        statement = statement.where(ring.record > after)
    found = connection.execute(statement.order_by(ring.record).limit(ring.batch))
    return [(record, WrappedKey(key_id, content)) for record, key_id, content in found]


def put(connection: Connection, ring: Keyring, anew: Sequence[Anew]) -> None:
    """Write keys that are wrapped anew, but for those that were erased or wrapped by somebody else meanwhile."""
    statement = (
        sa.update(ring.table)
        .where(ring.record == sa.bindparam("record"), ring.content == sa.bindparam("before"))
        .values({ring.key_id: sa.bindparam("id_now"), ring.content: sa.bindparam("now")})
    )
    values = [
        {"record": record, "before": before.content, "id_now": now.key_id, "now": now.content}
        for record, before, now in anew
    ]
    if values:
        connection.execute(statement, values)
