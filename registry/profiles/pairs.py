"""Every SELECT and write on pairs of profiles that were compared: same person, or not."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.columns import Flag, Id, Moment
from registry.profiles.models import decided_pairs


def decided_of(connection: Connection, profile: UUID) -> dict[UUID, bool]:
    """Return whom a profile was compared with, and whether they were found the same."""
    pair = sa.or_(decided_pairs.c.one == profile, decided_pairs.c.two == profile)
    found = connection.execute(sa.select(decided_pairs.c.one, decided_pairs.c.two, decided_pairs.c.same).where(pair))
    return {(row.two if row.one == profile else row.one): bool(row.same) for row in found}


_DECIDE = sa.text(
    "INSERT INTO decided_pairs (one, two, same, reason, decided_by, decided_at) "
    "VALUES (:one, :two, :same, :reason, :decided_by, :decided_at) "
    "ON CONFLICT (one, two) DO UPDATE SET same = excluded.same, reason = excluded.reason, "
    "decided_by = excluded.decided_by, decided_at = excluded.decided_at"
).bindparams(
    sa.bindparam("one", type_=Id), sa.bindparam("two", type_=Id), sa.bindparam("same", type_=Flag),
    sa.bindparam("decided_by", type_=Id), sa.bindparam("decided_at", type_=Moment),
)  # fmt: skip


def decide(
    connection: Connection, profile: UUID, other: UUID, *, same: bool, reason: str, by: UUID, at: datetime
) -> None:
    """Keep what an officer found; a later finding takes the place of an earlier one."""
    one, two = sorted((profile, other))
    connection.execute(
        _DECIDE, {"one": one, "two": two, "same": same, "reason": reason, "decided_by": by, "decided_at": at}
    )
